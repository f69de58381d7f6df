"""What a template gets to see of a message: the facts its kind declares, cleaned, and nothing else.

The text of a row is data: it is neither compiled nor trusted. Fields that must not leave the company are dropped before
a template can reach them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...fields import FIELDS, OPEN_FACTS, PUBLIC
from ...plan import Message
from ..cleaning import clean_body
from .fact_shapes import Fact, Shape
from .kinds import MailContract, Quotes
from .shared_facts import COMMON, EACH_SECTION, MAX_DIGEST_ROWS, SECTIONS

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(value: Any) -> Any:
    """The value with every text in it made safe for mail, at any depth.

    Direction marks are dropped: they can make one sentence read like another.
    """
    if isinstance(value, str):
        if value.isprintable():  # no line end, no control, no direction mark
            return str(value).strip()
        return _BIDI.sub("", clean_body(value)).strip()
    if isinstance(value, Mapping):
        return {clean(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float)) else clean(str(value))


def build_context(message: Message, kind: MailContract) -> dict[str, Any]:
    """The names of a template and their values; `check_facts` has found nothing."""
    given = message.facts
    context: dict[str, Any] = {
        fact.name: _with_defaults(fact, clean(given.get(fact.name))) for fact in (*COMMON, *kind.facts)
    }
    context["to"] = context["to"] or (clean(message.to[0].name) if message.to else "")
    context["id"] = clean(message.id or "")
    context["language"] = message.language
    context["insider"] = all(person.insider for person in (*message.to, *message.cc))
    if kind.row:
        context["row"] = _row(clean(given["row"]), kind)
        headers = {field.value: field.header(message.language) for field in FIELDS.values()}
        context["labels"] = headers | {k: v for k, v in clean(given.get("labels") or {}).items() if v}
    if "sections" in context:
        context["sections"] = _sections(context["sections"])
    return context


def _row(given: dict[str, Any], kind: MailContract) -> dict[str, str]:
    texts = {key: "" if value is None else str(value) for key, value in given.items()}
    if kind.outside:
        shown = OPEN_FACTS if kind.quotes is Quotes.NEVER else PUBLIC
        return dict.fromkeys((field.value for field in PUBLIC), "") | {f.value: texts.get(f.value, "") for f in shown}
    return dict.fromkeys(FIELDS, "") | texts


def _with_defaults(fact: Fact, value: Any) -> Any:
    if value is None:
        return fact.empty
    if fact.shape is Shape.RECORD:
        return value | {part.name: _with_defaults(part, value.get(part.name)) for part in fact.parts}
    if fact.shape is Shape.RECORDS:
        return [item | {part.name: _with_defaults(part, item.get(part.name)) for part in fact.parts} for item in value]
    return value


def _sections(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sections in their order, at most `MAX_DIGEST_ROWS` rows together; each knows its `total`.

    A few rows of every section are always shown, so that ninety overdue ones do not hide the one to approve.
    """
    wanted = sorted(given, key=lambda section: SECTIONS.index(section["key"]))
    left = MAX_DIGEST_ROWS - sum(min(len(section["rows"]), EACH_SECTION) for section in wanted)
    result = []
    for section in wanted:
        total = sum(row.get("count") or 1 for row in section["rows"]) + section["more"]
        if total:
            extra = max(0, min(len(section["rows"]) - EACH_SECTION, left))
            left -= extra
            rows = section["rows"][: EACH_SECTION + extra]
            shown = sum(row.get("count") or 1 for row in rows)
            result.append(section | {"rows": rows, "more": total - shown, "total": total})
    return result
