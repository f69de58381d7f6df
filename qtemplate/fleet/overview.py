"""`fleet status`: every register on a line, for people and for a monitor."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from ..config import Config
from ..config.fleet_file import Fleet, Plant
from ..config.fleet_marks import read_plants, require_distinct
from ..errors import QtemplateError
from ..figures.side_by_side import MonthLine
from ..files.owner_file import read_owner
from ..jobs.moment import local_now, today_in
from ..jobs.month.side_by_side import recall_months
from ..jobs.state import reading_state
from ..jobs.status import status_of
from ..plan import Phrase
from ..report.answer import Answer, Section
from ..report.plants_page import WAITING, plants_page
from ..texts import quote

FINE, PEOPLE, LATE = 0, 3, 5
KNOWN = ("state", "run", "at", "age_hours", "mails", "waits", "people")
"""What `status` says of one register and this says of all."""


def fleet_status(
    fleet: Fleet, moment: dt.datetime | None = None, *, page: Path | None = None, language: str = "en"
) -> Answer:
    """When each register was looked at last, what waits, and where it ran.

    Args:
        fleet: The registers.
        moment: Instead of now.
        page: Also write it as a page there.
        language: Of the page.

    Returns:
        Exit code 0 all fine · 3 people are needed somewhere · 5 a register is late, never ran or cannot be asked.

    Raises:
        ConfigError: Two registers number alike, or two read one mailbox: answers would go astray.
    """
    plants = read_plants(fleet)
    require_distinct(fleet, plants)
    rows = [_row(plant, found, moment) for plant, found in plants.items()]
    rows += [_without_state(folder.name, queue, folder) | _away(folder) for folder, queue in fleet.away]
    code = max((row["exit"] for row in rows), key=lambda each: (FINE, PEOPLE, LATE).index(each), default=FINE)
    counts = Counter(row["state"] for row in rows)
    if page is not None:
        page.write_text(plants_page(rows, today_in(fleet.zone, moment), language), "utf-8")
    lines = [Phrase.of("fleet.line" if row["at"] else "fleet.line_without_run", **_said(row)) for row in rows]
    states = tuple(
        Phrase.of("fleet.count", state=Phrase(f"fleet.state_{state}"), n=n) for state, n in sorted(counts.items())
    )
    total = Phrase.of("fleet.total", n=len(rows), states=states)
    registers = [row | {"months": [_month(line) for line in row["months"]]} for row in rows]
    return Answer(
        {"registers": registers, "counts": dict(counts), "exit": code}, (Section.of(None, [*lines, total]),), code
    )


def _without_state(name: str, queue: str, path: Path) -> dict[str, Any]:
    """What is said of a register that cannot be asked."""
    return {
        "name": name,
        "queue": queue,
        "config": str(path),
        "state": "unreachable",
        "exit": LATE,
        "run": None,
        "at": None,
        "age_hours": None,
        "machine": "",
        "mails": {},
        "months": (),
        "problem": None,
    }


def _away(folder: Path) -> dict[str, Any]:
    return {"problem": Phrase.of("fleet.share_away", folder=str(folder))}


def _row(plant: Plant, found: Config | QtemplateError, moment: dt.datetime | None) -> dict[str, Any]:
    row = _without_state(plant.name, plant.queue, plant.config)
    if isinstance(found, QtemplateError):
        gone = not plant.config.parent.is_dir()
        return row | (_away(plant.config.parent) if gone else {"problem": Phrase.of("quoted", problem=quote(found))})
    try:
        with reading_state(found) as state:
            told, months = status_of(found, state, local_now(found, moment)), recall_months(state.journal)
    except QtemplateError as error:
        return row | {"problem": Phrase.of("quoted", problem=quote(error))}
    except OSError as error:
        return row | {"problem": Phrase.of("quoted", problem=error)}
    owner = read_owner(found.register.path)
    known = {name: told.data[name] for name in KNOWN if name in told.data}
    code = told.exit_code if told.exit_code in (FINE, PEOPLE) else LATE
    return row | known | {"exit": code, "months": months, "machine": "" if owner is None else owner.machine}


def _month(line: MonthLine) -> dict[str, Any]:
    shares = {
        name: dict(zip(("in_time", "counted"), getattr(line, name), strict=True)) for name in ("respond", "close")
    }
    return asdict(line) | {"month": f"{line.month:%Y-%m}"} | shares


def _said(row: dict[str, Any]) -> dict[str, object]:
    at = row["at"]
    return {
        "name": row["name"],
        "state": Phrase(f"fleet.state_{row['state']}"),
        "at": "–" if at is None else f"{at:%Y-%m-%d %H:%M}",
        "hours": "–" if row["age_hours"] is None else round(row["age_hours"], 1),
        "mails": sum(row["mails"].get(state, 0) for state in WAITING),
        "machine": row["machine"] or "–",
        "problem": "" if row["problem"] is None else Phrase.of("fleet.problem", problem=row["problem"]),
    }
