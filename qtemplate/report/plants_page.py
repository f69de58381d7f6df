"""All registers of a fleet on one page, side by side: HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..plan import Phrase
from ..resources import templates_root
from ..texts import say

WAITING = ("drafted", "approved", "held", "unknown", "failed")
COLUMNS = ("name", "state", "at", "hours", "drafted", "approved", "held", "unknown", "failed", "machine", "problem")


def plants_page(rows: Sequence[Mapping[str, Any]], language: str) -> str:
    """The page.

    Args:
        rows: As `fleet status --json` has them; those that need somebody come first.
        language: Of the page.
    """
    environment = Environment(
        loader=FileSystemLoader(templates_root() / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def word(key: str) -> str:
        return say(Phrase(f"fleet.{key}"), language)

    ordered = sorted(rows, key=lambda row: (-row["exit"], row["name"]))
    lines = [(row["state"], [_cell(row, column, language) for column in COLUMNS]) for row in ordered]
    return environment.get_template("plants.html.j2").render(
        language=language,
        title=word("page_title"),
        heads=[word(f"column_{column}") for column in COLUMNS],
        lines=lines,
        numbers=[column in (*WAITING, "hours") for column in COLUMNS],
        total=say(Phrase.of("fleet.page_total", n=len(rows), bad=sum(row["exit"] == 5 for row in rows)), language),
    )


def _cell(row: Mapping[str, Any], column: str, language: str) -> str:
    match column:
        case "state":
            return say(Phrase(f"fleet.state_{row['state']}"), language)
        case "at":
            return "–" if row["at"] is None else f"{row['at']:%Y-%m-%d %H:%M}"
        case "hours":
            return "–" if row["age_hours"] is None else f"{row['age_hours']:.1f}"
        case "problem":
            said = [row["problem"]] if row["problem"] is not None else [*row.get("waits", ()), *row.get("people", ())]
            return (
                "；".join(map(str, (say(each, language) for each in said)))
                if language == "zh"
                else "; ".join(say(each, language) for each in said)
            )
        case name if name in WAITING:
            return str(row["mails"].get(name, 0) or "")
        case _:
            return str(row[column])
