"""The rows of a list as what came in: fields of the register, their own number, what each says."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from json.encoder import encode_basestring
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct

from ...fields import FIELDS, Field, Kind
from ...plan.received import CELLS, Received, Said
from ...sheets.headers import fold
from ...sheets.reading.text_dates import date_in_text
from ..mapping import ChannelMap
from ..unfit import Unfit
from .table import Table

Column = Sequence[Any]
MANY = 200
"""Different moments from which on they are read all at once; loading what does that takes as long as so many."""


class Records(Struct, frozen=True):
    """A list, column by column, as the register has it.

    Attributes:
        channel: Of its folder.
        shape: What all of its rows share, as JSON.
        key: Their own numbers, "" where they have none.
        columns: What each says; texts, "" where it says nothing. Moments are ISO texts.
        received: The column of when each was received; None = the list does not say.
        at: When the list came in; aware, in the register's zone.
    """

    channel: str
    shape: str
    key: Column
    columns: Sequence[Column]
    received: Column | None
    at: dt.datetime

    def __iter__(self) -> Iterator[Received]:
        """The rows in their order, without those that say nothing."""
        moments = _moments(self.received, len(self.key), self.at.replace(tzinfo=None, microsecond=0))
        for number, moment, cells in zip(self.key, moments, zip(*self.columns, strict=True), strict=True):
            if any(cells):
                told = encode_basestring(CELLS.join(cells))
                digest = blake2b(told.encode("utf-8", "replace"), digest_size=16).hexdigest()
                yield Received(self.channel, number, digest, moment, Said(f'{{"cells":{told}}}', self.shape))


def read_records(table: Table, mapping: ChannelMap, at: dt.datetime) -> Records:
    """What a list says.

    Args:
        table: The list.
        mapping: What its columns and values mean.
        at: When it came in; aware, in the register's zone.

    Raises:
        Unfit: The mapping names columns that the list does not have, or nothing of it is known.
    """
    _require_columns(table, mapping)
    key: Column = [""] * len(table)
    fields: dict[str, Column] = {}
    for header, column in zip(table.headers, table.columns, strict=True):
        target = mapping.target(header)
        if fold(header) == mapping.own_number:
            key = _texts(column, texts=table.texts)
        if target is not None and target not in fields:
            fields[target] = _converted(target, column, mapping, at.tzinfo, texts=table.texts)
    if not fields:
        raise Unfit("nothing_known", headers=table.headers[:20])
    constants = {name: _converted(name, [value], mapping, at.tzinfo)[0] for name, value in mapping.constants.items()}
    said = {"channel": mapping.channel, "own": mapping.own_words, "constants": constants, "names": list(fields)}
    shape = json.dumps(said, ensure_ascii=False)
    return Records(mapping.name, shape, key, list(fields.values()), fields.get(Field.RECEIVED_AT), at)


def _require_columns(table: Table, mapping: ChannelMap) -> None:
    here = {fold(header) for header in table.headers}
    named = [*mapping.columns, *([mapping.own_number] if mapping.key else [])]
    missing = [name for name in dict.fromkeys(named) if name not in here]
    if missing:
        raise Unfit("no_columns", file=str(mapping.file), missing=tuple(missing), headers=table.headers[:20])


def _converted(
    target: str, column: Column, mapping: ChannelMap, zone: dt.tzinfo | None, *, texts: bool = False
) -> Column:
    """Cells as they go into the register: moments as ISO text, values as the mapping says."""
    known = FIELDS.get(target)
    if known is not None and known.kind in (Kind.DATE, Kind.DATETIME):
        return _dates(column, mapping.date_formats, zone)
    values = mapping.values.get(target)
    if values is None:
        return _texts(column, texts=texts)
    meant = {cell: values.get(fold(_text(cell)), _text(cell)) for cell in set(column)}
    return [meant[cell] for cell in column]


def _texts(column: Column, *, texts: bool) -> Column:
    """The cells as texts without blanks around them."""
    if texts:
        return list(map(str.strip, column))
    return [_text(cell) for cell in column]


def _dates(column: Column, formats: Sequence[str], zone: dt.tzinfo | None) -> Column:
    """Moments as ISO text; many of one format are read at once."""
    different = set(column)
    dated: dict[Any, str] = {}
    if len(formats) == 1 and len(different) > MANY and set(map(type, different)) == {str} and "%z" not in formats[0]:
        cells = list(different)
        moments = pd.to_datetime(pd.Series(cells, dtype="str"), format=formats[0], errors="coerce")
        texts = np.datetime_as_string(moments.to_numpy("datetime64[s]")).tolist()
        dated = {cell: text for cell, text in zip(cells, texts, strict=True) if text != "NaT"}
    dated |= {cell: _date(cell, formats, zone) for cell in different if cell not in dated}
    return [dated[cell] for cell in column]


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell.replace(CELLS, "\ufffd").strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, (dt.datetime, dt.date)):
        return cell.isoformat(" ") if isinstance(cell, dt.datetime) else cell.isoformat()
    return str(cell)


def _date(cell: Any, formats: Sequence[str], zone: dt.tzinfo | None) -> str:
    """The moment a cell means as ISO text; what it says where nobody can tell, for a person to see."""
    if isinstance(cell, dt.datetime):
        return _iso(cell, zone)
    if isinstance(cell, dt.date):
        return _iso(dt.datetime(cell.year, cell.month, cell.day), zone)
    text = _text(cell)
    for form in formats:
        with contextlib.suppress(ValueError):
            return _iso(dt.datetime.strptime(text, form), zone)
    if formats or not text:
        return text
    with contextlib.suppress(ValueError):
        return _iso(dt.datetime.fromisoformat(text), zone)
    found = date_in_text(text)
    return text if found is None else _iso(found, zone)


def _iso(moment: dt.datetime, zone: dt.tzinfo | None) -> str:
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None, microsecond=0).isoformat()


def _moments(column: Column | None, count: int, at: dt.datetime) -> list[dt.datetime]:
    """When each was received, as far as the list says so."""
    if column is None:
        return [at] * count
    known = {value: _moment(value, at) for value in set(column)}
    return [known[value] for value in column]


def _moment(value: str, otherwise: dt.datetime) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return otherwise
