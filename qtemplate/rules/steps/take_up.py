"""Step: take up what delivery and returned forms have changed: transferred_at, accepted_at, returned. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from ...fields import Field
from ...plan import CellEdit, FactName, Memory, Phrase, Plan, Remember
from ...register import Register
from ..around.form_answers import WENT, handed_over, open_returns, returned_keys, take_answers
from ..propose import propose, was_ours
from ..rulebook import RuleBook
from ..standing import has, in_cycle, moments_by_id


def take_up(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """What the outbox and the forms know of each row, written into its cells."""
    answered = take_answers(register, memory, now)
    memory = memory.with_facts(answered.facts)
    ids = register.frame[Field.ID]
    back = returned_keys(memory)
    sent: dict[str, dt.datetime] = {}
    for key, item in memory.sent.items():
        if key.startswith("M03/") and key not in back and item.state in WENT and item.at is not None:
            id = key.split("/")[1]
            sent[id] = max(sent.get(id, item.at), item.at)
    over = handed_over(register, rulebook, memory)
    passed_on = frozenset(ids[over])
    sent = {id: at for id, at in sent.items() if id not in passed_on}
    known = memory.facts_named(FactName.ACCEPTED_AT)
    accepted = {id: value for id, value in known.items() if id not in passed_on}
    returned = memory.facts_named(FactName.RETURNED)
    plan = answered + open_returns(register, memory) + _passed_on(register, memory, over, known)
    for field, moments_of, because in (
        (Field.TRANSFERRED_AT, sent, "because.transferred"),
        (Field.ACCEPTED_AT, accepted, "because.form"),
    ):
        if moments_of:
            moments = moments_by_id(register, moments_of)
            plan += propose(register, memory, field, moments, Phrase(because), rows=moments.notna())
    if returned:
        counts = pd.Series([returned.get(id) for id in ids.tolist()], index=ids.index, dtype=object)
        plan += propose(register, memory, Field.RETURNED, counts, Phrase("because.form"), rows=counts.notna())
    plan += _accepted_again(register, memory, accepted)
    waiting = {key.split("/")[1] for key in back} - set(sent) - passed_on
    return plan + _handed_back(register, ids.isin(waiting).to_numpy(dtype=bool, copy=True))


def _accepted_again(register: Register, memory: Memory, accepted: Mapping[str, str]) -> Plan:
    """After a reopening the acceptance of the earlier cycle gives way to that of this one."""
    edits = []
    stale = has(register, Field.ACCEPTED_AT) & ~in_cycle(register, memory, Field.ACCEPTED_AT)
    for row in (int(r) for r in register.frame.index[stale]):
        id, began = (
            str(register.value(row, Field.ID)),
            memory.fact(str(register.value(row, Field.ID)), FactName.REOPENED_AT),
        )
        if id in accepted and accepted[id] >= began and Field.ACCEPTED_AT in register.columns:
            held, moment = register.value(row, Field.ACCEPTED_AT), dt.datetime.fromisoformat(accepted[id])
            edits.append(CellEdit(row, id, Field.ACCEPTED_AT, held, moment, Phrase("because.form")))
    return Plan(edits=tuple(edits))


def _handed_back(register: Register, rows: np.ndarray) -> Plan:
    """A row that came back is no longer transferred, nor accepted, until it goes to somebody else."""
    edits = []
    for row in (int(r) for r in register.frame.index[rows]):
        for field in (Field.TRANSFERRED_AT, Field.ACCEPTED_AT):
            before = register.value(row, field)
            if before is not None and field in register.columns:
                edits.append(
                    CellEdit(row, register.value(row, Field.ID), field, before, None, Phrase("because.handed_back"))
                )
    return Plan(edits=tuple(edits))


def _passed_on(register: Register, memory: Memory, over: np.ndarray, accepted: Mapping[str, str]) -> Plan:
    """A row that a person gave to somebody else is not transferred to them yet; what the former owner accepted is void.

    An acceptance that a person typed stays: it may be the new owner's.
    """
    edits, facts = [], []
    ours = was_ours(register, memory, Field.ACCEPTED_AT)
    for place in np.flatnonzero(over).tolist():
        row, id = int(register.frame.index[place]), str(register.frame[Field.ID].iat[place])
        if id in accepted:
            facts.append(Remember(id, FactName.ACCEPTED_AT, None))
        for field in (Field.TRANSFERRED_AT, *([Field.ACCEPTED_AT] if ours[place] else [])):
            before = register.value(row, field)
            if before is not None and field in register.columns:
                edits.append(CellEdit(row, id, field, before, None, Phrase("because.passed_on")))
    return Plan(edits=tuple(edits), facts=tuple(facts))
