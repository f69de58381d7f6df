"""Step: take up what delivery and returned forms have changed: transferred_at, accepted_at, returned. Pure."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from ..fields import Field
from ..plan import Memory, Phrase, Plan
from ..register import Register
from .propose import propose
from .rulebook import RuleBook

WENT = ("sent", "partial")


def take_up(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """What the outbox and the forms know of each row, written into its cells."""
    ids = register.frame[Field.ID]
    sent: dict[str, dt.datetime] = {}
    for key, item in memory.sent.items():
        if key.startswith("M03/") and item.state in WENT and item.at is not None:
            id = key.split("/")[1]
            sent[id] = max(sent.get(id, item.at), item.at)
    accepted = {id: value for (id, name), value in memory.facts.items() if name == "accepted_at"}
    returned = {id: value for (id, name), value in memory.facts.items() if name == "returned"}
    plan = Plan()
    for field, known, because in (
        (Field.TRANSFERRED_AT, sent, "because.transferred"),
        (Field.ACCEPTED_AT, accepted, "because.form"),
    ):
        if known:
            moments = pd.to_datetime(ids.map(known)).astype("datetime64[s]")
            plan += propose(register, memory, field, moments, Phrase(because), rows=moments.notna())
    if returned:
        counts = ids.map(returned).astype(object)
        plan += propose(register, memory, Field.RETURNED, counts, Phrase("because.form"), rows=counts.notna())
    return plan
