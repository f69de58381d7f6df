"""Which feedback the sample shows: per scene how many rows, when they came in, and how far they have got."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import catalogue as c
from .bad_cells import BAD_CELLS
from .steps import (
    DAY,
    HOUR,
    Draft,
    close,
    confirm,
    contain,
    evaluate,
    intake,
    reply,
    respond,
    solve,
    transfer,
    verify,
    write_reply,
)

Fill = Callable[[Draft], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """Rows of one kind: their number, the first and last moment of receipt, and what is filled in after intake.

    `stories` limits the complaints to those with these values, for example `{"severity": (5,)}`.
    """

    name: str
    count: int
    first: str
    last: str
    fill: Fill
    stories: dict[str, tuple[Any, ...]] | None = None
    numbered: bool = True


def _through(*steps: Fill) -> Fill:
    def fill(draft: Draft) -> None:
        for step in steps:
            step(draft)

    return fill


_handed = _through(evaluate, transfer, respond)
_contained = _through(_handed, contain)
_worked = _through(_contained, solve)
_verified = _through(_worked, verify)
_replied = _through(_verified, reply)
_closed = _through(_replied, confirm, close)


def _closed_late(draft: Draft) -> None:
    _closed(draft)
    if draft.number % 9 == 0:
        respond(draft, late=True)
    if draft.number % 23 == 0:
        draft.row.update(
            reopened=1, notes=draft.say(("第一次修复后复发，已重开。", "Came back after the first repair."))
        )


def _closed_silent(draft: Draft) -> None:
    _replied(draft)
    confirm(draft, "silent")
    close(draft)


def _closed_explained(draft: Draft) -> None:
    evaluate(draft, "misuse" if draft.number % 2 else "misunderstanding")
    draft.row["level"] = str(draft.level)
    respond(draft)
    reply(draft, "explained")
    draft.row["reply_text"] = draft.say(
        (
            "经检查产品功能正常，这种情况由使用方式引起。已附上图文说明，如仍有疑问请随时联系我们。",
            "The product works as it should; this comes from the way it was used. A guide with pictures is attached.",
        )
    )
    close(draft, "explained")


def _closed_unreachable(draft: Draft) -> None:
    evaluate(draft)
    transfer(draft)
    close(draft, "unreachable")
    draft.row["notes"] = draft.say(("三次电话、两封邮件均无回音。", "Three calls and two mails without an answer."))


def _improvement(draft: Draft) -> None:
    _handed(draft)
    draft.row["iteration"] = "2026-Q4"
    reply(draft, "declined")
    close(draft, "improvement")


def _merged(draft: Draft) -> None:
    evaluate(draft)
    draft.row["level"] = str(draft.level)
    close(draft, "merged")
    draft.tag = "merged"


def _paused(draft: Draft) -> None:
    _handed(draft)
    contain(draft)
    draft.row["status"] = "waiting_external"
    draft.row["notes"] = draft.say(("等用户寄回样机。", "Waiting for the user to send the device in."))
    draft.tag = "paused"


def _overruled_with_reason(draft: Draft) -> None:
    evaluate(draft)
    draft.row["level"] = "urgent" if str(draft.level) != "urgent" else "major"
    draft.row["override_reason"] = draft.say(("媒体关注，提高一级处理。", "Press attention, handled one level up."))


def _overruled_without_reason(draft: Draft) -> None:
    evaluate(draft)
    draft.row["level"] = "minor" if str(draft.level) != "minor" else "normal"


def _safety_but_incomplete(draft: Draft) -> None:
    draft.row["safety"] = "yes"
    for key in ("batch", "email", "phone", "scene"):
        draft.row.pop(key, None)


def _incomplete(draft: Draft) -> None:
    gone = (
        ("batch", "version"), ("model",), ("description",), ("scene", "env_software", "env_network"),
        ("phone", "email"), ("category",), ("title",), ("reporter",), ("channel",), ("product",),
    )  # fmt: skip
    for key in gone[draft.number % len(gone)]:
        draft.row.pop(key, None)


def _contacted(draft: Draft) -> None:
    _handed(draft)
    draft.row.pop("responded_at")
    draft.tag = "called"


def _failed(draft: Draft) -> None:
    _worked(draft)
    verify(draft, "failed")


def _to_verify(draft: Draft) -> None:
    _worked(draft)
    draft.row["verify_method"] = "lab"


def _approved(kind: str, without: str = "") -> Fill:
    def fill(draft: Draft) -> None:
        (_contained if kind != "solved" else _verified)(draft)
        write_reply(draft, kind)
        draft.row["reply_approval"] = "approved"
        if without:
            draft.row.pop(without, None)

    return fill


def _explained(draft: Draft) -> None:
    """A misunderstanding whose explanation is approved and goes out in the demo's night."""
    evaluate(draft, "misunderstanding")
    draft.row["level"] = "minor"
    respond(draft)
    write_reply(draft, "explained")
    draft.row["reply_text"] = draft.say(
        (
            "产品没有故障：更换滤芯后，请长按复位键五秒，提示就会消失，说明书第 12 页有图示。如仍有疑问请随时联系我们。",
            "The product is not at fault: after changing the filter, hold the reset key for five seconds and the warning "
            "goes away; page 12 of the manual shows it. Do ask us if anything is unclear.",
        )
    )
    draft.row["reply_approval"] = "approved"


def _written(draft: Draft) -> None:
    _verified(draft)
    write_reply(draft)


def _sent_back(draft: Draft) -> None:
    _written(draft)
    draft.row["reply_approval"] = "rejected"
    draft.row["notes"] = draft.say(("原因说明太技术化，请改写。", "The cause is too technical, please rewrite."))


def _silent(draft: Draft) -> None:
    _replied(draft)
    draft.row["confirm_sent_at"] = draft.row["replied_at"] + HOUR


def _not_solved(draft: Draft) -> None:
    _replied(draft)
    confirm(draft, "not_solved")
    draft.row["opinion"] = draft.say(("换了新的还是一样。", "The replacement does the same."))


def _ready_to_close(draft: Draft) -> None:
    _replied(draft)
    confirm(draft)
    draft.row["close_type"] = "solved"


def _closing_too_early(draft: Draft) -> None:
    _ready_to_close(draft)
    draft.row.pop(("root_cause", "verifier", "confirmation")[draft.number % 3])


def _confirmed(draft: Draft) -> None:
    _replied(draft)
    confirm(draft)


def _snoozed(draft: Draft) -> None:
    _contained(draft)
    draft.row["snooze_until"] = dt.date(2026, 7, 31) if draft.number % 2 else draft.say(("停止", "Stop"))


def _typed_state(draft: Draft) -> None:
    _handed(draft)
    draft.row["status"] = "to_confirm"


def _nothing(draft: Draft) -> None:
    """Just registered."""


def _wrong(draft: Draft) -> None:
    evaluate(draft)
    draft.tag = "wrong"


_SERIOUS = {"severity": (4, 5)}
_MIDDLE = {"severity": (3, 4)}
_SMALL = {"severity": (1,)}

SCENES = (
    Scene("closed", 48, "2026-01-05", "2026-06-22", _closed_late),
    Scene("closed after silence", 4, "2026-04-07", "2026-05-28", _closed_silent),
    Scene("closed by explanation", 6, "2026-02-10", "2026-06-20", _closed_explained, {"severity": (2, 3)}),
    Scene("closed, unreachable", 2, "2026-03-03", "2026-05-14", _closed_unreachable),
    Scene("closed into improvement", 3, "2026-03-18", "2026-06-03", _improvement, _SMALL),
    Scene("merged", 3, "2026-05-06", "2026-06-24", _merged, {"product": ("lock",)}),
    Scene("in work, long overdue", 5, "2026-05-12", "2026-06-10", _contained, _MIDDLE),
    Scene("in work", 7, "2026-07-01", "2026-07-13", _contained),
    Scene("in work, called", 3, "2026-07-08", "2026-07-10", _contacted),
    Scene("snoozed", 2, "2026-06-15", "2026-06-18", _snoozed, _MIDDLE),
    Scene("paused", 5, "2026-06-16", "2026-07-06", _paused),
    Scene("state typed too far", 1, "2026-07-07", "2026-07-07", _typed_state, _MIDDLE),
    Scene("to verify", 4, "2026-06-22", "2026-06-29", _to_verify, _SERIOUS),
    Scene("verification failed", 3, "2026-06-24", "2026-06-30", _failed, _SERIOUS),
    Scene("to reply", 3, "2026-06-25", "2026-07-01", _verified, _SERIOUS),
    Scene("solved, approved", 4, "2026-06-23", "2026-07-02", _approved("solved"), _SERIOUS),
    Scene("in progress, approved", 3, "2026-07-02", "2026-07-08", _approved("in_progress"), _MIDDLE),
    Scene("declined, approved", 3, "2026-07-03", "2026-07-09", _approved("declined"), _SMALL),
    Scene("solved, no cause", 1, "2026-06-26", "2026-06-26", _approved("solved", "cause_for_reporter"), _SERIOUS),
    Scene("in progress, no date", 1, "2026-07-06", "2026-07-06", _approved("in_progress", "eta"), _MIDDLE),
    Scene("declined, no reason", 1, "2026-07-07", "2026-07-07", _approved("declined", "reply_text"), _SMALL),
    Scene("to approve", 3, "2026-06-24", "2026-07-02", _written, _SERIOUS),
    Scene("reply sent back", 1, "2026-06-25", "2026-06-25", _sent_back, _SERIOUS),
    Scene("to confirm", 4, "2026-06-30", "2026-07-04", _replied, {"severity": (5,)}),
    Scene("no answer", 3, "2026-06-05", "2026-06-18", _silent, _SERIOUS),
    Scene("not solved", 2, "2026-06-17", "2026-06-22", _not_solved, _SERIOUS),
    Scene("ready to close", 4, "2026-06-18", "2026-06-26", _ready_to_close, _SERIOUS),
    Scene("closing too early", 3, "2026-06-15", "2026-06-19", _closing_too_early, _SERIOUS),
    Scene("confirmed", 2, "2026-06-16", "2026-06-22", _confirmed, _SERIOUS),
    Scene("overruled with a reason", 2, "2026-07-09", "2026-07-10", _overruled_with_reason, _MIDDLE),
    Scene("overruled without", 2, "2026-07-09", "2026-07-10", _overruled_without_reason, _MIDDLE),
    Scene("incomplete", 10, "2026-07-10", "2026-07-15", _incomplete, numbered=False),
    Scene("safety, incomplete", 2, "2026-07-15", "2026-07-15", _safety_but_incomplete, {"severity": (5,)}, False),
    Scene("explained, approved", 1, "2026-07-14", "2026-07-14", _explained, {"cause_code": ("customer_use",)}),
    Scene("evaluated", 11, "2026-07-14", "2026-07-15", evaluate, numbered=False),
    Scene("just in", 8, "2026-07-15", "2026-07-15", _nothing, numbered=False),
    Scene("wrong cells", len(BAD_CELLS), "2026-07-10", "2026-07-15", _wrong, numbered=False),
)
"""Together 200 rows."""


def drafts(language: str) -> list[tuple[Scene, Draft]]:
    """All rows, in the order of the scenes, each with its story and moment of receipt."""
    made: list[tuple[Scene, Draft]] = []
    told = c.stories()
    every = [told[place * 7 % len(told)] for place in range(len(told))]  # neighbours in time are different products
    number = 0
    for scene in SCENES:
        start = number
        fitting = [s for s in every if all(s[key] in values for key, values in (scene.stories or {}).items())]
        for place in range(scene.count):
            story = fitting[(start * 3 + place) % len(fitting)]
            draft = Draft(number, story, _moment(scene, place, number), language, numbered=scene.numbered)
            intake(draft)
            scene.fill(draft)
            if draft.tag == "wrong":
                BAD_CELLS[place].spoil(draft)
            if not scene.numbered and number % 3 and draft.row.get("received_at") == draft.received:
                answered = draft.received + dt.timedelta(minutes=25 + number % 30)
                draft.row["responded_at"] = min(answered, draft.received.replace(hour=19))
            made.append((scene, draft))
            number += 1
    return made


def _moment(scene: Scene, place: int, number: int) -> dt.datetime:
    """Receipts spread evenly between first and last day, in office hours, never on a Sunday."""
    first, last = dt.datetime.fromisoformat(scene.first), dt.datetime.fromisoformat(scene.last)
    share = place / max(scene.count - 1, 1)
    day = first + (last - first) * share
    day = day.replace(hour=0, minute=0, second=0, microsecond=0)
    if day.weekday() == 6:
        day -= DAY
    return day + (9 + number * 5 % 9) * HOUR + dt.timedelta(minutes=number * 17 % 60)
