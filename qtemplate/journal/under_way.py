"""The patch that is under way: noted before the workbook is touched, then taken into states and change log. Pure.

A very first run fills hundreds of thousands of cells. So what is noted of a row is, letter for letter, its line of the
change log: it is written once, never decoded as a whole, and only one row at a time stands open in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec import Struct

from ..plan import CellEdit, Phrase, Remember
from .encoding import DATED, as_json, decode, encode, phrase_out

NoteLine = tuple[str, str]
"""Id of a row, and its cells as the change log keeps them: JSON of [[field, before, after, because], …]."""

_OLD: Final = "["
"""How the note of an earlier version begins: one JSON list of [id, field, before, after, because]."""


class Pending(Struct, frozen=True):
    """A patch that was under way when a run stopped.

    Args:
        run, at: The run, and its moment as ISO text.
        sha_before, sha_after: Digests of the register; the second is known when the new one is complete.
        note: What `note_of` made of the edits.
        facts: What holds from the patch on.
    """

    run: str
    at: str
    sha_before: str
    sha_after: str | None
    note: str
    facts: tuple[Remember, ...]

    def lines(self) -> Iterator[NoteLine]:
        """The rows of the patch, one at a time."""
        note, start = self.note, 0
        while start < len(note):
            tab, end = note.index("\t", start), note.find("\n", start)
            end = end if end >= 0 else len(note)
            yield json.loads(note[start:tab]), note[tab + 1 : end]
            start = end + 1

    def written(self) -> Iterator[tuple[str, str, Any]]:
        """Id, field and frame value of every cell that it writes."""
        for id, cells in self.lines():
            for field, _, after, _ in json.loads(cells):
                yield id, field, decode(field, after)


def note_of(edits: Iterable[CellEdit]) -> str:
    """The edits as text: a line a row, its id, a tab and its cells; JSON holds neither tabs nor ends of lines."""
    by_id: dict[str, list[CellEdit]] = {}
    for edit in edits:
        by_id.setdefault(edit.id or "", []).append(edit)
    return _joined((id, [_cell(e.field, e.before, e.after, e.because) for e in cells]) for id, cells in by_id.items())


def note_read(note: str) -> str:
    """The same of a note as it is stored, which an earlier version may have left."""
    if not note.startswith(_OLD):
        return note
    by_id: dict[str, list[list[Any]]] = {}
    for id, field, before, after, because in json.loads(note):
        by_id.setdefault(id, []).append([field, _settled(field, before), _settled(field, after), because])
    return _joined(by_id.items())


def _joined(lines: Iterable[tuple[str, list[list[Any]]]]) -> str:
    return "\n".join([f"{as_json(id)}\t{as_json(cells)}" for id, cells in lines])


def _cell(field: str, before: Any, after: Any, because: Phrase) -> list[Any]:
    return [field, _settled(field, encode(before)), _settled(field, encode(after)), phrase_out(because)]


def _settled(field: str, value: Any) -> Any:
    """A date as moments are written, whatever form it was typed in."""
    return encode(decode(field, value)) if field in DATED else value
