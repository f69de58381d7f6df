"""The command line: arguments in, text or JSON out, an exit code. No logic here; heavy imports inside the commands.

This module loads none of the commands: a `run` that need not be made ends before.
"""

from __future__ import annotations

import atexit
import gc
import sys

NEW_OBJECTS, WHILE_SERVING = 200_000, 20_000
"""After so many Python looks for circular garbage: in a command that ends, which is spared the search while its modules
load (a tenth of a check), and in one that goes on for months."""


def keep_serving() -> None:
    """Said by a command that goes on until it is stopped: garbage is looked for before it fills the memory."""
    gc.set_threshold(WHILE_SERVING)


def main(arguments: list[str] | None = None) -> None:
    """Entry point of `qtemplate` and `run.py`."""
    given = sys.argv[1:] if arguments is None else arguments
    gc.set_threshold(NEW_OBJECTS)
    atexit.register(gc.freeze)  # or the interpreter looks through everything once more only to end: a sixth of a check
    if given and given[0] in ("run", "nightly"):
        from .first_look import look_first

        code = look_first(given[1:])
        if code is not None:
            sys.exit(code)
    from .commands import command_line

    command_line(given)
