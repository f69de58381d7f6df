"""`intake/<channel>.toml`: what the columns and values of a channel's lists mean in the register.

A list says what happened and to whom. What a person must judge (severity, level, who is responsible, what is answered,
whether it is closed) has no place in it: such a column is refused by name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from ..choices import Channel
from ..fields import Field, Filler, Stage
from ..sheets.headers import field_of, fold, nearest
from .unfit import Unfit

TOLD = frozenset(
    str(field)
    for field in Field
    if field.filler is Filler.PERSON and field.stage in (Stage.OVERVIEW, Stage.INTAKE) and field is not Field.CHANNEL
) | {str(Field.LANGUAGE)}
"""Fields that a list may fill."""

RETOLD = frozenset((Channel.HOTLINE, Channel.DEALER, Channel.INTERNAL))
"""Channels through which somebody else tells what the reporter said."""

KEYS: dict[str, type | tuple[type, ...]] = {
    "channel": str,
    "key": str,
    "date_format": (str, list),
    "own_words": bool,
    "encoding": str,
    "delimiter": str,
    "sheet": str,
    "header_row": int,
    "records": str,
    "columns": dict,
    "values": dict,
    "constants": dict,
}


class ChannelMap(Struct, frozen=True):
    """One channel.

    Attributes:
        name: Of its folder.
        channel: Code of 反馈渠道.
        columns: Folded header of the list -> field key, or header of a column of the team's own.
        values: Field key -> folded value of the list -> what goes into the cell.
        constants: Field key -> what every row gets.
        key: Header of the list's own number; "" = it has none.
        date_formats: As `datetime.strptime` has them; none = what means one moment only is understood.
        own_words: Whether reporters write title and description themselves.
        file: Where this stands; None without a mapping: headers are known by the register's own names.
    """

    name: str
    channel: str
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    date_formats: tuple[str, ...] = ()
    own_words: bool = False
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 1
    records: str = ""
    file: Path | None = None

    def target(self, header: str) -> str | None:
        """What a column of a list goes to; a list that has no mapping uses the register's own headers."""
        named = self.columns.get(fold(header))
        if named is not None or self.columns:
            return named
        known = field_of(header)
        return str(known) if known is not None and known in TOLD else None

    @property
    def own_number(self) -> str:
        """Folded header of the list's own number."""
        return fold(self.key or Field.CHANNEL_REF.zh)


def read_mapping(folder: Path, name: str) -> ChannelMap:
    """The mapping of a channel's folder.

    Args:
        folder: `intake/` of the workspace.
        name: Of the folder below `in/`.

    Raises:
        Unfit: There is none though the name is no channel, or it cannot be used.
    """
    file = folder / f"{name}.toml"
    try:
        table = tomllib.loads(file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except FileNotFoundError:
        channel = _channel(name)
        if channel is None:
            raise Unfit("no_mapping", name=name, file=str(file), known=tuple(Channel)) from None
        return ChannelMap(name, channel)
    except OSError as error:
        raise Unfit("mapping", file=str(file), problem=error.strerror or str(error)) from None
    except ValueError as error:  # not UTF-8, or not TOML
        raise Unfit("mapping", file=str(file), problem=str(error)) from None
    return _read(file, name, table)


def _channel(name: str) -> str | None:
    return next((str(each) for each in Channel if fold(name) in map(fold, (each.value, each.zh, each.en))), None)


def _read(file: Path, name: str, table: Mapping[str, Any]) -> ChannelMap:
    for key, value in table.items():
        if key not in KEYS:
            near = nearest(key, tuple(KEYS)) or "–"
            raise Unfit("mapping_key", file=str(file), found=key, near=near, known=tuple(KEYS))
        if not isinstance(value, KEYS[key]) or (isinstance(value, bool) and KEYS[key] is not bool):
            raise Unfit("mapping_value", file=str(file), which=key, found=str(value))
    said = str(table.get("channel", name))
    channel = _channel(said)
    if channel is None:
        raise Unfit("mapping_channel", file=str(file), found=said, known=tuple(Channel))
    if table.get("own_words", False) and channel in RETOLD:
        raise Unfit("mapping_own_words", file=str(file), channel=Channel(channel))  # type: ignore[call-arg] # labels are no arguments
    formats = table.get("date_format", ())
    row = table.get("header_row", 1)
    if row < 1:
        raise Unfit("mapping_value", file=str(file), which="header_row", found=str(row))
    return ChannelMap(
        name,
        channel,
        {fold(header): _target(file, target) for header, target in table.get("columns", {}).items()},
        {_target(file, target): _values(file, target, those) for target, those in table.get("values", {}).items()},
        {_target(file, target): str(value) for target, value in table.get("constants", {}).items()},
        str(table.get("key", "")).strip(),
        (formats,) if isinstance(formats, str) else tuple(map(str, formats)),
        bool(table.get("own_words", False)),
        str(table.get("encoding", "")),
        str(table.get("delimiter", "")),
        str(table.get("sheet", "")),
        int(row),
        str(table.get("records", "")),
        file,
    )


def _values(file: Path, target: str, those: object) -> dict[str, str]:
    if not isinstance(those, Mapping):
        raise Unfit("mapping_value", file=str(file), which=f"values.{target}", found=str(those))
    return {fold(theirs): str(ours) for theirs, ours in those.items()}


def _target(file: Path, name: object) -> str:
    """The field that a name means, or the header of a column of the team's own."""
    known = field_of(name)
    if known is None:
        if not isinstance(name, str) or not name.strip():
            raise Unfit("mapping_value", file=str(file), which="columns", found=str(name))
        return name.strip()
    if known not in TOLD:
        raise Unfit("mapping_field", file=str(file), field=known)
    return str(known)
