"""`explain ID`: why one feedback has its level, priority, owner and deadlines, and what was sent about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ...apply import Workspace
from ...choices import Clock
from ...config import Config
from ...fields import FIELDS, Field, Filler, in_tongue_of
from ...mailer.outbox.entry import OutboxEntry
from ...plan import Phrase, Plan
from ...report.answer import Answer, Line, Section
from ...rules import make_plan
from ...rules.case import case_of
from ...rules.clocks.explain import explain_due
from ...rules.clocks.times import clock_times
from ...rules.evidence.investigation import by_feedback, investigation_of
from ...rules.evidence.news import evidence_findings, shown
from ...rules.evidence.score import score
from ...rules.likeness.similar_cases import similar_cases
from ...rules.propose import was_ours
from ...rules.situation import Situation
from ...rules.standing import history
from ...rules.steps.gates import absent_gates, asked_gates
from ...texts.display import display
from ..history import change_line
from ..lookup import row_of
from ..moment import local_now
from ..workspace import looking
from ..world import read_world, recall
from .explain_tables import Asked, assignment_part, level_part, priority_part

LATEST = 8
"""Changes shown; `log ID` shows all."""


def explain(config: Config, id: str, language: str, moment: dt.datetime | None = None) -> Answer:
    """Everything about one feedback.

    Args:
        config: The workspace.
        id: The feedback.
        language: Of the terminal, for labels.
        moment: The moment to explain; None = now.

    Raises:
        NotFound: No row has this id.
    """
    now = local_now(config, moment)
    with looking(config) as workspace:
        world = read_world(config)
        language = in_tongue_of(world.register.language, language)
        row = row_of(world.register, id)
        memory = recall(workspace, world.register, digests=False)
        plan, after = make_plan(world.situation(memory, now.replace(tzinfo=None)))
        one = Asked(case_of(after, row), language)
        id = str(one.value(Field.ID))
        sections, data = [_head(one)], _facts(one, now)
        tables = (level_part(one), priority_part(one), assignment_part(one))
        for part in (*tables, _deadlines(one), _gates(one), _people(one, world.situation(memory, after.now))):
            sections.append(part[0])
            data |= part[1]
        sections.append(_similar(one, data))
        sections.append(_score(one, after, data))
        findings = [item for item in plan.findings if item.id == id]
        sections.append(Section.of(Phrase("explain.findings"), [f"{f.code}  {_said(f, language)}" for f in findings]))
        sections += _mails(workspace, plan, id, data, now)
        changes = workspace.journal.changes(id=id, limit=LATEST)
        sections.append(
            Section.of(Phrase.of("explain.changes", id=id), [change_line(item, language, {}) for item in changes])
        )
    return Answer({**data, "findings": findings}, tuple(sections), tongue=language)


def _said(finding: Any, language: str) -> str:
    from ...texts import say_finding

    return say_finding(finding, language).message


def _head(one: Asked) -> Section:
    where = one.case.cell(Field.ID)
    head = Phrase.of("explain.head", id=one.value(Field.ID), title=one.shown(Field.TITLE), where=str(where))
    stands = Phrase.of(
        "explain.stands",
        status=one.shown(Field.STATUS),
        received=one.shown(Field.RECEIVED_AT),
        now=display(one.case.situation.now, one.language),
    )
    if not history(one.case.situation)[one.case.place]:
        return Section(None, (head, stands))
    since = Phrase.of("explain.history", since=display(one.case.situation.memory.since, one.language))
    return Section(None, (head, stands, since))


def _facts(one: Asked, now: dt.datetime) -> dict[str, Any]:
    cell = one.case.cell(Field.ID)
    return {
        "id": one.value(Field.ID),
        "now": now,
        "sheet": one.case.situation.register.sheet,
        "row": one.case.row,
        "cell": cell.address if cell else None,
        "title": one.value(Field.TITLE),
        "status": one.value(Field.STATUS),
    }


# -- clocks, people, mails -------------------------------------------------------------------------------------------


def _deadlines(one: Asked) -> tuple[Section, dict[str, Any]]:
    table = clock_times(one.case.situation)
    lines: list[Line] = []
    clocks: list[dict[str, Any]] = []
    if table is None:
        return Section(Phrase("explain.deadlines"), (Phrase("clock.explain_no_rules"),)), {"clocks": clocks}
    place = one.case.place
    for clock in Clock:
        due = table[clock].due[place]
        if str(due) == "NaT":
            continue
        derivation = explain_due(one.case, clock)
        lines += [derivation[0], *(f"  {_worded(line, one.language)}" for line in derivation[1:])]
        clocks.append(
            {
                "clock": clock,
                "start": table[clock].start[place],
                "due": due,
                "stop": table[clock].stop[place],
                "state": table[clock].state[place],
                "derivation": list(derivation),
            }
        )
    return Section.of(Phrase("explain.deadlines"), lines), {"clocks": clocks}


def _gates(one: Asked) -> tuple[Section, dict[str, Any]]:
    """The conditions of closing of the row: met, lacking, or counted as met since the workbook has no column for it."""
    situation, place = one.case.situation, one.case.place
    lines: list[Line] = []
    met: dict[str, bool | None] = {}
    for name, (applies, holds) in asked_gates(situation).items():
        if applies[place]:
            met[name] = bool(holds[place])
            lines.append(Phrase.of("explain.gate_met" if met[name] else "explain.gate_lacks", gate=Phrase(name)))
    for name in absent_gates(situation):
        met[name] = None
        lines.append(Phrase.of("explain.gate_absent", gate=Phrase(name)))
    return Section.of(Phrase("explain.gates"), lines), {"gates": met}


def _worded(phrase: Phrase, language: str) -> str:
    from ...texts import say

    return say(phrase, language)


def _people(one: Asked, read: Situation) -> tuple[Section, dict[str, Any]]:
    """The S cells of the row that hold something the program did not write there."""
    settled: dict[str, Any] = {}
    case = case_of(read, one.case.row)
    for field in Field:
        if field.filler is Filler.SUGGESTED and case.cell(field) is not None and not read.memory.fresh:
            value = case.value(field)
            if value is not None and not was_ours(read, field)[case.place]:
                settled[str(field)] = value
    lines = [Phrase.of("explain.overruled_cell", field=FIELDS[key], value=one.shown(key)) for key in settled]
    return Section.of(Phrase("explain.people"), lines), {"settled_by_people": settled}


def _similar(one: Asked, data: dict[str, Any]) -> Section:
    """Earlier cases that tell much the same, with what they taught."""
    found = similar_cases(one.case)
    data["similar"] = [
        {
            "id": other.case.id,
            "shared": list(other.shared),
            "cause": other.case.value(Field.ROOT_CAUSE),
            "solution": other.case.value(Field.SOLUTION),
        }
        for other in found
    ]
    lines: list[Line] = []
    for other in found:
        title, parts = other.case.value(Field.TITLE) or "", Phrase.of("same.part", parts=other.shared)
        lines.append(Phrase.of("explain.similar_case", id=other.case.id, title=title, parts=parts))
        for name, field in (("explain.similar_cause", Field.ROOT_CAUSE), ("explain.similar_solution", Field.SOLUTION)):
            if (said := other.case.value(field)) is not None:
                lines.append(Phrase.of(name, said=" ".join(str(said).split())))
    return Section.of(Phrase("explain.similar"), lines)


def _score(one: Asked, after: Situation, data: dict[str, Any]) -> Section:
    """The score of the last 8D, summand by summand; the doubts about it stand among the findings."""
    investigation = investigation_of(one.case, by_feedback(after).get(one.case.id, {}))
    if not investigation.is_8d:
        data["score"] = None
        return Section.of(Phrase("explain.score"), ())
    doubted = {finding.code for finding in evidence_findings(after) if finding.id == one.case.id}
    summands = score(investigation, doubted)
    data["score"] = {each.part.value: [each.points, each.most] for each in summands}
    lines = [
        Phrase.of("explain.part", part=each.part, points=shown(each.points), most=shown(each.most)) for each in summands
    ]
    total = Phrase.of("explain.total", points=shown(sum(each.points for each in summands)))
    return Section.of(Phrase("explain.score"), (total, *lines))


def _mails(workspace: Workspace, plan: Plan, id: str, data: dict[str, Any], now: dt.datetime) -> Iterator[Section]:
    entries = [entry for entry in workspace.outbox.entries() if entry.id == id]
    coming = [message for message in plan.messages if message.id == id]
    data["mails"] = [_mail_data(entry) for entry in entries]
    data["would_send"] = [
        {"key": message.key, "kind": message.kind, "to": [person.mail for person in message.to]} for message in coming
    ]
    lines: list[Line] = [
        Phrase.of(
            "explain.mail",
            at=(entry.sent_at or entry.created_at).astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M"),
            kind=entry.kind,
            state=entry.state.value,
            to=entry.recipients,
            subject=entry.subject,
            mail=entry.key,
        )
        for entry in entries
    ]
    for message in coming:
        to = tuple(person.mail for person in message.to)
        why = message.because or Phrase("because.rules")
        lines.append(Phrase.of("explain.would_mail", kind=message.kind, to=to, why=why))
    yield Section.of(Phrase("explain.mails"), lines)


def _mail_data(entry: OutboxEntry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "kind": entry.kind,
        "to": list(entry.recipients),
        "cc": list(entry.cc),
        "subject": entry.subject,
        "state": entry.state,
        "at": entry.sent_at or entry.created_at,
        "detail": entry.detail,
    }
