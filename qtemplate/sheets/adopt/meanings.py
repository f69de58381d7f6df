"""What a team's values mean: 高, P1, CLOSED, 已完成 to our codes, from `templates/adopt/values.toml`.

A number is asked about: 1 is the worst here and the least elsewhere.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct

from ...fields import FIELDS, Kind
from ...resources import templates_root
from .grid import is_blank, text_of
from .proposal import ColumnProposal, Confidence, ValueProposal, is_programs
from .vocabulary import OwnWords, fold_header

MOST_VALUES = 60
"""Different values of a column that are proposed; more are no closed set."""

NUMBERED = re.compile(r"^(?:[\d一二三四五]+\s*[-.:：、)）]\s*)(?=\D)|(?<=\D)\s*[(（][^)）]*[)）]$")
"""`1 - Critical`, `P2 (High)`: what stands around the word that counts."""


class Meanings(Struct, frozen=True):
    """Field key -> folded word -> (code, confidence)."""

    by_field: Mapping[str, Mapping[str, tuple[str, Confidence]]]

    @property
    def words(self) -> Mapping[str, Collection[str]]:
        """Field key -> every known word."""
        return self.by_field

    def of(self, field: str, text: str) -> tuple[str | None, Confidence]:
        """What a text means in a field."""
        known = self.by_field.get(field, {})
        for form in (text, NUMBERED.sub("", text.strip())):
            found = known.get(fold_value(form))
            if found is not None:
                return found
        return None, Confidence.NONE


def fold_value(text: str) -> str:
    """The form in which two spellings of one value are equal."""
    return fold_header(text, {}) or text.strip().casefold()


def read_meanings(own: OwnWords = ()) -> Meanings:
    """The words that ship, those of the standard workbook, and a team's own, which win.

    Args:
        own: The team's files; `read_vocabulary` looked at their form.
    """
    return _read(own) if own else _shipped()


@cache
def _shipped() -> Meanings:
    return _read(())


def _read(own: OwnWords) -> Meanings:
    paths = [templates_root() / "adopt" / "values.toml", *reversed(own)]
    found: dict[str, dict[str, tuple[str, Confidence]]] = {}
    for path in paths:
        for field, parts in tomllib.loads(path.read_text("utf-8")).get("values", {}).items():
            known = found.setdefault(field, {})
            for confidence in (Confidence.ASK, Confidence.SURE):
                for code, words in parts.get(confidence.value, {}).items():
                    known |= {fold_value(word): (str(code), confidence) for word in words}
    for field in FIELDS.values():
        if field.choices is not None:
            known = found.setdefault(field.value, {})
            for choice in field.choices:
                for word in (choice.zh, choice.en, choice.value):
                    known.setdefault(fold_value(word), (choice.value, Confidence.SURE))
    return Meanings(found)


def propose_values(
    columns: Sequence[ColumnProposal], counts: Mapping[str, Counter[str]], meanings: Meanings
) -> tuple[ValueProposal, ...]:
    """A proposal per value of the columns whose field has a closed set.

    Args:
        columns: As they were matched.
        counts: Column letters -> how many rows hold each text.
    """
    found = []
    for column in columns:
        if column.field is None or not has_closed_set(column.field) or column.column not in counts:
            continue
        for text, count in counts[column.column].most_common(MOST_VALUES):
            means, confidence = meanings.of(column.field, text)
            doubted = column.confidence is Confidence.ASK and not is_programs(column.field)
            if confidence is Confidence.SURE and doubted:  # no word is surer than the column that it stands in
                confidence = Confidence.ASK
            found.append(ValueProposal(column.header, column.field, text, count, means, confidence))
    return tuple(found)


def has_closed_set(field: str) -> bool:
    """Whether the field's values are ours to name."""
    return field in FIELDS and (FIELDS[field].choices is not None or FIELDS[field].kind is Kind.SCALE)


def count_values(cells: Sequence[Any]) -> Counter[str]:
    """How many cells hold each text."""
    counts: Counter[str] = Counter()
    for (_, cell), count in Counter((type(cell), cell) for cell in cells).items():  # True and 1 are equal to Python
        if not is_blank(cell):
            counts[text_of(cell)] += count
    return counts
