"""Whole mails as hard as they come: lying charsets, split words, chains, hidden text, letters of servers."""

from __future__ import annotations

from typing import Any

import pytest
from mails import read_cases, tell

from qtemplate.intake import read_mail

CASES = read_cases("hard")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_hard_mail_says_what_a_person_reads_in_it(case: dict[str, Any]) -> None:
    given = dict(case)
    raw = given.pop("raw").removeprefix("\n").replace("\n", "\r\n").encode(given.pop("encoding", "utf-8"))
    mail = read_mail(raw)
    said = tell(mail) | {"files": [each.name for each in mail.attachments]}
    del given["name"]
    assert {key: said[key] for key in given} == given
