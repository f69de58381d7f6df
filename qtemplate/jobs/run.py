"""The nightly run and the plan of one: read, plan, apply, deliver, and again until nothing is left to do."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable
from functools import partial

from msgspec.structs import replace

from ..apply import Applied, Workspace, apply_plan
from ..apply.settle import settle
from ..config import Config
from ..errors import GuardTripped, Interrupted, RegisterChanged
from ..journal import Journal
from ..mailer.outbox.entry import State
from ..plan import Phrase, Result
from ..plan.first_seen import since_when
from ..plan.progress import Progress, silent
from ..register import Register
from ..report.kept_back import as_phrase, kept_back
from ..report.run_report import RunReport
from ..rules.views import make_views
from ..sheets.upgrading.survey import survey_workbook
from ..sheets.writing.left_out import LeftOut
from ..texts import make_error, say
from .adopting.source import bring_over
from .form_inbox import awaited_findings, collected_findings
from .idle.note import Rest, note_rest, read_basis, resting
from .incoming.arriving import CameIn, take_in
from .incoming.settling import forget_old, settle_incoming
from .known_things import gone_headers, remember_things
from .look import check, untouched
from .mail.failure import remember_keepers, telling_keepers
from .mail.groups import tell_groups
from .mail.hours import outsiders_hours, overdue_findings, remember_hours
from .mail.nightly_result import nightly_result
from .mail.waiting import still_wanted, take_back
from .moment import local_now
from .month.sheet import months_of
from .month.side_by_side import remember_months
from .owning.kept import imagine_kept, name_by_id, take_register
from .ping import tell_monitor
from .round import ROUNDS, Errand, Round, assemble_round, templates_of
from .status import NEEDS_PEOPLE, NOT_WRITTEN, WHY, needs_people
from .stopwatch import Stopwatch
from .tally import Tally, plan_report, run_report
from .web.board import keep_board
from .workspace import holding, imagining
from .world import World, read_again, read_world

__all__ = ["check", "plan", "run"]

READS = 5
"""A register that is saved by people again and again while it is being written is left to the next run after this."""

Ended = Callable[[Journal, RunReport], None]

LONGEST_WAIT = dt.timedelta(minutes=1)


def plan(
    config: Config, moment: dt.datetime | None = None, *, digests: bool = True, progress: Progress = silent
) -> RunReport:
    """Everything a run would do, imagined round by round as `run` does it; changes nothing.

    Raises:
        RegisterUnreadable, ConfigError: Set-up.
        GuardTripped: A run would stop, since the register lost most of its rows.
    """
    now, watch = local_now(config, moment), Stopwatch()
    with untouched(), imagining(config) as workspace:
        taking = partial(imagine_kept, workspace)
        delivered = take_in(workspace, now, looking=True)
        came_in = awaited_findings(workspace, config, now, delivered.delivered.forms)
        errand = Errand(workspace, "plan", now, digests, True, watch, progress, taking, came_in)
        tally = Tally(planned=True)
        last = _go_rounds(errand, tally, delivered)
        return plan_report(errand, tally, last)


def run(
    config: Config,
    moment: dt.datetime | None = None,
    *,
    send: bool = True,
    kind: str = "run",
    progress: Progress = silent,
    timer: Callable[[], float] = time.perf_counter,
    ended: Ended = lambda journal, report: None,
) -> RunReport:
    """One whole run: plan, apply, deliver, until a re-plan is empty. A nightly one is told to the monitor.

    Args:
        config: The workspace.
        moment: The moment to replay; None = now.
        send: Whether to deliver; else mails are only queued.
        kind: `run` sends digests and the nightly result, `watch` does not.
        progress: Told what is being done.
        timer: What `seconds` of the report counts; CPU time for the benchmark.
        ended: Called when all is done, while the workspace is still held.

    Raises:
        RegisterUnreadable, ConfigError: Set-up.
        RegisterLocked: Another run is under way.
        GuardTripped: The register lost most of its rows.
    """
    nightly = kind == "run"
    basis = read_basis(config)
    try:
        report, rest = _run(config, moment, send=send, kind=kind, progress=progress, timer=timer, ended=ended)
    except Exception:
        if nightly:
            tell_monitor(config, None, moment)
        raise
    told = tell_monitor(config, report.exit_code, moment) if nightly else True
    note_rest(config, basis if told else None, rest, report)
    return report


def _run(
    config: Config,
    moment: dt.datetime | None,
    *,
    send: bool,
    kind: str,
    progress: Progress,
    timer: Callable[[], float],
    ended: Ended,
) -> tuple[RunReport, Rest | None]:
    now, watch = local_now(config, moment), Stopwatch(timer=timer)
    name = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    nightly = kind == "run"
    with holding(config) as workspace, telling_keepers(workspace, now, nightly=nightly, send=send):
        journal = workspace.journal
        journal.begin_run(name, kind, now, dt.datetime.now(dt.UTC).isoformat())
        tally = Tally()
        delivered = take_in(workspace, now)  # with the forms that came by mail
        came_in = collected_findings(workspace, config, now)
        taking = partial(take_register, workspace)
        errand = Errand(workspace, name, now, nightly, send, watch, progress, taking, came_in)
        try:
            last = _go_rounds(errand, tally, delivered)
        except KeyboardInterrupt:
            raise Interrupted(_how_far(errand)) from None
        name_by_id(workspace, last.after.register)
        unwritten = tally.outcomes[Result.DEFERRED] + tally.outcomes[Result.FAILED]  # the mails are counted below
        if send:
            tally.tell(tell_groups(workspace, last.after, now, nightly=nightly))
        with watch.phase("board"):
            tally.tell(keep_board(workspace, last.after))
        report = run_report(errand, tally, last)
        rest = resting(errand, tally, last)
        journal.forget_former()
        forget_old(workspace, now)
        workspace.outbox.forget_text(now - dt.timedelta(days=config.mail.keep_text_days))
        seen = since_when(report.findings, journal.findings_seen(), now.date())
        journal.remember_findings(seen, told=nightly)
        remember_hours(journal, last.world.rulebook.calendar)
        remember_months(workspace, last.after)
        summary = {
            "rows": len(last.after.frame),
            "exit": report.exit_code,
            NOT_WRITTEN: unwritten,
            WHY: [[say(as_phrase(each), language) for language in ("zh", "en")] for each in report.kept if each.cells],
            NEEDS_PEOPLE: needs_people(report.findings),
        }
        journal.end_run(name, dt.datetime.now(dt.UTC).isoformat(), summary)
        ended(journal, report)
    return report, rest


def _how_far(errand: Errand) -> Phrase:
    """What an interrupted run has done, by what it wrote down."""
    outbox = errand.workspace.outbox
    gone = outbox.entries((State.SENT, State.PARTIAL, State.DIVERTED))
    return Phrase.of(
        "stopped.run",
        cells=len(errand.workspace.journal.changes(run=errand.name, limit=10**9)),
        sent=sum(mail.sent_at is not None and mail.sent_at >= errand.now for mail in gone),
        waiting=len(outbox.entries((State.APPROVED, State.SENDING))),
    )


def _go_rounds(errand: Errand, tally: Tally, came_in: CameIn) -> Round:
    """What came in, rounds until a re-plan is empty, then the nightly result; the last of the rounds."""
    world, done, changed = look(errand), 0, 0
    world, of_theirs = bring_over(errand, tally, world, look)
    world, said = settle_incoming(errand, came_in, tally, world, look, looking=tally.planned)
    errand = replace(errand, came_in=(*of_theirs, *said, *errand.came_in))
    tally.tell(overdue_findings(errand.workspace.outbox, world.rulebook.calendar, errand.now))
    templates = templates_of(errand.workspace.config, world.register.own_headers)
    refused: LeftOut = {}
    logged = False
    while True:
        this = assemble_round(errand, world, templates, done, refused, logged=logged)
        try:
            applied = _carry_out(errand, this, tally)
        except RegisterChanged:
            changed += 1
            if changed >= READS:
                raise
            world = look(errand)
            continue
        done += 1
        if applied.deferred or done > ROUNDS or not (this.plan.acts or applied.delivered):
            break
        world, refused = _look_again(errand, this, applied), applied.refused
        logged = bool(this.plan.rows or this.plan.cells)
        del this, applied  # the next round is put together without the memory that this one takes
    if errand.nightly or this.not_yet:
        unwritten = tuple(as_phrase(each) for each in kept_back(tally.not_done) if each.waits)
        news = nightly_result(
            errand, this, templates, tally.for_keepers, listed=not tally.kept_back, unwritten=unwritten
        )
        _carry_out(errand, news, tally, follows=False)
    return this


def _carry_out(errand: Errand, this: Round, tally: Tally, *, follows: bool = True) -> Applied:
    """Does what is to be done at the ends of the workspace, real or imagined; see `Tally.add` for `follows`."""
    tally.look(this)
    take_back(errand.workspace.outbox, this.taken_back, errand.now)
    errand.progress("apply")
    workspace, world = errand.workspace, this.world
    with errand.watch.phase("rules"):
        months = months_of(workspace, world.book, this.after) if "figures" in this.sheets else None
        views = make_views(this.after) if "views" in this.sheets else None
    with errand.watch.phase("apply"):
        applied = apply_plan(
            workspace,
            world.book,
            world.register,
            this.plan,
            this.rendered,
            run=errand.name,
            now=errand.now,
            send=errand.send,
            sheets=this.sheets,
            months=months,
            views=views,
            refused=this.refused,
            still_wanted=still_wanted(this.after),
            opens=outsiders_hours(this.world.rulebook, errand.workspace.config),
            wait=waiter(errand.now),
            anew=this.anew,
            pages=this.pages,
            exports=this.exports,
            not_yet=this.not_yet | tally.stale,
            progress=errand.progress,
        )
    tally.add(this, applied, errand.workspace.journal, follows=follows)
    return applied


def look(errand: Errand) -> World:
    """Reads everything, and finishes what a crash left."""
    config, workspace = errand.workspace.config, errand.workspace
    errand.progress("read")
    with errand.watch.phase("read"):
        world = read_world(config, workspace.ends.patcher.source)
        remember_keepers(workspace, world.rulebook, errand.now.date())
        world = _remember(workspace, world)
        settle(workspace, world.register)
        _guard(workspace, world.register)
    errand.took_register(world.register)
    return world


def _remember(workspace: Workspace, world: World) -> World:
    """Keeps what the workbook has; the register as it was read, with what is told of headers that are gone."""
    survey = survey_workbook(world.book)
    remember_things(workspace.journal, survey)
    gone = tuple(gone_headers(workspace.journal, survey, world.register.language))
    return replace(world, register=replace(world.register, findings=(*world.register.findings, *gone)))


def _look_again(errand: Errand, before: Round, applied: Applied) -> World:
    """The workbook after a round; where it refused cells the rows are without them, and are read again."""
    if len(applied.refused) > len(before.refused):
        return look(errand)
    workspace = errand.workspace
    errand.progress("read")
    with errand.watch.phase("read"):
        source = workspace.ends.patcher.source
        return read_again(workspace.config, source, before.world, before.after, applied.sha256)


def _guard(workspace: Workspace, register: Register) -> None:
    """Stops before anything is written when most rows are gone.

    Raises:
        GuardTripped: Fewer rows than the configured share of what the journal knows.
    """
    known = workspace.journal.known_rows()
    share = workspace.config.register.guard_shrink
    if known >= 10 and len(register.frame) < known * share:
        raise make_error(GuardTripped, "register.shrunk", path=register.path, rows=len(register.frame), known=known)


def waiter(now: dt.datetime) -> Callable[[dt.timedelta], dt.datetime]:
    """Waits for the server's rate limit; the run's moment moves on by just that, a replayed one too.

    A run holds the workspace, so it waits a minute at most at a time; where more is asked for, the moment stays.
    """
    moment = now

    def wait(span: dt.timedelta) -> dt.datetime:
        nonlocal moment
        if span > LONGEST_WAIT:
            return moment
        time.sleep(span.total_seconds())
        moment += span
        return moment

    return wait
