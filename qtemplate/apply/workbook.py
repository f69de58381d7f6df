"""Writing a plan into the workbook: journalled ahead, patched in one pass, tried again without what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from ..errors import NotWritten, RegisterChanged, RegisterLocked, WorkbookRefused
from ..fields import Field
from ..journal import Change, Journal
from ..ooxml.adding.columns import LongerTable
from ..ooxml.patcher import Changes
from ..ooxml.references import column_name
from ..ooxml.sheet.body import SheetBody
from ..plan import CellEdit, Finding, Outcome, Phrase, Plan, Result, Severity
from ..plan.first_seen import since_when
from ..sheets.statistics.body import figures_body
from ..sheets.views.body import view_bodies
from ..sheets.writing.left_out import LeftOut
from ..sheets.writing.log_cells import logged_cells
from ..sheets.writing.placing import Placed, place_rows
from ..sheets.writing.program_sheets import MOST_CHANGES, changes_body, findings_body
from ..sheets.writing.refused_cells import leave_out
from ..texts import quote
from ..texts.world import in_the_way
from .ends import why_never
from .workspace import Workspace
from .written import Changed, Locked, Order, Refused, Written

MOST_TRIES = 8
"""A plan is tried this often without the cells that were refused; each try names all it meets on one sheet."""


class Attempt(Struct, frozen=True):
    """An order laid out on the sheets: what of the plan is tried, by address where it is a cell of the register."""

    order: Order
    plan: Plan
    placed: Placed
    edits: Mapping[str, CellEdit]
    changes: Changes


def write_workbook(workspace: Workspace, order: Order, tries: int = MOST_TRIES) -> Written | Refused | Locked | Changed:
    """Writes a plan; one cell that cannot be written must not keep the others from it: it is tried again without."""
    attempt = _lay_out(order, workspace.journal)
    result = _try(workspace, attempt)
    if not isinstance(result, WorkbookRefused):
        return result
    smaller = _without(attempt, result) if tries > 1 else None
    return _refuse(attempt, result) if smaller is None else write_workbook(workspace, smaller, tries - 1)


def _lay_out(order: Order, journal: Journal) -> Attempt:
    """Where everything goes."""
    plan, register = order.plan, order.register
    placed = place_rows(order.book, plan.rows, plan.cells, register)
    if placed.refused:
        lost: LeftOut = {(None, key): finding for key, finding in placed.refused.items()}
        return _lay_out(order.without(lost), journal)
    letters = {key: column_name(column) for key, column in register.columns.items()}
    edits = {f"{letters[edit.field]}{edit.row}": edit for edit in plan.edits if edit.field in letters}
    values = {at: register.written(edit.field, edit.after) for at, edit in edits.items()}
    ours = {**placed.edits.get(register.sheet, {}), **values}
    cells = {sheet: each for sheet, each in {**placed.edits, register.sheet: ours}.items() if each}
    appends: dict[Any, list[dict[str, Any]]] = {**placed.appends}
    if register.table and len(register.frame) and (ours or register.table in appends):
        # rows that somebody typed below the table, where no program made it longer, belong into it
        longer = LongerTable(register.table, int(register.frame.index.max()))
        appends[longer] = appends.pop(register.table, [])
    changes = Changes(cells, appends, _bodies(order, plan, journal), placed.fits)
    return Attempt(order, plan, placed, edits, changes)


def _try(workspace: Workspace, attempt: Attempt) -> Written | Locked | Changed | WorkbookRefused:
    """One pass over the workbook, noted in the journal before it and after it."""
    order, plan, journal = attempt.order, attempt.plan, workspace.journal
    if not (plan.edits or attempt.placed.edits or attempt.placed.appends or attempt.changes.bodies):
        journal.remember(plan.facts)
        return _written(attempt, order.book.sha256)
    reason = why_never(workspace.config) or workspace.ends.holder()
    if reason is not None:
        return Locked(_kept_back(plan, Result.DEFERRED, reason))
    edits = (*plan.edits, *_beside(plan, order.register.language))
    journal.write_ahead(order.run, order.moment, order.book.sha256, edits, plan.facts)
    try:
        sha256 = _patch(workspace, attempt)
    except (WorkbookRefused, RegisterChanged, RegisterLocked, NotWritten, OSError) as problem:
        journal.drop_pending()
        return problem if isinstance(problem, WorkbookRefused) else _not_now(attempt, problem)
    pending = journal.pending()
    if pending is not None:
        journal.commit_pending(pending)
    return _written(attempt, sha256)


def _patch(workspace: Workspace, attempt: Attempt) -> str:
    """Patches the workbook if it is still the one that was read; its digest then."""
    order, ends = attempt.order, workspace.ends
    book = order.book

    def before_replace(sha256: str) -> None:
        ends.before_replace(book.sha256, order.now)
        workspace.journal.about_to_replace(
            sha256, order.moment
        )  # by the session that holds the workspace, or not at all
        ends.require_turn()

    ends.require_unchanged(book.sha256)
    try:
        return ends.patcher.patch(book, attempt.changes, before_replace)
    except WorkbookRefused:
        ends.require_unchanged(book.sha256)  # what is refused may be a file that nobody has looked at yet
        raise


def _without(attempt: Attempt, problem: WorkbookRefused) -> Order | None:
    """What can still be tried; None when it is the workbook as a whole that refuses."""
    refused = leave_out(problem, attempt.order.register, attempt.edits, attempt.placed.logs)
    if refused:
        return attempt.order.without(refused)
    return attempt.order.without_sheets(problem) if attempt.changes.bodies else None


def _refuse(attempt: Attempt, problem: WorkbookRefused) -> Refused:
    found = Finding("QT710", Severity.ERROR, facts=(("reason", quote(problem)),))
    reason = Phrase.of("run.refused", reason=quote(problem))
    return Refused(_kept_back(attempt.plan, Result.FAILED, reason), (found,))


def _not_now(attempt: Attempt, problem: RegisterChanged | RegisterLocked | NotWritten | OSError) -> Locked | Changed:
    if isinstance(problem, RegisterChanged):
        return Changed(problem)
    if isinstance(problem, RegisterLocked):
        reason = Phrase.of("run.open_by", holder=problem.holder or Phrase("run.somebody"))
        return Locked(_kept_back(attempt.plan, Result.DEFERRED, reason))
    if isinstance(problem, OSError):
        problem = in_the_way(problem)
    found = Finding("QT712", Severity.ERROR, facts=(("problem", quote(problem)),))
    reason = Phrase.of("run.not_written", problem=quote(problem))
    return Locked(_kept_back(attempt.plan, Result.DEFERRED, reason), (found,))


def _kept_back(plan: Plan, result: Result, reason: Phrase) -> tuple[Outcome, ...]:
    edits = (Outcome("edit", f"{edit.id}/{edit.field}", result, reason) for edit in plan.edits)
    return (*edits, *(Outcome("row", row.key, result, reason) for row in plan.rows))


def _written(attempt: Attempt, sha256: str) -> Written:
    order = attempt.order
    return Written(sha256, tuple(_outcomes(attempt)), order.news, order.left_out)


def _outcomes(attempt: Attempt) -> Iterator[Outcome]:
    """One an action: written, left out or owed; what was left out before has been told."""
    order = attempt.order
    for edit in attempt.plan.edits:
        yield Outcome("edit", f"{edit.id}/{edit.field}", Result.DONE)
    for (id, key), finding in order.refused.items():
        if id is not None:
            yield Outcome("edit", f"{id}/{key}", Result.SKIPPED, dict(finding.facts)["why"])
    owed = [(row.sheet, row.key) for row in order.whole.rows]
    owed += [(cell.sheet, f"{cell.sheet}/{cell.row}/{cell.column}") for cell in order.whole.cells]
    for sheet, key in owed:
        if (None, sheet) in order.left_out:  # tried again by the next run
            yield Outcome("row", key, Result.DEFERRED, dict(order.left_out[None, sheet].facts)["why"])
    for row in attempt.plan.rows:
        yield Outcome("row", row.key, Result.DONE)


def _bodies(order: Order, plan: Plan, journal: Journal) -> list[SheetBody]:
    """The program's own sheets, where they would show something else than they do."""
    bodies: list[SheetBody | None] = []
    if "findings" in order.sheets:
        since = since_when(plan.findings, journal.findings_seen(), order.moment.date())
        bodies.append(findings_body(order.book, plan.findings, order.register, since))
    if "changes" in order.sheets:
        edits = (*plan.edits, *_beside(plan, order.register.language))
        planned = planned_changes(edits, order.run, order.moment, MOST_CHANGES)
        changes = [*planned, *journal.changes(limit=MOST_CHANGES - len(planned))]
        bodies.append(changes_body(order.book, changes, order.register.language, new=bool(planned)))
    if "figures" in order.sheets and order.months is not None:
        table, newest = order.months.table, order.months.newest
        bodies.append(figures_body(order.book, table, newest, order.register.language))
    if "views" in order.sheets and order.views is not None:
        bodies += view_bodies(order.book, order.views, order.register)
    return [body for body in bodies if body is not None]


def _beside(plan: Plan, language: str) -> Iterator[CellEdit]:
    """What the journal and the change log list beside the cells of the register."""
    yield from numbered_rows(plan)
    yield from logged_cells(plan.cells, language)


def numbered_rows(plan: Plan) -> Iterator[CellEdit]:
    """The ids of the rows that the register gets, as edits: the journal and the change log know the rows by them."""
    for row in plan.rows:
        if row.because is not None and row.id:
            yield CellEdit(0, row.id, Field.ID, None, row.id, row.because)


def planned_changes(edits: Sequence[CellEdit], run: str, moment: dt.datetime, most: int | None = None) -> list[Change]:
    """The edits, at most so many, as the change log will list them: newest first, cells of a row together."""
    by_id: dict[str, list[CellEdit]] = {}
    for edit in edits:
        by_id.setdefault(edit.id or "", []).append(edit)
    newest = (edit for group in reversed(list(by_id.values())) for edit in group)
    return [
        Change(moment, run, edit.id or "", edit.field, edit.before, edit.after, edit.because)
        for edit in islice(newest, most)
    ]
