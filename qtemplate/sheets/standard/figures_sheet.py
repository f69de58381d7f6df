"""统计: the figures of a month and six native charts on two pages, over tables that stand to the right of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.formatting.rule import Rule
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from ...figures.month_table import MonthTable
from ...ooxml.cells import Formula
from ..statistics import places as at
from ..statistics.headers import level_name, words
from ..statistics.lines import Choice, Lines
from ..statistics.month_figures import shown_figures
from . import look
from .chart_parts import LEVEL_SHADES, chart_title
from .dashboard_sheet import CHOICES
from .ranges import Ranges

PAGE_BREAK, LAST_PAGE_ROW, LAST_PAGE_COLUMN = 30, 66, 13
SCALE = 76
"""Per cent at which thirty rows and thirteen columns fit on an A4 page that lies on its side, in LibreOffice's columns too."""

EMPTY = MonthTable((), ("",), {name: np.zeros((0, 1)) for name in at.VALUE_COLUMNS})

_BLUE, _RED, _AMBER, _GREEN = look.ACCENT, "B3261E", "E8833A", "2E7D5B"


def write_figures(ws: Worksheet, ranges: Ranges) -> None:
    """The sheet of an empty register; a run fills it."""
    language = ranges.language
    said = words(language)
    ws.sheet_view.showGridLines = False
    look.write_title(ws, language, said["title"], said["help"], LAST_PAGE_COLUMN)
    ws.row_dimensions[2].height = 30
    _set_widths(ws)
    for down, line in enumerate(Lines(EMPTY, Choice(), language).made(), at.CHOICE_ROW):
        for column, value in enumerate(line, 1):
            if value is not None:
                look.cell_at(ws, down, column).value = value.text if isinstance(value, Formula) else value
    _dress_page(ws, language)
    _dress_tables(ws, language)
    _name_choice(ws, ranges)
    for chart, where in _charts(ws, language, said):
        ws.add_chart(chart, where)
    look.set_page(ws)
    ws.sheet_properties.pageSetUpPr = None  # a page that is fitted pays no heed to breaks
    ws.page_setup.fitToWidth = ws.page_setup.fitToHeight = None
    ws.page_setup.scale = SCALE
    ws.row_breaks.append(Break(id=PAGE_BREAK))
    ws.print_area = f"A1:{get_column_letter(LAST_PAGE_COLUMN)}{LAST_PAGE_ROW}"
    ws.freeze_panes = f"A{at.FIRST_ROW}"


def _set_widths(ws: Worksheet) -> None:
    look.set_widths(ws, [30, 11, 9, 16, 2, *([9.5] * 8), 3])
    for columns, width in (
        (at.MONTH_COLUMNS, 9),
        (at.PARETO_COLUMNS, 10),
        (at.LIST_COLUMNS, 16),
        (at.VALUE_COLUMNS, 9),
    ):
        for name, column in columns.items():
            wide = name == "product" or name.endswith("_value")
            ws.column_dimensions[get_column_letter(column)].width = 16 if wide else width


def _name_choice(ws: Worksheet, ranges: Ranges) -> None:
    """The cells on 看板 by name, so that nothing breaks where people insert rows there."""
    board = ranges.sheet("dashboard")
    for address, what in CHOICES.items():
        name = at.MONTH_NAME if what == "months" else at.PRODUCT_NAME
        ws.defined_names[name] = DefinedName(name, attr_text=f"{board}!${address[0]}${address[1:]}")


# ---- cells -----------------------------------------------------------------------------------------------------------


def _dress_page(ws: Worksheet, language: str) -> None:
    """The choice, and the figures of the month."""
    for column in (1, 3):
        cell = look.cell_at(ws, at.CHOICE_ROW, column)
        look.style(cell, font=look.font(language, 10, look.QUIET), alignment=look.aligned("right"))
    for column, number_format in ((2, look.MONTH), (4, "General")):
        look.style(
            look.cell_at(ws, at.CHOICE_ROW, column),
            font=look.font(language, 12, look.ACCENT, bold=True),
            alignment=look.aligned("left"),
            number_format=number_format,
        )
    ws.row_dimensions[at.CHOICE_ROW].height = 22
    for column in range(1, 5):
        cell = look.cell_at(ws, at.HEAD_ROW, column)
        look.write_header(cell, language, str(cell.value))
    for row, figure in enumerate(shown_figures(), at.FIRST_ROW):
        for column in range(1, 5):
            look.style(
                look.cell_at(ws, row, column),
                font=look.font(language, 10, look.QUIET if column > 2 else look.INK, bold=column == 2),
                alignment=look.aligned("left" if column == 1 else "right"),
                border=look.line_below(),
                number_format=figure.number_format if column in (2, 4) else "0",
            )
    for row in range(at.FIRST_ROW, at.LAST_TABLE_ROW + 1):
        ws.row_dimensions[row].height = 19


def _dress_tables(ws: Worksheet, language: str) -> None:
    """What stands to the right of the pages: quiet, with formats that the charts take over."""
    formats = {"month": look.MONTH, "months": look.MONTH, "respond": "0%", "resolve": "0%", "on_time_close": "0%"}
    formats |= dict.fromkeys(("value", "center", "upper", "lower", "signal", "expected"), "0.0##")
    formats |= {name: "0%" for name in at.PARETO_COLUMNS if name.endswith("share")}
    look.style(look.cell_at(ws, at.CHOICE_ROW, at.LIST_COLUMNS["months"]), number_format=look.MONTH)
    quiet, head = look.font(language, 9, look.QUIET), look.font(language, 9, look.QUIET, bold=True)
    for columns in (at.MONTH_COLUMNS, at.PARETO_COLUMNS, at.LIST_COLUMNS, at.VALUE_COLUMNS):
        look.style(look.cell_at(ws, at.COUNT_ROW, min(columns.values())), font=head)
        for name, column in columns.items():
            look.style(
                look.cell_at(ws, at.HEAD_ROW, column),
                font=head,
                fill=look.solid(look.PAPER),
                alignment=look.aligned("center", wrap=True),
            )
            if columns is not at.VALUE_COLUMNS:
                for row in range(at.FIRST_ROW, at.LAST_TABLE_ROW + 1):
                    style = {"number_format": formats[name]} if name in formats else {}
                    look.style(look.cell_at(ws, row, column), font=quiet, **style)
    ws.row_dimensions[at.HEAD_ROW].height = 32
    first, last = (
        get_column_letter(each) for each in (min(at.MONTH_COLUMNS.values()), max(at.PARETO_COLUMNS.values()))
    )
    area = f"{first}{at.FIRST_ROW}:{last}{at.LAST_TABLE_ROW}"
    pale = look.colours(("", look.LINE))
    ws.conditional_formatting.add(
        area, Rule(type="expression", dxf=pale, formula=[f"ISNA({first}{at.FIRST_ROW})"], stopIfTrue=True)
    )


# ---- charts ----------------------------------------------------------------------------------------------------------


def _charts(ws: Worksheet, language: str, said: Mapping[str, str]) -> Iterable[tuple[Any, str]]:
    def by_level(name: str) -> dict[int, tuple[str, str]]:
        return {
            at.MONTH_COLUMNS[f"{name}_{level}"]: (level_name(level, language), shade)
            for level, shade in zip(at.LEVELS, LEVEL_SHADES, strict=True)
        }

    yield _stacked(ws, said["chart_received"], by_level("received"), (7.5, 5.4)), "F4"
    yield _stacked(ws, said["chart_closed"], by_level("closed"), (7.5, 5.4)), "J4"
    yield _stacked(ws, said["chart_open"], by_level("open"), (15.1, 6.4), legend=True), "F12"
    timely = {"respond": _BLUE, "resolve": _AMBER, "on_time_close": _GREEN}
    lines = {at.MONTH_COLUMNS[name]: shade for name, shade in timely.items()}
    yield _lines(ws, said["chart_timely"], lines, (15.1, 5.4)), "F22"
    yield _pareto(ws, said["chart_fault"], "fault", (14.0, 8.6)), f"A{PAGE_BREAK + 1}"
    yield _pareto(ws, said["chart_cause"], "cause", (15.1, 8.6)), f"F{PAGE_BREAK + 1}"
    yield _control(ws, said["chart_control"], (29.4, 8.8)), f"A{PAGE_BREAK + 18}"


def _column(ws: Worksheet, column: int) -> Reference:
    """A column of a table with its header."""
    return Reference(ws, min_col=column, min_row=at.HEAD_ROW, max_row=at.LAST_TABLE_ROW)


def _names(ws: Worksheet, column: int) -> Reference:
    return Reference(ws, min_col=column, min_row=at.FIRST_ROW, max_row=at.LAST_TABLE_ROW)


def _dressed(chart: Any, title: str, size: tuple[float, float], *, share: bool = False, legend: bool = True) -> Any:
    """Titles, axes and grid as everywhere."""
    chart.title = chart_title(title)
    chart.width, chart.height = size
    if legend:
        chart.legend.position = "b"
    else:
        chart.legend = None
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format = "0%" if share else "General"
    chart.y_axis.scaling.min = 0
    if share:
        chart.y_axis.scaling.max = 1
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=look.LINE, w=6350)))
    chart.graphical_properties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.display_blanks = "span"  # as Excel treats #N/A; of a gap LibreOffice makes a zero
    return chart


def _stacked(
    ws: Worksheet,
    title: str,
    columns: Mapping[int, tuple[str, str]],
    size: tuple[float, float],
    *,
    legend: bool = False,
) -> Any:
    """A bar a month; its parts have one legend for all such charts."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 40
    for column, (name, shade) in columns.items():
        chart.add_data(_column(ws, column), titles_from_data=True)
        chart.series[-1].tx = SeriesLabel(v=name)
        chart.series[-1].graphicalProperties.solidFill = shade
        chart.series[-1].graphicalProperties.line.solidFill = shade
    return _dressed(_over_months(chart, ws), title, size, legend=legend)


def _over_months(chart: Any, ws: Worksheet) -> Any:
    """A label at every third month: all of them would stand on their heads."""
    chart.set_categories(_names(ws, at.MONTH_COLUMNS["month"]))
    chart.x_axis.number_format = look.MONTH
    chart.x_axis.tickLblSkip = 3
    return chart


def _lines(ws: Worksheet, title: str, columns: Mapping[int, str], size: tuple[float, float]) -> Any:
    chart = LineChart()
    for column, shade in columns.items():
        chart.add_data(_column(ws, column), titles_from_data=True)
        _draw_line(chart.series[-1], shade, marker="circle")
    return _dressed(_over_months(chart, ws), title, size, share=True)


def _draw_line(series: Any, shade: str, *, marker: str = "none", dash: str | None = None, width: int = 19050) -> None:
    series.smooth = False
    series.graphicalProperties.line.solidFill = shade
    series.graphicalProperties.line.width = width
    if dash:
        series.graphicalProperties.line.dashStyle = dash
    series.marker.symbol = marker
    if marker != "none":
        series.marker.size = 5
        series.marker.graphicalProperties = GraphicalProperties(solidFill=shade, ln=LineProperties(solidFill=shade))


def _pareto(ws: Worksheet, title: str, name: str, size: tuple[float, float]) -> Any:
    """Bars, and the cumulated share on an axis of its own."""
    bars = BarChart()
    bars.type, bars.gapWidth = "col", 30
    bars.add_data(_column(ws, at.PARETO_COLUMNS[f"{name}_count"]), titles_from_data=True)
    bars.series[0].graphicalProperties.solidFill = _BLUE
    bars.set_categories(_names(ws, at.PARETO_COLUMNS[f"{name}_value"]))
    line = LineChart()
    line.add_data(_column(ws, at.PARETO_COLUMNS[f"{name}_share"]), titles_from_data=True)
    _draw_line(line.series[0], _AMBER, marker="circle")
    line.y_axis.axId, line.y_axis.crosses = 200, "max"
    line.y_axis.scaling.min, line.y_axis.scaling.max, line.y_axis.number_format = 0, 1, "0%"
    line.y_axis.delete, line.y_axis.majorGridlines = False, None
    whole = _dressed(bars, title, size)
    whole += line
    return whole


def _control(ws: Worksheet, title: str, size: tuple[float, float]) -> Any:
    chart = LineChart()
    for name, shade, dash in (
        ("value", _BLUE, None), ("center", _GREEN, None), ("upper", look.QUIET, "dash"), ("lower", look.QUIET, "dash"),
        ("signal", _RED, None),
    ):  # fmt: skip
        chart.add_data(_column(ws, at.MONTH_COLUMNS[name]), titles_from_data=True)
        series = chart.series[-1]
        _draw_line(series, shade, marker="circle" if name in ("value", "signal") else "none", dash=dash)
        if name == "signal":
            series.graphicalProperties.line = LineProperties(noFill=True)
            series.marker.size = 9
    return _dressed(_over_months(chart, ws), title, size)
