"""The one catalogue of what office people read: findings, reasons and reports, in zh and en.

Pure data and string formatting. `say` puts a `Phrase` or a `Finding` into words; every key exists in both languages
(a test compares them). Prose of mails and forms lives in `templates/`, labels of choices and fields beside their codes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from ..choices import Choice
from ..errors import QtemplateError
from ..fields import FIELDS, Field
from ..plan import Finding, Phrase
from .findings import FINDINGS
from .reasons import REASONS


@runtime_checkable
class Sayable(Protocol):
    """A fact that brings its own words, such as a problem of a decision table."""

    def sentence(self, language: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Said:
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


def say(phrase: Phrase, language: str) -> str:
    """The sentence of a phrase in `language` (`"zh"` or `"en"`)."""
    zh, en = REASONS[phrase.key]
    facts = {name: show(value, language) for name, value in phrase.facts}
    return (zh if language == "zh" else en).format_map(facts)


def say_error(error: QtemplateError, language: str) -> str:
    """The sentence of an error in `language`; in English where the error knows no other."""
    return str(error) if error.said is None else say(error.said, language)


def field_name(key: str | None, language: str) -> str:
    """Header of a field key in `language`; an own header as it is; empty for None."""
    if key is None:
        return ""
    known = FIELDS.get(key)
    return key if known is None else known.header(language)


def say_finding(finding: Finding, language: str) -> Said:
    """Expected, action and whole message of a finding in `language`."""
    entry = FINDINGS[finding.code]
    facts = {name: show(value, language) for name, value in finding.facts}
    facts["field"] = field_name(finding.field, language)
    facts["found"] = finding.found
    expected = entry.expected(language).format_map(facts)
    action = entry.action(language).format_map(facts)
    where = " ".join(part for part in (str(finding.where or ""), finding.id or "") if part)
    zh = language == "zh"
    parts = []
    if finding.found:
        parts.append(f"现为“{finding.found}”" if zh else f'found "{finding.found}"')
    if expected:
        parts.append(f"应为{expected}" if zh else f"expected {expected}")
    body = ("，" if zh else ", ").join(parts)
    sentence = f"{body}。{action}" if zh and body else f"{body}. {action}" if body else action
    joiner = "：" if zh else ": "
    name = facts["field"]
    head = " ".join(part for part in (where, name) if part)
    return Said(expected, action, f"{head}{joiner}{sentence}" if head else sentence)
