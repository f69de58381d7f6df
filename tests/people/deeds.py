"""What a run did or a plan promises, as sets that can be compared."""

from __future__ import annotations

from typing import Any

from qtemplate.report.run_report import Deeds, RunReport


def deeds(of: Deeds | RunReport) -> dict[str, set[Any]]:
    """Edits, rows, mails and forms; of a mail who gets it under which subject."""
    return {
        "edits": {(edit.id, str(edit.field), edit.before, edit.after) for edit in of.edits},
        "rows": {(row.sheet, row.id, row.key, tuple(sorted(row.values.items()))) for row in of.rows},
        "messages": {(mail.key, mail.to, mail.cc, mail.subject) for mail in of.messages},
        "forms": {(form.key, form.kind, form.id) for form in of.forms},
    }


def promised(report: RunReport) -> dict[str, Any]:
    """All of a plan that its run has to keep: what it does at once, what follows, and what a person should know."""
    return {"direct": deeds(report.direct), "following": deeds(report.following), "findings": set(report.findings)}
