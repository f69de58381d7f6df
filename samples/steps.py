"""How a feedback moves on: each function fills in what one stage of the process leaves in a row, as people type it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from qtemplate.choices import Category, Level
from qtemplate.sheets.standard.default_tables import DEPARTMENT_OF

from . import catalogue as c

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)

_CHANNELS = ("hotline", "website", "email", "social", "in_product", "dealer", "internal", "hotline", "email", "other")
_DETAILS = (
    ("已断电重启两次，没有变化。", "It was switched off and on twice without any change."),
    ("购买约三个月，平时按说明书使用。", "Bought about three months ago and used as the manual says."),
    ("已拍照片，可随时提供。", "Photos were taken and can be sent at any time."),
    ("希望尽快给出处理方案。", "A solution soon would be appreciated."),
    ("同小区还有邻居遇到一样的情况。", "A neighbour has the same problem."),
    ("上个月刚维修过一次。", "It was repaired once last month."),
    ("门店看过，说要返厂检查。", "The shop had a look and wants to send it in."),
)
_CONTAINMENT = (
    "已通知用户停用，同批次库存隔离待检。",
    "The user was told to stop using it; stock of the batch is set aside for inspection.",
)
_PREVENTION = (
    "控制计划增加该项检验，更新作业指导书并培训班组。",
    "The control plan gets this check; the work instruction is updated and the team trained.",
)
_OPINIONS = (
    ("处理及时，谢谢。", "Handled quickly, thank you."),
    ("问题解决了，希望以后少出现。", "Solved; hopefully it will not come back."),
    ("等得有点久，但态度好。", "It took a while, but people were friendly."),
    ("还可以。", "All right."),
)
_DAYS_OF_WORK = {Level.URGENT: 3, Level.MAJOR: 6, Level.NORMAL: 10, Level.MINOR: 14}
_FIRST_RESPONSE = {Level.URGENT: 1, Level.MAJOR: 5, Level.NORMAL: 6, Level.MINOR: 24}
_WATCH: dict[str, int] = {Level.URGENT: 180, Level.MAJOR: 90}


@dataclass(slots=True)
class Draft:
    """A row in the making: its story, its number in the sample, the moment it was received, what is filled in."""

    number: int
    story: dict[str, Any]
    received: dt.datetime
    language: str
    row: dict[str, Any] = field(default_factory=dict)
    numbered: bool = True
    tag: str = ""

    def say(self, pair: tuple[str, str]) -> str:
        return pair[c.side(self.language)]

    def told(self, name: str) -> str:
        """A text of the story."""
        return str(self.story[name][self.language])

    @property
    def level(self) -> Level:
        return expected_level(self.row)

    @property
    def department(self) -> str:
        category = Category._value2member_map_[self.story["category"]]
        return next(code for categories, code in DEPARTMENT_OF.items() if category in categories)

    @property
    def owner(self) -> str:
        staff = c.OWNERS[self.department]
        return staff[self.number % len(staff)]


def expected_level(row: dict[str, Any]) -> Level:
    """The level the default grading table gives; what a person who agreed with it would have typed."""
    severity, workaround, scope = row["severity"], row["workaround"], row["scope"]
    always = row["frequency"] == "always"
    if row["safety"] == "yes":
        return Level.URGENT
    if row["authenticity"] in ("misunderstanding", "misuse"):
        return Level.MINOR
    if (severity == 5 and workaround != "yes") or (severity >= 4 and scope == "many" and workaround == "no"):
        return Level.URGENT
    if severity >= 4 or row["safety"] == "unsure":
        return Level.MAJOR
    if severity == 3:
        return Level.MAJOR if scope in ("some", "many") or (always and workaround != "yes") else Level.NORMAL
    return Level.NORMAL if severity == 2 and (scope == "many" or always) else Level.MINOR


def intake(draft: Draft) -> None:
    """Stage 1: the seven elements of a feedback."""
    number, row, language = draft.number, draft.row, draft.language
    product = c.product(draft.story["product"])
    channel = _CHANNELS[number % len(_CHANNELS)]
    kind = {"dealer": "dealer", "internal": "staff"}.get(channel, "customer")
    name = c.reporter(number * 7, language) if kind != "staff" else c.person(c.MEMBERS[number % 9].key, language)
    titles = draft.story["title"][language]
    separator = "" if language == "zh" else " "
    row.update(
        received_at=draft.received if number % 6 or channel != "dealer" else draft.received.date(),
        recorder=c.person(("lin", "tang", "du")[number % 3], language),
        channel=channel,
        reporter_type=kind,
        reporter=name,
        product=product.name[c.side(language)],
        model=product.models[number % len(product.models)],
        title=titles[number // 2 % len(titles)],
        description=draft.told("text") + separator + draft.say(_DETAILS[number % len(_DETAILS)]),
        category=draft.story["category"],
    )
    if kind == "dealer":
        row["organisation"] = draft.say(c.DEALERS[number % len(c.DEALERS)])
    if kind == "staff":
        row["organisation"] = c.department(c.MEMBERS[number % 9].department, language)
    _contact_data(draft, kind)
    if channel in ("hotline", "website"):
        row["channel_ref"] = f"{'T' if channel == 'hotline' else 'W'}{draft.received:%y%m%d}{number:04d}"
    day, month = 3 + number % 24, 1 + number % 5
    if product.kind == "software":
        row["version"] = f"3.{2 + number % 3}.{number % 10}"
        row["env_software"] = ("Android 16", "iOS 26.1")[number % 2]
    else:
        row["batch"] = product.batch.format(month=month, day=day, week=2 + number % 24)
        if number % 3 == 0:
            row["serial"] = product.serial.format(number=20260000 + number * 37)
        if number % 4 == 0:
            row["quantity"] = 1
    row["scene"] = draft.told("scene")
    if number % 5 == 0:
        row["env_network"] = draft.say(("家用 Wi-Fi", "home Wi-Fi"))
    own = c.REGIONS[number % len(c.REGIONS)]
    row[OWN_REGION[c.side(language)]] = draft.say(own)


OWN_REGION, OWN_COST = ("区域", "Region"), ("质量成本", "Quality cost")


def _contact_data(draft: Draft, kind: str) -> None:
    number, row = draft.number, draft.row
    if kind == "staff":
        row["email"] = f"{c.MEMBERS[number % 9].key}@example.com"
        return
    domain = ("example.com", "example.org", "example.net")[number % 3]
    phone = f"1380000{number:04d}" if draft.language == "zh" else f"+1 555 01{number % 100:02d}"
    if number % 4 != 3:
        row["email"] = f"customer{number:03d}@{domain}"
    if number % 4 in (0, 3):
        row["phone"] = phone


def evaluate(draft: Draft, authenticity: str = "real") -> None:
    """Stage 2: what the assessor judges; the level itself is left to the rules."""
    story = draft.story
    draft.row.update(
        authenticity=authenticity,
        severity=story["severity"],
        safety=story.get("safety", "no"),
        scope=story["scope"],
        frequency=story["frequency"],
        workaround=story["workaround"],
        assessor=c.person("he" if draft.number % 2 else "jiang", draft.language),
    )


def transfer(draft: Draft, accepted: bool = True) -> None:
    """Stage 3: level agreed, department and owner named, handed over."""
    level = draft.level
    draft.row.update(
        level=str(level),
        department=c.department(draft.department, draft.language),
        owner=c.person(draft.owner, draft.language),
        assessed_at=draft.received + HOUR,
        transferred_at=draft.received + 2 * HOUR,
        fault=c.fault(draft.story["fault"], draft.language),
    )
    if accepted:
        draft.row["accepted_at"] = draft.received + 3 * HOUR


def respond(draft: Draft, late: bool = False) -> None:
    """First response, by telephone or mail."""
    draft.row["responded_at"] = draft.received + (5 * DAY if late else _FIRST_RESPONSE[draft.level] * HOUR)


def contain(draft: Draft) -> None:
    if draft.level in (Level.URGENT, Level.MAJOR):
        draft.row.update(containment=draft.say(_CONTAINMENT), contained_at=draft.received + 20 * HOUR)


def solve(draft: Draft, days: float | None = None) -> None:
    """Cause, solution, implementation."""
    work = _DAYS_OF_WORK[draft.level] if days is None else days
    done = draft.received + work * DAY
    draft.row.update(
        root_cause=draft.told("cause"),
        cause_code=draft.story["cause_code"],
        solution=draft.told("solution"),
        planned_at=(done + DAY).date(),
        implemented_at=done,
    )
    if draft.level in (Level.URGENT, Level.MAJOR):
        draft.row["prevention"] = draft.say(_PREVENTION)
    draft.row[OWN_COST[c.side(draft.language)]] = 120 + draft.number * 37 % 900


def verify(draft: Draft, result: str = "passed") -> None:
    """Verification by somebody other than the owner."""
    verifier = c.VERIFIER if draft.owner != c.VERIFIER else "he"
    draft.row.update(
        verify_method=("lab", "trial", "simulation", "on_site")[draft.number % 4],
        verifier=c.person(verifier, draft.language),
        verified_at=draft.row["implemented_at"] + 20 * HOUR,
        verify_result=result,
    )


def write_reply(draft: Draft, kind: str = "solved") -> None:
    """What the reply is to say, before anybody approves it."""
    row = draft.row
    row.update(reply_type=kind, contact_way="email" if "email" in row else "phone")
    row["contact"] = c.person(c.COORDINATOR if row["reporter_type"] == "staff" else c.SERVICE, draft.language)
    if kind == "solved":
        row["cause_for_reporter"] = draft.told("public")
    elif kind == "in_progress":
        row["reply_text"] = draft.say(
            ("已定位原因，正在制作样件验证。", "The cause is found; samples are being tested.")
        )
        row["eta"] = dt.date(2026, 7, 31)
        row["interim_advice"] = draft.say(
            ("在此之前请先停止使用该功能。", "Until then please do not use this function.")
        )
    else:
        row["reply_text"] = draft.say(
            (
                "我们认真评估了您的建议。现有结构无法在不影响防水的前提下增加这一功能，感谢您的理解和支持。",
                "We looked into your suggestion with care. The present design cannot offer it without losing its "
                "protection against water. Thank you for your understanding.",
            )
        )


def reply(draft: Draft, kind: str = "solved") -> None:
    """Stage 4: the reply was approved and sent."""
    write_reply(draft, kind)
    last = draft.row.get("verified_at") or draft.row.get("implemented_at") or draft.received + 20 * HOUR
    draft.row.update(reply_approval="approved", reply_state="sent", replied_at=last + 22 * HOUR)


def confirm(draft: Draft, answer: str = "solved") -> None:
    """Stage 5: what the reporter said."""
    replied = draft.row["replied_at"]
    draft.row.update(confirm_sent_at=replied + HOUR, confirmation=answer)
    if answer == "solved":
        draft.row["satisfaction"] = (5, 4, 5, 3, 4, 5, 2)[draft.number % 7]
        draft.row["opinion"] = draft.say(_OPINIONS[draft.number % len(_OPINIONS)])


def close(draft: Draft, kind: str = "solved") -> None:
    """Stage 6: closed, and watched where the level asks for it."""
    row = draft.row
    last = row.get("replied_at") or draft.received + 2 * DAY
    closed = last + 3 * DAY
    row.update(close_type=kind, closed_at=closed, status="closed" if kind != "merged" else "merged", reopened=0)
    days = _WATCH.get(row.get("level", ""))
    if days and kind == "solved":
        row["watch_until"] = (closed + days * DAY).date()
