"""Closure gates: what a row of each level must show before it may be closed (ISO 10002:2018, 7.9). Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...choices import CloseType, Level
from ...fields import Field
from ...plan import Memory, Phrase
from ...register import Register
from ...texts import say
from ..rulebook import RuleBook
from ..standing import Mask, confirmed, equals, explained, has, level_in, replied, same_cells, verified

ALL = (Level.URGENT, Level.MAJOR, Level.NORMAL, Level.MINOR)
NOT_MINOR = ALL[:3]
GRAVE = ALL[:2]


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: its name in the catalogue, the levels it applies to, and the rows that pass."""

    name: str
    levels: tuple[Level, ...]
    passed: Mask
    explained_too: bool = False  # also asked of rows closed by explanation


def gates(register: Register, rulebook: RuleBook, memory: Memory) -> tuple[Gate, ...]:
    """The gates of the procedure over all rows, in the order in which a person would fill them."""
    overruled = has(register, Field.SUGGESTED_LEVEL) & has(register, Field.LEVEL)
    overruled &= ~same_cells(register, Field.LEVEL, Field.SUGGESTED_LEVEL)
    valid = equals(register, Field.CHECK, say(Phrase("check.passed"), register.language))
    asked = has(register, Field.CONFIRM_SENT_AT) | has(register, Field.SATISFACTION) | has(register, Field.CONFIRMATION)
    cause = has(register, Field.ROOT_CAUSE) & has(register, Field.CAUSE_CODE)
    return (
        Gate("gate.valid", ALL, valid),
        Gate("gate.level", ALL, has(register, Field.LEVEL), True),
        Gate("gate.override", ALL, ~overruled | has(register, Field.OVERRIDE_REASON), True),
        Gate("gate.containment", GRAVE, has(register, Field.CONTAINMENT)),
        Gate("gate.cause", NOT_MINOR, cause),
        Gate("gate.verified", NOT_MINOR, verified(register)),
        Gate("gate.prevention", GRAVE, has(register, Field.PREVENTION)),
        Gate("gate.reply", ALL, replied(register, memory), True),
        Gate("gate.confirmed", NOT_MINOR, confirmed(register)),
        Gate("gate.asked", NOT_MINOR, asked),
        Gate("gate.followers", ALL, _without_open_followers(register), True),
    )


def _without_open_followers(register: Register) -> Mask:
    """True where no row that was merged into this one is still to be closed."""
    waiting = register.frame.loc[has(register, Field.MASTER) & ~has(register, Field.CLOSED_AT), Field.MASTER]
    return ~register.frame[Field.ID].isin(set(waiting)).to_numpy(dtype=bool, copy=True)


def lacking(register: Register, rulebook: RuleBook, memory: Memory) -> dict[int, list[Phrase]]:
    """Position in the frame -> the gates that do not hold for the row's level and 关闭方式, where there are any."""
    rows = has(register, Field.CLOSE_TYPE)
    result: dict[int, list[Phrase]] = {}
    if not rows.any():
        return result
    short = explained(register) | equals(register, Field.CLOSE_TYPE, CloseType.EXPLAINED)
    merged, improved = (equals(register, Field.CLOSE_TYPE, kind) for kind in (CloseType.MERGED, CloseType.IMPROVEMENT))
    elsewhere = merged | equals(register, Field.CLOSE_TYPE, CloseType.UNREACHABLE)
    by_level = {level: level_in(register, level) for level in ALL}
    unknown = ~has(register, Field.LEVEL)
    for gate in gates(register, rulebook, memory):
        applies = np.logical_or.reduce([by_level[level] for level in gate.levels]) | unknown
        if not gate.explained_too:
            applies &= ~short
        if gate.name not in ("gate.level", "gate.followers"):
            applies &= ~elsewhere
        if gate.name in ("gate.confirmed", "gate.asked", "gate.verified", "gate.cause"):
            applies &= ~improved
        for place in np.flatnonzero(rows & applies & ~gate.passed).tolist():
            result.setdefault(place, []).append(Phrase(gate.name))
    nowhere, unplanned = merged & ~has(register, Field.MASTER), improved & ~has(register, Field.ITERATION)
    for name, mask in (("gate.master", nowhere), ("gate.iteration", unplanned)):
        for place in np.flatnonzero(mask).tolist():
            result.setdefault(place, []).append(Phrase(name))
    return result
