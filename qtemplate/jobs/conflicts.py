"""`conflicts [--merge FILE]`: what conflict copies beside the register hold that it does not, and carrying that over.

Carried over is only what takes nothing from anybody: rows that the copy alone has, and cells that are empty in the
register. It is a run of its own, journalled and backed up as any, and `undo` takes its cells back. Where both sides
hold something, a person decides.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from ..apply import Workspace, apply_plan
from ..apply.settle import settle
from ..config import Config
from ..errors import NotFound, RegisterUnreadable
from ..fields import FIELDS
from ..files.sync_roots import conflict_copies
from ..plan import Phrase, Plan, Result
from ..register import Register, label_of
from ..report.answer import Answer, Line, Section
from ..rules.around.conflict_copies import Comparison, compare
from ..sheets import open_book, read_register
from ..texts import make_error, quote
from .moment import local_now
from .workspace import holding, looking
from .world import World, read_world

MOST_SHOWN = 50
"""Lines of one kind on a terminal; `--json` has all."""


class _Copy(Struct, frozen=True):
    """A copy and what it holds; `problem` when it cannot be read."""

    file: Path
    found: Comparison
    problem: RegisterUnreadable | None = None


def conflicts(config: Config, merge: Path | None = None, moment: dt.datetime | None = None) -> Answer:
    """Lists what the copies hold, or carries over what one of them holds.

    Args:
        config: The workspace.
        merge: The copy to carry over; None only lists.
        moment: The moment written into the change log; None = now.

    Returns:
        Exit code 3 while a person has to decide or a copy has something to carry over, 5 when the register could not be
        written, else 0.

    Raises:
        NotFound: There is no such file, or it is the register.
        RegisterUnreadable: The register cannot be read, or the file to carry over.
        RegisterLocked: A run is under way.
    """
    if merge is None:
        with looking(config) as workspace:
            world = read_world(config)
            copies = [_look(workspace, world, file) for file in conflict_copies(config.register.path)]
        return _answer(copies, None, None, world.register)
    if not merge.is_file():
        raise make_error(NotFound, "none.file", path=merge)
    if config.register.path.is_file() and merge.samefile(config.register.path):
        raise make_error(NotFound, "conflicts.itself", path=merge)
    now = local_now(config, moment)
    with holding(config) as workspace:
        world = read_world(config)
        settle(workspace, world.register)
        copy = _look(workspace, world, merge)
        if copy.problem:
            raise copy.problem
        reason = _carry_over(workspace, world, copy.found, now)
    return _answer([copy], merge, reason, world.register)


def _look(workspace: Workspace, world: World, file: Path) -> _Copy:
    try:
        other = read_register(
            open_book(file),
            lists=world.rulebook.lists,
            own_types={rule.field: rule.type for rule in world.rulebook.dictionary},
            id_prefix=world.register.id_prefix,
        )
    except RegisterUnreadable as problem:
        return _Copy(file, Comparison(), problem)
    written = {(change.id, change.field, change.after) for change in workspace.journal.changes(limit=10**9)}
    return _Copy(file, compare(world.register, other, written, file.name))


def _carry_over(workspace: Workspace, world: World, found: Comparison, now: dt.datetime) -> Phrase | None:
    """Writes rows and cells as a run of its own; the reason when it could not."""
    if not (found.rows or found.fills):
        return None
    name = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    workspace.journal.begin_run(name, "conflicts", now, dt.datetime.now(dt.UTC).isoformat())
    plan = Plan(edits=tuple(found.fills), rows=tuple(found.rows))
    changes = frozenset({"changes"})  # 校验结果 stays as the last run left it
    applied = apply_plan(workspace, world.book, world.register, plan, {}, run=name, now=now, send=False, sheets=changes)
    summary = {"rows": len(world.register.frame), "exit": 5 if applied.deferred else 0}
    workspace.journal.end_run(name, dt.datetime.now(dt.UTC).isoformat(), summary)
    left = (item.reason for item in applied.outcomes if item.result is not Result.DONE)
    return next((reason for reason in left if reason is not None), None)


def _answer(copies: Sequence[_Copy], merged: Path | None, reason: Phrase | None, register: Register) -> Answer:
    sections = [_section(copy, merged is not None and reason is None, register) for copy in copies]
    if reason is not None:
        sections.insert(0, Section(None, (Phrase.of("conflicts.later", reason=reason),)))
    elif not copies:
        sections.append(Section(None, (Phrase("conflicts.none"),)))
    elif merged is not None:
        undo = [Phrase("conflicts.undo") for copy in copies if copy.found.fills]
        sections.append(Section(None, (Phrase.of("conflicts.then", file=merged.name), *undo)))
    data = {"copies": [_data(copy, register) for copy in copies], "merged": None if reason else merged and str(merged)}
    left = [copy for copy in copies if copy.problem or copy.found.differs or copy.found.gone]
    waiting = [copy for copy in copies if copy.found.rows or copy.found.fills] if merged is None else []
    code = 5 if reason is not None else 3 if left or waiting else 0
    return Answer({**data, "deferred": reason}, tuple(sections), code)


def _section(copy: _Copy, merged: bool, register: Register) -> Section:
    found = copy.found
    if copy.problem:
        return Section(copy.file.name, (Phrase.of("quoted", problem=quote(copy.problem)),))
    lines: list[Line] = []
    if found.rows:
        lines.append(Phrase.of("conflicts.rows_done" if merged else "conflicts.rows", n=len(found.rows)))
        known = (row.values.get("title") or row.values.get("reporter") for row in found.rows[:MOST_SHOWN])
        lines += [Phrase.of("conflicts.row", title=title or Phrase("conflicts.untitled")) for title in known]
    if found.fills:
        lines.append(Phrase.of("conflicts.fills_done" if merged else "conflicts.fills", n=len(found.fills)))
        for edit in found.fills[:MOST_SHOWN]:
            value = label_of(edit.field, edit.after, register.language)
            where = register.cell(edit.row, edit.field)
            lines.append(
                Phrase.of("conflicts.fill", where=str(where), id=edit.id, field=_field(edit.field), copy=value)
            )
    if found.differs:
        lines.append(Phrase.of("conflicts.differs", n=len(found.differs)))
        for each in found.differs[:MOST_SHOWN]:
            facts: dict[str, Any] = {"register": each.register, "copy": each.copy, "field": _field(each.field)}
            lines.append(Phrase.of("conflicts.differ", where=str(each.where), id=each.id or "", **facts))
    if found.gone:
        lines.append(Phrase.of("conflicts.gone", ids=tuple(found.gone[:MOST_SHOWN])))
    return Section(copy.file.name, tuple(lines) or (Phrase("conflicts.same"),))


def _field(key: str) -> Any:
    """A field, which is shown by its header in the reader's language; an own header as it is."""
    return FIELDS.get(key, key)


def _data(copy: _Copy, register: Register) -> dict[str, Any]:
    found = copy.found
    return {
        "path": str(copy.file),
        "problem": copy.problem and Phrase.of("quoted", problem=quote(copy.problem)),
        "rows": [dict(row.values) for row in found.rows],
        "fills": [
            {"id": e.id, "field": e.field, "cell": register.cell(e.row, e.field), "copy": e.after} for e in found.fills
        ],
        "differs": [
            {"id": d.id, "field": d.field, "cell": d.where, "register": d.register, "copy": d.copy}
            for d in found.differs
        ],
        "gone": found.gone,
    }
