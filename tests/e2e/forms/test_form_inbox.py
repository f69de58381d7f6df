"""Whatever somebody puts into forms/in: it is set aside with a sentence, and the rest of the night goes on."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from told import LATER, NOW, Told, id_of, made_forms, register_of, row_of
from workbook_makers import read_parts, write_parts
from workspace_state import files_below

from qtemplate.config import load_config
from qtemplate.jobs.run import plan, run
from qtemplate.sheets import edit_cells

MINUTES_AGO = time.time() - 600


def accepted(form: Path, target: Path) -> None:
    """The form comes back accepted, with nothing else."""
    [(sheet, address)] = load_workbook(form).defined_names["f_decision"].destinations
    edit_cells(form, target, sheet, {address.replace("$", ""): "接受"})


def open_form(folder: Path) -> Path:
    """A form about a row that nobody has accepted yet."""
    register = register_of(folder)
    return next(form for form in made_forms(folder)
                if register.value(row_of(register, id_of(form)), "accepted_at") is None)  # fmt: skip


def token_form(path: Path, token: str) -> None:
    """A workbook that says it is a form of ours."""
    book = Workbook()
    book.create_sheet("_qt")["A1"] = token
    book.save(path)


def forged(**more: object) -> str:
    key = "transfer/QF-2026-0001/1/研发部/张三"
    return json.dumps({"form": key, "check": hashlib.sha256(key.encode()).hexdigest()[:16], **more})


def put_everything_odd(inbox: Path) -> None:
    """Names, kinds of file and contents that nobody expects in a folder of forms."""
    (inbox / os.fsdecode("转交单.doc".encode("gbk"))).write_bytes(b"x")
    (inbox / os.fsdecode(b"name\xff\n\x01.xlsx")).write_bytes(b"x")
    (inbox / ("a" * 249 + ".xlsx")).write_bytes(b"x")
    (inbox / ("单" * 83 + ".xlsx")).write_bytes(b"x")
    (inbox / "说明.txt").write_text("见附件", "utf-8")
    (inbox / "七月").mkdir()
    (inbox / "七月" / "a.xlsx").write_bytes(b"x")
    (inbox / "folder.xlsx").mkdir()
    os.mkfifo(inbox / "pipe.xlsx")
    (inbox / "circle.xlsx").symlink_to("circle.xlsx")
    (inbox / "nothing.xlsx").symlink_to(inbox / "nothing")
    token_form(inbox / "deep.xlsx", "[" * 30_000)
    token_form(inbox / "half.xlsx", '{"form": "transfer/\\ud800/1", "check": "0"}')
    token_form(inbox / "half_base.xlsx", forged(base={"planned_at": "\ud800"}))
    token_form(inbox / "forged.xlsx", forged(base={"planned_at": {"deep": 1}}))
    token_form(inbox / "list.xlsx", forged(base=[1, 2]))


def test_anything_is_set_aside_with_a_sentence_and_the_night_goes_on(workspace: Path) -> None:
    inbox, problem = workspace / "forms" / "in", workspace / "forms" / "problem"
    inbox.mkdir(parents=True, exist_ok=True)
    put_everything_odd(inbox)
    odd = list(inbox.iterdir())
    for thing in odd:
        os.utime(thing, (MINUTES_AGO, MINUTES_AGO), follow_symlinks=False)
    form = open_form(workspace)
    accepted(form, inbox / "z.xlsx")
    config, moment = load_config(workspace / "qtemplate.toml"), dt.datetime.fromisoformat(LATER)
    foreseen = {item for item in plan(config, moment).findings if item.code == "QT620"}
    found = {item for item in run(config, moment).findings if item.code == "QT620"}
    assert found == foreseen
    register = register_of(workspace)
    assert register.value(row_of(register, id_of(form)), "accepted_at") == moment
    assert list(inbox.iterdir()) == []
    aside = {file.name for file in problem.iterdir() if os.path.lexists(problem / f"{file.name}.txt")}
    assert len(aside) == len(odd)
    assert {dict(item.facts)["file"] for item in found} == aside
    assert all((problem / f"{name}.txt").read_text("utf-8").strip() for name in aside)
    assert "".join(sorted(aside)).isprintable()


def test_the_moment_of_an_answer_is_when_the_form_was_saved_not_when_it_was_taken_up(workspace: Path) -> None:
    """As the workbook says, or its file; a clock that was ahead or behind moves it neither before the form nor on."""
    inbox, register = workspace / "forms" / "in", register_of(workspace)
    inbox.mkdir(parents=True, exist_ok=True)
    saved = {
        "2026-07-16T03:30:00Z": None,
        "2026-01-01T00:00:00Z": "2026-07-16T15:20+08:00",
        "2026-07-18T00:00:00Z": None,
    }
    forms = [form for form in made_forms(workspace)
             if register.value(row_of(register, id_of(form)), "accepted_at") is None][:3]  # fmt: skip
    for form, (said, touched) in zip(forms, saved.items(), strict=True):
        accepted(form, inbox / form.name)
        parts = read_parts(inbox / form.name)
        core = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + said.encode(), parts["docProps/core.xml"])
        write_parts(inbox / form.name, {**parts, "docProps/core.xml": core})
        if touched:
            moment = dt.datetime.fromisoformat(touched).timestamp()
            os.utime(inbox / form.name, (moment, moment))
    run(load_config(workspace / "qtemplate.toml"), dt.datetime.fromisoformat(LATER))
    register = register_of(workspace)
    assert [str(register.value(row_of(register, id_of(form)), "accepted_at")) for form in forms] == [
        "2026-07-16 11:30:00", "2026-07-16 15:20:00", LATER.replace("T", " ") + ":00",
    ]  # fmt: skip


def test_a_form_with_a_name_in_gbk_is_taken_under_the_name_it_was_given(workspace: Path) -> None:
    inbox = workspace / "forms" / "in"
    form = open_form(workspace)
    accepted(form, workspace / "back.xlsx")
    inbox.mkdir(exist_ok=True)
    (workspace / "back.xlsx").rename(inbox / os.fsdecode("转交单.xlsx".encode("gbk")))
    run(load_config(workspace / "qtemplate.toml"), dt.datetime.fromisoformat(LATER))
    assert [file.name for file in (workspace / "forms" / "done").iterdir()] == ["转交单.xlsx"]


def test_a_symbolic_link_is_never_followed(workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inbox, problem = workspace / "forms" / "in", workspace / "forms" / "problem"
    inbox.mkdir(parents=True, exist_ok=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    accepted(open_form(workspace), elsewhere / "form.xlsx")
    (elsewhere / "secret.txt").write_text("salaries", "utf-8")
    before = files_below(elsewhere)
    (inbox / "a.xlsx").symlink_to(elsewhere / "form.xlsx")
    (inbox / "b.xlsx.txt").symlink_to(elsewhere / "secret.txt")
    (inbox / "c.xlsx").symlink_to(elsewhere)
    problem.mkdir(exist_ok=True)
    (problem / "d.xlsx.txt").symlink_to(elsewhere / "secret.txt")
    (problem / "d.xlsx").write_bytes(b"x")
    told = Told(workspace, capsys, "run", "--json")
    assert [item["message"] for item in told.data["findings"] if "salaries" in item["message"]] == []
    assert files_below(elsewhere) == before
    assert {file.name for file in problem.iterdir() if file.is_symlink()} == {
        "a.xlsx", "b.xlsx.txt", "c.xlsx", "d.xlsx.txt",
    }  # fmt: skip
    named = Told(workspace, capsys, "forms", "collect", str(problem / "a.xlsx"), "--json")
    assert [(item["taken"], "link" in item["problem"]) for item in named.data["forms"]] == [(False, True)]


def test_the_reason_of_one_file_never_replaces_another_file(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox, problem = workspace / "forms" / "in", workspace / "forms" / "problem"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "a.pdf.txt").write_text("mine", "utf-8")
    Told(workspace, capsys, "forms", "collect")
    (inbox / "a.pdf").write_bytes(b"%PDF")
    (inbox / "a.pdf.txt.txt").write_text("mine too", "utf-8")
    Told(workspace, capsys, "forms", "collect")
    assert {file.name for file in problem.iterdir()} == {
        "a-2.pdf", "a-2.pdf.txt", "a.pdf.txt", "a.pdf.txt.txt", "a.pdf.txt-2.txt", "a.pdf.txt-2.txt.txt",
    }  # fmt: skip
    texts = {file.read_text("utf-8") for file in problem.iterdir()}
    assert {"mine", "mine too", "%PDF"} <= texts
    told = Told(workspace, capsys, "run", "--json")
    assert len([item for item in told.data["findings"] if item["code"] == "QT620"]) == 3


def test_a_file_that_may_not_be_read_is_set_aside(workspace: Path) -> None:
    inbox = workspace / "forms" / "in"
    inbox.mkdir(parents=True, exist_ok=True)
    accepted(open_form(workspace), inbox / "a.xlsx")
    (inbox / "a.xlsx").chmod(0)
    os.utime(inbox / "a.xlsx", (MINUTES_AGO, MINUTES_AGO))
    # root may read everything, unless it gives that up
    ordinary = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    command = [sys.executable, "-m", "qtemplate", "run", "--config", str(workspace / "qtemplate.toml")]
    subprocess.run([*ordinary, *command, "--now", NOW], capture_output=True, timeout=120, check=False)
    assert list(inbox.iterdir()) == []
    reason = (workspace / "forms" / "problem" / "a.xlsx.txt").read_text("utf-8")
    assert "Permission denied" in reason


def test_a_file_from_a_clock_that_is_ahead_is_set_aside_all_the_same(workspace: Path) -> None:
    inbox = workspace / "forms" / "in"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "a.xlsx").write_bytes(b"x")
    os.utime(inbox / "a.xlsx", (time.time() + 86_400, time.time() + 86_400))
    run(load_config(workspace / "qtemplate.toml"), dt.datetime.fromisoformat(NOW))
    assert list(inbox.iterdir()) == []
