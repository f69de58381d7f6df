"""Frame values and phrases as JSON and back, as the journal keeps them. Pure."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from .. import choices
from ..choices import Choice
from ..fields import FIELDS, PROGRAM_FIELDS, Field, Kind
from ..plan import Phrase
from ..register import is_missing, plain

DATED = frozenset(str(f) for f in Field if f.kind in (Kind.DATE, Kind.DATETIME))

PEOPLES = ("because.undo", "because.mirrored")
"""Reasons of cells that are a person's although the program wrote them."""

KEYS = tuple(str(f) for f in PROGRAM_FIELDS)
KNOWN = frozenset(KEYS)


as_json: Final = json.JSONEncoder(ensure_ascii=False).encode
"""Anything of these as JSON; `json.dumps` makes an encoder anew for each of a first run's rows."""

_AS_THEY_ARE: Final = frozenset((str, int, float, bool, type(None)))


def encode(value: Any) -> Any:
    """A frame value as JSON: moments as ISO text."""
    if type(value) is str:  # most are
        return value or None
    if is_missing(value):
        return None
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    return plain(value)


def decode(field: str, value: Any) -> Any:
    """The frame value of what `encode` made; a person may have typed a text where a date belongs."""
    if isinstance(value, str) and field in DATED:
        with contextlib.suppress(ValueError):
            return dt.datetime.fromisoformat(value)
    return value


def write_state(state: Mapping[str, Any]) -> str:
    """The cells of one row, key -> encoded value, as they are stored: by name, empty ones left out.

    A key that this version does not know stays in: a later or an earlier one may.
    """
    return as_json({key: value for key, value in state.items() if value is not None})


def phrase_out(phrase: Phrase) -> list[Any]:
    return [phrase.key, [[name, _fact_out(value)] for name, value in phrase.facts]]


def _fact_out(value: Any) -> Any:
    if type(value) in _AS_THEY_ARE:  # no choice, which is a str too
        return value
    if isinstance(value, Phrase):
        return {"phrase": phrase_out(value)}
    if isinstance(value, Field):
        return {"field": value.value}
    if isinstance(value, Choice):
        return {"choice": type(value).__name__, "code": value.value}
    if isinstance(value, (list, tuple)):
        return {"list": [_fact_out(item) for item in value]}
    if isinstance(value, (dt.datetime, dt.date)):
        return {"at": value.isoformat()}
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def phrase_in(data: Sequence[Any]) -> Phrase:
    return Phrase(data[0], tuple((name, _fact_in(value)) for name, value in data[1]))


def _fact_in(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "phrase" in value:
            return phrase_in(value["phrase"])
        if "field" in value:
            return FIELDS.get(value["field"], value["field"])
        if "choice" in value:
            return _choice(value["choice"], value["code"])
        if "at" in value:
            return dt.datetime.fromisoformat(value["at"])
        return [_fact_in(item) for item in value["list"]]
    return value


def _choice(name: str, code: str) -> str:
    """The choice; its code where this version has no such choice any more."""
    try:
        choice: Choice = getattr(choices, name)(code)
        return choice
    except (AttributeError, ValueError):
        return code
