"""The standard workbook as others open it: openpyxl, calamine, our own readers, LibreOffice, and a structural lint."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from ooxml_lint import lint
from openpyxl.utils import get_column_letter

from qtemplate.choices import Clock, Level, Status
from qtemplate.fields import STANDARD, Field, Kind
from qtemplate.ooxml.cells import Formula
from qtemplate.plan import Finding, Severity
from qtemplate.sheets import open_book, read_decision_tables, read_register, read_rulebook
from qtemplate.sheets.layout import BY_KEY, REGISTER_TABLE, SHEETS
from qtemplate.sheets.standard import OwnColumn, build_workbook
from qtemplate.sheets.standard.holidays import shipped_holidays
from qtemplate.sheets.standard.look import PAGE_WIDTH
from qtemplate.sheets.writing.program_sheets import findings_body

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
OWN = (OwnColumn("区域", "list", ("华东", "华南")), OwnColumn("成本", "number", number_format="0.00"))


@cache
def blank(language: str) -> bytes:
    return build_workbook(language)


@cache
def opened(language: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(blank(language)))


def register_sheet(language: str) -> str:
    return "反馈登记" if language == "zh" else "Feedback"


def cells_of(wb: openpyxl.Workbook, sheet: str, area: str) -> Any:
    """Rows of cells; openpyxl's own type for this depends on the shape of the area."""
    return wb[sheet][area]


@LANGUAGES
def test_equal_content_gives_equal_bytes(language: str) -> None:
    assert build_workbook(language, own_columns=OWN) == build_workbook(language, own_columns=OWN)


@LANGUAGES
def test_every_sheet_of_the_layout_is_there_once_and_the_guide_comes_first(language: str) -> None:
    names = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(blank(language))).sheet_names
    assert sorted(names) == sorted([*(spec.title(language) for spec in SHEETS), register_sheet(language)])
    assert names[:3] == [SHEETS[0].title(language), SHEETS[1].title(language), register_sheet(language)]


@LANGUAGES
def test_no_structural_flaw_is_found(language: str, tmp_path: Path) -> None:
    path = tmp_path / "standard.xlsx"
    path.write_bytes(build_workbook(language, own_columns=OWN))
    assert lint(path) == []


@LANGUAGES
def test_tables_name_their_header_cells_and_filter_themselves(language: str) -> None:
    for ws in opened(language).worksheets:
        assert ws.auto_filter.ref is None, ws.title
        for table in ws.tables.values():
            headers = [cell.value for cell in cells_of(opened(language), ws.title, table.ref)[0]]
            assert [column.name for column in table.tableColumns] == headers
            assert len(set(headers)) == len(headers)
            assert table.autoFilter.ref == table.ref


@LANGUAGES
def test_drop_downs_point_at_cells_and_never_carry_their_values(language: str) -> None:
    sources = [
        str(rule.formula1)
        for ws in opened(language).worksheets
        for rule in ws.data_validations.dataValidation
        if rule.type == "list"
    ]
    assert len(sources) > 40
    assert [source for source in sources if '"' in source or not re.search(r"'[^']+'!\$[A-Z]+\$\d+", source)] == []
    assert [source for source in sources if len(source) > 255] == []


@LANGUAGES
def test_the_drop_down_of_every_enumeration_shows_exactly_its_labels(language: str) -> None:
    wb = opened(language)
    ws = wb[register_sheet(language)]
    headers = [cell.value for cell in ws[2]]
    shown = {}
    for rule in ws.data_validations.dataValidation:
        plain = re.fullmatch(r"'([^']+)'!(\$[A-Z]+\$\d+:\$[A-Z]+\$\d+)", str(rule.formula1 or ""))
        if rule.type == "list" and plain:
            column = next(iter(rule.sqref.ranges)).min_col
            shown[headers[column - 1]] = [row[0].value for row in cells_of(wb, plain[1], plain[2])]
    program = {Field.SUGGESTED_LEVEL, Field.PRIORITY, Field.REPLY_STATE}  # nobody types these
    assert shown == {
        field.header(language): [member.label(language) for member in field.choices]
        for field in STANDARD
        if field.choices is not None and field not in program
    }


@LANGUAGES
def test_codes_are_text_and_dates_are_dates_down_to_the_last_row(language: str) -> None:
    ws = opened(language)[register_sheet(language)]
    formats = {cell.value: ws.column_dimensions[get_column_letter(cell.column or 0)].number_format for cell in ws[2]}
    assert {formats[f.header(language)] for f in STANDARD if f.kind in (Kind.CODE, Kind.IDS)} == {"@"}
    assert {formats[f.header(language)] for f in STANDARD if f.kind is Kind.DATETIME} == {"yyyy-mm-dd hh:mm"}


@LANGUAGES
def test_stages_fold_behind_their_first_column(language: str) -> None:
    ws = opened(language)[register_sheet(language)]
    hidden = {cell.value for cell in ws[2] if ws.column_dimensions[get_column_letter(cell.column or 0)].hidden}
    first = {field.stage: field for field in reversed(STANDARD)}
    assert hidden == {f.header(language) for f in STANDARD if not f.visible and first[f.stage] is not f}
    assert ws.freeze_panes == "B3"
    assert ws.print_title_rows == "$1:$2"


@LANGUAGES
def test_a_sheet_that_is_too_wide_for_one_page_is_printed_on_several_that_begin_with_what_a_row_is_about(
    language: str,
) -> None:
    book, wide = opened(language), {}
    for spec in SHEETS:
        ws = book[spec.title(language)]
        if ws.page_setup.fitToWidth and ws.page_setup.fitToWidth > 1:
            wide[spec.key] = (ws.page_setup.fitToWidth, ws.print_title_cols, bool(ws.print_title_rows))
        elif spec.blocks and not ws.print_area:
            letters = [get_column_letter(at) for at in range(1, ws.max_column + 1)]
            assert sum(ws.column_dimensions[letter].width for letter in letters) <= PAGE_WIDTH, spec.key
    assert wide == {
        "checks": (2, "$A:$A", True),
        "actions": (2, "$A:$B", True),
        "verifications": (2, "$A:$A", True),
        **(dict.fromkeys(("surveys", "meetings"), (2, "$A:$A", True)) if language == "en" else {}),
    }


@LANGUAGES
def test_the_readers_understand_the_blank_workbook(language: str) -> None:
    book = open_book(build_workbook(language, own_columns=OWN))
    register = read_register(book)
    assert [register.columns[field] for field in STANDARD] == list(range(1, len(STANDARD) + 1))
    assert (register.table, register.language, register.own_headers) == (REGISTER_TABLE, language, ("区域", "成本"))
    assert (len(register.frame), register.findings) == (0, ())
    rules = read_rulebook(book, language=language, own_headers=register.own_headers)
    assert [finding for finding in rules.findings if finding.severity == "error"] == []
    assert rules.limits[Clock.RESPOND, Level.URGENT].number == 2
    assert len(rules.ladder) == 14
    assert rules.people == ()


@LANGUAGES
def test_the_rule_sheets_are_decision_tables(language: str, tmp_path: Path) -> None:
    path = tmp_path / "standard.xlsx"
    path.write_bytes(blank(language))
    tables = read_decision_tables(path)
    names = ["分级规则", "分派规则", "优先级规则", "排队积分", "校验规则"]
    english = ["Grading", "Assignment", "Priority", "Queue points", "Checks"]
    assert list(tables) == (names if language == "zh" else english)


@LANGUAGES
def test_the_calendar_knows_the_statutory_days_of_two_years(language: str) -> None:
    chinese_calendar = pytest.importorskip("chinese_calendar")
    book = open_book(build_workbook(language, holidays=shipped_holidays("zh")))
    calendar = read_rulebook(book, language=language).calendar
    assert calendar is not None
    day, wrong = dt.date(2025, 1, 1), []
    while day.year < 2027:
        if bool(calendar.segments_of(day)) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += dt.timedelta(days=1)
    assert wrong == []
    assert calendar.confirmed == {2025, 2026}


def test_text_that_begins_like_a_formula_stays_text() -> None:
    content = build_workbook("zh", rows=[{"title": "=1+1", "reporter": "@SUM(A1)", "severity": 3, "model": "#N/A"}])
    ws = openpyxl.load_workbook(io.BytesIO(content))["反馈登记"]
    cells = {head.value: cell for head, cell in zip(ws[2], ws[3], strict=True)}
    shown = {name: (cells[name].value, cells[name].data_type) for name in ("问题标题", "反馈者", "严重性", "型号")}
    assert shown == {
        "问题标题": ("=1+1", "s"),
        "反馈者": ("@SUM(A1)", "s"),
        "严重性": (3, "n"),
        "型号": ("#N/A", "e"),
    }


def test_four_hundred_values_in_a_list_do_not_lengthen_any_validation() -> None:
    many = OwnColumn("网点", "list", tuple(f"网点 {number:03d}" for number in range(400)))
    wb = openpyxl.load_workbook(io.BytesIO(build_workbook("zh", own_columns=(many,))))
    rules = [rule for ws in wb.worksheets for rule in ws.data_validations.dataValidation]
    assert max(len(str(rule.formula1 or "")) for rule in rules) < 255


@LANGUAGES
def test_the_dashboard_has_two_native_charts_over_its_own_figures(language: str) -> None:
    with zipfile.ZipFile(io.BytesIO(blank(language))) as archive:
        charts = [archive.read(name).decode() for name in sorted(archive.namelist()) if "charts/chart" in name]
    shown = [set(re.findall("<f>'(.+?)'!", chart)) for chart in charts]
    assert shown == [{BY_KEY["dashboard"].title(language)}] * 2 + [{BY_KEY["figures"].title(language)}] * 7


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_opens_it_and_works_out_the_dashboard(tmp_path: Path) -> None:
    source = tmp_path / "standard.xlsx"
    levels = ["urgent", "major", "major", "minor"]
    rows = [{"title": "某个问题", "status": "in_work", "level": level, "clock": "超时：答复"} for level in levels]
    source.write_bytes(build_workbook("zh", rows=[*rows, {"title": "旧问题", "status": "closed", "level": "minor"}]))
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*command, str(tmp_path / "out"), str(source)], check=True, capture_output=True, timeout=120)
    converted = python_calamine.CalamineWorkbook.from_path(tmp_path / "out" / "standard.xlsx")
    board = converted.get_sheet_by_name("看板").to_python(skip_empty_area=False)
    assert (board[3][1], board[3][3]) == (4, 4)
    assert next(row[2:8] for row in board if row[1] == "处理中") == [1, 2, 0, 1, 0, 4]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_column_of_the_status_is_wide_enough_for_every_status(language: str) -> None:
    letter = get_column_letter(list(STANDARD).index(Field.STATUS) + 1)
    longest = max(len(status.label(language)) * (2 if language == "zh" else 1) for status in Status)
    assert opened(language)[register_sheet(language)].column_dimensions[letter].width >= longest


@LANGUAGES
def test_the_clock_and_the_way_to_the_folded_columns_stand_on_the_first_screen(language: str) -> None:
    ws = opened(language)["反馈登记" if language == "zh" else "Feedback"]
    clock = [cell.value for cell in ws[2]].index(Field.CLOCK.header(language)) + 1
    widths = [ws.column_dimensions[get_column_letter(at)].width for at in range(1, clock + 1)]
    row_numbers, scroll_bar = 40, 25  # pixels; a digit of the usual type is seven wide, and a cell has five around it
    assert row_numbers + sum(int(width * 7 + 5) for width in widths) + scroll_bar < 1920
    assert str(ws["B1"].value).startswith("列标上方的 [+]" if language == "zh" else "[+] above the column letters")
    assert [cell.coordinate for cell in ws[3] if cell.alignment.wrap_text] == []


def test_findings_of_a_feedback_stand_together_errors_first() -> None:
    book = open_book(blank("en"))
    register = read_register(book)
    error, warning, note = Severity.ERROR, Severity.WARNING, Severity.INFO
    said = [("B", warning), ("A", error), ("", error), ("A", note), ("B", note)]
    body = findings_body(book, [Finding("QT110", level, id=id or None) for id, level in said], register)
    assert body is not None
    shown = [(row[0], row[2].cached if isinstance(row[2], Formula) else row[2]) for row in body.rows]
    assert shown == [("Error", "A"), ("Info", "A"), ("Error", None), ("Warning", "B"), ("Info", "B")]
