"""Meetings as the journal remembers them, and which row of 会议 each of them is by now. Pure.

A row has no number of its own. It is the meeting that was known at its time; else the one that stood in its line, whose
time has changed; else the next that has no row any more.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..rulebook import LogRow

CALLED_OFF = ("取消", "已取消", "cancelled", "canceled", "called off")
"""Words that take a meeting back where they are all that stands under 决议."""


class Meeting(Struct, frozen=True):
    """A meeting that people were invited to.

    Attributes:
        name: Of its calendar entry; never changes.
        begins: Naive, the register's zone.
        people: Names of 人员, in the order of the cell.
        sequence: How often it was changed.
        line: Of the sheet, where it stood last.
        off: It was called off.
        gone: Who was invited and is not any more, since the last change.
        told: Somebody else has invited to it as it was first.
    """

    name: str
    begins: dt.datetime
    place: str
    people: tuple[str, ...]
    sequence: int = 0
    line: int = 0
    off: bool = False
    gone: tuple[str, ...] = ()
    told: bool = False

    def as_kept(self) -> list[Any]:
        """What the journal keeps of it."""
        people, gone = [*self.people], [*self.gone]
        return [self.name, self.begins.isoformat(), self.place, people, self.sequence, self.line, self.off, gone,
                self.told]  # fmt: skip

    @classmethod
    def of(cls, kept: Sequence[Any]) -> Meeting:
        """The meeting that was kept."""
        name, begins, place, people, sequence, line, off, gone, told = kept
        at = dt.datetime.fromisoformat(begins)
        return cls(name, at, place, tuple(people), sequence, line, off, tuple(gone), told)

    def called_off(self) -> Meeting:
        """The meeting once it does not take place."""
        return replace(self, sequence=self.sequence + 1, off=True, gone=())

    def changed(self, begins: dt.datetime, place: str, people: tuple[str, ...]) -> Meeting:
        """The meeting with another time, place or other people; itself where nothing differs."""
        if (begins, place, people) == (self.begins, self.place, self.people):
            return self
        gone = tuple(name for name in self.people if name not in people)
        return replace(
            self, begins=begins, place=place, people=people, sequence=self.sequence + 1, gone=gone, told=False
        )


def is_called_off(row: LogRow) -> bool:
    """Whether a row says itself that its meeting does not take place."""
    return unicodedata.normalize("NFKC", row.text("decisions")).strip().casefold().rstrip("。.") in CALLED_OFF


def same_meetings(known: Sequence[Meeting], rows: Iterable[LogRow], now: dt.datetime) -> Mapping[int, LogRow]:
    """Position among the known meetings -> the row that it is now; what was called off, or is over, changes no more."""
    left = {row.row: row for row in rows}
    open_ = [at for at, meeting in enumerate(known) if not meeting.off]
    found: dict[int, LogRow] = {}
    for at in open_:
        row = next((row for row in left.values() if row.values.get("date") == known[at].begins), None)
        if row is not None:
            found[at] = left.pop(row.row)
    for at in open_:
        if at not in found and known[at].begins > now and known[at].line in left:
            found[at] = left.pop(known[at].line)
    for at in open_:
        if at not in found and known[at].begins > now and left:
            found[at] = left.pop(next(iter(left)))
    return found
