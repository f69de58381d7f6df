"""Rows of an adopted workbook that were over before: they get an id and a status, and nothing else is done. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from ...fields import Field
from ...plan import Plan
from ...register import Register

WRITTEN = frozenset({Field.ID, Field.STATUS})


def without_past(plan: Plan, register: Register) -> Plan:
    """The plan without what it would do or say about rows that are over."""
    past = register.past
    if not past:
        return plan
    ids = {str(register.value(row, Field.ID)) for row in past}
    return replace(
        plan,
        findings=tuple(
            item
            for item in plan.findings
            if not (item.where is not None and item.where.sheet == register.sheet and item.where.row in past)
            and item.id not in ids
        ),
        edits=tuple(edit for edit in plan.edits if edit.row not in past or edit.field in WRITTEN),
        rows=tuple(row for row in plan.rows if row.id not in ids),
        messages=tuple(message for message in plan.messages if message.id not in ids),
        forms=tuple(form for form in plan.forms if form.id not in ids),
    )
