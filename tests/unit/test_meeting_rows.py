"""Rows of 会议 invite, once; a change is the same meeting with another sequence; what is called off is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from registers import ASSESSED, NOW, codes, memory_of, register_of, rules_with

from qtemplate.plan import FactName, Finding, Plan, Sent, Severity
from qtemplate.plan.keys import MessageKey
from qtemplate.register import CellRef
from qtemplate.rules.meetings.invite import meetings
from qtemplate.rules.rulebook import LogRow
from qtemplate.rules.situation import Situation

ID = "QF-2026-0001"
AT, LATER = dt.datetime(2026, 7, 16, 14), dt.datetime(2026, 7, 17, 10)
Row = dict[str, Any]


def typed(line: int = 4, **values: Any) -> LogRow:
    row = {"date": AT, "place": "三号会议室", "present": "孙浩、周敏", "decisions": None, "form": None} | values
    return LogRow(str(row.pop("id", ID)), row, line, CellRef("会议", line, 1))


class Days:
    """Nights after each other; what one remembers and sends the next one knows."""

    def __init__(self) -> None:
        self.facts: dict[tuple[str, str], Any] = {}
        self.sent: dict[MessageKey, Sent] = {}

    def night(self, *rows: LogRow, now: dt.datetime = NOW, findings: Sequence[Finding] = ()) -> Plan:
        memory = memory_of({ID: {}}, facts=dict(self.facts), sent=dict(self.sent))
        rules = rules_with(logs={"meetings": rows, "actions": ()}, findings=tuple(findings))
        plan = meetings(Situation(register_of(ASSESSED), rules, memory, now))
        self.facts |= {(fact.id, fact.name): fact.value for fact in plan.facts}
        self.sent |= {message.key: Sent("sent", now) for message in plan.messages}
        return plan


def told(plan: Plan) -> list[tuple[str, tuple[str, ...], int, bool]]:
    """Of every mail: when the meeting is, who gets it, its sequence, whether it is a cancellation."""
    found = []
    for mail in plan.messages:
        assert mail.appointment is not None
        entry = mail.appointment
        found.append((f"{entry.begins:%d %H}", tuple(to.name for to in mail.to), entry.sequence, entry.cancelled))
    return found


BOTH = ("孙浩", "周敏")


@pytest.mark.parametrize(
    ("second", "news"),
    [
        ([typed()], []),
        ([typed(7)], []),  # the lines were sorted
        ([typed(date=LATER)], [("17 10", BOTH, 1, False)]),
        ([typed(place="四号")], [("16 14", BOTH, 1, False)]),
        ([typed(present="孙浩")], [("16 14", ("周敏",), 1, True), ("16 14", ("孙浩",), 1, False)]),
        ([typed(present="孙浩、周敏、何军")], [("16 14", (*BOTH, "何军"), 1, False)]),
        ([], [("16 14", BOTH, 1, True)]),  # the row was deleted
        ([typed(date=None)], [("16 14", BOTH, 1, True)]),
        ([typed(decisions="已取消")], [("16 14", BOTH, 1, True)]),
        ([typed(id="")], [("16 14", BOTH, 1, True)]),
        ([typed(5), typed(6, date=LATER, present="何军")], [("17 10", ("何军",), 0, False)]),
        ([typed(decisions="换货")], []),
    ],
)
def test_what_becomes_of_a_row_is_told_once(second: list[LogRow], news: list[Any]) -> None:
    days = Days()
    assert told(days.night(typed())) == [("16 14", BOTH, 0, False)]
    again = days.night(*second, now=NOW + dt.timedelta(hours=1))
    assert told(again) == news
    assert {mail.appointment.name for mail in again.messages if mail.appointment} <= {f"{ID}/1", f"{ID}/2"}
    assert told(days.night(*second, now=NOW + dt.timedelta(hours=2))) == []


def test_the_minutes_form_comes_with_every_time_of_the_meeting() -> None:
    days = Days()
    first, moved = days.night(typed()), days.night(typed(date=LATER))
    assert [form.key.asked for plan in (first, moved) for form in plan.forms] == [
        ("2026-07-16T14:00",), ("2026-07-17T10:00",),
    ]  # fmt: skip
    assert [mail.forms for mail in moved.messages] == [(moved.forms[0].key,)]
    assert moved.messages[0].facts["meeting"]["change"] == "changed"


def test_names_are_those_of_people_and_the_others_are_named() -> None:
    plan = Days().night(typed(present="孙洁浩，周敏;不认识的某某"))
    assert told(plan) == [("16 14", ("周敏",), 0, False)]
    found = [(item.code, item.found, str(dict(item.facts)["perhaps"])) for item in plan.findings]
    assert [each[:2] for each in found] == [("QT640", "孙洁浩"), ("QT640", "不认识的某某")]
    assert "孙浩" in found[0][2]


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (typed(date=dt.datetime(2026, 7, 20)), ["QT641"]),  # a day, no time
        (typed(date=NOW - dt.timedelta(hours=1)), []),
        (typed(present=None), []),
        (typed(id="QF-2026-0099"), []),  # told elsewhere
        (typed(form="会议纪要"), []),
    ],
)
def test_nobody_is_invited_by_what_is_no_meeting_to_come(row: LogRow, wanted: list[str]) -> None:
    plan = Days().night(row)
    assert (told(plan), codes(plan)) == ([], wanted)


def test_what_cannot_be_read_takes_nothing_back_and_what_has_begun_is_no_news() -> None:
    days = Days()
    days.night(typed())
    unread = Finding("QT730", Severity.ERROR, CellRef("会议", 4, 2))
    assert told(days.night(findings=[unread])) == []
    begun = AT + dt.timedelta(hours=2)
    assert told(days.night(typed(present="孙浩", decisions="换货"), now=begun)) == []
    assert told(days.night(now=begun)) == []


def test_a_meeting_that_a_command_has_invited_to_is_not_invited_to_again() -> None:
    days = Days()
    days.sent[MessageKey.parse(f"M05/{ID}/2026-07-16T14:00:00+08:00/1a2b3c4d")] = Sent("sent", NOW)
    assert told(days.night(typed())) == []
    [mail] = days.night(typed(date=LATER)).messages
    assert mail.appointment is not None
    assert mail.appointment.name == f"M05/{ID}/2026-07-16T14:00:00+08:00"  # calendars know it by that


def test_what_is_remembered_reads_as_it_was() -> None:
    days = Days()
    days.night(typed())
    [[name, *_]] = days.facts[ID, FactName.MEETINGS]
    assert name == f"{ID}/1"
