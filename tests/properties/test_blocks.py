"""What is read can be written: however people rename, move, drop or double the headers of a sheet, a new row comes to
stand where the reader finds it again, or it is owed and a finding says so; the program's own sheets show what they
should, or a finding says that they do not.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table
from registers import register_of

from qtemplate.choices import ContactWay
from qtemplate.errors import WorkbookRefused
from qtemplate.journal import Change
from qtemplate.ooxml.patch import SheetBody, patch_workbook
from qtemplate.ooxml.reading.book import open_book
from qtemplate.plan import Finding, Memory, NewRow, Phrase, Plan, Severity
from qtemplate.rules.owed import propose_owed
from qtemplate.rules.rulebook import ContactEntry, Pause, RuleBook
from qtemplate.sheets import read_rulebook
from qtemplate.sheets.blocks import Block, BlockFinder
from qtemplate.sheets.layout import BY_KEY, Column, Need
from qtemplate.sheets.unwritten import unwritten_sheets
from qtemplate.sheets.writing.left_out import LeftOut, without_cells
from qtemplate.sheets.writing.placing import place_rows, shown
from qtemplate.sheets.writing.program_sheets import changes_body, findings_body
from qtemplate.sheets.writing.refused_cells import leave_out
from qtemplate.texts import say_finding

Line = dict[str, Any]

WORDS = st.text("电话说明已回复客户请求abc", min_size=1, max_size=8)
STRANGE = st.sampled_from(
    ("备注", "联系人", "内容", "Remark", "通话内容", "编号", "说明", "处理建议", "Person", "序号2")
)
MOMENTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1)).map(lambda at: at.replace(microsecond=0))
IDS = st.integers(1, 9999).map(lambda number: f"QF-2026-{number:04d}")


@dataclass(frozen=True)
class Head:
    """A column as it stands on the sheet: its header, and the key of what people keep in it; "" is their own."""

    header: str
    key: str


@dataclass(frozen=True)
class Sheet:
    """A sheet as people have left it.

    `first` and `width` are the columns of the Excel table, 0 = no table; `rows` stood there before.
    """

    title: str
    above: int
    heads: tuple[Head, ...]
    table: tuple[str, int, int] | None
    rows: tuple[Line, ...]

    def save(self, language: str) -> bytes:
        book = openpyxl.Workbook()
        register = book.create_sheet("反馈登记")
        register.append(["反馈编号", "反馈时间", "反馈者", "产品名称", "问题标题", "问题描述"])
        ws = book.create_sheet(self.title)
        head = self.above + 1
        for at in range(1, head):
            ws.cell(at, 1).value = "说明"
        for at, each in enumerate(self.heads, 1):
            ws.cell(head, at).value = each.header
            for row, line in enumerate(self.rows, head + 1):
                if each.key:
                    ws.cell(row, at).value = shown(each.key, line.get(each.key), language)
        if self.table is not None:
            name, first, last = self.table
            below = head + max(len(self.rows), 1)
            ref = f"{get_column_letter(first)}{head}:{get_column_letter(last)}{below}"
            ws.add_table(Table(displayName=name, ref=ref))
        stream = BytesIO()
        book.save(stream)
        return stream.getvalue()


def spellings(column: Column) -> st.SearchStrategy[str]:
    """Ways to write a header that mean the column."""
    names = st.sampled_from((column.zh, column.en, column.key))
    return st.builds(lambda name, mark: f"{name}{mark}", names, st.sampled_from(("", "", "*", "：", " ")))


@st.composite
def sheets(draw: st.DrawFn, key: str, lines: st.SearchStrategy[Line]) -> Sheet:
    """A log or program sheet: headers renamed, moved, missing, doubled; other names, lines above, other tables."""
    spec = BY_KEY[key]
    block = spec.blocks[0]
    heads: list[Head] = []
    for column in block.columns:
        fate = draw(st.sampled_from(("kept",) * 8 + ("renamed", "missing", "doubled")))
        if fate in ("kept", "doubled"):
            heads.append(Head(draw(spellings(column)), column.key))
        if fate == "renamed":
            heads.append(Head(draw(STRANGE), column.key))
        if fate == "doubled":
            heads.append(Head(draw(spellings(column)), ""))
    heads += [Head(draw(STRANGE), "") for _ in range(draw(st.integers(0, 2)))]
    if draw(st.booleans()):
        heads = draw(st.permutations(heads))
    whole = len({head.header.casefold() for head in heads}) == len(heads)  # Excel wants the headers of a table unique
    name = draw(st.sampled_from((block.table, block.table, block.table, "表2", "")))
    first = draw(st.sampled_from((1, 1, 1, 2)))
    table = (name, min(first, len(heads)), len(heads)) if name and heads and whole else None
    title = draw(st.sampled_from((spec.zh, spec.zh, spec.en, spec.key, f"{spec.zh}（旧）", "另一张表")))
    above = draw(st.sampled_from((0, 2, 2, 25, 40)))
    return Sheet(title, above, tuple(heads), table, tuple(draw(st.lists(lines, max_size=3))))


@st.composite
def pauses(draw: st.DrawFn) -> Line:
    start = draw(MOMENTS)
    end = draw(st.none() | st.just(start + dt.timedelta(hours=5)))
    return {"id": draw(IDS), "from": start, "to": end, "reason": draw(WORDS)}


CONTACTS = st.fixed_dictionaries(
    {
        "at": MOMENTS,
        "id": IDS,
        "direction": st.sampled_from(("out", "in")),
        "way": st.sampled_from([way.value for way in ContactWay]),
        "who": WORDS,
        "final": st.sampled_from(("yes", "no", "")),
        "summary": WORDS,
    }
)
LOGS: dict[str, st.SearchStrategy[Line]] = {"pauses": pauses(), "contacts": CONTACTS}


def entries(found: RuleBook, key: str) -> list[Line]:
    """What the reader sees, as lines."""
    read: tuple[Pause | ContactEntry, ...] = found.pauses if key == "pauses" else found.contacts
    names = {"from": "start", "to": "end"}
    final = {True: "yes", False: "no", None: ""}
    lines = [{each.key: getattr(entry, names.get(each.key, each.key)) for each in BY_KEY[key].blocks[0].columns}
             for entry in read]  # fmt: skip
    return [line | {"final": final[line["final"]]} if "final" in line else line for line in lines]


def wanting(block: Block) -> bool:
    """Whether headers are missing that are to be told: not those that a workbook of a former version never had."""
    return any(not column.later or block.respelt(column) is not None for column in block.missing)


LANGUAGES = st.sampled_from(("zh", "en"))


@st.composite
def logs(draw: st.DrawFn) -> tuple[str, Sheet, list[NewRow]]:
    key = draw(st.sampled_from(sorted(LOGS)))
    new = draw(st.lists(LOGS[key], min_size=1, max_size=3))
    rows = [NewRow(key, line["id"], f"{key}/{line['id']}/{at}", line) for at, line in enumerate(new)]
    return key, draw(sheets(key, LOGS[key])), rows


@settings(max_examples=30)
@given(logs(), LANGUAGES)
def test_a_row_of_a_log_is_read_where_it_was_written_or_it_is_owed_and_told(
    made: tuple[str, Sheet, list[NewRow]], language: str
) -> None:
    write_log(made, language)


@pytest.mark.campaign
@settings(max_examples=1_000)
@given(logs(), LANGUAGES)
def test_a_row_of_many_logs_is_read_where_it_was_written_or_it_is_owed_and_told(
    made: tuple[str, Sheet, list[NewRow]], language: str
) -> None:
    write_log(made, language)


def write_log(made: tuple[str, Sheet, list[NewRow]], language: str) -> None:
    key, sheet, rows = made
    register = replace(register_of(language=language), sheet="反馈登记")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        path.write_bytes(sheet.save(language))
        book = open_book(path)
        before = read_rulebook(book, language=language)
        placed = place_rows(book, rows, (), register)
        left_out: LeftOut = {(None, name): finding for name, finding in placed.refused.items()}
        if not left_out:
            try:
                patch_workbook(path, path, edits=placed.edits, appends=placed.appends)
            except WorkbookRefused as refused:
                left_out = leave_out(refused, register, {}, placed.logs)
                assert left_out, refused
        after = read_rulebook(open_book(path), language=language)
    if left_out:
        owed_and_told(rows, left_out, language)
        assert entries(after, key) == entries(before, key)
        return
    block = BlockFinder(book).find(BY_KEY[key])
    assert block is not None
    told = [dict(finding.facts)["columns"] for finding in before.findings if finding.code == "QT214"]
    assert len(told) == wanting(block)
    assert all(column.need is Need.NONE for column in block.missing)
    lost = {column.key for column in block.missing}
    written = [{name: "" if name in lost else value for name, value in row.values.items()} for row in rows]
    assert entries(after, key) == [*entries(before, key), *written]


def owed_and_told(rows: list[NewRow], left_out: LeftOut, language: str) -> None:
    """Every row is kept as a fact that proposes it again just as it was, and one finding names the sheet."""
    plan = without_cells(Plan(rows=tuple(rows)), left_out)
    assert plan.rows == ()
    memory = Memory().with_facts(plan.facts)
    assert sorted(propose_owed(memory, ()).rows, key=lambda row: row.key) == sorted(rows, key=lambda row: row.key)
    [finding] = left_out.values()
    assert (finding.code, finding.severity) == ("QT714", Severity.ERROR)
    assert len(say_finding(finding, language).message) > 20


FINDINGS = [
    Finding("QT703", Severity.WARNING, None, "旧值", (("other", "B2"),), "QF-2026-0001", "reporter"),
    Finding("QT701", Severity.ERROR, field="title"),
]
CHANGES = [Change(dt.datetime(2026, 7, 15, 20), "r", "QF-2026-0001", "owner", None, "张三", Phrase("because.rules"))]
OLD_LINES = st.fixed_dictionaries({"id": IDS, "code": WORDS, "field": WORDS})


WRITTEN_SHEETS = st.sampled_from(("findings", "changes")).flatmap(
    lambda key: st.tuples(st.just(key), sheets(key, OLD_LINES))
)


@settings(max_examples=30)
@given(WRITTEN_SHEETS, LANGUAGES)
def test_a_sheet_of_the_program_shows_what_it_should_or_a_finding_says_that_it_does_not(
    made: tuple[str, Sheet], language: str
) -> None:
    write_sheet(*made, language)


@pytest.mark.campaign
@settings(max_examples=1_000)
@given(WRITTEN_SHEETS, LANGUAGES)
def test_many_sheets_of_the_program_show_what_they_should_or_a_finding_says_that_they_do_not(
    made: tuple[str, Sheet], language: str
) -> None:
    write_sheet(*made, language)


def write_sheet(key: str, sheet: Sheet, language: str) -> None:
    register = replace(register_of(language=language), sheet="反馈登记")
    spec, code = BY_KEY[key], {"findings": "QT715", "changes": "QT716"}[key]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        path.write_bytes(sheet.save(language))

        def body() -> SheetBody | None:
            book = open_book(path)
            if key == "findings":
                return findings_body(book, FINDINGS, register)
            return changes_body(book, CHANGES, language, new=False)

        told = {item.code: item for item in unwritten_sheets(open_book(path), language)}
        made = body()
        if code in told:
            assert made is None
            assert len(say_finding(told[code], language).message) > 20
            return
        assert made is not None
        try:
            patch_workbook(path, path, bodies=[made])
        except WorkbookRefused:
            return  # the run tries again without the sheet and says so: QT713
        assert body() is None
        block = BlockFinder(open_book(path)).find(spec)
    assert block is not None
    assert ("QT214" in told) == wanting(block)
    shown_keys = {name for name in block.columns if any(line[block.columns[name] - 1] for line in made.rows)}
    wanted = {"findings": {"severity", "code", "id", "action"}, "changes": {"at", "id", "after", "who"}}[key]
    assert wanted - {column.key for column in block.missing} <= shown_keys
