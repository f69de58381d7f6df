"""What the journal knows of transfers (M03): who got them, which came back, and which went to a former owner. Pure."""

from __future__ import annotations

import numpy as np

from ..fields import Field
from ..plan import FactName, Memory, Plan, Severity
from ..plan.keys import MessageKey
from ..plan.mail_kinds import MailKind
from ..register import is_missing
from .case import Case, case_by_id
from .outcomes import implemented
from .situation import Situation
from .standing import Mask, cycles, equals, explained, history, live, quiet


def transfer_key(case: Case, owner: object, cycle: int) -> MessageKey:
    """The key of the row's transfer to an owner of its department in a cycle."""
    return MessageKey.about(MailKind.TRANSFER, case.id, case.value(Field.DEPARTMENT), owner, cycle=cycle)


def transfer_of(case: Case) -> MessageKey:
    """Key of the transfer that the row's department and owner stand for."""
    return transfer_key(case, case.value(Field.OWNER), case.cycle)


def returned_keys(memory: Memory) -> frozenset[MessageKey]:
    """Transfers that came back."""
    returned = memory.facts_named(FactName.RETURNED_TRANSFERS).values()
    return frozenset(MessageKey.parse(key) for kept in returned for key, _ in kept)


def last_return(case: Case) -> tuple[str, str] | None:
    """Who handed the row back last in this cycle, and why; None where nobody did."""
    for text, why in reversed(case.fact(FactName.RETURNED_TRANSFERS, ())):
        key = MessageKey.parse(text)
        if key.cycle == case.cycle:
            return key.person, str(why)
    return None


def handed_over(situation: Situation) -> Mask:
    """Open rows that a person has given to another owner since: what went out in this cycle went to others only.

    A name that nobody in 人员 has is taken for a typing error, and a transfer that the journal has lost for the present
    owner's.
    """
    back, gone = returned_keys(situation.memory), dict[tuple[str, int | None], list[MessageKey]]()
    for key, id, _ in situation.memory.went(MailKind.TRANSFER):
        if key not in back:
            gone.setdefault((id, key.cycle), []).append(key)
    frame = situation.frame
    if not gone:
        return np.zeros(len(frame), dtype=bool)
    names = [person.name for person in situation.rulebook.people if person.active]
    over = live(situation) & equals(situation, Field.OWNER, *names) & ~explained(situation) & ~history(situation)
    over &= ~quiet(situation) & ~implemented(situation)
    ids, owners, cycle = frame[Field.ID].array, frame[Field.OWNER].array, cycles(situation)
    for place in np.flatnonzero(over).tolist():
        went = gone.get((ids[place], int(cycle[place])), ())
        over[place] = bool(went) and not any(key.is_for(owners[place]) for key in went)
    return over


def open_returns(situation: Situation) -> Plan:
    """A finding for every row that came back and still names the same department and owner."""
    found = []
    for id, kept in situation.memory.facts_named(FactName.RETURNED_TRANSFERS).items():
        case = case_by_id(situation, id)
        if case is None:
            continue
        reason = {str(key): str(why) for key, why in kept}.get(transfer_of(case))
        if reason is not None and is_missing(case.value(Field.CLOSED_AT)):
            found.append(case.finding("QT621", Severity.WARNING, Field.OWNER, reason=reason))
    return Plan(tuple(found))
