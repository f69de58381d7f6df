"""`fleet.toml`: which registers there are, which machines reach them, and when they are looked at."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from qtemplate.config.load import not_toml
from qtemplate.config.state_url import StateUrl, read_state_address
from qtemplate.config.values import Place, integer_between, read_text, read_zone, text_matching
from qtemplate.errors import ConfigError
from qtemplate.plan import Phrase
from qtemplate.texts import make_error

NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"
ANYWHERE = "anywhere"
SETTINGS = "qtemplate.toml"
KEYS = {
    "fleet": ("url", "nightly", "time_zone", "every_minutes", "dead_after_seconds"),
    "registers": ("name", "config", "queue"),
    "folders": ("path", "queue"),
}


@dataclass(frozen=True, slots=True)
class Plant:
    """One register of a fleet.

    Attributes:
        name: Short, and one register's only.
        config: The `qtemplate.toml` of its workspace, as the machines that reach it see it.
        queue: Which machines those are: the ones that work for this queue.
    """

    name: str
    config: Path
    queue: str


@dataclass(frozen=True, slots=True)
class Fleet:
    """Many registers.

    Attributes:
        path: The file this was read from.
        url: The schema in which the engine keeps its jobs.
        nightly: When the nightly run of each register is due.
        zone: Of that.
        every_minutes: How often each register is looked at.
        dead_after_seconds: Without a sign of life for so long a worker counts as dead.
        plants: The registers, by name; those of folders are what lies there now.
        away: Folders of registers that are not there as this machine sees them, each with its queue.
    """

    path: Path
    url: StateUrl
    nightly: time
    zone: ZoneInfo
    every_minutes: int
    dead_after_seconds: int
    plants: tuple[Plant, ...]
    away: tuple[tuple[Path, str], ...] = ()


def load_fleet(path: Path | str) -> Fleet:
    """Read a `fleet.toml`.

    Raises:
        ConfigError: The file is missing or not TOML, a key is unknown, a value does not fit, or a name is there twice.
    """
    file = Path(path).absolute()
    table = _parse(file)
    for section, content in table.items():
        tables = content if isinstance(content, list) else [content]
        if section not in KEYS or not all(isinstance(each, Mapping) for each in tables):
            known = tuple(KEYS)
            raise make_error(ConfigError, "fleet.unknown_section", file=file, name=section, known=known)
        for name in {name for each in tables for name in each}:
            if name not in KEYS[section]:
                raise make_error(
                    ConfigError, "fleet.unknown_key", file=file, section=section, name=name, known=KEYS[section]
                )
    settings: Mapping[str, Any] = table.get("fleet", {})

    def read(name: str, default: Any, reader: Any) -> Any:
        return reader(settings.get(name, default), Place(file, "fleet", name, ZoneInfo("UTC")))

    plants = [*_listed(file, table.get("registers", [])), *_found(file, table.get("folders", []))]
    names = [plant.name for plant in plants]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise make_error(ConfigError, "fleet.name_twice", file=file, names=tuple(twice))
    away = tuple(_away(file, table.get("folders", [])))
    if not plants and not away:
        raise make_error(ConfigError, "fleet.no_register", file=file)
    return Fleet(
        path=file,
        url=read_state_address(str(settings.get("url", "")), file, "fleet"),
        nightly=read("nightly", "22:00", _read_time),
        zone=read("time_zone", "Asia/Shanghai", read_zone),
        every_minutes=read("every_minutes", 5, integer_between(1, 1_440)),
        dead_after_seconds=read("dead_after_seconds", 120, integer_between(2, 86_400)),
        plants=tuple(sorted(plants, key=lambda plant: plant.name)),
        away=away,
    )


def _parse(file: Path) -> dict[str, Any]:
    data = b""
    try:
        data = file.read_bytes()
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except FileNotFoundError:
        raise make_error(ConfigError, "fleet.no_file", file=file) from None
    except OSError as error:
        raise make_error(ConfigError, "config.unreadable", file=file, problem=error.strerror) from None
    except UnicodeDecodeError:
        raise make_error(ConfigError, "config.not_utf8", file=file) from None
    except tomllib.TOMLDecodeError as error:
        raise not_toml(file, data, error) from None


def _listed(file: Path, tables: Any) -> list[Plant]:
    name = text_matching(NAME, Phrase("expected.plant_name"))
    plants = []
    for table in tables if isinstance(tables, list) else [tables]:
        place = Place(file, "registers", "name", ZoneInfo("UTC"))
        config = read_text(table.get("config", ""), Place(file, "registers", "config", place.zone))
        if not config:
            raise Place(file, "registers", "config", place.zone).wrong(config, Phrase("expected.path"))
        plants.append(Plant(name(table.get("name", ""), place), file.parent / config, _queue(file, "registers", table)))
    return plants


def _found(file: Path, tables: Any) -> list[Plant]:
    """Every folder with a `qtemplate.toml` directly below those that are named; none where a share is away."""
    return [
        Plant(config.parent.name, config, queue)
        for folder, queue in _folders(file, tables)
        for config in sorted(folder.glob(f"*/{SETTINGS}"))
    ]


def _away(file: Path, tables: Any) -> Iterator[tuple[Path, str]]:
    """Those that are not there, or are the empty place where a share is mounted."""
    for folder, queue in _folders(file, tables):
        if not any(folder.glob("*")):
            yield folder, queue


def _folders(file: Path, tables: Any) -> Iterator[tuple[Path, str]]:
    for table in tables if isinstance(tables, list) else [tables]:
        place = Place(file, "folders", "path", ZoneInfo("UTC"))
        folder = read_text(table.get("path", ""), place)
        if not folder:
            raise place.wrong(folder, Phrase("expected.path"))
        yield file.parent / folder, _queue(file, "folders", table)


def _queue(file: Path, section: str, table: Mapping[str, Any]) -> str:
    queue = table.get("queue", ANYWHERE)
    return text_matching(NAME, Phrase("expected.plant_name"))(queue, Place(file, section, "queue", ZoneInfo("UTC")))


def _read_time(value: object, place: Place) -> time:
    try:
        return time.fromisoformat(read_text(value, place))
    except ValueError:
        raise place.wrong(value, Phrase("expected.time_of_day")) from None
