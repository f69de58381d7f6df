"""The rows of a list as what came in: fields of the register, their own number, what each says."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from ...fields import FIELDS, Field, Kind
from ...plan.received import Received
from ...sheets.headers import fold
from ...sheets.reading.text_dates import date_in_text
from ..mapping import ChannelMap
from ..unfit import Unfit
from .table import Table

Column = Sequence[Any]


def read_records(table: Table, mapping: ChannelMap, at: dt.datetime) -> list[Received]:
    """What a list says, one a row, in its order.

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
            key = [_text(cell) for cell in column]
        if target is not None and target not in fields:
            fields[target] = _converted(target, column, mapping, at.tzinfo)
    if not fields:
        raise Unfit("nothing_known", headers=table.headers[:20])
    names = list(fields)
    constants = {name: _converted(name, [value], mapping, at.tzinfo)[0] for name, value in mapping.constants.items()}
    moments = _moments(fields.get(Field.RECEIVED_AT), len(table), at.replace(tzinfo=None, microsecond=0))
    made = []
    for number, moment, values in zip(key, moments, zip(*fields.values(), strict=True), strict=True):
        digest = hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()
        said = constants | {name: value for name, value in zip(names, values, strict=True) if value is not None}
        content = {"channel": mapping.channel, "values": said, "own": mapping.own_words}
        made.append(Received(mapping.name, number, digest, moment, content))
    return made


def _require_columns(table: Table, mapping: ChannelMap) -> None:
    here = {fold(header) for header in table.headers}
    named = [*mapping.columns, *([mapping.own_number] if mapping.key else [])]
    missing = [name for name in dict.fromkeys(named) if name not in here]
    if missing:
        raise Unfit("no_columns", file=str(mapping.file), missing=tuple(missing), headers=table.headers[:20])


def _converted(target: str, column: Column, mapping: ChannelMap, zone: dt.tzinfo | None) -> Column:
    """Cells as they go into the register: dates as ISO text, values as the mapping says, blank ones None."""
    known = FIELDS.get(target)
    if known is not None and known.kind in (Kind.DATE, Kind.DATETIME):
        dated = {cell: _date(cell, mapping.date_formats, zone) for cell in set(column)}
        return [dated[cell] for cell in column]
    values = mapping.values.get(target)
    if values is None:
        return [_text(cell) or None for cell in column]
    meant = {cell: values.get(fold(_text(cell)), _text(cell)) or None for cell in set(column)}
    return [meant[cell] for cell in column]


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, (dt.datetime, dt.date)):
        return cell.isoformat(" ") if isinstance(cell, dt.datetime) else cell.isoformat()
    return str(cell)


def _date(cell: Any, formats: Sequence[str], zone: dt.tzinfo | None) -> str | None:
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
        return text or None
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
    return [at if value is None else _moment(value, at) for value in column] if column else [at] * count


def _moment(value: str, otherwise: dt.datetime) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return otherwise
