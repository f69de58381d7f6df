"""A conflict copy compared with the register: what only the copy has, what it could fill, what differs. Pure.

Only columns that people fill are compared, and what they typed over a suggestion; the rest every run makes anew. Rows
are matched by id, those without one by what people wrote into them. Where both sides hold something a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from ...fields import FIELDS, Field, Filler
from ...plan import REGISTER, CellEdit, NewRow, Phrase
from ...register import CellRef, Register, is_missing, label_of, plain

NEVER_FILLED = frozenset({Field.REPLY_APPROVAL, Field.CLOSE_TYPE})
"""Decisions about the row as it stood in the copy; the register's row may say something else by now."""

SAME_STORY = (Field.RECEIVED_AT, Field.REPORTER, Field.TITLE)


class Difference(Struct, frozen=True):
    """A cell that the two sides fill differently, or that must not be filled from a copy; values as shown."""

    where: CellRef
    id: str | None
    field: str
    register: Any
    copy: Any


class Comparison(Struct):
    """What a copy has that the register has not.

    Attributes:
        rows: Rows to be appended, with what people filled in; the program numbers them in its next run.
        fills: Cells that are empty in the register.
        differs: For a person to decide.
        gone: Ids of the copy's rows that were deleted from the register since.
    """

    rows: list[NewRow] = field(default_factory=list)
    fills: list[CellEdit] = field(default_factory=list)
    differs: list[Difference] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


Written = Collection[tuple[str, str, Any]]
"""Id, field and value of every cell that the program ever wrote."""


def compare(register: Register, copy: Register, written: Written, name: str) -> Comparison:
    """Compares a copy with the register.

    Args:
        register, copy: As they were read.
        written: A row with one of these ids that is absent was deleted on purpose.
        name: Of the copy's file, for the reasons of the edits.
    """
    found = Comparison()
    keys = [key for key in copy.columns if key in register.columns and _is_persons(key)]
    known_ids = {id for id, _, _ in written}
    here, there = register.rows_by_id(), copy.rows_by_id()
    ours = {each.row: each for each in _rows(register)}
    stories = _stories(ours.values(), keys)
    for theirs in _rows(copy):
        own = theirs.id if there.get(theirs.id or "") == theirs.row else None  # a copied row has the id of another one
        story = stories.get(theirs.whole(keys), stories.get(theirs.short()))
        mine = ours[here[own]] if own in here else None if own else story
        if mine is not None:
            _compare_row(mine, theirs, keys, name, found)
            _compare_suggestions(mine, theirs, written, found)
        elif own in known_ids:
            found.gone.append(str(own))
        else:
            found.rows.append(_new_row(register, theirs))
    return found


class _Row(Struct, frozen=True):
    """A row of the register or of the copy; `values` are columns of the whole frame as plain Python."""

    register: Register
    row: int
    place: int
    values: Mapping[str, Sequence[Any]]

    @property
    def id(self) -> str | None:
        id = self.value(Field.ID)
        return None if is_missing(id) else str(id)

    def value(self, key: str) -> Any:
        return self.values[key][self.place]

    def content(self, key: str) -> Any:
        """What stands in a cell: its value, or the text that could not be read as one."""
        return self.register.wrong.get((self.row, key), self.value(key))

    def shown(self, key: str) -> Any:
        return label_of(key, self.content(key), self.register.language)

    def whole(self, keys: Sequence[str]) -> Any:
        """All that people wrote into it."""
        return tuple(str(self.content(key)) for key in keys)

    def short(self) -> Any:
        """The little that tells feedback apart; unlike any other where that is missing."""
        story = tuple(self.value(key) for key in SAME_STORY)
        return story if not any(is_missing(value) for value in story) else ("", self.row, self.register.sha256)


def _rows(register: Register) -> Iterator[_Row]:
    frame = register.frame
    values = {str(key): [plain(value) for value in frame[key].tolist()] for key in frame.columns}
    for place, row in enumerate(frame.index.tolist()):
        yield _Row(register, row, place, values)


def _is_persons(key: str) -> bool:
    return key not in FIELDS or FIELDS[key].filler is Filler.PERSON


def _stories(rows: Iterable[_Row], keys: Sequence[str]) -> dict[Any, _Row]:
    """What people wrote into a row -> the row, the first of several."""
    stories: dict[Any, _Row] = {}
    for each in rows:
        stories.setdefault(each.whole(keys), each)
        stories.setdefault(each.short(), each)
    return stories


def _compare_row(mine: _Row, theirs: _Row, keys: Sequence[str], name: str, found: Comparison) -> None:
    for key in keys:
        held, other = mine.content(key), theirs.content(key)
        if is_missing(other) or held == other:
            continue
        readable = (theirs.row, key) not in theirs.register.wrong
        if is_missing(held) and mine.id is not None and key not in NEVER_FILLED and readable:
            because = Phrase.of("because.conflict_copy", file=name)
            found.fills.append(CellEdit(mine.row, mine.id, key, None, theirs.value(key), because))
            continue
        found.differs.append(_difference(mine, theirs, key))


def _compare_suggestions(mine: _Row, theirs: _Row, written: Written, found: Comparison) -> None:
    """What somebody typed in the copy where the program only suggests: reported, for a person to decide."""
    for key in theirs.register.columns:
        known = FIELDS.get(key)
        if known is None or known.filler not in (Filler.SUGGESTED, Filler.LEARNED) or key not in mine.register.columns:
            continue
        other = theirs.content(key)
        if is_missing(other) or other == mine.content(key) or (str(mine.id), key, other) in written:
            continue
        found.differs.append(_difference(mine, theirs, key))


def _difference(mine: _Row, theirs: _Row, key: str) -> Difference:
    where = mine.register.cell(mine.row, key)
    assert where is not None  # only columns of both are compared
    return Difference(where, mine.id, key, mine.shown(key), theirs.shown(key))


def _new_row(register: Register, theirs: _Row) -> NewRow:
    """A row of the copy as a person typed it there, without what the program wrote."""
    return NewRow(REGISTER, "", f"conflict/{theirs.register.sha256[:12]}/{theirs.row}", dict(_typed(register, theirs)))


def _typed(register: Register, theirs: _Row) -> Iterator[tuple[str, Any]]:
    copy, numbered = theirs.register, theirs.id is not None  # numbered: the program has been there
    for key in copy.columns:
        known = FIELDS.get(key)
        if key not in register.columns or key in NEVER_FILLED:
            continue
        if known is not None and (known.filler is Filler.PROGRAM or (numbered and known.filler is not Filler.PERSON)):
            continue
        content = copy.raw.get((theirs.row, key), theirs.content(key))
        if not is_missing(content):
            yield key, content
