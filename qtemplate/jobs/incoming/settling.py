"""What is stored and waits is worked into the register: a round of its own, before those of the run."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ...apply import Workspace, apply_plan
from ...errors import RegisterChanged
from ...intake.page_item import WEB
from ...intake.raw_store import raw_path
from ...journal.received import ReceivedLog
from ...plan import FactName, Finding, Phrase, Plan, Severity
from ...plan.received import MAILBOX
from ...rules.incoming.decide import Rules, decide
from ...rules.incoming.links import Post
from ...rules.returned.asked_mails import wishes_of
from ...texts import say
from ..round import Errand, Round
from ..world import World, recall
from .arriving import CameIn
from .delivered import folder_of
from .folders import out_of_problems, put_files_away
from .page_files import forget_pictures, forget_unfinished
from .set_aside import problems_in
from .settled import settle_log

if TYPE_CHECKING:
    from ...rules.rulebook import RuleBook
    from ..tally import Tally

TRIES = 5
"""A register that is saved by people again and again is left to the next run after this, and so is a longer chain of
answers to answers."""

MOST_NAMED = 10

Look = Callable[[Errand], World]


def settle_incoming(
    errand: Errand, came_in: CameIn, tally: Tally, world: World, look: Look, *, looking: bool
) -> tuple[World, tuple[Finding, ...]]:
    """Works what waits into the register, and puts the files away.

    Args:
        errand: What the run was asked for.
        came_in: What was stored for it.
        tally: Told what was done.
        world: As it was read.
        look: Reads it again.
        looking: Put nothing away.

    Returns:
        The world with what came in, and what is to be said of all that.
    """
    workspace, said, piled = errand.workspace, list[Finding](), dict[int, Phrase]()
    of = workspace.config.mailbox
    rules = Rules(of.closed_answer, of.per_sender_per_day, of.unknown)
    log = ReceivedLog(workspace.journal.database)
    world, decided_on = _as_decided(errand, log, tally, world, look)
    for _ in range(TRIES):
        waiting = log.waiting()
        if not waiting:
            break
        memory = recall(workspace, world.register, digests=False)
        situation = world.situation(memory, errand.moment)
        decided = decide(situation, waiting, log.former(), _post(workspace), rules)
        try:
            written = _carry_out(errand, Round(world, decided.plan, situation), tally)
        except RegisterChanged:
            world = look(errand)
            continue
        said += decided.plan.findings
        piled |= decided.piled
        if looking:
            log.settle()
        else:
            _suppress(workspace, decided.plan, world.rulebook, errand.now)
            said += settle_log(workspace)
        if written:
            world = look(errand)
        if len(log.waiting()) == len(waiting):  # the register is locked, or a person saves it
            break
    put_files_away(workspace, came_in.delivered, piled, looking=looking)
    said += _left_in_mailbox(log, piled)
    if not looking:
        for source, channel in decided_on:
            if not log.unsettled(source) and log.piled(source) is None:
                out_of_problems(workspace, source, channel)
        said += _into_done(workspace)
    return world, (*problems_in(folder_of(workspace, "problem")), *said, *came_in.delivered.findings)


def forget_old(workspace: Workspace, now: dt.datetime) -> None:
    """Deletes the bytes of what came in, and what it said, once they are older than they are to be kept."""
    before = now - dt.timedelta(days=workspace.config.mailbox.keep_raw_days)
    raw = folder_of(workspace, "raw")
    for source in ReceivedLog(workspace.journal.database).forget(before):
        with contextlib.suppress(OSError):
            raw_path(raw, source).unlink()
        forget_pictures(workspace.config.workspace, source)
    forget_unfinished(folder_of(workspace, "in", WEB))


def _into_done(workspace: Workspace) -> list[Finding]:
    if not workspace.config.mailbox.host:
        return []
    from .mailbox import empty_mailbox

    return empty_mailbox(workspace)


def _left_in_mailbox(log: ReceivedLog, piled: Mapping[int, Phrase]) -> list[Finding]:
    """What stays in the mailbox for people, each with the reason."""
    subjects = {number: subject for number, subject in log.subjects(MAILBOX) if number in piled}
    if not subjects:
        return []
    lines = [Phrase.of("intake.left", subject=each[:60] or "–", why=piled[n]) for n, each in subjects.items()]
    return [Finding("QT852", Severity.WARNING, facts=(("n", len(lines)), ("named", tuple(lines[:MOST_NAMED]))))]


def _as_decided(
    errand: Errand, log: ReceivedLog, tally: Tally, world: World, look: Look
) -> tuple[World, list[tuple[str, str]]]:
    """What people decided on 待裁决 about mails: they wait again, to be put to their feedback, or are let be.

    Returns:
        The world after that, and (source, channel) of what was decided on.
    """
    if not world.rulebook.logs.get("decisions"):
        return world, []
    piled = {item.number: (source, item.channel) for source, item in log.pile()}
    situation = world.situation(recall(errand.workspace, world.register, digests=False), errand.moment)
    wishes = wishes_of(situation, piled)
    if not wishes.cells:
        return world, []
    for number, id in wishes.links.items():
        log.link(number, id)
    for number in wishes.discards:
        log.discard(number)
    try:
        written = _carry_out(errand, Round(world, Plan(cells=wishes.cells), situation), tally)
    except RegisterChanged:  # the next run finds that they wait no longer, and says so on the sheet
        written = True
    return look(errand) if written else world, [piled[number] for number in (*wishes.links, *wishes.discards)]


def _post(workspace: Workspace) -> Post:
    """What is known of mails that went and came."""
    own = parseaddr(workspace.config.mail.sender)[1].casefold()
    came = ReceivedLog(workspace.journal.database).known_mails()
    return Post(workspace.outbox.message_ids(), came, frozenset({own} if own else ()))


def _suppress(workspace: Workspace, plan: Plan, rulebook: RuleBook, now: dt.datetime) -> None:
    """An outsider's address from which a mail came back gets no more."""
    language = str(workspace.config.register.language)
    for fact in plan.facts:
        address = FactName.CAME_BACK.about(fact.name)
        if address and fact.value is not None and not rulebook.is_inside(address):
            reason = say(Phrase.of("intake.came_back", status=fact.value[1] or "–"), language)
            workspace.outbox.limits.suppress(address, reason, now)


def _carry_out(errand: Errand, this: Round, tally: Tally) -> bool:
    """Whether the register has other bytes than before."""
    tally.look(this)
    with errand.watch.phase("apply"):
        applied = apply_plan(
            errand.workspace,
            this.world.book,
            this.world.register,
            replace(this.plan, findings=()),
            {},
            run=errand.name,
            now=errand.now,
            send=False,
            sheets=frozenset({"changes"}),  # 校验结果 is the run's to renew
        )
    tally.add(this, applied, errand.workspace.journal, follows=False)
    return applied.sha256 != this.world.book.sha256
