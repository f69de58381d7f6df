"""Columns that the register had at an earlier run and whose headers are gone: unknown, which is not empty. Pure.

A step that would decide from such a column rests: it makes no edit, no mail and no finding until the header is back. So
no level, state or date falls back because somebody renamed a header, and nobody is asked for what stands in the sheet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ...dmn.decision_table import DecisionTable
from ...fields import FIELDS, PUBLIC, Field
from ...plan import Finding, Severity
from ..clocks.facts import ASKED
from ..rulebook import RuleBook
from ..situation import Situation
from ..standing import asked_by

_LIVE = frozenset({Field.ID, Field.MASTER, Field.CLOSED_AT})

_CLOCKS = frozenset(ASKED)

_STATE = _CLOCKS | {
    Field.OWNER, Field.VERIFIER, Field.VERIFY_RESULT, Field.CLOSE_TYPE, Field.CHECK, Field.ROOT_CAUSE,
    Field.CAUSE_CODE, Field.PREVENTION, Field.OVERRIDE_REASON, Field.SATISFACTION, Field.ITERATION,
    Field.VERIFIED_AT, Field.LOW_SCORE_REVIEW,
}  # fmt: skip

NEEDS: dict[str, frozenset[Field]] = {
    "number": frozenset({Field.ID}),
    "take_up": _LIVE | {Field.ACCEPTED_AT, Field.RETURNED, Field.TRANSFERRED_AT},
    "reopen": _LIVE | {Field.CLOSE_TYPE, Field.CONFIRMATION, Field.REOPENED, Field.REPLIED_AT},
    "learn": _LIVE
    | {Field.CONTAINMENT, Field.CONTAINED_AT, Field.VERIFY_RESULT, Field.VERIFIED_AT, Field.IMPLEMENTED_AT},
    "recognise": _LIVE | {Field.TITLE, Field.DESCRIPTION, Field.MODEL, Field.RECEIVED_AT, Field.FAULT, Field.RELATED},
    "name_contacts": frozenset({Field.ID, Field.REPORTER_TYPE}),
    "duplicates": _LIVE
    | {Field.TITLE, Field.DESCRIPTION, Field.PRODUCT, Field.MODEL, Field.SERIAL, Field.REPORTER, Field.RECEIVED_AT},
    "grade": frozenset({Field.ID, Field.SAFETY, Field.LEVEL}),
    "assign": _LIVE
    | {Field.LEVEL, Field.AUTHENTICITY, Field.DEPARTMENT, Field.OWNER, Field.TRANSFERRED_AT, Field.ACCEPTED_AT},
    "prioritise": _LIVE | {Field.LEVEL, Field.DEPARTMENT, Field.IMPLEMENTED_AT},
    # an approval covers whatever a reply may say: without one of these columns it would seem to say something else
    "reply": _LIVE
    | frozenset(PUBLIC)
    | {Field.REPLY_TYPE, Field.REPLY_APPROVAL, Field.REPLIED_AT, Field.CONTACT_WAY, Field.EMAIL, Field.IMPLEMENTED_AT},
    "confirm": _CLOCKS | {Field.EMAIL, Field.OWNER},
    "run_clocks": _CLOCKS,
    "acknowledge": _LIVE | {Field.RECEIVED_AT, Field.EMAIL, Field.TITLE, Field.RESPONDED_AT, Field.REPLY_STATE},
    "state": _STATE,
    "tell_closed": _CLOCKS | {Field.EMAIL, Field.CLOSE_TYPE},
    "follow_up": _CLOCKS
    | {Field.DEPARTMENT, Field.OWNER, Field.VERIFIER, Field.VERIFY_METHOD, Field.VERIFY_RESULT, Field.VERIFIED_AT},
    "remind": _CLOCKS | {Field.DEPARTMENT, Field.OWNER, Field.ASSESSOR, Field.REPLY_STATE, Field.SNOOZE_UNTIL},
}  # fmt: skip
"""Step -> the columns from whose being empty it decides something. What a rule table asks for comes on top."""


def rests(step: str, situation: Situation) -> bool:
    """Whether a step would decide from a column that is unknown."""
    unknown = situation.memory.unknown
    if not unknown:
        return False
    asked = {name for table in _tables(step, situation.rulebook) for name in asked_by(table)}
    return any(key in NEEDS.get(step, ()) or key in asked for key in unknown)


def _tables(step: str, rulebook: RuleBook) -> Iterator[DecisionTable]:
    tables = {
        "grade": (rulebook.grading,),
        "assign": (rulebook.assignment,),
        "prioritise": (rulebook.priority, rulebook.points),
    }
    return (table for table in tables.get(step, ()) if table is not None)


def unknown_findings(situation: Situation) -> Iterator[Finding]:
    """One finding a column: its header, and the one that it most likely bears now."""
    for key, like in situation.memory.unknown.items():
        if key in situation.register.gone:
            continue  # the reader has named the header that the map of the workbook has for it
        code = "QT171" if like else "QT170"
        facts = (("like", like),) if like else ()
        yield Finding(code, Severity.ERROR, None, "", facts, None, FIELDS[key].value)


def told_once(findings: Iterable[Finding], unknown: Collection[str]) -> tuple[Finding, ...]:
    """What the reader noticed, without what it says of columns that are unknown."""
    return tuple(item for item in findings if not (item.code == "QT701" and item.field in unknown))
