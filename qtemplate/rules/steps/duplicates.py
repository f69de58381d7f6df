"""The step that finds feedback recorded twice, for certain or perhaps, and 主反馈 that leads nowhere. Pure.

It makes findings only. Nothing is merged by itself: a person fills in 主反馈, and empties it to undo that.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from msgspec import Struct

from ...fields import Field
from ...plan import Finding, Phrase, Plan, Severity
from ...plan.look_back import COMPARED
from ..case import case_at, cases
from ..likeness.double_entry import perhaps_twice
from ..likeness.similar_texts import Texts, normalised, shared_parts
from ..situation import Situation
from ..standing import Mask, among, dates, examples, has, live, ranks, rows_by_id, values

ALIKE = 0.6
MOST_ASKED = 500
"""So many of the newest open ones are compared word by word with their product's; equal ones are found among all."""


ASKED = (
    Field.ID,
    Field.PRODUCT,
    Field.MODEL,
    Field.SERIAL,
    Field.REPORTER,
    Field.FAULT,
    Field.TITLE,
    Field.DESCRIPTION,
    Field.RECEIVED_AT,
    Field.CLOSED_AT,
    Field.MASTER,
)
"""All that the comparison looks at."""

SAID = (Field.TITLE, Field.DESCRIPTION, Field.SERIAL)
"""What tells what happened; the device's number is taken out of the description."""

MOST_AT_ONCE = 30_000
"""Texts are compared so many pairs at a time: what that makes stays in the processor's cache."""

Codes = npt.NDArray[np.intp]


class _Kept(Struct, frozen=True):
    """The rows that are compared, by receipt: frame positions, words as said, normalised, numbers (-1 = none)."""

    places: list[int]
    said: list[str]
    words: list[str]
    product: Codes
    model: Codes
    serial: Codes
    reporter: Codes
    fault: Codes


def duplicates(situation: Situation) -> Plan:
    """QT350 for certain duplicates, QT351 for similar ones, QT352 for what was not compared, QT353 for bad masters.

    Every open row is compared, however old: two open ones mean double work, also in a register that spans many years.
    """
    what = ("duplicates", situation.examples, situation.now)
    return Plan(situation.answers.once(what, ASKED, lambda: _found(situation)))


def _found(situation: Situation) -> tuple[Finding, ...]:
    findings = list(_masters(situation))
    told = has(situation, Field.DESCRIPTION) & has(situation, Field.PRODUCT) & has(situation, Field.ID)
    told &= has(situation, Field.RECEIVED_AT) & ~examples(situation)
    open_ = live(situation)
    asked = told & open_
    if not asked.any():
        return tuple(findings)
    recent = open_ | (dates(situation, Field.RECEIVED_AT) >= np.datetime64(situation.now - COMPARED))
    products = values(situation, Field.PRODUCT)
    of_products = among(products, set(products[asked].tolist()))
    kept = _kept(situation, told & recent & of_products & ~has(situation, Field.MASTER))
    findings += _compare(situation, kept, asked)
    return tuple(findings)


def _kept(situation: Situation, mask: Mask) -> _Kept:
    """The rows in order of receipt, so that the earlier one of two is the original."""
    places = np.flatnonzero(mask)
    keys = (ranks(values(situation, Field.ID)[places]), dates(situation, Field.RECEIVED_AT)[places])
    places = places[np.lexsort(keys)]

    def column(key: Field) -> npt.NDArray[Any]:
        return values(situation, key)[places]

    spoken = []
    for title, text, serial in zip(*(column(key).tolist() for key in SAID), strict=True):
        words = str(text).replace(serial, " ") if isinstance(serial, str) else str(text)
        spoken.append(f"{title} {words}" if isinstance(title, str) else words)
    people = normalised([name if isinstance(name, str) else "" for name in column(Field.REPORTER).tolist()])
    codes = [pd.factorize(column(key))[0] for key in (Field.PRODUCT, Field.MODEL, Field.SERIAL, Field.FAULT)]
    reporter = pd.factorize(np.array([name or None for name in people], dtype=object))[0]
    return _Kept(places.tolist(), spoken, normalised(spoken), codes[0], codes[1], codes[2], reporter, codes[3])


def _compare(situation: Situation, kept: _Kept, asked: Mask) -> Iterable[Finding]:
    first: dict[tuple[int, str], list[int]] = {}
    for at, key in enumerate(zip(kept.product.tolist(), kept.words, strict=True)):
        first.setdefault(key, []).append(at)
    left = []
    for at in np.flatnonzero(asked[kept.places]).tolist():
        equal = first[int(kept.product[at]), kept.words[at]]
        original = _original(kept, at, equal) if len(equal) > 1 else None
        if original is None:
            left.append(at)
        else:
            yield _certain(situation, kept, at, original)
    looked, rest = left[-MOST_ASKED:], left[:-MOST_ASKED]
    if rest:
        yield Finding("QT352", Severity.INFO, facts=(("looked", len(looked)), ("left", len(rest))))
    best = _most_similar(kept, np.array(looked, np.intp))
    for at in looked:
        if at in best:
            yield _similar(situation, kept, at, *best[at])


def _most_similar(kept: _Kept, looked: Codes) -> dict[int, tuple[int, float]]:
    """For each that was looked at and is like an earlier one of its product, the most similar, and how similar."""
    found: dict[int, tuple[int, float]] = {}
    for product in dict.fromkeys(kept.product[looked].tolist()):
        members, asked = np.flatnonzero(kept.product == product), looked[kept.product[looked] == product]
        texts, step = Texts([kept.words[member] for member in members]), max(1, MOST_AT_ONCE // len(members))
        for part in (asked[begin : begin + step] for begin in range(0, len(asked), step)):
            comparable = partial(_comparable, kept, part, members)
            likest = texts.most_similar([kept.words[at] for at in part], ALIKE, among=comparable)
            for at, best in zip(part.tolist(), likest, strict=True):
                if best is not None:
                    found[at] = int(members[best[0]]), best[1]
    return found


def _original(kept: _Kept, at: int, equal: list[int]) -> int | None:
    """The first of the rows with equal words about the same model, by the same reporter or about the same device."""
    others = np.array(equal)
    others = others[others < at]
    same = (kept.model[others] == kept.model[at]) & ~_differ(kept.serial, at, others)
    same_device = (kept.serial[others] == kept.serial[at]) & (kept.serial[at] != -1)
    same &= same_device | ((kept.reporter[others] == kept.reporter[at]) & (kept.reporter[at] != -1))
    return int(others[same][0]) if same.any() else None


def _differ(codes: Codes, one: int | Codes, other: int | Codes) -> Mask:
    """Where both have a value, and not the same one."""
    left, right = codes[one], codes[other]
    return np.asarray((left != -1) & (right != -1) & (left != right))


def _comparable(kept: _Kept, asked: Codes, others: Codes, askers: Codes, places: Codes) -> Mask:
    """Which pairs of an asked row and another one, which is earlier, may be the same incident.

    Another model or device is another incident; the same fault of the same model, told by somebody else, is a
    recurrence, which stands in 关联反馈.
    """
    one, other = asked[askers], others[places]
    apart = _differ(kept.model, one, other) | _differ(kept.serial, one, other)
    same_fault = (kept.fault[one] != -1) & (kept.fault[other] == kept.fault[one])
    told_by_another = same_fault & (kept.reporter[other] != kept.reporter[one])
    return np.asarray((other < one) & ~apart & ~told_by_another)


def _certain(situation: Situation, kept: _Kept, at: int, other: int) -> Finding:
    by_reporter = kept.reporter[at] == kept.reporter[other]
    why = Phrase("same.reporter" if by_reporter else "same.serial")
    case, known = case_at(situation, kept.places[at]), _id_of(situation, kept, other)
    return case.finding("QT350", Severity.WARNING, Field.DESCRIPTION, other=known, why=why)


def _similar(situation: Situation, kept: _Kept, at: int, other: int, score: float) -> Finding:
    one, two = kept.words[at], kept.words[other]
    why = (
        Phrase("same.words")
        if one == two
        else Phrase.of("same.part", parts=tuple(shared_parts(one, two, kept.said[at], 2)))
    )
    if _differ(kept.reporter, at, other):
        why = Phrase.of("same.and", one=why, other=Phrase("same.other_reporter"))
    case, known = case_at(situation, kept.places[at]), _id_of(situation, kept, other)
    soon = perhaps_twice(case, case_at(situation, kept.places[other]))
    severity = Severity.WARNING if soon else Severity.INFO
    return case.finding("QT351", severity, Field.DESCRIPTION, other=known, score=f"{score:.0%}", why=why)


def _id_of(situation: Situation, kept: _Kept, at: int) -> str:
    return case_at(situation, kept.places[at]).id


def _masters(situation: Situation) -> Iterable[Finding]:
    """主反馈 that names no row, the row itself, or leads back to it."""
    merged = has(situation, Field.MASTER)
    if not merged.any():
        return
    ids = rows_by_id(situation)
    above = dict(zip(*(values(situation, key)[merged].tolist() for key in (Field.ID, Field.MASTER)), strict=True))
    for case in cases(situation, merged):
        id, master = case.id, case.value(Field.MASTER)
        why = None
        if master == id:
            why = Phrase("master.itself")
        elif master not in ids:
            why = Phrase.of("master.unknown", master=master)
        else:
            chain = [id]
            while master in above and master not in chain:
                chain.append(master)
                master = above[master]
            if master == id:
                why = Phrase.of("master.circle", ids=(*chain, id))
        if why is not None:
            yield case.finding("QT353", Severity.ERROR, Field.MASTER, why=why)
