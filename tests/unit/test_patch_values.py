"""Values, formats, formulas and addresses, one by one."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.cells import CellWriter, DateKind, Formula, Serial, SettledFormula, settle_value
from qtemplate.ooxml.formulas import stretch_formula, translate_formula
from qtemplate.ooxml.markup import attribute, blank_comments, set_attribute, tags, text_of
from qtemplate.ooxml.references import Area, Stretch, parse_cell, stretch_list
from qtemplate.ooxml.styles import Styles, is_date_format, plain_styles

SETTLED = [
    ("=1+1", "=1+1"),
    ("a\r\nb\rc", "a\nb\nc"),
    (True, True),
    (np.bool_(True), True),
    (np.int64(7), 7),
    (np.float32(0.5), 0.5),
    (10**15, 10**15),
    (123456789012345, 123456789012345),
    (dt.date(1900, 1, 1), Serial(1, DateKind.DATE)),
    (dt.date(1900, 2, 28), Serial(59, DateKind.DATE)),
    (dt.date(1900, 3, 1), Serial(61, DateKind.DATE)),
    (dt.date(2026, 11, 22), Serial(46348, DateKind.DATE)),
    (dt.datetime(2026, 11, 22, 12), Serial(46348.5, DateKind.DATETIME)),
    (pd.Timestamp(2026, 11, 22, 6), Serial(46348.25, DateKind.DATETIME)),
    (dt.time(18), Serial(0.75, DateKind.TIME)),
    (Formula("=A1", cached=dt.date(2026, 11, 22)), SettledFormula("A1", 46348)),
    (None, None),
]


@pytest.mark.parametrize(("value", "settled"), SETTLED)
def test_a_value_takes_the_form_a_cell_holds(value: object, settled: object) -> None:
    found = settle_value(value, "Sheet1!A1", date1904=False)
    assert (found, type(found)) == (settled, type(settled))


def test_the_other_date_system_counts_from_1904() -> None:
    assert settle_value(dt.date(1904, 1, 1), "A1", date1904=True) == Serial(0, DateKind.DATE)
    assert settle_value(dt.date(2026, 11, 22), "A1", date1904=True) == Serial(44886, DateKind.DATE)
    with pytest.raises(WorkbookRefused):
        settle_value(dt.date(1903, 12, 31), "A1", date1904=True)


CELLS = [
    ("甲", b'<c r="B2" s="4" t="s"><v>5</v></c>'),
    (None, b'<c r="B2" s="4"/>'),
    (True, b'<c r="B2" s="4" t="b"><v>1</v></c>'),
    (1, b'<c r="B2" s="4"><v>1</v></c>'),
    (1e300, b'<c r="B2" s="4"><v>1e+300</v></c>'),
    (SettledFormula('IF(A1<2,"&",1)', "x"), b'<c r="B2" s="4" t="str"><f>IF(A1&lt;2,"&amp;",1)</f><v>x</v></c>'),
    (SettledFormula("A1", True), b'<c r="B2" s="4" t="b"><f>A1</f><v>1</v></c>'),
    (SettledFormula("A1", None), b'<c r="B2" s="4"><f>A1</f></c>'),
]


@pytest.mark.parametrize(("value", "xml"), CELLS)
def test_a_cell_is_written(value: str | bool | int | float | SettledFormula | None, xml: bytes) -> None:
    assert CellWriter(b"", {"甲": 5}).cell("B2", 4, value) == xml


def test_a_text_is_written_inline_without_shared_strings() -> None:
    xml = '<x:c r="B2" t="inlineStr"><x:is><x:t xml:space="preserve"> =甲</x:t></x:is></x:c>'
    assert CellWriter(b"x:", None).cell("B2", None, " =甲") == xml.encode()


DATE_FORMATS = {
    "yyyy-mm-dd": True,
    'yyyy"年"m"月"d"日"': True,
    "[$-804]aaaa;@": False,  # the weekday alone: harmless, the date is written with it as it is
    "[h]:mm:ss": True,
    "mm:ss.0": True,
    "General": False,
    "0.00": False,
    '#,##0.00"元";[Red]-#,##0.00"元"': False,
    '0" d"': False,
    "\\d0": False,
    "_d0": False,
    "[Red]0": False,
    "[DBNum1][$-804]General": False,
    "@": False,
}


@pytest.mark.parametrize(("code", "is_date"), DATE_FORMATS.items())
def test_a_format_that_shows_a_date_is_known(code: str, is_date: bool) -> None:
    assert is_date_format(code) is is_date


def test_a_format_with_a_date_is_made_once_and_found_again() -> None:
    styles = Styles(plain_styles(strict=False))
    assert [styles.dated(None, DateKind.DATE), styles.dated(0, DateKind.DATE), styles.dated(0, DateKind.TIME)] == [
        1,
        1,
        2,
    ]
    again = Styles(styles.rewritten())
    assert [again.dated(0, DateKind.DATE), again.dated(1, DateKind.DATETIME), again.changed] == [1, 1, False]
    assert b'<cellXfs count="3">' in styles.rewritten()


TRANSLATED = [
    ("A1+$A1+A$1+$A$1", "B3+$A3+B$1+$A$1"),
    ("SUM(A1:B2)", "SUM(B3:C4)"),
    ("SUM(A:B,1:2)", "SUM(B:C,3:4)"),
    ("Sheet1!A1+'A1 x'!A1+[1]A1!A1", "Sheet1!B3+'A1 x'!B3+[1]A1!B3"),
    ('"A1"&A1&"a""A1"', '"A1"&B3&"a""A1"'),
    ("tbl[[#This Row],[A1]]+tbl[A1]", "tbl[[#This Row],[A1]]+tbl[A1]"),
    ("LOG10(A1)+A1B+_A1+A1.x+数A1", "LOG10(B3)+A1B+_A1+A1.x+数A1"),
    ("1E5+A1*2.5", "1E5+B3*2.5"),
    ("XFD1", "#REF!"),
    ("A1048576", "#REF!"),
    ("A1:A1048575", "#REF!"),
    ("TRUE+#REF!+A1#", "TRUE+#REF!+B3#"),
]


@pytest.mark.parametrize(("formula", "moved"), TRANSLATED)
def test_a_formula_is_moved_two_rows_down_and_one_column_right(formula: str, moved: str) -> None:
    assert translate_formula(formula, 2, 1) == moved


def test_areas_in_a_formula_follow_the_end_of_the_table() -> None:
    stretch = Stretch(1, 1, 3, 9, 12)
    formula = 'SUM(A2:A9)+SUM($B$1:$B$9)+SUM(D2:D9)+SUM(A2:A8)+A9+SUM(Other!A2:A9)&"A2:A9"'
    assert stretch_formula(formula, stretch) == (
        'SUM(A2:A12)+SUM($B$1:$B$12)+SUM(D2:D9)+SUM(A2:A8)+A9+SUM(Other!A2:A9)&"A2:A9"'
    )


def test_a_list_of_areas_is_stretched_token_by_token() -> None:
    moves = [Stretch(1, 1, 3, 9, 12)]
    assert stretch_list("A2:A9 C9 D2:D9 B2:D9 A9:A20", moves) == "A2:A12 C9:C12 D2:D9 B2:D12 A9:A20"
    assert stretch_list("A:A 9:9", moves) == "A:A 9:9"


def test_addresses_are_read() -> None:
    assert (parse_cell("b7"), parse_cell("$XFD$1048576")) == ((7, 2), (1_048_576, 16_384))
    assert Area.parse("C9:A1") == Area(1, 1, 9, 3)
    assert str(Area(1, 1, 9, 3)) == "A1:C9"
    assert Area.parse("Sheet1!A1") is None


def test_tags_are_found_where_they_are_and_nowhere_else() -> None:
    xml = b"<?xml v?><!-- <a> --><x:a b='>' c=\"<![CDATA[\"/><b><![CDATA[<c>]]></b>"
    mask = blank_comments(xml.replace(b'<![CDATA["', b'&lt;"'))
    assert [(tag.prefix, tag.name, tag.closing, tag.empty) for tag in tags(mask)] == [
        (b"x:", b"a", False, True),
        (b"", b"b", False, False),
        (b"", b"b", True, False),
    ]
    assert text_of(b"a&amp;<!-- x -->&#x4e00;<![CDATA[&<]]>") == "a&一&<"


def test_an_attribute_is_replaced_where_it_stands() -> None:
    tag = b'<c  r=\'A1\' s = "2" xr:s="9"/>'
    assert (attribute(tag, b"s"), attribute(tag, b"t")) == ("2", None)
    assert set_attribute(tag, b"s", 'a"<') == b'<c  r=\'A1\' s="a&quot;&lt;" xr:s="9"/>'
    assert set_attribute(tag, b"r", None) == b'<c  s = "2" xr:s="9"/>'
    assert set_attribute(b"<c>", b"t", "b") == b'<c t="b">'
