"""What becomes of a mail: its case, what it says, who may say it, and what is left to people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec.structs import replace
from registers import ASSESSED, NOW, WHOLE, cells, memory_of, register_of, rules_with, sent, standard_rules

from qtemplate.plan import FactName, Plan
from qtemplate.plan.keys import MessageKey
from qtemplate.plan.received import Became, Received
from qtemplate.rules import make_plan
from qtemplate.rules.incoming.decide import Decided, Rules, decide
from qtemplate.rules.incoming.links import Post, named_ids
from qtemplate.rules.rulebook import ContactEntry
from qtemplate.rules.situation import Situation

CUSTOMER, OWNER = "zhang.wei@example.com", "li@example.com"
ASKED, TRANSFERRED = "M18/QF-2026-0001/1", "M03/QF-2026-0001/1/研发部/李想"
SOLVED: dict[str, Any] = ASSESSED | {
    "level": "major",
    "department": "研发部",
    "owner": "李想",
    "contact": "唐宁",
    "reply_type": "solved",
    "implemented_at": dt.datetime(2026, 7, 10),
    "replied_at": dt.datetime(2026, 7, 13, 9),
    "confirm_sent_at": dt.datetime(2026, 7, 14, 9),
}
POST = Post(
    sent={"ask@qa": MessageKey.parse(ASKED), "pass@qa": MessageKey.parse(TRANSFERRED)},
    own=frozenset({"qa@example.com"}),
)


def mail(text: str = "", *, number: int = 1, **said: Any) -> Received:
    """A mail of the customer that answers M18, unless said otherwise."""
    content = {
        "channel": "email", "constants": {}, "sender": CUSTOMER, "forwarded": "", "name": "张伟", "subject": "回复",
        "text": text, "quoted": "", "answers": ["ask@qa"], "automatic": "", "bounced": [], "files": [], "dated": "",
        "auth": "",
    } | said  # fmt: skip
    return Received("email", f"m{number}@x", f"d{number}", dt.datetime(2026, 7, 15, 16, number), content, number)


def situation(row: dict[str, Any] | None = None, **known: Any) -> Situation:
    memory = {"sent": sent(ASKED, TRANSFERRED, at=dt.datetime(2026, 7, 14, 9)), **known}
    return Situation(register_of(row or SOLVED), standard_rules(), memory_of({"QF-2026-0001": {}}, **memory), NOW)


def decided(*items: Received, row: dict[str, Any] | None = None, rules: Rules | None = None, **known: Any) -> Decided:
    return decide(situation(row, **known), items, {}, POST, rules or Rules())


def test_a_subject_that_holds_the_teams_own_number_finds_its_case() -> None:
    row = SOLVED | {"own_number": "TS-0815/７"}
    for subject in ("Re: ts-0815/7 still leaks", "回复：关于TS-0815/7的处理", "[TS-0815/7]"):
        assert named_ids(situation(row), subject) == ("QF-2026-0001",)
    for subject in ("TS-0815/70", "XTS-0815/7", "0815"):
        assert named_ids(situation(row), subject) == ()
    assert named_ids(situation(SOLVED | {"own_number": "12"}), "12 pieces") == ()
    assert named_ids(situation(SOLVED | {"own_number": "12"}), "Fwd: 【12】") == ("QF-2026-0001",)


def became(of: Decided) -> list[tuple[int, str, str]]:
    ends: list[Any] = next((fact.value for fact in of.plan.facts if fact.name == FactName.CAME_IN), [])
    return [(number, state, id) for number, state, id, *_ in ends]


def facts(plan: Plan) -> dict[str, Any]:
    quiet = (FactName.CAME_IN, FactName.SENDERS)
    return {fact.name: fact.value for fact in plan.facts if fact.name not in quiet}


LINKED = [(1, Became.LINKED, "QF-2026-0001")]
PILED = [(1, Became.PILE, "")]


def test_a_code_of_the_reporter_answers_the_question_and_stands_in_the_contact_log() -> None:
    made = decided(mail("1 5\n换了新的很好用"))
    assert became(made) == LINKED
    assert cells(made.plan) == {"confirmation": "solved", "satisfaction": 5, "opinion": "换了新的很好用"}
    [row] = made.plan.rows
    assert (row.sheet, row.values) == (
        "contacts",
        {"at": dt.datetime(2026, 7, 15, 16, 1), "id": "QF-2026-0001", "direction": "in", "way": "email", "who": "张伟",
         "summary": "1 5\n换了新的很好用"},
    )  # fmt: skip
    assert facts(made.plan) == {}


def test_a_later_code_of_the_same_batch_wins_nothing_over_a_first_one() -> None:
    made = decided(mail("1 5"), mail("2 又坏了", number=2))
    assert cells(made.plan) == {"confirmation": "solved", "satisfaction": 5}
    assert facts(made.plan)["heard"][2] == "2 又坏了"


def test_a_code_from_the_subject_alone_counts_and_only_from_the_reporter() -> None:
    named = mail("2 还漏", answers=[], subject="Re: [qf-2026-0001] 煮饭")
    assert cells(decided(named).plan) == {"confirmation": "not_solved", "opinion": "还漏"}
    other = decided(mail("1 5", sender="zhang.wei@example.com.evil.com"))
    assert (became(other), cells(other.plan), list(other.piled)) == (PILED, {}, [1])
    assert facts(other.plan)["heard"][:1] == ["2026-07-15T16:01:00"]
    longer = decided(mail("1 5", sender="azhang.wei@example.com"))
    assert (became(longer), cells(longer.plan)) == (PILED, {})


def test_prose_is_shown_to_a_person_and_ends_the_silence() -> None:
    made = decided(mail("还是不行，昨天又坏了"))
    assert (became(made), cells(made.plan)) == (LINKED, {})
    after = situation(facts={("QF-2026-0001", "heard"): facts(made.plan)["heard"]})
    plan, _ = make_plan(replace(after, now=dt.datetime(2026, 8, 20, 10)))
    assert [item.code for item in plan.findings if item.code.startswith("QT84")] == ["QT842"]
    assert "confirmation" not in cells(plan)
    assert [message.kind for message in plan.messages if message.kind in ("M18", "M19")] == []
    contact = next(message for message in plan.messages if message.kind == "M10" and message.to[0].name == "唐宁")
    first = contact.facts["sections"][0]
    assert (first["key"], "昨天又坏了" in str(first)) == ("to_read", True)
    spoken = rules_with(contacts=(ContactEntry(NOW, "QF-2026-0001", "out", "phone", "唐宁", "已联系", 5),))
    told, _ = make_plan(replace(after, rulebook=spoken))
    assert [item.code for item in told.findings if item.code.startswith("QT84")] == []


def test_a_sender_whom_the_own_server_doubts_answers_nothing() -> None:
    doubted = decided(mail("1 5", auth="mx.corp.cn; spf=fail smtp.mailfrom=x; dkim=none"))
    assert (became(doubted), cells(doubted.plan), facts(doubted.plan)) == (PILED, {}, {})


def test_a_colleague_may_report_through_the_channel_for_colleagues() -> None:
    made = decided(mail("装配时发现划伤", sender="sun@example.com", answers=[], channel="internal"))
    assert [row.values["channel"] for row in made.plan.rows] == ["internal"]


def test_thanks_are_noted_and_say_nothing() -> None:
    made = decided(mail("好的，谢谢"), sent=sent(TRANSFERRED))
    assert (became(made), cells(made.plan), facts(made.plan), len(made.plan.rows)) == (LINKED, {}, {}, 1)
    asked = decided(mail("好的，谢谢"))  # somebody has to ask what is meant by it
    assert (cells(asked.plan), facts(asked.plan)["heard"][2]) == ({}, "好的，谢谢")


def test_a_cell_that_a_person_filled_stays_and_both_are_shown() -> None:
    made = decided(mail("1 5"), row=SOLVED | {"confirmation": "not_solved"})
    assert (cells(made.plan), facts(made.plan)["heard"][2]) == ({}, "1 5")
    silent = decided(mail("2 没修好"), row=SOLVED | {"confirmation": "silent"})
    assert cells(silent.plan) == {"confirmation": "not_solved", "opinion": "没修好"}


def test_nobody_who_was_not_asked_can_confirm() -> None:
    made = decided(mail("1 5", answers=[], subject="[QF-2026-0001]"), sent=sent(TRANSFERRED))
    assert (cells(made.plan), facts(made.plan)["heard"][2]) == ({}, "1 5")


CLOSED = SOLVED | {"confirmation": "solved", "close_type": "solved", "closed_at": dt.datetime(2026, 7, 15, 9)}


def test_a_closed_case_is_shown_to_a_person_or_reopened_as_the_setting_says() -> None:
    asked = decided(mail("又坏了"), row=CLOSED)
    assert (cells(asked.plan), facts(asked.plan)["heard"][2]) == ({}, "又坏了")
    reopened = decided(mail("又坏了"), row=CLOSED, rules=Rules("reopen"))
    assert cells(reopened.plan) == {"confirmation": "not_solved"}
    for words in ("OK, thanks", "1 5"):
        thanked = decided(mail(words), row=CLOSED, rules=Rules("reopen"))
        assert (cells(thanked.plan), facts(thanked.plan), len(thanked.plan.rows)) == ({}, {}, 1)


def test_waiting_for_others_ends_with_the_answer_at_the_moment_of_the_mail() -> None:
    since = {("QF-2026-0001", "paused"): "2026-07-14T10:00:00"}
    made = decided(mail("寄出样品了"), row=SOLVED | {"status": "waiting_external"}, facts=since)
    assert cells(made.plan) == {"status": None}
    assert facts(made.plan)["pause_over"] == "2026-07-15T16:01:00"


def test_the_owner_takes_a_transfer_or_hands_it_back_and_nobody_else_does() -> None:
    taken = facts(decided(mail("接受", sender=OWNER, answers=["pass@qa"])).plan)["form_answers"]
    assert [(each["form"], each["decision"], each["at"]) for each in taken] == [
        ("transfer/QF-2026-0001/1/研发部/李想", "accept", "2026-07-15T16:01:00")
    ]
    back = facts(decided(mail("退回 不是我们的", sender=OWNER, answers=["pass@qa"])).plan)["form_answers"]
    assert (back[0]["decision"], back[0]["reason"]) == ("return", "不是我们的")
    for sender in ("tang@example.com", "wang@example.com", CUSTOMER):
        other = decided(mail("接受", sender=sender, answers=["pass@qa"]))
        assert "form_answers" not in facts(other.plan)


APPROVER = "zhou@example.com"
UNAPPROVED = SOLVED | {
    "replied_at": None,
    "confirm_sent_at": None,
    "solution": "换屏",
    "cause_for_reporter": "排线松动",
}


def test_a_reply_is_approved_by_whoever_was_asked_for_its_very_words() -> None:
    asking = situation(UNAPPROVED, sent={}, answerable=True)
    plan, _ = make_plan(asking)
    [asked] = [message for message in plan.messages if message.kind == "M17"]
    assert [person.mail for person in asked.to] == [APPROVER]
    assert "排线松动" in str(asked.facts["reply"]["says"])
    assert [
        message.kind for message in make_plan(situation(UNAPPROVED, sent={}))[0].messages if message.kind == "M17"
    ] == []
    post = Post({"ok@qa": asked.key})

    def said(text: str, row: dict[str, Any] = UNAPPROVED, **more: Any) -> Decided:
        answer = mail(text, **{"answers": ["ok@qa"], "sender": APPROVER, "name": "周敏", **more})
        return decide(situation(row, sent={}, answerable=True), [answer], {}, post, Rules())

    approved = said("批准", auth="mx; dkim=pass; spf=pass")
    assert cells(approved.plan) == {"reply_approval": "approved"}
    [evidence] = facts(approved.plan)["approved_by"]
    assert {key: value for key, value in evidence.items() if key != "reply"} == {
        "way": "mail", "word": "approved", "who": "周敏", "at": "2026-07-15T16:01:00", "message_id": "m1@x",
        "sender": APPROVER, "auth": "mx; dkim=pass; spf=pass", "digest": "d1", "why": "",
    }  # fmt: skip
    assert cells(said("退回 原因没说清").plan) == {"reply_approval": "rejected"}
    for refused in (
        said("批准", sender="lin@example.com"),
        said("批准", row=UNAPPROVED | {"cause_for_reporter": "改过的话"}),
        said("批准", auth="mx; dmarc=fail"),
        said("可以"),
        said("批准", answers=[], subject="[QF-2026-0001]"),
    ):
        assert (became(refused), cells(refused.plan)) == (PILED, {})


def test_what_a_machine_wrote_is_parked_and_a_bounce_marks_the_address() -> None:
    away = decided(mail("我在休假", automatic="auto_reply"))
    assert (became(away), facts(away.plan), away.plan.rows) == ([(1, Became.PARKED, "")], {}, ())
    assert [item.code for item in away.plan.findings] == ["QT840"]
    bounced = [[CUSTOMER, "5.1.1", "ask@qa"], ["other@example.com", "5.1.1", "unknown@x"]]
    back = decided(mail(automatic="bounce", bounced=bounced, sender="mailer-daemon@x"))
    assert facts(back.plan) == {f"came_back:{CUSTOMER}": ["2026-07-15T16:01:00", "5.1.1"]}
    known = {("QF-2026-0001", f"came_back:{CUSTOMER}"): facts(back.plan)[f"came_back:{CUSTOMER}"]}
    plan, _ = make_plan(replace(situation(facts=known), now=dt.datetime(2026, 8, 20, 10)))
    assert [(item.code, item.field) for item in plan.findings if item.code == "QT841"] == [("QT841", "email")]
    assert "confirmation" not in cells(plan)
    assert became(decided(mail(sender="qa@example.com"))) == [(1, Became.PARKED, "")]


def test_what_cannot_be_linked_surely_is_for_a_person() -> None:
    two = mail("1", subject="[QF-2026-0001] [QF-2026-0002]")
    other = mail("1", subject="[QF-2026-0009]", answers=[])
    unknown = mail("1", answers=["who@x"])
    colleague = mail("记一下", sender="lin@example.com", answers=[])
    for item, asked in ((two, [("decisions", "QF-2026-0001")]), (other, []), (unknown, []), (colleague, [])):
        made = decided(item)
        rows = [(row.sheet, row.id) for row in made.plan.rows]
        assert (became(made), cells(made.plan), rows) == (PILED, {}, asked)


def test_a_report_becomes_a_row_with_what_it_says_and_no_more() -> None:
    subject = "回复: FW: " + "煮饭时屏幕完全不亮，按键没有任何反应，" * 4
    files = [["屏 幕.jpg", "image/jpeg", "a" * 64, 10], ["x.exe", "application/x", "b" * 64, 10],
             ["../CON.png", "image/png", "c" * 64, 10]]  # fmt: skip
    made = decided(mail("RC-300 今天早上坏了", sender="new@example.com", answers=[], subject=subject, files=files))
    [row] = made.plan.rows
    title = row.values["title"]
    assert (len(title), title[-1], row.values["description"]) == (
        60, "…", f"{subject.removeprefix('回复: FW: ')}\n\nRC-300 今天早上坏了",
    )  # fmt: skip
    assert {key: value for key, value in row.values.items() if key not in ("title", "description")} == {
        "id": "QF-2026-0002",
        "channel": "email",
        "channel_ref": "m1@x",
        "received_at": dt.datetime(2026, 7, 15, 16, 1),
        "reporter": "张伟",
        "email": "new@example.com",
        "attachments": "attachments/QF-2026-0002/屏_幕.jpg\nattachments/QF-2026-0002/_CON.png",
    }
    kept = facts(made.plan)
    assert kept.keys() == {"guessed", "own_words"}
    assert kept["guessed"] == {"product": "智能电饭煲", "model": "RC-300"}
    assert [item.code for item in made.plan.findings] == ["QT846"]


def test_what_a_colleague_passes_on_is_the_customers_and_he_is_the_recorder() -> None:
    made = decided(mail("请登记", sender="tang@example.com", forwarded="c@example.com", answers=[], quoted="坏了"))
    [row] = made.plan.rows
    told = {key: row.values.get(key) for key in ("reporter", "email", "recorder", "description")}
    words = "请登记\n\n坏了"
    assert told == {"reporter": "c@example.com", "email": "c@example.com", "recorder": "唐宁", "description": words}
    machine = decided(mail("表单", sender="noreply@shop.example.com", answers=[]))
    assert "email" not in machine.plan.rows[0].values


def test_more_mails_of_one_sender_than_a_day_allows_are_for_a_person() -> None:
    many = [mail("坏了", number=at, sender="a@example.com", answers=[], subject=f"s{at}") for at in range(1, 5)]
    made = decided(*many, rules=Rules(per_sender=2))
    assert [state for _, state, _ in sorted(became(made))] == [Became.ROW, Became.ROW, Became.PILE, Became.PILE]
    [kept] = [fact.value for fact in made.plan.facts if fact.name == FactName.SENDERS]
    later = decided(
        mail("坏了", sender="a@example.com", answers=[]), facts={("", "senders"): kept}, rules=Rules(per_sender=2)
    )
    assert became(later) == PILED


def test_an_answer_to_a_mail_that_waits_too_is_left_for_the_next_look() -> None:
    first = mail("坏了", sender="a@example.com", answers=[])
    second = mail("补充一张照片", number=2, sender="a@example.com", answers=["m1@x"])
    made = decided(first, second)
    assert became(made) == [(1, Became.ROW, "QF-2026-0002")]


def test_a_row_that_is_there_is_not_made_again() -> None:
    row = WHOLE | {"channel": "email", "channel_ref": "m1@x"}
    made = decided(mail("坏了", sender="a@example.com", answers=[]), row=row)
    assert (became(made), made.plan.rows) == ([(1, Became.ROW, "QF-2026-0001")], ())
