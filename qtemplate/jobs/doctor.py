"""`doctor`: looks at everything a run needs, says what it saw and what to do; changes nothing."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import platform
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from .. import __version__
from ..choices import Role
from ..config import Config, TransportKind, load_config
from ..errors import ConfigError, QtemplateError
from ..files.file_systems import file_system, is_remote
from ..files.locks import find_owner
from ..files.owner_file import read_owner
from ..files.sync_roots import conflict_copies, find_sync_root
from ..mailer.outbox.entry import State
from ..mailer.transports.probe import probe_server
from ..mailer.words.lint import lint_templates
from ..plan import Phrase, Severity
from ..report.answer import Answer, Line, Section
from ..resources import templates_root
from ..rules.rulebook import RuleBook
from ..sheets import open_book
from ..sheets.health import Check, Health, examine_workbook
from ..sheets.rulebook.rule_review import review_tables
from ..texts import quote
from .examining.fleet import examine_fleet
from .examining.state import examine_state
from .incoming.examine import examine_intake
from .mail.hours import overdue_findings
from .mail.outbox import count_of
from .moment import local_now
from .owning.ownership import doubt_error, doubt_of
from .state import NOT_TO_BE_HAD
from .upgrade import lack_line, lacking, unknown_line
from .web.examine import examine_pages
from .workspace import looking
from .world import World, read_world

PACKAGES = ("openpyxl", "pandas", "numpy", "python-calamine", "lxml", "jinja2", "yagmail", "watchdog")
MARKS = {Health.OK: "✓", Health.NOTE: "✓", Health.WARNING: "✗", Health.ERROR: "✗"}
MOST_LISTED = 12
"""Things a line names."""


def doctor(
    path: Path, *, ask_server: bool = False, moment: dt.datetime | None = None, fleet: Path | None = None
) -> Answer:
    """Every check in order.

    Args:
        path: The configuration file.
        ask_server: Ask the mail server too.
        moment: Instead of now.
        fleet: The list that the workspace belongs to; None = the nearest `fleet.toml` above it, if there is one.

    Returns:
        Exit code 4 when something cannot work, 3 when something needs attention, else 0.
    """
    parts: dict[str, list[Check]] = {"set_up": [_environment()]}
    try:
        config = load_config(path)
    except ConfigError as wrong:
        seen = Phrase.of("doctor.no_config", problem=quote(wrong))
        parts["set_up"].append(Check("config", Health.ERROR, seen, Phrase("doctor.no_config_do")))
        return _answer(parts)
    now = local_now(config, moment)
    parts["set_up"] += [Check("config", Health.OK, Phrase.of("doctor.config", path=str(config.path)))]
    parts["set_up"] += [_workspace(config), *examine_state(config, now), *examine_fleet(config, fleet)]
    world: World | None = None
    parts["register"] = list(_place(config))
    try:
        world = read_world(config)
    except QtemplateError as error:
        seen = Phrase.of("doctor.unreadable", problem=quote(error))
        parts["register"].insert(0, Check("readable", Health.ERROR, seen, Phrase("doctor.unreadable_do")))
    if world is not None:
        facts = {"path": world.register.path, "sheet": world.register.sheet, "rows": len(world.register.frame)}
        parts["register"].insert(0, Check("readable", Health.OK, Phrase.of("doctor.readable", **facts)))
        with tempfile.TemporaryDirectory(prefix="qtemplate-") as scratch:
            parts["register"] += examine_workbook(world.book, world.register, Path(scratch))
        parts["register"] += _completeness(config, world)
        parts["rules"] = list(_rules(config, world, now))
    parts["mail"] = [
        *_mail(config),
        *(_late_mail(config, world, now) if world else ()),
        *(_probes(config) if ask_server else ()),
        *_intake(config, ask_server=ask_server),
    ]
    return _answer(parts)


def _answer(parts: dict[str, list[Check]]) -> Answer:
    checks = [check for part in parts.values() for check in part]
    counts = Counter(check.health for check in checks)
    sections = [Section.of(Phrase(f"doctor.part.{name}"), _lines(part)) for name, part in parts.items()]
    total = Phrase.of("doctor.summary", all=len(checks), errors=counts[Health.ERROR], warnings=counts[Health.WARNING])
    code = 4 if counts[Health.ERROR] else 3 if counts[Health.WARNING] else 0
    data = [
        {"check": c.name, "part": name, "ok": c.health in (Health.OK, Health.NOTE), "health": c.health, "seen": c.seen,
         "todo": c.todo} for name, part in parts.items() for c in part
    ]  # fmt: skip
    return Answer({"checks": data, "exit": code}, (*sections, Section(None, (total,))), code)


def _lines(checks: Iterable[Check]) -> Iterator[Line]:
    for check in checks:
        yield Phrase.of("doctor.line", mark=MARKS[check.health], seen=check.seen)
        if check.todo is not None:
            yield Phrase.of("doctor.todo", todo=check.todo)


# -- set-up ----------------------------------------------------------------------------------------------------------


def _environment() -> Check:
    versions = []
    for name in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions.append(f"{name} {metadata.version(name)}")
    facts = {"version": __version__, "python": platform.python_version(), "system": platform.platform(terse=True)}
    return Check("environment", Health.OK, Phrase.of("doctor.environment", packages=tuple(versions), **facts))


def _workspace(config: Config) -> Check:
    path = config.workspace
    try:
        with tempfile.NamedTemporaryFile(dir=path, prefix=".qt-tmp-"):
            pass
    except OSError as error:
        seen = Phrase.of("doctor.workspace_read_only", path=str(path), problem=error.strerror or str(error))
        return Check("workspace", Health.ERROR, seen, Phrase("doctor.workspace_read_only_do"))
    if is_remote(path) and config.state.url is None:
        seen = Phrase.of("doctor.workspace_remote", path=str(path), kind=file_system(path))
        return Check("workspace", Health.ERROR, seen, Phrase("doctor.workspace_remote_do"))
    key = "doctor.workspace" if config.state.url is None else "doctor.workspace_anywhere"
    return Check("workspace", Health.OK, Phrase.of(key, path=str(path)))


# -- where the register lies -------------------------------------------------------------------------------------------


def _place(config: Config) -> Iterator[Check]:
    path = config.register.path
    owner = find_owner(path)
    if owner is None:
        yield Check("locks", Health.OK, Phrase("doctor.free"))
    else:
        key = "stale" if owner.stale else "open"
        facts = {"holder": owner.name or Phrase("run.somebody"), "file": owner.file.name}
        health = Health.NOTE if owner.stale else Health.WARNING
        yield Check("locks", health, Phrase.of(f"doctor.{key}", **facts), Phrase(f"doctor.{key}_do"))
    if path.is_file() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        seen = Phrase.of("doctor.not_writable", path=str(path.parent))
        yield Check("writable", Health.ERROR, seen, Phrase("doctor.workspace_read_only_do"))
    else:
        yield Check("writable", Health.OK, Phrase("doctor.writable"))
    yield from _claim(config)
    if (source := config.register.source) is not None:
        try:
            open_book(source)
            yield Check("source", Health.OK, Phrase.of("doctor.source", path=str(source)))
        except QtemplateError as error:
            yield Check("source", Health.ERROR, Phrase.of("quoted", problem=quote(error)), Phrase("doctor.source_do"))
    root = find_sync_root(path)
    if root is None:
        yield Check("sync_root", Health.OK, Phrase("doctor.no_sync"))
    else:
        seen = Phrase.of("doctor.sync", root=str(root[0]), client=root[1])
        yield Check("sync_root", Health.WARNING, seen, Phrase("doctor.sync_do"))
    copies = conflict_copies(path)
    if copies:
        seen = Phrase.of("doctor.conflicts", files=tuple(file.name for file in copies))
        yield Check("conflicts", Health.WARNING, seen, Phrase("doctor.conflicts_do"))
    else:
        yield Check("conflicts", Health.OK, Phrase("doctor.no_conflicts"))
    kind = file_system(path) or "?"
    key = "doctor.no_events" if is_remote(path) else "doctor.events"
    yield Check("events", Health.NOTE if is_remote(path) else Health.OK, Phrase.of(key, kind=kind))


def _completeness(config: Config, world: World) -> Iterator[Check]:
    """What the standard workbook of this version has and this one never had; what it had and has no more."""
    try:
        with looking(config) as workspace:
            lacks = lacking(config, workspace.journal, world.book)
    except NOT_TO_BE_HAD:  # what it had is written there; the check of the state tells
        return
    absent = tuple(lack_line(lack) for lack in lacks if not lack.unknown)
    if absent:
        seen = Phrase.of("doctor.absent", n=len(absent), things=absent[:MOST_LISTED])
        yield Check("upgrade", Health.NOTE, seen, Phrase("doctor.absent_do"))
    else:
        yield Check("upgrade", Health.OK, Phrase("doctor.complete"))
    unknown = tuple(unknown_line(lack) for lack in lacks if lack.unknown)
    if unknown:
        seen = Phrase.of("doctor.unknown", things=unknown[:MOST_LISTED])
        yield Check("gone", Health.WARNING, seen, Phrase("doctor.unknown_do"))


def _claim(config: Config) -> Iterator[Check]:
    """Whether this workspace may write the register; nothing where the state, which knows our name, is unusable."""
    owner = read_owner(config.register.path)
    try:
        with looking(config) as workspace:
            doubt = doubt_of(config, workspace.journal, owner)
    except NOT_TO_BE_HAD:
        return
    if owner is not None and doubt is not None:
        seen = Phrase.of("quoted", problem=quote(doubt_error(config, owner, doubt)))
        yield Check("claim", Health.ERROR, seen, Phrase("doctor.claim_do"))
        return
    yield Check("claim", Health.OK, Phrase("doctor.one_workspace"))


# -- rules and templates -----------------------------------------------------------------------------------------------


def _rules(config: Config, world: World, now: dt.datetime) -> Iterator[Check]:
    book = world.book if config.register.rules is None else open_book(config.register.rules)
    findings = list(world.rulebook.findings)
    findings += [item for table in review_tables(book, world.rulebook) for item in table.findings]
    counts = Counter(item.severity for item in findings)
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    health = Health.ERROR if errors else Health.WARNING if warnings else Health.OK
    seen = Phrase.of("doctor.rules", errors=errors, warnings=warnings)
    yield Check("rules", health, seen, Phrase("doctor.rules_do") if findings and health is not Health.OK else None)
    yield _calendar(world.rulebook, now)
    keepers = tuple(person.name for person in world.rulebook.with_role(Role.KEEPER))
    if keepers:
        yield Check("keeper", Health.OK, Phrase.of("doctor.keeper", people=keepers))
    else:
        yield Check("keeper", Health.WARNING, Phrase("doctor.no_keeper"), Phrase("doctor.no_keeper_do"))
    folders = [folder for folder in (config.workspace / "templates", templates_root()) if folder.is_dir()]
    problems = lint_templates(folders, world.register.own_headers)
    if problems:
        seen = Phrase.of("doctor.templates_bad", n=len(problems), first=str(problems[0]))
        yield Check("templates", Health.WARNING, seen, Phrase("doctor.templates_do"))
    else:
        yield Check("templates", Health.OK, Phrase("doctor.templates"))


def _calendar(rulebook: RuleBook, now: dt.datetime) -> Check:
    """This year must be confirmed; the next one from November on, when it is announced."""
    if rulebook.calendar is None:
        return Check("calendar", Health.ERROR, Phrase("doctor.no_calendar"), Phrase("doctor.calendar_do"))
    wanted = {now.year, (now + dt.timedelta(days=45)).year}
    unconfirmed = tuple(sorted(wanted - rulebook.calendar.confirmed))
    if unconfirmed:
        seen = Phrase.of("doctor.calendar_open", years=unconfirmed)
        return Check("calendar", Health.WARNING, seen, Phrase("doctor.calendar_do"))
    return Check("calendar", Health.OK, Phrase.of("doctor.calendar", years=tuple(sorted(rulebook.calendar.confirmed))))


# -- mail --------------------------------------------------------------------------------------------------------------


def _mail(config: Config) -> Iterator[Check]:
    mail = config.mail
    if mail.transport is TransportKind.FOLDER:
        yield Check("transport", Health.OK, Phrase.of("doctor.transport", folder=str(config.workspace / "outbox")))
    else:
        yield Check("transport", Health.OK, Phrase.of("doctor.transport_smtp", host=mail.host, port=mail.port))
    if mail.redirect_to:
        yield Check("redirect", Health.NOTE, Phrase.of("doctor.redirect", to=mail.redirect_to))
    if mail.allow_domains:
        yield Check("allowed", Health.OK, Phrase.of("doctor.allowed", domains=mail.allow_domains))
    else:
        yield Check("allowed", Health.WARNING, Phrase("doctor.nobody"), Phrase("doctor.nobody_do"))
    with contextlib.suppress(*NOT_TO_BE_HAD), looking(config) as workspace:
        waiting = Counter(
            entry.state.value
            for entry in workspace.outbox.entries((State.DRAFTED, State.HELD, State.UNKNOWN, State.FAILED))
        )
        if waiting:
            shown = tuple(count_of(state, n) for state, n in sorted(waiting.items()))
            seen = Phrase.of("doctor.queue_waits", states=shown)
            yield Check("queue", Health.WARNING, seen, Phrase("doctor.queue_do"))
        else:
            yield Check("queue", Health.OK, Phrase("doctor.queue"))


def _late_mail(config: Config, world: World, now: dt.datetime) -> Iterator[Check]:
    with contextlib.suppress(*NOT_TO_BE_HAD), looking(config) as workspace:
        for late in overdue_findings(workspace.outbox, world.rulebook.calendar, now):
            seen = Phrase.of("doctor.mail_late", **dict(late.facts))
            yield Check("late_mail", Health.WARNING, seen, Phrase("doctor.mail_late_do"))


def _intake(config: Config, *, ask_server: bool) -> Iterator[Check]:
    for name, well, seen in examine_pages(config, ask_server=ask_server):
        yield Check(name, Health.OK if well else Health.WARNING, seen)
    with contextlib.suppress(*NOT_TO_BE_HAD), looking(config) as workspace:
        for name, well, seen in examine_intake(workspace, ask_server=ask_server):
            yield Check(name, Health.OK if well else Health.WARNING, seen)


def _probes(config: Config) -> Iterator[Check]:
    for check in probe_server(config.mail):
        health = Health.OK if check.ok else Health.ERROR
        seen = Phrase.of("doctor.probe", check=Phrase(f"probe.{check.check}"), detail=check.detail)
        yield Check(f"mail_{check.check}", health, seen)
