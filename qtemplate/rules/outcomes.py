"""What counts of a row in its present cycle: implementation, verification, the reporter's answer. Pure.

What people typed in a cycle that was reopened stays in the cells; it is remembered and counts for nothing while it
stands there unchanged. Masks hold one element a row, in the order of the frame.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..choices import Confirmation, Reportable, VerifyResult
from ..fields import Field
from ..plan import FactName
from ..register import plain
from .answers import Same
from .contact_log import from_reporter, latest
from .situation import Situation
from .standing import (
    Mask,
    Moments,
    cycles,
    dates,
    equals,
    has,
    in_cycle,
    lay_by_id,
    moments_by_id,
    numbers,
    places_by_id,
    reopened_at,
    same_cells,
    values,
)
from .workdays import DAY

ANSWERS = (Field.CONFIRMATION, Field.SATISFACTION, Field.OPINION)
"""What a reporter says of a reply."""

OF_THE_CYCLE = (*ANSWERS, Field.IMPLEMENTED_AT, Field.VERIFY_RESULT)
"""What a reopening leaves in the cells, and remembers."""


def as_kept(value: Any) -> Any:
    """A value as a fact keeps it."""
    return value.isoformat() if isinstance(value, dt.date) else value


def from_earlier(situation: Situation, key: Field) -> Mask:
    """True where the cell still holds what it held when the row was reopened."""

    def look() -> Mask:
        places, mask = places_by_id(situation), np.zeros(len(situation.frame), dtype=bool)
        for id, kept in situation.memory.facts_named(FactName.EARLIER).items():
            if str(key) in kept and id in places:
                value = plain(values(situation, key)[places[id]])
                mask[places[id]] = value is not None and as_kept(value) == kept[str(key)]
        mask.setflags(write=False)
        return mask

    return situation.answers.once(("from earlier", Same(situation.memory.facts)), (Field.ID, key), look)


def answered(situation: Situation, key: Field) -> Mask:
    """True where the reporter's answer in `key` belongs to the present cycle.

    It does where the cell has changed since the reopening, or where 沟通记录 says that the reporter was heard of since,
    and not before this cycle's reply.
    """
    stale = from_earlier(situation, key)
    if stale.any():
        stale = stale & ~_heard_since(situation)
    return has(situation, key) & ~stale


def _heard_since(situation: Situation) -> Mask:
    def look() -> Mask:
        began, given = reopened_at(situation), dates(situation, Field.REPLIED_AT)
        since = np.where(given > began, given, began)
        heard: dict[str, dt.datetime] = {}
        for entry in situation.rulebook.contacts:
            if from_reporter(entry):
                heard[entry.id] = max(heard.get(entry.id, entry.at), latest(entry.at))
        return moments_by_id(situation, heard) > since

    what = ("heard since", Same(situation.rulebook.contacts, situation.memory.facts))
    return situation.answers.once(what, (Field.ID, Field.REPLIED_AT), look)


def confirmed(situation: Situation) -> Mask:
    """The reporter agreed, was silent long enough, or cannot be reached."""
    good = equals(situation, Field.CONFIRMATION, Confirmation.SOLVED, Confirmation.SILENT, Confirmation.UNREACHABLE)
    return good & answered(situation, Field.CONFIRMATION)


LOW = 2
"""A satisfaction up to here needs a word of the quality lead."""


def unreviewed(situation: Situation) -> Mask:
    """A low satisfaction of this cycle about which the quality lead has not decided; none without the column."""
    if Field.LOW_SCORE_REVIEW not in situation.register.columns:
        return np.zeros(len(situation.frame), dtype=bool)
    return low_score(situation) & ~has(situation, Field.LOW_SCORE_REVIEW)


def low_score(situation: Situation) -> Mask:
    """The reporter is dissatisfied."""
    return answered(situation, Field.SATISFACTION) & (numbers(situation, Field.SATISFACTION) <= LOW)


AUTHORITY = (Field.REPORTABLE, Field.REPORTED_AT, Field.REPORT_REASON)
"""Where people write what became of a safety hazard before the authority."""


def reported(situation: Situation) -> Mask:
    """A safety hazard was reported to the authority, or somebody decided not to and said why."""
    decided_not = equals(situation, Field.REPORTABLE, Reportable.NO) & has(situation, Field.REPORT_REASON)
    return has(situation, Field.REPORTED_AT) | decided_not


def implemented(situation: Situation) -> Mask:
    """True where 实施完成 belongs to the present cycle; a date alone counts to the end of its day."""
    before = whole_day(dates(situation, Field.IMPLEMENTED_AT)) < reopened_at(situation)
    return has(situation, Field.IMPLEMENTED_AT) & ~before & ~from_earlier(situation, Field.IMPLEMENTED_AT)


def failed(situation: Situation) -> Mask:
    """Verification failed, and nothing was implemented since."""
    judged = equals(situation, Field.VERIFY_RESULT, VerifyResult.FAILED) & ~_judged_earlier(situation)
    return judged & ~_later(situation, Field.IMPLEMENTED_AT, Field.VERIFIED_AT)


def to_verify_again(situation: Situation) -> Mask:
    """Verification had failed, and what was implemented since has not been verified."""
    judged = equals(situation, Field.VERIFY_RESULT, VerifyResult.FAILED) & ~_judged_earlier(situation)
    return judged & _later(situation, Field.IMPLEMENTED_AT, Field.VERIFIED_AT)


def verified(situation: Situation) -> Mask:
    """Verification passed, by somebody other than the owner; after a failure or a reopening not before 实施完成."""
    other = ~same_cells(situation, Field.VERIFIER, Field.OWNER)
    passed = equals(situation, Field.VERIFY_RESULT, VerifyResult.PASSED) & has(situation, Field.VERIFIER) & other
    return passed & ~lacks_later_verification(situation)


def lacks_later_verification(situation: Situation) -> Mask:
    """A result that does not count: its time is missing or not later than what was implemented anew."""
    again = equals(situation, Field.VERIFY_RESULT, VerifyResult.PASSED) & _anew(situation)
    return again & (_judged_earlier(situation) | ~_later(situation, Field.VERIFIED_AT, Field.IMPLEMENTED_AT))


def _anew(situation: Situation) -> Mask:
    """Rows that were reopened, or whose verification failed in this cycle."""

    def look() -> Mask:
        failures = {id: seen[1] for id, seen in situation.memory.facts_named(FactName.VERIFIED).items()}
        column = np.zeros(len(situation.frame), dtype=bool)
        lay_by_id(situation, column, failures)
        return column | (cycles(situation) > 1)

    return situation.answers.once(("done anew", Same(situation.memory.facts)), (Field.ID,), look)


def _judged_earlier(situation: Situation) -> Mask:
    """The result is of a cycle that is over: no time of the present one stands beside it."""
    return (cycles(situation) > 1) & ~in_cycle(situation, Field.VERIFIED_AT)


def _later(situation: Situation, late: Field, early: Field) -> Mask:
    """Both dates are known, and the first is later; 实施完成 without a time counts to the end of its day."""
    first, second = (
        whole_day(dates(situation, key)) if key is Field.IMPLEMENTED_AT else dates(situation, key)
        for key in (late, early)
    )
    return np.asarray(first > second)


def whole_day(moments: Moments) -> Moments:
    """A date alone as the last second of its day."""
    alone = moments == moments.astype("M8[D]")
    return np.where(alone, moments + np.timedelta64(DAY - 1, "s"), moments)


def kept_of(known: Mapping[str, Any]) -> dict[str, Any]:
    """What a reopening remembers, from values by field key."""
    return {str(key): as_kept(value) for key, value in known.items() if value is not None}
