"""Sheets whose headers people have changed: rows without a home are owed, and nobody is sent to a stale list."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from demo_workspaces import first_run
from openpyxl.worksheet.worksheet import Worksheet
from person import edit_lines, read_lines
from registers import ASSESSED, NOW, REPLIED, WAITING, WHOLE, make_workspace
from workspace_state import facts, mails, sheet_cells

from qtemplate.config import load_config
from qtemplate.jobs.run import check, plan, run
from qtemplate.plan import Finding, Result, Severity
from qtemplate.report.run_report import RunReport
from qtemplate.report.text_report import to_text
from qtemplate.texts import say_finding

DAY = dt.timedelta(days=1)
REPLIES = [REPLIED | {"title": f"按键有时不灵，第 {number} 台"} for number in range(8)]


def run_at(folder: Path, moment: dt.datetime) -> RunReport:
    return run(load_config(folder / "qtemplate.toml"), moment)


def save(folder: Path, change: Callable[[openpyxl.Workbook], None]) -> None:
    """A person changes the workbook and saves."""
    book = openpyxl.load_workbook(folder / "register.xlsx")
    change(book)
    book.save(folder / "register.xlsx")


def rename(ws: Worksheet, **headers: str) -> None:
    """Headers become others, as in Excel, where the column of the table is renamed with its cell."""
    for cell in (cell for row in ws.iter_rows(max_row=5) for cell in row):
        new = headers.get(str(cell.value))
        if new is not None:
            for column in (column for table in ws.tables.values() for column in table.tableColumns):
                column.name = new if column.name == cell.value else column.name
            cell.value = new


def back(headers: dict[str, str]) -> dict[str, str]:
    return {new: old for old, new in headers.items()}


def named(report: RunReport, *codes: str) -> list[tuple[str, str]]:
    """Code and sheet or reason of some findings, in words."""
    return [(item.code, say_finding(item, "zh").message) for item in report.findings if item.code in codes]


def rows_of(folder: Path, sheet: str) -> list[list[Any]]:
    """The rows of a sheet that name a feedback."""
    [lines] = sheet_cells(folder / "register.xlsx", [sheet]).values()
    return [row for row in lines if any(str(value).startswith("QF-") for value in row)]


def owed(folder: Path) -> list[str]:
    return sorted(name for _, name in facts(folder) if name.startswith("owed:"))


RENAMED: tuple[tuple[dict[str, str], str], ...] = (
    ({"沟通人": "联系人", "摘要": "内容"}, "“摘要”（可能是 G3 的“内容”）"),
    ({"方式": "沟通渠道", "方向": "收发"}, "“方向”（可能是 C3 的“收发”）、“方式”（可能是 D3 的“沟通渠道”）"),
)
"""New headers of 沟通记录, and what is said of them."""


@pytest.mark.parametrize(("headers", "said"), [RENAMED[0], pytest.param(*RENAMED[1], marks=pytest.mark.campaign)])
def test_contacts_with_two_renamed_headers_take_their_rows_once_the_headers_are_back(
    headers: dict[str, str], said: str, tmp_path: Path
) -> None:
    first_run(tmp_path / "sound", REPLIES)
    lines = read_lines(tmp_path / "sound" / "register.xlsx")
    run_at(tmp_path / "sound", NOW + DAY)
    contacts = sorted(rows_of(tmp_path / "sound", "沟通记录"))
    work = tmp_path / "work"
    make_workspace(work, REPLIES)
    save(work, lambda book: rename(book["沟通记录"], **headers))
    report = run_at(work, NOW)
    assert (report.exit_code, report.outcomes[Result.DEFERRED], report.rows) == (5, 8, ())
    assert len(owed(work)) == 8
    [(_, refused)] = named(report, "QT714")
    assert "沟通记录" in refused and said in refused
    assert [code for code, _ in named(report, "QT214")] == ["QT214"]
    assert read_lines(work / "register.xlsx") == lines
    save(work, lambda book: rename(book["沟通记录"], **back(headers)))
    assert len(run_at(work, NOW + DAY).rows) == 8
    assert owed(work) == []
    assert sorted(rows_of(work, "沟通记录")) == contacts


def test_contacts_without_a_name_of_the_speaker_are_written_without_it_and_that_is_told(tmp_path: Path) -> None:
    make_workspace(tmp_path, REPLIES)
    save(tmp_path, lambda book: rename(book["沟通记录"], 沟通人="联系人"))
    report = run_at(tmp_path, NOW)
    assert (len(report.rows), report.exit_code) == (8, 3)
    assert {row[4] for row in rows_of(tmp_path, "沟通记录")} == {""}
    [(_, told)] = named(report, "QT214", "QT714")
    assert "“沟通人”（可能是 E3 的“联系人”）" in told


@pytest.mark.parametrize(("header", "told"), [("最终答复", ["“是否最终答复”（可能是 F3 的“最终答复”）"]), ("备注", [])])
def test_a_column_from_a_newer_version_is_missed_only_where_a_header_is_spelt_much_like_it(
    header: str, told: list[str], tmp_path: Path
) -> None:
    make_workspace(tmp_path, [ASSESSED])
    save(tmp_path, lambda book: rename(book["沟通记录"], 是否最终答复=header))
    found = [message for _, message in named(check(load_config(tmp_path / "qtemplate.toml"), NOW), "QT214")]
    assert [words in message for words, message in zip(told, found, strict=True)] == [True] * len(told)


def test_a_column_from_a_newer_version_that_was_there_at_an_earlier_run_is_missed(tmp_path: Path) -> None:
    first_run(tmp_path, [ASSESSED])
    save(tmp_path, lambda book: rename(book["沟通记录"], 是否最终答复="备注"))
    told = [message for _, message in named(run_at(tmp_path, NOW), "QT214")]
    assert (len(told), "沟通记录" in told[0], "“是否最终答复”" in told[0]) == (1, True, True)


def test_of_two_columns_with_one_header_the_left_one_is_read_and_filled(tmp_path: Path) -> None:
    make_workspace(tmp_path, REPLIES)
    save(tmp_path, lambda book: rename(book["沟通记录"], 沟通人="Summary"))
    report = run_at(tmp_path, NOW)
    assert {row[4] for row in rows_of(tmp_path, "沟通记录")} == {"已答复：已解决"}
    assert {tuple(row[5:]) for row in rows_of(tmp_path, "沟通记录")} == {("是", "")}
    assert [(item.code, item.where.address) for item in report.findings if item.where and item.code == "QT215"] == [
        ("QT215", "G3")
    ]


def drop(book: openpyxl.Workbook, *names: str) -> None:
    for name in names:
        del book[name]


def restore(folder: Path, names: Iterable[str]) -> None:
    """Somebody copies sheets from an untouched workbook back into the register."""
    make_workspace(folder / "fresh", [])
    fresh = openpyxl.load_workbook(folder / "fresh" / "register.xlsx")

    def copy(book: openpyxl.Workbook) -> None:
        for name in names:
            ws = book.create_sheet(name)
            for row in fresh[name].iter_rows():
                for cell in row:
                    ws.cell(cell.row, cell.column).value = cell.value
            for table in fresh[name].tables.values():
                ws.add_table(table)

    save(folder, copy)


def test_rows_of_logs_that_are_gone_come_when_the_sheets_are_back(tmp_path: Path) -> None:
    rows = [WAITING, WAITING | {"title": "屏幕有时不亮"}, *REPLIES[:2]]
    for name in ("sound", "work"):
        make_workspace(tmp_path / name, rows)
    save(tmp_path / "work", lambda book: drop(book, "暂停记录", "沟通记录"))
    for name in ("sound", "work"):
        run_at(tmp_path / name, NOW)
    report = run_at(tmp_path / "work", NOW + DAY)
    run_at(tmp_path / "sound", NOW + DAY)
    assert (report.exit_code, report.outcomes[Result.DEFERRED]) == (5, 4)
    assert [message for _, message in named(report, "QT714")] == [
        "“暂停记录”表的新行没有写入：工作簿里没有这张工作表。其他都已写入，这些行下次运行再写。",
        "“沟通记录”表的新行没有写入：工作簿里没有这张工作表。其他都已写入，这些行下次运行再写。",
    ]
    lines = read_lines(tmp_path / "work" / "register.xlsx")
    assert lines == read_lines(tmp_path / "sound" / "register.xlsx")
    assert [line["clock"] for line in lines[:2]] == ["暂停", "暂停"]
    restore(tmp_path / "work", ["暂停记录", "沟通记录"])
    assert len(run_at(tmp_path / "work", NOW + 2 * DAY).rows) == 4
    run_at(tmp_path / "sound", NOW + 2 * DAY)
    for sheet in ("暂停记录", "沟通记录"):
        assert sorted(rows_of(tmp_path / "work", sheet)) == sorted(rows_of(tmp_path / "sound", sheet))
    since = {("", "final_since"): f'"{(NOW + 2 * DAY).isoformat()}"'}  # only then was the column 是否最终答复 there
    assert facts(tmp_path / "work") == facts(tmp_path / "sound") | since


def test_a_pause_in_a_sheet_that_cannot_be_read_still_rests_the_clocks_and_knows_when_it_ended(tmp_path: Path) -> None:
    for name in ("sound", "work"):
        first_run(tmp_path / name, [WAITING, WAITING | {"title": "屏幕有时不亮"}, WHOLE])
    save(tmp_path / "work", lambda book: rename(book["暂停记录"], 反馈编号="编码"))

    def compare() -> None:
        both = [read_lines(tmp_path / name / "register.xlsx") for name in ("sound", "work")]
        assert both[0] == both[1]

    for name in ("sound", "work"):
        run_at(tmp_path / name, NOW + 5 * DAY)
    compare()
    for name in ("sound", "work"):
        edit_lines(tmp_path / name / "register.xlsx", lambda lines: lines[0].update(status=None))
        run_at(tmp_path / name, NOW + 6 * DAY)
        run_at(tmp_path / name, NOW + 7 * DAY)
    compare()
    save(tmp_path / "work", lambda book: rename(book["暂停记录"], 编码="反馈编号"))
    for name in ("sound", "work"):
        run_at(tmp_path / name, NOW + 8 * DAY)
    compare()
    assert rows_of(tmp_path / "work", "暂停记录") == rows_of(tmp_path / "sound", "暂停记录")
    assert [row[2] for row in rows_of(tmp_path / "work", "暂停记录")] == [NOW + 6 * DAY, ""]
    assert facts(tmp_path / "work") == facts(tmp_path / "sound")


MANY = [WHOLE | {"title": f"第 {number} 台按键不灵", "received_at": None} for number in range(24)]
"""More findings than the terminal and the mail to the keeper list."""


def m25(folder: Path) -> str:
    """What the keeper was told."""
    return next(text for data in mails(folder).values() if "夜间运行" in (text := body(data)))


def body(data: bytes) -> str:
    message = email.message_from_bytes(data, policy=email.policy.default)
    part = message.get_body(("plain",))
    return "" if part is None else str(part.get_content())


def test_findings_under_two_renamed_headers_are_listed_without_these_columns(tmp_path: Path) -> None:
    make_workspace(tmp_path, MANY)
    save(tmp_path, lambda book: rename(book["校验结果"], 现值="目前", 怎么办="处理建议"))
    report = run_at(tmp_path, NOW)
    listed = rows_of(tmp_path, "校验结果")
    assert {row[0] for row in listed} == {"错误"} and len(listed) >= 24
    assert {row[7] for row in listed} == {""}
    [(_, told)] = named(report, "QT214")
    assert "“怎么办”（可能是 H3 的“处理建议”）" in told
    assert "见“校验结果”表" in to_text(report, "zh")
    assert "见登记表“校验结果”" in m25(tmp_path)
    before = (tmp_path / "register.xlsx").read_bytes()
    run_at(tmp_path, NOW)
    assert (tmp_path / "register.xlsx").read_bytes() == before


def spoil(book: openpyxl.Workbook) -> None:
    ws = book["校验结果"]
    rename(ws, **{str(cell.value): f"{cell.column}列" for cell in ws[3] if cell.value})


def merge(book: openpyxl.Workbook) -> None:
    book["校验结果"].merge_cells("A6:C9")


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        (spoil, "QT715", Severity.ERROR),
        (lambda book: drop(book, "校验结果"), "QT715", Severity.INFO),
        (merge, "QT713", Severity.ERROR),
    ],
)
def test_nobody_is_sent_to_a_list_of_findings_that_was_not_written(
    change: Callable[[openpyxl.Workbook], None], code: str, severity: Severity, tmp_path: Path
) -> None:
    make_workspace(tmp_path, MANY)
    save(tmp_path, change)
    report = run_at(tmp_path, NOW)
    told: list[Finding] = [item for item in report.findings if item.code in ("QT713", "QT715")]
    assert [(item.code, item.severity) for item in told] == [(code, severity)]
    for text in (to_text(report, "zh"), m25(tmp_path)):
        assert "运行 qtemplate check -v 查看" in text
        assert "见“校验结果”" not in text and "见登记表“校验结果”" not in text


def test_a_check_sends_nobody_to_the_list_that_the_last_run_wrote(tmp_path: Path) -> None:
    make_workspace(tmp_path, MANY)
    config = load_config(tmp_path / "qtemplate.toml")
    assert "见“校验结果”" not in to_text(check(config, NOW), "zh")
    assert "见“校验结果”" not in to_text(plan(config, NOW), "zh")


def test_a_sheet_of_the_program_is_followed_to_its_new_name_by_its_table(tmp_path: Path) -> None:
    first_run(tmp_path, MANY)

    def change(book: openpyxl.Workbook) -> None:
        book["校验结果"].title = "问题清单"

    save(tmp_path, change)
    edit_lines(tmp_path / "register.xlsx", lambda lines: lines[0].update(received_at=NOW - DAY))
    report = run_at(tmp_path, NOW)
    assert named(report, "QT715") == []
    assert len(rows_of(tmp_path, "问题清单")) == len([item for item in report.findings if item.id])


def test_what_a_person_keeps_under_the_name_of_a_sheet_of_the_program_is_left_alone(tmp_path: Path) -> None:
    make_workspace(tmp_path, [ASSESSED])

    def keep(book: openpyxl.Workbook) -> None:
        del book["变更日志"]
        ws = book.create_sheet("变更日志")
        ws.append(["时间", "反馈编号", "字段", "原值", "备注"])
        ws.append([NOW, "QF-2026-0001", "版本", "2.1", "与客户核对过"])

    save(tmp_path, keep)
    before = sheet_cells(tmp_path / "register.xlsx", ["变更日志"])
    report = run_at(tmp_path, NOW)
    assert sheet_cells(tmp_path / "register.xlsx", ["变更日志"]) == before
    assert [code for code, _ in named(report, "QT716")] == ["QT716"]
