"""`rules diff OLD.xlsx`: the whole register by another rule workbook and by the present one, side by side.

Both are whole plans with the same memory at the same moment, so what is compared is what a run would leave: levels that
people settled stay in both, and the difference is told for what the rules suggest as well.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from msgspec.structs import replace

from ...choices import ClockState, Level
from ...config import Config
from ...errors import NotFound, RegisterUnreadable
from ...fields import FIELDS, Field
from ...plan import Phrase as P
from ...plan import Plan
from ...plan.progress import Progress, silent
from ...register import is_missing, label_of
from ...report.answer import Answer, Line, Section, columns
from ...rules import make_plan
from ...rules.case import cases
from ...rules.propose import same_mask
from ...rules.rulebook import RuleBook
from ...rules.situation import Situation
from ...rules.standing import has, live, values
from ...sheets import open_book
from ...sheets.layout import BY_KEY
from ...sheets.rulebook.read import SKIPPED_WITHOUT
from ...sheets.writing.diff_workbook import COMPARED, Differences, DiffRow, Moved, write_diff
from ...texts import make_error, say
from ..moment import local_now
from ..workspace import looking
from ..world import read_rules, read_world, recall
from .rule_sheets import EXIT_WARNINGS

NO_LEVEL = "–"
SHOWN = 60
"""Rows on a terminal; --json and --xlsx have all."""

FEW = 8
"""Ids named of those whose level is settled."""


class _Side(Struct, frozen=True):
    """The register as one of the rule workbooks leaves it."""

    plan: Plan
    after: Situation
    overdue: int
    load: Counter[str]


def diff_rules(
    config: Config,
    old: Path,
    language: str,
    moment: dt.datetime | None = None,
    xlsx: Path | None = None,
    progress: Progress = silent,
) -> Answer:
    """Compares rule workbooks.

    Args:
        config: The workspace; its rules are the new side.
        old: A workbook with the other rules, such as a backup of the register.
        language: Of the terminal.
        moment: The moment of both; None = now.
        xlsx: Where to write the differences as a workbook too.
        progress: Told what is being done.

    Raises:
        NotFound: There is no such workbook.
        RegisterUnreadable: A workbook cannot be read, or holds no rules.
    """
    if not old.is_file():
        raise make_error(NotFound, "none.old_rules", path=old)
    now = local_now(config, moment)
    naive = now.replace(tzinfo=None)
    progress("read")
    with looking(config) as workspace:
        world = read_world(config)
        memory = recall(workspace, world.register, digests=False)
    other = replace(config, register=replace(config.register, rules=old))
    old_rules = read_rules(other, open_book(config.register.path), world.register.own_headers)
    lacks = (_lacking(old_rules, config), _lacking(world.rulebook, config))
    if len(lacks[0]) == len(SKIPPED_WITHOUT):
        raise make_error(RegisterUnreadable, "rules.none_usable", path=old)
    sides = []
    for number, rules in enumerate((old_rules, world.rulebook)):
        progress("rules", number, 2)
        sides.append(_side(*make_plan(Situation(world.register, rules, memory, naive))))
    found = _compare(sides[0], sides[1], language)
    if xlsx is not None:
        write_diff(xlsx, found, language)
    return _answer(found, lacks, len(sides[1].after.frame), old, xlsx)


def _lacking(rulebook: RuleBook, config: Config) -> tuple[str, ...]:
    """The sheets a side cannot use, missing or broken; what rests on them is not done there."""
    language = str(config.register.language)
    return tuple(BY_KEY[key].title(language) for key in SKIPPED_WITHOUT if not _usable(getattr(rulebook, key)))


def _usable(part: object) -> bool:
    return part is not None and part not in ((), {})


def _side(plan: Plan, after: Situation) -> _Side:
    frame = after.frame
    words = tuple(ClockState.OVERDUE.label(language) for language in ("zh", "en"))
    overdue = frame[Field.CLOCK].fillna("").astype(str).str.startswith(words)
    working = live(after) & has(after, Field.DEPARTMENT) & ~has(after, Field.IMPLEMENTED_AT)
    return _Side(plan, after, int((overdue.to_numpy() & live(after)).sum()),
                 Counter(frame.loc[working, Field.DEPARTMENT].tolist()))  # fmt: skip


def _compare(old: _Side, new: _Side, language: str) -> Differences:
    rows = tuple(_rows(old.after, new.after, language))
    levels = [level.value for level in Level]
    pairs = Counter(
        zip(_codes(old.after.frame[Field.SUGGESTED_LEVEL]), _codes(new.after.frame[Field.SUGGESTED_LEVEL]), strict=True)
    )
    names = [level.label(language) for level in Level] + [say(P("diff.not_graded"), language)]
    codes = [*levels, ""]
    matrix = tuple(tuple(pairs[before, after] for after in codes) for before in codes)
    departments = sorted({*old.load, *new.load})
    load = tuple((name, old.load[name], new.load[name]) for name in departments)
    keys = ({m.key for m in old.plan.messages}, {m.key for m in new.plan.messages})
    gone = Counter(str(m.kind) for m in old.plan.messages if m.key not in keys[1])
    come = Counter(str(m.kind) for m in new.plan.messages if m.key not in keys[0])
    mails = (dict(sorted(gone.items())), dict(sorted(come.items())))
    places = tuple(_places(old.after, new.after))
    return Differences(rows, tuple(names), matrix, load, (old.overdue, new.overdue), mails, places)


def _codes(cells: pd.Series[Any]) -> list[str]:
    return ["" if is_missing(value) else str(value) for value in cells]


def _rows(old: Situation, new: Situation, language: str) -> Iterator[DiffRow]:
    """Rows that come out differently, in sheet order."""
    differs = np.logical_or.reduce([~same_mask(values(old, field), values(new, field)) for field in COMPARED])
    for then, now in zip(cases(old, differs), cases(new, differs), strict=True):
        both = ((field, then.value(field), now.value(field)) for field in COMPARED)
        cells = {
            field.value: (_shown(field, before, language), _shown(field, after, language))
            for field, before, after in both
            if before != after
        }
        reasons = tuple(str(case.value(Field.LEVEL_REASON) or "") for case in (then, now))
        yield DiffRow(now.id, str(now.value(Field.TITLE) or ""), cells, (reasons[0], reasons[1]))


def _places(old: Situation, new: Situation) -> Iterator[Moved]:
    """Feedback with another place in its queue, by department and new place."""
    frame = new.frame[[Field.ID, Field.DEPARTMENT, Field.QUEUE]].assign(before=old.frame[Field.QUEUE])
    moved = frame[~same_mask(values(old, Field.QUEUE), values(new, Field.QUEUE))].sort_values(
        [Field.DEPARTMENT, Field.QUEUE]
    )
    for id, department, after, before in moved.itertuples(index=False):
        places = [None if is_missing(place) else int(place) for place in (before, after)]
        yield Moved(str(id), "" if is_missing(department) else str(department), places[0], places[1])


def _shown(field: Field, value: Any, language: str) -> str:
    key = Field.LEVEL if field is Field.SUGGESTED_LEVEL else field
    return str(label_of(key, value, language) or NO_LEVEL)


def _answer(
    found: Differences, lacks: tuple[tuple[str, ...], tuple[str, ...]], rows: int, old: Path, xlsx: Path | None
) -> Answer:
    before, after = found.overdue
    gone, come = (sum(side.values()) for side in found.mails)
    sections = [Section.of(None, _warnings(lacks)), Section.of(None, _head(found, rows, old))]
    if found.rows or found.places or before != after or gone or come:
        overdue = P.of("diff.overdue", before=before, after=after)
        kinds = [_kinds(side) for side in found.mails]
        mails = P.of("diff.mails", gone=gone, come=come, gone_kinds=kinds[0], come_kinds=kinds[1])
        sections += [*_lists(found), Section(None, (overdue, mails))]
    if xlsx is not None:
        sections.append(Section(None, (P.of("form.made", path=str(xlsx)),)))
    data = {
        "old": str(old),
        "rows": [
            {
                "id": row.id,
                "changes": {key: {"before": a, "after": b} for key, (a, b) in row.cells.items()},
                "reason_before": row.reasons[0],
                "reason_after": row.reasons[1],
            }
            for row in found.rows
        ],
        "levels": [*(level.value for level in Level), None],
        "matrix": found.matrix,
        "load": {name: {"before": a, "after": b} for name, a, b in found.load},
        "places": [{"id": one.id, "department": one.department, "before": one.before, "after": one.after}
                   for one in found.places],
        "overdue": {"before": before, "after": after},
        "mails": {"only_before": gone, "only_after": come},
        "mail_kinds": {"only_before": found.mails[0], "only_after": found.mails[1]},
        "unusable": {"before": lacks[0], "after": lacks[1]},
        "xlsx": None if xlsx is None else str(xlsx),
    }  # fmt: skip
    return Answer(data, tuple(sections), EXIT_WARNINGS if any(lacks) else 0)


def _warnings(lacks: tuple[tuple[str, ...], tuple[str, ...]]) -> Iterator[Line]:
    """A side that lacks a sheet keeps what the rows hold, so that nothing would seem to differ."""
    for key, lacking in zip(("diff.old_lacks", "diff.new_lacks"), lacks, strict=True):
        if lacking:
            yield P.of(key, sheets=lacking)


def _head(found: Differences, rows: int, old: Path) -> Iterator[Line]:
    if not found.rows:
        yield P.of("diff.same", all=rows, old=str(old))
        return
    effective = sum(not row.settled for row in found.rows)
    yield P.of("diff.rows", n=len(found.rows), all=rows, old=str(old), effective=effective)


def _lists(found: Differences) -> Iterator[Section]:
    effective = [row for row in found.rows if not row.settled]
    lines: list[Line] = []
    for row in effective[:SHOWN]:
        changes = tuple(
            P.of("diff.cell", field=FIELDS[key], before=before, after=after)
            for key, (before, after) in row.cells.items()
        )
        lines.append(P.of("diff.row", id=row.id, title=row.title, changes=changes))
    if len(effective) > SHOWN:
        lines.append(P.of("diff.more", n=len(effective) - SHOWN))
    yield Section.of(P("diff.changed"), lines)
    yield Section.of(P("diff.settled"), _settled(found))
    head = ["", *found.levels]
    lines_of = zip(found.levels, found.matrix, strict=True)
    grid = [head, *([name, *(str(n or "·") for n in counts)] for name, counts in lines_of)]
    yield Section.of(P("diff.matrix"), columns(grid))
    load = [P.of("diff.load", department=name, before=before, after=after) for name, before, after in found.load]
    yield Section.of(P("diff.loads"), load)
    moved = [_moved(one) for one in found.places[:SHOWN]]
    if len(found.places) > SHOWN:
        moved.append(P.of("diff.more", n=len(found.places) - SHOWN))
    yield Section.of(P("diff.places"), moved)


def _settled(found: Differences) -> Iterator[Line]:
    """What only would have been suggested otherwise, by the change: a person settled these levels."""
    ids: dict[tuple[str, str], list[str]] = {}
    for row in found.rows:
        if row.settled:
            ids.setdefault(row.cells[Field.SUGGESTED_LEVEL.value], []).append(row.id)
    for (before, after), which in ids.items():
        shown = which if len(which) <= FEW else [*which[:FEW], "…"]
        yield P.of("diff.settled_row", before=before, after=after, n=len(which), ids=tuple(shown))


def _kinds(side: Mapping[str, int]) -> P | str:
    shown = tuple(f"{kind} × {n}" for kind, n in side.items())
    return P.of("diff.kinds", kinds=shown) if shown else ""


def _moved(one: Moved) -> P:
    before, after = (NO_LEVEL if place is None else place for place in (one.before, one.after))
    return P.of("diff.place", department=one.department, id=one.id, before=before, after=after)
