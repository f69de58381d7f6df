"""Checks that a message carries what its kind demands: required facts, their shapes, and the cells a reply must show.

It runs before a template is touched, so a mail with a gap is held and never sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...plan import Message
from ...plan.mail_kinds import ALONE
from ...register import is_missing
from .fact_shapes import Fact, Shape
from .kinds import LANGUAGES, MailContract, contract_of
from .problems import TemplateProblem, What
from .shared_facts import COMMON


def check_facts(message: Message) -> list[TemplateProblem]:
    """Everything that keeps `message` from being rendered, in the order of the contract; empty = nothing."""
    kind = contract_of(message)
    where = f"{message.kind}.{message.language}"
    if kind is None:
        return [TemplateProblem(where, None, What.UNKNOWN_KIND, message.kind)]
    if message.language not in LANGUAGES:
        return [TemplateProblem(where, None, What.UNKNOWN_LANGUAGE, message.language)]
    return list(_problems(message, kind, where))


def _problems(message: Message, kind: MailContract, where: str) -> Iterator[TemplateProblem]:
    if not kind.outside:
        for person in (*message.to, *message.cc):
            if not person.insider:
                yield TemplateProblem(where, None, What.OUTSIDER, person.mail)
    if not kind.row and kind.variant != ALONE and message.id:
        yield TemplateProblem(where, None, What.WRONG_SHAPE, "id", "None")
    if kind.row and not message.id:
        yield TemplateProblem(where, None, What.MISSING_FACT, "id")
    for fact in (*COMMON, *kind.facts):
        yield from _check(fact, message.facts.get(fact.name), fact.name, where)
    if kind.row:
        row = message.facts.get("row")
        if not isinstance(row, Mapping):
            yield TemplateProblem(where, None, What.MISSING_FACT, "row")
            return
        for field in kind.content:
            value = row.get(field.value)
            if is_missing(value) or not str(value).strip():
                yield TemplateProblem(where, None, What.MISSING_CONTENT, field.value, field.header(message.language))


def _check(fact: Fact, value: Any, name: str, where: str) -> Iterator[TemplateProblem]:
    if value is None or (isinstance(value, str) and not value.strip()) or value == [] or value == ():
        if fact.required:
            yield TemplateProblem(where, None, What.MISSING_FACT, name)
        return
    if not _fits(fact.shape, value):
        yield TemplateProblem(where, None, What.WRONG_SHAPE, name, str(fact.shape))
        return
    if fact.one_of and value not in fact.one_of:
        yield TemplateProblem(where, None, What.WRONG_SHAPE, name, " | ".join(fact.one_of))
    elif fact.shape is Shape.RECORD:
        for part in fact.parts:
            yield from _check(part, value.get(part.name), f"{name}.{part.name}", where)
    elif fact.shape is Shape.RECORDS:
        for number, item in enumerate(value):
            for part in fact.parts:
                yield from _check(part, item.get(part.name), f"{name}[{number}].{part.name}", where)


def _fits(shape: Shape, value: Any) -> bool:
    if shape is Shape.TEXT:
        return isinstance(value, str)
    if shape is Shape.FLAG:
        return isinstance(value, bool)
    if shape is Shape.COUNT:
        return isinstance(value, int) and not isinstance(value, bool)
    if shape is Shape.RECORD:
        return isinstance(value, Mapping)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return False
    inner = str if shape is Shape.TEXTS else Mapping
    return all(isinstance(item, inner) for item in value)
