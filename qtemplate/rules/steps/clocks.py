"""The step that writes the clocks into the register: respond_by, update_by, resolve_by and 时限状态.

Pure. The times come from `clocks.times`; this module turns them into edits with their reasons, and into findings.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...choices import Clock, ClockState, Level
from ...fields import Field
from ...plan import Finding, Phrase, Plan, Severity
from ...texts import say
from ..clocks.facts import LEVELS, level_codes, row_positions
from ..clocks.phrases import limit_phrase, state_phrase
from ..clocks.times import NAMED, ClockTable, clock_times
from ..propose import propose
from ..rulebook import RuleBook
from ..situation import Situation

DUE_FIELDS = {
    # field -> its clock, and what the clock counts from
    Field.RESPOND_BY: (Clock.RESPOND, Phrase("clock.from_received")),
    Field.UPDATE_BY: (Clock.UPDATE, Phrase("clock.from_reply")),
    Field.RESOLVE_BY: (Clock.RESOLVE, Phrase("clock.from_cycle")),
}


def run_clocks(situation: Situation) -> Plan:
    """Edits that bring the due times and 时限状态 up to the moment.

    Args:
        situation: With level, transfer and replies as the earlier steps left them. Without a calendar (QT402) or
            limits (QT403) nothing is written.

    Returns:
        Edits in the order respond_by, update_by, resolve_by, clock; findings about years that are not confirmed
        (QT401, one a year) and pauses that cannot be counted (QT404, QT405).
    """
    table = clock_times(situation)
    if table is None:
        return Plan(tuple(_missing_rules(situation.rulebook)))
    plan = Plan((*_unconfirmed_years(table, situation.rulebook), *_odd_pauses(situation)))
    for field, (clock, since) in DUE_FIELDS.items():
        times = table[clock]
        due = times.due if clock is not Clock.UPDATE else np.where(times.running, times.due, np.datetime64("NaT", "s"))
        plan += propose(situation, field, due, _because(situation, clock, since))
    texts = _texts(table, situation.register.language)
    return plan + propose(situation, Field.CLOCK, texts, Phrase.of("clock.because_state", now=situation.now))


def _texts(table: ClockTable, language: str) -> npt.NDArray[Any]:
    """The text of 时限状态 per row; None where no clock says anything."""
    texts = np.full((len(ClockState) + 1, len(NAMED) + 1), None, dtype=object)  # the last ones are for none
    for at, state in enumerate(ClockState):
        texts[at] = [say(state_phrase(state, clock), language) for clock in (*NAMED, None)]
    return np.asarray(texts[table.code, table.named])


def _because(situation: Situation, clock: Clock, since: Phrase) -> npt.NDArray[np.object_]:
    """Why a due time is what it is, per row: clock, level, limit, and what it counts from."""
    phrases = np.full(len(LEVELS) + 1, None, dtype=object)
    for at, level in enumerate((*LEVELS, None)):
        limit = situation.rulebook.limits.get((clock, level or Level.NORMAL))
        name = level if level is not None else Phrase("clock.ungraded")
        if limit is None:
            phrases[at] = Phrase.of("clock.because_none", clock=clock, level=name)
        else:
            words = limit_phrase(limit, level is Level.URGENT)
            phrases[at] = Phrase.of("clock.because_due", clock=clock, level=name, limit=words, since=since)
    return np.asarray(phrases[level_codes(situation)])


def _missing_rules(rulebook: RuleBook) -> list[Finding]:
    findings = []
    if rulebook.calendar is None or not rulebook.calendar.standard_day_seconds:
        findings.append(Finding("QT402", Severity.ERROR))
    if not rulebook.limits:
        findings.append(Finding("QT403", Severity.ERROR))
    return findings


def _unconfirmed_years(table: ClockTable, rulebook: RuleBook) -> list[Finding]:
    """One finding per year that is not confirmed and holds due times of running clocks that count working time."""
    rows: dict[int, npt.NDArray[np.bool_]] = {}
    confirmed = rulebook.calendar.confirmed if rulebook.calendar is not None else frozenset()
    for times in table.times.values():
        counted = np.flatnonzero(times.running & ~times.natural & ~np.isnat(times.due))
        years = times.due[counted].astype("M8[Y]").astype(np.int64) + 1970
        for year in np.unique(years).tolist():
            if year not in confirmed:
                rows.setdefault(year, np.zeros(len(times.due), bool))[counted[years == year]] = True
    return [
        Finding("QT401", Severity.WARNING, None, str(year), (("year", str(year)), ("rows", int(rows[year].sum()))))
        for year in sorted(rows)
    ]


def _odd_pauses(situation: Situation) -> list[Finding]:
    """Rows of 暂停记录 that count for nothing: an end before the beginning, an id that the register does not have."""
    pauses = situation.rulebook.pauses
    known = row_positions(situation) if pauses else {}
    findings = []
    for pause in pauses:
        facts = (("row", pause.row), ("start", pause.start), ("end", pause.end))
        if pause.end is not None and pause.end < pause.start:
            findings.append(Finding("QT404", Severity.WARNING, None, "", facts, pause.id))
        elif pause.id not in known:
            findings.append(Finding("QT405", Severity.WARNING, None, pause.id, facts))
    return findings
