"""统计: what a run writes there is what the report says, for whatever month and product people choose on 看板."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from figure_rows import case, make_rows
from msgspec.structs import replace
from older_workbooks import without_line
from ooxml_lint import lint
from python_calamine import CalamineWorkbook

from qtemplate.choices import Clock
from qtemplate.config import load_config
from qtemplate.figures.figure import Figure
from qtemplate.figures.month import Measures, make_month
from qtemplate.figures.month_table import make_month_table
from qtemplate.figures.monthly_charts import Context
from qtemplate.figures.rows import Rows
from qtemplate.jobs.demo import SAMPLE_MOMENT
from qtemplate.jobs.month.command import Wanted, report
from qtemplate.jobs.month.gather import gather
from qtemplate.jobs.run import run
from qtemplate.jobs.upgrade import upgrade
from qtemplate.jobs.workspace import looking
from qtemplate.jobs.world import read_world
from qtemplate.ooxml.cells import CellError, Formula
from qtemplate.ooxml.patch import SheetBody, patch_bytes
from qtemplate.sheets import edit_cells, open_book
from qtemplate.sheets.blocks import BlockFinder
from qtemplate.sheets.standard import build_workbook
from qtemplate.sheets.statistics import places as at
from qtemplate.sheets.statistics.body import figures_body, read_choice
from qtemplate.sheets.statistics.lines import Choice, Lines
from qtemplate.sheets.statistics.month_figures import NONE, shown_figures

LATER = SAMPLE_MOMENT + dt.timedelta(hours=1)
MAY = dt.date(2026, 5, 1)


def sheet(register: Path) -> list[list[Any]]:
    """The cells of 统计, from A1 on, as a reader sees them who does not calculate."""
    return CalamineWorkbook.from_path(register).get_sheet_by_name("统计").to_python(skip_empty_area=False)


def figures_of(measures: Measures) -> list[Figure]:
    """The figures of a month in the order of the sheet."""
    flow, cycle, said = measures.flow, measures.cycle, measures.satisfaction
    clocks = [figure for clock, figure in measures.clocks.items() if clock is not Clock.CONFIRM]
    return [
        flow.received, flow.closed, flow.open, flow.reopened, measures.overdue, *clocks, measures.on_time_close,
        cycle.median, cycle.p90, cycle.mean, measures.reopened, measures.recurred, said.mean, said.content,
        said.returned, measures.clocks[Clock.CONFIRM],
    ]  # fmt: skip


def shown(cells: list[list[Any]], column: int) -> list[Any]:
    rows = range(at.FIRST_ROW, at.FIRST_ROW + len(shown_figures()))
    return [cells[row - 1][column - 1] for row in rows]


def expected(measures: Measures) -> list[Any]:
    return [NONE if each.value is None else pytest.approx(each.value) for each in figures_of(measures)]


def month_column(cells: list[list[Any]], name: str) -> list[Any]:
    rows = range(at.FIRST_ROW, at.LAST_TABLE_ROW + 1)
    return [cells[row - 1][at.MONTH_COLUMNS[name] - 1] for row in rows]


def test_the_newest_month_stands_there_with_the_numbers_of_the_report(demo: Path) -> None:
    config, cells = load_config(demo / "qtemplate.toml"), sheet(demo / "register.xlsx")
    page = demo.parent / "page.html"
    made = report(config, None, "zh", SAMPLE_MOMENT, Wanted(html=page)).data
    with looking(config) as workspace:
        look = gather(workspace, read_world(config), SAMPLE_MOMENT, None)
    month = look.month
    assert cells[at.CHOICE_ROW - 1][:4] == ["统计月份", month.period.start.date(), "产品", "全部产品"]
    assert made["month"] == f"{month.period.start:%Y-%m}"
    assert shown(cells, 2) == expected(month.this)
    assert shown(cells, 4) == expected(month.before)
    for name in ("received", "closed", "open"):
        for level in at.LEVELS:
            named = [each["by_level"][level][name]["n"] for each in made["months"]]
            totals = [each["total"][name]["n"] for each in made["months"]]
            nobody = [each["levels"] == "unknown" for each in made["months"]]  # all stand where those without one do
            counts = [(total if level == "none" else 0) if unknown else number
                      for number, total, unknown in zip(named, totals, nobody, strict=True)]  # fmt: skip
            assert month_column(cells, f"{name}_{level}")[-12:] == counts
    for name in ("fault", "cause"):
        places = [at.PARETO_COLUMNS[f"{name}_{part}"] - 1 for part in ("value", "count", "share")]
        rows = [cells[row - 1] for row in range(at.FIRST_ROW, at.LAST_TABLE_ROW + 1)]
        found = [tuple(row[place] for place in places) for row in rows if row[places[0]] != ""]
        bars = made["pareto"][name]["bars"]
        assert [(count, share) for _, count, share in found] == [(bar["count"], bar["cumulative"]) for bar in bars]
    text = re.sub(r"<[^>]+>", " ", page.read_text("utf-8"))
    for figure in (month.this.flow.received, month.this.flow.open):
        assert f" {figure.value:.0f} " in text


def test_a_run_shows_what_people_chose_mends_the_sheet_and_then_leaves_it_alone(workspace: Path) -> None:
    register, config = workspace / "register.xlsx", load_config(workspace / "qtemplate.toml")
    with looking(config) as held:
        look = gather(held, read_world(config), LATER, None)
    products = [each for each in look.rows.product.tolist() if each is not None]
    product = max(sorted(set(products)), key=products.count)
    edit_cells(register, register, "看板", {"N1": MAY, "Q1": product})
    edit_cells(register, register, "统计", {"B6": 4711, "BG6": None}, replace_formulas=True)
    last = at.FIRST_ROW + len(shown_figures()) - 1
    without_line(register, "统计", last, "A", "D")  # a workbook made before the confirmations had a line
    assert upgrade(config, LATER).exit_code == 0  # it is no lack: the run itself writes the line
    run(config, LATER, send=False)
    cells = sheet(register)
    assert [cells[last - 1][column] for column in (0, 1)] == ["“确认”按期率", shown(cells, 2)[-1]]
    lines = openpyxl.load_workbook(register)["统计"]
    looks = [[(lines.cell(row, column).style_id, lines.row_dimensions[row].height) for column in range(1, 5)]
             for row in (last - 1, last)]  # fmt: skip
    assert looks[0] == looks[1]
    own = make_month(look.rows.where(np.asarray(look.rows.product == product, bool)), MAY, LATER.replace(tzinfo=None))
    assert cells[at.CHOICE_ROW - 1][:4] == ["统计月份", MAY, "产品", product]
    assert shown(cells, 2) == expected(own.this)
    assert lint(register) == []
    before = register.read_bytes()
    run(config, LATER, send=False)
    assert register.read_bytes() == before


SEPTEMBER = dt.datetime(2026, 9, 17)


def many_months(months: int) -> tuple[Rows, Context]:
    """A register of many months, with a phase, and volumes of one product."""
    rng = random.Random(months)
    cases = []
    for number in range(months * 9):
        day = dt.datetime(2026, 8, 30) - dt.timedelta(days=rng.uniform(0, 30 * months))
        fault, cause = rng.choice(["漏水", "异响", "异味"]), rng.choice(["design", "material", None])
        cases.append(case(str(number), level=rng.choice(["urgent", "minor", None]), product=rng.choice(["甲", "乙"]),
                          fault=fault, cause=cause, day=day))  # fmt: skip
    rows = replace(make_rows(*cases), received_at=np.array([each["day"] for each in cases], "M8[s]"))
    first = [dt.date(2026 - back // 12, 12 - back % 12, 1) for back in range(48)]
    volumes = {("乙", month): 900.0 + month.month * 7 for month in first}
    return rows, Context(volumes, {"": (dt.date(2026, 1, 1),)})


def synthetic(product: str, months: int) -> tuple[SheetBody, bytes]:
    """The sheet of such a register, and the workbook that holds it."""
    rows, context = many_months(months)
    table = make_month_table(rows, SEPTEMBER, context)
    book = open_book(build_workbook("zh"))
    body = SheetBody("统计", at.CHOICE_ROW, Lines(table, Choice(MAY, product, MAY), "zh").made(), cell_formats=True)
    data, _ = patch_bytes(book.data, edits={"看板": {"N1": MAY, "Q1": product or None}}, bodies=[body])
    return body, data


def test_a_sheet_of_that_name_that_is_not_the_programs_is_left_alone() -> None:
    book = openpyxl.load_workbook(io.BytesIO(build_workbook("zh")))
    book["统计"].defined_names.clear()
    saved = io.BytesIO()
    book.save(saved)
    table = make_month_table(make_rows(), dt.datetime(2026, 9, 17))
    assert figures_body(open_book(saved.getvalue()), table, None, "zh") is None


def test_a_choice_that_leads_nowhere_shows_the_newest_month_and_all_products() -> None:
    data, _ = patch_bytes(build_workbook("zh"), edits={"看板": {"N1": "谁知道", "Q1": "全部产品"}})
    book = open_book(data)
    assert read_choice(book, BlockFinder(book), MAY, "zh") == Choice(MAY, "", MAY)


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize(
    ("product", "months"),
    [("乙", 30), *(pytest.param(*each, marks=pytest.mark.campaign) for each in (("", 30), ("甲", 9), ("没有的", 7)))],
)
def test_libreoffice_works_out_the_very_results_that_are_written(product: str, months: int, tmp_path: Path) -> None:
    body, data = synthetic(product, months)
    bare = tmp_path / "bare.xlsx"
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(bare, "w") as target:
        for item in source.infolist():
            part = source.read(item)
            if item.filename.startswith("xl/worksheets/sheet"):  # without results it has to work them out
                part = re.sub(rb'( t="(?:str|e|b)")?(>\s*<f>[^<]*</f>)<v>[^<]*</v>', rb"\2", part)
            target.writestr(item, part)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*command, str(tmp_path / "out"), str(bare)], check=True, capture_output=True, timeout=180)
    found = sheet(tmp_path / "out" / "bare.xlsx")
    for row, line in enumerate(body.rows[: at.LAST_TABLE_ROW - at.CHOICE_ROW + 1], at.CHOICE_ROW):
        for column, value in enumerate(line, 1):
            if isinstance(value, Formula):
                one = "" if value.cached == CellError.NA else value.cached
                other = found[row - 1][column - 1]
                assert other == (pytest.approx(one) if isinstance(one, float) else one), (row, column, value.text)


@pytest.mark.parametrize("product", ["", "乙"])
def test_the_control_chart_is_that_of_the_report(product: str) -> None:
    months = 30
    rows, context = many_months(months)
    charts = make_month(rows, MAY, SEPTEMBER, context).charts
    chart = next(each for each in charts if each.subject == "received" and each.product == product)
    body, _ = synthetic(product, months)
    lines = body.rows[at.FIRST_ROW - at.CHOICE_ROW : at.LAST_TABLE_ROW - at.CHOICE_ROW + 1]

    def column(name: str) -> list[Any]:
        cells = [line[at.MONTH_COLUMNS[name] - 1] for line in lines]
        return [cell.cached for cell in cells if isinstance(cell, Formula)]

    assert column("count") == list(chart.counts)
    for name in ("value", "center", "upper", "lower"):
        key = "values" if name == "value" else name
        assert column(name) == [number for phase in chart.phases for number in getattr(phase.chart, key).tolist()]
    told = {period.start.date() for period in (signal.month for signal in chart.signals)}
    assert {month for month, value in zip(column("month"), column("signal"), strict=True) if value != "#N/A"} == told
