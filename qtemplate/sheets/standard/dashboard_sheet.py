"""看板: headline figures, level by state, overdue by department, channels; live formulas, two native charts."""

from __future__ import annotations

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.styles import Border, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ...choices import Channel, ClockState, Level, ReplyState, Status
from ...fields import Field
from ...texts.workbook.dashboard import DASHBOARD
from ..layout import REGISTER_TABLE
from ..statistics import headers, places
from . import look
from .chart_parts import LEVEL_SHADES, chart_title
from .ranges import FIRST_ROW, Ranges

OPEN_STATES = tuple(state for state in Status if state not in (Status.MERGED, Status.CLOSED))
TILE_ROW, TABLE_ROW = 4, 9
CHOICES = {"N1": "months", "Q1": "products"}
CHOICE_LABELS = {"M1": "choose_month", "P1": "choose_product"}
"""Where people choose what 统计 shows."""

_TILES = (
    ("open", look.ACCENT), ("overdue", "B3261E"), ("due_soon", "B7791F"),
    ("to_approve", "4A4372"), ("closed", "1E6B3A"), ("first", "2E7D5B"),
)  # fmt: skip


def column_of(field: Field, language: str) -> str:
    """Structured reference to a register column."""
    return f"{REGISTER_TABLE}[{field.header(language)}]"


def headline_formulas(language: str) -> dict[str, str]:
    """The formula of each headline figure."""

    def col(field: Field) -> str:
        return column_of(field, language)

    closed, merged = Status.CLOSED.label(language), Status.MERGED.label(language)
    clock, status = col(Field.CLOCK), col(Field.STATUS)
    blank = "*".join(f"ISBLANK({col(field)})" for field in (Field.ID, Field.RECEIVED_AT, Field.TITLE))
    first_of_month = "DATE(YEAR(TODAY()),MONTH(TODAY()),1)"
    responded, due = col(Field.RESPONDED_AT), col(Field.RESPOND_BY)
    good = f"SUMPRODUCT(ISNUMBER({responded})*ISNUMBER({due})*({responded}<={due}))"
    counted = f"SUMPRODUCT(ISNUMBER({due})*((ISNUMBER({responded})+({due}<=NOW()))>0))"
    return {
        "open": f'=SUMPRODUCT(1-{blank})-COUNTIF({status},"{closed}")-COUNTIF({status},"{merged}")',
        "overdue": f'=COUNTIF({clock},"{ClockState.OVERDUE.label(language)}*")',
        "due_soon": f'=COUNTIF({clock},"{ClockState.DUE_SOON.label(language)}*")',
        "to_approve": f'=COUNTIF({col(Field.REPLY_STATE)},"{ReplyState.WAITING.label(language)}")',
        "closed": f'=COUNTIFS({col(Field.CLOSED_AT)},">="&{first_of_month})',
        "first": f'=IF({counted}=0,"–",{good}/{counted})',
    }


def write_dashboard(ws: Worksheet, ranges: Ranges) -> None:
    """Tiles on top, then two tables, each with its chart beside it, and where feedback comes from."""
    language = ranges.language
    side = 0 if language == "zh" else 1
    words = {key: pair[side] for key, pair in DASHBOARD.items()}
    ws.sheet_view.showGridLines = False
    look.set_widths(ws, [2.5, 18, *([9.0] * 16)])
    ws["B1"] = words["title"]
    look.style(ws["B1"], font=look.font(language, 20, look.ACCENT, bold=True), alignment=look.aligned())
    ws["B2"] = words["help"]
    look.style(ws["B2"], font=look.font(language, 9.5, look.QUIET))
    ws.row_dimensions[1].height = 38
    write_choice(ws, ranges)
    _write_tiles(ws, words, language)
    states_end = _write_states(ws, words, language)
    departments_row = states_end + 4
    departments_end = _write_departments(ws, words, ranges, departments_row)
    ws.add_chart(_state_chart(ws, words["by_state"], states_end), f"J{TABLE_ROW}")
    chart = _department_chart(ws, words["by_department"], departments_row, departments_end)
    ws.add_chart(chart, f"J{departments_row}")
    channels_end = _write_channels(ws, words, language, departments_end + 3)
    look.set_page(ws)
    ws.page_setup.fitToHeight = 1
    ws.print_area = f"A1:R{channels_end + 1}"


def write_choice(ws: Worksheet, ranges: Ranges) -> None:
    """The two cells in which people choose what 统计 shows, at the top right."""
    language = ranges.language
    said = headers.words(language)
    for address, key in CHOICE_LABELS.items():
        label = ws[address]
        label.value = said[key]
        look.style(label, font=look.font(language, 10, look.QUIET), alignment=look.aligned("right"))
    for address, what in CHOICES.items():
        cell = ws[address]
        look.style(
            cell,
            font=look.font(language, 11, look.INK, bold=True),
            fill=look.solid(look.ANSWER),
            alignment=look.aligned("center" if what == "months" else "left"),
            border=look.hairline(),
            number_format=look.MONTH if what == "months" else look.TEXT,
        )
        check = DataValidation(type="list", formula1=places.offered(what, ranges.sheet("figures")), allow_blank=True)
        check.error = said["choose_error"]
        check.prompt = said["choose_month_prompt" if what == "months" else "choose_product_prompt"]
        check.showErrorMessage = check.showInputMessage = True
        check.add(address)
        ws.add_data_validation(check)
    ws.merge_cells("Q1:R1")  # names of products are long


def _write_tiles(ws: Worksheet, words: dict[str, str], language: str) -> None:
    formulas = headline_formulas(language)
    spans = ((2, 3), (4, 6), (7, 9), (10, 12), (13, 15), (16, 18))
    for (start, end), (key, colour) in zip(spans, _TILES, strict=True):
        for row in range(TILE_ROW, TILE_ROW + 3):
            for column in range(start, end + 1):
                cell = look.cell_at(ws, row, column)
                cell.fill = look.solid(look.PAPER)
                if column == start:
                    cell.border = Border(left=Side(style="thick", color=colour))
        number = look.cell_at(ws, TILE_ROW, start)
        number.value = formulas[key]
        look.style(
            number,
            font=look.font(language, 26, colour, bold=True),
            alignment=look.aligned("center"),
            number_format="0%" if key == "first" else "0",
        )
        ws.merge_cells(start_row=TILE_ROW, start_column=start, end_row=TILE_ROW + 1, end_column=end)
        label = look.cell_at(ws, TILE_ROW + 2, start, words[key])
        look.style(
            label,
            font=look.font(language, 10, look.QUIET),
            alignment=look.aligned("center"),
        )
        ws.merge_cells(start_row=TILE_ROW + 2, start_column=start, end_row=TILE_ROW + 2, end_column=end)


def _write_states(ws: Worksheet, words: dict[str, str], language: str) -> int:
    """Rows: open states; columns: levels, not graded, total. Returns the last state's row."""
    _heading(ws, TABLE_ROW, words["by_state"], language)
    header = TABLE_ROW + 1
    level_names = [level.label(language) for level in Level]
    for column, text in enumerate([words["state"], *level_names, words["no_level"], words["sum"]], start=2):
        look.write_header(look.cell_at(ws, header, column), language, text)
    status, level = column_of(Field.STATUS, language), column_of(Field.LEVEL, language)
    ws.row_dimensions[header].height = 30
    for row, state in enumerate(OPEN_STATES, start=header + 1):
        look.cell_at(ws, row, 2, state.label(language))
        for column in range(3, 7):
            letter = get_column_letter(column)
            look.cell_at(ws, row, column).value = f"=COUNTIFS({status},$B{row},{level},{letter}${header})"
        look.cell_at(ws, row, 8).value = f"=COUNTIFS({status},$B{row})"
        look.cell_at(ws, row, 7).value = f"=H{row}-SUM(C{row}:F{row})"
        _style_row(ws, row, 2, 8, language)
    last = header + len(OPEN_STATES)
    look.cell_at(ws, last + 1, 2, words["sum"])
    for column in range(3, 9):
        letter = get_column_letter(column)
        look.cell_at(ws, last + 1, column).value = f"=SUM({letter}{header + 1}:{letter}{last})"
    _style_row(ws, last + 1, 2, 8, language, bold=True)
    return last


def _write_departments(ws: Worksheet, words: dict[str, str], ranges: Ranges, top: int) -> int:
    """Rows: departments of 数据字典; columns: open, overdue, due soon. Returns the last row."""
    language = ranges.language
    _heading(ws, top, words["by_department"], language)
    header = top + 1
    for column, key in enumerate(("department", "open", "overdue", "due_soon"), start=2):
        look.write_header(look.cell_at(ws, header, column), language, words[key])
    ws.row_dimensions[header].height = 30
    department, clock = column_of(Field.DEPARTMENT, language), column_of(Field.CLOCK, language)
    status = column_of(Field.STATUS, language)
    closed, merged = Status.CLOSED.label(language), Status.MERGED.label(language)
    listed = ranges.values(Field.DEPARTMENT.value)
    sheet, letter = ranges.sheet("dictionary"), ranges.column(Field.DEPARTMENT.value)
    for offset in range(len(listed) + 1):
        row = header + 1 + offset
        unassigned = offset == len(listed)
        name = look.cell_at(ws, row, 2)
        name.value = words["no_department"] if unassigned else f"={sheet}!${letter}${FIRST_ROW + offset}"
        which = f'{department},""' if unassigned else f"{department},$B{row}"
        look.cell_at(ws, row, 3).value = (
            f"=$B${TILE_ROW}-SUM(C{header + 1}:C{row - 1})"  # what no department has
            if unassigned
            else f'=COUNTIFS({which},{status},"<>{closed}",{status},"<>{merged}")'
        )
        for column, state in ((4, ClockState.OVERDUE), (5, ClockState.DUE_SOON)):
            look.cell_at(ws, row, column).value = f'=COUNTIFS({which},{clock},"{state.label(language)}*")'
        _style_row(ws, row, 2, 5, language)
    return header + len(listed) + 1


def _write_channels(ws: Worksheet, words: dict[str, str], language: str, top: int) -> int:
    """Rows: channels; columns: all feedback, what came this month, open. Returns the last row."""
    _heading(ws, top, words["by_channel"], language)
    header = top + 1
    for column, key in enumerate(("channel", "all", "this_month", "open"), start=2):
        look.write_header(look.cell_at(ws, header, column), language, words[key])
    ws.row_dimensions[header].height = 30
    channel, received = column_of(Field.CHANNEL, language), column_of(Field.RECEIVED_AT, language)
    status = column_of(Field.STATUS, language)
    closed, merged = Status.CLOSED.label(language), Status.MERGED.label(language)
    for row, each in enumerate(Channel, start=header + 1):
        look.cell_at(ws, row, 2, each.label(language))
        which = f"{channel},$B{row}"
        look.cell_at(ws, row, 3).value = f"=COUNTIFS({which})"
        look.cell_at(ws, row, 4).value = f'=COUNTIFS({which},{received},">="&DATE(YEAR(TODAY()),MONTH(TODAY()),1))'
        look.cell_at(ws, row, 5).value = f'=COUNTIFS({which},{status},"<>{closed}",{status},"<>{merged}")'
        _style_row(ws, row, 2, 5, language)
    return header + len(Channel)


def _heading(ws: Worksheet, row: int, text: str, language: str) -> None:
    look.style(look.cell_at(ws, row, 2, text), font=look.font(language, 12, look.ACCENT, bold=True))
    ws.row_dimensions[row].height = 24


def _style_row(ws: Worksheet, row: int, first: int, last: int, language: str, bold: bool = False) -> None:
    for column in range(first, last + 1):
        look.style(
            look.cell_at(ws, row, column),
            font=look.font(language, 10, bold=bold),
            alignment=look.aligned("left" if column == first else "center"),
            border=Border(bottom=Side(style="thin", color=look.LINE)),
            number_format='0;-0;"·"' if column > first else "General",
        )
    ws.row_dimensions[row].height = 20


def _state_chart(ws: Worksheet, title: str, last: int) -> BarChart:
    header = TABLE_ROW + 1
    chart = _bar_chart(title, "bar")
    chart.grouping, chart.overlap = "stacked", 100
    chart.add_data(Reference(ws, min_col=3, max_col=7, min_row=header, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(ws, min_col=2, min_row=header + 1, max_row=last))
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"
    _paint(chart, [*LEVEL_SHADES])
    chart.height, chart.width = 9, 18
    return chart


def _department_chart(ws: Worksheet, title: str, header: int, last: int) -> BarChart:
    chart = _bar_chart(title, "col")
    chart.add_data(Reference(ws, min_col=4, max_col=5, min_row=header + 1, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(ws, min_col=2, min_row=header + 2, max_row=last))
    chart.overlap = -5
    _paint(chart, ["B3261E", "F2C94C"])
    for series in chart.series:
        series.dLbls = DataLabelList()
        series.dLbls.showVal = True
        for other in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
            setattr(series.dLbls, other, False)
        series.dLbls.numFmt = "0;;"
    chart.height, chart.width = 7, 18
    return chart


def _bar_chart(title: str, direction: str) -> BarChart:
    chart = BarChart()
    chart.type = direction
    chart.title = chart_title(title)
    chart.legend.position = "b"
    chart.gapWidth = 60
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.numFmt = "0"
    chart.y_axis.number_format = "0"
    chart.y_axis.scaling.min = 0
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=look.LINE, w=6350)))
    chart.layout = Layout(ManualLayout(yMode="edge", xMode="edge", h=0.64, w=0.8, x=0.15, y=0.15))
    chart.graphical_properties = GraphicalProperties(ln=LineProperties(noFill=True))
    return chart


def _paint(chart: BarChart, colours: list[str]) -> None:
    for series, colour in zip(chart.series, colours, strict=True):
        series.graphicalProperties.solidFill = colour
        series.graphicalProperties.line.solidFill = colour
