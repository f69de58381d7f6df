"""The words of teams: what they write above columns, kept in `templates/adopt/headers.toml`, and in files of their own.

Folding makes two spellings of one header equal. Knows nothing of sheets or cells.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from ...errors import ConfigError
from ...fields import FIELDS, Field
from ...resources import templates_root
from ...texts import make_error
from .proposal import OWN_NUMBER

NAMES, PLAIN, WEAK = 0.95, 0.90, 0.58
PLAIN_STEP, PLAIN_LEAST = 0.004, 0.82
"""Of the plain words the first listed is the best: beside 问题描述, 问题 is the lesser one."""

CJK = re.compile(r"[\u3400-\u9fff]")
MARKS = re.compile(r"[\s_*:;,.。，；：、?？!！/\\|\-–—~()\[\]{}<>《》“”\"'’‘`^&+=@$]+")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
SPACE_BY_CJK = re.compile(r"(?<=[\u3400-\u9fff]) (?=\S)|(?<=\S) (?=[\u3400-\u9fff])")
ZH_ENDINGS = (
    (re.compile(r"(?<=.)(?:日期|时刻|年月日)$|(?<=[\u3400-\u9fff]{2})日$"), "时间"),
    (re.compile(r"(?<=.)(?:人员|者)$"), "人"),
)
TRADITIONAL = (
    "戶户問问題题狀状態态編编號号責责單单處处對对備备註注現现應应發发實实際际優优級级別别類类嚴严產产線线時时間间關关閉闭結结確确認认驗验證证繫系電电話话郵邮圖图術术測测"
    "試试開开動动務务資资訊讯經经銷销質质檢检廠厂設设廢废數数規规則则審审複复覆复報报導导據据項项圍围頻频環环軟软體体硬硬總总稱称計计劃划進进臨临貨货訂订購购運运輸输"
    "場场議议員员區区業业點点門门負负輕轻後后長长暫暂廣广異异損损壞坏維维護护傷伤劑剂種种標标簽签記记錄录內内雜杂鍵键樣样與与並并個个車车輛辆機机構构組组裝装製制過过"
    "檔档案案歸归顧顾訴诉諮咨詢询滿满意意覽览這这連连絡络聯联當当語语調调執执劃划減减測测讓让買买賣卖預预計计錯错誤误"
)
"""Characters of headers and values, each followed by its simplified form."""

SIMPLIFIED = str.maketrans(dict(zip(TRADITIONAL[::2], TRADITIONAL[1::2], strict=True)))
KEPT_S = ("ss", "us", "is", "os")


class Vocabulary(Struct, frozen=True):
    """Everything known about headers.

    Attributes:
        scores: Folded header -> {field: score}.
        subjects: Folded words for what a register is about, longest first.
        troubles: Folded words of sheets about what went wrong.
        signs: Folded words of sheets that may be about it.
        ornaments, tails: Folded words before and behind a header that change nothing.
        abbreviations: Word -> the word it stands for.
        before_measure, before_moment: Field -> folded words that make a measure or a moment this field.
        elsewhere: Kind of sheet that is no register -> folded headers that tell of it.
    """

    scores: Mapping[str, Mapping[str, float]]
    subjects: tuple[str, ...]
    troubles: tuple[str, ...]
    signs: tuple[str, ...]
    ornaments: tuple[str, ...]
    tails: tuple[str, ...]
    abbreviations: Mapping[str, str]
    before_measure: Mapping[str, tuple[str, ...]]
    before_moment: Mapping[str, tuple[str, ...]]
    elsewhere: Mapping[str, frozenset[str]]

    def fold(self, text: str) -> str:
        """The form in which two spellings of one header are equal."""
        return fold_header(text, self.abbreviations)


def fold_header(text: str, abbreviations: Mapping[str, str]) -> str:
    """NFKC, lower case, words in the singular with one space between them, none beside Chinese characters.

    >>> fold_header("Corrective\\nACTIONS: ", {}), fold_header("提出 日期＊", {}), fold_header("DateReported", {})
    ('corrective action', '提出时间', 'date reported')
    """
    simple = unicodedata.normalize("NFKC", text).replace("\u200b", "").translate(SIMPLIFIED)
    plain = CAMEL.sub(" ", simple).casefold().replace("#", " no ")
    words = [abbreviations.get(word, word) for word in MARKS.sub(" ", plain).split()]
    folded = SPACE_BY_CJK.sub("", " ".join(abbreviations.get(one := _singular(word), one) for word in words))
    folded = SPACE_BY_CJK.sub("", folded)
    for ending, instead in ZH_ENDINGS:
        folded = ending.sub(instead, folded)
    return folded


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(KEPT_S) and word.isascii():
        return word[:-1]
    return word


OwnWords = tuple[Path, ...]
"""A team's own files of words, of the same shape as those that ship; an earlier one goes before a later one."""


def read_vocabulary(own: OwnWords = ()) -> Vocabulary:
    """The words that ship, and a team's own before them.

    Args:
        own: Files of headers; they may hold values, too.

    Raises:
        ConfigError: A file of the team's is missing, is no TOML, or names a field that does not exist.
    """
    return _settle([*map(_read_own, own), _headers()]) if own else _shipped()


@cache
def _shipped() -> Vocabulary:
    return _settle([_headers()])


@cache
def _headers() -> Mapping[str, Any]:
    words: Mapping[str, Any] = tomllib.loads((templates_root() / "adopt" / "headers.toml").read_text("utf-8"))
    return words


def _read_own(path: Path) -> dict[str, Any]:
    try:
        words = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise make_error(ConfigError, "adopt.words", path=path, problem=error) from error
    for name, entry in words.get("fields", {}).items():
        if name != OWN_NUMBER and name not in FIELDS:
            raise make_error(ConfigError, "adopt.words_field", path=path, name=name)
        if not isinstance(entry, dict) or not all(_are_texts(value) for value in entry.values()):
            raise make_error(ConfigError, "adopt.words_list", path=path, name=name)
    return words


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _settle(files: Sequence[Mapping[str, Any]]) -> Vocabulary:
    grammars = [file.get("grammar", {}) for file in files]
    abbreviations = {key: word for grammar in grammars for key, word in grammar.get("abbreviations", {}).items()}

    def folded(name: str) -> tuple[str, ...]:
        words = {fold_header(word, abbreviations) for grammar in grammars for word in grammar.get(name, ())}
        return tuple(sorted(words - {""}, key=len, reverse=True))

    def led(name: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for grammar in grammars:
            for field, words in grammar.get(name, {}).items():
                folded_words = tuple(fold_header(word, abbreviations) for word in words)
                found[field] = (*found.get(field, ()), *folded_words)
        return found

    scores: dict[str, dict[str, float]] = {}
    taken: set[str] = set()
    for file in files:  # what an earlier file names for sure is not questioned by a later one
        mine: set[str] = set()
        for field, entry in _entries(file).items():
            for word, score in _scored(entry):
                key = fold_header(word, abbreviations)
                if key and key not in taken:
                    known = scores.setdefault(key, {})
                    known[field] = max(score, known.get(field, 0.0))
                    mine.add(key)
        if len(files) > 1:
            taken |= mine
    elsewhere: dict[str, frozenset[str]] = {}
    for file in files:
        for kind, words in file.get("not_a_register", {}).items():
            elsewhere[kind] = elsewhere.get(kind, frozenset()) | {fold_header(word, abbreviations) for word in words}
    return Vocabulary(
        scores, folded("subjects"),
        folded("troubles"), folded("signs"), folded("ornaments"), folded("tails"), abbreviations,
        led("before_measure"), led("before_moment"), elsewhere,
    )  # fmt: skip


def _entries(file: Mapping[str, Any]) -> Mapping[str, Mapping[str, Sequence[str]]]:
    entries: Mapping[str, Mapping[str, Sequence[str]]] = file.get("fields", {})
    return entries


def _scored(entry: Mapping[str, Sequence[str]]) -> Iterable[tuple[str, float]]:
    """Every spelling of a field, with what it is worth."""
    for word in entry.get("names", ()):
        yield word, NAMES
    for verb in entry.get("when", ()):
        for shape in ("{} date", "date {}", "{} on", "{} at", "{} time", "date time {}", "time {}", "{} date time"):
            yield shape.format(verb), NAMES
    for verb in entry.get("by", ()):
        yield f"{verb} by", NAMES
        yield f"{verb} by name", NAMES
    for verb in entry.get("何时", ()):
        yield f"{verb}时间", NAMES
    for verb in entry.get("何人", ()):
        yield f"{verb}人", NAMES
    for place, word in enumerate(entry.get("plain", ())):
        yield word, max(PLAIN - PLAIN_STEP * place, PLAIN_LEAST)
    for word in entry.get("weak", ()):
        yield word, WEAK


OUR_HEADERS: Mapping[str, str] = {
    fold_header(name, {}): field.value for field in Field for name in (field.zh, field.en, field.value)
}
"""Folded headers of the standard workbook -> field key."""
