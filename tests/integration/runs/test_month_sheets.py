"""产量 and 阶段: what people declare turns counts into rates and starts new centres."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from registers import ASSESSED, memory_of, people_rows, register_of

from qtemplate.jobs.month.volume_file import with_volume_file
from qtemplate.ooxml.cells import CellValue
from qtemplate.ooxml.patch import patch_workbook
from qtemplate.rules.month.look import MonthLook, look_at_month
from qtemplate.rules.rulebook import DeclaredPhase, RuleBook, Volume
from qtemplate.rules.situation import Situation
from qtemplate.sheets import open_book, read_rulebook
from qtemplate.sheets.standard import build_workbook
from qtemplate.texts import say_finding


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


def test_volumes_may_come_as_a_file_the_sheet_wins_and_what_cannot_be_read_is_named(
    tmp_path: Path, rules: RuleBook
) -> None:
    lines = [
        "产品名称,月份,数量",
        "智能电饭煲,2026-07,900",
        '智能电饭煲,2026/10,"1,200"',
        "智能门锁,10月,5",
        "智能门锁,2026-10,五",
    ]
    (tmp_path / "volumes.csv").write_bytes("\n".join(lines).encode("gb18030"))
    found, findings = with_volume_file(tmp_path, rules)
    assert found.volumes == (*rules.volumes, Volume("智能电饭煲", "", dt.date(2026, 10, 1), 1200))
    assert [(item.code, say_finding(item, "en").message) for item in findings] == [
        ("QT902", "volumes.csv was not used as a whole: lines that cannot be read: 4, 5. It needs the columns Product, "
         "Model, Month and Number.")
    ]  # fmt: skip
    (tmp_path / "volumes.csv").write_text("Product,Month\nA,2026-01\n", "utf-8")
    found, findings = with_volume_file(tmp_path, rules)
    assert found is rules
    assert "the column 数量 or Number is missing" in say_finding(findings[0], "en").message
    assert with_volume_file(tmp_path / "none", rules) == (rules, ())
