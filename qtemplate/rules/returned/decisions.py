"""What people decided on 待裁决: the form's words go into the register, or they do not. Pure.

A row without a decision is told every night; a decided one is carried out once, and its 处理时间 says when. Rows about
mails were carried out when what came in was worked in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ...fields import FIELDS, Field, Filler
from ...plan import Finding, Phrase, Plan, Severity, SheetCell
from ..case import Case, case_by_id
from ..rulebook import LogRow
from ..situation import Situation
from .asked_mails import is_about_mail, waiting_mails
from .values import fold, value_of

NAMES = {fold(name): field for field in FIELDS.values() for name in (field.value, field.zh, field.en)}


def carry_out(situation: Situation) -> Plan:
    """Edits of the register, the moments on the sheet, and a finding for each row that waits for a person."""
    plans = [Plan(tuple(waiting_mails(situation)))]
    for row in situation.rulebook.logs.get("decisions", ()):
        if row.values.get("settled") is None and not is_about_mail(row):
            case = case_by_id(situation, row.id)
            made = _waits(row) if row.values.get("decide") is None else _decided(case, row, situation.now)
            plans.append(made)
            situation = situation.with_edits(made.edits)
    return Plan.join(plans)


def _waits(row: LogRow) -> Plan:
    facts = (("said", row.text("said")), ("held", row.text("register")), ("field", row.text("field")))
    return Plan((Finding("QT630", Severity.WARNING, row.where, "", facts, row.id),))


def _decided(case: Case | None, row: LogRow, now: dt.datetime) -> Plan:
    """The row is settled; its finding stays where what was decided cannot be done."""
    settled = SheetCell("decisions", row.row, "settled", None, now.replace(microsecond=0), Phrase("because.decided"))
    if row.values["decide"] == "keep":
        return Plan(cells=(settled,))
    why = next(_why_not(case, row), None)
    if why is not None or case is None:
        return Plan((Finding("QT631", Severity.WARNING, row.where, row.id, (("why", why or ""),), row.id),))
    field = NAMES[fold(row.text("field"))]
    after = value_of(case, field, row.text("said"))
    edits = () if case.value(field) == after else (case.edit(field, after, Phrase("because.decided")),)
    return Plan(edits=edits, cells=(settled,))


def _why_not(case: Case | None, row: LogRow) -> Iterator[Phrase]:
    field: Field | None = NAMES.get(fold(row.text("field")))
    if case is None:
        yield Phrase("decision.no_row")
    elif field is None or field.filler is Filler.PROGRAM or case.cell(field) is None:
        yield Phrase.of("decision.no_column", field=row.text("field"))
    elif value_of(case, field, row.text("said")) is None:
        yield Phrase.of("decision.unfit", said=row.text("said"))
