"""The step that notes when something was learnt: 临时措施时间 and 验证时间 of what people typed without a time. Pure.

The moment of the run is the best that is known of a cell. A time the program wrote beside a result is renewed when the
result changes; one that a person typed stays. What stood there before the program began to note such moments gets
none: nobody knows it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from ...choices import VerifyResult
from ...fields import Field
from ...plan import CellEdit, FactName, Phrase, Plan, Remember, Severity
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ..case import Case, cases
from ..outcomes import implemented, lacks_later_verification
from ..propose import propose, was_ours, written_dates
from ..situation import Situation
from ..standing import has, live, numbered, of_ids, quiet, values


def learn(situation: Situation) -> Plan:
    """contained_at and verified_at (PA); the facts of what was last seen; a finding where a later time is lacking."""
    rows = live(situation) & numbered(situation) & ~quiet(situation)
    seen = list(situation.memory.facts_named(FactName.VERIFIED))
    judged = has(situation, Field.VERIFY_RESULT) | of_ids(situation, seen)
    ours, begun = was_ours(situation, Field.VERIFIED_AT), _begun(situation)
    plan = Plan.join(
        _verified(case, renews=bool(ours[case.place]), first=not begun) for case in cases(situation, rows & judged)
    )
    contained = rows & has(situation, Field.CONTAINMENT)
    untimed = situation.memory.fact("", FactName.UNTIMED)
    if untimed is None:
        late = contained & ~has(situation, Field.CONTAINED_AT) & (not begun)
        untimed = values(situation, Field.ID)[late].tolist()
        plan += Plan(facts=(Remember("", FactName.UNTIMED, untimed),))
    contained &= ~of_ids(situation, untimed)
    had = written_dates(situation, Field.CONTAINED_AT)  # an older copy gets it back
    moments = np.where(np.isnat(had), np.datetime64(_moment(situation), "s"), had)
    plan += propose(situation, Field.CONTAINED_AT, moments, Phrase("because.learnt"), rows=contained)
    known = situation.with_facts(plan.facts).with_edits(plan.edits)
    lacking = rows & implemented(known) & lacks_later_verification(known)
    return plan + Plan(
        tuple(
            case.finding("QT360", Severity.WARNING, Field.VERIFIED_AT, done=case.value(Field.IMPLEMENTED_AT))
            for case in cases(known, lacking)
        )
    )


def _begun(situation: Situation) -> bool:
    """Whether the program has looked after these moments since it first wrote in this book."""
    return situation.memory.fresh or situation.memory.fact("", FactName.UNTIMED) is not None


def _moment(situation: Situation) -> dt.datetime:
    return situation.now.replace(microsecond=0)


def _verified(case: Case, *, renews: bool, first: bool) -> Plan:
    """When the result was learnt, once for each change of it.

    Args:
        case: A row.
        renews: The time beside the result is the program's.
        first: Nobody knows since when the result stands there; only a failure gets a time, from which it can be over.
    """
    result, seen = case.value(Field.VERIFY_RESULT), case.fact(FactName.VERIFIED)
    before, had_failed = (None, False) if seen is None else seen
    if result == before:
        return Plan()
    now = [result, had_failed or result == VerifyResult.FAILED]
    edits = () if first and result != VerifyResult.FAILED else tuple(_dated(case, renews and seen is not None))
    return Plan(edits=edits, facts=(case.remember(FactName.VERIFIED, now),))


def _dated(case: Case, renews: bool) -> Iterator[CellEdit]:
    held = case.value(Field.VERIFIED_AT)
    if case.cell(Field.VERIFIED_AT) is None or case.is_wrong(Field.VERIFIED_AT):
        return
    if case.value(Field.VERIFY_RESULT) is not None and (held is None or renews):
        yield case.edit(Field.VERIFIED_AT, _told_before(case) or _moment(case.situation), Phrase("because.learnt"))


def _told_before(case: Case) -> dt.datetime | None:
    """When the owner was told of a failure that had no time: it was learnt then."""
    sent = case.situation.memory.sent.get(MessageKey.about(MailKind.NOT_VERIFIED, case.id, "failed"))
    first = case.fact(FactName.VERIFIED) is None and case.value(Field.VERIFY_RESULT) == VerifyResult.FAILED
    return None if sent is None or not first else sent.at
