"""What is left to people: listed with the reason, linked by a person as if the sender had been known, or let be."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
from registers import ASSESSED, NOW, make_workspace
from test_intake_mails import CUSTOMER, PHOTO, ids_sent, lying, make, put, row
from told import register_of, typed
from workspace_state import sheet_cells

from qtemplate.config import Config, load_config
from qtemplate.errors import NotFound
from qtemplate.files.owner_file import owner_path
from qtemplate.jobs.incoming.command import intake
from qtemplate.jobs.incoming.pile import discard_piled, link_piled, list_pile, show_piled
from qtemplate.jobs.run import plan, run
from qtemplate.report.answer import to_text
from qtemplate.sheets import edit_cells
from qtemplate.texts import say_finding

ID = "QF-2026-0001"
WIFE = "wife@example.org"
SOLVED = ASSESSED | {
    "id": ID, "level": "major", "department": "研发部", "owner": "李想", "contact": "唐宁",
    "root_cause": "排线端子压接不足", "cause_code": "process", "solution": "更换排线",
    "implemented_at": dt.datetime(2026, 7, 10), "reply_type": "solved", "cause_for_reporter": "排线松动",
    "reply_approval": "approved", "verify_method": "field", "verifier": "蒋欣",
    "verified_at": dt.datetime(2026, 7, 11), "verify_result": "passed", "replied_at": dt.datetime(2026, 7, 12, 9),
    "received_at": dt.datetime(2026, 7, 6, 9),
}  # fmt: skip


@pytest.fixture(scope="module")
def piled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """M18 went out; a stranger answered `1 5` with a photo, a colleague wrote a note, somebody complained."""
    file = make_workspace(tmp_path_factory.mktemp("pile") / "w", [SOLVED])
    config, folder = load_config(file), file.parent
    run(config, NOW - dt.timedelta(days=1))
    asked = next(id for key, id in ids_sent(folder).items() if key.startswith(f"M18/{ID}"))
    put(folder, "1.eml", make("1 5\n已经好了", sender=WIFE, to=asked, subject="回复", files={"好了.jpg": PHOTO}))
    put(folder, "2.eml", make("补充：客户很急", sender="lin@example.com", subject="说明", number=2))
    put(folder, "3.eml", make("与 [QF-2026-0001] [QF-2026-0009] 一样", subject=f"[{ID}] [QF-2026-0009]", number=3))
    intake(config, NOW)
    return folder


@pytest.fixture
def config(piled: Path, tmp_path: Path) -> Config:
    """A copy that a test may change."""
    folder = tmp_path / "w"
    shutil.copytree(piled, folder)
    owner = owner_path(folder / "register.xlsx")
    owner.write_text(owner.read_text("utf-8").replace(str(piled), str(folder)), "utf-8")
    return load_config(folder / "qtemplate.toml")


def test_the_pile_is_listed_with_number_reason_and_what_to_do(config: Config) -> None:
    answer = list_pile(config)
    told = [(each["number"], each["sender"], each["subject"]) for each in answer.data["pile"]]
    assert told == [(1, WIFE, "回复"), (2, "lin@example.com", "说明"), (3, CUSTOMER, f"[{ID}] [QF-2026-0009]")]
    text = to_text(answer, "zh")
    for words in ("不是这条反馈的反馈者或经办人", "是同事的来信", "不能确定", "--link 编号 QF-…"):
        assert words in text
    assert "“回复”" in to_text(show_piled(config, 1), "zh") and "已经好了" in to_text(show_piled(config, 1), "zh")
    with pytest.raises(NotFound):
        show_piled(config, 9)


def test_a_linked_answer_counts_as_if_its_sender_had_been_known(config: Config) -> None:
    folder = config.workspace
    assert row(folder, ID)["confirmation"] is None
    link_piled(config, 1, ID.lower(), NOW)
    now = row(folder, ID)
    assert (now["confirmation"], now["satisfaction"], now["opinion"]) == ("solved", 5, "已经好了")
    assert now["attachments"] == f"attachments/{ID}/好了.jpg"
    assert (folder / "attachments" / ID / "好了.jpg").read_bytes() == PHOTO
    log = sheet_cells(folder / "register.xlsx", ["沟通记录"])["沟通记录"]
    assert sum("已经好了" in str(line) for line in log) == 1
    changes = sheet_cells(folder / "register.xlsx", ["变更日志"])["变更日志"]
    assert any("由人归入" in str(cell) for line in changes for cell in line)
    assert {"done/email/1.eml", "problem/email/2.eml"} <= lying(folder)
    assert not {"problem/email/1.eml", "problem/email/1.eml.txt"} & lying(folder)
    assert [each["number"] for each in list_pile(config).data["pile"]] == [2, 3]
    # the sender is as unknown as before
    asked = next(id for key, id in ids_sent(folder).items() if key.startswith(f"M18/{ID}"))
    put(folder, "5.eml", make("2 又坏了", sender=WIFE, to=asked, subject="回复", number=5))
    intake(config, NOW)
    assert row(folder, ID)["confirmation"] == "solved"


def test_a_persons_word_makes_a_row_or_a_note_and_nothing_is_done_twice(config: Config) -> None:
    folder = config.workspace
    link_piled(config, 3, "new", NOW)
    assert register_of(folder).frame["id"].tolist() == [ID, "QF-2026-0002"]
    link_piled(config, 2, ID, NOW)
    log = sheet_cells(folder / "register.xlsx", ["沟通记录"])["沟通记录"]
    assert sum("客户很急" in str(line) for line in log) == 1
    before = (folder / "register.xlsx").read_bytes()
    with pytest.raises(NotFound):
        link_piled(config, 2, ID, NOW)
    with pytest.raises(NotFound):
        link_piled(config, 1, "QF-2026-7777", NOW)
    intake(config, NOW)
    assert (folder / "register.xlsx").read_bytes() == before
    discard_piled(config, 1)
    assert list_pile(config).data["pile"] == []
    assert {"done/email/1.eml", "done/email/2.eml", "done/email/3.eml"} <= lying(folder)


def test_the_command_speaks_both_languages_and_takes_one_wish_at_a_time(tmp_path: Path) -> None:
    file = make_workspace(tmp_path / "w", [SOLVED])
    listed = typed(file.parent, "intake", "--list", "--lang", "zh")
    assert (listed.returncode, listed.stdout.strip()) == (0, "没有等人处理的来件。")
    wrong = typed(file.parent, "intake", "--list", "--dry-run", "--lang", "en")
    assert wrong.returncode == 2
    nowhere = typed(file.parent, "intake", "--link", "7", ID, "--lang", "en")
    assert nowhere.returncode == 2 and "Nothing with the number 7" in nowhere.stderr


def decisions_of(folder: Path) -> list[tuple[Any, ...]]:
    """(id, field, filled in by, decision, whether settled) of the rows of 待裁决."""
    lines = sheet_cells(folder / "register.xlsx", ["待裁决"])["待裁决"][3:]
    return [(line[0], line[1], line[7], line[4], bool(line[5])) for line in lines if line[0]]


def choose(folder: Path, word: str, *rows: int) -> None:
    """A person chooses in the column 裁决, in the rows of that place."""
    register = folder / "register.xlsx"
    edit_cells(register, register, "待裁决", {f"E{3 + row}": word for row in rows})


def test_a_mail_that_may_belong_to_a_feedback_is_asked_about_on_the_sheet(config: Config) -> None:
    folder = config.workspace
    asked = [(ID, "来信 1", "张伟", "", False), (ID, "来信 3", "张伟", "", False)]
    assert decisions_of(folder) == asked
    told = [each for each in run(config, NOW).findings if each.code == "QT855"]
    assert [(each.id, each.where.sheet, each.where.row) for each in told if each.where] == [
        (ID, "待裁决", 4), (ID, "待裁决", 5)
    ]  # fmt: skip
    words = str(say_finding(told[0], "zh"))
    assert "不是这条反馈的反馈者或经办人" in words and "采纳" in words
    assert decisions_of(folder) == asked
    register = folder / "register.xlsx"
    edit_cells(
        register, register, "待裁决", {"D4": None}
    )  # a person wiped the mail's words out: it is asked about all the same
    assert [each.code for each in run(config, NOW).findings].count("QT855") == 2


def test_what_is_taken_on_the_sheet_is_an_answer_and_what_is_not_is_let_be(config: Config) -> None:
    folder = config.workspace
    choose(folder, "采纳", 1)
    choose(folder, "保留登记表", 2)  # the word of earlier versions
    planned = plan(config, NOW)
    assert [each.after for each in planned.direct.edits if each.field == "confirmation"] == ["solved"]
    assert row(folder, ID)["confirmation"] is None and len(list_pile(config).data["pile"]) == 3
    run(config, NOW)
    now = row(folder, ID)
    assert (now["confirmation"], now["satisfaction"], now["opinion"]) == ("solved", 5, "已经好了")
    assert (folder / "attachments" / ID / "好了.jpg").read_bytes() == PHOTO
    assert decisions_of(folder) == [
        (ID, "来信 1", "张伟", "采纳", True),
        (ID, "来信 3", "张伟", "保留登记表", True),
    ]
    assert [each["number"] for each in list_pile(config).data["pile"]] == [2]
    assert {"done/email/1.eml", "problem/email/2.eml", "done/email/3.eml"} <= lying(folder)
    assert not any(each.code == "QT855" for each in run(config, NOW).findings)


def test_a_row_about_a_mail_that_was_dealt_with_otherwise_is_settled(config: Config) -> None:
    folder = config.workspace
    link_piled(config, 1, ID, NOW)
    choose(folder, "采用表单", 1)  # too late: it was put there
    contacts = sheet_cells(folder / "register.xlsx", ["沟通记录"])["沟通记录"]
    intake(config, NOW)
    assert sheet_cells(folder / "register.xlsx", ["沟通记录"])["沟通记录"] == contacts
    assert [line[4] for line in decisions_of(folder)] == [True, False]
