"""What was true at a moment of the month, told from the story and the mails alone: who is there, when a clock is due.

Nothing of the program is asked here, so that what its mails say can be held against it.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from month_player import PEOPLE, STORY, Mail, is_worked
from where import TESTS

EXPECTED = tomllib.loads((TESTS / "month" / "expected.toml").read_text("utf-8"))
SEGMENTS = ((dt.time(9), dt.time(12)), (dt.time(13), dt.time(18)))
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
STANDARD_DAY = 8 * HOUR
LEVELS = ("紧急", "重要", "一般", "轻微")
LIMITS = {
    # working hours; of an urgent row hours of the day
    "评估": (1, 4, 8, 24),
    "首次响应": (2, 8, 8, 24),
    "接受": (1, 4, 8, 16),
    "临时措施": (24, 16, 0, 0),
    "进展": (24, 24, 40, 160),
    "答复": (120, 80, 160, 480),
    "确认": (72, 24, 24, 24),
    "静默": (120, 40, 40, 40),
}
REPLIES = ("M11", "M14", "M15", "M16")
REOPENED = {"0003": dt.datetime(2026, 10, 14, 8, 35)}
WAITED = {"0009": (dt.datetime(2026, 9, 25, 5, 30), dt.datetime(2026, 10, 13, 5, 30))}
"""等待外部: from the night that saw it to the night that saw it ended."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The month up to a moment."""

    mails: list[Mail]
    now: dt.datetime

    def people(self) -> dict[str, dict[str, Any]]:
        """Name -> what 人员 says of everybody."""
        known = {person["name"]: dict(person) for person in PEOPLE}
        for step in self._steps():
            for name, cells in step.get("people", {}).items():
                known[name] |= cells
        return known

    def there(self) -> dict[str, str]:
        """Address -> name of the people who are employed and not away on the day."""
        day = self.now.date()
        return {
            person["mail"]: name
            for name, person in self.people().items()
            if person["active"] == "是"
            and not ("away_from" in person and person["away_from"] <= day <= person.get("away_to", dt.date.max))
        }

    def cells(self, row: str) -> dict[str, Any]:
        """What people have typed into a row."""
        found: dict[str, Any] = {}
        for step in self._steps():
            for part in ("rows", "solved", "edits"):
                found |= step.get(part, {}).get(row, {})
        return found

    def _steps(self) -> Iterator[dict[str, Any]]:
        return (step for step in STORY["step"] if step["at"] <= self.now)

    def is_urgent(self, row: str) -> bool:
        return level_of(row) == "紧急"

    def start(self, row: str, clock: str) -> dt.datetime:
        """When a clock of a row began to run."""
        received: dt.datetime = self.cells(row)["received_at"]
        reopened = [at for at in (REOPENED.get(row),) if at is not None and at <= self.now]
        match clock:
            case "接受":
                return max(self._went(row, "M03"))
            case "进展":
                return max([*self._calls(row), *self._went(row, *REPLIES), *reopened])
            case "确认":
                return max(self._went(row, "M18"))
            case "静默":
                return max(self._went(row, "M19"))
            case "答复":
                return max([received, *reopened])
            case _:
                return received

    def due(self, row: str, clock: str) -> dt.datetime:
        """When it is due."""
        return self.add(row, self.start(row, clock), hours_of(row, clock) * HOUR)

    def left(self, row: str, clock: str) -> dt.timedelta:
        """How much of the limit is left; negative when it is late."""
        return hours_of(row, clock) * HOUR - self.spent(row, self.start(row, clock), self.now)

    def span(self, row: str, clock: str) -> str:
        """How a person would say it."""
        left = self.left(row, clock)
        if abs(left) < dt.timedelta(minutes=1):
            return "已到期"
        natural = self.is_urgent(row)
        amount, day = abs(left), DAY if natural else STANDARD_DAY
        if amount >= day:
            words = f" {amount // day} " + ("天" if natural else "个工作日")
        elif amount >= HOUR:
            words = f" {amount // HOUR} " + ("小时" if natural else "个工作小时")
        else:
            words = f" {amount // dt.timedelta(minutes=1)} 分钟" if natural else "不到 1 个工作小时"
        return ("超" if left < dt.timedelta() else "剩") + words

    def add(self, row: str, start: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        """The moment at which so much time has been spent since."""
        if self.is_urgent(row):
            return start + amount
        for begins, ends in self._worked(row, start, start + 200 * DAY):
            if ends - begins >= amount:
                return begins + amount
            amount -= ends - begins
        raise ValueError(row)

    def spent(self, row: str, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """The time between that counts."""
        if self.is_urgent(row):
            return end - start
        return sum((ends - begins for begins, ends in self._worked(row, start, end)), dt.timedelta())

    def _worked(self, row: str, start: dt.datetime, end: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The spans of working time between two moments, without what a row is known to have waited."""
        waits = WAITED.get(row)
        waits = waits if waits is not None and waits[0] <= self.now else None
        day = start.date()
        while day <= end.date():
            for first, last in SEGMENTS if is_worked(day) else ():
                begins = max(start, dt.datetime.combine(day, first))
                ends = min(end, dt.datetime.combine(day, last))
                if begins < ends and not (waits and waits[0] <= begins and ends <= waits[1]):
                    yield begins, ends
            day += DAY

    def _calls(self, row: str) -> list[dt.datetime]:
        return [call["at"] for step in self._steps() for call in step.get("calls", []) if call["row"] == row]

    def _went(self, row: str, *kinds: str) -> list[dt.datetime]:
        return [mail.at for mail in self.mails if mail.row == row and mail.kind in kinds and mail.at <= self.now]


def level_of(row: str) -> str:
    """The level of a row."""
    return str(EXPECTED["levels"].get(row, "一般"))


def hours_of(row: str, clock: str) -> int:
    """The limit of a clock; as long as a row is not graded that of 一般 (0009 is never graded otherwise)."""
    return LIMITS[clock][LEVELS.index(level_of(row))]


def is_working_time(moment: dt.datetime) -> bool:
    """Whether people are at work."""
    return is_worked(moment.date()) and any(first <= moment.time() <= last for first, last in SEGMENTS)
