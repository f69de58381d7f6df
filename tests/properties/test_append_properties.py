"""Random tables, random rows appended to them: the patcher agrees with the slow reference, and touches nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from append_reference import SHEET_PART, Place, Seen, append, see
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from ooxml_lint import lint
from patch_reference import SeenCell
from workbook_makers import HandMade, read_parts, write_parts

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.cells import CellValue
from qtemplate.ooxml.references import column_name
from qtemplate.sheets import append_rows

TABLE_PART = "xl/tables/table1.xml"
HEADERS = ("编号", "数量", "金额", "备注")

Template = Callable[[int, str], str]
"""A formula as it reads in a worksheet row, given the letters of the table's first column."""

TEMPLATES: tuple[Template, ...] = (
    lambda row, a: f"{a}{row}*2",
    lambda row, a: f"SUM(${a}$1:{a}{row})",
    lambda row, a: f'IF({a}{row}="{a}1",1,0)',
    lambda row, a: f"{a}{row + 3}-${a}{row}+{a}$1",
    lambda row, a: f"Sheet1!{a}{row}&'b2 x'!{a}{row}",
    lambda row, a: "tblHand[[#This Row],[编号]]+1",
    lambda row, a: "1+1",
)
CONSTANT = TEMPLATES[-1]
"""It is not about its own row: copied only where the table says that its column is calculated by it."""

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6)
values: st.SearchStrategy[CellValue] = st.one_of(
    st.none(), st.booleans(), st.integers(-999, 999), texts, st.sampled_from(["=1+1", "_x0041_", "甲", " a\nb "]),
    st.just(dt.datetime(2026, 3, 4, 5, 6)),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A workbook with one table, and what is appended."""

    hand: HandMade
    place: Place
    calculated: dict[int, str]
    formulas: dict[tuple[int, int], Template]
    merges: tuple[str, ...]
    rows: list[dict[str, CellValue]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    top, left = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    width, length = draw(st.integers(1, 4)), draw(st.integers(1, 7))
    header, totals = draw(st.integers(0, 3)) > 0, draw(st.integers(0, 3)) == 0
    first = top + header
    place = Place(top, first, first + length - 1, left, left + width - 1, totals)
    letter = column_name(left)
    grid: dict[tuple[int, int], str] = {}
    formulas: dict[tuple[int, int], Template] = {}
    calculated: dict[int, str] = {}
    for column in range(left, left + width):
        name = column_name(column)
        if header:
            grid[top, column] = text_cell(HEADERS[column - left])
        # a formula that names the totals row would be refused
        template = draw(st.sampled_from([None, None, *(t for t in TEMPLATES if not (totals and t is TEMPLATES[3]))]))
        if template is not None and draw(st.booleans()):
            calculated[column - left] = template(first, letter)
        shared = template is not None and draw(st.booleans())
        begun: int | None = None
        for row in range(first, place.last + 1):
            style = draw(st.sampled_from(["", "", ' s="1"', ' s="3"']))
            if template is None or draw(st.integers(0, 4)) == 0:
                body = draw(st.sampled_from([None, "", "<{p}v>7</{p}v>", _INLINE]))
                kind = ' t="inlineStr"' if body == _INLINE else ""
                if body is not None:
                    grid[row, column] = f"<{{p}}c{{r}}{style}{kind}>{body}</{{p}}c>"
                continue
            formulas[row, column] = template
            text = template(row, letter).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
            if not shared:
                inner = f"<{{p}}f>{text}</{{p}}f>"
            elif begun is None:
                begun = row
                inner = f'<{{p}}f t="shared" ref="{name}{row}:{name}{place.last}" si="{column}">{text}</{{p}}f>'
            else:
                inner = f'<{{p}}f t="shared" si="{column}"/>'
            grid[row, column] = f"<{{p}}c{{r}}{style}>{inner}<{{p}}v>1</{{p}}v></{{p}}c>"
        if totals:
            inner = draw(
                st.sampled_from(
                    [
                        "",
                        f"<{{p}}f>SUBTOTAL(109,{name}{first}:{name}{place.last})</{{p}}f><{{p}}v>3</{{p}}v>",
                        "<{p}f>SUBTOTAL(109,tblHand[编号])</{p}f>",
                        "<{p}v>9</{p}v>",
                    ]
                )
            )
            grid[place.last + 1, column] = f'<{{p}}c{{r}} s="3">{inner}</{{p}}c>'
    for row, column in draw(st.sets(st.tuples(st.integers(1, 16), st.integers(1, 9)), max_size=4)):
        if not (top <= row <= place.last + totals and left <= column < left + width):
            grid[row, column] = draw(st.sampled_from(["<{p}c{r}><{p}v>5</{p}v></{p}c>", '<{p}c{r} s="1"/>']))
    out = []
    last_row = 0
    numbers = sorted({row for row, _ in grid} | draw(st.sets(st.integers(1, 16), max_size=3)))
    for row in numbers:
        attributes = draw(
            st.sampled_from(
                ["", "", ' spans="1:3"', ' ht="30" customHeight="1"', ' s="3" customFormat="1"', ' hidden="1"']
            )
        )
        bare = row == last_row + 1 and draw(st.booleans())
        tag = "<{p}row" + ("" if bare else f' r="{row}"') + attributes
        last_row, last_column, cells = row, 0, ""
        for column in sorted(column for at, column in grid if at == row):
            counted = column == last_column + 1 and draw(st.booleans())
            cells += grid[row, column].replace("{r}", "" if counted else f' r="{column_name(column)}{row}"')
            last_column = column
        out.append(f"{tag}>{cells}</{{p}}row>" if cells or draw(st.booleans()) else f"{tag}/>")
    merges = draw(st.lists(areas(), max_size=1))
    tail = "".join(
        [
            f'<{{p}}protectedRanges><{{p}}protectedRange sqref="{draw(lists(place))}" name="a"/>',
            "</{p}protectedRanges>",
            f'<{{p}}mergeCells count="1"><{{p}}mergeCell ref="{merges[0]}"/></{{p}}mergeCells>' if merges else "",
            f'<{{p}}conditionalFormatting sqref="{draw(lists(place))}"><{{p}}cfRule type="uniqueValues" priority="1"/>'
            "</{p}conditionalFormatting>",
            f'<{{p}}dataValidations count="1"><{{p}}dataValidation type="whole" sqref="{draw(lists(place))}">'
            "<{p}formula1>1</{p}formula1></{p}dataValidation></{p}dataValidations>",
            f'<{{p}}ignoredErrors><{{p}}ignoredError sqref="{draw(lists(place))}" evalError="1"/></{{p}}ignoredErrors>',
            '<{p}tableParts count="1"><{p}tablePart r:id="rId1"/></{p}tableParts>',
            _EXTENSIONS.format(p="{p}", dv=draw(lists(place)), cf=draw(lists(place)), line=draw(lists(place))),
        ]
    )
    names = "".join(
        f'<{{p}}definedName name="n{n}">{draw(st.sampled_from(["Sheet1", "Other"]))}!{_absolute(draw(areas(place)))}'
        "</{p}definedName>"
        for n in range(draw(st.integers(0, 3)))
    )
    hand = HandMade(
        "".join(out),
        prefix=draw(st.sampled_from(["", "x:"])),
        strict=draw(st.booleans()),
        bom=draw(st.booleans()),
        head='<{p}dimension ref="A1"/><{p}cols><{p}col min="2" max="3" width="9" style="1"/></{p}cols>',
        tail=tail,
        strings=draw(st.sampled_from([None, (), ("甲", "乙")])),
        table=HEADERS[:width],
        area=f"{letter}{top}:{column_name(place.right)}{place.last + totals}",
        table_extra=("" if header else 'headerRowCount="0" ') + ('totalsRowCount="1"' if totals else ""),
        names=f"<{{p}}definedNames>{names}</{{p}}definedNames>" if names else "",
    )
    rows = draw(st.lists(st.dictionaries(st.sampled_from(HEADERS[:width]), values, max_size=4), min_size=1, max_size=4))
    return Case(hand, place, calculated, formulas, tuple(merges), rows)


_INLINE = "<{p}is><{p}t>甲&lt;row&gt;</{p}t></{p}is>"

_EXTENSIONS = (
    '<{p}extLst><{p}ext uri="a" xmlns:x14="urn:x14" xmlns:xm="urn:xm"><x14:dataValidations count="1">'
    "<x14:dataValidation><x14:formula1><xm:f>$A$1</xm:f></x14:formula1><xm:sqref>{dv}</xm:sqref></x14:dataValidation>"
    "</x14:dataValidations><x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule/><xm:sqref>{cf}</xm:sqref>"
    "</x14:conditionalFormatting></x14:conditionalFormattings><x14:sparklines><x14:sparkline><xm:sqref>{line}</xm:sqref>"
    "</x14:sparkline></x14:sparklines></{p}ext></{p}extLst>"
)


def text_cell(text: str) -> str:
    return f'<{{p}}c{{r}} t="inlineStr"><{{p}}is><{{p}}t>{text}</{{p}}t></{{p}}is></{{p}}c>'


@st.composite
def areas(draw: st.DrawFn, place: Place | None = None) -> str:
    """An area, often one that has to do with the table."""
    rows = [draw(st.integers(1, 16)) for _ in "ab"]
    columns = [draw(st.integers(1, 8)) for _ in "ab"]
    if place is not None and draw(st.booleans()):
        ends = [place.last, place.last, place.last + 1, place.last - 1 or 1]
        rows = [draw(st.sampled_from([place.top, place.first, place.first])), draw(st.sampled_from(ends))]
    if place is not None and draw(st.booleans()):
        columns = [draw(st.integers(place.left, place.right)) for _ in "ab"]
    (top, bottom), (left, right) = sorted(rows), sorted(columns)
    if (top, left) == (bottom, right) and place is not None:
        return f"{column_name(left)}{top}"
    return (
        f"{column_name(left)}{top}:{column_name(right)}{bottom if place or (top, left) != (bottom, right) else top + 1}"
    )


def lists(place: Place) -> st.SearchStrategy[str]:
    return st.lists(areas(place), min_size=1, max_size=2).map(" ".join)


def _absolute(area: str) -> str:
    return ":".join("$" + cell.rstrip("0123456789") + "$" + cell.lstrip("ABCDEFGH") for cell in area.split(":"))


def write(case: Case, path: Path) -> Path:
    """The workbook; HandMade knows no calculated columns."""
    parts = case.hand.parts()
    table = parts[TABLE_PART].decode()
    p = case.hand.prefix
    for index, text in case.calculated.items():
        old = f'<{p}tableColumn id="{index + 1}" name="{HEADERS[index]}"/>'
        new = old.replace(
            "/>", f"><{p}calculatedColumnFormula>{_escaped(text)}</{p}calculatedColumnFormula></{p}tableColumn>"
        )
        assert old in table
        table = table.replace(old, new)
    if case.place.totals:  # the filter covers no totals
        whole, shorter = (
            case.hand.area,
            f"{case.hand.area.partition(':')[0]}:{column_name(case.place.right)}{case.place.last}",
        )
        table = table.replace(f'autoFilter ref="{whole}"', f'autoFilter ref="{shorter}"')
    parts[TABLE_PART] = table.encode()
    return write_parts(path, parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def style_of(path: Path) -> Callable[[int, int], str]:
    """Row and column -> the format that a reader applies."""
    tree = etree.fromstring(read_parts(path)[SHEET_PART])
    cells, rows, number = {}, {}, 0
    for row in (e for e in tree.iter() if str(e.tag).endswith("}row")):
        number = int(row.get("r", number + 1))
        rows[number] = row.get("s") if row.get("customFormat") == "1" else None
        column = 0
        for cell in row:
            letters = str(cell.get("r") or "").rstrip("0123456789")
            column = sum((ord(c) - 64) * 26**n for n, c in enumerate(reversed(letters))) if letters else column + 1
            cells[number, column] = cell.get("s", "0")

    def style(row: int, column: int) -> str:
        return cells.get((row, column)) or rows.get(row) or ("1" if column in (2, 3) else "0")

    return style


def formula_of(case: Case) -> Callable[[int, int], str | None]:
    """Column and new row -> what stands there when nothing is given."""
    place, letter = case.place, column_name(case.place.left)

    def formula(column: int, row: int) -> str | None:
        samples = range(max(place.first, place.last - 4), place.last + 1)
        held = [case.formulas.get((at, column)) for at in samples]
        if column - place.left in case.calculated:
            found = next((template for template in reversed(held) if template is not None), None)
            if found is None:
                stored = case.calculated[column - place.left]
                return stored if stored in ("1+1", "tblHand[[#This Row],[编号]]+1") else None
            return found(row, letter)
        if all(template is not None for template in held[-2:]):
            last = held[-1]
            return None if last is None or last is CONSTANT else last(row, letter)
        return None

    return formula


def compare(case: Case, folder: Path) -> None:
    source, target = write(case, folder / "source.xlsx"), folder / "target.xlsx"
    before = see(source)
    wanted = [{case.place.left + HEADERS.index(name): value for name, value in row.items()} for row in case.rows]
    expected = append(before, case.place, style_of(source), formula_of(case), wanted, case.merges)
    try:
        append_rows(source, target, "tblHand", case.rows)
    except WorkbookRefused as refused:
        assert refused.reason == expected
        return
    assert not isinstance(expected, str), f"was not refused: {expected}"
    after = see(target)
    style = style_of(target)
    assert (after.table, after.areas, after.names) == (expected.table, expected.areas, expected.names)
    _same_cells(after, expected, style)
    for row in range(case.place.last + 1, case.place.last + 1 + len(case.rows)):
        assert after.heights.get(row) == expected.heights.get(row), row
    assert [p for p in lint(target) if "dimension" not in p] == [p for p in lint(source) if "dimension" not in p]
    old, new = read_parts(source), read_parts(target)
    changeable = {SHEET_PART, TABLE_PART, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"}
    assert {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)} <= changeable


def _same_cells(after: Seen, expected: Seen, style: Callable[[int, int], str]) -> None:
    for at in after.cells.keys() | expected.cells.keys():
        found, wanted = after.cells.get(at, NOTHING), expected.cells.get(at, NOTHING)
        assert (found.kind, found.value, found.formula) == (wanted.kind, wanted.value, wanted.formula), at
        if wanted is not NOTHING:
            shown = style(*at)
            assert shown not in ("0", "3") if wanted.style == "date" else shown == wanted.style, (at, shown, wanted)


NOTHING = SeenCell("empty", "", None, "0")
QUIET = [
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
]


@settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
@given(cases())
def test_appended_rows_agree_with_the_slow_reference(tmp_path_factory: pytest.TempPathFactory, case: Case) -> None:
    compare(case, tmp_path_factory.mktemp("book"))


@pytest.mark.campaign
@settings(max_examples=5_000, deadline=None, suppress_health_check=QUIET)
@given(cases())
def test_thousands_of_appended_rows_agree_with_the_slow_reference(
    tmp_path_factory: pytest.TempPathFactory, case: Case
) -> None:
    compare(case, tmp_path_factory.mktemp("book"))
