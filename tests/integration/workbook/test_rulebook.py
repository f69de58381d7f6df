"""Reading the rule sheets: what people type there, what is missing or broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from register_makers import Shown, register, workbook

from qtemplate.choices import Clock, Level, Role
from qtemplate.register import CellRef
from qtemplate.rules.rulebook import ContactEntry, FieldRule, Limit, Pause, Person, Product, RuleBook, Rung
from qtemplate.sheets import open_book, read_register, read_rulebook
from qtemplate.sheets.standard import OwnColumn, build_workbook
from qtemplate.sheets.standard.holidays import shipped_holidays
from qtemplate.texts import say_finding


def rules(language: str = "zh", **sheets: Sequence[Sequence[Any]]) -> RuleBook:
    return read_rulebook(open_book(workbook(sheets)), language=language)


def told(found: RuleBook, *codes: str) -> list[tuple[str, str, str]]:
    """(code, address, found) of the findings about cells, in order."""
    return [
        (f.code, f.where.address if f.where else "", f.found)
        for f in found.findings
        if f.code != "QT200" and (not codes or f.code in codes)
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_standard_workbook_reads_without_a_finding(language: str) -> None:
    book = build_workbook(language, holidays=shipped_holidays("zh"))
    found = read_rulebook(open_book(book), language=language)
    assert found.findings == ()
    tables = (found.grading, found.assignment, found.priority, found.points)
    assert [table and len(table.rules) for table in tables] == [12, 5, 5, 10]
    assert found.checks is not None
    assert [column.name for column in found.checks.outputs] == ["message", "field", "severity"]
    assert found.limits[Clock.RESOLVE, Level.MAJOR] == Limit(10.0, "wd")
    assert (Clock.CONTAIN, Level.NORMAL) not in found.limits
    spoken, worked = (Clock.RESPOND, Clock.UPDATE, Clock.CONFIRM), (Clock.ACCEPT, Clock.CONTAIN)
    first = [(1, "contact", spoken), (2, "assessor", (Clock.ASSESS,)), (3, "owner", worked),
             (4, "owner", (Clock.RESOLVE,)), (4, "contact", (Clock.RESOLVE,)),
             (5, "quality_lead", (Clock.AUTHORITY,))]  # fmt: skip
    assert found.ladder == (
        *(Rung(number, None, 0.2, None, to, clocks) for number, to, clocks in first),
        *(Rung(number + 5, None, None, Limit(0.0, "wd"), to, clocks) for number, to, clocks in first),
        Rung(11, None, None, Limit(1.0, "wd"), "head"), Rung(12, None, None, Limit(3.0, "wd"), "quality_lead"),
    )  # fmt: skip
    assert found.calendar is not None
    assert found.calendar.segments == dict.fromkeys(range(5), ((32400, 43200), (46800, 64800)))
    assert found.calendar.confirmed == {2025, 2026}
    assert found.calendar.days[dt.date(2026, 2, 14)] is True
    assert set(found.lists["channel"].values()) == {
        "hotline", "website", "email", "social", "in_product", "dealer", "internal", "other",
    }  # fmt: skip


def test_tables_decide_with_codes_whatever_the_language_of_the_sheets() -> None:
    row = {
        "safety": "yes",
        "authenticity": None,
        "severity": None,
        "scope": None,
        "frequency": None,
        "workaround": None,
    }
    for language in ("zh", "en"):
        table = read_rulebook(open_book(build_workbook(language)), language=language).grading
        assert table is not None
        assert table.decide(pd.DataFrame([row], dtype=object)).outputs == ["urgent"]


def test_people() -> None:
    found = rules(
        人员=[
            ["部门的人"],
            ["姓名", "邮箱", "部门", "角色", "上级", "代理人", "专长", "容量", "休假自", "休假至", "在职"],
            ["张三", "Zhang@Example.COM ", "研发部", "员工、协调人", "李四", None, "屏幕，电池/充电", 5,
             dt.date(2026, 7, 1), "2026年7月5日", None],
            ["李四", None, "研发部", None, None, "王五", None, None, None, None, "否"],
            [None, None, None, None, None, None, None, None, None, None, None],
            ["张三", "other@example.com"],
            ["赵六", "no mail", "品控部", "老板", None, None, None, "多",
            dt.date(2026, 7, 9), dt.date(2026, 7, 1), "maybe"],
        ]
    )  # fmt: skip
    away = ((dt.date(2026, 7, 1), dt.date(2026, 7, 5)),)
    zhang = Person("张三", "Zhang@example.com", "研发部", (Role.MEMBER, Role.COORDINATOR), "李四", "",
                   ("屏幕", "电池", "充电"), 5, away, True, 3)  # fmt: skip
    li = Person("李四", "", "研发部", (Role.MEMBER,), "", "王五", (), None, (), False, 4)
    zhao = Person("赵六", "", "品控部", (Role.MEMBER,), "", "", (), None, (), True, 7)
    assert found.people == (zhang, li, zhao)
    assert told(found) == [
        ("QT205", "A6", "张三"), ("QT202", "B7", "no mail"), ("QT207", "D7", "老板"), ("QT202", "H7", "多"),
        ("QT202", "J7", "2026-07-01"), ("QT207", "K7", "maybe"), ("QT206", "F4", "王五"),
    ]  # fmt: skip


def test_products_and_patterns() -> None:
    found = rules(
        产品=[["产品名称", "型号", "类别", "批次号格式"],
           ["吸尘器", "V8", "硬件", r"\d{6}"], ["App", "", "software", "("],
             ["吸尘器", "v8", "硬件", None], [None, "V9", None, None]]
    )  # fmt: skip
    assert found.products == (Product("吸尘器", "V8", "hardware", r"\d{6}", 2), Product("App", "", "software", "", 3))
    assert told(found) == [("QT202", "A5", ""), ("QT205", "B4", "v8"), ("QT202", "D3", "(")]


def test_limits_may_stand_for_every_level() -> None:
    found = rules(
        答复时限=[["时限", "等级", "数值", "单位"], ["确认", None, 3, "工作日"], ["confirm", "紧急", "2", "wd"],
               ["答复", "重要", -1, "天"], ["回复", "重要", 1, "天"],
               ["跟踪", "重要", 90, "月"], ["评估", "轻微", None, None]]
    )  # fmt: skip
    days = {Level.URGENT: 2.0, Level.MAJOR: 3.0, Level.NORMAL: 3.0, Level.MINOR: 3.0}
    assert found.limits == {(Clock.CONFIRM, level): Limit(number, "wd") for level, number in days.items()}
    assert told(found) == [("QT202", "C4", "-1"), ("QT204", "A5", "回复"), ("QT207", "D6", "月")]
    offered = [say_finding(found.findings[-1], language).expected for language in ("zh", "en")]
    assert offered == ["小时、工作日、天 之一", "one of h, wd, d"]


def test_the_ladder_takes_shares_and_delays() -> None:
    found = rules(
        升级阶梯=[["等级", "时机", "数值", "单位", "通知"], [None, "剩余比例", "20%", None, "责任人"],
              ["紧急", "Overdue by", 2, "小时", "部门负责人"], [None, "剩余比例", 20, None, "owner"],
              [None, "超时后", None, None, "主管"]]
    )  # fmt: skip
    assert found.ladder == (
        Rung(1, None, 0.2, None, "owner"), Rung(2, Level.URGENT, None, Limit(2.0, "h"), "head"),
    )  # fmt: skip
    assert told(found) == [("QT202", "C4", "20"), ("QT204", "E5", "主管")]


def test_a11_a_rung_may_name_clocks_and_several_who_are_told() -> None:
    found = rules(
        升级阶梯=[["时限", "等级", "时机", "数值", "单位", "通知"],
              ["首次响应、确认", None, "超时后", None, None, "沟通负责人，客服"],
              ["评估", None, "剩余比例", "50%", None, "Assessor"], ["首次回应", None, "超时后", None, None, "责任人"],
              [None, None, "超时后", 1, "工作日", "责任人、老板"]]
    )  # fmt: skip
    at_once, spoken = Limit(0.0, "wd"), (Clock.RESPOND, Clock.CONFIRM)
    assert found.ladder == (
        Rung(1, None, None, at_once, "contact", spoken), Rung(1, None, None, at_once, "service", spoken),
        Rung(2, None, 0.5, None, "assessor", (Clock.ASSESS,)),
    )  # fmt: skip
    assert told(found) == [("QT204", "A4", "首次回应"), ("QT207", "F5", "老板")]


@pytest.mark.parametrize("start", [dt.time(9), "09:00", "9：00", 0.375, Shown(0.375, "h:mm"), dt.timedelta(hours=9)])
def test_times_of_day_in_every_spelling(start: Any) -> None:
    found = rules(工作日历=[["星期", "开始", "结束"], ["周一至周五", start, "17:30"], ["Sat", "20:00", "24:00"]])
    assert found.calendar is not None
    assert found.calendar.segments == {**dict.fromkeys(range(5), ((32400, 63000),)), 5: ((72000, 86400),)}


def test_a_calendar_says_what_it_cannot_read() -> None:
    found = rules(
        工作日历=[
            ["星期", "开始", "结束", None, "日期", "休/班", "名称", None, "年份", "已确认"],
            ["星期一", "9:00", "8:00", None, "2026年10月1日", "休", "国庆节", None, 2026, "是"],
            ["星期八", "9:00", "17:00", None, dt.date(2026, 10, 10), "班", None, None, "二〇二七", "否"],
            [None, None, None, None, "10/11", "休", None, None, None, None],
            [None, None, None, None, dt.date(2026, 10, 1), "On", None, None, None, None],
        ]
    )
    assert found.calendar is None
    assert told(found) == [
        ("QT202", "C2", "8:00"), ("QT202", "A3", "星期八"), ("QT202", "E4", "10/11"), ("QT205", "E5", "2026-10-01"),
        ("QT202", "I3", "二〇二七"), ("QT210", "", ""),
    ]  # fmt: skip


def test_the_dictionary_and_its_lists() -> None:
    found = rules(
        数据字典=[
            [
                "字段",
                "必填",
                "类型",
                "允许值列表",
                "模式",
                "唯一",
                "最小",
                "最大",
                "程度",
                "说明",
                None,
                "反馈渠道",
                "区域",
            ],
            ["反馈者", "是", "文本", None, None, None, None, None, "警告", None, None, "电子邮件", "华东"],
            ["区域", None, "列表", "区域", None, None, None, None, None, None, None, "展会", "华南 "],
            ["质量成本", True, "数字", "没有", "[", "Yes", 0, "100", "Info", None, None, "Hotline", None],
        ]
    )
    assert found.lists["channel"] == {"电子邮件": "email", "展会": "展会", "Hotline": "hotline"}
    assert found.lists["区域"] == {"华东": "华东", "华南": "华南"}
    assert found.dictionary == (
        FieldRule("reporter", True, "text", "", "", False, None, None, "warning", 2),
        FieldRule("区域", False, "list", "区域", "", False, None, None, "error", 3),
        FieldRule("质量成本", True, "number", "", "", True, 0.0, 100.0, "info", 4),
    )
    assert told(found) == [("QT208", "D4", "没有"), ("QT202", "E4", "[")]


def test_faults_and_their_synonyms() -> None:
    found = rules(故障词典=[["故障代码", "同义词"], ["漏水", "渗水、滴水"], ["滴漏", "滴水；渗出"]])
    assert found.faults == {"漏水": ("渗水", "滴水"), "滴漏": ("滴水", "渗出")}
    assert told(found) == [("QT209", "B3", "滴水；渗出")]


def test_pauses_and_contacts() -> None:
    start, end = dt.datetime(2026, 7, 1, 17), dt.datetime(2026, 7, 4, 10)
    found = rules(
        暂停记录=[["反馈编号", "开始", "结束", "原因"], ["QF-2026-0001", start, end, "等样品"],
           ["QF-2026-0002", "2026-7-1 17:00", None],
              ["QF-2026-0003", end, start], ["QF-2026-0004", "7/1", None], [None, start, None]],
        沟通记录=[["时间", "反馈编号", "方向", "方式", "沟通人", "摘要"],
           [start, "QF-2026-0001", "发出", "电话", "张三", "已回电"],
              [end, "QF-2026-0001", "In", "短信", None, None], [None, "QF-2026-0001", "收到"]],
    )  # fmt: skip
    assert found.pauses == (
        Pause("QF-2026-0001", start, end, "等样品", 2, CellRef("暂停记录", 2, 1)),
        Pause("QF-2026-0002", start, None, "", 3, CellRef("暂停记录", 3, 1)),
    )  # fmt: skip
    assert found.contacts == (
        ContactEntry(start, "QF-2026-0001", "out", "phone", "张三", "已回电", 2, None, CellRef("沟通记录", 2, 2)),
        ContactEntry(end, "QF-2026-0001", "in", "短信", "", "", 3, None, CellRef("沟通记录", 3, 2)),
    )
    assert [cell for _, cell, _ in told(found)] == ["C4", "B5", "A6", "A4"]


def test_missing_sheets_and_headers_are_told() -> None:
    found = rules(人员=[["名字", "邮箱"]], 答复时限=[["时限", "等级", "数值"], ["答复", "重要", 1]])
    assert (found.people, found.limits, found.calendar, found.grading) == ((), {}, None, None)
    missing = [dict(f.facts)["sheet"] for f in found.findings if f.code == "QT200" and f.severity == "warning"]
    assert missing == ["分级规则", "分派规则", "优先级规则", "工作日历"]
    assert [dict(f.facts)["columns"] for f in found.findings if f.code == "QT201"] == [("姓名",), ("单位",)]


def test_a_renamed_sheet_is_known_by_its_headers_and_columns_may_move() -> None:
    found = rules(员工名单=[["公司"], [], ["备注", "邮箱", "姓名", "部门", "角色", "上级", "代理人",
       "专长", "容量", "在职"],
                        ["x", "a@b.cn", "张三", "研发部"]])  # fmt: skip
    assert [(person.name, person.mail) for person in found.people] == [("张三", "a@b.cn")]


def test_error_cells_in_rule_sheets_are_told() -> None:
    found = rules(人员=[["姓名", "邮箱", "部门", "角色", "上级", "代理人"], ["张三", "#N/A", "研发部"]])
    assert [person.mail for person in found.people] == [""]
    assert told(found) == [("QT203", "B2", "#N/A")]


GRADING: list[list[Any]] = [
    ["决策表", "定级", "首个", None],
    ["#", "输入", "输入", "输出"],
    ["编号", "严重性", "区域", "等级"],
    ["允许值"],
    ["缺省"],
    [1, ">= 4", "华东", "紧急"],
    [2, "-", "-", "一般"],
]


def with_cell(row: int, column: int, content: Any) -> list[list[Any]]:
    grid = [list(cells) for cells in GRADING]
    grid[row - 1][column - 1] = content
    return grid


def test_own_columns_of_the_register_may_be_inputs() -> None:
    data = workbook(
        {"反馈登记": [["反馈编号", "反馈时间", "反馈者", "产品名称", "问题标题", "区域"]], "分级规则": GRADING}
    )
    table = read_rulebook(open_book(data)).grading
    assert table is not None
    assert [column.name for column in table.inputs] == ["severity", "区域"]
    assert read_rulebook(open_book(data), own_headers=[]).grading is None


@pytest.mark.parametrize(
    ("row", "column", "content", "cell"),
    [
        (6, 2, ">= (4", "B6"), (6, 4, "紧极", "D6"), (3, 2, "严重度", "B3"), (6, 2, "#N/A", "B6"), (1, 3, "首先", "C1"),
        (3, 4, "责任人", "A3"),
    ],
)  # fmt: skip
def test_a_broken_table_is_told_with_its_cell_and_not_used(row: int, column: int, content: Any, cell: str) -> None:
    data = workbook({"分级规则": with_cell(row, column, content), "人员": [["姓名", "邮箱"], ["张三", None]]})
    found = read_rulebook(open_book(data), own_headers=["区域"])
    assert found.grading is None
    assert [f.where.address for f in found.findings if f.code in ("QT220", "QT222") and f.where] == [cell]


def test_a_table_that_would_decide_wrongly_is_not_used() -> None:
    grid = with_cell(1, 3, "唯一")
    found = read_rulebook(open_book(workbook({"分级规则": grid})), own_headers=["区域"])
    assert found.grading is None
    assert [f.severity for f in found.findings if f.code == "QT220"] == ["error"]


def test_every_finding_has_words_in_both_languages() -> None:
    data = workbook({"分级规则": with_cell(6, 4, "紧极"), "人员": [["姓名", "邮箱"], ["张三", "x"]]})
    findings = read_rulebook(open_book(data), own_headers=["区域"]).findings
    for language in ("zh", "en"):
        for finding in findings:
            said = say_finding(finding, language)
            assert said.action
            assert "{" not in said.message


def test_a_register_and_its_rules_may_be_two_workbooks() -> None:
    rulebook = read_rulebook(open_book(build_workbook("zh", own_columns=[OwnColumn("区域", "list", ("华东",))])))
    found = read_register(open_book(register([{"反馈编号": "x", "反馈渠道": "展会"}])), lists=rulebook.lists)
    assert found.wrong == {(2, "channel"): "展会"}
    assert rulebook.lists["区域"] == {"华东": "华东"}
