"""A whole plan: what stands before the steps, the steps in their order, and what stands after them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from msgspec.structs import replace

from ..fields import Field, Filler
from ..plan import CellEdit, Finding, Plan, Severity
from ..register import Register, is_missing
from .around.incoming_news import incoming_news
from .around.kept_cells import facts_for_kept, kept_cells, kept_findings, own_view, without_standing
from .around.one_a_cell import one_a_cell
from .around.past_rows import without_past
from .around.rule_changes import rule_changes
from .around.unknown_columns import rests, told_once, unknown_findings
from .empty_words import example_rows
from .evidence.news import evidence_findings
from .owed import propose_owed, with_owed
from .propose import align, older_copies
from .situation import Situation
from .steps import STEPS
from .steps.number import fresh_copies, number, regained
from .steps.validate import validate

PEOPLES = frozenset(str(field) for field in Field if field.filler in (Filler.PERSON, Filler.LEARNED))


def make_plan(situation: Situation) -> tuple[Plan, Situation]:
    """All steps in order.

    Args:
        situation: The register and the rules as they were read (their own findings become part of the plan), and what
            the journal knows.

    Returns:
        The plan, one edit a cell at the most and one finding about what it holds; and the situation as it will be: with
        the edits in the register, what rests in this run, and every answer that still holds. Its rules and memory are
        those it began with.
    """
    kept = kept_cells(situation.register, situation.memory)
    situation = own_view(situation, kept)
    known = older_copies(situation.register, situation.memory)
    noticed = told_once(situation.register.findings, known.unknown)
    plans = [Plan((*kept_findings(kept), *unknown_findings(situation), *noticed, *situation.rulebook.findings))]
    examples = example_rows(situation.register)
    current = replace(
        situation,
        memory=align(known, situation.frame),
        rulebook=with_owed(situation.rulebook, known),
        examples=examples,
        quiet=examples | situation.register.past,
    )
    for step in STEPS:
        if rests(step.__name__, current):
            continue
        plan = without_past(without_standing(step(current), kept), current.register)
        plans.append(plan)
        before, current = current, current.with_edits(plan.edits)
        if any(edit.field == Field.ID for edit in plan.edits):
            former = {**known.former, **regained(before, plan)}
            current = replace(current, memory=align(replace(known, former=former), current.frame))
        current = current.with_facts(plan.facts)  # a row that was reopened a step ago is in its new cycle
        if step is number:
            current = replace(current, quiet=current.quiet | fresh_copies(current))
        if step is validate:
            current = replace(current, faults=_faults(current.register, plan.findings))
    plans.append(without_past(Plan((*incoming_news(current), *evidence_findings(current))), current.register))
    plans.append(propose_owed(current.memory, {row.key for plan in plans for row in plan.rows}))
    whole = Plan.join(plans)
    findings = one_a_cell(_placed(whole.findings, current.register))
    edits = _merged(whole.edits, current.register)
    whole = replace(whole, findings=findings, edits=edits) + rule_changes(situation, edits)
    whole = facts_for_kept(whole, kept, situation.memory)
    return whole, replace(current, rulebook=situation.rulebook, memory=situation.memory)


def _faults(register: Register, findings: Iterable[Finding]) -> frozenset[tuple[int, str]]:
    """The filled cells of people's columns that hold something wrong."""
    wrong = {
        (item.where.row, item.field)
        for item in (*register.findings, *findings)
        if item.severity is Severity.ERROR and item.found and item.where is not None and item.field in PEOPLES
        if item.where.sheet == register.sheet
    }
    return frozenset((row, str(field)) for row, field in wrong)


def _ids(register: Register, rows: Iterable[int]) -> dict[int, str | None]:
    """Worksheet row -> the id it has; without rows that the register does not have."""
    frame = register.frame
    here = [row for row in dict.fromkeys(rows) if row in frame.index]
    ids = frame[Field.ID].iloc[frame.index.get_indexer(pd.Index(here, dtype=frame.index.dtype))].tolist()
    return {row: None if is_missing(id) else str(id) for row, id in zip(here, ids, strict=True)}


def _placed(findings: tuple[Finding, ...], final: Register) -> tuple[Finding, ...]:
    """Every finding of a register cell knows the id its row has now, also where the reader could not."""
    ours = [item.where.row for item in findings if item.where is not None and item.where.sheet == final.sheet]
    ids = _ids(final, ours)
    placed = []
    for item in findings:
        if item.where is not None and item.where.sheet == final.sheet and item.id != ids.get(item.where.row, item.id):
            item = replace(item, id=ids[item.where.row])
        placed.append(item)
    return tuple(placed)


def _merged(edits: tuple[CellEdit, ...], final: Register) -> tuple[CellEdit, ...]:
    """One edit a cell: the first's before, the last's after; none where nothing changes. Every edit knows its id."""
    ids = _ids(final, (edit.row for edit in edits))
    first: dict[tuple[int, str], CellEdit] = {}
    for edit in edits:
        at = (edit.row, edit.field)
        before = first[at].before if at in first else edit.before
        first[at] = replace(edit, before=before, id=ids[edit.row])
    return tuple(edit for edit in first.values() if edit.before != edit.after)
