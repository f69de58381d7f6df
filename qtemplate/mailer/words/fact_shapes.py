"""What a fact of a mail can look like, and how a fact is declared. Data only."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Shape(StrEnum):
    """What a fact looks like; the value says it in a problem's sentence."""

    TEXT = "text"
    COUNT = "a whole number"
    FLAG = "true or false"
    TEXTS = "a list of texts"
    RECORD = "a mapping"
    RECORDS = "a list of mappings"


class Fact(Struct, frozen=True):
    """One fact: name, shape, what it is; `parts` are the keys of a mapping or of each mapping of a list,
    `one_of` the only values of a text.

    A required fact must be there and, text and lists, not empty. An optional one defaults to its shape's empty value
    (a mapping to None).
    """

    name: str
    shape: Shape
    about: str
    required: bool = True
    parts: tuple[Fact, ...] = ()
    one_of: tuple[str, ...] = ()

    @property
    def empty(self) -> object:
        """What a template sees when an optional fact was not given."""
        if self.shape is Shape.TEXT:
            return ""
        if self.shape is Shape.COUNT:
            return 0
        if self.shape is Shape.FLAG:
            return False
        return None if self.shape is Shape.RECORD else []
