"""The register as columns for figures: who waited how long, with the clocks' own due times and stops. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from msgspec import Struct
from msgspec.structs import replace

from ...choices import CauseCode, Clock
from ...dmn.decision_table import DecisionTable
from ...fields import Field
from ...figures.dues import DueHistory
from ...figures.levels import CODES, LevelHistory
from ...figures.past import rows_at
from ...figures.period import Mask, Times
from ...figures.rows import ClockColumns, EarlierCycles, Numbers, Rows, RuleColumns, Texts
from ...plan import FactName
from ..clocks.facts import pause_rounds
from ..clocks.times import clock_times
from ..outcomes import answered, implemented, whole_day
from ..situation import Situation
from ..standing import dates, decided, examples, has, in_cycle, numbered
from ..workdays import FIRST_YEAR, NAT, WorkCalendar


class EndedCycle(Struct, frozen=True):
    """A cycle that a reopening ended: when it was closed and finally replied to, where it was; naive."""

    closed: dt.datetime | None
    reopened: dt.datetime
    replied: dt.datetime | None = None


class Past(Struct, frozen=True):
    """What the journal knows of former days.

    Attributes:
        cycles: Feedback id -> its earlier cycles.
        dues: Feedback id -> (since when, day) of each day by which its final reply was due, if that ever moved;
            naive, oldest first.
        last: The moment of the last run, naive; what is looked at from an earlier one has the cells of this one.
    """

    cycles: Mapping[str, tuple[EndedCycle, ...]] = {}
    dues: Mapping[str, tuple[tuple[dt.datetime, dt.datetime | None], ...]] = {}
    last: dt.datetime | None = None


UNKNOWN = frozenset({"未知", "unknown"})

USUAL = WorkCalendar(dict.fromkeys(range(5), ((8 * 3600, 16 * 3600),)))
"""Where the workbook has no calendar, ages are counted from Monday to Friday."""

REACHES = np.datetime64(f"{FIRST_YEAR}-01-01", "s")
"""Since when calendars know working time."""

JUDGED = {"grading": (Field.SUGGESTED_LEVEL, Field.LEVEL), "assignment": (None, Field.DEPARTMENT)}
"""Table -> where its suggestion stands, if in a column, and what was decided."""


def figure_rows(situation: Situation, past: Past | None = None) -> Rows:
    """The rows that have an id and are no examples, in the order of the sheet; of a doubled id the first.

    Args:
        situation: The register at the moment that is looked from.
        past: What the journal knows of former days. If a run came after the moment, the rows are as of the moment.
    """
    known = past or Past()
    rows = _with_levels(_all_rows(situation), situation).where(kept_rows(situation))
    rows = _with_dues(_with_cycles(rows, situation, known), known)
    if known.last is None or known.last <= situation.now:
        return rows
    then = rows_at(replace(rows, cells_of=np.datetime64(known.last, "s")), np.datetime64(situation.now, "s"))
    closed = np.full(len(situation.frame), NAT)
    closed[kept_rows(situation)] = then.closed_at
    return replace(then, cycle_days=_days_to(situation, closed)[kept_rows(situation)])


def ages_at(situation: Situation, moment: dt.datetime) -> Numbers:
    """The whole working days from receipt to a moment, of the rows that `figure_rows` has."""
    calendar = _calendar(situation)
    days = _age(calendar, dates(situation, Field.RECEIVED_AT), np.datetime64(moment, "s"))
    return np.asarray(days[kept_rows(situation)], np.float64)


def _age(calendar: WorkCalendar, received: Times, moment: np.datetime64) -> Numbers:
    """Whole working days; what is older than the calendar reaches is as old as the calendar: in the last band."""
    spans = calendar.working_between(np.maximum(received, REACHES), moment)
    return np.asarray(np.floor(spans / calendar.standard_day_seconds), np.float64)


def kept_rows(situation: Situation) -> Mask:
    """The rows that `figure_rows` has: one element a row of the register."""
    return numbered(situation) & ~examples(situation) & ~_doubled(situation)


def _calendar(situation: Situation) -> WorkCalendar:
    calendar = situation.rulebook.calendar
    return calendar if calendar is not None and calendar.standard_day_seconds else USUAL


def _doubled(situation: Situation) -> Mask:
    return situation.frame[Field.ID].duplicated().to_numpy(dtype=bool)


def _all_rows(situation: Situation) -> Rows:
    frame, now = situation.frame, np.datetime64(situation.now, "s")
    table = clock_times(situation)
    times = table.times if table else {}
    clocks = {clock: ClockColumns(each.start, each.due, each.stop, each.running) for clock, each in times.items()}
    if Clock.CONFIRM in clocks:
        clocks[Clock.CONFIRM] = _confirming(situation, clocks[Clock.CONFIRM])
    received, closed = dates(situation, Field.RECEIVED_AT), dates(situation, Field.CLOSED_AT)
    calendar = _calendar(situation)
    asked = in_cycle(situation, Field.CONFIRM_SENT_AT)
    counts = pd.to_numeric(frame[Field.REOPENED], errors="coerce").fillna(0).to_numpy(dtype=np.int64)
    scores = pd.to_numeric(frame[Field.SATISFACTION], errors="coerce").to_numpy(dtype=np.float64, copy=True)
    scores[~answered(situation, Field.SATISFACTION)] = np.nan
    cause = _texts(situation, Field.CAUSE_CODE)
    cause[np.asarray(cause == CauseCode.UNKNOWN.value, bool)] = None
    batch = _texts(situation, Field.BATCH)
    batch[[each is not None and each.lower() in UNKNOWN for each in batch.tolist()]] = None
    return Rows(
        ids=_texts(situation, Field.ID),
        received_at=received,
        closed_at=closed,
        merged=has(situation, Field.MASTER).copy(),
        level=_texts(situation, Field.LEVEL),
        product=_texts(situation, Field.PRODUCT),
        model=_texts(situation, Field.MODEL),
        batch=batch,
        category=_texts(situation, Field.CATEGORY),
        fault=_texts(situation, Field.FAULT),
        cause=cause,
        department=_texts(situation, Field.DEPARTMENT),
        close_by=clocks[Clock.RESOLVE].due if clocks else np.full(len(frame), NAT),
        cycle_days=_days_to(situation, closed),
        age_days=_age(calendar, received, now),
        fixed_at=np.where(implemented(situation), whole_day(dates(situation, Field.IMPLEMENTED_AT)), NAT),
        asked_at=np.where(asked, dates(situation, Field.CONFIRM_SENT_AT), NAT),
        satisfaction=scores,
        reopened=counts,
        clocks=clocks,
        rules=dict(_rules(situation)),
    )


def _confirming(situation: Situation, clock: ClockColumns) -> ClockColumns:
    """The clock of confirmations, which only an answer stops: a row closed over the reporter's silence has missed it.

    One that was closed before it was due, without an answer, says nothing either way.
    """
    said = answered(situation, Field.CONFIRMATION)
    cycles, facts = (situation.memory.facts_named(name) for name in (FactName.CYCLE, FactName.CONFIRMED_AT))
    known = {id: moment for id, (cycle, moment) in facts.items() if cycle == int(cycles.get(id, 1))}
    moments = np.array([known.get(id) for id in situation.frame[Field.ID].tolist()], "M8[s]")
    closed = dates(situation, Field.CLOSED_AT)
    moments = np.where(np.isnat(moments) & (closed <= clock.due), closed, moments)  # it came before the row was closed
    silent = ~said & ~(closed < clock.due)
    return ClockColumns(clock.start, clock.due, np.where(said, moments, NAT), silent & ~np.isnat(clock.start))


def _texts(situation: Situation, field: Field) -> Texts:
    """A column of texts, None where the cell is empty; a copy."""
    column = situation.frame[field]
    texts = column.to_numpy(dtype=object, copy=True)
    texts[~has(situation, field)] = None
    return texts


def _days_to(situation: Situation, closed: Times) -> Numbers:
    """Working days from receipt to closing, without pauses."""
    calendar, received = _calendar(situation), dates(situation, Field.RECEIVED_AT)
    seconds = calendar.working_between(received, closed) - _paused(situation, calendar, received, closed)
    return np.asarray(seconds / calendar.standard_day_seconds, np.float64)


def _paused(situation: Situation, calendar: WorkCalendar, received: Times, closed: Times) -> npt.NDArray[np.float64]:
    """Working seconds between receipt and closing that pauses cover, each moment once."""
    spent, covered = np.zeros(len(received)), received.copy()
    for each in pause_rounds(situation):
        at = each.positions
        begins = np.fmax(each.begins, covered[at])
        ends = np.fmin(np.where(np.isnat(each.ends), closed[at], each.ends), closed[at])
        counts = begins < ends
        at, begins, ends = at[counts], begins[counts], ends[counts]
        spent[at] += calendar.working_between(begins, ends)
        covered[at] = ends
    return spent


def _rules(situation: Situation) -> Iterable[tuple[str, RuleColumns]]:
    """What grading and assignment said of each row, and what holds."""
    for key, (column, chosen) in JUDGED.items():
        table: DecisionTable | None = getattr(situation.rulebook, key)
        if table is None:
            continue
        evaluation = decided(situation, table)
        matched = evaluation.spread([result.matched[0] if result.matched else None for result in evaluation.results])
        said = evaluation.spread([_output(result.output, chosen) for result in evaluation.results])
        if column is not None:  # a level that was raised after a reopening is what the program suggests
            noted = _texts(situation, column)
            said = np.where(has(situation, column), noted, said)
        rules = tuple(rule.identifier for rule in table.rules)
        yield key, RuleColumns(rules, matched, said, _texts(situation, chosen))


def _output(output: Any, field: Field) -> Any:
    """The part of an output that became the field."""
    if not isinstance(output, dict):
        return output
    return output.get(field.value, next(iter(output.values()), None))


def _with_levels(rows: Rows, situation: Situation) -> Rows:
    """With the levels that rows had before, as far as runs noted them."""
    said = situation.memory.fact("", FactName.LEVELS_SINCE)
    if said is None:
        return rows
    noted = situation.memory.facts_named(FactName.LEVELS)
    places = {id: at for at, id in enumerate(rows.ids.tolist()) if id in noted}
    past = [
        (places[id], until, CODES.get(level, CODES[None]))
        for id, steps in noted.items() if id in places
        for (_, level), (until, _) in pairwise(steps)
    ]  # fmt: skip
    history = LevelHistory(
        np.datetime64(said[0], "s"),
        dates(situation, Field.ASSESSED_AT),
        np.array([at for at, _, _ in past], np.intp),
        np.array([until for _, until, _ in past], "M8[s]"),
        np.array([code for _, _, code in past], np.int8),
    )
    return replace(rows, levels=history)


def _with_cycles(rows: Rows, situation: Situation, past: Past) -> Rows:
    """With the cycles that ended. A final reply that no run wrote may still stand in the cell that it stood in."""
    if not past.cycles:
        return rows
    place = {id: at for at, id in enumerate(rows.ids.tolist())}
    cells = dates(situation, Field.REPLIED_AT)[kept_rows(situation)]
    found = [(place[id], each) for id, cycles in past.cycles.items() if id in place for each in cycles]
    row = np.array([at for at, _ in found], np.intp)
    closed, reopened, replied = (
        np.array([getattr(each, name) for _, each in found], "M8[s]") for name in ("closed", "reopened", "replied")
    )
    replied = np.where(np.isnat(replied) & (cells[row] < reopened), cells[row], replied)
    return replace(rows, cycles=EarlierCycles(row, closed, reopened, replied))


def _with_dues(rows: Rows, past: Past) -> Rows:
    if not past.dues:
        return rows
    place = {id: at for at, id in enumerate(rows.ids.tolist())}
    found = [(place[id], *step) for id, steps in past.dues.items() if id in place for step in steps]
    row = np.array([at for at, _, _ in found], np.intp)
    since, due = (np.array([each[part] for each in found], "M8[s]") for part in (1, 2))
    return replace(rows, dues=DueHistory(row, since, due))
