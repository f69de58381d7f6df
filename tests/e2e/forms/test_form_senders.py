"""A form that comes by mail counts only from whoever may answer it; any other waits until a person vouches for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from life_player import ID, Life
from registers import ASSESSED, PEOPLE, memory_of, register_of, standard_rules
from told import register_of as register_in
from told import row_of

from qtemplate.config import load_config
from qtemplate.jobs.forms import collect
from qtemplate.jobs.run import run
from qtemplate.plan.keys import FormKey
from qtemplate.rules.incoming.form_senders import why_not_from
from qtemplate.rules.situation import Situation

NOON = dt.datetime(2026, 7, 14, 12)
ROW = ASSESSED | {
    "level": "major", "department": "生产部", "owner": "孙浩", "contact": "杜鹃", "contact_other": "w@else.example.org",
}  # fmt: skip
MAILS = {account: f"{account}@example.com" for _, account, *_ in PEOPLE}
OWNERS = {"sun", "zhao", "lin", "zhou", "du"}
"""The owner, the head of the department, the keeper, the quality lead, the coordinator; sun names no deputy."""


@pytest.mark.parametrize(
    ("form", "change", "insiders", "outside"),
    [
        ("8d/{id}/1/孙浩", {}, OWNERS, False),
        ("why/{id}/1/孙浩", {}, OWNERS, False),
        (
            "transfer/{id}/1/生产部/孙浩",
            {"owner": "李想"},
            {*OWNERS, "li", "wang"},
            False,
        ),  # noted as one that came late
        ("verification/{id}/1", {"verifier": "何军"}, {"he", "jiang", "lin", "zhou", "du"}, False),
        ("verification/{id}/1", {}, {*MAILS} - {"sun"}, False),
        ("minutes/{id}/1?2026-07-16T09:00", {}, {*MAILS}, False),
        ("follow_up/{id}/1", {}, {"sun", "du", "tang", "lin", "zhou"}, True),
        ("missing/{id}/1?batch", {}, {"sun", "du", "tang", "lin", "zhou"}, True),
    ],
)
def test_a_form_is_answered_by_whom_its_kind_names(
    form: str, change: dict[str, str], insiders: set[str], outside: bool
) -> None:
    situation = Situation(register_of(ROW | change), standard_rules(), memory_of(), NOON)
    key = FormKey.parse(form.format(id=ID))

    def counts(address: str, auth: str = "") -> bool:
        return why_not_from(situation, key, {"sender": address, "auth": auth}) is None

    assert {account for account, address in MAILS.items() if counts(address)} == insiders
    assert [counts("zhang.wei@example.com"), counts("w@else.example.org")] == [outside, outside]
    assert not counts("stranger@example.com")
    assert not counts(MAILS["zhou"], "mx.example.com; spf=fail smtp.mailfrom=example.com")


def test_a_strangers_8d_changes_nothing_until_a_person_vouches_for_it(tmp_path: Path) -> None:
    life = Life(tmp_path, "major")
    run(life.config, NOON - dt.timedelta(days=1))
    for account, cause in (("stranger", "甲"), ("zhang.wei", "乙"), ("li", "丙")):
        said = {"kind": "8d", "from": account, "on": NOON - dt.timedelta(hours=2), "root_cause": cause}
        life.send_form(said)
    report = run(life.config, NOON)
    folder = tmp_path / "forms" / "problem"
    why = sorted(file.read_text("utf-8").split("；")[0] for file in folder.glob("*.txt"))
    assert why == [
        "它是 李想 寄来的，而这份表应由 孙浩（或其代理人、部门负责人）填写",
        f"它是从 stranger@example.com 寄来的，这个地址不在《人员》里，也不是 {ID} 的反馈者",
        f"它是从 zhang.wei@example.com 寄来的，这个地址不在《人员》里，也不是 {ID} 的反馈者",
    ]
    assert [item.code for item in report.findings].count("QT620") == 3
    assert [edit.field for edit in report.edits if edit.field in ("root_cause", "cause_code", "prevention")] == []
    assert [mail.to for mail in report.messages if mail.kind == "M28"] == [("lin@example.com",)]
    config = load_config(tmp_path / "qtemplate.toml")
    [vouched] = [file.with_suffix("") for file in folder.glob("*.txt") if "李想" in file.read_text("utf-8")]
    collect(config, [vouched], NOON + dt.timedelta(hours=1), accept=True)
    run(config, NOON + dt.timedelta(hours=2))
    register = register_in(tmp_path)
    assert register.value(row_of(register, ID), "root_cause") == "丙"
