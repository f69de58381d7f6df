"""What `doctor` finds about the fleet that a workspace belongs to: what no two of its registers may share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...config import Config
from ...config.fleet_file import load_fleet
from ...config.fleet_marks import clashes, fleet_above, read_plants
from ...errors import ConfigError
from ...plan import Phrase
from ...sheets.health import Check, Health
from ...texts import quote

MOST_NAMED = 12
"""Registers that a line names."""


def examine_fleet(config: Config, file: Path | None = None) -> Iterator[Check]:
    """Nothing where the workspace belongs to none.

    Args:
        config: The workspace.
        file: The list; None = the nearest `fleet.toml` above the workspace.
    """
    found = file or fleet_above(config.path)
    if found is None:
        return
    try:
        fleet = load_fleet(found)
    except ConfigError as wrong:
        yield Check("fleet", Health.ERROR, Phrase.of("quoted", problem=quote(wrong)))
        return
    ours = config.path.resolve()
    if all(plant.config.resolve() != ours for plant in fleet.plants):
        if file is not None:
            seen = Phrase.of("doctor.fleet_not_in", file=str(fleet.path))
            yield Check("fleet", Health.WARNING, seen, Phrase("doctor.fleet_not_in_do"))
        return
    plants = read_plants(fleet)
    shared = [*clashes(plants)]
    for clash in shared:
        yield Check("fleet", Health.ERROR, Phrase.of("quoted", problem=quote(clash.error(fleet))))
    away = tuple(plant.name for plant, each in plants.items() if not isinstance(each, Config))
    if away:
        yield Check("fleet_away", Health.NOTE, Phrase.of("doctor.fleet_away", n=len(away), names=away[:MOST_NAMED]))
    if not shared:
        seen = Phrase.of("doctor.fleet", file=str(fleet.path), n=len(plants) - len(away))
        yield Check("fleet", Health.OK, seen)
