"""The lines of a mail's body before quotation and answer are told apart: data only."""

from __future__ import annotations

from msgspec import Struct


class Words(Struct, frozen=True):
    """Lines as a reader sees them.

    Args:
        lines: Without line ends. A quoted line may begin with ">".
        quoted: Positions of lines that the markup says are a quotation.
        signature: Positions of lines that the markup says are a signature.
    """

    lines: tuple[str, ...] = ()
    quoted: frozenset[int] = frozenset()
    signature: frozenset[int] = frozenset()

    @classmethod
    def plain(cls, text: str) -> Words:
        """The lines of a plain text, ended by "\\n"."""
        return cls(tuple(line.rstrip() if line != "-- " else line for line in text.split("\n")))

    @property
    def is_blank(self) -> bool:
        return not any(line.strip() for line in self.lines)

    def __add__(self, other: Words) -> Words:
        """One body after the other, as parts of a mail follow each other."""
        if not self.lines or not other.lines:
            return self if self.lines else other
        moved = len(self.lines)
        return Words(
            self.lines + other.lines,
            self.quoted | {at + moved for at in other.quoted},
            self.signature | {at + moved for at in other.signature},
        )
