"""What stands above the columns of 统计, in both languages."""

from __future__ import annotations

from functools import cache

from ...choices import Clock, Level
from ...figures.month_table import RANKED
from ...plan import Phrase
from ...texts import say
from ...texts.workbook.statistics import STATISTICS

_OF_MONTH = {  # name of a column -> word of the month's catalogue
    "this": "of_month", "month": "month", "months": "month", "products": "product", "product": "product",
    "before": "of_before", "reopened": "reopened", "overdue": "overdue", "on_time_close": "on_time_close",
    "days_median": "median",
    "days_p90": "p90", "days_mean": "mean", "returned": "returned", "content": "content",
}  # fmt: skip
_PARTS = {
    "in_time": ("按期", "in time"),
    "counted": ("计入", "counted"),
    "value": ("", ""),
    "count": ("条数", "count"),
    "share": ("累计", "cumulative"),
    "named": ("已填写", "named"),
}
_OWN = {
    "volume": ("产量", "Volume"),
    "days_counted": ("计算时长的条数", "Rows with a time"),
    "ended": ("关闭过", "Ever closed"),
    "came_back": ("重开过", "Reopened since"),
    "fixes": ("观察期满的解决", "Fixes past the window"),
    "recurred": ("再发", "Recurred"),
    "answered": ("答满意度", "Answered"),
    "asked": ("问满意度", "Asked"),
    "content": ("4 分及以上", "4 or better"),
    "score": ("满意度合计", "Sum of scores"),
}


_NO_LEVEL = ("未定级或不详", "None or not known")
"""What has no level, and all of a month of which nobody noted the levels."""

_LEVELS = {level.value: level for level in Level}
_CLOCKS = {clock.value: clock for clock in Clock}


def words(language: str) -> dict[str, str]:
    """The words of the sheet."""
    return {key: pair[language != "zh"] for key, pair in STATISTICS.items()}


def month_word(name: str, language: str) -> str:
    """A word that the report has, too."""
    return say(Phrase(f"month.{name}"), language)


def level_name(key: str, language: str) -> str:
    return _NO_LEVEL[language != "zh"] if key == "none" else _LEVELS[key].label(language)


@cache
def header(name: str, language: str) -> str:
    """The header of a column by its name in `places`."""
    side, said = int(language != "zh"), words(language)
    if name == "name":
        return said["figure"]
    if name in _OWN:
        return _OWN[name][side]
    if name in _OF_MONTH:
        return month_word(_OF_MONTH[name], language)
    if name in said:
        return said[name]
    first, _, rest = name.partition("_")
    if first in ("received", "closed", "open") and (rest == "none" or rest in _LEVELS):
        return f"{month_word(first, language)} {level_name(rest, language)}"
    if first in RANKED:
        rank, _, part = rest.rpartition("_")
        return " ".join(filter(None, (month_word(f"by_{first}", language), rank, _PARTS[part or rest][side])))
    for part in ("in_time", "counted"):
        if name.endswith(f"_{part}"):
            key = name.removesuffix(f"_{part}")
            of = month_word("on_time_close", language) if key == "closed" else _CLOCKS[key].label(language)
            return f"{of} {_PARTS[part][side]}"
    return _CLOCKS[name].label(language)
