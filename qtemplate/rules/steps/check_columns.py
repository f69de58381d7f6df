"""The team's own checks: the columns of 数据字典 and the table of 校验规则. Pure; part of the validate step.

A check asks each distinct value of a column once, and looks for the rows only when one of the values is wrong: in
a sound register most checks cost one pass over a set (benchmarks/rules.py compares).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ...fields import FIELDS, Field
from ...plan import Finding, Phrase, Severity
from ..answers import Columns, Same
from ..case import case_of
from ..outcomes import OF_THE_CYCLE, answered, from_earlier
from ..propose import findings_at, missing_mask
from ..rulebook import FieldRule
from ..situation import Situation
from ..standing import Mask, asked_by, decided, decided_with, has, values

CHECKED_ELSEWHERE = frozenset({Field.PRODUCT})
"""Its values stand in 产品; QT125 knows them."""

SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


class _Column(Struct, frozen=True):
    """A column of the frame, ready to be asked; `values` are objects with None, or datetime64."""

    values: npt.NDArray[Any]

    @property
    def dates(self) -> bool:
        return self.values.dtype.kind == "M"

    def differs(self) -> bool:
        """Whether nearly all values differ, so that making a set of them would not pay."""
        return len(set(self.values[:SAMPLE].tolist())) * 2 > SAMPLE

    def mostly_texts(self) -> bool:
        """Whether it holds many different texts and nothing else."""
        return not self.dates and self.differs() and set(map(type, self.values)) <= {str, type(None)}

    def where(self, bad: Callable[[Any], bool]) -> Mask:
        """The rows that have a value, and a bad one."""
        if self.dates:
            return np.zeros(len(self.values), np.bool_)
        cells = self.values.tolist()
        if self.differs():
            return np.fromiter([cell is not None and cell == cell and bad(cell) for cell in cells], np.bool_)
        wrong = {value for value in set(cells) if value is not None and value == value and bad(value)}
        return np.fromiter(map(wrong.__contains__, cells) if wrong else repeat(False), np.bool_, len(cells))

    def numbers(self) -> npt.NDArray[np.float64] | None:
        """The values as numbers, NaN for none; None when one of them is no number."""
        try:
            return None if self.dates else self.values.astype(np.float64)
        except (TypeError, ValueError):
            return None


SAMPLE = 2000
"""So many cells tell whether most values of a column differ."""


def check_columns(situation: Situation) -> Iterable[Finding]:
    """Findings of the dictionary's rules (QT160 to QT167) and of the checks table (QT190)."""
    present, own = situation.register.columns, frozenset(situation.register.own_headers)
    for rule in situation.rulebook.dictionary:
        if rule.field not in present or not _demands(rule, own):
            continue
        for code, mask, facts in _results(situation, rule):
            yield from findings_at(situation, code, SEVERITIES[rule.severity], mask, rule.field, **facts)
        yield from _repeated(situation, rule)
    yield from _check_table(situation)


def _results(situation: Situation, rule: FieldRule) -> list[Result]:
    keys = (rule.field, Field.ID, Field.RECEIVED_AT, *(asked_by(rule.condition) if rule.condition else ()))
    what = Same(rule, situation.rulebook.lists, situation.rulebook.people)
    return situation.answers.once(what, keys, lambda: list(_check_field(situation, rule)))


def _demands(rule: FieldRule, own: Collection[str]) -> bool:
    limits = (rule.minimum, rule.maximum, rule.earliest, rule.latest)
    listed = rule.allowed and not _listed_elsewhere(rule)
    return (
        bool(rule.required or rule.condition or rule.pattern or rule.unique or rule.unique_with or listed)
        or any(limit is not None for limit in limits)
        or (bool(rule.type) and rule.field in own)
    )


def _column(situation: Situation, key: str) -> _Column:
    cells = values(situation, key)
    return _Column(cells if cells.dtype.kind == "M" else cells.astype(object, copy=False))


Result = tuple[str, Mask, dict[str, Any]]


def _check_field(situation: Situation, rule: FieldRule) -> Iterable[Result]:
    column = _column(situation, rule.field)
    if rule.required or rule.condition is not None:
        recorded = has(situation, Field.ID) | has(situation, Field.RECEIVED_AT)
        asked = recorded if rule.condition is None or rule.required else recorded & _matches(situation, rule)
        yield "QT160", asked & ~has(situation, rule.field), {}
    if rule.field in situation.register.own_headers:
        yield from _own_type(column, rule)
    allowed = _allowed(situation, rule)
    if allowed:
        yield "QT162", column.where(lambda value: value not in allowed), {"known": list(allowed)[:8]}
    if rule.pattern:
        yield "QT163", _unlike(column, rule.pattern), {"pattern": rule.pattern}
    yield from _ranges(column, rule)


def _own_type(column: _Column, rule: FieldRule) -> Iterable[Result]:
    """Types of the team's own columns; those of the product's fields were checked by the reader."""
    match rule.type:
        case "number":
            yield "QT161", column.where(lambda value: _number(value) is None), {}
        case "date":
            yield "QT166", column.where(lambda value: not isinstance(value, dt.date)), {}
        case "text":
            yield "QT167", column.where(lambda value: isinstance(value, (dt.date, dt.time))), {}


def _listed_elsewhere(rule: FieldRule) -> bool:
    """Whether the reader, or another check, knows the values of the column."""
    field = FIELDS.get(rule.field)
    return rule.field in CHECKED_ELSEWHERE or (field is not None and field.choices is not None)


def _allowed(situation: Situation, rule: FieldRule) -> dict[Any, None]:
    """The values of a rule's list, labels and codes, in order; empty = any."""
    rulebook = situation.rulebook
    listed = rulebook.lists.get(rule.allowed) if rule.allowed else None
    if not listed or _listed_elsewhere(rule):
        return {}
    known: dict[Any, None] = dict.fromkeys([*listed, *listed.values()])
    if rule.field == Field.DEPARTMENT:
        known |= dict.fromkeys(person.department for person in rulebook.people if person.department)
    return known


def _unlike(column: _Column, text: str) -> Mask:
    try:
        fits = re.compile(text).fullmatch
    except re.error:  # reported with its cell when the sheet was read
        return np.zeros(len(column.values), np.bool_)
    if column.mostly_texts():  # one call a cell, and no more
        return np.array([cell is not None and fits(cell) is None for cell in column.values.tolist()], np.bool_)
    return column.where(lambda value: fits(value if type(value) is str else str(value)) is None)


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return None
        return number if np.isfinite(number) else None
    return None


def _moment(value: Any) -> dt.datetime | None:
    if isinstance(value, dt.datetime):
        return value
    return dt.datetime.combine(value, dt.time()) if isinstance(value, dt.date) else None


def _ranges(column: _Column, rule: FieldRule) -> Iterable[Result]:
    """Numbers and dates outside their range; values that are neither are reported by their type."""
    if rule.minimum is not None or rule.maximum is not None:
        low = -np.inf if rule.minimum is None else rule.minimum
        high = np.inf if rule.maximum is None else rule.maximum

        def off(value: Any) -> bool:
            number = _number(value)
            return number is not None and not low <= number <= high

        numbers = column.numbers()
        outside = column.where(off) if numbers is None else (numbers < low) | (numbers > high)
        yield "QT165", outside, {"wanted": _range(rule.minimum, rule.maximum)}
    if rule.earliest is not None or rule.latest is not None:
        early, late = rule.earliest or dt.datetime.min, rule.latest or dt.datetime.max
        end = late + dt.timedelta(days=1) if rule.latest and late.time() == dt.time() else late  # the whole last day
        if column.dates:
            beyond = np.zeros(len(column.values), np.bool_)
            if rule.earliest is not None:
                beyond |= column.values < np.datetime64(early)
            if rule.latest is not None:
                beyond |= column.values >= np.datetime64(end)
        else:
            beyond = column.where(lambda value: (at := _moment(value)) is not None and not early <= at < end)
        yield "QT165", beyond, {"wanted": _range(rule.earliest, rule.latest)}


def _range(low: Any, high: Any) -> Phrase:
    if low is None:
        return Phrase.of("range.most", high=high)
    return Phrase.of("range.least", low=low) if high is None else Phrase.of("range.between", low=low, high=high)


def _matches(situation: Situation, rule: FieldRule) -> Mask:
    """The rows in which the rule's condition holds; none while one of its columns is not there or cannot be judged."""
    table = rule.condition
    if table is None or not all(column.name in situation.frame.columns for column in table.inputs):
        return np.zeros(len(situation.frame), np.bool_)
    evaluation = decided(situation, table)
    return np.array([bool(result.matched) for result in evaluation.results] + [False], np.bool_)[evaluation.pattern]


def _repeated(situation: Situation, rule: FieldRule) -> Iterable[Finding]:
    """Values, or combinations of values, that stand in several rows; each finding names one of the other rows."""
    if not rule.unique and not rule.unique_with:
        return
    keys = list(dict.fromkeys([rule.field, *rule.unique_with]))
    frame = situation.frame
    if not all(key in situation.register.columns for key in keys):
        return
    again = (frame[keys] if len(keys) > 1 else frame[rule.field]).duplicated(keep=False).to_numpy()
    for key in keys:
        if again.any():
            again = again & ~missing_mask(values(situation, key))
    part = frame.loc[again, keys]
    names = tuple(FIELDS.get(key, key) for key in keys)
    others: dict[int, int] = {}
    for group in part.groupby(keys if len(keys) > 1 else keys[0], sort=False).groups.values():
        first, *rest = (int(row) for row in group)
        others |= {first: rest[0], **dict.fromkeys(rest, first)}
    for row in sorted(others):
        other = case_of(situation, others[row])
        told = other.id or str(other.cell(rule.field))
        severity = SEVERITIES[rule.severity]
        yield case_of(situation, row).finding("QT164", severity, rule.field, fields=names, other=told)


def _in_this_cycle(situation: Situation) -> Columns:
    """Columns without what was typed in a cycle that is over: it speaks of the former reply only."""
    found: dict[str, npt.NDArray[Any]] = {}
    for key in OF_THE_CYCLE:
        old = from_earlier(situation, key)
        if old.any():
            found[key] = values(situation, key).copy()
            found[key][old & ~answered(situation, key)] = None
    return found


def _check_table(situation: Situation) -> Iterable[Finding]:
    """The message of every matching rule of 校验规则, at the field it names."""
    table = situation.rulebook.checks
    if table is None:
        return
    what = ("checks", Same(table, situation.memory.facts, situation.rulebook.contacts))
    asked = (*asked_by(table), *OF_THE_CYCLE, Field.ID, Field.REPLIED_AT)
    evaluation = situation.answers.once(what, asked, lambda: decided_with(situation, table, _in_this_cycle(situation)))
    for number, result in enumerate(evaluation.results):
        if not result.output:
            continue
        mask = evaluation.pattern == number
        for said in result.output:
            message, key, severity = (said.get(name) for name in ("message", "field", "severity"))
            level = SEVERITIES.get(str(severity), Severity.WARNING)
            where = key if isinstance(key, str) and key in situation.frame.columns else Field.ID
            yield from findings_at(situation, "QT190", level, mask, where, message=message)
