"""When a patched workbook asks to be calculated: whenever a formula may depend on the change, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest
from ooxml_lint import lint
from workbook_makers import RELATIONS, HandMade, add_parts, read_parts, write_parts

from qtemplate.sheets import Formula, SheetBody, edit_cells, patch_workbook

WORKBOOK = "xl/workbook.xml"
WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADED = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'


def with_formula(path: Path, formula: str, sheet: str = "看板") -> Path:
    """`Sheet1` with a table and a name, and another sheet that holds one formula."""
    names = '<definedNames><definedName name="数量">Sheet1!$A$2:$A$3</definedName></definedNames>'
    HandMade(HEADED + '<row r="2"/><row r="3"/>', strings=("甲", "乙"), table=("甲", "乙"), names=names).write(path)
    data = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><f>{formula}</f></c></row></sheetData></worksheet>'
    )
    link = f'<Relationship Id="rId9" Type="{RELATIONS}/worksheet" Target="worksheets/sheet2.xml"/>'
    part = "xl/worksheets/sheet2.xml"
    add_parts(path, {part: data.encode()}, {WORKBOOK: link}, {part: WORKSHEET})
    parts = read_parts(path)
    more = f'<sheet name="{sheet}" sheetId="2" r:id="rId9"/></sheets>'
    return write_parts(path, {**parts, WORKBOOK: parts[WORKBOOK].replace(b"</sheets>", more.encode())})


@pytest.mark.parametrize(
    ("formula", "asked"),
    [
        ("Sheet1!A2+1", True),
        ("'Sheet1'!A2+1", True),
        ("sheet1!A2", True),
        ("SUM(tblHand[甲])", True),
        ("SUM(TBLHAND[甲])", True),
        ("SUM(数量)", True),
        ('INDIRECT("She"&amp;"et1!A2")', True),
        ("SUM(Sheet0:Sheet9!A1)", True),
        ("A2+B3*2", False),
        ("Other!A2", False),
        ("TODAY()", False),
        ('"数量词"&amp;A2', False),
    ],
)
def test_a_formula_elsewhere_decides(formula: str, asked: bool, tmp_path: Path) -> None:
    source, target = with_formula(tmp_path / "source.xlsx", formula), tmp_path / "target.xlsx"
    assert lint(source) == []
    edit_cells(source, target, "Sheet1", {"B2": 5})
    assert (b'<calcPr fullCalcOnLoad="1"/>' in read_parts(target)[WORKBOOK]) is asked
    assert lint(target) == []


def test_a_change_on_the_other_sheet_does_not_concern_formulas_about_this_one(tmp_path: Path) -> None:
    source, target = with_formula(tmp_path / "source.xlsx", "Sheet1!A2"), tmp_path / "target.xlsx"
    report = patch_workbook(source, target, bodies=[SheetBody("Sheet1", 2, [])])
    assert report.changed_parts == ("xl/tables/table1.xml", WORKBOOK, "xl/worksheets/sheet1.xml")
    again = patch_workbook(target, target, bodies=[SheetBody("Sheet1", 2, [])])
    assert again.changed_parts == ()


def test_a_written_formula_asks_even_alone(tmp_path: Path) -> None:
    source, target = HandMade().write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    edit_cells(source, target, "Sheet1", {"B2": Formula("=1+1")})
    assert b'</sheets><calcPr fullCalcOnLoad="1"/>' in read_parts(target)[WORKBOOK]


def test_an_existing_wish_is_kept_and_other_settings_stay(tmp_path: Path) -> None:
    hand = HandMade(names='<{p}calcPr calcId="191029" fullCalcOnLoad="0"/>', prefix="x:")
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    edit_cells(source, target, "Sheet1", {"B2": Formula("=1+1")})
    assert b'<x:calcPr calcId="191029" fullCalcOnLoad="1"/>' in read_parts(target)[WORKBOOK]
    again = edit_cells(target, target, "Sheet1", {"B2": Formula("=1+2")}, replace_formulas=True)
    assert again.changed_parts == ("xl/worksheets/sheet1.xml",)


def test_the_wish_stands_before_the_extensions_whatever_they_hold(tmp_path: Path) -> None:
    names = '<definedNames><definedName name="n">1</definedName></definedNames>'
    more = '<x14:definedNames xmlns:x14="urn:x14"><x14:definedName name="n"/></x14:definedNames>'
    source = HandMade(names=f'{names}<extLst><ext uri="u">{more}</ext></extLst>').write(tmp_path / "source.xlsx")
    target = tmp_path / "target.xlsx"
    edit_cells(source, target, "Sheet1", {"B2": Formula("=A1")})
    expected = read_parts(source)[WORKBOOK].replace(b"<extLst>", b'<calcPr fullCalcOnLoad="1"/><extLst>')
    assert read_parts(target)[WORKBOOK] == expected
