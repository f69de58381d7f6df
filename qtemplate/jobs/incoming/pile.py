"""What came in and is left to people: looked at, linked to a case, made a row, or let be."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial
from typing import Any

from ...config import Config
from ...errors import NotFound
from ...fields import Field
from ...journal.received import ReceivedLog
from ...plan import Phrase
from ...plan.received import Received
from ...report.answer import Answer, Line, Section
from ...report.run_report import RunReport
from ...texts import make_error
from ..lookup import row_of
from ..moment import local_now
from ..owning.kept import take_register
from ..round import Errand
from ..state import reading_state
from ..stopwatch import Stopwatch
from ..tally import Tally, run_report
from ..workspace import holding
from ..world import read_world
from .arriving import CameIn
from .command import finish, work_in
from .folders import out_of_problems

NEW = "new"
"""Instead of a number: what is piled becomes a row of its own."""

MOST_SHOWN = 60


def list_pile(config: Config) -> Answer:
    """`intake --list`: what waits for a person, each with its number and the reason."""
    with reading_state(config) as state:
        piled = [item for _, item in ReceivedLog(state.journal.database).pile()]
    lines: list[Line] = []
    for item in piled:
        told = _data(item)
        facts = {name: told[name] for name in ("number", "channel", "sender")}
        subject = str(told["subject"])[:MOST_SHOWN] or "–"
        lines += [Phrase.of("pile.line", **facts, at=item.at, subject=subject), Phrase.of("pile.why", why=told["why"])]
    lines.append(Phrase("pile.how" if piled else "pile.empty"))
    return Answer({"pile": [_data(item) for item in piled]}, (Section.of(None, lines),))


def show_piled(config: Config, number: int) -> Answer:
    """`intake --show`: one of them, as it is understood.

    Raises:
        NotFound: Nothing with that number waits for a person.
    """
    with reading_state(config) as state:
        _, item = _find(ReceivedLog(state.journal.database), number)
    told = _data(item) | {"text": item.content.get("text", ""), "quoted": item.content.get("quoted", "")}
    lines: list[Line] = [
        Phrase.of("pile.head", **{name: told[name] for name in ("number", "sender", "subject")}, at=item.at)
    ]
    lines.append(Phrase.of("pile.why", why=told["why"]))
    if told["auth"]:
        lines.append(Phrase.of("pile.auth", auth=told["auth"]))
    if told["files"]:
        lines.append(Phrase.of("pile.files", files=tuple(told["files"])))
    return Answer(told, (Section.of(None, lines), Section.of(None, (str(told["text"]) or "–",))))


def link_piled(config: Config, number: int, id: str, moment: dt.datetime | None = None) -> RunReport:
    """`intake --link`: an answer of that feedback, as if its sender had been known, or a row of its own.

    Raises:
        NotFound: Nothing with that number waits for a person, or no row has the id.
        RegisterLocked: A run is under way.
    """
    now, watch = local_now(config, moment), Stopwatch()
    name = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    with holding(config) as workspace:
        log = ReceivedLog(workspace.journal.database)
        source, item = _find(log, number)
        known = "" if id.casefold() == NEW else _id_of(config, id)
        workspace.journal.begin_run(name, "intake", now, dt.datetime.now(dt.UTC).isoformat())
        log.link(number, known)
        taking = partial(take_register, workspace)
        errand = Errand(workspace, name, now, False, False, watch, took_register=taking)
        tally = Tally()
        last = work_in(errand, tally, CameIn())
        report = run_report(errand, tally, last)
        finish(errand, tally, last, report)
        if not log.unsettled(source) and log.piled(source) is None:
            out_of_problems(workspace, source, item.channel)
    return report


def discard_piled(config: Config, number: int) -> Answer:
    """`intake --discard`: nothing is to become of it; its bytes stay as long as those of everything that came in.

    Raises:
        NotFound: Nothing with that number waits for a person.
        RegisterLocked: A run is under way.
    """
    with holding(config) as workspace:
        log = ReceivedLog(workspace.journal.database)
        source, item = _find(log, number)
        log.discard(number)
        out_of_problems(workspace, source, item.channel)
    return Answer({"number": number}, (Section.of(None, (Phrase.of("pile.discarded", number=number),)),))


def _find(log: ReceivedLog, number: int) -> tuple[str, Received]:
    piled = log.pile()
    found = next(((source, item) for source, item in piled if item.number == number), None)
    if found is None:
        raise make_error(NotFound, "none.piled", number=number, known=tuple(item.number for _, item in piled) or "–")
    return found


def _id_of(config: Config, id: str) -> str:
    register = read_world(config).register
    return str(register.row(row_of(register, id))[Field.ID])


def _data(item: Received) -> dict[str, Any]:
    said = item.content
    return {
        "number": item.number,
        "at": item.at,
        "channel": item.channel,
        "sender": said.get("sender", ""),
        "subject": said.get("subject", ""),
        "why": said.get("why") or Phrase("pile.unknown"),
        "auth": said.get("auth", ""),
        "files": [each[0] for each in said.get("files", ())],
    }
