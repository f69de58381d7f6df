"""The facts that several kinds of mail share, declared once. Data only."""

from __future__ import annotations

from .fact_shapes import Fact, Shape

SECTIONS = (
    *("to_read", "to_revise"),
    *("to_approve", "overdue", "escalated", "due_soon", "to_act", "to_complete", "to_call", "to_assign", "to_accept"),
    *("to_verify", "low_score", "left", "back"),
)
"""In the order of the mail."""

MAX_DIGEST_ROWS = 50
EACH_SECTION = 8
"""Rows of a digest: fifty together, and of each section at least so many."""

T, N, B, L, D, R = Shape.TEXT, Shape.COUNT, Shape.FLAG, Shape.TEXTS, Shape.RECORD, Shape.RECORDS


def text(name: str, about: str, required: bool = True) -> Fact:
    """A fact that is a display string."""
    return Fact(name, T, about, required)


SAID = Fact("says", R, "what to say", False, (text("label", "header", False), text("value", "words")))

COMMON = (
    text("team", "sender's name"),
    text("today", "display date"),
    text("to", "recipient's name", required=False),
    text("instead_of", "whom the recipient stands in for", required=False),
    Fact("contact", D, "whom to ask", False, (text("name", "name"), text("mail", "address", required=False))),
)

OWN_WORDS = Fact(
    "own_words",
    D,
    "what the reporter wrote, for whoever wrote it",
    False,
    (text("title", "the subject", False), text("description", "the words", False)),
)
FORM = text("form", "file name of the attached form, such as 转交单-QF-2026-0001.xlsx", required=False)
PAGE = (
    text("page", "address of the page on which it can be answered; absent without [web] base_url", required=False),
    text("page_until", "display date until which that link is good", required=False),
)
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
_EARLIER = (
    text("id", "id"),
    text("title", "title", False),
    text("received_at", "display moment", False),
    text("cause", "root cause that was found", False),
    text("solution", "what was done about it", False),
    text("shared", "words that both share", False),
)
RELATED = Fact("related", R, "the earlier feedback, with what it taught", True, _EARLIER)
SIMILAR = Fact("similar", R, "at most three earlier cases that tell much the same", False, _EARLIER)
VERIFIED = Fact(
    "verify",
    D,
    "the verification that failed",
    True,
    (
        text("method", "label", False),
        text("verifier", "name", False),
        text("at", "display moment", False),
        text("result", "label"),
        text("note", "what was seen", False),
    ),
)
MEETING = Fact(
    "meeting",
    D,
    "when, where, what for",
    True,
    (
        text("subject", "subject"),
        text("start", "display moment"),
        text("end", "display moment or time", False),
        text("place", "room or link", False),
        text("organiser", "name", False),
        Fact("attendees", L, "names", False),
        Fact("agenda", L, "points", False),
        text("change", "`changed`, `cancelled`, or nothing for a new meeting", False),
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
            "one a feedback, worst first; of `escalated` and `left` one a person, of whom the worst is shown",
            False,
            (
                text("id", "feedback id"),
                text("product", "product and model, such as 智能温控器 TC-200"),
                text("title", "problem title", False),
                text("level", "label", False),
                text("level_code", "urgent | major | normal | minor", False),
                text("clock", "clock, such as 首次响应", False),
                text("due", "display moment", False),
                text("late", "how late or how long left: 超 3 个工作日, 剩 4 个工作小时, 2 working days late", False),
                text("owner", "who is late, or whose it is", False),
                text("department", "as owner", False),
                text("todo", "what is asked of the reader", False),
                text("instead_of", "whom the reader stands in for", False),
                Fact("count", N, "feedback folded into this line; 0 = it is one feedback", False),
                Fact("ids", L, "their numbers, … where there are more", False),
                Fact("news", L, "what happened while the reader was away", False),
                Fact(
                    "reply",
                    D,
                    "the reply to approve",
                    False,
                    (
                        text("kind", "type of reply"),
                        text("to", "reporter, and the address or number", False),
                        text("way", "how it goes", False),
                        SAID,
                    ),
                ),
                Fact(
                    "call",
                    D,
                    "the call sheet, where the reader has to call the reporter",
                    False,
                    (
                        text("way", "电话, 在线客服 or 当面, or that there is no address"),
                        text("who", "reporter", False),
                        text("number", "telephone number or other contact"),
                        text("what", "what the reporter told", False),
                        SAID,
                        Fact("asks", L, "what to ask", False),
                    ),
                ),
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
