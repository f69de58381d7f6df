"""A run as one JSON object; docs/cli.md lists its keys. Its schema number changes when a key does."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ..errors import QtemplateError
from ..fields import in_tongue_of
from ..plan import CellEdit, Finding, Result
from ..register import Register
from ..texts import say, say_error, say_finding
from .kept_back import KeptBack, what_to_do

if TYPE_CHECKING:
    from .run_report import Deeds, MailLine, RunReport

SCHEMA = 1


def to_json(report: RunReport, language: str) -> dict[str, Any]:
    """The object of `--json`; dates are ISO, `now` carries its offset."""
    register = report.register
    language = in_tongue_of(register.language, language)
    direct = _deeds_json(report.direct, register, language)
    following = _deeds_json(report.following, register, language)
    if not report.applied:
        following = {name: [{**item, "follows": True} for item in items] for name, items in following.items()}
    return {
        "schema": SCHEMA,
        "run": report.run,
        "now": report.now.isoformat(),
        "register": {
            "path": register.path,
            "sheet": register.sheet,
            "rows": len(register.frame),
            "sha256": register.sha256,
        },
        "findings": [finding_json(item, language) for item in report.findings],
        **{name: items + following[name] for name, items in direct.items()},
        "outcomes": {result.value: report.outcomes.get(result, 0) for result in Result},
        "reasons": [_kept_json(each, language) for each in report.kept],
        "seconds": {name: round(value, 4) for name, value in report.seconds.items()},
    }


def _kept_json(kept: KeptBack, language: str) -> dict[str, Any]:
    return {
        "result": kept.result.value,
        "count": kept.count,
        "of": kept.of,
        "reason": say(kept.reason, language),
        "action": what_to_do(kept, language),
    }


def _deeds_json(deeds: Deeds, register: Register, language: str) -> dict[str, list[dict[str, Any]]]:
    return {
        "edits": [_edit_json(edit, register, language) for edit in deeds.edits],
        "rows": [
            {"sheet": row.sheet, "id": row.id, "values": {key: plain(value) for key, value in row.values.items()}}
            for row in deeds.rows
        ],
        "messages": [_mail_json(mail) for mail in deeds.messages],
        "forms": [{"key": form.key, "kind": form.kind, "id": form.id, "path": form.path} for form in deeds.forms],
    }


def _edit_json(edit: CellEdit, register: Register, language: str) -> dict[str, Any]:
    return {
        "sheet": register.sheet,
        "id": edit.id,
        "field": edit.field,
        "cell": cell.address if (cell := register.cell(edit.row, edit.field)) else "",
        "before": plain(register.written(edit.field, edit.before)),
        "after": plain(register.written(edit.field, edit.after)),
        "because": say(edit.because, language),
    }


def _mail_json(mail: MailLine) -> dict[str, Any]:
    return {
        "key": mail.key,
        "kind": mail.kind,
        "id": mail.id,
        "to": list(mail.to),
        "cc": list(mail.cc),
        "subject": mail.subject,
        "state": mail.state,
        "detail": mail.detail,
    }


def finding_json(item: Finding, language: str) -> dict[str, Any]:
    """One finding with its words."""
    said = say_finding(item, language)
    return {
        "code": item.code,
        "severity": item.severity.value,
        "sheet": item.where.sheet if item.where else None,
        "cell": item.where.address if item.where else None,
        "id": item.id,
        "field": item.field,
        "found": item.found,
        "expected": said.expected,
        "action": said.action,
        "message": said.message,
    }


def error_json(error: QtemplateError, language: str) -> dict[str, str]:
    """What stopped a command: the class of the error, its code, its sentence."""
    return {"kind": type(error).__name__, "code": error.code, "message": say_error(error, language)}


def plain(value: Any) -> Any:
    """A cell value as JSON."""
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
