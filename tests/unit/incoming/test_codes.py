"""A reply that is a code, and everything that is none."""

from __future__ import annotations

import pytest

from qtemplate.rules.incoming.codes import Code, Said, only_thanks, read_code

CODES = {
    "1": Code(Said.SOLVED),
    "１ ５": Code(Said.SOLVED, 5),
    "\n\n  1 5  \n": Code(Said.SOLVED, 5),
    "已解决": Code(Said.SOLVED),
    "已解决 4 分": Code(Said.SOLVED, 4),
    "已解决4分": Code(Said.SOLVED, 4),
    "Solved 3": Code(Said.SOLVED, 3),
    "1\n换了新的，很好用": Code(Said.SOLVED, None, "换了新的，很好用"),
    "2": Code(Said.NOT_SOLVED),
    "2 还是漏水": Code(Said.NOT_SOLVED, None, "还是漏水"),
    "未解决，还是漏水\n昨天又漏": Code(Said.NOT_SOLVED, None, "还是漏水\n昨天又漏"),
    "NOT SOLVED, it leaks": Code(Said.NOT_SOLVED, None, "it leaks"),
    "5 分": Code(Said.MARK, 5),
    "3分": Code(Said.MARK, 3),
    "接受": Code(Said.ACCEPT),
    "\u200b\u00a0 1 5 \u3000": Code(Said.SOLVED, 5),
    "\ufeff批准\u200b": Code(Said.APPROVE),
    "批准": Code(Said.APPROVE),
    "Approve": Code(Said.APPROVE),
    "Accept\nby Friday": Code(Said.ACCEPT, None, "by Friday"),
    "退回 不是我们的产品": Code(Said.RETURN, None, "不是我们的产品"),
    "return: not our product": Code(Said.RETURN, None, "not our product"),
}


@pytest.mark.parametrize(("text", "code"), CODES.items())
def test_a_code_is_the_whole_first_line(text: str, code: Code) -> None:
    assert read_code(text) == code


@pytest.mark.parametrize(
    "text",
    ["", "15", "1 6", "1 0", "1.", "1、好的", "2.5", "2天前就修好了", "问题已解决", "已解决了", "solved it myself",
     "6 分", "退回", "return", "接受吧", "好的\n1 5", "> 1", "unsolved", "1 5 6", "not solvedx", "2）还有问题"],
)  # fmt: skip
def test_anything_else_is_for_a_person(text: str) -> None:
    assert read_code(text) is None


@pytest.mark.parametrize("text", ["OK, thanks", "好的，谢谢！", "收到，辛苦了", "Thank you very much.", "谢谢您"])
def test_thanks_are_no_answer(text: str) -> None:
    assert only_thanks(text)


@pytest.mark.parametrize("text", ["", "OK, but it leaks", "谢谢，不过还是漏水", "not good"])
def test_what_says_more_is_no_mere_thanks(text: str) -> None:
    assert not only_thanks(text)
