"""What outsiders may read of a row, and when: nothing a colleague wrote unless a person approved it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace
from registers import NOW, WHOLE, Row, memory_of, register_of, rules_with, sent, standard_rules

from qtemplate.fields import APPROVED_WORDS, OPEN_FACTS
from qtemplate.plan import FactName, Message
from qtemplate.rules.approval import reply_print
from qtemplate.rules.case import case_at
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.acknowledge import acknowledge
from qtemplate.rules.steps.confirm import confirm
from qtemplate.rules.steps.reply import reply

ID = "QF-2026-0001"
GRADED = WHOLE | {"level": "major", "respond_by": NOW + dt.timedelta(days=1), "resolve_by": NOW - dt.timedelta(hours=1)}
SOLVED = WHOLE | {
    "level": "major",
    "reply_type": "solved",
    "reply_approval": "approved",
    "cause_for_reporter": "电源芯片在低温下输出偏低。",
    "solution": "已更换电源芯片。",
    "implemented_at": NOW - dt.timedelta(days=4),
    "replied_at": NOW - dt.timedelta(days=2),
}


def situation_of(row: Row, now: dt.datetime = NOW, **memory: Any) -> Situation:
    return Situation(register_of(row), standard_rules(), memory_of({}, **memory), now)


def mails(situation: Situation, kind: str) -> list[Message]:
    plans = (acknowledge(situation), confirm(situation), reply(situation))
    return [mail for plan in plans for mail in plan.messages if mail.kind == kind]


def test_an_acknowledgement_shows_nothing_that_a_colleague_typed() -> None:
    (mail,) = mails(situation_of(WHOLE | {"title": "客户态度恶劣", "description": "客户不讲道理，反复来电。"}), "M01")
    assert set(mail.facts["row"]) == {str(field) for field in OPEN_FACTS}
    assert "恶劣" not in str(mail.facts) and "不讲道理" not in str(mail.facts)


def test_a_day_is_promised_only_once_the_row_is_graded_and_only_while_it_is_ahead() -> None:
    (ungraded,) = mails(situation_of(GRADED | {"level": None}), "M01")
    (graded,) = mails(situation_of(GRADED), "M01")
    promised = {"respond_by", "resolve_by"}
    assert promised & set(ungraded.facts) == set()
    assert {name: graded.facts[name] for name in promised & set(graded.facts)} == {"respond_by": "2026年7月16日"}


def approved(row: Row) -> dict[tuple[str, str], Any]:
    """The journal's facts after the row's reply was approved as it stands."""
    return {(ID, FactName.APPROVAL): reply_print(case_at(situation_of(row), 0))}


def test_the_confirmation_quotes_the_approved_reply_while_the_cells_still_hold_it() -> None:
    facts = approved(SOLVED)
    (quoting,) = mails(situation_of(SOLVED, facts=facts), "M18")
    assert quoting.facts["row"]["title"] == SOLVED["title"]
    (changed,) = mails(situation_of(SOLVED | {"title": "改写过的标题文字"}, facts=facts), "M18")
    (never,) = mails(situation_of(SOLVED), "M18")
    for mail in (changed, never):
        assert set(mail.facts["row"]).isdisjoint(str(field) for field in APPROVED_WORDS)


def test_moments_are_told_as_days_and_a_promise_that_has_passed_is_not_made() -> None:
    row = WHOLE | {
        "level": "major",
        "reply_type": "in_progress",
        "reply_approval": "approved",
        "reply_text": "正在查。",
    }
    (mail,) = mails(situation_of(row | {"eta": NOW + dt.timedelta(days=3)}), "M15")
    assert (mail.facts["row"]["eta"], mail.facts["row"]["received_at"]) == ("2026年7月18日", "2026年7月15日")
    # a reply in progress is made of that promise, so it does not go without
    assert mails(situation_of(row | {"eta": NOW - dt.timedelta(days=3)}), "M15") == []
    solved = SOLVED | {"replied_at": None, "eta": NOW - dt.timedelta(days=3)}
    (late,) = mails(situation_of(solved), "M14")
    assert late.facts["row"]["eta"] == ""


def test_a_misunderstanding_is_answered_with_an_explanation() -> None:
    row = WHOLE | {
        "level": "minor",
        "authenticity": "misunderstanding",
        "reply_text": "该指示灯为待机状态，属正常现象。",
    }
    (mail,) = mails(situation_of(row | {"reply_type": "explained", "reply_approval": "approved"}), "M11")
    assert (mail.approved, mail.facts["row"]["reply_text"]) == (True, row["reply_text"])
    assert mails(situation_of(row | {"reply_type": "explained"}), "M11") == []


# What is missing or wrong is asked for


def asked(row: Row, faults: frozenset[tuple[int, str]] = frozenset(), **more: Any) -> list[Message]:
    now = more.pop("now", NOW)
    return mails(replace(situation_of(row, now, **more), faults=faults), "M02")


BATCH = frozenset({(4, "batch")})


def test_a_wrong_cell_is_asked_about_and_shown_to_the_colleague_who_typed_it() -> None:
    (mail,) = asked(WHOLE | {"batch": "99-XX", "email": None, "phone": "13800000000"}, BATCH)
    assert mail.to[0].mail == "tang@example.com"
    (line,) = mail.facts["missing"]
    assert line["label"] == "批次号" and line["hint"].startswith("现为“99-XX”，请更正。")


def test_a_reporter_is_not_shown_what_stands_in_the_cell() -> None:
    (mail,) = asked(WHOLE | {"batch": "99-XX"}, BATCH)
    assert mail.to[0].mail == "zhang.wei@example.com" and "99-XX" not in str(mail.facts["missing"])


def test_a_row_without_its_time_is_asked_about_too() -> None:
    (mail,) = asked(WHOLE | {"received_at": None})
    assert [line["label"] for line in mail.facts["missing"]] == ["反馈时间"]


def test_a_required_cell_that_cannot_be_read_is_asked_about() -> None:
    register = register_of(WHOLE | {"received_at": None}, wrong={(4, "received_at"): "3/7"})
    faults = frozenset({(4, "received_at")})
    (mail,) = mails(Situation(register, standard_rules(), memory_of({}), NOW, faults=faults), "M02")
    assert [(line["label"], "3/7" in line["hint"]) for line in mail.facts["missing"]] == [("反馈时间", True)]


@pytest.mark.parametrize(
    ("now", "change", "again"),
    [
        (dt.datetime(2026, 7, 16, 20), {"batch": "77-YY"}, False),  # changed, but two working days have not passed
        (dt.datetime(2026, 7, 20, 20), {"batch": "77-YY"}, True),
        (dt.datetime(2026, 7, 20, 20), {}, True),  # nothing came
    ],
)
def test_it_is_asked_again_two_working_days_later(now: dt.datetime, change: Row, again: bool) -> None:
    row = WHOLE | {"batch": "99-XX"}
    (first,) = asked(row, BATCH)
    later = asked(row | change, BATCH, sent=sent(first.key), now=now)
    assert bool(later) is again and all(mail.key != first.key for mail in later)


def test_it_is_asked_three_times_at_the_most() -> None:
    known = sent(f"M02/{ID}/a", f"M02/{ID}/b", f"M02/{ID}/c", at=NOW - dt.timedelta(days=30))
    assert asked(WHOLE | {"batch": "99-XX"}, BATCH, sent=known) == []


def test_when_nothing_changed_it_is_asked_once_more_and_no_oftener() -> None:
    row = WHOLE | {"batch": "99-XX"}
    (first,) = asked(row, BATCH)
    (second,) = asked(row, BATCH, sent=sent(first.key), now=NOW + dt.timedelta(days=7))
    known = sent(first.key) | sent(second.key, at=NOW + dt.timedelta(days=7))
    assert asked(row, BATCH, sent=known, now=NOW + dt.timedelta(days=21)) == []


def test_while_the_recorder_is_away_the_deputy_is_asked() -> None:
    rules = standard_rules()
    recorder = rules.person(WHOLE["recorder"])
    assert recorder is not None
    away = replace(recorder, away=((NOW.date(), NOW.date()),), deputy="杜鹃")
    people = tuple(away if person.name == recorder.name else person for person in rules.people)
    situation = Situation(register_of(WHOLE | {"channel": None}), rules_with(people=people), memory_of({}), NOW)
    (mail,) = mails(situation, "M02")
    assert mail.to[0].name == "杜鹃"
