"""What the logs and the last 8D of a feedback hold about its cause, options, actions and prevention. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from ...fields import Field
from ...plan import FactName
from ..case import Case
from ..rulebook import LogRow
from ..situation import Situation
from .options import Option
from .settings import MARKS

CHAINS = ("occurrence", "escape", "system")
Line = Mapping[str, str]


class Investigation(Struct, frozen=True):
    """An investigation.

    Attributes:
        case: The feedback.
        chains: Chain -> its rows of 原因分析 that say why, in their order.
        actions: Rows of 措施跟踪 of any kind but improvements.
        options: Options of 方案评分 whose four marks can be read, with their rows.
        report: The tables of the last 8D that no log takes as they are: team, facts, bounds, places, documents.
        conclusion: The conclusion of the last 8D.
        is_8d: Whether an 8D came back in this cycle.
    """

    case: Case
    chains: Mapping[str, tuple[LogRow, ...]]
    actions: tuple[LogRow, ...] = ()
    options: tuple[tuple[Option, LogRow], ...] = ()
    report: Mapping[str, Sequence[Line]] = field(default_factory=dict)
    conclusion: str = ""
    is_8d: bool = False

    def of_kind(self, *kinds: str) -> tuple[LogRow, ...]:
        return tuple(row for row in self.actions if row.values.get("kind") in kinds)

    @property
    def whys(self) -> str:
        """Everything that was found out, in one text."""
        said = [row.text("why") for rows in self.chains.values() for row in rows]
        return " ".join([str(self.case.value(Field.ROOT_CAUSE) or ""), *said]).strip()


def by_feedback(situation: Situation) -> dict[str, dict[str, list[LogRow]]]:
    """Feedback -> log -> its rows; only of the logs that an investigation is made of."""
    found: dict[str, dict[str, list[LogRow]]] = {}
    for log in ("causes", "actions", "options"):
        for row in situation.rulebook.logs.get(log, ()):
            if row.id:
                found.setdefault(row.id, {}).setdefault(log, []).append(row)
    return found


def investigation_of(case: Case, rows: Mapping[str, Sequence[LogRow]]) -> Investigation:
    """What there is about a feedback; `rows` are its rows of the logs."""
    kept: Mapping[str, Any] = case.fact(FactName.EIGHT_D) or {}
    chains = {
        chain: tuple(row for row in rows.get("causes", ()) if row.values.get("chain") == chain and row.text("why"))
        for chain in CHAINS
    }
    return Investigation(
        case,
        chains,
        tuple(row for row in rows.get("actions", ()) if row.text("text") and row.values.get("kind") != "improvement"),
        tuple((option, row) for row in rows.get("options", ()) if (option := _option(row)) is not None),
        kept.get("tables") or {},
        str(kept.get("conclusion") or ""),
        bool(kept) and int(kept.get("cycle", 1)) == case.cycle,
    )


def _option(row: LogRow) -> Option | None:
    marks: dict[str, float] = {}
    for item in MARKS:
        try:
            marks[str(item)] = float(row.text(str(item)))
        except ValueError:
            return None
    known = row.text("option") and all(1 <= mark <= 5 for mark in marks.values())
    return Option(row.text("option"), marks, row.values.get("chosen") == "yes") if known else None


def numbers_of(line: Line, *names: str) -> list[float | None]:
    """Cells of a form's line as numbers; None for one that is empty or none."""
    found: list[float | None] = []
    for name in names:
        try:
            found.append(float(line.get(name, "")))
        except ValueError:
            found.append(None)
    return found
