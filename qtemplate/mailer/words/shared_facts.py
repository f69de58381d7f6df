"""The facts that several kinds of mail share, declared once. Data only."""

from __future__ import annotations

from .fact_shapes import Fact, Shape

SECTIONS = ("overdue", "due_soon", "to_assign", "escalated", "to_accept", "to_approve")
MAX_DIGEST_ROWS = 50
EACH_SECTION = 8
"""Rows of a digest: fifty together, and of each section at least so many."""

T, N, B, L, D, R = Shape.TEXT, Shape.COUNT, Shape.FLAG, Shape.TEXTS, Shape.RECORD, Shape.RECORDS


def text(name: str, about: str, required: bool = True) -> Fact:
    """A fact that is a display string."""
    return Fact(name, T, about, required)


COMMON = (
    text("team", "sender's name"),
    text("today", "display date"),
    text("to", "recipient's name", required=False),
    Fact("contact", D, "whom to ask", False, (text("name", "name"), text("mail", "address", required=False))),
)

FORM = text("form", "file name of the attached form, such as 转交单-QF-2026-0001.xlsx", required=False)
REGISTER = text("register", "path of the register, as people would open it", required=False)
LEVEL_CODE = text("level_code", "urgent | major | normal | minor; colours the level", required=False)
RECORD = Fact(
    "record",
    R,
    "the whole record in stage groups, empty cells left out, own columns in a group of their own",
    True,
    (
        text("title", "stage, such as 反馈受理"),
        Fact("rows", R, "label and value", True, (text("label", "header"), text("value", "display", False))),
    ),
)
LIMITS = Fact("limits", R, "the clocks that run", False, (text("label", "clock"), text("due", "display moment")))
DIGEST = Fact(
    "sections",
    R,
    "sections with rows, in any order; fifty rows are shown, of each section at least eight; the rest is counted",
    True,
    (
        Fact("key", T, "which section", one_of=SECTIONS),
        Fact(
            "rows",
            R,
            "one a clock, worst first",
            False,
            (
                text("id", "feedback id"),
                text("product", "product and model, such as 智能温控器 TC-200"),
                text("title", "problem title", False),
                text("level", "label", False),
                text("level_code", "urgent | major | normal | minor", False),
                text("clock", "clock, such as 首次响应", False),
                text("due", "display moment", False),
                text("late", "how late or how long left: 超 3 天, 剩 4 小时, 3 d late, 4 h left", False),
                text("owner", "shown to whom it is escalated or to be approved", False),
                text("department", "as owner", False),
            ),
        ),
        Fact("more", N, "rows not listed", False),
    ),
)
QUESTIONS = Fact(
    "questions",
    R,
    "questions of the 回访表; none = the template's own seven (solved?, five ratings, opinion)",
    False,
    (text("text", "question"), text("answers", "such as 已解决 / 未解决 or 1–5", False)),
)
REPLY_BY = text("reply_by", "display date until which an answer is hoped for", required=False)
ANSWER_BY = text("reply_by", "display moment of the new limit of the final reply", required=False)
