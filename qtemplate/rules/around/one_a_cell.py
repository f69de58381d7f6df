"""One cell, one finding: where several checks find fault with it, one sentence says all that is to be done. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from ...plan import Finding, Severity
from ...register import CellRef

APART = frozenset(
    {
        "QT140", "QT141", "QT341", "QT622", "QT623", "QT711", "QT714",  # what a run did, or could not do
        "QT133", "QT350", "QT351",  # the whole row
        "QT145",  # a file; a cell may name several
        "QT190",  # words of the team's own
        "QT220", "QT221", "QT222", "QT223", "QT224", "QT225",  # a decision table, told where there is a cell
    }
)  # fmt: skip
"""Codes that are about something else than what the cell holds; they stand by themselves."""

READING = "QT10"
"""Begins the codes about how a cell is written; what it shows is best told as they found it."""

RANKS = {"QT16": 1, READING: 2, "QT31": 3}
"""Beginning of a code -> how general it is; any other is about just this column."""

ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def one_a_cell(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with one about what a cell holds, where the first of them stood; others stay as they are.

    The most telling stands: error before warning before info, then what is about this column before what is about any.
    Whatever else has to be done there is `also` said by it.
    """
    here: dict[CellRef, list[Finding]] = {}
    for item in findings:
        if item.where is not None and item.code not in APART:
            here.setdefault(item.where, []).append(item)
    joined = {where: _joined(items) for where, items in here.items() if len(items) > 1}
    if not joined:
        return tuple(findings)
    kept: dict[int | CellRef, Finding] = {}
    for place, item in enumerate(findings):
        if item.where in joined and item.code not in APART:
            kept.setdefault(item.where, joined[item.where])
        else:
            kept[place] = item
    return tuple(kept.values())


def _joined(items: Iterable[Finding]) -> Finding:
    """One finding for what is said of a cell."""
    first, *rest = sorted(items, key=lambda item: (ORDER[item.severity], _generality(item)))
    told, more = [first], list[Finding]()
    for item in rest:
        if _adds(item, told):
            told.append(item)
            more.append(item)
    shown = next((item.found for item in (first, *rest) if item.code.startswith(READING)), first.found)
    return replace(first, found=shown, also=tuple(more))


def _generality(item: Finding) -> int:
    return RANKS.get(item.code[:4], 0)


def _adds(item: Finding, told: Sequence[Finding]) -> bool:
    """Whether whoever does what has been told would have to do something more."""
    codes = {each.code for each in told}
    match item.code:
        case "QT310":  # a table that cannot decide, since the cell cannot be read
            return False
        case "QT160":  # to be filled in; the same as
            return "QT110" not in codes
        case "QT101":  # to be written in another way, which it is as soon as a wrong value is corrected
            return all(each.severity is not Severity.ERROR for each in told)
        case _:
            return (item.code, item.facts) not in {(each.code, each.facts) for each in told}
