"""Empty phrases and example rows: told, numbered, and left alone until somebody writes something real."""

from __future__ import annotations

from typing import Any

import pytest
from registers import ASSESSED, NOW, cells, codes, memory_of, register_of, standard_rules

from qtemplate.plan import Plan
from qtemplate.rules import make_plan
from qtemplate.rules.empty_words import is_placeholder, says_nothing
from qtemplate.rules.situation import Situation


@pytest.mark.parametrize(
    "text",
    [
        "坏了", "产品有问题。", "产品质量很差，请尽快处理！谢谢", "如题", "not working...", "It is broken!!",
        "质量问题 客户投诉", "-", "见附件", "N/A", "质量差" * 20,
    ],
)  # fmt: skip
def test_empty_phrases_say_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text", ["煮饭时屏幕不亮", "充电口坏了", "The lid is broken", "测试按键无反应", "电机有问题，异响"]
)
def test_a_text_with_one_fact_says_something(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize(
    "text", ["示例", "（样例）", "测试1", "Test 2", "xxx", "XXXX", "example", "demo", "11111", "某某"]
)
def test_placeholders_are_known(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["测试程序不能启动", "Test strip peels off", "张伟", "样品开裂", "示例程序报错", "A1"])
def test_words_that_only_begin_like_a_placeholder_are_none(text: str) -> None:
    assert not is_placeholder(text)


def planned(**change: Any) -> Plan:
    register = register_of({**ASSESSED, "id": None, **change})
    return make_plan(Situation(register, standard_rules(), memory_of(), NOW))[0]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "示例反馈标题".replace("反馈标题", "")},
        {"title": "[示例] 煮饭时屏幕不亮"},
        {"title": "Example: the screen stays dark"},
        {"description": "示例：每天早上煮饭时屏幕完全不亮，按键没有任何反应。"},
        {"reporter": "测试"},
        {"reporter": "xxx"},
    ],
)
def test_an_example_row_is_numbered_and_told_but_no_mail_goes_and_nobody_is_assigned(change: dict[str, Any]) -> None:
    plan = planned(**change)
    assert "QT133" in codes(plan)
    written = cells(plan)
    assert written["id"] == "QF-2026-0001"
    assert str(written["check"]).startswith("错误")
    assert "owner" not in written
    assert (plan.messages, plan.forms) == ((), ())


def test_a_real_row_gets_both() -> None:
    plan = planned()
    assert "QT133" not in codes(plan)
    assert cells(plan)["owner"] == "孙浩"
    assert {message.kind for message in plan.messages} >= {"M01", "M03"}


def test_a_safety_risk_is_never_taken_for_an_example() -> None:
    plan = planned(title="测试", safety="yes")
    assert "QT133" not in codes(plan)
    assert cells(plan)["level"] == "urgent"
    assert plan.messages


def test_a_title_that_says_nothing_is_a_warning() -> None:
    plan = planned(title="产品有问题")
    assert "QT134" in codes(plan)
    assert cells(plan)["check"] == "通过"
