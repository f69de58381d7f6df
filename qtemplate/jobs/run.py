"""The nightly run, the plan and the check: read, plan, apply, deliver, and again until nothing is left to do."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from ..apply import PROGRAM_SHEETS, Applied, Workspace, apply_plan, settle
from ..config import Config
from ..errors import GuardTripped, RegisterChanged
from ..mailer.compose import workspace_templates
from ..mailer.deliver import Delivery, Reason
from ..mailer.entry import State
from ..mailer.templates import MailTemplates, Rendered
from ..plan import CellEdit, Finding, Message, NewRow, Plan, Result, Severity
from ..register import Register
from ..report.run_report import FormLine, MailLine, RunReport
from ..rules import make_plan
from ..rules.gone import gone_rows
from ..rules.nightly_news import nightly_news
from ..sheets.digest import digest_file
from ..sheets.refused_cells import CellKey, without_cells
from .failure import remember_keepers, telling_keepers
from .forms import collected_findings
from .waiting import (
    base_of,
    facts_of_mail,
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


@dataclass(slots=True)
class Stopwatch:
    """Seconds per phase."""

    seconds: dict[str, float] = field(default_factory=dict)
    timer: Callable[[], float] = time.perf_counter

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        start = self.timer()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + self.timer() - start


@dataclass(slots=True)
class Tally:
    """What the rounds of one run did together."""

    findings: dict[Finding, None] = field(default_factory=dict)
    edits: list[CellEdit] = field(default_factory=list)
    rows: list[NewRow] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    rendered: dict[str, Rendered] = field(default_factory=dict)
    forms: list[FormLine] = field(default_factory=list)
    outcomes: Counter[Result] = field(default_factory=Counter)
    deliveries: list[Delivery] = field(default_factory=list)
    blocked: bool = False

    def add(self, plan: Plan, applied: Applied) -> None:
        """Takes up one applied round."""
        self.blocked = self.blocked or applied.deferred
        if not applied.deferred:
            written = without_cells(plan, applied.refused)
            self.edits += written.edits
            self.rows += written.rows
        self.findings.update(dict.fromkeys(applied.findings))
        self.outcomes.update(outcome.result for outcome in applied.outcomes)
        self.deliveries += applied.deliveries


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
        _mail_line(message, rendered[message.key].subject, "approved" if message.approved else "drafted")
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
        report = _report(workspace, tally, register, findings, name, now, watch)
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
        _take_up(tally, plan, applied, rendered, workspace)
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
        standing = (*made.findings, *queue_findings(workspace.outbox, now))
        news = nightly_news(after, world.rulebook, memory, moment, standing)
        act(world, news, after, frozenset())
    return after, made.findings


def _take_up(
    tally: Tally, made: Plan, applied: Applied, rendered: Mapping[str, Rendered], workspace: Workspace
) -> None:
    tally.add(made, applied)
    tally.messages.update({message.key: message for message in made.messages if message.key in rendered})
    tally.rendered.update(rendered)
    for form in made.forms:
        path = workspace.journal.form_path(form.key)
        if path is not None:
            tally.forms.append(FormLine(form.key, form.kind, form.id, path))


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


def _mail_line(message: Message, subject: str, state: str) -> MailLine:
    return MailLine(
        message.key,
        message.kind,
        message.id,
        tuple(person.mail for person in message.to),
        tuple(person.mail for person in message.cc),
        subject,
        state,
    )


def _report(
    workspace: Workspace,
    tally: Tally,
    register: Register,
    findings: tuple[Finding, ...],
    name: str,
    now: dt.datetime,
    watch: Stopwatch,
) -> RunReport:
    entries = {base_of(entry.key): entry for entry in workspace.outbox.entries()}
    mails = []
    for key, message in tally.messages.items():
        entry = entries.get(key)
        if entry is not None:
            mails.append(_mail_line(message, entry.subject, entry.state.value))
    known = dict(tally.findings)
    known.update(dict.fromkeys(findings))
    results = {
        "sent": Result.DONE,
        "partial": Result.DONE,
        "failed": Result.FAILED,
        "unknown": Result.UNKNOWN,
        "cancelled": Result.SKIPPED,
        "drafted": Result.SKIPPED,
        "held": Result.SKIPPED,
    }
    for delivery in tally.deliveries:
        # what waits for the end of the quiet hours does so as it was asked to
        waits = Result.SKIPPED if delivery.reason is Reason.QUIET else Result.DEFERRED
        tally.outcomes[results.get(delivery.state.value, waits)] += 1
        if delivery.reason is Reason.SETUP:
            facts = facts_of_mail(delivery.key, delivery.state, delivery.detail)
            known[Finding("QT523", Severity.WARNING, id=delivery.id, facts=facts)] = None
    known.update(dict.fromkeys(queue_findings(workspace.outbox, now)))
    tally.outcomes[Result.DONE] += len({form.key for form in tally.forms})
    capped = sum(delivery.reason is Reason.OVER_CAP for delivery in tally.deliveries)
    return RunReport(
        name,
        now,
        replace(register, sha256=_digest(workspace)),
        tuple(known),
        tuple(tally.edits),
        tuple(tally.rows),
        tuple(mails),
        tuple({form.key: form for form in tally.forms}.values()),
        tally.outcomes,
        watch.seconds,
        capped,
        True,
    )


def _digest(workspace: Workspace) -> str:
    return digest_file(workspace.config.register.path)
