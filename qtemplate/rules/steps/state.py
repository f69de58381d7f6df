"""Last step, state: status from the facts of the row, closing by gates, watch date, pauses. Pure."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from ...choices import Clock, Level, ReplyType, Status
from ...fields import Field
from ...plan import CellEdit, FactName, Finding, Memory, NewRow, Phrase, Plan, Remember, Severity, SheetCell
from ...register import Register
from ..around.owed import end_owed, is_owed
from ..propose import finding, of_older_copy, propose, same_mask, was_ours, written_values
from ..rulebook import RuleBook
from ..standing import (
    confirmed,
    equals,
    explained,
    has,
    in_cycle,
    incomplete,
    level_in,
    numbered,
    replied,
    rows_by_id,
    verified,
)
from .gates import lacking


def state(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """closed_at (A), watch_until (S), status (S), and rows of 暂停记录."""
    closing = _closing(register, rulebook, memory, now)
    register = register.with_values(_values(closing))
    return closing + _watch(register, rulebook, memory) + _status(register, rulebook, memory, now)


def _values(plan: Plan) -> dict[str, dict[int, object]]:
    changes: dict[str, dict[int, object]] = {}
    for edit in plan.edits:
        changes.setdefault(edit.field, {})[edit.row] = edit.after
    return changes


def _closing(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """closed_at once 关闭方式 is chosen and the gates hold; it stays while 关闭方式 stays."""
    frame = register.frame
    chosen = has(register, Field.CLOSE_TYPE) & numbered(register)
    written = pd.to_datetime(written_values(register, memory, Field.CLOSED_AT)).astype("datetime64[s]")
    current = frame[Field.CLOSED_AT]
    kept = current.where(written.isna(), written)  # typed over: ours is put back; no baseline: what stands is taken
    undone = written.notna() & current.isna() & ~of_older_copy(register, memory)
    gaps = lacking(register, rulebook, memory)
    passes = chosen.copy()
    passes[list(gaps)] = False
    began = in_cycle(register, memory, Field.CLOSED_AT) | current.isna().to_numpy()
    moment = pd.Series(np.datetime64(now.replace(microsecond=0), "s"), index=frame.index)
    closed = kept.where(~undone, pd.NaT).where(chosen & began, pd.NaT)
    closed = closed.where(closed.notna() | ~passes, moment)
    findings = []
    for place in np.flatnonzero(chosen & closed.isna().to_numpy()).tolist():
        findings.append(
            finding(
                register,
                "QT820",
                Severity.WARNING,
                int(frame.index[place]),
                Field.CLOSE_TYPE,
                lacking=gaps.get(place, []),
            )
        )
    return Plan(tuple(findings)) + propose(register, memory, Field.CLOSED_AT, closed, Phrase("because.closing"))


def _watch(register: Register, rulebook: RuleBook, memory: Memory) -> Plan:
    """watch_until: closed plus the days of the watch clock; normal rows only when they are a recurrence."""
    closed = register.frame[Field.CLOSED_AT]
    until = pd.Series(pd.NaT, index=closed.index, dtype="datetime64[s]")
    for level in Level:
        limit = rulebook.limits.get((Clock.WATCH, level))
        if limit is None:
            continue
        rows = level_in(register, level) & closed.notna().to_numpy() & ~explained(register)
        if level in (Level.NORMAL, Level.MINOR):
            rows &= has(register, Field.RELATED)
        until = until.where(~rows, (closed.dt.normalize() + pd.Timedelta(days=limit.number)).astype("datetime64[s]"))
    return propose(register, memory, Field.WATCH_UNTIL, until, Phrase("because.watch"), rows=until.notna().to_numpy())


def derive(register: Register, rulebook: RuleBook, memory: Memory) -> pd.Series:
    """The status the facts carry, per row, in the order of the procedure; waiting for others is a person's word."""
    frame = register.frame
    minor, short = level_in(register, Level.MINOR), explained(register)
    declined = equals(register, Field.REPLY_TYPE, ReplyType.DECLINED) & replied(register, memory)
    skip_work = short | declined
    done = in_cycle(register, memory, Field.IMPLEMENTED_AT)
    handed = has(register, Field.TRANSFERRED_AT) | has(register, Field.ACCEPTED_AT) | done
    conditions = (
        (Status.MERGED, has(register, Field.MASTER)),
        (Status.CLOSED, has(register, Field.CLOSED_AT)),
        (Status.INCOMPLETE, incomplete(register, rulebook)),
        (Status.TO_ASSESS, ~has(register, Field.LEVEL)),
        (Status.TO_TRANSFER, ~handed & ~skip_work),
        (Status.IN_WORK, ~done & ~skip_work),
        (Status.TO_VERIFY, ~verified(register) & ~minor & ~skip_work),
        (Status.TO_REPLY, ~replied(register, memory)),
        (Status.TO_CONFIRM, ~confirmed(register) & ~minor & ~short & ~declined),
    )
    codes = np.select(
        [mask for _, mask in conditions], [status.value for status, _ in conditions], default=Status.TO_CLOSE.value
    )
    return pd.Series(codes.astype(object), index=frame.index).where(numbered(register), None)


def _status(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    frame = register.frame
    derived = derive(register, rulebook, memory)
    typed = has(register, Field.STATUS) & ~was_ours(register, memory, Field.STATUS) & numbered(register)
    typed &= ~same_mask(frame[Field.STATUS], derived)
    ended = has(register, Field.MASTER) | has(register, Field.CLOSED_AT)
    waiting = equals(register, Field.STATUS, Status.WAITING) & numbered(register) & ~ended
    held = np.zeros(len(frame), dtype=bool)
    findings: list[Finding] = []
    facts: list[Remember] = []
    released: list[CellEdit] = []
    for place in np.flatnonzero(typed & ~waiting).tolist():
        row, id = int(frame.index[place]), str(frame[Field.ID].iat[place])
        word, carried = str(frame[Field.STATUS].iat[place]), str(derived.iat[place])
        resting = memory.fact(id, FactName.STATUS_TYPED)
        if word == Status.WAITING:  # merged or closed: there is nothing left to wait for
            released.append(CellEdit(row, id, Field.STATUS, word, carried, Phrase("because.state")))
            continue
        if resting is None or resting[0] != word:
            facts.append(Remember(id, FactName.STATUS_TYPED, [word, carried]))
        elif resting[1] != carried:
            facts.append(Remember(id, FactName.STATUS_TYPED, None))
            released.append(CellEdit(row, id, Field.STATUS, word, carried, Phrase("because.status_released")))
            continue
        held[place] = True
        findings.append(finding(register, "QT810", Severity.WARNING, row, Field.STATUS, carried=_label(carried)))
    plan = propose(register, memory, Field.STATUS, derived, Phrase("because.state"), rows=~held & ~waiting & ~typed)
    return (
        Plan(tuple(findings), tuple(released), facts=tuple(facts))
        + plan
        + _pauses(register, rulebook, memory, waiting, now)
    )


def _label(code: str) -> Status:
    return next(status for status in Status if status == code)


def _pauses(register: Register, rulebook: RuleBook, memory: Memory, waiting: np.ndarray, now: dt.datetime) -> Plan:
    """A row that begins to wait opens a pause; when a person ends the waiting, the pause ends."""
    frame = register.frame
    open_pauses = {pause.id: pause for pause in rulebook.pauses if pause.end is None}
    known = "pauses" not in rulebook.unread
    older = of_older_copy(register, memory)
    rows, cells, facts = [], [], []
    for row in (int(r) for r in frame.index[waiting]):
        id = str(register.value(row, Field.ID))
        began = memory.fact(id, FactName.PAUSED)
        if id not in open_pauses and (began is None or older[frame.index.get_loc(row)]):
            since = now.replace(microsecond=0) if began is None else dt.datetime.fromisoformat(began)
            rows.append(
                NewRow(
                    "pauses",
                    id,
                    f"pause/{id}/{since.isoformat()}",
                    {
                        "id": id,
                        "from": since,
                        "to": None,
                        "reason": register.value(row, Field.NOTES) or Status.WAITING.label(register.language),
                    },
                )
            )
            facts.append(Remember(id, FactName.PAUSED, since.isoformat()))
    resumed = rows_by_id(register).keys() - set(frame.loc[waiting, Field.ID])
    for (id, name), value in memory.facts.items():
        if name == FactName.PAUSE_OVER and (id not in resumed or (known and id not in open_pauses)):
            facts.append(Remember(id, FactName.PAUSE_OVER, None))
        if name != FactName.PAUSED or not value or id not in resumed:
            continue
        pause = open_pauses.get(id)
        if pause is None:
            facts += [Remember(id, FactName.PAUSED, None)] if known else []
        elif is_owed(pause, memory):
            facts += [end_owed(pause, now.replace(microsecond=0)), Remember(id, FactName.PAUSED, None)]
        else:  # forgotten once the sheet shows the end: until then the cell may have been refused
            over = memory.fact(id, FactName.PAUSE_OVER)
            end = dt.datetime.fromisoformat(over) if over else now.replace(microsecond=0)
            if known:
                cells.append(SheetCell("pauses", pause.row, "to", None, end, Phrase("because.waiting_over")))
            facts += [] if over else [Remember(id, FactName.PAUSE_OVER, end.isoformat())]
    return Plan(rows=tuple(rows), cells=tuple(cells), facts=tuple(facts))
