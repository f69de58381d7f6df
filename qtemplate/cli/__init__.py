"""The command line: arguments in, text or JSON out, an exit code. No logic here; heavy imports inside the commands.

This module loads none of the commands: a `run` that need not be made ends before.
"""

from __future__ import annotations

import atexit
import gc
import sys

NEW_OBJECTS = 20_000
"""After so many Python looks for circular garbage; after 700, its default, loading modules takes a tenth longer."""


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
