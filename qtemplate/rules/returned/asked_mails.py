"""Mails that may belong to a feedback, put to a person on 待裁决, and what was decided there. Pure.

A mail of which the program is not sure waits in the pile. Where the register has a feedback that it may belong to, a
row of 待裁决 asks: taking it puts the mail to the feedback as if its sender had been known, keeping the register lets
it be. A mail with several candidates has a row for each.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct, field

from ...plan import Finding, NewRow, Phrase, Severity, SheetCell
from ...plan.received import Received
from ...texts import say
from ..case import case_by_id
from ..rulebook import LogRow
from ..situation import Situation

MOST_SAID = 300
_NUMBERED = re.compile(r"\s*(?:来信|mail)\s*(\d+)\s*", re.I)


class Wishes(Struct, frozen=True):
    """What people decided about mails.

    Attributes:
        links: Number of a mail -> the feedback that it belongs to.
        discards: Numbers of mails that belong to nothing.
        cells: The moments on the sheet, also where somebody dealt with the mail by another way.
    """

    links: Mapping[int, str] = field(default_factory=dict)
    discards: tuple[int, ...] = ()
    cells: tuple[SheetCell, ...] = ()


def ask_about(situation: Situation, item: Received, ids: Iterable[str], why: Phrase) -> tuple[NewRow, ...]:
    """The rows that ask a person, one for each feedback of the register that a mail may belong to."""
    if "decisions" in situation.rulebook.unread:
        return ()
    language, mail = situation.register.language, item.content
    said = "\n".join(filter(None, (mail["subject"], mail["text"])))
    values = {
        "field": say(Phrase.of("intake.mail_number", number=item.number), language),
        "register": say(why, language),
        "said": said[:MOST_SAID] or "–",
        "decide": None,
        "settled": None,
        "who": mail["name"] or mail["sender"],
        "at": item.at,
        "form": mail["sender"],
    }
    known = (case for id in ids if (case := case_by_id(situation, id)) is not None)
    return tuple(
        NewRow(
            "decisions", case.id, f"mail/{item.number}/{case.id}", {"id": case.id, "round": str(case.cycle), **values}
        )
        for case in known
    )


def wishes_of(situation: Situation, piled: Collection[int]) -> Wishes:
    """What is to be done with mails that wait for people, as the sheet says.

    Args:
        situation: The register as it is.
        piled: Numbers of the mails that wait.
    """
    links: dict[int, str] = {}
    settled: list[SheetCell] = []
    now, open_rows = situation.now.replace(microsecond=0), list(_open(situation))
    for number, row in open_rows:
        case = case_by_id(situation, row.id)
        if number in piled and row.values.get("decide") == "take" and case is not None:
            links.setdefault(number, case.id)
    for number, row in open_rows:
        waits = number in piled and number not in links
        if waits and row.values.get("decide") != "keep":
            continue
        settled.append(SheetCell("decisions", row.row, "settled", None, now, Phrase("because.decided")))
    asked = {number for number, row in open_rows if row.values.get("decide") != "keep"}
    discards = {number for number, _ in open_rows if number in piled} - asked
    return Wishes(links, tuple(sorted(discards)), tuple(settled))


def waiting_mails(situation: Situation) -> Iterator[Finding]:
    """A finding for each row about a mail that nobody has decided."""
    for _, row in _open(situation):
        if row.values.get("decide") is None:
            facts = (
                ("who", row.text("who")),
                ("subject", row.text("said").partition("\n")[0] or "–"),
                ("why", row.text("register")),
            )
            yield Finding("QT855", Severity.WARNING, row.where, "", facts, row.id)


def is_about_mail(row: LogRow) -> bool:
    """Whether a row of 待裁决 asks about a mail, not about a cell."""
    return _NUMBERED.fullmatch(row.text("field")) is not None


def _open(situation: Situation) -> Iterator[tuple[int, LogRow]]:
    for row in situation.rulebook.logs.get("decisions", ()):
        numbered = _NUMBERED.fullmatch(row.text("field"))
        if numbered is not None and row.values.get("settled") is None:
            yield int(numbered[1]), row
