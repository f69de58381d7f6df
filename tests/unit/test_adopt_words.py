"""The words of teams that ship: about fields and values that exist, none of them with two meanings."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import Any

import pytest

from qtemplate.fields import FIELDS
from qtemplate.resources import templates_root
from qtemplate.sheets.adopt.meanings import fold_value, has_closed_set
from qtemplate.sheets.adopt.names import SURE, fields_named
from qtemplate.sheets.adopt.proposal import OWN_NUMBER
from qtemplate.sheets.adopt.vocabulary import fold_header, read_vocabulary
from qtemplate.texts.reasons import REASONS
from qtemplate.texts.workbook.adopt import ADOPT


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((templates_root() / "adopt" / name).read_text("utf-8"))


def test_headers_name_fields_that_exist_and_the_own_number_never_ours() -> None:
    assert set(read("headers.toml")["fields"]) - {OWN_NUMBER} <= set(FIELDS) - {"id"}


def test_no_header_is_the_name_of_two_fields() -> None:
    sure = {
        word: [f for f, score in known.items() if score >= SURE] for word, known in read_vocabulary().scores.items()
    }
    assert {word: fields for word, fields in sure.items() if len(fields) > 1} == {}


def test_kinds_of_other_sheets_have_words() -> None:
    assert {f"adopt.kind.{kind}" for kind in read("headers.toml")["not_a_register"]} <= set(REASONS)
    assert set(ADOPT["zh"]) == set(ADOPT["en"])


@pytest.mark.parametrize("field", read("values.toml")["values"])
def test_values_mean_codes_that_exist_and_one_each(field: str) -> None:
    parts = read("values.toml")["values"][field]
    assert has_closed_set(field)
    choices = FIELDS[field].choices
    codes = {choice.value for choice in choices} if choices else {"1", "2", "3", "4", "5"}
    assert {code for part in parts.values() for code in part} <= codes
    words = Counter(fold_value(word) for code in parts["sure"].values() for word in {fold_value(w): w for w in code})
    assert [word for word, count in words.items() if count > 1] == []


def test_no_number_letter_or_mark_of_a_class_is_sure_of_its_meaning() -> None:
    bare = re.compile(
        r"[a-z]?\d+(?:级|类|分)?|[a-z](?:级|类)?|[ivx]+(?:级|类)?|[一二三四五][级类]|(?:sev|severity|level|class) ?\d"
    )
    sure = {
        f"{field} {word}"
        for field, parts in read("values.toml")["values"].items()
        for words in parts["sure"].values()
        for word in words
        if bare.fullmatch(word)
    }
    plain = {f"{field} {word}" for field in ("safety", "workaround") for word in "yn"}
    phones = {f"channel {number}" for number in ("400", "12315", "12345")}
    assert sure == {f"priority p{n}" for n in range(1, 6)} | plain | phones


@pytest.mark.parametrize(
    ("one", "other"),
    [("Corrective\nACTIONS: ", "corrective action"), ("提出 日期＊", "提出时间"), ("DateReported", "date reported"),
     ("Issue #", "issue no"), ("Ｑｔｙ", "quantity"), ("测试者", "测试人"), ("S/N", "s n")],
)  # fmt: skip
def test_spellings_of_one_header_are_equal(one: str, other: str) -> None:
    assert fold_header(one, read_vocabulary().abbreviations) == other


@pytest.mark.parametrize(
    ("header", "field"),
    [("Description of the defect", "description"), ("责任人/Owner", "owner"), ("Severity (1-5)", "severity"),
     ("Problem Description\n问题描述", "description"), ("临时处理方案", "containment"), ("Est. Fix Date", "planned_at"),
     ("bug_status", "status"), ("客诉 编号*", OWN_NUMBER)],
)  # fmt: skip
def test_a_header_is_known_with_its_subject_its_brackets_and_its_other_language(header: str, field: str) -> None:
    found = fields_named(header, read_vocabulary())
    assert max(found.values(), key=lambda named: named.score).field == field
    assert found[field].score >= SURE


def test_two_things_in_one_header_are_never_sure() -> None:
    found = fields_named("Root Cause / Corrective Action", read_vocabulary())
    assert set(found) == {"root_cause", "solution"}
    assert max(named.score for named in found.values()) < SURE


ODD = """
Customer PO date|Date of birth|Production date|Closed by|Owner manual version|Status of warranty
Cause of delay|Reported to|Response time (h)|责任人电话|责任部门意见|关闭人|问题描述图片|投诉次数
严重度评分依据|客户要求完成日期|反馈渠道备注|首次响应时间(分钟)|回复人|验证人签字|产品单价|型号数量
批次数量|客户代码|部门经理|不良率|发生次数|Occurrence|Detection|Severity rating RPN|Priority date
Product family owner|Phone model|Email sent|Description of product|Level of detail|Class|Verified Qty
Approved by|Date code|Warranty status|Payment status|Order status|发货状态|付款状态|责任金额|客户等级
产品等级|产品描述|解决率|满意度目标|生产日期|购买日期|保修状态|员工编号|客户编号|签收日期|投诉部门
反馈部门|Shift|Ship date|Invoice date|Received qty|Status date|Days open|Cost owner|Process owner
回访时间|审核状态|在职状态|退货日期|合格数量|处理费用|超期天数|延期原因|退回原因|风险等级|技能等级
Issue owner phone|Resolution time|Root cause due date|附件数量|处理时间（小时）|完成时间 [天]
Resolution date (days)|关闭时间（工作日）
"""
"""Headers that hold a known word and mean something else, or that may."""


def test_a_known_word_in_an_odd_header_is_never_sure() -> None:
    words = read_vocabulary()
    headers = [header.strip() for line in ODD.strip().splitlines() for header in line.split("|")]
    found = {
        header: {name: named.score for name, named in fields_named(header, words).items() if named.score >= SURE}
        for header in headers
    }
    assert {header: fields for header, fields in found.items() if fields} == {}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("联络单号", OWN_NUMBER),
        ("SCAR #", OWN_NUMBER),
        ("结案否\n(Y/N)", "status"),
        ("关闭与否", "status"),
        ("首次响应时间", "responded_at"),
        ("FAILDATE", "received_at"),
        ("MODELTXT", "model"),
    ],
)
def test_what_odd_headers_do_say_is_known(header: str, field: str) -> None:
    assert fields_named(header, read_vocabulary())[field].score >= SURE
