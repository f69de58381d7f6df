"""`run` where there is nothing to run: answered before the commands, and what reads their arguments, are loaded.

Only plain arguments are understood here. Whatever else stands there is left to the command, which looks the same way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..jobs.idle.look import idle_look
from .language import language_asked_for
from .printing import forgive_characters, show_plain, to_json

FLAGS = {"--json": "json", "-q": "quiet", "--quiet": "quiet", "--no-mail": "no_mail"}
VALUED = {"--config": "config", "--now": "now", "--lang": "lang"}


def look_first(arguments: Sequence[str]) -> int | None:
    """Answers a `run` that need not be made.

    Args:
        arguments: Those after the command's name.

    Returns:
        Its exit code; None where the command has to be called.
    """
    try:
        given = dict(_read(arguments))
        now = dt.datetime.fromisoformat(given["now"]) if "now" in given else None
    except ValueError:
        return None
    language = language_asked_for(arguments)
    config = Path(given.get("config", "qtemplate.toml"))
    return answer_idle(config, now, language, as_json="json" in given, quiet="quiet" in given)


def answer_idle(config: Path, now: dt.datetime | None, language: str, *, as_json: bool, quiet: bool) -> int | None:
    """Says that there was nothing to run; the exit code of the last run, or None where one has to be made."""
    idle = idle_look(config, now, findings=as_json)
    if idle is None:
        return None
    forgive_characters()
    said = idle.said[language]
    if as_json:
        said = to_json(idle.as_json(language))
    elif quiet:
        from ..jobs.moment import stamp

        said = f"{stamp()} {said}"
    show_plain(said)
    return idle.exit_code


def _read(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names and values of plain options.

    Raises:
        ValueError: There is something else.
    """
    rest = list(arguments)
    while rest:
        name, given, value = rest.pop(0).partition("=")
        if name in FLAGS and not given:
            yield FLAGS[name], ""
        elif name in VALUED and (given or (rest and not rest[0].startswith("-"))):
            value = value if given else rest.pop(0)
            if name == "--lang" and value not in ("zh", "en"):
                raise ValueError(value)
            yield VALUED[name], value
        else:
            raise ValueError(name)
