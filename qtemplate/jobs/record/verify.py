"""`verify`: whether the history of a workspace is what was sealed, and the sealing itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ...apply import Workspace
from ...apply.ends import WORKSPACE_KEY
from ...config import Config
from ...errors import NotFound
from ...files.secret_key import read_key
from ...journal.chain import Head, seal_news
from ...journal.verify import Break, Verdict, verify_chain
from ...plan import Phrase
from ...report.answer import Answer, Section
from ...texts import make_error
from ..state import has_state, reading_state

MOST = 20
"""Breaks that are listed; more of them say nothing more."""

NEEDS_PEOPLE = 3


def chain_head(workspace: Workspace) -> str:
    """Seals what was done so far; where the chain ends then, as the nightly result says it; "" before the first seal.

    A workspace without a key yet is one that has done nothing, or a plan's.
    """
    secret = read_key(workspace.config.workspace / WORKSPACE_KEY)
    head = None if secret is None else seal_news(workspace.journal.database, secret)
    return "" if head is None else str(head)


def verify(config: Config, head: str | None) -> Answer:
    """Holds every entry of the history against its seal.

    Args:
        config: The workspace.
        head: Of a nightly result that somebody kept; it tells an end that was cut off.

    Raises:
        NotFound: Nothing was ever done here, the key is gone, or `head` is none.
    """
    told = None if head is None else Head.parse(head)
    if head is not None and told is None:
        raise make_error(NotFound, "verify.no_head", head=head)
    secret = read_key(config.workspace / WORKSPACE_KEY) if has_state(config) else None
    if secret is None:
        raise make_error(NotFound, "verify.no_key", path=config.workspace / WORKSPACE_KEY)
    with reading_state(config) as state:
        found = verify_chain(state.journal.database, secret, told)
    if found.head is None:
        raise make_error(NotFound, "verify.no_key", path=config.workspace / WORKSPACE_KEY)
    lines = [_said(found), *map(_break_line, found.breaks[:MOST])]
    if len(found.breaks) > MOST:
        lines.append(Phrase.of("verify.more", n=len(found.breaks) - MOST))
    if told is not None and not found.breaks:
        lines.append(Phrase.of("verify.head_fits", n=told.number))
    elif told is None:
        lines.append(Phrase("verify.ask_head"))
    return Answer(_data(found), (Section.of(None, lines),), NEEDS_PEOPLE if found.breaks else 0)


def _said(found: Verdict) -> Phrase:
    name = "verify.broken" if found.breaks else "verify.whole"
    return Phrase.of(name, n=found.head.number if found.head else 0, since=_shown(found.since), head=str(found.head))


def _break_line(one: Break) -> Phrase:
    about = one.about or Phrase("verify.about_unknown")
    at = _shown(one.at) if one.at else Phrase("verify.about_unknown")
    return Phrase.of(
        f"verify.{one.wrong}", n=one.number, what=Phrase(f"verify.of_{one.what or 'any'}"), about=about, at=at
    )


def _shown(at: str) -> str:
    return dt.datetime.fromisoformat(at).strftime("%Y-%m-%d %H:%M") if at else ""


def _data(found: Verdict) -> dict[str, Any]:
    return {
        "whole": not found.breaks,
        "entries": found.head.number if found.head else 0,
        "head": str(found.head),
        "since": found.since,
        "waiting": found.waiting,
        "breaks": [
            {"number": one.number, "wrong": one.wrong, "what": one.what, "about": one.about, "at": one.at}
            for one in found.breaks
        ],
    }
