"""What registers of a fleet must not share: numbers, a mailbox, a state; else answers go astray, or come in twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from qtemplate.config.fleet_file import Fleet, Plant
from qtemplate.config.load import load_config
from qtemplate.config.sections import Config
from qtemplate.errors import ConfigError, QtemplateError
from qtemplate.texts import make_error

FILE = "fleet.toml"


@dataclass(frozen=True, slots=True)
class Clash:
    """Two registers that share what one of them must have alone.

    Attributes:
        mark: `id_prefix`, `mailbox` or `state`.
        one: The register that comes first in the file.
        other: The one that says the same.
        value: What both say.
    """

    mark: str
    one: str
    other: str
    value: str

    def error(self, fleet: Fleet) -> ConfigError:
        """It as a sentence that says where, and what to do."""
        code = (
            "fleet.same_id_prefix"
            if self.mark == "id_prefix"
            else "fleet.same_mailbox"
            if self.mark == "mailbox"
            else "fleet.same_state"
        )
        return make_error(ConfigError, code, file=fleet.path, one=self.one, other=self.other, value=self.value)


def read_plants(fleet: Fleet, queues: Iterable[str] | None = None) -> dict[Plant, Config | QtemplateError]:
    """The settings of the registers, by name of the register; of one that cannot be read from here, why.

    Args:
        fleet: The registers.
        queues: Only those; None = all.
    """
    found: dict[Plant, Config | QtemplateError] = {}
    for plant in fleet.plants:
        if queues is None or plant.queue in queues:
            try:
                found[plant] = load_config(plant.config)
            except QtemplateError as error:
                found[plant] = error
    return found


def clashes(plants: Mapping[Plant, Config | QtemplateError]) -> Iterator[Clash]:
    """What two of them share, in the order of the registers; one that cannot be read from here is not compared."""
    seen: dict[tuple[str, str], str] = {}
    for plant, config in plants.items():
        if not isinstance(config, Config):
            continue
        for mark, value in _marks(config):
            one = seen.setdefault((mark, value.casefold()), plant.name)
            if one != plant.name:
                yield Clash(mark, one, plant.name, value)


def require_distinct(fleet: Fleet, plants: Mapping[Plant, Config | QtemplateError]) -> None:
    """Answers find their register by the id, so no two may number alike; and one workspace alone reads a mailbox.

    Raises:
        ConfigError: The first two that do.
    """
    for clash in clashes(plants):
        raise clash.error(fleet)


def fleet_above(config: Path) -> Path | None:
    """The nearest `fleet.toml` in the folder of a workspace or above it."""
    return next((folder / FILE for folder in config.absolute().parents if (folder / FILE).is_file()), None)


def _marks(config: Config) -> Iterator[tuple[str, str]]:
    yield "id_prefix", config.register.id_prefix
    if config.mailbox.host:
        yield "mailbox", f"{config.mailbox.username}@{config.mailbox.host}/{config.mailbox.folder}"
    if config.state.url is not None:
        yield "state", str(config.state.url)
