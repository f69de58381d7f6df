"""Closure gates: what a row of each level must show before it may be closed (ISO 10002:2018, 7.9). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...choices import CloseType, Confirmation, Level
from ...fields import Field
from ...plan import Phrase
from ...plan.mail_kinds import MailKind
from ...texts import say
from ..case import Case, case_by_id
from ..merging import followers
from ..outcomes import answered, confirmed, verified
from ..situation import Situation
from ..standing import Mask, equals, examples, explained, has, history, level_in, replied, same_cells

ALL = (Level.URGENT, Level.MAJOR, Level.NORMAL, Level.MINOR)
NOT_MINOR = ALL[:3]
GRAVE = ALL[:2]


ASKS_FOR = {
    "gate.valid": (Field.CHECK,),
    "gate.level": (Field.LEVEL,),
    "gate.override": (Field.OVERRIDE_REASON,),
    "gate.containment": (Field.CONTAINMENT,),
    "gate.cause": (Field.ROOT_CAUSE, Field.CAUSE_CODE),
    "gate.verified": (Field.VERIFIER, Field.VERIFY_RESULT),
    "gate.prevention": (Field.PREVENTION,),
    "gate.confirmed": (Field.CONFIRMATION,),
    "gate.iteration": (Field.ITERATION,),
}
"""Gate -> the columns people fill for it; where the register never had one of them, the gate demands nothing."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: its name in the catalogue, the levels it applies to, and the rows that pass."""

    name: str
    levels: tuple[Level, ...]
    passed: Mask
    explained_too: bool = False  # also asked of rows closed by explanation


def gates(situation: Situation) -> tuple[Gate, ...]:
    """The gates of the procedure over all rows, in the order in which a person would fill them."""
    overruled = has(situation, Field.SUGGESTED_LEVEL) & has(situation, Field.LEVEL)
    overruled &= ~same_cells(situation, Field.LEVEL, Field.SUGGESTED_LEVEL)
    valid = equals(situation, Field.CHECK, say(Phrase("check.passed"), situation.register.language))
    asking = (Field.CONFIRM_SENT_AT, Field.SATISFACTION, Field.CONFIRMATION)
    asked = np.logical_or.reduce([answered(situation, key) for key in asking])
    cause = has(situation, Field.ROOT_CAUSE) & has(situation, Field.CAUSE_CODE)
    return (
        Gate("gate.valid", ALL, valid),
        Gate("gate.level", ALL, has(situation, Field.LEVEL), True),
        Gate("gate.override", ALL, ~overruled | has(situation, Field.OVERRIDE_REASON), True),
        Gate("gate.containment", GRAVE, has(situation, Field.CONTAINMENT)),
        Gate("gate.cause", NOT_MINOR, cause),
        Gate("gate.verified", NOT_MINOR, verified(situation)),
        Gate("gate.prevention", GRAVE, has(situation, Field.PREVENTION)),
        Gate("gate.reply", ALL, replied(situation), True),
        Gate("gate.confirmed", NOT_MINOR, confirmed(situation)),
        Gate("gate.asked", NOT_MINOR, asked),
        Gate("gate.followers", ALL, ~_with_untold_followers(situation), True),
    )


def _with_untold_followers(situation: Situation) -> Mask:
    """Masters with a follower whose reporter has had neither the final reply nor a contact.

    One counts as told too with the address of somebody told, as history, when it cannot be reached, or once closed.
    """
    untold = np.zeros(len(situation.frame), dtype=bool)
    for master, behind in followers(situation).items():
        above = case_by_id(situation, master)
        if above is not None:
            untold[above.place] = bool(_untold(situation, above, behind))
    return untold


def _untold(situation: Situation, master: Case, behind: Sequence[Case]) -> list[Case]:
    spoken = {entry.id for entry in situation.rulebook.contacts if entry.direction != "in"}
    mailed = {id for _, id, _ in situation.memory.went(MailKind.SOLVED, MailKind.DECLINED, MailKind.EXPLAINED)}
    given, past = replied(situation), history(situation) | examples(situation)
    ended = (CloseType.UNREACHABLE, Confirmation.UNREACHABLE)

    def is_told(case: Case) -> bool:
        known = case.id in spoken | mailed or given[case.place] or past[case.place]
        return bool(known or case.value(Field.CLOSED_AT) or case.value(Field.CLOSE_TYPE) in ended
                    or case.value(Field.CONFIRMATION) in ended)  # fmt: skip

    waiting = [case for case in behind if not is_told(case)]
    reached = {_address(case) for case in behind if is_told(case)}
    if given[master.place]:
        reached.add(_address(master))
    return [case for case in waiting if not _address(case) or _address(case) not in reached]


def _address(case: Case) -> str:
    return str(case.value(Field.EMAIL) or "").casefold()


def lacking(situation: Situation) -> dict[int, list[Phrase]]:
    """Position in the frame -> the gates that do not hold for the row's level and 关闭方式, where there are any."""
    rows = has(situation, Field.CLOSE_TYPE)
    result: dict[int, list[Phrase]] = {}
    if not rows.any():
        return result
    short = explained(situation) | equals(situation, Field.CLOSE_TYPE, CloseType.EXPLAINED)
    merged, improved = (equals(situation, Field.CLOSE_TYPE, kind) for kind in (CloseType.MERGED, CloseType.IMPROVEMENT))
    elsewhere = merged | equals(situation, Field.CLOSE_TYPE, CloseType.UNREACHABLE)
    by_level = {level: level_in(situation, level) for level in ALL}
    unknown = ~has(situation, Field.LEVEL)
    for gate in gates(situation):
        if not _has_columns(situation, gate.name):
            continue
        applies = np.logical_or.reduce([by_level[level] for level in gate.levels]) | unknown
        if not gate.explained_too:
            applies &= ~short
        if gate.name not in ("gate.level", "gate.followers"):
            applies &= ~elsewhere
        if gate.name in ("gate.confirmed", "gate.asked", "gate.verified", "gate.cause"):
            applies &= ~improved
        for place in np.flatnonzero(rows & applies & ~gate.passed).tolist():
            result.setdefault(place, []).append(Phrase(gate.name))
    nowhere, unplanned = merged & ~has(situation, Field.MASTER), improved & ~has(situation, Field.ITERATION)
    unplanned &= _has_columns(situation, "gate.iteration")
    for name, mask in (("gate.master", nowhere), ("gate.iteration", unplanned)):
        for place in np.flatnonzero(mask).tolist():
            result.setdefault(place, []).append(Phrase(name))
    return result


def _has_columns(situation: Situation, gate: str) -> bool:
    return all(field in situation.register.columns for field in ASKS_FOR.get(gate, ()))
