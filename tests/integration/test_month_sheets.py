"""产量 and 阶段: what people declare turns counts into rates and starts new centres."""

from __future__ import annotations

import datetime as dt

import pytest
from registers import ASSESSED, memory_of, people_rows, register_of

from qtemplate.ooxml.cells import CellValue
from qtemplate.ooxml.patch import patch_workbook
from qtemplate.rules.month.look import MonthLook, look_at_month
from qtemplate.rules.rulebook import DeclaredPhase, RuleBook, Volume
from qtemplate.rules.situation import Situation
from qtemplate.sheets import open_book, read_rulebook
from qtemplate.sheets.standard import build_workbook


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    """Eight months of 100, the last of 2; one that cannot be read, one twice; a new phase in April; 月报 for two."""
    path = tmp_path_factory.mktemp("sheets") / "register.xlsx"
    path.write_bytes(build_workbook("zh", people=people_rows(lin={"monthly": "是"}, zhou={"monthly": "否"})))
    months: list[CellValue] = [
        *(f"2026-{month:02}" for month in range(1, 8)),
        dt.date(2026, 8, 15),
        "2026年9月",
        "13月",
        "2026-09",
    ]
    numbers = [100] * 7 + [2, 5, 5, 7]
    volumes: list[dict[str, CellValue]] = [
        {"产品名称": "智能电饭煲", "月份": m, "数量": n} for m, n in zip(months, numbers, strict=True)
    ]
    phases: list[dict[str, CellValue]] = [{"日期": dt.date(2026, 4, 1), "说明": "新供应商"}]
    patch_workbook(path, path, appends={"tblVolumes": volumes, "tblPhases": phases})
    return read_rulebook(open_book(path))


def test_months_are_read_as_people_write_them_and_what_cannot_be_read_is_said(rules: RuleBook) -> None:
    assert rules.volumes[0] == Volume("智能电饭煲", "", dt.date(2026, 1, 1), 100)
    assert [(each.month.month, each.number) for each in rules.volumes[6:]] == [(7, 100), (8, 2), (9, 5)]
    assert rules.phases == (DeclaredPhase(dt.date(2026, 4, 1), "", "新供应商"),)
    told = [(item.code, item.found) for item in rules.findings if item.where and item.where.sheet == "产量"]
    assert told == [("QT202", "13月"), ("QT205", "2026-09")]
    assert [(person.name, person.monthly) for person in rules.people[:3]] == [
        ("林静", True),
        ("周敏", False),
        ("何军", None),
    ]


def look(rules: RuleBook, upto: int) -> MonthLook:
    """Two rows a month, from January to a month, looked at on the first day of the next one."""
    rows = [
        ASSESSED | {"received_at": dt.datetime(2026, month, day, 9)} for month in range(1, upto + 1) for day in (5, 12)
    ]
    now = dt.datetime(2026, upto + 1, 1, 9)
    return look_at_month(Situation(register_of(*rows), rules, memory_of({}), now))


def test_where_every_month_has_a_volume_the_chart_is_of_rates_else_of_counts(rules: RuleBook) -> None:
    (chart, *_) = look(rules, 8).month.charts
    assert (chart.kind, chart.sizes) == ("u", (100,) * 7 + (2,))
    assert [signal.month.start.month for signal in chart.signals] == [8]
    (counted, *_) = look(rules, 10).month.charts
    assert (counted.kind, counted.sizes, counted.signals) == ("c", None, ())


def test_a_declared_phase_starts_a_centre_of_its_own(rules: RuleBook) -> None:
    (chart, *_) = look(rules, 8).month.charts
    assert [phase.start for phase in chart.phases] == [0, 3]
    assert [round(phase.chart.center[0], 4) for phase in chart.phases] == [0.02, round(10 / 402, 4)]
