"""关闭条件 -> which condition is asked at which level; 评分设置 -> by which numbers an investigation is judged."""

from __future__ import annotations

from ...choices import Gate, Level, ScoreItem
from ...plan import Severity
from ...rules.rulebook import DEFAULT_GATES
from ...texts.wanted import Wanted
from ..headers import word_of
from ..layout import BY_KEY
from .rule_sheets import RuleSheets
from .typed_rows import Row

ON, OFF = ("●", "√", "✓", "x", "X", "1"), ("", "-", "–", "—", "○", "0")


def read_gates(sheets: RuleSheets) -> dict[Gate, frozenset[Level]]:
    """Condition -> its levels; what the sheet does not name, or has no column for, goes by the defaults.

    A condition that is switched off at a level where it is asked by default is told (QT361).
    """
    spec = BY_KEY["gates"]
    gates: dict[Gate, frozenset[Level]] = dict(DEFAULT_GATES)
    seen: set[Gate] = set()
    for row in sheets.rows(spec, spec.blocks[0]):
        gate = row.choice("gate", Gate) if row.needed("gate") else None
        if gate is None:
            continue
        if gate in seen:
            row.report("QT205", "gate", Severity.WARNING, other=gate.label(sheets.language))
            continue
        seen.add(gate)
        gates[gate] = frozenset(level for level in Level if _asked(row, gate, level))
        if off := tuple(level for level in Level if level in DEFAULT_GATES[gate] - gates[gate]):
            row.report("QT361", "gate", Severity.INFO, levels=off)
    return gates


def _asked(row: Row, gate: Gate, level: Level) -> bool:
    default = level in DEFAULT_GATES[gate]
    if level.value not in row.columns:
        return default
    text = row.text(level.value)
    if text in ON or text in OFF:
        return text in ON
    said = word_of(row.cells.get(level.value), "yes", "no")
    if said is None:
        row.report("QT202", level.value, wanted=Wanted.GATE)
        return default
    return said == "yes"


def read_scoring(sheets: RuleSheets) -> dict[ScoreItem, float]:
    """Item -> its number; an item that the sheet does not name, or whose number is no number, goes by the default."""
    spec = BY_KEY["scoring"]
    numbers: dict[ScoreItem, float] = {}
    for row in sheets.rows(spec, spec.blocks[0]):
        item = row.choice("item", ScoreItem) if row.needed("item") else None
        number = row.number_in("number")
        if item is None or number is None:
            continue
        if item in numbers:
            row.report("QT205", "item", Severity.WARNING, other=item.label(sheets.language))
        elif number < 0:
            row.report("QT202", "number", wanted=Wanted.NUMBER)
        else:
            numbers[item] = number
    return numbers
