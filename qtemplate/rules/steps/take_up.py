"""The step that takes up what delivery and returned forms have changed: transferred_at, accepted_at, returned. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from ...fields import Field
from ...plan import CellEdit, FactName, Phrase, Plan, Remember
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ..case import Case, cases
from ..propose import missing_mask, propose, was_ours
from ..returned.decisions import carry_out
from ..returned.take import take_answers
from ..situation import Situation
from ..standing import Mask, has, in_cycle, moments_by_id, of_ids, values
from ..transfers import handed_over, open_returns, returned_keys


def take_up(situation: Situation) -> Plan:
    """Writes what the outbox and the forms know about each row into its cells."""
    decided = carry_out(situation)
    answered = decided + take_answers(situation.with_edits(decided.edits))
    situation = situation.with_edits(decided.edits).with_facts(answered.facts)
    memory, ids = situation.memory, values(situation, Field.ID)
    back, over = returned_keys(memory), handed_over(situation)
    passed_on = frozenset(ids[over].tolist())
    sent = _transferred(situation, back, passed_on)
    known, returned = memory.facts_named(FactName.ACCEPTED_AT), memory.facts_named(FactName.RETURNED)
    accepted = {id: value for id, value in known.items() if id not in passed_on}
    plan = answered + open_returns(situation) + _passed_on(situation, over, known)
    for field, moments_of, because in (
        (Field.TRANSFERRED_AT, sent, "because.transferred"),
        (Field.ACCEPTED_AT, accepted, "because.form"),
    ):
        if moments_of:
            moments = moments_by_id(situation, moments_of)
            plan += propose(situation, field, moments, Phrase(because), rows=~np.isnat(moments))
    if returned:
        counts = np.array([returned.get(id) for id in ids.tolist()], dtype=object)
        plan += propose(situation, Field.RETURNED, counts, Phrase("because.form"), rows=~missing_mask(counts))
    plan += _accepted_again(situation, accepted)
    waiting = {key.id for key in back} - set(sent) - passed_on
    return plan + _handed_back(situation, of_ids(situation, waiting))


def _transferred(
    situation: Situation, back: Collection[MessageKey], passed_on: Collection[str]
) -> dict[str, dt.datetime]:
    """Id -> when its latest transfer went out, without those that came back or went to somebody else since."""
    sent: dict[str, dt.datetime] = {}
    for key, id, at in situation.memory.went(MailKind.TRANSFER):
        if key not in back:
            sent[id] = max(sent.get(id, at), at)
    return {id: at for id, at in sent.items() if id not in passed_on}


def _accepted_again(situation: Situation, accepted: Mapping[str, str]) -> Plan:
    """After a reopening the acceptance of the earlier cycle gives way to that of this one."""
    edits = []
    stale = has(situation, Field.ACCEPTED_AT) & ~in_cycle(situation, Field.ACCEPTED_AT)
    for case in cases(situation, stale):
        at = accepted.get(case.id)
        if at is not None and at >= case.fact(FactName.REOPENED_AT) and case.cell(Field.ACCEPTED_AT) is not None:
            edits.append(case.edit(Field.ACCEPTED_AT, dt.datetime.fromisoformat(at), Phrase("because.form")))
    return Plan(edits=tuple(edits))


def _handed_back(situation: Situation, rows: Mask) -> Plan:
    """A row that came back is no longer transferred, nor accepted, until it goes to somebody else."""
    keys = (Field.TRANSFERRED_AT, Field.ACCEPTED_AT)
    because = Phrase("because.handed_back")
    return Plan(edits=tuple(edit for case in cases(situation, rows) for edit in _emptied(case, keys, because)))


def _passed_on(situation: Situation, over: Mask, accepted: Mapping[str, str]) -> Plan:
    """A row given to somebody else has not been transferred to them yet, and the former owner's acceptance is void.

    An acceptance that a person typed stays: it may be the new owner's.
    """
    edits: list[CellEdit] = []
    facts: list[Remember] = []
    ours = was_ours(situation, Field.ACCEPTED_AT)
    for case in cases(situation, over):
        if case.id in accepted:
            facts.append(case.remember(FactName.ACCEPTED_AT, None))
        keys = (Field.TRANSFERRED_AT, *([Field.ACCEPTED_AT] if ours[case.place] else []))
        edits += _emptied(case, keys, Phrase("because.passed_on"))
    return Plan(edits=tuple(edits), facts=tuple(facts))


def _emptied(case: Case, keys: Sequence[Field], because: Phrase) -> Iterator[CellEdit]:
    for key in keys:
        if case.value(key) is not None and case.cell(key) is not None:
            yield case.edit(key, None, because)
