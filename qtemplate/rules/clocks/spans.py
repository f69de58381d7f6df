"""How much time is left, or how late it is, in words that are true. Pure.

A clock of working time counts working days and hours, and its span says so: `剩 59 个工作日` is not `剩 59 天`.
What is left is rounded down, and so is what is late: nobody has less time than the words say.

    20 minutes of working time left        剩不到 1 个工作小时      less than 1 working hour left
    2.5 working days late                  超 2 个工作日            2 working days late
    an urgent clock, 50 minutes left       剩 50 分钟               50 minutes left
"""

from __future__ import annotations

from ...plan import Phrase
from ...texts import say

HOUR, MINUTE = 3_600.0, 60.0


def say_span(left: float, day: float, *, natural: bool, language: str) -> str:
    """`剩 3 个工作小时`, `2 working days late`, `已到期`.

    Args:
        left: Seconds left, negative when overdue; of working time unless `natural`.
        day: Seconds of one day: a standard working day, or 86,400 where `natural`.
        natural: Whether the clock runs day and night.
        language: `"zh"` or `"en"`.
    """
    amount = abs(left)
    if amount < MINUTE:
        return say(Phrase("time.due_now"), language)
    unit = _days_or_less(amount, day, natural)
    return say(Phrase.of("time.late" if left < 0 else "time.left", amount=unit), language)


def _days_or_less(amount: float, day: float, natural: bool) -> Phrase:
    kind = "" if natural else "working_"
    if amount >= day:
        return _counted(f"time.{kind}day", int(amount // day))
    if amount >= HOUR:
        return _counted(f"time.{kind}hour", int(amount // HOUR))
    # minutes of working time may lie on both sides of a night, where "20 minutes" would be read off the wrong clock
    return _counted("time.minute", int(amount // MINUTE)) if natural else Phrase("time.less_than_a_working_hour")


def _counted(key: str, number: int) -> Phrase:
    return Phrase.of(key if number == 1 else f"{key}s", n=number)
