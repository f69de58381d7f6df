"""A form is known by a mark that only this workspace can make; forms of 0.1, which had none, still come back."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import pytest
from former import former_workspace
from openpyxl import load_workbook
from test_form_commands import answer_form, first_form
from told import LATER, Told, id_of, register_of, row_of

from qtemplate.forms.collect import SECRET_SHEET
from qtemplate.journal import Journal, open_state
from qtemplate.plan.keys import FormKey
from qtemplate.resources import templates_root


def token_of(form: Path) -> str:
    return str(load_workbook(form)[SECRET_SHEET]["A1"].value)


def with_token(form: Path, token: str) -> None:
    """The form with another mark, as somebody makes it who knows workbooks."""
    book = load_workbook(form)
    book[SECRET_SHEET]["A1"] = token
    book.save(form)


def unkeyed(key: str) -> str:
    """The mark of 0.1, which anybody can make who knows what the form is about."""
    return json.dumps({"form": key, "check": hashlib.sha256(key.encode()).hexdigest()[:16], "base": {}})


def test_a_mark_that_is_not_ours_is_set_aside_until_a_person_vouches_for_it(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = first_form(workspace)
    made = json.loads(token_of(form))
    key = str(made["form"])
    forgeries = {
        "unkeyed": unkeyed(key),
        "changed": json.dumps({**made, "base": {"planned_at": "2026-08-01"}}),
        "guessed": json.dumps({**made, "mac": "0" * 32}),
    }
    for name, token in forgeries.items():
        answer_form(form, tmp_path / f"{name}.xlsx", decision="接受")
        with_token(tmp_path / f"{name}.xlsx", token)
    told = Told(workspace, capsys, "forms", "collect", str(tmp_path), "--json")
    assert [(Path(item["file"]).stem, item["taken"]) for item in told.data["forms"]] == [
        ("changed", False), ("guessed", False), ("unkeyed", False),
    ]  # fmt: skip
    assert all("--accept" in item["problem"] for item in told.data["forms"])
    vouched = Told(workspace, capsys, "forms", "collect", str(tmp_path / "guessed.xlsx"), "--accept", "--json")
    assert [item["taken"] for item in vouched.data["forms"]] == [True]
    run = Told(workspace, capsys, "run", "--json", now=LATER)
    receipts = {mail["id"]: mail["to"] for mail in run.data["messages"] if mail["kind"] == "M28"}
    assert sorted(receipts, key=str) == sorted([None, id_of(form)], key=str)
    register = register_of(workspace)
    assert register.value(row_of(register, id_of(form)), "accepted_at") is not None
    secret = workspace / ".qtemplate" / "forms.key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert Told(workspace, capsys, "forms", "collect", "--accept").code == 2


def test_a_form_that_0_1_made_comes_back_and_one_it_did_not_make_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = former_workspace(tmp_path / "workspace", "zh")
    database = open_state(folder / ".qtemplate" / "state.db")
    made = sorted(Journal(database).forms_made())
    database.close()
    other = FormKey.parse(made[0].replace(str(made[0].id), "QF-2026-9999"))
    for name, key in {"a": made[0], "b": other}.items():
        answer_form(templates_root() / "forms" / "transfer.zh.xlsx", folder / "forms" / "in" / f"{name}.xlsx",
                    decision="接受")  # fmt: skip
        with_token(folder / "forms" / "in" / f"{name}.xlsx", unkeyed(key))
    Told(folder, capsys, "forms", "make", str(made[-1].id), "transfer", now=LATER)  # the key is there now
    told = Told(folder, capsys, "forms", "collect", "--json", now=LATER)
    assert [(item["taken"], item["key"]) for item in told.data["forms"]] == [(True, made[0]), (False, None)]
