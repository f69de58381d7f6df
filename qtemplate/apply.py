"""Executing a plan: journal, workbook, forms, outbox, delivery, in that order, one outcome an action.

Every step is safe to repeat: the patch is written ahead in the journal and settled after a crash, forms have
deterministic names, mails have unique keys. This room decides nothing about feedback.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .config import Config, WriteMode
from .errors import ConfigError, NotWritten, QtemplateError, RegisterChanged, RegisterLocked, WorkbookRefused
from .forms.make import form_template, make_form
from .journal import Change, Journal, Pending
from .mailer.compose import compose
from .mailer.deliver import Delivery, StillWanted, Wait, deliver
from .mailer.outbox import Outbox
from .mailer.templates import Rendered
from .mailer.transport import open_transport
from .plan import CellEdit, Finding, Outcome, Phrase, Plan, Result, Severity
from .register import Register, cell_value, is_missing
from .sheets.backups import keep_backup
from .sheets.book import Book
from .sheets.digest import digest_file
from .sheets.locks import find_owner
from .sheets.patch import SheetBody, patch_workbook
from .sheets.placing import place_rows
from .sheets.program_sheets import MOST_CHANGES, changes_body, findings_body
from .sheets.refused_cells import (
    CellKey,
    LeftOut,
    leave_out,
    log_refused,
    rows_without_id,
    without_cells,
)
from .sheets.sync_roots import find_sync_root

PROGRAM_SHEETS = frozenset({"findings", "changes"})
"""Layout keys of the sheets that are written as whole parts."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a run works with: configuration, journal, outbox."""

    config: Config
    journal: Journal
    outbox: Outbox


MOST_TRIES = 8
"""A plan is tried this often without the cells that were refused; each try names all it meets on one sheet."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a plan: outcomes in order, findings that arose, deliveries, the register's digest now.

    `refused` are the cells that were left out, those known before included.
    """

    outcomes: tuple[Outcome, ...] = ()
    findings: tuple[Finding, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    sha256: str = ""
    deferred: bool = False
    refused: LeftOut = field(default_factory=dict)


@dataclass(slots=True)
class _Log:
    outcomes: list[Outcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, action: str, key: str, result: Result, reason: Phrase | None = None) -> None:
        self.outcomes.append(Outcome(action, key, result, reason))


def apply_plan(
    workspace: Workspace,
    book: Book,
    register: Register,
    plan: Plan,
    rendered: Mapping[str, Rendered],
    *,
    run: str,
    now: dt.datetime,
    send: bool,
    sheets: frozenset[str] = PROGRAM_SHEETS,
    refused: Mapping[CellKey, Finding] | None = None,
    still_wanted: StillWanted = lambda entry: None,
    wait: Wait | None = None,
) -> Applied:
    """Applies a plan.

    Args:
        workspace: Held by this run alone.
        book, register: What the plan was made from.
        plan: What to do.
        rendered: Message key -> its words.
        run: The run's id.
        now: The moment of the run; aware, in the register's zone.
        send: Whether to deliver; else mails are only queued.
        sheets: Which of the program's own sheets are compared and renewed.
        refused: Cells that an earlier round could not write; the plan is without them.
        still_wanted: Asked before each mail goes.
        wait: Waits where a server's rate limit asks for it; None = the rest goes in the next run.

    Raises:
        RegisterChanged: The register's bytes changed since `book` was read; nothing was written; read and plan again.
    """
    log = _Log()
    left_out = dict(refused or {})
    sha256, blocked = _write(workspace, book, register, plan, sheets, run, now, log, left_out)
    unwritten = {edit.id for edit in plan.edits} if blocked else rows_without_id(left_out)
    files = _make_forms(workspace, plan, unwritten, now, log)
    _queue_mail(workspace, plan, rendered, files, unwritten, now, log)
    deliveries: list[Delivery] = []
    if send:
        deliveries = deliver(
            workspace.outbox,
            open_transport(workspace.config),
            workspace.config.mail,
            now,
            still_wanted=still_wanted,
            wait=wait,
            language=register.language,
        )
    return Applied(tuple(log.outcomes), tuple(log.findings), tuple(deliveries), sha256, blocked, left_out)


# -- the workbook -------------------------------------------------------------------------------------------------


def _write(
    workspace: Workspace,
    book: Book,
    register: Register,
    plan: Plan,
    sheets: frozenset[str],
    run: str,
    now: dt.datetime,
    log: _Log,
    left_out: LeftOut,
) -> tuple[str, bool]:
    """(digest of the register now, kept back); `left_out` gets the cells that cannot be written.

    One cell that cannot be written must not keep the others from it: the plan is tried again without.
    """
    journal, config = workspace.journal, workspace.config
    moment = now.replace(tzinfo=None, microsecond=0)
    whole, path, known = plan, config.register.path, len(left_out)
    unfit: tuple[Finding, ...] = ()
    for tries in range(MOST_TRIES):
        more = (*unfit, *dict.fromkeys(list(left_out.values())[known:]))
        plan = replace(without_cells(whole, left_out), findings=(*whole.findings, *more))
        placed = place_rows(book, plan.rows, plan.cells, register)
        if placed.tableless:
            left_out |= {(None, key): log_refused(placed.logs[key], "no_table", "") for key in placed.tableless}
            continue
        bodies = _bodies(book, register, plan, sheets, journal, run, moment)
        if not (plan.edits or placed.edits or placed.appends or bodies):
            journal.remember(plan.facts)
            sha256 = book.sha256
            break
        reason = _why_not(config, path)
        if reason is not None:
            _keep_back(plan, log, Result.DEFERRED, reason)
            return book.sha256, True
        places = {cell.address: edit for edit in plan.edits if (cell := register.cell(edit.row, edit.field))}
        values = {at: cell_value(edit.field, edit.after, register.language) for at, edit in places.items()}
        cells = {**placed.edits, register.sheet: values}
        journal.write_ahead(run, moment, book.sha256, plan.edits, plan.facts)
        try:
            sha256 = _patch(workspace, book, cells, placed.appends, bodies, now)
            break
        except WorkbookRefused as refused:
            journal.drop_pending()
            if tries < MOST_TRIES - 1 and leave_out(refused, register, places, placed.logs, left_out):
                continue
            if bodies and tries < MOST_TRIES - 1:  # perhaps only a sheet of the program's own is in the way
                sheets, unfit = frozenset(), (Finding("QT713", Severity.ERROR, facts=(("reason", str(refused)),)),)
            else:
                log.findings.append(Finding("QT710", Severity.ERROR, facts=(("reason", str(refused)),)))
                _keep_back(plan, log, Result.FAILED, Phrase.of("run.refused", reason=str(refused)))
                return book.sha256, True
        except RegisterChanged:
            journal.drop_pending()
            raise
        except RegisterLocked as busy:
            journal.drop_pending()
            holder = busy.holder or Phrase("run.somebody")
            _keep_back(plan, log, Result.DEFERRED, Phrase.of("run.open_by", holder=holder))
            return book.sha256, True
        except (NotWritten, OSError) as problem:
            journal.drop_pending()
            log.findings.append(Finding("QT712", Severity.ERROR, facts=(("problem", str(problem)),)))
            _keep_back(plan, log, Result.DEFERRED, Phrase.of("run.not_written", problem=str(problem)))
            return book.sha256, True
    pending = journal.pending()
    if pending is not None:
        journal.commit_pending(pending)
    for edit in plan.edits:
        log.add("edit", f"{edit.id}/{edit.field}", Result.DONE)
    for (id, key), finding in list(left_out.items())[known:]:
        if id is not None:
            log.add("edit", f"{id}/{key}", Result.SKIPPED, dict(finding.facts)["why"])
    owed = [(row.sheet, row.key) for row in whole.rows]
    owed += [(cell.sheet, f"{cell.sheet}/{cell.row}/{cell.column}") for cell in whole.cells]
    for sheet, key in owed:
        if (None, sheet) in left_out:  # tried again by the next run
            log.add("row", key, Result.DEFERRED, dict(left_out[None, sheet].facts)["why"])
    for row in plan.rows:
        lost = Phrase.of("run.no_sheet", sheet=row.sheet) if row in placed.homeless else None
        log.add("row", row.key, Result.SKIPPED if lost else Result.DONE, lost)
    log.findings += more
    return sha256, False


def _patch(
    workspace: Workspace,
    book: Book,
    cells: Mapping[str, Mapping[str, Any]],
    appends: Mapping[str, Sequence[Mapping[str, Any]]],
    bodies: Sequence[SheetBody],
    now: dt.datetime,
) -> str:
    """Writes the workbook if it is still the one that was read; its digest then."""
    config, journal = workspace.config, workspace.journal
    path = config.register.path

    def before_replace(sha256: str) -> None:
        if digest_file(path) != book.sha256:
            raise RegisterChanged(f"{path} was saved by somebody while it was being written; it is read again.")
        owner = find_owner(path)
        if owner is not None and not owner.stale:
            raise RegisterLocked(
                f"{path} was opened while it was being written; written when it is closed.", owner.name
            )
        keep_backup(path, config.workspace / "backups", config.backups, now)
        journal.about_to_replace(sha256, now.replace(tzinfo=None, microsecond=0))

    if digest_file(path) != book.sha256:
        raise RegisterChanged(f"{path} was saved by somebody since it was read; it is read again.")
    edits = {sheet: values for sheet, values in cells.items() if values}
    report = patch_workbook(
        path, path, edits=edits, appends=appends, bodies=bodies, before_replace=before_replace, blocks=book.blocks
    )
    book.blocks = report.blocks
    return report.sha256


def _why_not(config: Config, path: Path) -> Phrase | None:
    """Why the register must not be written now, or None."""
    if config.register.write is WriteMode.PROPOSE:
        return Phrase("run.proposed")
    root = find_sync_root(path) if config.register.write is WriteMode.AUTO else None
    if root is not None:
        return Phrase.of("run.sync_root", root=str(root[0]), client=root[1])
    owner = find_owner(path)
    if owner is not None and not owner.stale:
        return Phrase.of("run.open_by", holder=owner.name or Phrase("run.somebody"))
    return None


def _keep_back(plan: Plan, log: _Log, result: Result, reason: Phrase) -> None:
    for edit in plan.edits:
        log.add("edit", f"{edit.id}/{edit.field}", result, reason)
    for row in plan.rows:
        log.add("row", row.key, result, reason)


def _bodies(
    book: Book,
    register: Register,
    plan: Plan,
    sheets: frozenset[str],
    journal: Journal,
    run: str,
    moment: dt.datetime,
) -> list[SheetBody]:
    """The program's own sheets, where they would show something else than they do."""
    bodies: list[SheetBody | None] = []
    if "findings" in sheets:
        bodies.append(findings_body(book, plan.findings, register))
    if "changes" in sheets:
        planned = planned_changes(plan.edits, run, moment)[:MOST_CHANGES]
        changes = [*planned, *journal.changes(limit=MOST_CHANGES - len(planned))]
        bodies.append(changes_body(book, changes, register.language, new=bool(planned)))
    return [body for body in bodies if body is not None]


def planned_changes(edits: Sequence[CellEdit], run: str, moment: dt.datetime) -> list[Change]:
    """The edits as the change log will list them: newest first, cells of a row together."""
    by_id: dict[str, list[CellEdit]] = {}
    for edit in edits:
        by_id.setdefault(edit.id or "", []).append(edit)
    return [
        Change(moment, run, edit.id or "", edit.field, edit.before, edit.after, edit.because)
        for group in reversed(list(by_id.values()))
        for edit in group
    ]


# -- forms and mail -----------------------------------------------------------------------------------------------


def _make_forms(
    workspace: Workspace, plan: Plan, unwritten: set[str | None], now: dt.datetime, log: _Log
) -> dict[str, Path]:
    """Form key -> file, for those of the plan and those made before that a mail of the plan attaches."""
    files: dict[str, Path] = {}
    folder = workspace.config.workspace / "forms" / "out"
    for request in plan.forms:
        if request.id in unwritten:
            log.add("form", request.key, Result.DEFERRED, Phrase("run.row_first"))
            continue
        try:
            template = form_template(workspace.config.workspace, request.kind, request.language)
            made = make_form(request, template, folder)
        except (WorkbookRefused, ConfigError, OSError) as error:
            log.add("form", request.key, Result.FAILED, Phrase.of("run.form", problem=str(error)))
            log.findings.append(
                Finding("QT610", Severity.ERROR, id=request.id, facts=(("key", request.key), ("problem", str(error))))
            )
            continue
        files[request.key] = made
        workspace.journal.form_made(request.key, str(made), now)
        log.add("form", request.key, Result.DONE)
    for message in plan.messages:
        for key in message.forms:
            path = workspace.journal.form_path(key)
            if key not in files and path is not None and Path(path).is_file():
                files[key] = Path(path)
    return files


def _queue_mail(
    workspace: Workspace,
    plan: Plan,
    rendered: Mapping[str, Rendered],
    files: Mapping[str, Path],
    unwritten: set[str | None],
    now: dt.datetime,
    log: _Log,
) -> None:
    for message in plan.messages:
        words = rendered.get(message.key)
        if words is None:
            continue  # its finding says why
        if message.id is not None and message.id in unwritten:
            log.add("message", message.key, Result.DEFERRED, Phrase("run.row_first"))
            continue
        try:
            entry = compose(message, words, workspace.config, now, files)
        except QtemplateError as error:
            log.add("message", message.key, Result.FAILED, Phrase.of("run.template", problem=str(error)))
            log.findings.append(
                Finding("QT520", Severity.ERROR, id=message.id, facts=(("key", message.key), ("problem", str(error))))
            )
            continue
        if not workspace.outbox.put(entry):
            log.add("message", message.key, Result.SKIPPED, Phrase("run.known"))


# -- after a crash --------------------------------------------------------------------------------------------------


def settle(workspace: Workspace, register: Register) -> None:
    """Finishes or drops the patch of a run that stopped in the middle of one.

    The digest of the register tells whether the patch is in it; where somebody saved it since, the cells do.
    """
    pending = workspace.journal.pending()
    if pending is None:
        return
    if register.sha256 == pending.sha_after or (register.sha256 != pending.sha_before and _holds(register, pending)):
        workspace.journal.commit_pending(pending)
    else:
        workspace.journal.drop_pending()


def _holds(register: Register, pending: Pending) -> bool:
    """Whether most of the patch's cells stand in the register."""
    if pending.sha_after is None or not pending.edits:
        return False
    by_id = register.frame.drop_duplicates("id").set_index("id")
    held = 0
    for id, key, _, after, _ in pending.edits:
        if id in by_id.index:
            value = by_id.at[id, key]
            held += bool((is_missing(value) and is_missing(after)) or value == after)
    return held * 2 > len(pending.edits)
