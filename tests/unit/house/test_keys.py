"""Keys of mails and forms: their texts never change, and whatever a key was made of can be asked of it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtemplate.plan.form_kinds import FormKind
from qtemplate.plan.keys import ONCE_A_CYCLE, FormKey, MessageKey
from qtemplate.plan.mail_kinds import MailKind

ID = "QF-2026-0001"
DAY = dt.date(2026, 7, 15)
ABOUT = {
    "M01/QF-2026-0001": MessageKey.about(MailKind.ACKNOWLEDGEMENT, ID),
    "M02/QF-2026-0001/1f2e3d4c": MessageKey.about(MailKind.MISSING, ID, "1f2e3d4c"),
    "M03/QF-2026-0001/2/研发部/张三": MessageKey.about(MailKind.TRANSFER, ID, "研发部", "张三", cycle=2),
    "M05/QF-2026-0001/2026-07-16T10:00:00+08:00/1f2e3d4c": MessageKey.about(
        MailKind.INVITATION, ID, "2026-07-16T10:00:00+08:00", "1f2e3d4c"
    ),
    "M13/QF-2026-0001/15 Jul 2026 14:30": MessageKey.about(MailKind.NOT_VERIFIED, ID, "15 Jul 2026 14:30"),
    "M14/QF-2026-0001/1/1f2e3d4c": MessageKey.about(MailKind.SOLVED, ID, "1f2e3d4c", cycle=1),
    "M15/QF-2026-0001/1/1f2e3d4c/QF-2026-0009": MessageKey.about(
        MailKind.IN_PROGRESS, ID, "1f2e3d4c", "QF-2026-0009", cycle=1
    ),
    "M18/QF-2026-0001/12": MessageKey.about(MailKind.CONFIRMATION, ID, cycle=12),
    "M28/QF-2026-0001/1f2e3d4c": MessageKey.about(MailKind.FORM_TAKEN, ID, "1f2e3d4c"),
    "M22/QF-2026-0001": MessageKey.about(MailKind.RECURRENCE, ID),
    "M10U/QF-2026-0001/resolve/head+1wd/1/zhao@example.com": MessageKey.of_urgent(
        ID, "resolve", "head+1wd", 1, "zhao@example.com"
    ),
}
OF_A_DAY = {
    "M10/2026-07-15/zhao@example.com": MessageKey.of_day(MailKind.DIGEST, DAY, "zhao@example.com"),
    "M25/2026-07-15/zhao@example.com": MessageKey.of_day(MailKind.NIGHTLY, DAY, "zhao@example.com"),
    "M27/2026-07-15/zhao@example.com": MessageKey.of_day(MailKind.FAILURE, DAY, "zhao@example.com"),
}


def told(key: MessageKey) -> tuple[object, ...]:
    """Everything a key can be asked."""
    return key.kind, key.id, key.cycle, key.day, key.address, key.generation


def test_a_key_of_a_month_is_about_no_feedback_and_of_no_day() -> None:
    key = MessageKey.of_month(MailKind.MONTH, DAY, "zhou@example.com")
    assert (key, told(key)) == ("M26/2026-07/zhou@example.com", (MailKind.MONTH, None, None, None, None, 1))


def test_a_key_about_files_is_about_no_feedback() -> None:
    key = MessageKey.of_files("1f2e3d4c", "lin@example.com")
    assert (key, told(key)) == ("M28K/1f2e3d4c/lin@example.com", (MailKind.FORM_TAKEN, None, None, None, None, 1))


@pytest.mark.parametrize("text", [*ABOUT, *OF_A_DAY])
def test_a_key_has_the_text_that_outboxes_hold(text: str) -> None:
    key = (ABOUT | OF_A_DAY)[text]
    assert (key, str(key), hash(key)) == (text, text, hash(text))


@pytest.mark.parametrize("text", ABOUT)
def test_a_key_about_a_feedback_tells_its_kind_its_feedback_and_its_cycle(text: str) -> None:
    kind = MailKind(text[:3])
    cycle = int(text.split("/")[2]) if kind in ONCE_A_CYCLE else None
    assert told(MessageKey.parse(text)) == (kind, ID, cycle, None, None, 1)


@pytest.mark.parametrize("text", OF_A_DAY)
def test_a_key_of_a_day_tells_the_day_and_whom_it_is_for(text: str) -> None:
    assert told(MessageKey.parse(text)) == (MailKind(text[:3]), None, None, DAY, "zhao@example.com", 1)


@pytest.mark.parametrize("text", [*ABOUT, *OF_A_DAY])
def test_a_later_generation_tells_the_same_and_its_number(text: str) -> None:
    key = MessageKey.parse(text)
    again = key.again(2)
    assert (again, again.base, told(again)) == (f"{text}#2", key, (*told(key)[:-1], 2))


@given(text=st.text())
def test_any_text_is_a_key_that_may_have_nothing_to_tell(text: str) -> None:
    key = MessageKey.parse(text)
    assert key == text
    assert told(key)[0] is None or text.startswith("M")
    assert told(key.again(2))[-1] == 2


def test_a_cycle_stands_in_the_keys_that_have_one_and_in_no_other() -> None:
    with pytest.raises(ValueError, match="M03: a cycle"):
        MessageKey.about(MailKind.TRANSFER, ID, "研发部", "张三")
    with pytest.raises(ValueError, match="M01: a cycle"):
        MessageKey.about(MailKind.ACKNOWLEDGEMENT, ID, cycle=1)


def test_a_transfer_is_for_the_owner_and_for_nobody_whose_name_ends_alike() -> None:
    key = MessageKey.about(MailKind.TRANSFER, ID, "研发/二部", "张三", cycle=1)
    assert [key.is_for(name) for name in ("张三", "三", "二部", "李四")] == [True, False, False, False]
    assert key.again(2).is_for("张三")


def test_a_form_and_the_mail_that_carries_it_are_about_the_same() -> None:
    form = FormKey.about(FormKind.TRANSFER, ID, 2, "研发部", "张三")
    assert (form, form.kind, form.id) == (f"transfer/{ID}/2/研发部/张三", FormKind.TRANSFER, ID)
    assert form.mail == MessageKey.about(MailKind.TRANSFER, ID, "研发部", "张三", cycle=2)
    unknown = FormKey.parse("8D-1")
    assert (unknown.kind, unknown.id, unknown.mail) == (None, None, None)
