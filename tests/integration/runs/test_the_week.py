"""A week through channels only: every channel, two languages; one case closes on a mailed `1 5`.

`tests/week/expected.toml` says what has to come of it.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from desk import sit_down
from openpyxl import Workbook
from registers import make_workspace
from told import register_of
from where import TESTS
from workspace_state import sheet_cells

from qtemplate.config import load_config
from qtemplate.jobs.run import run
from qtemplate.jobs.workspace import looking
from qtemplate.resources import templates_root

HERE = TESTS / "week"
EXPECTED: dict[str, Any] = tomllib.loads((HERE / "expected.toml").read_text("utf-8"))
MONDAY = dt.datetime(2026, 7, 13, 17)
CUSTOMER, TITLE = "zhang.wei@example.com", "煮饭时屏幕不亮"
EXAMPLES = templates_root() / "intake"


def put(folder: Path, channel: str, name: str, data: bytes) -> None:
    file = folder / "intake" / "in" / channel / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def letter(text: str, number: int, day: int, *, sender: str = CUSTOMER, name: str = "张伟", subject: str = "回复",
           to: str = "") -> bytes:  # fmt: skip
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = f"{name} <{sender}>", "qa@example.com", subject
    mail["Date"] = f"{dt.date(2026, 7, day):%a, %d %b %Y} 16:{number:02}:00 +0800"
    mail["Message-ID"] = f"<m{number}@mail.example.com>"
    if to:
        mail["In-Reply-To"] = to
    mail.set_content(text + "\n\n在 2026年7月14日，质量部 <qa@example.com> 写道：\n> 您的反馈已收到\n")
    return mail.as_bytes()


def sent_id(folder: Path, kind: str) -> str:
    """The Message-ID of our mail of that kind about the case."""
    with looking(load_config(folder / "qtemplate.toml")) as workspace:
        begins = f"{kind}/QF-2026-0003"
        return next(f"<{id}>" for id, key in workspace.outbox.message_ids().items() if key.startswith(begins))


def everything_on_monday(folder: Path) -> None:
    """What comes in through every channel on one day, in two languages."""
    (folder / "intake").mkdir()
    for name in ("app_feedback", "hotline_list", "web_form", "dealer_sheet"):
        (folder / "intake" / f"{name}.toml").write_bytes((EXAMPLES / f"{name}.toml").read_bytes())
    app = (EXAMPLES / "app_feedback.json").read_text("utf-8").replace("2026-07-14", "2026-07-13")
    put(folder, "app_feedback", "a.json", app.encode())
    form = (EXAMPLES / "web_form.csv").read_bytes().decode("gbk").replace("2026/07/14", "2026/07/13")
    put(folder, "web_form", "w.csv", form.encode("gbk"))
    calls = (EXAMPLES / "hotline_list.csv").read_text("utf-8").replace("2026-07-14", "2026-07-13")
    put(folder, "hotline_list", "h.csv", calls.encode())
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "售后"
    sheet.append(["华东大区售后月报"])
    sheet.append(["单据号", "日期", "门店", "联系人", "电话", "品名", "型号", "批次", "台数", "现象", "说明"])
    said = "同一箱三台开箱不通电，更换电源线无效，外箱完好无挤压。"
    where = ("宁波天一店", "陈店长", "0574-87650001")
    sheet.append(
        ["DL-26071401", dt.datetime(2026, 7, 13, 15), *where, "智能电饭煲", "RC-300", "A2306", 3, "不通电", said]
    )
    (folder / "intake" / "in" / "dealer_sheet").mkdir(parents=True)
    book.save(folder / "intake" / "in" / "dealer_sheet" / "d.xlsx")
    headers, *lines = (HERE / "monday.csv").read_text("utf-8").splitlines()
    for channel, _, line in (each.partition(",") for each in lines):
        put(folder, channel, "list.csv", f"{headers.partition(',')[2]}\n{line}\n".encode())
    said = "每天早上煮饭时屏幕完全不亮，按键没有任何反应，已经换过插座。RC-300"
    put(folder, "email", "1.eml", letter(said, 1, 13, subject=TITLE))
    english = "The app closes right after the logo since the last update, every time I open it."
    put(folder, "email", "2.eml", letter(english, 2, 13, sender="ann.lee@example.com", name="Ann Lee",
                                         subject="App closes at start"))  # fmt: skip


COMPLETED = {
    "reporter_type": "外部客户", "product": "智能电饭煲", "model": "RC-300", "batch": "A2306", "category": "硬件故障",
    "scene": "家庭厨房", "authenticity": "属实", "severity": 3, "safety": "否", "scope": "个别", "frequency": "偶发",
    "workaround": "有", "department": "研发部", "owner": "李想", "contact": "唐宁", "close_type": "解决",
}  # fmt: skip
SOLVED = {
    "root_cause": "排线端子压接不足，震动后接触不良", "cause_code": "工艺", "solution": "更换排线并调整压接高度",
    "implemented_at": dt.datetime(2026, 7, 15, 10), "verify_method": "现场确认", "verifier": "蒋欣",
    "verified_at": dt.datetime(2026, 7, 15, 14), "verify_result": "通过", "reply_type": "已解决",
    "cause_for_reporter": "屏幕排线接触不良", "reply_approval": "批准",
}  # fmt: skip


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_workspace(tmp_path_factory.mktemp("week") / "w", []).parent
    config, register = load_config(folder / "qtemplate.toml"), folder / "register.xlsx"
    everything_on_monday(folder)
    run(config, MONDAY)
    sit_down(register, {"edits": {TITLE: COMPLETED}}, named="title")
    run(config, MONDAY + dt.timedelta(days=1, hours=-1))
    put(
        folder, "email", "3.eml", letter("接受", 3, 14, sender="li@example.com", name="李想", to=sent_id(folder, "M03"))
    )
    run(config, MONDAY + dt.timedelta(days=1))
    sit_down(register, {"edits": {TITLE: SOLVED}}, named="title")
    run(config, MONDAY + dt.timedelta(days=2))
    put(folder, "email", "4.eml", letter("配件收到了，谢谢", 4, 16, to=sent_id(folder, "M14")))
    run(config, MONDAY + dt.timedelta(days=3))
    put(folder, "email", "5.eml", letter("1 5", 5, 17, to=sent_id(folder, "M18")))
    run(config, MONDAY + dt.timedelta(days=4))
    return folder


def test_every_row_is_the_one_that_was_reported(week: Path) -> None:
    frame = register_of(week).frame
    columns = ("id", "channel", "channel_ref", "reporter", "received_at")
    found = list(zip(*(frame[key].tolist() for key in columns), strict=True))
    assert [(id, channel, ref or "", who, f"{at:%Y-%m-%d %H:%M}") for id, channel, ref, who, at in found] == [
        tuple(row[key] for key in ("id", "channel", "ref", "reporter", "received")) for row in EXPECTED["row"]
    ]


def test_every_reporter_got_these_mails_and_no_others(week: Path) -> None:
    with looking(load_config(week / "qtemplate.toml")) as workspace:
        entries = [entry for entry in workspace.outbox.entries() if entry.id]
    register = register_of(week)
    for row in EXPECTED["row"]:
        address = register.value(register.rows_by_id()[row["id"]], "email")
        went = [f"{e.kind} {e.subject}" for e in entries if e.id == row["id"] and e.recipients == (address,)]
        assert len(went) == len(row["mails"]), (row["id"], went)
        for wanted, found in zip(row["mails"], went, strict=True):
            kind, _, words = wanted.partition(" ")
            assert found.startswith(kind) and words in found


def test_every_answer_stands_in_the_contact_log(week: Path) -> None:
    lines = sheet_cells(week / "register.xlsx", ["沟通记录"])["沟通记录"]
    told = ["\n".join(str(cell) for cell in line if cell) for line in lines if EXPECTED["closed"]["id"] in line]
    for answer in EXPECTED["answer"]:
        assert any(all(word in line for word in answer["log"]) for line in told), answer
    assert not any("质量部" in line and "写道" in line for line in told)


def test_the_case_closes_on_a_mailed_code(week: Path) -> None:
    register, closed = register_of(week), EXPECTED["closed"]
    row = register.row(register.rows_by_id()[closed["id"]])
    assert (row["status"], row["confirmation"], row["satisfaction"], f"{row['closed_at']:%Y-%m-%d %H:%M}") == (
        closed["status"], closed["confirmation"], closed["satisfaction"], closed["closed_at"],
    )  # fmt: skip
    assert row["accepted_at"] == dt.datetime(2026, 7, 14, 16, 3)
