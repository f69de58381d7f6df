"""The step that makes the form for a verification; the other forms go with mails and are made where those are. Pure."""

from __future__ import annotations

from ...plan import Plan
from ...plan.form_kinds import FormKind
from ..case import cases
from ..forms.due import has_logs, to_verify
from ..forms.requests import form_key, form_request
from ..situation import Situation


def due_forms(situation: Situation) -> Plan:
    """验证报告 of every row whose solution waits for its verification, once a cycle."""
    if not has_logs(situation, FormKind.VERIFICATION):
        return Plan()
    made, kind = situation.memory.made, FormKind.VERIFICATION
    due = (case for case in cases(situation, to_verify(situation)) if form_key(case, kind) not in made)
    return Plan(forms=tuple(form_request(case, kind) for case in due))
