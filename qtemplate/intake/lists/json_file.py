"""JSON as apps send it: one object or many. What lies inside an object is named with dots: `device.model`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..unfit import Unfit
from .table import Table

DEEPEST = 8


def read_json(data: bytes, *, records: str = "") -> Table:
    """Read a JSON file.

    Args:
        data: Its bytes, UTF-8.
        records: Where the objects stand, named with dots; "" = the whole file is one object or a list of them.

    Raises:
        Unfit: It is no JSON, or nothing in it is a record.
    """
    try:
        found: Any = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unfit("no_json", problem=str(error)[:200] or "?", unfinished=True) from None
    for name in filter(None, records.split(".")):
        found = found.get(name) if isinstance(found, Mapping) else None
    objects = found if isinstance(found, list) else [found]
    if not objects or not all(isinstance(each, Mapping) for each in objects):
        raise Unfit("no_records", where=records or "/")
    rows = [dict(_flat(each)) for each in objects]
    headers = tuple(dict.fromkeys(name for row in rows for name in row))
    if not headers:
        raise Unfit("empty")
    return Table(headers, tuple([row.get(name) for row in rows] for name in headers))


def _flat(item: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    for name, value in item.items():
        if isinstance(value, Mapping) and depth < DEEPEST:
            yield from _flat(value, f"{before}{name}.", depth + 1)
        else:
            yield f"{before}{name}".strip(), _cell(value)


def _cell(value: Any) -> Any:
    if isinstance(value, list) and all(not isinstance(each, (list, Mapping)) for each in value):
        return "；".join(str(each) for each in value if each is not None)
    if isinstance(value, (list, Mapping)):
        return json.dumps(value, ensure_ascii=False)
    return value
