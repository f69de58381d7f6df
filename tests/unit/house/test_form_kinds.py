"""Every kind of form is whole: its templates ask what its contract declares, and its words are there."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from openpyxl import load_workbook

from qtemplate.fields import FIELDS
from qtemplate.forms.collect import ReturnedForm
from qtemplate.forms.make import PLACEHOLDER
from qtemplate.jobs.form_inbox import Collected
from qtemplate.jobs.forms import collected_line
from qtemplate.plan.form_kinds import FORMS, FormKind
from qtemplate.plan.form_parts import AnswerType, FormContract
from qtemplate.plan.keys import FormKey
from qtemplate.resources import templates_root
from qtemplate.sheets.layout import BY_KEY
from qtemplate.texts import say
from qtemplate.texts.form_words import FORM_WORDS
from qtemplate.texts.reasons import REASONS

EVERY = [(kind, language) for kind in FormKind for language in ("zh", "en")]


def phrases_of(kind: FormKind) -> set[str]:
    """The words that a kind of form needs."""
    contract = kind.contract
    outcomes = [choice for answer in contract.answers if answer.name == contract.outcome for choice in answer.choices]
    needed = {f"form.no_{answer.name}" for answer in contract.answers if answer.required or answer.required_for}
    read = {
        f"form.bad_{answer.name}" for answer in contract.answers if answer.type is AnswerType.DATE and contract.whole
    }
    words = {f"form.choice_{choice}" for choice in outcomes}
    return {f"form.{kind}", *(f"form.said_{word}" for word in outcomes or [kind])} | needed | read | words


def test_a_form_that_was_taken_up_is_told_with_its_decision_or_without_one() -> None:
    kind = FormKind.TRANSFER
    key = FormKey("transfer/QF-2026-0001/1/生产部/孙浩")
    lines = [
        collected_line(Collected(Path("a.xlsx"), ReturnedForm(key, kind, "QF-2026-0001", {}, answers)))
        for answers in ({"decision": "accept"}, {})
    ]
    assert [say(line, "en") for line in lines] == ["✓ a.xlsx: QF-2026-0001 accepted", "✓ a.xlsx: QF-2026-0001"]
    assert [say(line, "zh") for line in lines] == ["✓ a.xlsx：QF-2026-0001 接受", "✓ a.xlsx：QF-2026-0001"]


def test_every_kind_of_form_has_its_contract() -> None:
    assert set(FORMS) == set(FormKind)


@pytest.mark.parametrize("contract", FORMS.values(), ids=FORMS)
def test_an_outcome_is_the_first_answer_and_says_what_the_others_are_needed_for(contract: FormContract) -> None:
    first = contract.answers[0]
    assert contract.outcome in ("", first.name)
    codes = set(first.choices) if contract.outcome else set()
    assert {answer.required_for for answer in contract.answers} - {""} <= codes
    assert all(bool(answer.choices) is (answer.type is AnswerType.CHOICE) for answer in contract.answers)
    assert first.required or not contract.outcome


@pytest.mark.parametrize("kind", FormKind)
def test_every_kind_of_form_has_its_words(kind: FormKind) -> None:
    assert phrases_of(kind) - set(REASONS) == set()


@pytest.mark.parametrize("kind", FormKind)
def test_everything_on_a_form_has_its_words(kind: FormKind) -> None:
    contract = kind.contract
    needed = {f"title.{kind}", f"lead.{kind}", *(f"part.{part.title}" for part in contract.parts)}
    needed |= {f"answer.{answer.name}" for answer in contract.answers if answer.field is None
               and kind is not FormKind.MISSING}  # fmt: skip
    needed |= {f"column.{column.key}" for _, column in contract.columns()}
    needed |= {f"label.{table.name}.{name}" for table in contract.tables for name in table.labels if not name.isdigit()}
    choices = [answer.choices for answer in contract.answers] + [column.choices for _, column in contract.columns()]
    assert (needed | {code for each in choices for code in each}) - set(FORM_WORDS) == set()
    assert all(zh is not None and en is not None for zh, en in FORM_WORDS.values())


@pytest.mark.parametrize("kind", FormKind)
def test_a_table_fills_the_width_of_the_form_and_its_lines_go_to_columns_of_their_log(kind: FormKind) -> None:
    for table in kind.contract.tables:
        assert sum(column.span for column in table.columns) == 12
        assert len(table.labels) in (0, table.rows)
        if table.log:
            known = {column.key for column in BY_KEY[table.log].blocks[0].columns}
            assert set(table.constants) <= known


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_template_has_cells_for_every_column_of_its_tables(kind: FormKind, language: str) -> None:
    book = load_workbook(templates_root() / "forms" / f"{kind}.{language}.xlsx")
    assert {table.cell(column) for table, column in kind.contract.columns()} <= set(book.defined_names)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_template_has_a_cell_for_every_answer_and_names_known_fields(kind: FormKind, language: str) -> None:
    book = load_workbook(templates_root() / "forms" / f"{kind}.{language}.xlsx")
    assert {answer.cell for answer in kind.contract.answers} <= set(book.defined_names)
    texts = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    shown = {found[1] for text in texts if (found := PLACEHOLDER.fullmatch(text.strip()))}
    assert shown - set(FIELDS) == {"token"}
    assert book["_qt"]["A1"].value == "{{token}}"
    choices = [answer for answer in kind.contract.answers if answer.choices]
    lists = {re.sub(r"\s", "", str(cell.value)).casefold() for cell in book["_qt"]["B"] if cell.value}
    known = {word for answer in choices for words in answer.choices.values() for word in words}
    assert lists <= known
    assert all(lists & set(words) for answer in choices for words in answer.choices.values())


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_no_table_is_torn_where_a_page_ends(kind: FormKind, language: str) -> None:
    book = load_workbook(templates_root() / "forms" / f"{kind}.{language}.xlsx")
    ws = book.worksheets[0]
    setup, scale = ws.sheet_properties.pageSetUpPr, ws.page_setup.scale
    assert setup is not None
    if setup.fitToPage:  # Excel heeds no manual break then
        assert (kind is not FormKind.EIGHT_D, ws.page_setup.fitToHeight, list(ws.row_breaks.brk)) == (True, 1, [])
        return
    assert scale is not None
    (cut,) = (each.id for each in ws.row_breaks.brk)
    room = (841.9 - 72 * (ws.page_margins.top + ws.page_margins.bottom)) * 100 / scale
    high = [
        sum(ws.row_dimensions[row].height for row in range(first + 1, last + 1))
        for first, last in pairwise((0, cut, ws.max_row))
    ]
    assert [height <= room for height in high] == [True, True]
    here = [name.attr_text for name in book.defined_names.values() if ws.title in name.attr_text]
    areas = [each.rpartition("!")[2].replace("$", "") for each in here]
    rows = [[int(row) for row in re.findall(r"\d+", area)] for area in areas if ":" in area]
    torn = [(first, last) for first, last in rows if first - 2 < cut < last]
    assert torn == []
    # a caption or a title begins the page, not the header of a table that was left behind
    assert ws.cell(cut + 1, 1).font.b


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_printed_form_can_be_read(kind: FormKind, language: str) -> None:
    """Nothing on paper is smaller than six points."""
    ws = load_workbook(templates_root() / "forms" / f"{kind}.{language}.xlsx").worksheets[0]
    margins, scale = ws.page_margins, ws.page_setup.scale or 100
    setup = ws.sheet_properties.pageSetUpPr
    if setup is not None and setup.fitToPage:
        high = sum(each.height for each in ws.row_dimensions.values())
        wide = sum(each.width * 5.25 + 3.75 for each in ws.column_dimensions.values())
        room = (595.3 - 72 * (margins.left + margins.right), 841.9 - 72 * (margins.top + margins.bottom))
        scale = int(100 * min(1, room[0] / wide, room[1] / high))
    assert min(cell.font.sz for row in ws.iter_rows() for cell in row if cell.value) * scale >= 600
