"""Step 5, assign: department and owner by the team's table; nobody is picked silently. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import pandas as pd

from ...choices import Level, Role
from ...dmn.decision_table import Evaluation
from ...fields import Field
from ...plan import FactName, Finding, Memory, Phrase, Plan, Remember, Severity
from ...register import Register
from ...texts import say
from ..around.form_answers import returned_keys, transfer_key
from ..propose import Mask, finding, propose, was_ours, written_values
from ..rulebook import RuleBook
from ..standing import assignable, cycles, decided, has, int_at, live
from .choose_owner import LEAST_LOAD, ROUND_ROBIN, choose_owner

ORDER = {level: place for place, level in enumerate(Level)}


def assign(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """Suggests department and owner for graded, open rows that have none; an owner once given stays."""
    frame = register.frame
    if rulebook.assignment is None:
        return Plan()
    ready = assignable(register, rulebook)
    evaluation = decided(register, rulebook.assignment)
    results = [result.output if isinstance(result.output, dict) else {} for result in evaluation.results]
    given = np.array([result.get("department") for result in results], dtype=object)
    departments = pd.Series(given[evaluation.pattern], index=frame.index, dtype=object)
    untransferred = ~has(register, Field.TRANSFERRED_AT)
    named = departments.notna().to_numpy() & ready & untransferred
    plan = _put_back(register, memory, ~untransferred)
    plan += propose(register, memory, Field.DEPARTMENT, departments, Phrase("because.assignment"), rows=named)
    changes: dict[str, dict[int, object]] = {}
    for edit in plan.edits:
        changes.setdefault(edit.field, {})[edit.row] = edit.after
    register = register.with_values(changes)
    frame = register.frame
    moved = {edit.row for edit in plan.edits if edit.field == Field.DEPARTMENT and edit.before is not None}
    plan += Plan(
        tuple(
            finding(register, "QT331", Severity.ERROR, int(row), Field.DEPARTMENT, found="")
            for row in frame.index[ready & ~has(register, Field.DEPARTMENT)]
        )
    )
    plan += _named_by_hand(register, memory)
    if not rulebook.people:
        return plan
    return plan + _owners(register, rulebook, memory, now, ready & untransferred, evaluation, results, moved)


def _put_back(register: Register, memory: Memory, transferred: Mask) -> Plan:
    """Whom a row was transferred to stays so, also when the cells were emptied or an older copy has lost them."""
    plan = Plan()
    for field in (Field.DEPARTMENT, Field.OWNER, Field.ASSIGN_REASON):
        known = written_values(register, memory, field)
        lost = transferred & ~has(register, field) & known.notna().to_numpy(dtype=bool, copy=True)
        plan += propose(register, memory, field, known, Phrase("because.put_back"), rows=lost)
    return plan


def _named_by_hand(register: Register, memory: Memory) -> Plan:
    """Where a person named another owner than ours, the reason no longer speaks of the former one."""
    former = written_values(register, memory, Field.OWNER).notna().to_numpy(dtype=bool)
    named = former & has(register, Field.OWNER) & ~was_ours(register, memory, Field.OWNER)
    named &= live(register) & has(register, Field.ASSIGN_REASON)
    because = Phrase("assign.by_hand")
    reasons = pd.Series(say(because, register.language), index=register.frame.index, dtype=object)
    return propose(register, memory, Field.ASSIGN_REASON, reasons, because, rows=named)


def _owners(
    register: Register,
    rulebook: RuleBook,
    memory: Memory,
    now: dt.datetime,
    ready: Mask,
    evaluation: Evaluation,
    results: list[dict[str, object]],
    moved: set[int],
) -> Plan:
    frame = register.frame
    open_owner = ready & has(register, Field.DEPARTMENT)
    open_owner &= ~has(register, Field.OWNER) | _not_any_more(register, rulebook, memory, now, moved, open_owner)
    loads = Counter(frame.loc[live(register) & has(register, Field.OWNER), Field.OWNER])
    turns = {
        department: str(value)
        for (id, name), value in memory.facts.items()
        if id == "" and (department := FactName.TURN.about(name)) is not None
    }
    owners = frame[Field.OWNER].copy()
    reasons = frame[Field.ASSIGN_REASON].copy()
    whys: dict[int, Phrase] = {}
    emptied: dict[int, Phrase] = {}
    refused = _refused(register, rulebook, memory)
    findings: list[Finding] = []
    facts: dict[str, str] = {}
    order = frame.loc[open_owner, [Field.LEVEL, Field.RECEIVED_AT, Field.ID]].copy()
    order[Field.LEVEL] = order[Field.LEVEL].map(ORDER)
    rows = order.sort_values([Field.LEVEL, Field.RECEIVED_AT, Field.ID]).index
    for row, place in zip(rows, frame.index.get_indexer(rows).tolist(), strict=True):
        department = str(register.value(row, Field.DEPARTMENT))
        decision = evaluation.results[evaluation.pattern[place]]
        output = results[evaluation.pattern[place]]
        by_hand = output.get("department") != department
        if by_hand:
            output = {"method": LEAST_LOAD}  # a person chose another department: its own people, by load
        if (held := register.value(row, Field.OWNER)) is not None:
            loads[held] -= 1  # chosen anew, the row is nobody's
        pick = choose_owner(rulebook, department, output, loads, turns, now.date(), refused.get(int(row), ()))
        if pick.person is None:
            owners.at[row] = reasons.at[row] = None
            emptied[int(row)] = pick.why
            findings.append(
                finding(
                    register,
                    "QT330",
                    Severity.ERROR,
                    int(row),
                    Field.OWNER,
                    found="",
                    department=department,
                    why=pick.why,
                )
            )
            continue
        name = pick.person.name
        loads[name] += 1
        in_turn = pick.person in rulebook.with_role(Role.MEMBER, department)  # a head who steps in has no turn
        if output.get("method") == ROUND_ROBIN and in_turn:
            turns[department] = name
            facts[department] = name
        owners.at[row] = name
        facts_of = {"department": department, "how": pick.why}
        whys[int(row)] = (
            Phrase.of("assign.reason_by_hand", **facts_of)
            if by_hand
            else Phrase.of("assign.reason", rule=decision.matched[0] if decision.matched else "–", **facts_of)
        )
    for row in whys:
        reasons.at[row] = say(whys[row], register.language)
    because = np.full(len(frame), None, dtype=object)
    for row, why in {**emptied, **whys}.items():
        because[frame.index.get_loc(row)] = why
    plan = propose(register, memory, Field.OWNER, owners, because, rows=open_owner)
    done = frame.index.isin([*(edit.row for edit in plan.edits), *emptied])
    plan += propose(register, memory, Field.ASSIGN_REASON, reasons, because, rows=done)
    for person in rulebook.people:
        if not person.mail and loads[person.name] and person.active:
            for edit in plan.edits:
                if edit.field == Field.OWNER and edit.after == person.name:
                    findings.append(
                        finding(register, "QT332", Severity.WARNING, edit.row, Field.OWNER, found=person.name)
                    )
    remembered = tuple(Remember("", FactName.TURN.of(name), value) for name, value in facts.items())
    return Plan(tuple(findings), facts=remembered) + plan


def _not_any_more(
    register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime, moved: set[int], asked: Mask
) -> Mask:
    """Those of the asked rows whose owner the program chose and would not now: gone, away, of another department.

    Who has accepted a feedback keeps it, also when it was handed over in person and no mail tells of the transfer.
    """
    frame = register.frame
    people = {person.name: person for person in rulebook.people}
    fit = {name: p.department for name, p in people.items() if p.active and not p.is_away(now.date())}
    gone: Mask = asked & was_ours(register, memory, Field.OWNER) & ~has(register, Field.ACCEPTED_AT)
    part = frame.loc[gone, [Field.OWNER, Field.DEPARTMENT]]
    gone[gone] = [
        row in moved or fit.get(owner) is None or fit[owner] != department
        for row, owner, department in zip(part.index, part[Field.OWNER], part[Field.DEPARTMENT], strict=True)
    ]
    return gone


def _refused(register: Register, rulebook: RuleBook, memory: Memory) -> dict[int, set[str]]:
    """Worksheet row -> who of the row's department handed it back, in this cycle or an earlier one."""
    back = returned_keys(memory)
    if not back:
        return {}
    frame, cycle = register.frame, cycles(register, memory)
    found: dict[int, set[str]] = {}
    for row in (int(r) for r in frame.index[frame[Field.ID].isin({key.split("/")[1] for key in back})]):
        id, department = register.value(row, Field.ID), register.value(row, Field.DEPARTMENT)
        tries = range(1, int_at(cycle, row) + 1)
        found[row] = {
            person.name
            for person in rulebook.people
            if any(transfer_key(id, number, department, person.name) in back for number in tries)
        }
    return found
