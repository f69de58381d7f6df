"""An answer as it is kept in the journal -> the value its column holds, by the register's own words. Pure."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

from ...fields import Field, Kind
from ...register import label_of
from ..case import Case


def value_of(case: Case, field: Field, said: str) -> Any:
    """The frame value that an answer means.

    Args:
        case: The row that it is about.
        field: The column.
        said: A text as typed, or a day or moment as ISO text.

    Returns:
        None where the column cannot hold it.
    """
    if field.kind in (Kind.DATE, Kind.DATETIME):
        try:
            moment = dt.datetime.fromisoformat(said)
        except ValueError:
            return None
        return dt.datetime.combine(moment.date(), dt.time()) if field.kind is Kind.DATE else moment
    if field.kind in (Kind.INT, Kind.SCALE):
        folded = unicodedata.normalize("NFKC", said).strip()
        return int(folded) if folded.isdecimal() and len(folded) < 16 else None
    if field.kind is Kind.ENUM and field.choices is not None:
        known = {label: str(code) for label, code in case.situation.rulebook.lists.get(field.value, {}).items()}
        known |= {name: str(member) for member in field.choices for name in (member.zh, member.en, str(member))}
        folded_names = {fold(name): code for name, code in known.items()}
        return folded_names.get(fold(said))
    return said


def shown_value(field: Field, value: Any, language: str) -> str:
    """A value as people read it and `value_of` too: a choice by its label, a day as ISO text."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    shown = label_of(field, value, language)
    return "" if shown is None else str(shown)


def fold(text: str) -> str:
    """A word without what people type differently: width, case, blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
