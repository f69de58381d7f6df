"""What the team's tables say of one feedback: its level, its priority and place in the queue, its assignment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from ...choices import Level, Safety
from ...dmn.decision_table import DecisionTable
from ...dmn.explain_table import Explanation, NearMiss, RuleTrace, explain_case
from ...dmn.model import InputColumn, OutputColumn
from ...dmn.unary_tests import strict_text
from ...fields import FIELDS, Field
from ...plan import Phrase
from ...register import is_missing, label_of, plain
from ...report.answer import Line, Section
from ...rules.case import Case
from ...rules.cell_words import cell_words
from ...rules.queue_order import Standing, computed_inputs, standing_of
from ...rules.rulebook import RuleBook
from ...rules.standing import asked_by
from ...texts import say
from ...texts.display import display

EMPTY = Phrase("log.empty")


class Asked(Struct, frozen=True):
    """One feedback as a run would leave it, and the language in which somebody asks about it."""

    case: Case
    language: str

    @property
    def rulebook(self) -> RuleBook:
        return self.case.situation.rulebook

    def value(self, key: str) -> Any:
        return self.case.value(key)

    def shown(self, key: str) -> str:
        return display(label_of(key, self.value(key), self.language), self.language) or say(EMPTY, self.language)


def level_part(one: Asked) -> tuple[Section, dict[str, Any]]:
    lines, data = _decided(one, one.rulebook.grading)
    suggested, level = one.value(Field.SUGGESTED_LEVEL), one.value(Field.LEVEL)
    outcome = data.get("output")
    asked = {cell["field"] for cell in data.get("cells", ())}
    if suggested == Level.URGENT and one.value(Field.SAFETY) == Safety.YES and Field.SAFETY not in asked:
        lines.append(Phrase("explain.safety"))
    elif suggested is not None and isinstance(outcome, str) and outcome != suggested:
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


def priority_part(one: Asked) -> tuple[Section, dict[str, Any]]:
    computed = computed_inputs(one.case.situation)
    more = {str(name): plain(column[one.case.place]) for name, column in computed.items()}
    lines, data = _decided(one, one.rulebook.priority, more)
    standing = standing_of(one.case)
    if standing is not None:
        lines.append(_standing(standing, one.rulebook.points is not None))
        added, data["points"] = _points(one, more)
        lines += added
        data["standing"] = asdict(standing)
    title = Phrase.of("explain.value", field=Field.PRIORITY, value=one.shown(Field.PRIORITY))
    facts = {"value": one.value(Field.PRIORITY), "queue": one.value(Field.QUEUE)}
    return Section.of(title, lines), {"priority": {**facts, **data}}


def _standing(at: Standing, by_points: bool) -> Phrase:
    capacity = Phrase("explain.no_capacity") if at.capacity is None else at.capacity
    ahead = [("explain.by_priority", at.by_priority), ("explain.by_points", at.by_points)][: 1 + by_points]
    why = tuple(Phrase.of(key, n=n) for key, n in (*ahead, ("explain.by_time", at.by_time)))
    return Phrase.of("explain.queue", department=at.department, place=at.place, capacity=capacity, length=at.length,
                     ahead=at.place - 1, why=why)  # fmt: skip


def _points(one: Asked, more: Mapping[str, Any]) -> tuple[list[Line], dict[str, Any] | None]:
    """Every rule of the points table that matches, with what it adds and why, and the sum."""
    table = one.rulebook.points
    if table is None:
        return [Phrase("explain.no_points")], None
    found = explain_case(table, _case(one, table, more))
    lines: list[Line] = [Phrase.of("explain.points", sheet=table.sheet, sum=f"{found.output or 0:g}")]
    added = {rule.row: rule.outputs[0].value for rule in table.rules}
    for trace in found.matched:
        cells = tuple(_cells(one, table, trace))
        lines.append(
            Phrase.of(
                "explain.summand", points=f"{added[trace.row]:+g}", rule=trace.identifier, row=trace.row, cells=cells
            )
        )
    rules = [
        {"rule": trace.identifier, "row": trace.row, "points": added[trace.row], "cells": _cells_data(trace)}
        for trace in found.matched
    ]
    return lines, {"table": table.sheet, "sum": found.output or 0, "rules": rules}


def assignment_part(one: Asked) -> tuple[Section, dict[str, Any]]:
    lines, data = _decided(one, one.rulebook.assignment)
    keys = (Field.DEPARTMENT, Field.OWNER, Field.ASSIGN_REASON, Field.TRANSFERRED_AT, Field.ACCEPTED_AT, Field.RETURNED)
    values: list[Line] = [
        Phrase.of("explain.value", field=key, value=one.shown(key)) for key in keys if one.value(key) is not None
    ]
    facts = {str(key): one.value(key) for key in keys}
    return Section.of(Phrase("explain.assignment"), [*values, *lines]), {"assignment": {**facts, **data}}


def _decided(
    one: Asked, table: DecisionTable | None, more: Mapping[str, Any] | None = None
) -> tuple[list[Line], dict[str, Any]]:
    """What a table says of the row, as lines and as data."""
    if table is None:
        return [Phrase("explain.no_table")], {"rule": None}
    asked = [column.name for column in table.inputs]
    unread = [key for key in asked if one.case.is_wrong(key)]
    if unread:
        fields = tuple(FIELDS.get(key, key) for key in unread)
        return [Phrase.of("explain.unreadable", fields=fields)], {"rule": None, "unreadable": unread}
    found = explain_case(table, _case(one, table, more or {}))
    lines: list[Line] = []
    for trace in found.matched[:1]:
        output = _output(one, table, found.output)
        lines.append(Phrase.of("explain.rule", sheet=table.sheet, rule=trace.identifier, row=trace.row, output=output))
        lines += _cells(one, table, trace)
    if not found.matched:
        problem = found.problem.sentence(one.language) if found.problem else Phrase("explain.no_rule")
        lines.append(Phrase.of("explain.none", sheet=table.sheet, problem=problem))
    near = found.nearest
    if not found.matched and near is not None and all(is_missing(change.before) for change in near.changes):
        empty = [column for column in table.inputs if is_missing(_case(one, table, more or {})[column.name])]
        lines.append(
            Phrase.of(
                "explain.still_empty",
                fields=tuple(FIELDS.get(column.name, column.title or column.name) for column in empty),
            )
        )
    elif near is not None:
        lines.append(_near(one, table, near))
    return lines, _decided_data(one, table, found)


def _case(one: Asked, table: DecisionTable, more: Mapping[str, Any]) -> dict[str, Any]:
    """What the table may ask of the row: its inputs, and the columns that its cells name."""
    return {key: more[key] if key in more else one.value(key) for key in asked_by(table)}


def _cells(one: Asked, table: DecisionTable, trace: RuleTrace) -> Iterator[Line]:
    inputs = {column.name: column for column in table.inputs}
    if not trace.cells:
        yield Phrase("explain.always")
    for cell in trace.cells:
        value = _label(one, inputs[cell.column], cell.value)
        test = cell_words(cell.test, inputs[cell.column], one.language)
        yield Phrase.of("explain.cell", title=cell.title, value=value, cell=cell.cell, test=test)


def _near(one: Asked, table: DecisionTable, near: NearMiss) -> Phrase:
    inputs = {column.name: column for column in table.inputs}
    changes = tuple(
        Phrase.of(
            "explain.change",
            title=change.title,
            before=Phrase("explain.empty")
            if is_missing(change.before)
            else _label(one, inputs[change.column], change.before),
            after=_label(one, inputs[change.column], change.after),
        )
        for change in near.changes
    )
    output = _output(one, table, near.output)
    return Phrase.of("explain.near", changes=changes, output=output, rule=near.identifier, row=near.row)


def _output(one: Asked, table: DecisionTable, output: Any) -> str:
    """An output as people see it: labels for codes, several outputs with commas."""
    joiner = "、" if one.language == "zh" else ", "
    if isinstance(output, dict):
        by_name = {column.name: column for column in table.outputs}
        named = [(name, value) for name, value in output.items() if name != "method" and not is_missing(value)]
        parts = [_label(one, by_name[name], value) for name, value in named]
        return joiner.join(parts) or say(EMPTY, one.language)
    if isinstance(output, list):
        return joiner.join(_output(one, table, item) for item in output)
    return _label(one, table.outputs[0], output)


def _label(one: Asked, column: InputColumn | OutputColumn, value: Any) -> str:
    if is_missing(value):
        return say(EMPTY, one.language)
    key = Field.LEVEL if column.name == Field.SUGGESTED_LEVEL else column.name
    shown = label_of(key, value, one.language)
    if shown == value and isinstance(value, str):
        shown = dict(column.labels).get(value, value)
    return display(shown, one.language)


def _decided_data(one: Asked, table: DecisionTable, found: Explanation) -> dict[str, Any]:
    first = found.matched[0] if found.matched else None
    near = found.nearest
    return {
        "table": table.sheet,
        "output": found.output,
        "problem": found.problem.sentence(one.language) if found.problem else None,
        "rule": None if first is None else first.identifier,
        "rule_row": None if first is None else first.row,
        "cells": [] if first is None else _cells_data(first),
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


def _cells_data(trace: RuleTrace) -> list[dict[str, Any]]:
    return [
        {"field": cell.column, "title": cell.title, "cell": cell.cell, "test": strict_text(cell.test),
         "value": cell.value} for cell in trace.cells
    ]  # fmt: skip
