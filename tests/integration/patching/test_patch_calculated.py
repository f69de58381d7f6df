"""Which formulas new rows take over, and which totals rows move down."""

from __future__ import annotations

from pathlib import Path

import pytest
from grown_tables import SHEET, grown, rows_from, table_of
from ooxml_lint import lint
from workbook_makers import read_parts, write_parts

from qtemplate.errors import WorkbookRefused
from qtemplate.sheets import append_rows


def two(first: str, second: str, more: str = "") -> str:
    """Two data rows with these cells in column B."""
    return f'<row r="2"><c r="B2"{more}>{first}</c></row><row r="3"><c r="B3"{more}>{second}</c></row>'


@pytest.mark.parametrize(
    ("first", "second", "copied"),
    [
        ('HYPERLINK("8D/1.pdf","8D 1")', 'HYPERLINK("8D/2.pdf","8D 2")', None),
        ('HYPERLINK("8D/1.pdf","8D")', 'HYPERLINK("8D/1.pdf","8D")', None),
        ('_xlfn.DISPIMG("ID_1",1)', '_xlfn.DISPIMG("ID_2",1)', None),
        ('IF(A2="","",_xlfn.DISPIMG("ID_1",1))', 'IF(A3="","",_xlfn.DISPIMG("ID_1",1))', None),
        ("DATE(2026,3,1)", "DATE(2026,3,1)", None),
        ("$A$1*2", "$A$1*2", None),
        ("A2*2", "A3*3", None),
        ("A2*2", "A2*2", None),
        ("A1", "A2", None),
        ("Other!A2", "Other!A3", None),
        ("Sheet1!A2*2", "Sheet1!A3*2", "Sheet1!A4*2"),
        ("'Sheet1'!A2*2", "'Sheet1'!A3*2", "'Sheet1'!A4*2"),
        ('HYPERLINK("8D/"&amp;A2,A2)', 'HYPERLINK("8D/"&amp;A3,A3)', 'HYPERLINK("8D/"&amp;A4,A4)'),
        ('IF(A2="DISPIMG(",1,2)', 'IF(A3="DISPIMG(",1,2)', 'IF(A4="DISPIMG(",1,2)'),
        ("SUM(A$2:A2)", "SUM(A$2:A3)", "SUM(A$2:A4)"),
        ("ROW()-1", "ROW()-1", "ROW()-1"),
        ("tblHand[[#This Row],[甲]]*2", "tblHand[[#This Row],[甲]]*2", "tblHand[[#This Row],[甲]]*2"),
        ("[@甲]*2", "[@甲]*2", "[@甲]*2"),
    ],
)
def test_a_new_row_takes_a_formula_only_where_the_rows_above_hold_it_about_themselves(
    first: str, second: str, copied: str | None, tmp_path: Path
) -> None:
    xml = grown(tmp_path, table_of(two(f"<f>{first}</f>", f"<f>{second}</f>")), [{"甲": 1}])
    cell = "" if copied is None else f'<c r="B4"><f>{copied}</f></c>'
    assert rows_from(xml, 4) == f'<row r="4"><c r="A4"><v>1</v></c>{cell}</row>'


def test_of_one_row_alone_only_a_formula_about_itself_is_taken(tmp_path: Path) -> None:
    for formula, copied in (("A2*2", "<f>A3*2</f>"), ('HYPERLINK("8D/1.pdf")', None), ("$A$2*2", None)):
        xml = grown(tmp_path, table_of(f'<row r="2"><c r="B2"><f>{formula}</f></c></row>', "A1:B2"), [{"甲": 1}])
        cell = f'<c r="B3">{copied}</c>' if copied else ""
        assert rows_from(xml, 3) == f'<row r="3"><c r="A3"><v>1</v></c>{cell}</row>'


@pytest.mark.parametrize(
    ("stored", "first", "second", "copied"),
    [
        ("TODAY()", "TODAY()", "TODAY()", "TODAY()"),
        ("tblHand[[#This Row],[甲]]*2", "tblHand[[#This Row],[甲]]*2", "A3*99", "tblHand[[#This Row],[甲]]*2"),
        ("tblHand[[#This Row],[甲]]*2", 'HYPERLINK("1")', 'HYPERLINK("2")', "tblHand[[#This Row],[甲]]*2"),
        ('HYPERLINK("1")', 'HYPERLINK("2")', 'HYPERLINK("3")', None),
        ('_xlfn.DISPIMG("ID_1",1)', '_xlfn.DISPIMG("ID_1",1)', '_xlfn.DISPIMG("ID_1",1)', None),
        ("A2*2", "A2*2", 'HYPERLINK("3")', "A4*2"),
    ],
)
def test_what_the_table_says_its_column_is_calculated_by_is_taken_unless_the_rows_contradict(
    stored: str, first: str, second: str, copied: str | None, tmp_path: Path
) -> None:
    source = table_of(two(f"<f>{first}</f>", f"<f>{second}</f>")).write(tmp_path / "source.xlsx")
    parts = read_parts(source)
    column = f'name="乙"><calculatedColumnFormula>{stored}</calculatedColumnFormula></tableColumn>'
    parts["xl/tables/table1.xml"] = parts["xl/tables/table1.xml"].replace('name="乙"/>'.encode(), column.encode())
    write_parts(source, parts)
    append_rows(source, tmp_path / "target.xlsx", "tblHand", [{"甲": 1}])
    cell = "" if copied is None else f'<c r="B4"><f>{copied}</f></c>'
    found = rows_from(read_parts(tmp_path / "target.xlsx")[SHEET].decode(), 4)
    assert found == f'<row r="4"><c r="A4"><v>1</v></c>{cell}</row>'


SHARED_TOTALS = (
    '<row r="4"><c r="A4" s="3"><f t="shared" ref="A4:B4" si="0">SUM(A2:A3)</f><v>3</v></c>'
    '<c r="B4"><f t="shared" si="0" ca="1"/><v>7</v></c></row>'
)


def test_totals_that_share_one_formula_move_each_with_its_own(tmp_path: Path) -> None:
    body = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>3</v></c></row>'
    body += '<row r="3"><c r="A3"><v>2</v></c><c r="B3"><v>4</v></c></row>'
    source = table_of(body + SHARED_TOTALS, "A1:B4", table_extra='totalsRowCount="1"').write(tmp_path / "source.xlsx")
    parts = read_parts(source)
    table = parts["xl/tables/table1.xml"].replace(b'autoFilter ref="A1:B4"', b'autoFilter ref="A1:B3"')
    total = 'name="乙" totalsRowFunction="custom"><totalsRowFormula>SUM(B2:B3)&amp;""</totalsRowFormula></tableColumn>'
    parts["xl/tables/table1.xml"] = table.replace('name="乙"/>'.encode(), total.encode())
    write_parts(source, parts)
    target = tmp_path / "target.xlsx"
    append_rows(source, target, "tblHand", [{"甲": 5, "乙": 6}])
    assert lint(target) == lint(source) == []
    assert rows_from(read_parts(target)[SHEET].decode(), 4) == (
        '<row r="4"><c r="A4"><v>5</v></c><c r="B4"><v>6</v></c></row>'
        '<row r="5"><c r="A5" s="3"><f>SUM(A2:A4)</f><v>3</v></c>'
        '<c r="B5"><f ca="1">SUM(B2:B4)</f><v>7</v></c></row>'
    )
    formula = '<totalsRowFormula>SUM(B2:B4)&amp;""</totalsRowFormula>'
    assert formula in read_parts(target)["xl/tables/table1.xml"].decode()


@pytest.mark.parametrize(("shared", "moved"), [("SUM(A$2:A2)", "SUM(A$2:A4)"), ("A3*2", None), ("C3:C3", None)])
def test_a_total_that_shares_the_formula_of_a_data_row_moves_unless_it_is_about_its_own_row(
    shared: str, moved: str | None, tmp_path: Path
) -> None:
    body = f'<row r="2"/><row r="3"><c r="B3"><f t="shared" ref="B3:B4" si="0">{shared}</f></c></row>'
    body += '<row r="4"><c r="B4"><f t="shared" si="0"/></c></row>'
    hand = table_of(body, "A1:B4", table_extra='totalsRowCount="1"')
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    if moved is None:
        with pytest.raises(WorkbookRefused, match="Sheet1!B4: this cell of the totals row"):
            append_rows(source, target, "tblHand", [{"甲": 5}])
    else:
        append_rows(source, target, "tblHand", [{"甲": 5}])
        cells = rows_from(read_parts(target)[SHEET].decode(), 5)
        assert cells == f'<row r="5"><c r="B5"><f>{moved}</f></c></row>'


def test_totals_whose_formula_cells_beside_the_table_share_stay_where_they_are(tmp_path: Path) -> None:
    body = '<row r="2"/><row r="3"/>' + SHARED_TOTALS.replace("A4:B4", "A4:C4").replace(
        "</row>", '<c r="C4"><f t="shared" si="0"/></c></row>'
    )
    hand = table_of(body, "A1:B4", table_extra='totalsRowCount="1"')
    with pytest.raises(WorkbookRefused, match="Sheet1!A4: this cell of the totals row of tblHand") as caught:
        append_rows(hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx", "tblHand", [{"甲": 5}])
    assert caught.value.reason == "table_totals"


@pytest.mark.parametrize("style", ["", "red", "-1", "1.0"])
def test_a_format_that_is_no_number_names_its_cell(style: str, tmp_path: Path) -> None:
    for tag, place in ((f'<c r="B3" s="{style}"/>', "Cell B3"), (f'<c/><c s="{style}"/>', "Cell B3")):
        source = table_of(f'<row r="2"/><row r="3">{tag}</row>').write(tmp_path / "source.xlsx")
        with pytest.raises(WorkbookRefused, match=f"^Sheet1: {place} says that its format is '{style}'") as caught:
            append_rows(source, tmp_path / "target.xlsx", "tblHand", [{"甲": 5}])
        assert (caught.value.reason, caught.value.sheet, caught.value.cell) == ("broken_sheet", "Sheet1", "B3")
    source = table_of(f'<row r="2"/><row r="3" s="{style}"/>').write(tmp_path / "source.xlsx")
    with pytest.raises(WorkbookRefused, match=f"^Sheet1: Row 3 says that its format is '{style}'"):
        append_rows(source, tmp_path / "target.xlsx", "tblHand", [{"甲": 5}])


@pytest.mark.parametrize("merge", ["B:B", "B:C", "4:4", "$B$3:$B$9"])
def test_new_rows_are_not_written_into_a_merge_of_whole_columns_or_rows(merge: str, tmp_path: Path) -> None:
    tail = f'<mergeCells count="1"><mergeCell ref="{merge}"/></mergeCells>'
    source = table_of('<row r="2"/><row r="3"/>', tail=tail).write(tmp_path / "source.xlsx")
    with pytest.raises(WorkbookRefused) as caught:
        append_rows(source, tmp_path / "target.xlsx", "tblHand", [{"甲": 5}])
    assert caught.value.reason == "merged_cell"
