"""The cells of 统计 row by row: formulas with their results for the chosen month, and the block of values."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct, field

from ...choices import CauseCode
from ...figures.month_table import RANKED, MonthTable
from ...figures.period import Period
from ...ooxml.cells import CellError, CellValue, Formula
from ...ooxml.references import column_name
from . import places as at
from .control import control_formulas, control_points, result
from .headers import header, words
from .month_figures import NONE, Place, pick, plain, shown_figures

NA = CellError.NA

WRITTEN_OUT = ("reopened", "overdue")
"""Figures that are one column and may be missing: an empty cell is no 0 there."""


class Choice(Struct, frozen=True):
    """What is shown.

    Attributes:
        month: Its first day; None where the register has no month.
        product: "" = all.
        newest: The month shown where none is chosen.
    """

    month: dt.date | None = None
    product: str = ""
    newest: dt.date | None = None


class Lines(Struct):
    """The sheet from the row of the choice on, as a grid of cells.

    Args:
        table: The figures; one without months gives the sheet of an empty register.
        choice: What is shown.
        language: Of the workbook.
    """

    table: MonthTable
    choice: Choice
    language: str
    cells: dict[tuple[int, int], CellValue] = field(default_factory=dict)

    def made(self) -> list[list[CellValue]]:
        """The rows from `CHOICE_ROW` on."""
        self._choice()
        self._heads()
        self._months()
        self._control()
        self._pareto()
        self._figures()
        self._lists()
        self._values()
        widths: dict[int, int] = {}
        for row, column in self.cells:
            if column > widths.get(row, 0):
                widths[row] = column
        rows = range(at.CHOICE_ROW, max(widths) + 1)
        grid: list[list[CellValue]] = [[None] * widths.get(row, 0) for row in rows]
        for (row, column), value in self.cells.items():
            grid[row - at.CHOICE_ROW][column - 1] = value
        return grid

    def _put(self, row: int, column: int, value: CellValue) -> None:
        if value is not None:
            self.cells[row, column] = value

    # ---- the choice -------------------------------------------------------------------------------------------------

    def _choice(self) -> None:
        said, name = words(self.language), at.MONTH_NAME
        newest, everything = at.NEWEST, f'"{said["all_products"]}"'
        chosen = f'IF(ISNUMBER({name}),DATE(YEAR({name}),MONTH({name}),1),IF(ISNUMBER({newest}),{newest},""))'
        fallback = f'IF(ISNUMBER({newest}),{newest},"")'
        self._put(at.CHOICE_ROW, 1, said["choose_month"])
        self._put(at.CHOICE_ROW, 2, Formula(f"=IFERROR({chosen},{fallback})", self.choice.month or ""))
        self._put(at.CHOICE_ROW, 3, said["choose_product"])
        product = f'=IFERROR(IF({at.PRODUCT_NAME}="",{everything},{at.PRODUCT_NAME}&""),{everything})'
        self._put(at.CHOICE_ROW, 4, Formula(product, self.choice.product or said["all_products"]))

    def _heads(self) -> None:
        said, language = words(self.language), self.language
        for columns, key in ((at.MONTH_COLUMNS, "tables"), (at.LIST_COLUMNS, "lists"), (at.VALUE_COLUMNS, "data")):
            self._put(at.COUNT_ROW, min(columns.values()), said[key])
        for columns in (at.FIGURE_COLUMNS, at.MONTH_COLUMNS, at.PARETO_COLUMNS, at.LIST_COLUMNS, at.VALUE_COLUMNS):
            for name, column in columns.items():
                self._put(at.HEAD_ROW, column, header(name, language))

    # ---- the months -------------------------------------------------------------------------------------------------

    def _shown(self, row: int) -> dt.date | None:
        """The month in a row of the table."""
        month, back = self.choice.month, at.LAST_TABLE_ROW - row
        return None if month is None else Period.of_month(month.year, month.month - back).start.date()

    def _place(self, row: int) -> Place:
        return self.table.at(self._shown(row), self.choice.product)

    def _months(self) -> None:
        columns = at.MONTH_COLUMNS
        for row in range(at.FIRST_ROW, at.LAST_TABLE_ROW + 1):
            place, where, month = self._place(row), at.month_cell("row", row), at.month_cell("month", row)
            back = at.LAST_TABLE_ROW - row
            text = f'=IF(ISNUMBER({at.CHOSEN_MONTH}),EDATE({at.CHOSEN_MONTH},-{back}),"")'
            self._put(row, columns["month"], Formula(text, self._shown(row) or ""))
            found = f"({at.values('month')}={month})*EXACT({at.values('product')},{at.CHOSEN_PRODUCT})"
            text = f"=SUMPRODUCT({found}*(ROW({at.values('month')})-{at.FIRST_ROW - 1}))"
            self._put(row, columns["row"], Formula(text, 0 if place is None else self._line(place)))
            for name in columns:
                if name.startswith(("received_", "closed_", "open_")):
                    count = self.table.number(name, place) or 0
                    self._put(row, columns[name], Formula(f"=IF({where}=0,0,{pick(name, where)})", plain(count)))
            for name, top, bottom in (
                ("respond", "respond_in_time", "respond_counted"), ("resolve", "resolve_in_time", "resolve_counted"),
                ("on_time_close", "closed_in_time", "closed_counted"),
            ):  # fmt: skip
                rate = _ratio(self.table, place, top, bottom)
                text = f"{pick(top, where)}/{pick(bottom, where)}"
                text = f"=IF({where}=0,NA(),IF({pick(bottom, where)}=0,NA(),{text}))"
                self._put(row, columns[name], Formula(text, NA if rate is None else rate))

    def _line(self, place: tuple[int, int]) -> int:
        """The place of a row in the block of values, from 1."""
        return place[0] * len(self.table.products) + place[1] + 1

    # ---- the control chart ------------------------------------------------------------------------------------------

    def _control(self) -> None:
        rows = range(at.FIRST_ROW, at.LAST_TABLE_ROW + 1)
        points = control_points(self.table, [self._place(row) for row in rows])
        counted = [point for point in points if point is not None]
        rated = bool(counted) and all(point.size > 0 for point in counted)
        letter = column_name(at.MONTH_COLUMNS["count"])
        self._put(at.COUNT_ROW, at.MONTH_COLUMNS["count"], Formula(f"=COUNT({at.month_cells('count')})", len(counted)))
        text = f'=IF(AND({letter}{at.COUNT_ROW}>0,COUNTIF({at.month_cells("size")},">0")={letter}{at.COUNT_ROW}),1,0)'
        self._put(at.COUNT_ROW, at.MONTH_COLUMNS["size"], Formula(text, int(rated)))
        for row, point in zip(rows, points, strict=True):
            for name, text in control_formulas(row).items():
                self._put(row, at.MONTH_COLUMNS[name], Formula(f"={text}", result(point, name)))

    # ---- Pareto -----------------------------------------------------------------------------------------------------

    def _pareto(self) -> None:
        where, columns = at.month_cell("row", at.LAST_TABLE_ROW), at.PARETO_COLUMNS
        place = self._place(at.LAST_TABLE_ROW)
        for row in range(at.FIRST_ROW, at.LAST_TABLE_ROW + 1):
            rank = row - at.FIRST_ROW + 1
            self._put(row, columns["rank"], rank)
            for name in RANKED:
                ranked = () if place is None else self.table.ranked.get((name, *place), ())
                value, count = ranked[rank - 1] if rank <= len(ranked) else ("", 0)
                shown = label(name, value, self.language)
                picked = pick(f"{name}_{rank}_value", where)
                text = f'=IF({where}=0,"",IF({picked}="","",{picked}))'
                self._put(row, columns[f"{name}_value"], Formula(text, shown))
                picked, letter = pick(f"{name}_{rank}_count", where), column_name(columns[f"{name}_count"])
                text = f"=IF({where}=0,NA(),IF({picked}=0,NA(),{picked}))"
                self._put(row, columns[f"{name}_count"], Formula(text, count or NA))
                before = sum(each for _, each in ranked[:rank])
                total = self.table.number(f"{name}_named", place) or 0
                summed = f"SUM({letter}${at.FIRST_ROW}:{letter}{row})/{pick(f'{name}_named', where)}"
                text = f"=IF(ISNUMBER({letter}{row}),{summed},NA())"
                self._put(row, columns[f"{name}_share"], Formula(text, before / total if count else NA))

    # ---- figures of the month ---------------------------------------------------------------------------------------

    def _figures(self) -> None:
        now, before = at.LAST_TABLE_ROW, at.LAST_TABLE_ROW - 1
        for row, figure in enumerate(shown_figures(), at.FIRST_ROW):
            self._put(row, 1, figure.name(self.language))
            for column, source in ((2, now), (4, before)):
                where, place = at.month_cell("row", source), self._place(source)
                self._put(row, column, Formula(figure.formula(where), figure.value(self.table, place)))
            if figure.base:
                where, place = at.month_cell("row", now), self._place(now)
                base = self.table.number(figure.base, place) or 0
                text = f'=IF({where}=0,"{NONE}",{pick(figure.base, where)})'
                self._put(row, 3, Formula(text, NONE if place is None else plain(base)))

    # ---- the block of values ----------------------------------------------------------------------------------------

    def _lists(self) -> None:
        column = at.LIST_COLUMNS["months"]
        self._put(at.CHOICE_ROW, column, self.choice.newest)
        for row, period in enumerate(reversed(self.table.periods), at.FIRST_ROW):
            self._put(row, column, period.start.date())
        if self.table.periods:
            for row, product in enumerate(self.table.products, at.FIRST_ROW):
                self._put(row, at.LIST_COLUMNS["products"], self._product(product))

    def _product(self, product: str) -> str:
        return product or words(self.language)["all_products"]

    def _values(self) -> None:
        table, columns = self.table, at.VALUE_COLUMNS
        months = [period.start.date() for period in table.periods]
        products = [self._product(product) for product in table.products]
        width = len(products)
        for month, day in enumerate(months):
            for place, product in enumerate(products):
                row = at.FIRST_ROW + month * width + place
                self.cells[row, columns["month"]] = day
                self.cells[row, columns["product"]] = product
        for name, numbers in table.columns.items():
            column = columns.get(name)
            if column is not None:
                for order, number in enumerate(numbers.reshape(-1).tolist()):
                    if number == number and (number or name in WRITTEN_OUT):  # else 0 is an empty cell
                        self.cells[at.FIRST_ROW + order, column] = plain(number)
        for (name, month, place), ranked in table.ranked.items():
            row = at.FIRST_ROW + month * width + place
            for rank, (value, count) in enumerate(ranked, 1):
                self.cells[row, columns[f"{name}_{rank}_value"]] = label(name, value, self.language)
                self.cells[row, columns[f"{name}_{rank}_count"]] = count


def label(column: str, value: str, language: str) -> str:
    """A cause by its name; all else as it is."""
    known = CauseCode._value2member_map_.get(value) if column == "cause" else None
    return known.label(language) if isinstance(known, CauseCode) else value


def _ratio(table: MonthTable, place: Place, top: str, bottom: str) -> float | None:
    base = table.number(bottom, place) or 0
    return (table.number(top, place) or 0) / base if base else None
