"""The nightly run, the plan and the check: read, plan, apply, deliver, and again until nothing is left to do."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable
from dataclasses import replace

from ..apply import PROGRAM_SHEETS, Applied, Workspace, apply_plan, settle
from ..config import Config
from ..errors import GuardTripped, RegisterChanged
from ..mailer.compose import workspace_templates
from ..mailer.outbox.entry import State
from ..mailer.words.templates import MailTemplates
from ..plan import UNLISTED, Finding, Plan
from ..register import Register
from ..report.run_report import FormLine, RunReport
from ..rules import make_plan
from ..rules.around.gone import gone_rows
from ..rules.steps.nightly_news import nightly_news
from ..sheets.writing.refused_cells import CellKey, without_cells
from .failure import remember_keepers, telling_keepers
from .forms import collected_findings
from .tally import Stopwatch, Tally, mail_line, make_report
from .waiting import (
    outdated_mails,
    queue_findings,
    still_wanted,
    superseded_digests,
    take_back,
    waiting_mails,
    without_waiting,
)
from .workspace import holding, looking
from .world import World, local_now, read_again, read_world, recall, render_all

ROUNDS = 3
"""What delivery changes is planned and applied in the same run, this often at the most."""

READS = 5
"""A register that is saved by people again and again while it is being written is left to the next run after this."""

HAPPENED = frozenset({"QT140", "QT141", "QT142", "QT341", "QT622", "QT623", "QT624"})
"""Findings about what the run itself did; the next round no longer sees them. All others are the last round's."""

Progress = Callable[[str], None]


def check(config: Config, moment: dt.datetime | None = None) -> RunReport:
    """Findings only; changes nothing."""
    report = plan(config, moment, digests=False)
    return replace(report, edits=(), rows=(), messages=(), forms=())


def plan(config: Config, moment: dt.datetime | None = None, *, digests: bool = True) -> RunReport:
    """Everything a run would do; changes nothing."""
    now, watch = local_now(config, moment), Stopwatch()
    with looking(config) as workspace:
        with watch.phase("read"):
            world = read_world(config)
        with watch.phase("memory"):
            waiting = waiting_mails(workspace.outbox)
            memory = recall(workspace, world.register, waiting, digests=digests)
        with watch.phase("rules"):
            made, after = make_plan(world.register, world.rulebook, memory, now.replace(tzinfo=None))
            made += gone_rows(after, memory)
            made = without_waiting(made, waiting, outdated_mails(waiting, made, after, config))
            if digests:
                made += nightly_news(after, world.rulebook, memory, now.replace(tzinfo=None), made.findings)
        with watch.phase("render"):
            rendered, problems = render_all(made, workspace_templates(config, world.register.own_headers), config, now)
    mails = tuple(
        mail_line(message, rendered[message.key].subject, "approved" if message.approved else "drafted")
        for message in made.messages
        if message.key in rendered
    )
    forms = tuple(FormLine(form.key, form.kind, form.id, "") for form in made.forms)
    return RunReport(
        "plan",
        now,
        world.register,
        (*made.findings, *problems),
        made.edits,
        made.rows,
        mails,
        forms,
        seconds=watch.seconds,
    )


def run(
    config: Config,
    moment: dt.datetime | None = None,
    *,
    send: bool = True,
    kind: str = "run",
    progress: Progress = lambda step: None,
    timer: Callable[[], float] = time.perf_counter,
) -> RunReport:
    """One whole run: plan, apply, deliver, until a re-plan is empty.

    Args:
        config: The workspace.
        moment: The moment to replay; None = now.
        send: Whether to deliver; else mails are only queued.
        kind: `run` sends digests and the nightly result, `watch` does not.
        progress: Told what is being done.
        timer: What `seconds` of the report counts; CPU time for the benchmark.

    Raises:
        RegisterUnreadable, ConfigError: Set-up.
        RegisterLocked: Another run is under way.
        GuardTripped: The register lost most of its rows.
    """
    now, watch = local_now(config, moment), Stopwatch(timer=timer)
    name = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    nightly = kind == "run"
    with holding(config) as workspace, telling_keepers(workspace, now, nightly=nightly, send=send):
        workspace.journal.begin_run(name, kind, now, dt.datetime.now(dt.UTC).isoformat())
        tally = Tally()
        tally.findings.update(dict.fromkeys(collected_findings(workspace, config, now)))
        final = _rounds(workspace, tally, name, now, watch, send, nightly, progress)
        register, findings = final
        report = make_report(workspace, tally, register, findings, name, now, watch)
        workspace.journal.forget_former()
        workspace.outbox.forget_text(now - dt.timedelta(days=config.mail.keep_text_days))
        workspace.journal.end_run(
            name, dt.datetime.now(dt.UTC).isoformat(), {"rows": len(register.frame), "exit": report.exit_code}
        )
    return report


def _rounds(
    workspace: Workspace,
    tally: Tally,
    name: str,
    now: dt.datetime,
    watch: Stopwatch,
    send: bool,
    nightly: bool,
    progress: Progress,
) -> tuple[Register, tuple[Finding, ...]]:
    """Rounds until a re-plan is empty, then the nightly result; the register and the findings of the last plan."""
    config, moment = workspace.config, now.replace(tzinfo=None)
    reads, done = 0, 0
    world: World | None = None
    templates: MailTemplates | None = None
    known: tuple[Register, str] | None = None
    refused: dict[CellKey, Finding] = {}

    def act(world: World, plan: Plan, after: Register, sheets: frozenset[str]) -> Applied:
        nonlocal templates
        templates = templates or workspace_templates(config, world.register.own_headers)
        with watch.phase("render"):
            rendered, problems = render_all(plan, templates, config, now)
        tally.findings.update(dict.fromkeys(problems))
        progress("apply")
        with watch.phase("apply"):
            applied = apply_plan(
                workspace,
                world.book,
                world.register,
                plan,
                rendered,
                run=name,
                now=now,
                send=send,
                sheets=sheets,
                refused=refused,
                still_wanted=still_wanted(after),
                wait=waiter(now),
            )
        tally.add(plan, applied, rendered, workspace.journal)
        return applied

    while True:
        progress("read")
        with watch.phase("read"):
            if world is None or known is None:
                world = read_world(config)
                remember_keepers(workspace, world.rulebook)
                settle(workspace, world.register)
                _guard(workspace, world.register)
            else:
                world = read_again(config, world, known[0], known[1])
        with watch.phase("memory"):
            waiting = waiting_mails(workspace.outbox)
            memory = recall(workspace, world.register, waiting, digests=nightly)
        progress("rules")
        with watch.phase("rules"):
            made, after = make_plan(world.register, world.rulebook, memory, moment)
            made += gone_rows(after, memory)
        tally.findings.update(dict.fromkeys(item for item in made.findings if item.code in HAPPENED))
        outdated = outdated_mails(waiting, made, after, config)
        made = without_waiting(made, waiting, outdated)
        if done >= ROUNDS:
            made, outdated = Plan(made.findings), {}
        if refused:
            made = replace(without_cells(made, refused), findings=(*made.findings, *dict.fromkeys(refused.values())))
        # the change log was written with the last edits; only a first look may find it lost
        sheets = PROGRAM_SHEETS if done == 0 or made.edits else PROGRAM_SHEETS - {"changes"}
        night = now.date() if nightly else None
        take_back(workspace.outbox, outdated | superseded_digests(workspace.outbox, made, night), now)
        try:
            applied = act(world, made, after, sheets)
        except RegisterChanged:
            reads += 1
            if reads >= READS:
                raise
            world = None
            continue
        done += 1
        known = (after, applied.sha256)
        if len(applied.refused) > len(refused):  # the rows are without these cells: they are read again
            refused, known = dict(applied.refused), None
        delivered = any(delivery.state in (State.SENT, State.PARTIAL) for delivery in applied.deliveries)
        if applied.deferred or done > ROUNDS or not (made.acts or delivered):
            break
    if nightly:
        unlisted = [item for item in tally.findings if item.code in UNLISTED]
        standing = (*made.findings, *unlisted, *queue_findings(workspace.outbox, now))
        news = nightly_news(after, world.rulebook, memory, moment, standing, listed=not tally.kept_back)
        act(world, news, after, frozenset())
    return after, made.findings


def _guard(workspace: Workspace, register: Register) -> None:
    """Stops before anything is written when most rows are gone.

    Raises:
        GuardTripped: Fewer rows than the configured share of what the journal knows.
    """
    known = workspace.journal.known_rows()
    share = workspace.config.register.guard_shrink
    if known >= 10 and len(register.frame) < known * share:
        raise GuardTripped(
            f"{register.path} has {len(register.frame)} rows; after the last run it had {known}. Nothing was done. "
            "If rows were archived on purpose, run once with [register] guard_shrink = 0; "
            "else restore a copy from backups/."
        )


def waiter(now: dt.datetime) -> Callable[[dt.timedelta], dt.datetime]:
    """Waits for the server's rate limit; the run's moment moves on by just that, a replayed one too."""
    moment = now

    def wait(span: dt.timedelta) -> dt.datetime:
        nonlocal moment
        time.sleep(span.total_seconds())
        moment += span
        return moment

    return wait
