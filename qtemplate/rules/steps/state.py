"""The step that derives the state from the facts of the row: closing by gates, watch date, status, pauses. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from ...choices import Clock, Level, Status
from ...fields import Field
from ...plan import FactName, NewRow, Phrase, Plan, Remember, Severity, SheetCell
from ..case import Case, cases
from ..merging import masters
from ..outcomes import confirmed, failed, implemented, verified
from ..owed import end_owed, is_owed
from ..propose import Cells, of_older_copy, propose, same_mask, was_ours, written_dates
from ..rulebook import Pause
from ..situation import Situation
from ..standing import (
    Mask,
    Moments,
    dates,
    ends_without_solution,
    equals,
    explained,
    has,
    in_cycle,
    in_rows,
    incomplete,
    level_in,
    numbered,
    replied,
    rows_by_id,
    values,
)
from ..workdays import DAY, NAT
from .gates import lacking


def state(situation: Situation) -> Plan:
    """closed_at (A), watch_until (S), status (S), and rows of 暂停记录."""
    before = _watch(situation)
    situation = situation.with_edits(before.edits)
    closing = _closing(situation)
    situation = situation.with_edits(closing.edits)
    return before + closing + _watch(situation) + _status(situation)


def _closing(situation: Situation) -> Plan:
    """closed_at once 关闭方式 is chosen and the gates hold; it stays while 关闭方式 stays."""
    chosen = has(situation, Field.CLOSE_TYPE) & numbered(situation)
    written = written_dates(situation, Field.CLOSED_AT)
    current = dates(situation, Field.CLOSED_AT)
    kept = np.where(np.isnat(written), current, written)  # typed over: ours is put back; no baseline: what stands
    undone = ~np.isnat(written) & np.isnat(current) & ~of_older_copy(situation)
    began = in_cycle(situation, Field.CLOSED_AT) | np.isnat(current)
    closed = np.where(chosen & began & ~undone, kept, NAT)
    passes = chosen & np.isnat(closed)
    gaps = lacking(situation, passes)
    passes[list(gaps)] = False
    closed[passes] = _moment(situation)
    closed = _with_masters(situation, closed)
    over = in_rows(situation, situation.register.past)  # a column of theirs says when
    closed = np.where(over, current, closed)
    findings = tuple(
        case.finding("QT820", Severity.WARNING, Field.CLOSE_TYPE, lacking=gaps.get(case.place, []))
        for case in cases(situation, chosen & np.isnat(closed))
    )
    return Plan(findings) + propose(situation, Field.CLOSED_AT, closed, Phrase("because.closing"))


def _with_masters(situation: Situation, closed: Moments) -> Moments:
    """The times of closing, a follower's being its master's where it was not closed by itself."""
    led, rows = masters(situation), rows_by_id(situation)
    if not led:
        return closed
    above = np.full(len(closed), NAT)
    above[list(led)] = closed[situation.frame.index.get_indexer(pd.Index([rows[master] for master in led.values()]))]
    return np.where(np.isnat(closed), above, closed)


def _moment(situation: Situation) -> dt.datetime:
    return situation.now.replace(microsecond=0)


def _watch(situation: Situation) -> Plan:
    """watch_until: closed plus the days of the watch clock; normal rows only when they are a recurrence.

    Suggested once 关闭方式 is chosen, counted from that day, and from the closing once it is closed.
    """
    closed = dates(situation, Field.CLOSED_AT)
    chosen = has(situation, Field.CLOSE_TYPE) & numbered(situation) & ~has(situation, Field.WATCH_UNTIL)
    closed = np.where(np.isnat(closed) & chosen, np.datetime64(_moment(situation), "s"), closed)
    day, until = closed.astype("M8[D]").astype("M8[s]"), np.full(len(closed), NAT)
    for level in Level:
        limit = situation.rulebook.limits.get((Clock.WATCH, level))
        if limit is None:
            continue
        rows = level_in(situation, level) & ~np.isnat(closed) & ~explained(situation)
        rows &= ~has(situation, Field.MASTER)
        if level in (Level.NORMAL, Level.MINOR):
            rows &= has(situation, Field.RELATED)
        until[rows] = day[rows] + np.timedelta64(int(limit.number * DAY), "s")
    return propose(situation, Field.WATCH_UNTIL, until, Phrase("because.watch"), rows=~np.isnat(until))


def derive(situation: Situation) -> Cells:
    """The status that follows from the facts of each row; only a person sets it to waiting for others."""
    minor, short = level_in(situation, Level.MINOR), explained(situation)
    declined = ends_without_solution(situation) & replied(situation)
    skip_work = short | declined
    done = implemented(situation)
    handed = has(situation, Field.TRANSFERRED_AT) | has(situation, Field.ACCEPTED_AT) | done
    conditions = (
        (Status.MERGED, has(situation, Field.MASTER)),
        (Status.CLOSED, has(situation, Field.CLOSED_AT)),
        (Status.INCOMPLETE, incomplete(situation)),
        (Status.TO_ASSESS, ~has(situation, Field.LEVEL)),
        (Status.TO_TRANSFER, ~handed & ~skip_work),
        (Status.IN_WORK, (~done | failed(situation)) & ~skip_work),
        (Status.TO_VERIFY, ~verified(situation) & ~minor & ~skip_work),
        (Status.TO_REPLY, ~replied(situation)),
        (Status.TO_CONFIRM, ~confirmed(situation) & ~minor & ~short & ~declined),
    )
    states = np.full(len(done), Status.TO_CLOSE.value, dtype=object)
    for status, mask in reversed(conditions):
        states[mask] = status.value
    states[~numbered(situation)] = None
    return states


def _status(situation: Situation) -> Plan:
    derived = derive(situation)
    typed = has(situation, Field.STATUS) & ~was_ours(situation, Field.STATUS) & numbered(situation)
    typed &= ~same_mask(values(situation, Field.STATUS), derived)
    ended = has(situation, Field.MASTER) | has(situation, Field.CLOSED_AT)
    waiting = equals(situation, Field.STATUS, Status.WAITING) & numbered(situation) & ~ended
    held = np.zeros(len(derived), dtype=bool)
    plans: list[Plan] = []
    for case in cases(situation, typed & ~waiting):
        plan, held[case.place] = _typed(case, str(derived[case.place]))
        plans.append(plan)
    free = ~held & ~waiting & ~typed
    carried = propose(situation, Field.STATUS, derived, Phrase("because.state"), rows=free)
    return Plan.join(plans) + carried + _pauses(situation, waiting)


def _typed(case: Case, carried: str) -> tuple[Plan, bool]:
    """A state that a person typed, and whether it still holds: it does until the state that the facts imply changes."""
    word, resting = str(case.value(Field.STATUS)), case.fact(FactName.STATUS_TYPED)
    if word == Status.WAITING:  # merged or closed: there is nothing left to wait for
        return Plan(edits=(case.edit(Field.STATUS, carried, Phrase("because.state")),)), False
    facts: tuple[Remember, ...] = ()
    if resting is None or resting[0] != word:
        facts = (case.remember(FactName.STATUS_TYPED, [word, carried]),)
    elif resting[1] != carried:
        released = case.edit(Field.STATUS, carried, Phrase("because.status_released"))
        return Plan(edits=(released,), facts=(case.remember(FactName.STATUS_TYPED, None),)), False
    told = case.finding("QT810", Severity.WARNING, Field.STATUS, carried=_label(carried))
    return Plan((told,), facts=facts), True


def _label(code: str) -> Status:
    return next(status for status in Status if status == code)


def _pauses(situation: Situation, waiting: Mask) -> Plan:
    """A row that begins to wait opens a pause; when a person ends the waiting, the pause ends."""
    open_pauses = {pause.id: pause for pause in situation.rulebook.pauses if pause.end is None}
    older = of_older_copy(situation)
    begun = [
        _begun(case)
        for case in cases(situation, waiting)
        if case.id not in open_pauses and (case.fact(FactName.PAUSED) is None or older[case.place])
    ]
    return Plan.join([*begun, _ended(situation, waiting, open_pauses)])


def _begun(case: Case) -> Plan:
    """A new row of 暂停记录; a pause that an older copy has lost keeps its beginning."""
    began = case.fact(FactName.PAUSED)
    since = _moment(case.situation) if began is None else dt.datetime.fromisoformat(began)
    reason = case.value(Field.NOTES) or Status.WAITING.label(case.situation.register.language)
    cells = {"id": case.id, "from": since, "to": None, "reason": reason}
    row = NewRow("pauses", case.id, f"pause/{case.id}/{since.isoformat()}", cells)
    return Plan(rows=(row,), facts=(case.remember(FactName.PAUSED, since.isoformat()),))


def _ended(situation: Situation, waiting: Mask, open_pauses: Mapping[str, Pause]) -> Plan:
    """Ends the pauses of rows that no longer wait."""
    memory, moment = situation.memory, _moment(situation)
    resumed = rows_by_id(situation).keys() - set(values(situation, Field.ID)[waiting].tolist())
    known = "pauses" not in situation.rulebook.unread
    cells: list[SheetCell] = []
    facts: list[Remember] = []
    for (id, name), value in memory.facts.items():
        if name == FactName.PAUSE_OVER and (id not in resumed or (known and id not in open_pauses)):
            facts.append(Remember(id, FactName.PAUSE_OVER, None))
        if name != FactName.PAUSED or not value or id not in resumed:
            continue
        pause = open_pauses.get(id)
        if pause is None:
            facts += [Remember(id, FactName.PAUSED, None)] if known else []
        elif is_owed(pause, memory):
            facts += [end_owed(pause, moment), Remember(id, FactName.PAUSED, None)]
        else:  # forgotten once the sheet shows the end: until then the cell may have been refused
            over = memory.fact(id, FactName.PAUSE_OVER)
            end = dt.datetime.fromisoformat(over) if over else moment
            if known:
                cells.append(SheetCell("pauses", pause.row, "to", None, end, Phrase("because.waiting_over")))
            facts += [] if over else [Remember(id, FactName.PAUSE_OVER, end.isoformat())]
    return Plan(cells=tuple(cells), facts=tuple(facts))
