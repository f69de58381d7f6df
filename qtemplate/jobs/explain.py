"""`explain ID`: why one feedback has its level, priority, owner and deadlines, and what was sent about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..apply import Workspace
from ..choices import Clock, Level
from ..config import Config
from ..fields import FIELDS, Field, Filler
from ..mailer.entry import OutboxEntry
from ..plan import Memory, Phrase, Plan
from ..register import Register, is_missing, label_of, plain
from ..report.answer import Answer, Line, Section
from ..rules import make_plan
from ..rules.clock_explain import explain_due
from ..rules.clock_times import clock_times
from ..rules.decision_table import DecisionTable, InputColumn, OutputColumn
from ..rules.explain_table import Explanation, NearMiss, RuleTrace, explain_case
from ..rules.mail_facts import display
from ..rules.prioritise import computed_inputs
from ..rules.propose import was_ours
from ..rules.rulebook import RuleBook
from ..rules.unary_tests import strict_text
from .history import change_line
from .lookup import row_of
from .workspace import looking
from .world import local_now, read_world, recall

LATEST = 8
"""Changes shown; `log ID` shows all."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One feedback as a run would leave it, with what decided about it."""

    register: Register
    row: int
    rulebook: RuleBook
    memory: Memory
    now: dt.datetime
    language: str

    def value(self, key: str) -> Any:
        return self.register.value(self.row, key)

    def shown(self, key: str) -> str:
        return display(label_of(key, self.value(key), self.language), self.language) or _EMPTY[self.language]


_EMPTY = {"zh": "（空）", "en": "(empty)"}


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
        row = row_of(world.register, id)
        memory = recall(workspace, world.register, digests=False)
        plan, after = make_plan(world.register, world.rulebook, memory, now.replace(tzinfo=None))
        one = _Row(after, row, world.rulebook, memory, now.replace(tzinfo=None), language)
        id = str(one.value(Field.ID))
        sections, data = [_head(one)], _facts(one, now)
        for part in (_level(one), _priority(one), _assignment(one), _deadlines(one), _people(one, world.register)):
            sections.append(part[0])
            data |= part[1]
        findings = [item for item in plan.findings if item.id == id]
        sections.append(Section.of(Phrase("explain.findings"), [f"{f.code}  {_said(f, language)}" for f in findings]))
        sections += _mails(workspace, plan, id, data, now)
        changes = workspace.journal.changes(id=id, limit=LATEST)
        sections.append(
            Section.of(Phrase.of("explain.changes", id=id), [change_line(item, language, {}) for item in changes])
        )
    return Answer({**data, "findings": findings}, tuple(sections))


def _said(finding: Any, language: str) -> str:
    from ..texts import say_finding

    return say_finding(finding, language).message


def _head(one: _Row) -> Section:
    where = one.register.cell(one.row, Field.ID)
    head = Phrase.of("explain.head", id=one.value(Field.ID), title=one.shown(Field.TITLE), where=str(where))
    stands = Phrase.of(
        "explain.stands", status=one.shown(Field.STATUS), received=one.shown(Field.RECEIVED_AT), now=one.now
    )
    return Section(None, (head, stands))


def _facts(one: _Row, now: dt.datetime) -> dict[str, Any]:
    cell = one.register.cell(one.row, Field.ID)
    return {
        "id": one.value(Field.ID),
        "now": now,
        "sheet": one.register.sheet,
        "row": one.row,
        "cell": cell.address if cell else None,
        "title": one.value(Field.TITLE),
        "status": one.value(Field.STATUS),
    }


# -- the three tables ------------------------------------------------------------------------------------------------


def _level(one: _Row) -> tuple[Section, dict[str, Any]]:
    lines, data = _decided(one, one.rulebook.grading, one.register)
    suggested, level = one.value(Field.SUGGESTED_LEVEL), one.value(Field.LEVEL)
    outcome = data.get("output")
    if suggested is not None and isinstance(outcome, str) and outcome != suggested:
        lines.append(Phrase.of("explain.raised", level=_level_name(suggested)))
    reason = one.value(Field.OVERRIDE_REASON)
    overruled = suggested is not None and level is not None and level != suggested
    if overruled:
        lines.append(
            Phrase.of(
                "explain.overruled",
                level=_level_name(level),
                suggested=_level_name(suggested),
                reason=reason or Phrase("explain.no_reason"),
            )
        )
    title = Phrase.of("explain.value", field=Field.LEVEL, value=one.shown(Field.LEVEL))
    facts = {"value": level, "suggested": suggested, "overruled": overruled, "override_reason": reason}
    return Section.of(title, lines), {"level": {**facts, **data}}


def _level_name(code: object) -> object:
    return next((level for level in Level if level == code), code)


def _priority(one: _Row) -> tuple[Section, dict[str, Any]]:
    computed = computed_inputs(one.register, one.now)
    more = {str(name): plain(values.at[one.row]) for name, values in computed.items()}
    lines, data = _decided(one, one.rulebook.priority, one.register, more)
    if one.value(Field.QUEUE) is not None:
        lines.append(Phrase.of("explain.value", field=Field.QUEUE, value=one.shown(Field.QUEUE)))
    title = Phrase.of("explain.value", field=Field.PRIORITY, value=one.shown(Field.PRIORITY))
    facts = {"value": one.value(Field.PRIORITY), "queue": one.value(Field.QUEUE)}
    return Section.of(title, lines), {"priority": {**facts, **data}}


def _assignment(one: _Row) -> tuple[Section, dict[str, Any]]:
    lines, data = _decided(one, one.rulebook.assignment, one.register)
    keys = (Field.DEPARTMENT, Field.OWNER, Field.ASSIGN_REASON, Field.TRANSFERRED_AT, Field.ACCEPTED_AT, Field.RETURNED)
    values: list[Line] = [
        Phrase.of("explain.value", field=key, value=one.shown(key)) for key in keys if one.value(key) is not None
    ]
    facts = {str(key): one.value(key) for key in keys}
    return Section.of(Phrase("explain.assignment"), [*values, *lines]), {"assignment": {**facts, **data}}


def _decided(
    one: _Row, table: DecisionTable | None, register: Register, more: Mapping[str, Any] | None = None
) -> tuple[list[Line], dict[str, Any]]:
    """What a table says of the row, as lines and as data."""
    if table is None:
        return [Phrase("explain.no_table")], {"rule": None}
    asked = [column.name for column in table.inputs]
    unread = [key for key in asked if (one.row, key) in register.wrong]
    if unread:
        fields = tuple(FIELDS.get(key, key) for key in unread)
        return [Phrase.of("explain.unreadable", fields=fields)], {"rule": None, "unreadable": unread}
    extra = dict(more or {})
    case = {key: extra[key] if key in extra else one.value(key) for key in asked}
    found = explain_case(table, case)
    lines: list[Line] = []
    for trace in found.matched[:1]:
        output = _output(one, table, found.output)
        lines.append(Phrase.of("explain.rule", sheet=table.sheet, rule=trace.identifier, row=trace.row, output=output))
        lines += _cells(one, table, trace)
    if not found.matched:
        problem = found.problem.sentence(one.language) if found.problem else Phrase("explain.no_rule")
        lines.append(Phrase.of("explain.none", sheet=table.sheet, problem=problem))
    if found.nearest is not None:
        lines.append(_near(one, table, found.nearest))
    return lines, _decided_data(one, table, found)


def _cells(one: _Row, table: DecisionTable, trace: RuleTrace) -> Iterator[Line]:
    inputs = {column.name: column for column in table.inputs}
    if not trace.cells:
        yield Phrase("explain.always")
    for cell in trace.cells:
        value = _label(one, inputs[cell.column], cell.value)
        yield Phrase.of("explain.cell", title=cell.title, value=value, cell=cell.cell, test=strict_text(cell.test))


def _near(one: _Row, table: DecisionTable, near: NearMiss) -> Phrase:
    inputs = {column.name: column for column in table.inputs}
    changes = tuple(
        Phrase.of(
            "explain.change",
            title=change.title,
            before=_label(one, inputs[change.column], change.before),
            after=_label(one, inputs[change.column], change.after),
        )
        for change in near.changes
    )
    output = _output(one, table, near.output)
    return Phrase.of("explain.near", changes=changes, output=output, rule=near.identifier, row=near.row)


def _output(one: _Row, table: DecisionTable, output: Any) -> str:
    """An output as people see it: labels for codes, several outputs with commas."""
    joiner = "、" if one.language == "zh" else ", "
    if isinstance(output, dict):
        by_name = {column.name: column for column in table.outputs}
        named = [(name, value) for name, value in output.items() if name != "method" and not is_missing(value)]
        parts = [_label(one, by_name[name], value) for name, value in named]
        return joiner.join(parts) or _EMPTY[one.language]
    if isinstance(output, list):
        return joiner.join(_output(one, table, item) for item in output)
    return _label(one, table.outputs[0], output)


def _label(one: _Row, column: InputColumn | OutputColumn, value: Any) -> str:
    if is_missing(value):
        return _EMPTY[one.language]
    key = Field.LEVEL if column.name == Field.SUGGESTED_LEVEL else column.name
    shown = label_of(key, value, one.language)
    if shown == value and isinstance(value, str):
        shown = dict(column.labels).get(value, value)
    return display(shown, one.language)


def _decided_data(one: _Row, table: DecisionTable, found: Explanation) -> dict[str, Any]:
    first = found.matched[0] if found.matched else None
    near = found.nearest
    return {
        "table": table.sheet,
        "output": found.output,
        "problem": found.problem.sentence(one.language) if found.problem else None,
        "rule": None if first is None else first.identifier,
        "rule_row": None if first is None else first.row,
        "cells": []
        if first is None
        else [
            {"field": cell.column, "title": cell.title, "cell": cell.cell, "test": strict_text(cell.test),
             "value": cell.value} for cell in first.cells
        ],
        "nearest": None
        if near is None
        else {
            "rule": near.identifier,
            "row": near.row,
            "output": near.output,
            "changes": [
                {"field": change.column, "title": change.title, "cell": change.cell, "before": change.before,
                 "after": change.after} for change in near.changes
            ],
        },
    }  # fmt: skip


# -- clocks, people, mails -------------------------------------------------------------------------------------------


def _deadlines(one: _Row) -> tuple[Section, dict[str, Any]]:
    table = clock_times(one.register, one.rulebook, one.now, one.memory)
    lines: list[Line] = []
    clocks: list[dict[str, Any]] = []
    if table is None:
        return Section(Phrase("explain.deadlines"), (Phrase("clock.explain_no_rules"),)), {"clocks": clocks}
    place = table.index.get_loc(one.row)
    for clock in Clock:
        due = table[clock].due[place]
        if str(due) == "NaT":
            continue
        derivation = explain_due(one.register, one.rulebook, one.row, clock, one.now, one.memory)
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


def _worded(phrase: Phrase, language: str) -> str:
    from ..texts import say

    return say(phrase, language)


def _people(one: _Row, register: Register) -> tuple[Section, dict[str, Any]]:
    """The S cells of the row that hold something the program did not write there."""
    settled: dict[str, Any] = {}
    place = register.frame.index.get_loc(one.row)
    for field in Field:
        if field.filler is Filler.SUGGESTED and field in register.columns and not one.memory.fresh:
            value = register.value(one.row, field)
            if value is not None and not was_ours(register, one.memory, field)[place]:
                settled[str(field)] = value
    lines = [Phrase.of("explain.overruled_cell", field=FIELDS[key], value=one.shown(key)) for key in settled]
    return Section.of(Phrase("explain.people"), lines), {"settled_by_people": settled}


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
