"""Whether the causes and actions of an investigation carry what they say; each doubt is a finding. Pure.

A doubt is no verdict: it asks for what is missing. It blocks closing only where 关闭条件 says so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from ...choices import Level, ScoreItem
from ...fields import Field
from ...plan import Finding, Phrase, Severity
from ...register import CellRef
from ...texts import say
from ..last_whys import ends_in_blame, last_whys
from ..likeness.similar_texts import normalised, similarity
from .investigation import CHAINS, Investigation, numbers_of
from .settings import number

DEEP = (Level.URGENT, Level.MAJOR)
"""Levels whose investigation must say why it was not found earlier, and why it was possible."""

_TOLD = re.compile(
    r"培训|教育|管理|宣贯|宣导|监督|意识|责任心|考核|提醒|"
    r"\b(?:re)?train(?:ing)?\b|\bmanagement\b|\bsupervision\b|\bawareness\b|\beducation\b|\bdiscipline\b",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"加强|强化|增加|开展|进行|组织|再次|提高|力度|工作|质量|对|员工|人员|操作工|作业员|的|和|与|及|[\W_]|"
    r"\b(?:more|better|additional|strengthen|improve|increase|further|staff|operators?|employees?|the|of|and|for|to)\b",
    re.IGNORECASE,
)


def only_told(text: str) -> bool:
    """Whether an action changes nothing but what people are told: 加强培训, more training of operators."""
    return bool(_TOLD.search(text)) and not _FILLER.sub("", _TOLD.sub("", text))


def doubts(one: Investigation, others: Mapping[str, str]) -> Iterator[Finding]:
    """The doubts about an investigation, in the order of its parts.

    Args:
        one: The investigation.
        others: Feedback id -> what was found out about it, of feedback with another fault.
    """
    if any(one.chains.values()):
        yield from _chains(one)
    yield from _cause(one, others)
    yield from _counts(one)
    yield from _actions(one)
    yield from _documents(one)


def _on(one: Investigation, code: str, where: CellRef | None, found: str = "", **facts: object) -> Finding:
    return Finding(code, Severity.WARNING, where, found[:80], tuple(facts.items()), id=one.case.id)


def _chains(one: Investigation) -> Iterator[Finding]:
    scoring, deep = one.case.situation.rulebook.scoring, one.case.value(Field.LEVEL) in DEEP
    least, words = int(number(scoring, ScoreItem.WHYS)), last_whys(one.case.situation.rulebook.lists)
    for chain in CHAINS:
        rows = one.chains[chain]
        if rows and len(rows) < least:
            yield _on(one, "QT650", rows[-1].where, rows[-1].text("why"), chain=_chain(chain), n=len(rows), least=least)
        if rows and chain != "system" and ends_in_blame(rows[-1].text("why"), words) and not one.chains["system"]:
            yield _on(one, "QT652", rows[-1].where, rows[-1].text("why"))
    if deep and not one.chains["escape"]:
        last = next(rows[-1] for rows in one.chains.values() if rows)
        yield _on(one, "QT651", last.where)


def _cause(one: Investigation, others: Mapping[str, str]) -> Iterator[Finding]:
    cause, least = one.case.value(Field.ROOT_CAUSE), number(one.case.situation.rulebook.scoring, ScoreItem.SAME)
    if cause is not None:
        for field in (Field.TITLE, Field.DESCRIPTION):
            if one.case.value(field) is not None and _same(str(cause), str(one.case.value(field)), least):
                yield one.case.finding("QT653", Severity.WARNING, Field.ROOT_CAUSE, other=field)
                break
    if len(one.whys) >= LONG:
        copied = next((id for id, text in others.items() if id != one.case.id and _same(one.whys, text, least)), None)
        if copied is not None:
            yield one.case.finding("QT654", Severity.WARNING, Field.ROOT_CAUSE, other=copied)


LONG = 20
"""Characters from which on equal words of two investigations are no chance."""


def _same(one: str, other: str, least: float) -> bool:
    first, second = normalised([one, other])
    return bool(first) and similarity(first, second) >= least


def _actions(one: Investigation) -> Iterator[Finding]:
    mending = one.of_kind("corrective", "preventive")
    corrective = one.of_kind("corrective")
    against = {row.text("against") for row in corrective}
    for chain in CHAINS:
        rows = one.chains[chain]
        if rows and corrective and not against & _words(chain):
            yield _on(one, "QT655", rows[-1].where, rows[-1].text("why"), chain=_chain(chain))
    if any(one.chains.values()) and not corrective:
        last = next(rows[-1] for rows in one.chains.values() if rows)
        yield _on(one, "QT655", last.where, last.text("why"), chain=Phrase("evidence.any_chain"))
    for row in corrective:
        if lacks := tuple(Phrase(f"evidence.{key}") for key in ("against", "owner", "due") if not row.text(key)):
            yield _on(one, "QT656", row.where, row.text("text"), lacks=lacks)
        if row.text("done") and not (row.text("effect") or row.text("evidence")):
            yield _on(one, "QT658", row.where, row.text("text"))
    if mending and all(only_told(row.text("text")) for row in mending):
        yield _on(one, "QT657", mending[0].where, mending[0].text("text"))
    yield from _times(one)


def _times(one: Investigation) -> Iterator[Finding]:
    """What was done before there was a feedback, or is said to have been done on a day to come."""
    received, today = one.case.value(Field.RECEIVED_AT), one.case.situation.now.date()
    for row in one.actions:
        done = row.values.get("done")
        if not isinstance(done, dt.date):
            continue
        day = done.date() if isinstance(done, dt.datetime) else done
        if day > today:
            yield _on(one, "QT662", row.where, row.text("text"), why=Phrase("evidence.to_come"))
        elif isinstance(received, dt.datetime) and day < received.date():
            yield _on(one, "QT662", row.where, row.text("text"), why=Phrase("evidence.before"))


def _counts(one: Investigation) -> Iterator[Finding]:
    for line in one.report.get("places", ()):
        quantity, checked, bad = numbers_of(line, "quantity", "checked", "bad")
        pairs = ((bad, checked), (checked, quantity))
        if any(few is not None and many is not None and few > many for few, many in pairs):
            said = {
                "quantity": line.get("quantity", ""),
                "checked": line.get("checked", ""),
                "bad": line.get("bad", ""),
            }
            yield one.case.finding("QT660", Severity.WARNING, Field.CONTAINMENT, place=line.get("place", ""), **said)


def _documents(one: Investigation) -> Iterator[Finding]:
    lines = one.report.get("documents", ())
    if lines and all(line.get("changed") == "na" and not line.get("revision") for line in lines):
        yield one.case.finding("QT659", Severity.WARNING, Field.PREVENTION)


def _chain(name: str) -> Phrase:
    return Phrase(f"evidence.{name}")


def _words(chain: str) -> set[str]:
    """What 针对 may say for a chain."""
    return {say(_chain(chain), language) for language in ("zh", "en")} | {chain}
