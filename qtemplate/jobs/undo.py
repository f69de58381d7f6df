"""`undo [RUN]`: takes a run's cell edits back where nobody changed the cell since.

The cells go through the same write-ahead patch as any run; an `upgrade` is taken back by putting the whole file back
(`undo_upgrade`). What is restored in a "program suggests" column counts as a
person's from then on; the program's own columns, and cells that become empty, are filled again by the next run, and the
answer says so. What a form corrected in a row of a log is taken back too. Mails, forms and appended rows are not.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from msgspec import Struct, field

from ..apply import Workspace, apply_plan
from ..apply.settle import settle
from ..config import Config
from ..errors import NotFound
from ..fields import FIELDS, Field, Filler
from ..journal import Change, Journal
from ..mailer.outbox.entry import State
from ..plan import CellEdit, FactName, Phrase, Plan, Remember, Result, SheetCell
from ..register import is_missing
from ..report.answer import Answer, Line, Section
from ..rules.rulebook import RuleBook
from ..sheets.layout import BY_KEY, VIEWS
from ..sheets.writing.log_cells import as_text, as_value, cell_of, logged_cells
from ..texts import make_error
from .known_things import is_undone, upgrade_record
from .lookup import near
from .moment import local_now
from .undo_upgrade import undo_upgrade
from .workspace import holding
from .world import World, read_world

VIEW_TITLES = frozenset(BY_KEY[key].title(language) for key in VIEWS for language in ("zh", "en"))

TRANSFER = (Field.DEPARTMENT, Field.OWNER, Field.ASSIGN_REASON, Field.TRANSFERRED_AT)
"""What a transfer mail that has gone out rests on: the person has it, whatever the register says."""


class _Taken(Struct):
    """What is done with each cell of the run."""

    edits: list[CellEdit] = field(default_factory=list)
    cells: list[SheetCell] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: int = 0
    ids: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    transfers: int = 0

    @property
    def again(self) -> int:
        """Cells that the next run fills by the rules."""
        return sum(_filled_again(edit) for edit in self.edits)


def _filled_again(edit: CellEdit) -> bool:
    known = FIELDS.get(edit.field)
    return known is not None and (known.filler is Filler.PROGRAM or is_missing(edit.after))


def undo(config: Config, run: str | None = None, moment: dt.datetime | None = None) -> Answer:
    """Takes a run back.

    Args:
        config: The workspace.
        run: The run's id; None = the newest that changed cells.
        moment: The moment written into the change log; None = now.

    Returns:
        Exit code 5 when the register could not be written, else 0.

    Raises:
        NotFound: There is no such run.
        RegisterLocked: A run is under way.
    """
    now = local_now(config, moment)
    with holding(config) as workspace:
        chosen = _choose(workspace.journal, run)
        if chosen is None:
            return Answer({"run": None, "edits": []}, (Section(None, (Phrase("undo.no_run"),)),))
        if (record := upgrade_record(workspace.journal, chosen)) is not None:
            return undo_upgrade(workspace, chosen, record, now)
        world = read_world(config)
        settle(workspace, world.register)
        changes = workspace.journal.changes(run=chosen, limit=10**9)
        taken = _take_back(world, changes, chosen, _left_the_house(workspace))
        reason = _apply(workspace, world, taken, now) if taken.edits or taken.cells else None
    return _answer(chosen, taken, reason, str(config.register.language))


def _choose(journal: Journal, run: str | None) -> str | None:
    """The run to take back.

    Raises:
        NotFound: There is no such run.
    """
    kinds = journal.run_kinds()
    if run is not None:
        if run not in kinds:
            raise make_error(NotFound, "none.run", run=run, near=near(run, list(kinds)))
        return run
    changed = {change.run for change in journal.changes()}
    acted = (name for name in reversed(kinds) if name in changed or upgrade_record(journal, name) is not None)
    return next((name for name in acted if kinds[name] != "undo" and not is_undone(journal, name)), None)


def _left_the_house(workspace: Workspace) -> frozenset[str]:
    """Ids that a mail which went, or a form that was made, speaks of."""
    went = (State.SENT, State.PARTIAL, State.SENDING, State.UNKNOWN)
    mails = {entry.id for entry in workspace.outbox.entries(went)}
    return frozenset(id for id in (*mails, *(key.id for key in workspace.journal.forms_made())) if id is not None)


def _take_back(world: World, changes: list[Change], run: str, public: Collection[str]) -> _Taken:
    """An edit per cell that still holds what the run left in it; a number that others know stays."""
    register = world.register
    first: dict[tuple[str, str], Any] = {}
    last: dict[tuple[str, str], Any] = {}
    for change in changes:  # newest first
        last.setdefault((change.id, change.field), change.after)
        first[change.id, change.field] = change.before
    rows = {str(id): int(row) for row, id in register.frame[Field.ID].dropna().items()}  # type: ignore[call-overload] # the index holds row numbers
    taken, because = _Taken(), Phrase.of("because.undo", run=run)
    for (id, key), after in last.items():
        before = first[id, key]
        if key.partition("!")[0] in VIEW_TITLES:  # what was typed on a view never counted
            continue
        if (place := cell_of(key)) is not None:
            _take_cell_back(world.rulebook, place, id, before, after, because, taken)
        elif key == Field.ID and id in public:
            taken.ids.append(id)
        elif key == Field.ID and id in rows:
            taken.returned.append(id)
            taken.edits.append(CellEdit(rows[id], id, key, after, before, because))
        elif key in TRANSFER and id in rows and register.value(rows[id], Field.TRANSFERRED_AT) is not None:
            taken.transfers += 1
        elif id not in rows or key not in register.columns:
            taken.gone += 1
        elif not _equal(register.value(rows[id], key), after) or (rows[id], key) in register.wrong:
            if not _equal(register.value(rows[id], key), before):
                taken.changed.append(str(register.cell(rows[id], key)))
        elif not _equal(before, after):
            taken.edits.append(CellEdit(rows[id], id, key, after, before, because))
    return taken


def _take_cell_back(
    rulebook: RuleBook, place: tuple[str, int, str], id: str, before: Any, after: Any, because: Phrase, taken: _Taken
) -> None:
    """The same of a cell of a log, where its row is still about that feedback."""
    log, row, column = place
    line = next((each for each in rulebook.logs.get(log, ()) if each.row == row and each.id == id), None)
    if line is None:
        taken.gone += 1
    elif as_text(line.values.get(column)) == after:
        taken.cells.append(SheetCell(log, row, column, line.values.get(column), as_value(before), because, id))
    elif as_text(line.values.get(column)) != before:
        taken.changed.append(str(line.where or row))


def _equal(left: Any, right: Any) -> bool:
    return (is_missing(left) and is_missing(right)) or bool(left == right)


def _apply(workspace: Workspace, world: World, taken: _Taken, now: dt.datetime) -> Phrase | None:
    """Writes the edits as a run of its own; the reason when it could not."""
    # the rows are not gone: they have their former number, or none
    plan = Plan(
        edits=tuple(taken.edits),
        cells=tuple(taken.cells),
        facts=tuple(Remember(id, FactName.GONE, True) for id in taken.returned),
    )
    name = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    workspace.journal.begin_run(name, "undo", now, dt.datetime.now(dt.UTC).isoformat())
    applied = apply_plan(
        workspace,
        world.book,
        world.register,
        plan,
        {},
        run=name,
        now=now,
        send=False,
        sheets=frozenset({"changes"}),  # 校验结果 stays as the last run left it
    )
    summary = {"rows": len(world.register.frame), "exit": 5 if applied.deferred else 0}
    workspace.journal.end_run(name, dt.datetime.now(dt.UTC).isoformat(), summary)
    left = (item.reason for item in applied.outcomes if item.result is not Result.DONE)
    return next((reason for reason in left if reason is not None), None)


def _answer(run: str, taken: _Taken, reason: Phrase | None, language: str) -> Answer:
    edits = [] if reason is not None else [*taken.edits, *logged_cells(taken.cells, language)]
    lines: list[Line] = []
    if reason is not None:
        lines.append(Phrase.of("undo.later", reason=reason))
    elif edits:
        lines.append(Phrase.of("undo.done", run=run, n=len(edits)))
        if taken.again:
            lines.append(Phrase.of("undo.again", n=taken.again))
        if len(taken.edits) > taken.again:
            lines.append(Phrase.of("undo.kept", n=len(taken.edits) - taken.again))
        lines.append(Phrase("undo.mails"))
    else:
        lines.append(Phrase.of("undo.nothing", run=run))
    if taken.changed:
        lines.append(Phrase.of("undo.changed", n=len(taken.changed), cells=tuple(taken.changed[:8])))
    if taken.ids:
        lines.append(Phrase.of("undo.ids", n=len(taken.ids), ids=tuple(sorted(taken.ids)[:8])))
    for name in ("gone", "transfers"):
        if getattr(taken, name):
            lines.append(Phrase.of(f"undo.{name}", n=getattr(taken, name)))
    data = {
        "run": run,
        "edits": [
            {"id": e.id, "field": e.field, "before": e.before, "after": e.after, "filled_again": _filled_again(e)}
            for e in edits
        ],
        "changed_since": taken.changed,
        "gone": taken.gone,
        "ids_kept": len(taken.ids),
        "ids_known_outside": sorted(taken.ids),
        "transfers_kept": taken.transfers,
        "deferred": reason,
    }
    return Answer(data, (Section.of(None, lines),), 5 if reason is not None else 0)
