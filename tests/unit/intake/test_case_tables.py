"""What a mail says, case by case: answers, signatures, HTML, forwards, automatic mail, bounces."""

from __future__ import annotations

from typing import Any

import pytest
from mails import make_mail, make_multipart, read_cases, says, tell

from qtemplate.intake import read_mail

TABLES = ("quotations", "signatures", "html", "forwards", "automatic", "bounces")
CASES = [(table, case) for table in TABLES for case in read_cases(table)]


@pytest.mark.parametrize(("table", "case"), CASES, ids=[f"{table}: {case['name']}" for table, case in CASES])
def test_every_case_says_what_its_table_says(table: str, case: dict[str, Any]) -> None:
    given = dict(case)
    del given["name"]
    headers = given.pop("headers", {})
    if table == "html":
        headers = {"content_type": "text/html; charset=utf-8", **headers}
    kind, parts, body = given.pop("kind", ""), given.pop("parts", ()), given.pop("body", "")
    raw = make_multipart(kind, *parts, **headers) if kind else make_mail(body, **headers)
    mail = tell(read_mail(raw))
    if not given.keys() & {"attachments"}:
        mail["attachments"] = ()  # what a report or a forward carries is told by tests of their own
    assert mail == says(**given)
