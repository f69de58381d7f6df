"""Whether two texts say the opposite in much the same words: 漏水 and 漏电, 偏高 and 偏低, 能 and 不能. Pure.

No measure of shared characters can tell such texts apart from a paraphrase, so they are told apart by what they say:
words of one group exclude each other, and what one text denies the other must not affirm.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

_NO = r"(?:不能|不会|没有|无法|难以|不|没|未)"


GROUPS: tuple[tuple[str, ...], ...] = (
    (r"[漏渗]水|积水|一滩水", r"漏电|触电|麻手|电到", r"[漏渗]油", r"漏[气汽风]", r"漏粉|漏料"),
    (r"[偏过太]高|高出|烤焦|烤糊|过热|太热", r"[偏过太]低|不够热|烤不熟|过冷|太冷"),
    (r"[偏过太]大|太吵|噪[音声]", r"[偏过太]小|没有?声音?|无声"),
    (r"[偏过太]长", r"[偏过太]短"),
    (r"[偏过太]亮|刺眼|常亮|一直亮|亮着", r"[偏过太]暗|不亮|看不清|全?黑屏?"),
    (r"[过太偏]?快", r"[过太偏]?慢"),
    (r"[过太偏]紧", r"[过太偏]松"),
    (r"[过太偏]硬", r"[过太偏]软"),
    ("深(?!色|度)", "浅(?!色)"),
    (r"[少漏缺]发|缺件|配件不全|没有找到", r"多发|多[了出]一"),
    (r"打不开|开不了|无法打开|不能打开", r"关不[上了紧掉]|无法关|不能关"),
    (r"充不进|充不上|不充电|无法充电", r"放不出电|不放电"),
    (rf"{_NO}[^，。,.]{{0,4}}(?:关机|断电|停|跳闸)|停不下来", r"(?<![不没])(?:会自动|自动|能自动)(?:关机|断电|停)"),
    (rf"{_NO}制冷|不凉|不冷", rf"{_NO}制热|不暖", r"太冷|结冰|冻住"),
    (r"不出水|没有水出来", r"还在出水|关不住水|一直出水"),
    (r"不出雾|没有雾", r"雾太大|雾太多"),
    ("左", "右"),
    ("前[轮门排灯]", "后[轮门排灯]"),
    (r"\btoo (?:hot|high|warm)\b|\boverheat|far above|\bburn", r"\btoo (?:cold|cool|low)\b|not hot enough"),
    (r"\btoo bright\b", r"\btoo dark\b|\btoo dim\b"),
    (r"\btoo loud\b|\bnois[ey]", r"\bno sound\b|\bsilent\b"),
    (r"\btoo (?:hard|stiff)\b", r"\btoo soft\b"),
    (r"\btoo tight\b", r"\btoo loose\b"),
    (r"\btoo (?:big|large|long)\b", r"\btoo (?:small|short)\b"),
    (r"\btoo fast\b", r"\btoo slow\b"),
    (r"\btoo many\b", r"\btoo few\b|\bmissing\b"),
    (r"n[o']t (?:turn|switch) on\b", r"n[o']t (?:turn|switch) off\b|keeps heating|shut-?off fails"),
    (r"n[o']t open\b", r"n[o']t (?:close|shut)\b"),
    (r"\bwater leak|\bleak\w* water|\bwater\b.{0,12}\bleak", r"\boil leak|\bleak\w* oil|\boil\b.{0,12}\bleak"),
    (r"n[o']t (?:take a )?charge", r"overcharge"),
    (r"\bcold\b", r"\bhot\b"),
    (r"\bleft\b", r"\bright\b(?! away| now)"),
    (r"\bfront\b", r"\b(?:rear|back)\b"),
)
"""Kinds of trouble that exclude each other: texts of different kinds of one group do not tell the same.
Patterns, compiled with the first pair of texts: most commands compare none."""

DENIED = rf"{_NO}([\u4e00-\u9fff]{{2}})"
"""Two characters that a Chinese text denies: 不能开机 denies 开机."""

SURE = r"(?:能|可以|会|能够|一直|常|自动)"


def contradicts(one: str, other: str) -> bool:
    """Whether the texts tell troubles of different kinds of one group, or one affirms what the other denies."""
    one, other = _plain(one), _plain(other)
    apart = any(
        first and second and not first & second for first, second in zip(_kinds(one), _kinds(other), strict=True)
    )
    return apart or _denies(one, other) or _denies(other, one)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], ...], ...]:
    return tuple(tuple(map(re.compile, group)) for group in GROUPS)


@lru_cache(maxsize=1 << 10)  # what teaches is near to many, and a hundred searches are a tenth of a millisecond
def _kinds(text: str) -> tuple[frozenset[int], ...]:
    """Which kinds of each group a text names; two texts are apart where both name some, and none in common."""
    return tuple(frozenset(at for at, kind in enumerate(group) if kind.search(text)) for group in _compiled())


def _denies(one: str, other: str) -> bool:
    """Whether `other` affirms what `one` denies, and neither says both."""
    return any(
        re.search(SURE + word, other) and not re.search(_NO + ".{0,2}" + word, other) and not _affirms(one, word)
        for word in _denied(one)
    )


def _denied(text: str) -> Iterator[str]:
    return (match[1] for match in re.finditer(DENIED, text))


def _affirms(text: str, word: str) -> bool:
    return bool(re.search(rf"(?<![不没无未]){SURE}{word}", text))
