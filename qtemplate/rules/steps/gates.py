"""Closure gates: what a row of each level must show before it may be closed (ISO 10002:2018, 7.9). Pure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...choices import Clock, CloseType, Confirmation, Gate, Level, Safety
from ...fields import Field
from ...plan import Phrase
from ...plan.mail_kinds import MailKind
from ...register import is_missing
from ...texts import say
from ..answers import Columns
from ..case import Case, case_by_id
from ..digests.actions import is_unproven
from ..last_whys import ends_in_blame, last_whys
from ..merging import followers
from ..outcomes import AUTHORITY, answered, confirmed, reported, unreviewed, verified
from ..situation import Situation
from ..standing import (
    Mask,
    ends_without_solution,
    equals,
    examples,
    explained,
    has,
    history,
    level_in,
    of_ids,
    replied,
    same_cells,
)

ASKS_FOR = {
    "gate.valid": (Field.CHECK,),
    "gate.level": (Field.LEVEL,),
    "gate.override": (Field.OVERRIDE_REASON,),
    "gate.containment": (Field.CONTAINMENT,),
    "gate.cause": (Field.ROOT_CAUSE, Field.CAUSE_CODE),
    "gate.verified": (Field.VERIFIER, Field.VERIFY_RESULT),
    "gate.prevention": (Field.PREVENTION,),
    "gate.confirmed": (Field.CONFIRMATION,),
    "gate.watch": (Field.WATCH_UNTIL,),
    "gate.reported": AUTHORITY,
    "gate.iteration": (Field.ITERATION,),
}
"""Gate -> the columns people fill for it; where the register never had one of them, the gate demands nothing."""


EVEN_EXPLAINED = (Gate.LEVEL, Gate.OVERRIDE, Gate.REPLY, Gate.FOLLOWERS)
ELSEWHERE = (Gate.LEVEL, Gate.FOLLOWERS)
NOT_IMPROVED = (Gate.CAUSE, Gate.VERIFIED, Gate.CONFIRMED, Gate.ASKED)


def passed(situation: Situation) -> dict[Gate, Mask]:
    """Each condition of closing, and the rows that meet it."""
    overruled = has(situation, Field.SUGGESTED_LEVEL) & has(situation, Field.LEVEL)
    overruled &= ~same_cells(situation, Field.LEVEL, Field.SUGGESTED_LEVEL)
    asking = (Field.CONFIRM_SENT_AT, Field.SATISFACTION, Field.CONFIRMATION)
    asked = np.logical_or.reduce([answered(situation, key) for key in asking])
    return {
        Gate.VALID: equals(situation, Field.CHECK, say(Phrase("check.passed"), situation.register.language)),
        Gate.LEVEL: has(situation, Field.LEVEL),
        Gate.OVERRIDE: ~overruled | has(situation, Field.OVERRIDE_REASON),
        Gate.CONTAINMENT: has(situation, Field.CONTAINMENT),
        Gate.CAUSE: has(situation, Field.ROOT_CAUSE) & has(situation, Field.CAUSE_CODE) & ~_blames(situation),
        Gate.VERIFIED: verified(situation),
        Gate.PREVENTION: has(situation, Field.PREVENTION),
        Gate.REPLY: replied(situation),
        Gate.CONFIRMED: confirmed(situation),
        Gate.ASKED: asked & ~unreviewed(situation),
        Gate.WATCH: has(situation, Field.WATCH_UNTIL) | _needs_no_watch(situation),
        Gate.ACTIONS: ~_with_open_actions(situation),
        Gate.FOLLOWERS: ~_with_untold_followers(situation),
    }


def _blames(situation: Situation) -> Mask:
    words = last_whys(situation.rulebook.lists)

    def look(columns: Columns) -> Mask:
        causes = columns[Field.ROOT_CAUSE].tolist()
        return np.array([not is_missing(cause) and ends_in_blame(str(cause), words) for cause in causes], np.bool_)

    return situation.answers.by_row(("blames", words), (Field.ROOT_CAUSE,), look)


def _needs_no_watch(situation: Situation) -> Mask:
    """Rows whose level has no limit of 跟踪: nothing could be suggested."""
    limited = [level for level in Level if (Clock.WATCH, level) in situation.rulebook.limits]
    return ~level_in(situation, *limited) if limited else np.ones(len(situation.frame), dtype=bool)


def _with_open_actions(situation: Situation) -> Mask:
    """Rows with an action that is not done, or has nothing to show for it."""
    unproven = {row.id for row in situation.rulebook.logs.get("actions", ()) if row.id and is_unproven(row)}
    return of_ids(situation, unproven)


def _with_untold_followers(situation: Situation) -> Mask:
    """Masters with a follower whose reporter has had neither the final reply nor a contact.

    One counts as told too with the address of somebody told, as history, when it cannot be reached, or once closed.
    """
    untold, led = np.zeros(len(situation.frame), dtype=bool), followers(situation)
    if not led:
        return untold
    told, given = _told(situation), replied(situation)
    for master, behind in led.items():
        above = case_by_id(situation, master)
        if above is not None:
            reached = {_address(case) for case in behind if told(case)}
            if given[above.place]:
                reached.add(_address(above))
            waiting = [_address(case) for case in behind if not told(case)]
            untold[above.place] = any(not address or address not in reached for address in waiting)
    return untold


def _told(situation: Situation) -> Callable[[Case], bool]:
    """Asks of a follower whether its reporter knows, or needs no word."""
    spoken = {entry.id for entry in situation.rulebook.contacts if entry.direction != "in"}
    mailed = {id for _, id, _ in situation.memory.went(MailKind.SOLVED, MailKind.DECLINED, MailKind.EXPLAINED)}
    known, past = spoken | mailed, replied(situation) | history(situation) | examples(situation)
    ended = (CloseType.UNREACHABLE, Confirmation.UNREACHABLE)

    def told(case: Case) -> bool:
        return bool(case.id in known or past[case.place] or case.value(Field.CLOSED_AT)
                    or case.value(Field.CLOSE_TYPE) in ended or case.value(Field.CONFIRMATION) in ended)  # fmt: skip

    return told


def _address(case: Case) -> str:
    return str(case.value(Field.EMAIL) or "").casefold()


def lacking(situation: Situation, rows: Mask) -> dict[int, list[Phrase]]:
    """Position in the frame -> the gates that do not hold for the row's level and 关闭方式, where there are any.

    Args:
        situation: What is asked.
        rows: Which rows are asked about; each has a 关闭方式.
    """
    result: dict[int, list[Phrase]] = {}
    if not rows.any():
        return result
    for gate, (applies, holds) in asked_gates(situation).items():
        for place in np.flatnonzero(rows & applies & ~holds).tolist():
            result.setdefault(place, []).append(Phrase(gate))
    return result


def absent_gates(situation: Situation) -> tuple[str, ...]:
    """Gates that demand nothing, since the register never had a column they ask for."""
    absent = [name for name in ASKS_FOR if not _has_columns(situation, name)]
    return (*absent, "gate.actions") if "actions" in situation.rulebook.unread else tuple(absent)


def asked_gates(situation: Situation) -> dict[str, tuple[Mask, Mask]]:
    """Name of a gate in the catalogue -> the rows that are asked, by level and 关闭方式, and those that meet it."""
    ways = {kind: equals(situation, Field.CLOSE_TYPE, kind) for kind in CloseType}
    short = explained(situation) | ways[CloseType.EXPLAINED] | (ends_without_solution(situation) & replied(situation))
    merged, improved = ways[CloseType.MERGED], ways[CloseType.IMPROVEMENT]
    elsewhere = merged | ways[CloseType.UNREACHABLE]
    unknown = ~has(situation, Field.LEVEL)
    found: dict[str, tuple[Mask, Mask]] = {}
    for gate, holds in passed(situation).items():
        levels, name = situation.rulebook.gates.get(gate, frozenset()), f"gate.{gate.value}"
        unlogged = gate is Gate.ACTIONS and "actions" in situation.rulebook.unread
        if not levels or unlogged or not _has_columns(situation, name):
            continue
        applies = level_in(situation, *levels) | unknown
        if gate not in EVEN_EXPLAINED:
            applies &= ~short
        if gate not in ELSEWHERE:
            applies &= ~elsewhere
        if gate in NOT_IMPROVED:
            applies &= ~improved
        found[name] = applies, holds
    if _has_columns(situation, "gate.reported"):  # always: no level, no 关闭方式 and no switch excuses a hazard
        found["gate.reported"] = equals(situation, Field.SAFETY, Safety.YES), reported(situation)
    found["gate.master"] = merged, has(situation, Field.MASTER)
    if _has_columns(situation, "gate.iteration"):
        found["gate.iteration"] = improved, has(situation, Field.ITERATION)
    found["gate.attempt"] = ways[CloseType.UNREACHABLE], _tried(situation)
    return found


def _tried(situation: Situation) -> Mask:
    """Somebody tried to reach the reporter: an outgoing contact is logged, or a mail of ours failed."""
    ids = {entry.id for entry in situation.rulebook.contacts if entry.direction != "in"}
    ids |= {str(key.id) for key, sent in situation.memory.sent.items() if sent.state == "failed"}
    return of_ids(situation, ids)


def _has_columns(situation: Situation, gate: str) -> bool:
    return all(field in situation.register.columns for field in ASKS_FOR.get(gate, ()))
