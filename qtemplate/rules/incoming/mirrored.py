"""A register that stands beside a workbook of the team's that is only read: what changed there is brought over. Pure.

Three things are compared cell by cell: what the team's workbook says now, what it said when it was last brought over,
and what the register says. What changed on one side only holds; where both did, the register keeps its own and it is
told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from msgspec import Struct, field

from ...fields import FIELDS, Field, Filler
from ...plan import REGISTER, CellEdit, FactName, Finding, NewRow, Phrase, Plan, Remember, Severity
from ...register import is_missing, plain
from ..situation import Situation
from .ids import Numbering

MIRRORED = "because.mirrored"
MOST_NAMED = 10
SHOWN = 40


class Listing(Struct, frozen=True):
    """The cells of people's columns as they stand in a workbook.

    Attributes:
        book: Name of its file.
        sheet: Of its register.
        keys: What the columns are called in the register: field keys, or headers of the team's own.
        rows: Worksheet row -> cells, as many as keys.
    """

    book: str
    sheet: str
    keys: tuple[str, ...]
    rows: Mapping[int, Sequence[Any]]

    def numbered(self) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
        """(row, own number, cells by key), in the order of the sheet."""
        at = self.keys.index(Field.OWN_NUMBER) if Field.OWN_NUMBER in self.keys else None
        for row, cells in self.rows.items():
            yield row, "" if at is None else number_text(cells[at]), dict(zip(self.keys, cells, strict=True))


class _Seen(Struct):
    """What is told of a look at the team's workbook."""

    unnumbered: list[int] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    clashes: list[Phrase] = field(default_factory=list)


def number_text(cell: Any) -> str:
    """The team's own number as text: 12 and 12.0 are one."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if is_missing(cell) else str(cell).strip()


def seen_of(cells: Mapping[str, Any]) -> dict[str, str]:
    """What is kept of a row that was brought over: key -> a digest of its cell."""
    return {key: _digest(cell) for key, cell in cells.items()}


def mirror(situation: Situation, theirs: Listing, here: Listing) -> Plan:
    """Rows and cells that bring the register up to what the team's workbook says.

    Args:
        situation: The register as it is.
        theirs: The team's workbook.
        here: The same columns in the register.
    """
    register, memory, seen = situation.register, situation.memory, _Seen()
    places: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for row, number, cells in here.numbered():
        places.setdefault(number, (row, cells))
    numbering = Numbering(situation)
    edits: list[CellEdit] = []
    rows: list[NewRow] = []
    facts: list[Remember] = []
    because = Phrase.of(MIRRORED, book=theirs.book)
    done: set[str] = set()
    for row, number, now in theirs.numbered():
        if not number:
            seen.unnumbered.append(row)
            continue
        if number in done:
            seen.doubled.append(number)
            continue
        done.add(number)
        name = FactName.MIRRORED.of(number)
        last: Mapping[str, str] | None = memory.fact("", name)
        if number not in places:
            if last is None:  # else a person took the row out of the register
                id = numbering.next(_received(now))
                told = {key: cell for key, cell in now.items() if not is_missing(cell)}
                rows.append(NewRow(REGISTER, id, f"beside/{number}", {**told, Field.ID: id}, because))
                facts.append(Remember("", name, seen_of(now)))
            continue
        at, before = places[number]
        id = register.value(at, Field.ID)
        if is_missing(id):
            continue
        known = dict(last or {})
        for key, cell in now.items():
            change = _change(situation, at, key, (before.get(key), cell), known)
            if change is _CLASH:
                shown = (_short(before.get(key)), _short(cell))
                seen.clashes.append(
                    Phrase.of("beside.clash", number=number, name=FIELDS.get(key, key), here=shown[0], there=shown[1])
                )
            elif change is not None:
                edits.append(CellEdit(at, str(id), key, plain(register.frame[key].loc[at]), cell, because))
        if known != (last or {}):
            facts.append(Remember("", name, known))
    return Plan(tuple(_findings(theirs, seen)), tuple(edits), tuple(rows), facts=tuple(facts))


_CLASH, _EDIT = "clash", "edit"


def _change(situation: Situation, row: int, key: str, cells: tuple[Any, Any], known: dict[str, str]) -> str | None:
    """What is to be done about one cell; `known` is brought up to what is agreed on."""
    here, there = cells
    digest, last = _digest(there), known.get(key)
    if _digest(here) == digest:
        known[key] = digest
        return None
    if last == digest or key not in situation.register.columns:
        return None  # changed in the register only
    ours = last is not None and _digest(here) == last
    if is_missing(there) and not ours:
        known[key] = digest  # emptied there, filled here by others
        return None
    if is_missing(here) or ours or _is_programs(situation, row, key):
        known[key] = digest
        return _EDIT
    return _CLASH


def _is_programs(situation: Situation, row: int, key: str) -> bool:
    """Whether the register's cell holds what the program worked out: what people say goes before it."""
    known, written = FIELDS.get(key), situation.memory.written
    if known is None or known.filler is Filler.PERSON or known not in written.columns:
        return False
    id = situation.register.value(row, Field.ID)
    return id in written.index and plain(written.at[id, known]) == situation.register.value(row, key)


def _digest(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if is_missing(cell) else str(cell).strip()
    return blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest() if text else ""


def _received(cells: Mapping[str, Any]) -> Any:
    moment = cells.get(Field.RECEIVED_AT)
    return moment if hasattr(moment, "hour") and hasattr(moment, "year") else None


def _short(cell: Any) -> Any:
    return "–" if is_missing(cell) else " ".join(cell.split())[:SHOWN] if isinstance(cell, str) else cell


def _findings(theirs: Listing, seen: _Seen) -> Iterator[Finding]:
    book: tuple[tuple[str, Any], ...] = (("book", theirs.book),)
    if seen.unnumbered:
        cells = tuple(f"{theirs.sheet}!{row}" for row in seen.unnumbered[:MOST_NAMED])
        yield Finding("QT740", Severity.WARNING, facts=(*book, ("n", len(seen.unnumbered)), ("rows", cells)))
    if seen.doubled:
        named = tuple(dict.fromkeys(seen.doubled))[:MOST_NAMED]
        yield Finding("QT741", Severity.WARNING, facts=(*book, ("n", len(seen.doubled)), ("numbers", named)))
    if seen.clashes:
        named_clashes = tuple(seen.clashes[:MOST_NAMED])
        yield Finding("QT742", Severity.WARNING, facts=(*book, ("n", len(seen.clashes)), ("named", named_clashes)))
