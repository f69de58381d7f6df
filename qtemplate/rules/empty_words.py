"""Text that says nothing, and rows that are examples or tests. Pure; patterns only.

An example row is numbered and checked like any other, so that everything about it can be found and undone, but no mail
goes for it, nobody is assigned and it stands in no queue, until somebody rewords or deletes it. A row with 安全隐患=是
is never taken for an example: a false alarm costs less.
"""

from __future__ import annotations

import re

import pandas as pd

from ..choices import Safety
from ..fields import Field
from ..register import Register

_NOTHING = (
    "it is broken", "it's broken", "does not work", "doesn't work", "not working", "see attachment",
    "as above", "please help", "quality problem", "quality issue", "not good", "no good", "the product",
    "this product", "很不满意", "不满意", "质量问题", "质量不好", "质量不行", "质量太差", "质量很差",
    "质量差", "请尽快处理", "尽快处理", "请尽快解决", "尽快解决", "请处理", "请解决", "客户投诉",
    "客户反馈", "用户投诉", "用户反馈", "无法使用", "不能使用", "不能正常使用", "不好用", "用不了",
    "不能用", "出问题了", "出问题", "有问题", "有毛病", "坏掉了", "坏了", "很差", "太差", "垃圾", "如题",
    "见附件", "同上", "不行", "谢谢", "你们的", "这个", "这款", "产品", "机器", "东西", "问题", "反馈",
    "投诉", "测试", "无", "broken", "issue", "problem", "terrible", "thanks", "test", "none", "bad", "n/a",
    "na",
)  # fmt: skip
_BETWEEN = r"\s.。…\-—/,，、!！?？;；:：~～"
_BEGINS = "".join(sorted({word[0] for word in _NOTHING}))
EMPTY_PHRASES = re.compile(
    rf"(?:(?=[{_BEGINS}{_BETWEEN}])(?>" + "|".join(re.escape(word) for word in _NOTHING) + rf"|[{_BETWEEN}]))+",
    re.IGNORECASE,
)
"""Nothing but empty phrases (空话); atomic, so that no text takes long. Most texts already begin otherwise."""

_WORDS = (
    "填写示例|示例数据|示例|样例|范例|举例|例子|测试数据|测试|样本数据|占位|待填写|待填|examples?|sample|demo|dummy|placeholder|"
    r"testing|test|tbd|todo|lorem ipsum|asdf\w*|qwer\w*|某某某?"
)
_PLACEHOLDER = re.compile(rf"[\W_]*(?>{_WORDS}|(?P<same>\w)(?P=same){{2,}})[\W_]*\d*[\W_]*", re.IGNORECASE)
_LABELLED = re.compile(r"[\W_]*(?:填写示例|示例|样例|范例|example)\s*\d*\s*[:：\]】)）]", re.IGNORECASE)


def says_nothing(text: str) -> bool:
    """Whether a description or title is made of empty phrases."""
    return len(text) < 80 and EMPTY_PHRASES.fullmatch(text) is not None


def is_placeholder(text: str) -> bool:
    """`示例`, `test 2`, `xxx`, `（样例）`: a word that stands where something is to be filled in."""
    return len(text) < 40 and _PLACEHOLDER.fullmatch(text) is not None


def example_rows(register: Register) -> frozenset[int]:
    """Worksheet rows, not yet closed, that are examples or tests by title, description or reporter."""
    frame = register.frame
    asked = pd.isna(frame[Field.CLOSED_AT].to_numpy()) & (frame[Field.SAFETY].to_numpy() != Safety.YES.value)
    rows = frame.index[asked].tolist()
    found: set[int] = set()
    for field in (Field.TITLE, Field.DESCRIPTION, Field.REPORTER):
        for row, text in zip(rows, frame[field].to_numpy()[asked].tolist(), strict=True):
            if isinstance(text, str) and (is_placeholder(text) or (field != Field.REPORTER and _LABELLED.match(text))):
                found.add(row)
    return frozenset(found)
