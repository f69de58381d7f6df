"""The step that finds feedback recorded twice, for certain or perhaps, and 主反馈 that leads nowhere. Pure.

It makes findings only. Nothing is merged by itself: a person fills in 主反馈, and empties it to undo that.
"""

from __future__ import annotations

from collections.abc import Iterable

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
from ..standing import Mask, examples, has, live, rows_by_id

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

Codes = npt.NDArray[np.intp]


class _Kept(Struct, frozen=True):
    """The rows that are compared, by receipt: frame positions, normalised words, and a number per value (-1 = none)."""

    places: list[int]
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
    frame = situation.frame
    received = frame[Field.RECEIVED_AT]
    told = has(situation, Field.DESCRIPTION) & has(situation, Field.PRODUCT) & has(situation, Field.ID)
    told &= received.notna().to_numpy() & ~examples(situation)
    open_ = live(situation)
    asked = told & open_
    if not asked.any():
        return tuple(findings)
    since = situation.now - COMPARED
    recent = open_ | (received >= since).fillna(False).to_numpy(dtype=bool)
    of_products = frame[Field.PRODUCT].isin(frame.loc[asked, Field.PRODUCT].unique()).to_numpy(dtype=bool)
    kept = _kept(situation, told & recent & of_products & ~has(situation, Field.MASTER))
    findings += _compare(situation, kept, asked)
    return tuple(findings)


def _kept(situation: Situation, mask: Mask) -> _Kept:
    """The rows in order of receipt, so that the earlier one of two is the original."""
    frame = situation.frame
    order = frame.loc[mask, [Field.RECEIVED_AT, Field.ID]].sort_values([Field.RECEIVED_AT, Field.ID]).index
    places = frame.index.get_indexer(order)

    def column(key: Field) -> pd.Series:
        return frame[key].iloc[places]

    spoken = []
    cells = zip(column(Field.TITLE), column(Field.DESCRIPTION), column(Field.SERIAL), strict=True)
    for title, text, serial in cells:
        words = str(text).replace(serial, " ") if isinstance(serial, str) else str(text)
        spoken.append(f"{title} {words}" if isinstance(title, str) else words)
    people = normalised([name if isinstance(name, str) else "" for name in column(Field.REPORTER)])
    codes = [pd.factorize(column(key))[0] for key in (Field.PRODUCT, Field.MODEL, Field.SERIAL, Field.FAULT)]
    reporter = pd.factorize(pd.Series([name or None for name in people], dtype=object))[0]
    return _Kept(places.tolist(), normalised(spoken), codes[0], codes[1], codes[2], reporter, codes[3])


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
    groups: dict[int, tuple[Codes, Texts]] = {}
    for at in looked:
        number = int(kept.product[at])
        if number not in groups:
            members = np.flatnonzero(kept.product == number)
            groups[number] = (members, Texts([kept.words[member] for member in members]))
        members, texts = groups[number]
        earlier = members[: int(np.searchsorted(members, at))]
        best = texts.most_similar(kept.words[at], ALIKE, among=_comparable(kept, at, earlier))
        if best is not None:
            yield _similar(situation, kept, at, int(members[best[0]]), best[1])


def _original(kept: _Kept, at: int, equal: list[int]) -> int | None:
    """The first of the rows with equal words about the same model, by the same reporter or about the same device."""
    others = np.array(equal)
    others = others[others < at]
    same = (kept.model[others] == kept.model[at]) & ~_differ(kept.serial, at, others)
    same_device = (kept.serial[others] == kept.serial[at]) & (kept.serial[at] != -1)
    same &= same_device | ((kept.reporter[others] == kept.reporter[at]) & (kept.reporter[at] != -1))
    return int(others[same][0]) if same.any() else None


def _differ(codes: Codes, at: int, others: Codes) -> Mask:
    """Where both have a value, and not the same one."""
    differ: Mask = (codes[at] != -1) & (codes[others] != -1) & (codes[others] != codes[at])
    return differ


def _comparable(kept: _Kept, at: int, earlier: Codes) -> Mask:
    """Which earlier rows may be the same incident.

    Another model or device is another incident; the same fault of the same model, told by somebody else, is a
    recurrence, which stands in 关联反馈.
    """
    other = _differ(kept.model, at, earlier) | _differ(kept.serial, at, earlier)
    same_fault = (kept.fault[at] != -1) & (kept.fault[earlier] == kept.fault[at])
    comparable: Mask = ~other & ~(same_fault & (kept.reporter[earlier] != kept.reporter[at]))
    return comparable


def _certain(situation: Situation, kept: _Kept, at: int, other: int) -> Finding:
    by_reporter = kept.reporter[at] == kept.reporter[other]
    why = Phrase("same.reporter" if by_reporter else "same.serial")
    case, known = case_at(situation, kept.places[at]), _id_of(situation, kept, other)
    return case.finding("QT350", Severity.WARNING, Field.DESCRIPTION, other=known, why=why)


def _similar(situation: Situation, kept: _Kept, at: int, other: int, score: float) -> Finding:
    one, two = kept.words[at], kept.words[other]
    why = Phrase("same.words") if one == two else Phrase.of("same.part", parts=tuple(shared_parts(one, two)[:2]))
    if _differ(kept.reporter, at, np.array([other]))[0]:
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
    frame, ids = situation.frame, rows_by_id(situation)
    above = dict(zip(frame.loc[merged, Field.ID], frame.loc[merged, Field.MASTER], strict=True))
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
