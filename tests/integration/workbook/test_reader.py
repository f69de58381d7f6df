"""Reading a register: headers found, cells typed, what does not fit reported with its address."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from register_makers import HEADERS, Shown, prefixed, register, strict, with_part, with_sheet_xml, workbook

from qtemplate.fields import Field
from qtemplate.register import CellRef, Register
from qtemplate.sheets import open_book, read_register
from qtemplate.texts import say_finding


def read(data: bytes, **options: Any) -> Register:
    return read_register(open_book(data), **options)


def told(found: Register) -> list[tuple[str, str, str]]:
    """(code, address, what was found) of the findings about cells."""
    return [(f.code, f.where.address, f.found) for f in found.findings if f.where is not None]


def one(header: str, content: Any, headers: tuple[str, ...] = ()) -> tuple[Any, list[tuple[str, str, str]], Register]:
    """Frame value and findings of one cell; the register's row 2."""
    more = tuple(name for name in (header, *headers) if name not in HEADERS)
    found = read(register([{"反馈编号": "QF-2026-0001", header: content}], more))
    key = next(key for key, text in found.headers.items() if text == header)
    return found.frame.at[2, key], told(found), found


# headers


@pytest.mark.parametrize(
    "headers",
    [
        ["反馈编号", "反馈时间", "反馈者", "问题标题"],
        ["ID", "Received at", "Reporter", "Title"],
        ["id", "received_at", "reporter", "title"],
        [" 反馈 编号* ", "反馈\n时间", "反馈者：", "问题标题"],
        ["ＩＤ", "RECEIVED AT", "Reporter　", "title"],
    ],
)
def test_headers_are_found_in_either_language_as_keys_and_spelled_loosely(headers: list[str]) -> None:
    found = read(workbook({"S": [["登记表 2026"], [], headers, ["QF-2026-0001", dt.date(2026, 7, 1), "王", "闪烁"]]}))
    assert (found.sheet, found.header_row, list(found.columns)) == ("S", 3, ["id", "received_at", "reporter", "title"])
    assert found.frame.index.tolist() == [4]
    assert found.cell(4, "title") == CellRef("S", 4, 4)


def test_the_language_is_that_of_most_headers() -> None:
    assert read(workbook({"S": [["ID", "Received at", "Reporter", "标题", "Title"]]})).language == "en"
    assert read(register([])).language == "zh"


def test_the_best_of_several_sheets_is_the_register_and_an_equal_one_is_mentioned() -> None:
    rows = [list(HEADERS), ["QF-2026-0001"]]
    found = read(workbook({"暂停记录": [["反馈编号", "开始"]], "旧": rows, "新": rows}))
    assert found.sheet == "旧"
    assert [(f.code, dict(f.facts)["others"]) for f in found.findings if f.code == "QT700"] == [("QT700", ("新",))]
    named = read(workbook({"旧": rows, "反馈登记": rows}))
    assert (named.sheet, [f.code for f in named.findings if f.code == "QT700"]) == ("反馈登记", [])


def test_own_columns_are_kept_with_their_contents() -> None:
    rows = [{"反馈编号": "QF-2026-0001", "区域": " 华东", "质量成本": 12.5, "批数": 3, "到货": dt.date(2026, 7, 1)}]
    found = read(register(rows, ("区域", "质量成本", "批数", "到货", "空")))
    assert found.own_headers == ("区域", "质量成本", "批数", "到货", "空")
    assert [found.frame.at[2, name] for name in found.own_headers] == [" 华东", 12.5, 3, dt.date(2026, 7, 1), None]


def test_all_fields_are_columns_even_those_the_sheet_lacks() -> None:
    frame = read(register([{"反馈编号": "QF-2026-0001"}])).frame
    assert set(Field) <= set(frame.columns)
    assert frame["owner"].dtype == object
    assert frame["closed_at"].dtype == frame["eta"].dtype == "datetime64[s]"
    assert frame.loc[2, ["owner", "closed_at"]].isna().all()


def test_missing_columns_are_reported_once_each_or_together() -> None:
    found = read(workbook({"S": [["反馈编号", "反馈时间", "反馈者", "问题标题"]]}))
    lacking = [f.field for f in found.findings if f.code == "QT701"]
    assert sorted(map(str, lacking)) == [
        "category", "channel", "description", "model", "product", "reporter_type", "severity",
    ]  # fmt: skip
    assert [len(dict(f.facts)["columns"]) > 10 for f in found.findings if f.code == "QT702"] == [True]


def test_an_own_header_that_stands_twice_is_reported_and_its_first_column_read() -> None:
    found = read(workbook({"反馈登记": [[*HEADERS, "区域", "区域"], [*["x"] * 10, "东", "西"]]}))
    assert found.frame.at[2, "区域"] == "东"
    assert [(f.code, str(f.where)) for f in found.findings if f.code == "QT703"] == [("QT703", "反馈登记!L1")]


def test_blank_rows_are_left_out_and_the_index_is_the_worksheet_row() -> None:
    rows: list[dict[str, Any]] = [{"反馈者": "甲"}, {}, {"反馈者": "  "}, {"严重性": 0}, {"反馈者": "乙"}]
    assert read(register(rows)).frame.index.tolist() == [2, 5, 6]


def test_what_stands_beside_the_register_makes_no_row_of_it() -> None:
    rows: list[list[Any]] = [
        ["x"] * 10,
        [*[None] * 11, "a note"],
        [*[None] * 9, "  ", None, 5],
        [*[None] * 9, 0, None, 5],
    ]
    found = read(workbook({"反馈登记": [HEADERS, *rows]}))
    assert found.frame.index.tolist() == [2, 5]


def test_an_empty_table_is_a_register_without_rows() -> None:
    found = read(register([]))
    assert len(found.frame) == 0
    assert found.frame["received_at"].dtype == "datetime64[s]"


def test_the_excel_table_is_named_its_totals_row_left_out_and_rows_below_it_are_told(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("反馈登记")
    columns = [{"header": name, "total_string": "合计" if name == "反馈编号" else ""} for name in HEADERS]
    rows = [["QF-2026-0001", *[""] * 9], ["QF-2026-0002", *[""] * 9]]
    sheet.add_table(2, 1, 5, 10, {"name": "tblFeedback", "columns": columns, "data": rows, "total_row": True})
    sheet.write(8, 2, dt.datetime(2026, 7, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_row(9, 3, ["王工", "门锁打不开"])
    book.close()
    found = read(path.read_bytes())
    below = [say_finding(f, "en").message for f in found.findings if f.code == "QT706"]
    told = "反馈登记!A10: 1 row stands below the totals row (6) and is not read: 10. Move it above the"
    assert below == [f"{told} totals row, or switch the totals row off."]
    assert (found.table, found.header_row, found.columns["id"]) == ("tblFeedback", 3, 2)
    assert found.frame["id"].dropna().tolist() == ["QF-2026-0001", "QF-2026-0002"]


# dates


@pytest.mark.parametrize(
    "text",
    [
        "2026-3-7",
        "2026/03/07",
        "2026年3月7日",
        "2026.3.7",
        "20260307",
        "7 Mar 2026",
        "２０２６－３－７",
        "March 7, 2026",
    ],
)
def test_p14_a_text_date_that_means_one_day_is_used_and_proposed(text: str) -> None:
    value, findings, found = one("反馈时间", text)
    assert value == pd.Timestamp(2026, 3, 7)
    assert findings == [("QT104", "B2", text)]
    assert (found.raw, found.wrong) == ({(2, "received_at"): text}, {})


@pytest.mark.parametrize("text", ["3/7", "03/07/2026", "7-3-26", "3月7日", "2026-02-30", "昨天", "2026-3"])
def test_p14_a_text_date_with_two_meanings_or_none_is_never_guessed(text: str) -> None:
    value, findings, found = one("反馈时间", text)
    assert value is pd.NaT
    assert findings == [("QT103", "B2", text)]
    assert (found.raw, found.wrong) == ({}, {(2, "received_at"): text})


def test_times_of_day_are_kept_to_the_second() -> None:
    assert one("反馈时间", dt.datetime(2026, 3, 7, 14, 30))[0] == pd.Timestamp(2026, 3, 7, 14, 30)
    assert one("反馈时间", "2026-03-07 14:30")[0] == pd.Timestamp(2026, 3, 7, 14, 30)
    assert one("反馈时间", Shown(46088.604166666, "yyyy-mm-dd hh:mm"))[0] == pd.Timestamp(2026, 3, 7, 14, 30)


def test_p14_a_serial_without_a_date_format_is_reported_with_the_day_it_would_be() -> None:
    value, findings, found = one("反馈时间", 46088)
    assert (value, findings) == (pd.NaT, [("QT105", "B2", "46088")]) or value is pd.NaT
    assert findings == [("QT105", "B2", "46088")]
    assert "2026-03-07" in say_finding(next(f for f in found.findings if f.code == "QT105"), "zh").action


@pytest.mark.parametrize(
    "form", ["yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "[$-804]aaaa;@", "m/d", "[$-F800]dddd, mmmm dd, yyyy"]
)
def test_a_number_with_any_date_format_is_that_date(form: str) -> None:
    assert one("反馈时间", Shown(46088, form))[:2] == (pd.Timestamp(2026, 3, 7), [])


def test_p14_dates_of_a_1904_workbook_are_those_people_see() -> None:
    data = register([{"反馈编号": "x", "反馈时间": Shown(44626, "yyyy-mm-dd")}])
    data = with_part(data, "xl/workbook.xml", lambda xml: re.sub(rb"<workbookPr\b", b'<workbookPr date1904="1"', xml))
    assert read(data).frame.at[2, "received_at"] == pd.Timestamp(2026, 3, 7)


@pytest.mark.parametrize("day", [dt.datetime(1900, 3, 2), dt.datetime(9999, 12, 31, 23, 59)])
def test_days_far_away_are_read_as_they_are(day: dt.datetime) -> None:
    assert one("反馈时间", day)[:2] == (pd.Timestamp(day), [])


def test_a_date_column_keeps_the_day_only_and_a_time_alone_is_no_date() -> None:
    assert one("计划完成", dt.datetime(2026, 3, 7, 14, 30))[:2] == (pd.Timestamp(2026, 3, 7), [])
    value, findings, _ = one("反馈时间", dt.time(9, 30))
    assert value is pd.NaT
    assert [code for code, _, _ in findings] == ["QT109"]


@pytest.mark.parametrize(
    ("content", "value"),
    [("停止", "stop"), ("Stop", "stop"), (dt.date(2026, 3, 7), dt.date(2026, 3, 7)), ("2026-3-7", dt.date(2026, 3, 7))],
)
def test_a_reminder_rests_until_a_day_or_for_good(content: Any, value: Any) -> None:
    assert one("提醒暂停至", content)[0] == value


# identifiers and numbers


@pytest.mark.parametrize(
    ("content", "value", "shown"),
    [
        (Shown(123, "000000"), "000123", "000123"),
        (Shown(12, '"B"0000'), "B0012", "B0012"),
        (123, "123", "123"),
        (6937526801234, "6937526801234", "6.93753E+12"),
        (1.5, "1.5", "1.5"),
    ],
)
def test_a_number_in_an_identifier_column_is_reported_as_displayed(content: Any, value: str, shown: str) -> None:
    assert one("批次号", content)[:2] == (value, [("QT102", "K2", shown)])


@pytest.mark.parametrize("text", ["000123", "0571-88001234", "1E5", "123456789012345678", "未知", "Unknown"])
def test_identifiers_that_are_text_stay_as_they_are(text: str) -> None:
    assert one("批次号", text)[:2] == (text, [])


@pytest.mark.parametrize("content", [dt.date(2026, 3, 7), 123456789012345678])
def test_an_identifier_that_excel_has_spoiled_is_wrong(content: Any) -> None:
    value, findings, found = one("批次号", content)
    assert value is None
    assert [code for code, _, _ in findings] == ["QT109"]
    assert (2, "batch") in found.wrong


@pytest.mark.parametrize(
    ("content", "value", "codes"),
    [
        (3, 3, []), ("3", 3, ["QT108"]), ("３ ", 3, ["QT108"]), (2.5, None, ["QT109"]), ("三", None, ["QT109"]),
        (-1, None, ["QT109"]), (True, None, ["QT109"]), (9, 9, []),
    ],
)  # fmt: skip
def test_whole_numbers(content: Any, value: int | None, codes: list[str]) -> None:
    found, findings, _ = one("严重性", content)
    assert (found, [code for code, _, _ in findings]) == (value, codes)


# labels and texts


@pytest.mark.parametrize("content", ["电子邮件", "E-mail", "email"])
def test_a_label_or_code_is_the_code_without_a_word(content: str) -> None:
    assert one("反馈渠道", content)[:2] == ("email", [])


def test_a_label_spelled_otherwise_is_understood_and_proposed() -> None:
    assert one("反馈渠道", " 电子 邮件")[:2] == ("email", [("QT101", "H2", " 电子 邮件")])
    assert one("反馈渠道", "EMAIL")[:2] == ("email", [("QT101", "H2", "EMAIL")])


def test_an_unknown_label_is_wrong_and_the_nearest_is_offered() -> None:
    value, findings, found = one("反馈渠道", "电子邮箱")
    assert (value, findings) == (None, [("QT106", "H2", "电子邮箱")])
    assert dict(found.findings[-1].facts)["near"] == "电子邮件"
    assert found.wrong == {(2, "channel"): "电子邮箱"}
    assert one("反馈渠道", "门卫")[1] == [("QT107", "H2", "门卫")]
    assert one("反馈渠道", 5)[1] == [("QT107", "H2", "5")]


def test_values_the_team_added_to_a_list_are_known() -> None:
    data = register([{"反馈编号": "x", "反馈渠道": "展会"}])
    assert read(data, lists={"channel": {"展会": "展会"}}).frame.at[2, "channel"] == "展会"


@pytest.mark.parametrize("content", ["王芳 ", "　王芳", "王\u200b芳", "\ufeff王芳"])
def test_stray_blanks_are_dropped_in_memory_and_proposed(content: str) -> None:
    assert one("反馈者", content)[:2] == ("王芳", [("QT101", "C2", content)])


def test_line_breaks_at_the_end_of_a_description_are_nobody_s_mistake() -> None:
    value, findings, found = one("问题描述", "第一行\r\n第二行\n\n")
    assert (value, findings) == ("第一行\n第二行", [])
    assert (2, "description") in found.raw


def test_text_that_tries_to_be_something_else_stays_text() -> None:
    for text in ("+cmd|' /C calc'!A0", "@SUM(1)", "{{ 7*7 }}", "../../etc/passwd", "-1"):
        assert one("问题标题", text)[:2] == (text, [])


def test_mail_addresses_are_tidied() -> None:
    found = [("QT101", "K2", "Li.Na@Example.COM")]
    assert one("邮箱", "Li.Na@Example.COM")[:2] == ("Li.Na@example.com", found)
    assert one("邮箱", "Li.Na@example.com")[:2] == ("Li.Na@example.com", [])
    assert one("邮箱", " mailto:a@b.cn")[0] == "a@b.cn"


def test_ids_are_joined_alike_whatever_separates_them() -> None:
    assert one("关联反馈", "QF-2026-0001; QF-2026-0002\nQF-2026-0003")[0] == "QF-2026-0001、QF-2026-0002、QF-2026-0003"


# what calamine hides


def error_register() -> bytes:
    return register([{"反馈编号": "QF-2026-0001", "型号": "#N/A", "反馈时间": "#VALUE!", "区域": "#DIV/0!"}], ("区域",))


def test_error_cells_are_wrong_and_named() -> None:
    found = read(error_register())
    assert told(found) == [("QT100", "B2", "#VALUE!"), ("QT100", "E2", "#N/A"), ("QT100", "K2", "#DIV/0!")]
    assert found.wrong == {(2, "received_at"): "#VALUE!", (2, "model"): "#N/A", (2, "区域"): "#DIV/0!"}
    assert {f.id for f in found.findings if f.code == "QT100"} == {"QF-2026-0001"}


def unnumbered(xml: bytes) -> bytes:
    """Rows and cells without `r`; cells that are skipped must stand there."""
    return re.sub(rb'(<(?:row|c)) r="[A-Z]*\d+"', rb"\1", xml)


def test_other_spellings_of_the_same_xml_read_the_same() -> None:
    full = {name: f"{name} 1" for name in HEADERS}
    full |= {"反馈编号": "QF-2026-0001", "型号": "#N/A", "反馈渠道": "E-mail", "问题领域": "其他"}
    data = register(
        [{**full, "反馈时间": Shown(46088, "yyyy-mm-dd"), "严重性": 4, "批次号": Shown(123, "000000")}], ("批次号",)
    )
    plain = read(data)
    assert told(plain) == [("QT100", "E2", "#N/A"), ("QT102", "K2", "000123")]
    single = with_sheet_xml(data, lambda xml: xml.replace(b'"', b"'"))
    for other in (with_sheet_xml(data, prefixed), strict(data), with_sheet_xml(data, unnumbered), single):
        again = read(other)
        pd.testing.assert_frame_equal(again.frame, plain.frame)
        assert (again.wrong, told(again)) == (plain.wrong, told(plain))


def test_part_names_without_case_and_with_backslashes_are_found() -> None:
    data = register([{"反馈编号": "QF-2026-0001", "型号": "#N/A"}])
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("worksheets/sheet1", "Worksheets/Sheet1"), old.read(name))
    assert told(read(made.getvalue())) == [("QT100", "E2", "#N/A")]


def test_iso_dates_of_strict_workbooks_are_dates() -> None:
    data = register([{"反馈编号": "x", "反馈时间": 46088}])
    data = with_sheet_xml(
        data,
        lambda xml: re.sub(rb'<c r="B2"[^>]*><v>46088</v></c>', b'<c r="B2" t="d"><v>2026-03-07T14:30:00</v></c>', xml),
    )
    assert read(data).frame.at[2, "received_at"] == pd.Timestamp(2026, 3, 7, 14, 30)


# attachments


def test_only_files_below_the_folder_exist(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"x")
    (tmp_path / "secret.txt").write_bytes(b"x")
    cell = "a.jpg\nb.mp4；../secret.txt、https://example.com/c.png"
    data = register([{"反馈编号": "x", "附件": cell}], ("附件",))
    assert read(data, attachments_root=folder).missing_files == ((2, "b.mp4"), (2, "../secret.txt"))
    assert read(data).missing_files == ()
