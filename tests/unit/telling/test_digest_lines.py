"""What a digest says: one line a feedback, the reply to approve, the call sheet, escalations folded."""

from __future__ import annotations

import datetime as dt

from digests import ID, LATE, OPEN, line_of, plan_of, sections, told
from registers import keys

from qtemplate.plan import Plan

CALLED = OPEN | {"contact": "唐宁", "contact_way": "phone", "email": None, "phone": "0571-8700 0000"}
"""A customer who is telephoned by customer service."""


def test_a1_a_contact_who_has_to_phone_gets_a_call_sheet_with_the_digest() -> None:
    plan = plan_of(CALLED | {"responded_at": None, "batch": None, "resolve_by": dt.datetime(2026, 7, 29, 18)})
    assert line_of(plan, "tang")["call"] == {
        "way": "电话",
        "who": "张伟",
        "number": "0571-8700 0000",
        "what": OPEN["description"],
        "says": [
            {"label": "", "value": f"您的反馈已收到，编号 {ID}，我们正在查找原因。"},
            {"label": "", "value": "我们会在 2026年7月29日 前答复您。"},
        ],
        "asks": ["批次号：产品或包装标签上的批次号；确实不知可填“未知”"],
    }


def test_a1_who_has_been_called_before_is_told_that_it_goes_on() -> None:
    late = dt.datetime(2026, 7, 21, 20)
    says = line_of(plan_of(CALLED, now=late), "tang")["call"]["says"]
    assert [part["value"] for part in says] == [f"您的反馈（编号 {ID}）我们还在处理，让您久等了。"]


def test_a1_an_approved_reply_is_told_in_its_own_words() -> None:
    row = CALLED | {"reply_type": "in_progress", "reply_state": "queued", "reply_text": "正在更换电源芯片。",
                    "eta": dt.date(2026, 7, 28)}  # fmt: skip
    plan = plan_of(row)
    assert told(plan) == {"tang": ["to_call"]}
    assert line_of(plan, "tang")["call"]["says"] == [
        {"label": "答复要点", "value": "正在更换电源芯片。"},
        {"label": "预计解决时间", "value": "2026年7月28日"},
    ]


def test_a1_who_cannot_be_mailed_is_asked_by_telephone_whether_it_is_solved() -> None:
    row = CALLED | {"reply_type": "solved", "reply_state": "sent", "implemented_at": dt.datetime(2026, 7, 14, 9),
                    "replied_at": dt.datetime(2026, 7, 14, 10)}  # fmt: skip
    assert told(plan_of(row)) == {"tang": ["to_call"]}
    assert [text[:6] for text in line_of(plan_of(row), "tang")["call"]["asks"]] == [
        "问题是否已经",
        "总体满意度打",
        "还有其他意见",
    ]
    assert plan_of(row | {"confirmation": "solved"}) == Plan()


def test_a1_the_urgent_mail_to_the_contact_has_the_call_sheet_too() -> None:
    row = CALLED | {"level": "urgent", "responded_at": None, "owner": "孙浩"}
    mails = {mail.key: mail for mail in plan_of(row, digests=False).messages}
    called = {key for key, mail in mails.items() if mail.facts["sections"][0]["rows"][0].get("call")}
    assert called == {key for key in mails if key.endswith("/tang@example.com")} != set()


def test_a4_an_approval_shows_the_words_of_the_reply_and_to_whom_they_go() -> None:
    row = OPEN | {"reply_type": "declined", "reply_state": "waiting", "reply_text": "该型号不支持此功能。"}
    assert line_of(plan_of(row), "zhou")["reply"] == {
        "kind": "无法满足",
        "to": "张伟 zhang.wei@example.com",
        "way": "邮件",
        "says": [{"label": "答复要点", "value": "该型号不支持此功能。"}],
    }


def test_a_refusal_is_approved_without_the_day_that_an_earlier_reply_promised() -> None:
    left = {"eta": dt.date(2026, 7, 28), "interim_advice": "暂用备用电源。"}
    row = OPEN | {"reply_type": "declined", "reply_state": "waiting", "reply_text": "该型号不支持此功能。"} | left
    says = line_of(plan_of(row), "zhou")["reply"]["says"]
    assert says == [{"label": "答复要点", "value": "该型号不支持此功能。"}]
    says = line_of(plan_of(row | {"reply_type": "in_progress"}), "zhou")["reply"]["says"]
    assert [part["label"] for part in says] == ["答复要点", "预计解决时间", "临时建议"]


def test_a4_a_feedback_is_one_line_with_its_worst_clock_and_all_that_is_to_be_done() -> None:
    row = LATE | {"responded_at": dt.datetime(2026, 7, 9, 9), "containment": None, "contained_at": None}
    mine = [mail for mail in plan_of(row).messages if mail.to[0].mail == "sun@example.com"]
    assert [sections(mail) for mail in mine] == [{"overdue": [(ID, "临时措施")]}]
    assert line_of(plan_of(row), "sun")["todo"] == (
        "请落实临时措施并填写；请把最新进展告诉反馈者；请完成处理并给出最终答复"
    )


def test_a4_escalations_are_one_line_a_responsible_person() -> None:
    plan = plan_of(LATE | {"received_at": dt.datetime(2026, 6, 22, 9, 30)}, LATE)
    mine = next(mail for mail in plan.messages if mail.to[0].mail == "zhao@example.com")
    lines = [(line["owner"], line["id"], line["count"], line["ids"]) for line in mine.facts["sections"][0]["rows"]]
    assert lines == [("孙浩", ID, 2, [ID, "QF-2026-0002"])]


def test_d7_a_reply_that_is_on_its_way_is_not_called_late() -> None:
    row = OPEN | {"responded_at": None, "reply_type": "in_progress", "reply_state": "queued"}
    late = dt.datetime(2026, 7, 17, 10)
    assert [key for key in keys(plan_of(row, now=late)) if "sun" in key] == []
    assert [key for key in keys(plan_of(row | {"reply_state": "failed"}, now=late)) if "sun" in key] != []
    assert [key for key in keys(plan_of(row | {"contact_way": "phone"}, now=late)) if "sun" in key] != []
