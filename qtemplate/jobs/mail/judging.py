"""What the rules ask for, held against the mails that wait: what is new, what is made anew, what is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from ...choices import Role
from ...plan.mail_kinds import MailKind
from ...rules import make_plan
from ...rules.situation import NOTHING, Situation
from ...rules.stand_in import reach_role
from ..world import World, recall
from .daily import for_who_waits, outdated_daily
from .later import outdated_later
from .waiting import Waiting, outdated_mails

if TYPE_CHECKING:
    from ...apply import Workspace
    from ...plan import Message, Plan
    from ...plan.keys import MessageKey
    from ...rules.rulebook import RuleBook


class Judged(Struct, frozen=True):
    """What a look at the register means for the mails.

    Attributes:
        plan: With the mails that are new.
        anew: Those that wait and may go: they get the words of today.
        taken_back: Entry key -> why it must not go as it is.
        not_yet: Keys of nightly results that are made anew at the end.
    """

    plan: Plan
    anew: tuple[Message, ...] = ()
    taken_back: Mapping[str, str] = field(default_factory=dict)
    not_yet: frozenset[str] = frozenset()


def judge(
    workspace: Workspace,
    world: World,
    waiting: Waiting,
    plan: Plan,
    after: Situation,
    *,
    now: dt.datetime,
    nightly: bool,
    keepers: frozenset[str] = frozenset(),
) -> Judged:
    """Hold a plan against what waits.

    Args:
        workspace, world: What was looked at.
        waiting: From `waiting_mails`; the plan was made as if `unmade` did not exist.
        plan, after: From `make_plan`.
        now: The moment; aware.
        nightly: Whether digests are new here; else only who waits for one gets one.
        keepers: Who is still to be told of a run that failed.
    """
    outbox, config = workspace.outbox, workspace.config
    made = {message.key: message for message in plan.messages}
    outdated = outdated_mails(waiting, plan, after, config)
    outdated |= outdated_daily(waiting.daily, frozenset(made), now.date(), keepers)
    if waiting.later:
        outdated |= _judge_later(workspace, world, waiting, after)
    kept = {key for key, entry in {**waiting.mails, **waiting.daily}.items() if entry.key not in outdated}
    new = [message for message in plan.messages if message.key not in kept]
    if not nightly:
        daily = [message for message in new if message.id is None]
        asked = for_who_waits(outbox, daily, waiting.daily) if daily else ()
        new = [message for message in new if message.id is not None or message in asked]
    not_yet = frozenset(entry.key for key, entry in waiting.daily.items() if key.kind is MailKind.NIGHTLY)
    return Judged(
        replace(plan, messages=tuple(new)),
        tuple(message for message in plan.messages if message.key in kept),
        outdated,
        not_yet,
    )


def keepers_of(rulebook: RuleBook, day: dt.date) -> frozenset[str]:
    """The addresses of the keepers, or of who stands in for them."""
    return frozenset(keeper.person.mail for keeper in reach_role(rulebook, Role.KEEPER, day))


def _judge_later(workspace: Workspace, world: World, waiting: Waiting, after: Situation) -> dict[str, str]:
    """Ask the rules once more, as if these mails had never been made either."""
    if after.memory.unknown or workspace.config.mail.redirect_to:
        return {}  # steps rest, so that they do not ask says nothing; in test mode every envelope is the tester's
    bases: set[MessageKey] = {entry.key.base for entry in waiting.later.values()}
    memory = recall(workspace, world.register, waiting.unmade | bases, digests=True)
    imagined, _ = make_plan(replace(world, answers=NOTHING).situation(memory, after.now))
    made = {message.key: message for message in imagined.messages}
    return outdated_later(waiting.later, waiting.by_person, made, after)
