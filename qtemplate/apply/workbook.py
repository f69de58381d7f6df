"""Writing a plan into the workbook: journalled ahead, patched in one pass, tried again without what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..config import Config, WriteMode
from ..errors import NotWritten, RegisterChanged, RegisterLocked, WorkbookRefused
from ..files.backups import keep_backup
from ..files.digest import digest_file
from ..files.locks import find_owner
from ..files.sync_roots import find_sync_root
from ..journal import Change, Journal
from ..ooxml.patch import SheetBody, patch_workbook
from ..ooxml.reading.book import Book
from ..plan import CellEdit, Finding, Phrase, Plan, Result, Severity
from ..register import Register, cell_value
from ..sheets.writing.placing import place_rows
from ..sheets.writing.program_sheets import MOST_CHANGES, changes_body, findings_body
from ..sheets.writing.refused_cells import LeftOut, leave_out, without_cells
from .workspace import Log, Workspace

PROGRAM_SHEETS = frozenset({"findings", "changes"})
"""Layout keys of the sheets that are written as whole parts."""

MOST_TRIES = 8
"""A plan is tried this often without the cells that were refused; each try names all it meets on one sheet."""


def write_workbook(
    workspace: Workspace,
    book: Book,
    register: Register,
    plan: Plan,
    sheets: frozenset[str],
    run: str,
    now: dt.datetime,
    log: Log,
    left_out: LeftOut,
) -> tuple[str, bool]:
    """Writes a plan; one cell that cannot be written must not keep the others from it: it is tried again without.

    Args:
        workspace, book, register, plan, sheets, run, now: As for `apply_plan`.
        log: Gets the outcomes, and what is to be said.
        left_out: What is known to be refused; gets what is refused now.

    Returns:
        The register's digest now, and whether all was kept back.

    Raises:
        RegisterChanged: Somebody saved it since `book` was read; nothing was written.
    """
    journal, config = workspace.journal, workspace.config
    moment = now.replace(tzinfo=None, microsecond=0)
    whole, path, known = plan, config.register.path, len(left_out)
    unfit: tuple[Finding, ...] = ()
    for tries in range(MOST_TRIES):
        more = (*unfit, *dict.fromkeys(list(left_out.values())[known:]))
        plan = replace(without_cells(whole, left_out), findings=(*whole.findings, *more))
        placed = place_rows(book, plan.rows, plan.cells, register)
        if placed.refused:
            left_out |= {(None, key): finding for key, finding in placed.refused.items()}
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
    _tell(whole, plan, left_out, known, log)
    log.findings += more
    return sha256, False


def _tell(whole: Plan, written: Plan, left_out: LeftOut, known: int, log: Log) -> None:
    """One outcome an action: written, left out or owed; the first `known` were told before."""
    for edit in written.edits:
        log.add("edit", f"{edit.id}/{edit.field}", Result.DONE)
    for (id, key), finding in list(left_out.items())[known:]:
        if id is not None:
            log.add("edit", f"{id}/{key}", Result.SKIPPED, dict(finding.facts)["why"])
    owed = [(row.sheet, row.key) for row in whole.rows]
    owed += [(cell.sheet, f"{cell.sheet}/{cell.row}/{cell.column}") for cell in whole.cells]
    for sheet, key in owed:
        if (None, sheet) in left_out:  # tried again by the next run
            log.add("row", key, Result.DEFERRED, dict(left_out[None, sheet].facts)["why"])
    for row in written.rows:
        log.add("row", row.key, Result.DONE)


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
        keep_backup(path, config.workspace / "backups", now, keep=config.backups.keep, days=config.backups.days)
        journal.about_to_replace(sha256, now.replace(tzinfo=None, microsecond=0))

    if digest_file(path) != book.sha256:
        raise RegisterChanged(f"{path} was saved by somebody since it was read; it is read again.")
    edits = {sheet: values for sheet, values in cells.items() if values}
    try:
        report = patch_workbook(
            path, path, edits=edits, appends=appends, bodies=bodies, before_replace=before_replace, blocks=book.blocks
        )
    except WorkbookRefused as refused:
        if digest_file(path) != book.sha256:  # what is refused is a file that nobody has looked at yet
            raise RegisterChanged(f"{path} was saved by somebody since it was read; it is read again.") from refused
        raise
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


def _keep_back(plan: Plan, log: Log, result: Result, reason: Phrase) -> None:
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
