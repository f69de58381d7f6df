"""The one catalogue of what office people read: findings, reasons and reports, in zh and en.

Pure data and string formatting. `say` puts a `Phrase` into words, `say_finding` a `Finding`, `say_error` an error; every
key exists in both languages (tests compare them). Prose of mails and forms lives in `templates/`, labels of choices and fields beside their codes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import reduce
from typing import Any, Protocol, TypeVar, runtime_checkable

from msgspec import Struct

from ..choices import Choice
from ..errors import QtemplateError
from ..fields import FIELDS, Field
from ..plan import Finding, Phrase
from .reasons import REASONS


@runtime_checkable
class Sayable(Protocol):
    """A fact that brings its own words, such as a problem of a decision table."""

    def sentence(self, language: str) -> str: ...


class Quoted(Struct, frozen=True):
    """What is said in both languages already, such as an error that a finding quotes; `str()` is the English."""

    zh: str
    en: str

    def sentence(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return self.en


class Said(Struct, frozen=True):
    """A finding in words: what was expected, what to do, and the whole sentence."""

    expected: str
    action: str
    message: str


def show(value: Any, language: str) -> str:
    """A fact as a person reads it: labels for choices and fields, dates without seconds, lists with commas."""
    if value is None:
        return ""
    if type(value) is str:
        return value
    if isinstance(value, Phrase):
        return say(value, language)
    if isinstance(value, Field):
        return value.header(language)
    if isinstance(value, Choice):
        return value.label(language)
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d" if value.time() == dt.time() else "%Y-%m-%d %H:%M")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return ("、" if language == "zh" else ", ").join(show(item, language) for item in value)
    if type(value) is not int and isinstance(value, Sayable):  # asked last: a protocol takes long to ask
        return value.sentence(language)
    return str(value)


class _Fact(str):
    """A fact in words. `{n:row|rows}` in a sentence is the noun after the number: the first for 1, else the second."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        return (one if self == "1" else many) if bar else str(self)


class _Facts(dict[str, str]):
    """What a sentence names. `{@category}` in one is the header of a column, as the language has it."""

    def __init__(self, facts: dict[str, str], language: str) -> None:
        super().__init__(facts)
        self._language = language

    def __missing__(self, name: str) -> str:
        if not name.startswith("@"):
            raise KeyError(name)
        return field_name(name[1:], self._language)

    def put_into(self, sentence: str) -> str:
        """The sentence with what it names."""
        if "|" in sentence:  # only one that counts has nouns to choose from
            self.update({name: _Fact(fact) for name, fact in self.items()})
        return sentence.format_map(self)


def say(phrase: Phrase, language: str) -> str:
    """The sentence of a phrase in `language` (`"zh"` or `"en"`)."""
    zh, en = REASONS[phrase.key]
    facts = _Facts({name: show(value, language) for name, value in phrase.facts}, language)
    return facts.put_into(zh if language == "zh" else en)


def either(names: Sequence[str]) -> Phrase | str:
    """`a or b or c`."""
    first: Phrase | str = names[0]
    return reduce(lambda one, other: Phrase.of("either", one=one, other=other), names[1:], first)


def field_name(key: str | None, language: str) -> str:
    """Header of a field key in `language`; an own header as it is; empty for None."""
    if key is None:
        return ""
    known = FIELDS.get(key)
    return key if known is None else known.header(language)


def say_finding(finding: Finding, language: str) -> Said:
    """Expected, action and whole message of a finding in `language`."""
    zh, name = language == "zh", field_name(finding.field, language)
    all_said = [_entry_said(item, language) for item in (finding, *finding.also)]
    expected = ("；" if zh else "; ").join(dict.fromkeys(wanted for wanted, _ in all_said if wanted))
    action = ("" if zh else " ").join(dict.fromkeys(todo for _, todo in all_said))
    where = " ".join(part for part in (str(finding.where or ""), finding.id or "") if part)
    parts = []
    if finding.found:
        parts.append(f"现为“{finding.found}”" if zh else f'found "{finding.found}"')
    if expected:
        parts.append(f"应为{expected}" if zh else f"expected {expected}")
    body = ("，" if zh else ", ").join(parts)
    sentence = f"{body}。{action}" if zh and body else f"{body}. {action}" if body else action
    joiner = "：" if zh else ": "
    head = " ".join(part for part in (where, name) if part)
    return Said(expected, action, f"{head}{joiner}{sentence}" if head else sentence)


def _entry_said(item: Finding, language: str) -> tuple[str, str]:
    """What was expected and what to do, of a finding alone."""
    from .findings import FINDINGS  # for those who have findings to tell

    entry = FINDINGS[item.code]
    facts = _Facts({name: show(value, language) for name, value in item.facts}, language)
    facts |= {"field": field_name(item.field, language), "found": item.found}
    return facts.put_into(entry.expected(language)), facts.put_into(entry.action(language))


E = TypeVar("E", bound=QtemplateError)


def make_error(kind: type[E], code: str, /, **facts: Any) -> E:
    """An error with its words from the catalogue.

    Args:
        kind: Its class.
        code: A key of `ERRORS`.
        facts: What its sentence names; phrases and lists are put into words here.
    """
    from .errors import ERRORS  # where something went wrong

    said = {name: _in_both(fact) if isinstance(fact, (Phrase, tuple)) else fact for name, fact in facts.items()}
    return kind(code, ERRORS[code][1], **said)


def say_error(error: BaseException, language: str) -> str:
    """The sentence of an error in `language`; what others raise is quoted as they word it."""
    if isinstance(error, Sayable):
        return error.sentence(language)
    if not isinstance(error, QtemplateError) or language != "zh":
        return str(error)
    from .errors import ERRORS, WORKBOOK_ERRORS

    known = ERRORS.get(error.code, (WORKBOOK_ERRORS.get(error.code, error.english),))
    facts = {name: _in_chinese(fact) for name, fact in error.facts.items()}
    return known[0].format_map(facts)


def quote(error: BaseException) -> Quoted:
    """An error as a fact of a finding or a phrase."""
    return Quoted(say_error(error, "zh"), say_error(error, "en"))


def _in_both(fact: Phrase | tuple[object, ...]) -> Quoted:
    return Quoted(show(fact, "zh"), show(fact, "en"))


def _in_chinese(fact: object) -> object:
    """A fact that brings words in Chinese; any other as it is, for the sentence says how it is written."""
    if isinstance(fact, BaseException):
        return say_error(fact, "zh")
    return fact.zh if isinstance(fact, Quoted) else fact
