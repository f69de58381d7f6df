"""Printing, whatever the other end of the terminal or the pipe can take."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..plan import Phrase


def forgive_characters() -> None:
    """A character that the terminal's encoding lacks becomes `?`: a name in a sentence must not end a run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def show(text: str) -> None:
    """Prints to standard output; nothing is said when the reader has gone.

    Raises:
        OSError: The disk that it goes to is full, and the like.
    """
    import click  # not for a run that need not be made

    _print(lambda: click.echo(text))


def show_plain(text: str) -> None:
    """The same for a text without colours, before the library that knows about them is loaded."""
    _print(lambda: print(text, flush=True))


def _print(how: Callable[[], None]) -> None:
    try:
        how()
    except OSError as error:
        with contextlib.suppress(OSError, ValueError):  # what is left in the buffer must not be tried again at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise


def show_json(value: object) -> None:
    """Prints one JSON object; in escapes where the encoding could not hold every character."""
    show(to_json(value))


def to_json(value: object) -> str:
    """A value as JSON that standard output can hold."""
    import json  # not to print the help

    unicode = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "").startswith("utf")
    return json.dumps(value, ensure_ascii=not unicode)


LOOKS = frozenset({"check", "plan", "explain", "log", "status", "verify", "docs", "doctor"})
"""Commands that change nothing."""
FIGURES = frozenset({"report", "adopt", "rules"})
"""Commands that show or write files of their own, and change nothing but with one of `CHANGES`."""
CHANGES = frozenset({"--apply", "--undo", "--yes", "--mail"})


def say_interrupted(stopped: BaseException, given: list[str], language: str) -> None:
    """Says on standard error what a command that was interrupted had done: as it told, else by its kind."""
    import click

    from ..errors import Interrupted
    from ..plan import Phrase
    from ..texts import say

    told = stopped.__cause__ if isinstance(stopped, click.Abort) else stopped
    phrase = told.told if isinstance(told, Interrupted) and isinstance(told.told, Phrase) else _by_kind(given)
    click.echo(say(phrase, language), err=True)


def _by_kind(given: list[str]) -> Phrase:
    """What can be said of a command that has not told how far it came, by its words."""
    from ..plan import Phrase

    before = ("", *given)
    name = next((word for at, word in enumerate(given) if word[:1] != "-" and before[at] != "--lang"), "")
    if name in LOOKS:
        return Phrase("stopped.nothing")
    if name in FIGURES and CHANGES.isdisjoint(word.partition("=")[0] for word in given):
        return Phrase("stopped.looked")
    return Phrase("stopped.other")
