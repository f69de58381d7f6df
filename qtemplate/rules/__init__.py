"""Pure rules: tables, validation, grading, assignment, clocks. No file, socket, clock or database in reach.

`STEPS` is the whole process in order; `make_plan` runs it. The steps do not import each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from ..fields import Field
from ..plan import CellEdit, Finding, Memory, Plan
from ..register import Register, is_missing
from .around.empty_words import example_rows
from .around.owed import propose_owed, with_owed
from .around.rule_changes import rule_changes
from .propose import align, older_copies
from .rulebook import RuleBook
from .standing import requirements
from .steps.acknowledge import acknowledge
from .steps.assign import assign
from .steps.clocks import run_clocks
from .steps.confirm import confirm
from .steps.contacts import name_contacts
from .steps.duplicates import duplicates
from .steps.follow_up import follow_up
from .steps.grade import grade
from .steps.number import fresh_copies, number, regained
from .steps.prioritise import prioritise
from .steps.recognise import recognise
from .steps.remind import remind
from .steps.reopen import reopen
from .steps.reply import reply
from .steps.state import state
from .steps.take_up import take_up
from .steps.validate import validate

Step = Callable[[Register, RuleBook, Memory, dt.datetime], Plan]

STEPS: tuple[Step, ...] = (
    number,
    take_up,
    reopen,
    validate,
    recognise,
    name_contacts,
    duplicates,
    grade,
    assign,
    prioritise,
    reply,
    confirm,
    run_clocks,
    acknowledge,
    state,
    follow_up,
    remind,
)
"""Each sees the register with the earlier steps' edits in force; state stands before the mails that show it."""


def make_plan(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> tuple[Plan, Register]:
    """All steps in order.

    Args:
        register: As it was read.
        rulebook: As it was read; its own findings become part of the plan.
        memory: What the journal knows.
        now: The moment of the run; naive, in the register's zone.

    Returns:
        The plan, one edit a cell at the most, and the register as it will be.
    """
    unaligned = memory = older_copies(register, memory)
    plans = [Plan((*register.findings, *rulebook.findings))]
    needs = {str(need.field): need.rows for need in requirements(register, rulebook)}
    examples = example_rows(register)
    current = replace(register, lacking=needs, examples=examples, quiet=register.quiet | examples)
    memory = align(memory, register)
    rulebook = with_owed(rulebook, memory)
    for step in STEPS:
        plan = step(current, rulebook, memory, now)
        plans.append(plan)
        current = in_force(current, plan)
        if any(edit.field == Field.ID for edit in plan.edits):
            former = {**unaligned.former, **regained(register, plan)}
            memory = align(replace(unaligned, former=former), current)
        memory = memory.with_facts(plan.facts)  # a row that was reopened a step ago is in its new cycle
        if step is number:
            current = replace(current, quiet=current.quiet | fresh_copies(current, memory, now))
    plans.append(propose_owed(memory, {row.key for plan in plans for row in plan.rows}))
    whole = Plan.join(plans)
    whole = replace(whole, findings=_placed(whole.findings, current), edits=_merged(whole.edits, current))
    return whole + rule_changes(rulebook, unaligned, whole.edits, now), replace(current, lacking=None)


def in_force(register: Register, plan: Plan) -> Register:
    """The register with a plan's edits in its frame."""
    changes: dict[str, dict[int, object]] = {}
    for edit in plan.edits:
        changes.setdefault(edit.field, {})[edit.row] = edit.after
    if not changes:
        return register
    changed = register.with_values(changes)
    touched = {(edit.row, edit.field) for edit in plan.edits}
    left = tuple(f for f in register.findings if f.where is None or (f.where.row, f.field) not in touched)
    wrong = {at: text for at, text in register.wrong.items() if at not in touched}
    return replace(changed, findings=left, wrong=wrong)


def _placed(findings: tuple[Finding, ...], final: Register) -> tuple[Finding, ...]:
    """Every finding of a register cell knows the id its row has now, also where the reader could not."""
    ours = [item.where for item in findings if item.where is not None and item.where.sheet == final.sheet]
    rows = dict.fromkeys(where.row for where in ours if where.row in final.frame.index)
    ids = {row: final.value(row, Field.ID) for row in rows}
    placed = []
    for item in findings:
        if item.where is not None and item.where.sheet == final.sheet and item.id != ids.get(item.where.row, item.id):
            item = replace(item, id=ids[item.where.row])
        placed.append(item)
    return tuple(placed)


def _merged(edits: tuple[CellEdit, ...], final: Register) -> tuple[CellEdit, ...]:
    """One edit a cell: the first's before, the last's after; none where nothing changes. Every edit knows its id."""
    first: dict[tuple[int, str], CellEdit] = {}
    for edit in edits:
        at = (edit.row, edit.field)
        before = first[at].before if at in first else edit.before
        id = final.value(edit.row, Field.ID)
        first[at] = replace(edit, before=before, id=None if is_missing(id) else str(id))
    return tuple(edit for edit in first.values() if edit.before != edit.after)
