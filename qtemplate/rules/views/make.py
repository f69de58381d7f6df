"""The views of intake, assessment, owners, customer service: the feedback each role has work on today. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from msgspec import Struct

from ...choices import Clock, ReplyState, Status
from ...fields import Field
from ...plan import Phrase
from ...texts import say
from ..case import Case, case_at
from ..clocks.phrases import state_phrase
from ..clocks.times import ClockTable, clock_times
from ..digests.call_sheet import calls_of
from ..gaps import Gaps, find_gaps
from ..outcomes import failed
from ..situation import Situation
from ..standing import Mask, equals, examples, live, numbered
from ..steps.gates import lacking
from .role_clocks import pressing, role_clocks
from .todo import to_assess, to_record, to_say, to_solve

MOST_ROWS = 500
"""A view shows so many rows at the most; a last line says how many more there are."""

CLOCKS: Mapping[str, tuple[Clock, ...]] = {
    "view_intake": (Clock.RESPOND, Clock.ASSESS),
    "view_assess": (Clock.AUTHORITY, Clock.ASSESS, Clock.RESOLVE),
    "view_owner": (Clock.CONTAIN, Clock.ACCEPT, Clock.RESOLVE),
    "view_service": (Clock.RESPOND, Clock.UPDATE, Clock.RESOLVE, Clock.CONFIRM),
}
"""Layout key of a view -> the clocks its role carries."""

SHOWN: Mapping[str, tuple[Field, ...]] = {
    "view_intake": (
        Field.RECEIVED_AT,
        Field.CHANNEL,
        Field.REPORTER,
        Field.PRODUCT,
        Field.TITLE,
        Field.RECORDER,
    ),
    "view_assess": (Field.RECEIVED_AT, Field.PRODUCT, Field.TITLE, Field.SUGGESTED_LEVEL, Field.ASSESSOR),
    "view_owner": (
        Field.LEVEL,
        Field.PRODUCT,
        Field.TITLE,
        Field.PLANNED_AT,
        Field.OWNER,
        Field.VERIFIER,
        Field.DEPARTMENT,
    ),
    "view_service": (Field.LEVEL, Field.REPORTER, Field.TITLE, Field.STATUS, Field.REPLY_STATE, Field.CONTACT),
}
"""Layout key of a view -> the columns it shows; beside them id, clock, due time and what is to be done."""


class View(Struct, frozen=True):
    """One view.

    Attributes:
        rows: Column key -> value as the register shows it; id, clock, due and todo besides the fields. Overdue first.
        more: Rows that are not among them, since there are too many.
    """

    rows: tuple[Mapping[str, Any], ...]
    more: int = 0


Asked = Callable[[Case], Iterator[Phrase]]


class _Work(Struct, frozen=True):
    """The rows of a view, and what is asked about each."""

    rows: Mask
    asked: Asked


def make_views(after: Situation) -> dict[str, View]:
    """What each role has to do.

    Args:
        after: With the plan in force.

    Returns:
        Layout key of the view -> its rows. Who waits for others, is an example, or is over, is in none.
    """
    table, rows = clock_times(after), len(after.frame)
    past = after.frame.index.isin(list(after.register.past))
    active = live(after) & numbered(after) & ~examples(after) & ~past & ~equals(after, Field.STATUS, Status.WAITING)
    made, ids = {}, after.frame[Field.ID].to_numpy()
    for key, work in _works(after, active, table).items():
        clocks = role_clocks(table, CLOCKS[key], rows)
        places = clocks.in_order(work.rows, ids)
        shown = []
        for place in places[:MOST_ROWS].tolist():
            case = case_at(after, place)
            row = _values(case, SHOWN[key], work.asked(case))
            if (found := clocks.at(place)) is not None:
                clock, state = found
                row["clock"] = say(state_phrase(state, clock), after.register.language)
                row["due"] = clocks.due[place].item()
            shown.append(row)
        made[key] = View(tuple(shown), len(places) - len(shown))
    return made


def _values(case: Case, fields: tuple[Field, ...], asked: Iterator[Phrase]) -> dict[str, Any]:
    register = case.situation.register
    words = dict.fromkeys(say(each, register.language) for each in asked)
    said = say(Phrase("todo.and"), register.language).join(words)
    row: dict[str, Any] = {"id": case.id, "todo": f"{said[0].upper()}{said[1:]}" if said else None}
    return row | {str(field): register.written(field, case.value(field)) for field in fields}


def _works(after: Situation, active: Mask, table: ClockTable | None) -> dict[str, _Work]:
    rows = len(after.frame)
    gaps = {case.place: left for case, found in find_gaps(after, active) if (left := to_record(found)).fields}
    incomplete = np.zeros(rows, dtype=bool)
    incomplete[list(gaps)] = True
    authority = np.zeros(rows, dtype=bool) if table is None else table[Clock.AUTHORITY].running
    urging = {clock: pressing(table, clock, rows) for clock in (Clock.RESPOND, Clock.UPDATE, Clock.CONFIRM)}
    called = np.zeros(rows, dtype=bool)  # reporters whom no mail reaches; the others are asked by mail
    called[[case.place for case in calls_of(after).wanted(active)]] = True
    closing = active & equals(after, Field.STATUS, Status.TO_CLOSE)
    undone = lacking(after, closing & after.frame[Field.CLOSE_TYPE].notna().to_numpy(dtype=bool))
    service = closing | equals(after, Field.STATUS, Status.TO_REPLY)
    service |= urging[Clock.RESPOND] | urging[Clock.UPDATE] | urging[Clock.CONFIRM] | called
    service |= equals(after, Field.REPLY_STATE, ReplyState.WAITING, ReplyState.FAILED)

    def assess(case: Case) -> Iterator[Phrase]:
        yield from to_assess(case)
        if authority[case.place]:
            yield Phrase("view.authority")

    def serve(case: Case) -> Iterator[Phrase]:
        return to_say(case, urging, bool(called[case.place]), undone.get(case.place, ()))

    broken = failed(after)
    ready = equals(after, Field.STATUS, Status.TO_ASSESS, Status.TO_TRANSFER)
    owned = equals(after, Field.STATUS, Status.IN_WORK, Status.TO_VERIFY)
    return {
        "view_intake": _Work(incomplete, lambda case: _gaps(gaps[case.place])),
        "view_assess": _Work(active & (ready | authority), assess),
        "view_owner": _Work(active & owned, lambda case: to_solve(case, broken)),
        "view_service": _Work(active & service, serve),
    }


def _gaps(gaps: Gaps) -> Iterator[Phrase]:
    yield Phrase.of("view.names", fields=gaps.names)
