"""Step 5, assign: department and owner by the team's table; nobody is picked silently. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..choices import Level, Role
from ..fields import Field
from ..plan import Finding, Memory, Phrase, Plan, Remember, Severity
from ..register import Register
from ..texts import say
from .propose import Mask, finding, propose, was_ours, written_values
from .rulebook import Person, RuleBook
from .standing import decided, equals, explained, has, incomplete, live

FIXED, ROUND_ROBIN, LEAST_LOAD = "fixed", "round_robin", "least_load"
ORDER = {level: place for place, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was picked and why; `person` is None when nobody fits."""

    person: Person | None
    why: Phrase


def assign(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """Suggests department and owner for graded, open rows that have none; an owner once given stays."""
    frame = register.frame
    if rulebook.assignment is None:
        return Plan()
    ready = live(register) & has(register, Field.LEVEL) & ~incomplete(register, rulebook) & ~explained(register)
    ready &= ~frame.index.isin(list(register.examples))
    evaluation = decided(register, rulebook.assignment)
    results = [result.output if isinstance(result.output, dict) else {} for result in evaluation.results]
    departments = pd.Series(
        [results[number].get("department") for number in evaluation.pattern], index=frame.index, dtype=object
    )
    rule = pd.Series(
        [
            evaluation.results[number].matched[0] if evaluation.results[number].matched else ""
            for number in evaluation.pattern
        ],
        index=frame.index,
        dtype=object,
    )
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
    if not rulebook.people:
        return plan
    return plan + _owners(
        register, rulebook, memory, now, ready & untransferred, evaluation.pattern, results, rule, moved
    )


def _put_back(register: Register, memory: Memory, transferred: Mask) -> Plan:
    """Whom a row was transferred to stays so, also when the cells were emptied or an older copy has lost them."""
    plan = Plan()
    for field in (Field.DEPARTMENT, Field.OWNER, Field.ASSIGN_REASON):
        known = written_values(register, memory, field)
        lost = transferred & ~has(register, field) & known.notna().to_numpy(dtype=bool, copy=True)
        plan += propose(register, memory, field, known, Phrase("because.put_back"), rows=lost)
    return plan


def _owners(
    register: Register,
    rulebook: RuleBook,
    memory: Memory,
    now: dt.datetime,
    ready: Mask,
    pattern: npt.NDArray[np.intp],
    results: list[dict[str, object]],
    rule: pd.Series,
    moved: set[int],
) -> Plan:
    frame = register.frame
    ours = was_ours(register, memory, Field.OWNER)
    people = {person.name: person for person in rulebook.people}
    there = [name for name, person in people.items() if person.active and not person.is_away(now.date())]
    gone = has(register, Field.OWNER) & ~equals(register, Field.OWNER, *there)
    in_moved = frame.index.isin(moved)
    open_owner = ready & has(register, Field.DEPARTMENT) & (~has(register, Field.OWNER) | (ours & (gone | in_moved)))
    loads = Counter(frame.loc[live(register) & has(register, Field.OWNER), Field.OWNER])
    turns = {
        name[5:]: str(value) for (id, name), value in memory.facts.items() if id == "" and name.startswith("turn:")
    }
    owners = frame[Field.OWNER].copy()
    reasons = frame[Field.ASSIGN_REASON].copy()
    whys: dict[int, Phrase] = {}
    findings: list[Finding] = []
    facts: dict[str, str] = {}
    order = frame.loc[open_owner, [Field.LEVEL, Field.RECEIVED_AT, Field.ID]].copy()
    order[Field.LEVEL] = order[Field.LEVEL].map(ORDER)
    rows = order.sort_values([Field.LEVEL, Field.RECEIVED_AT, Field.ID]).index
    for row, place in zip(rows, frame.index.get_indexer(rows).tolist(), strict=True):
        department = str(register.value(row, Field.DEPARTMENT))
        output = results[pattern[place]]
        if output.get("department") != department:
            output = {"method": LEAST_LOAD}  # a person chose another department: its own people, by load
        pick = choose_owner(rulebook, department, output, loads, turns, now.date())
        if pick.person is None:
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
        if output.get("method") == ROUND_ROBIN:
            turns[department] = name
            facts[department] = name
        owners.at[row] = name
        whys[int(row)] = Phrase.of("assign.reason", rule=rule.at[row] or "–", department=department, how=pick.why)
    for row in whys:
        reasons.at[row] = say(whys[row], register.language)
    because = [whys.get(int(row)) for row in frame.index]
    plan = propose(register, memory, Field.OWNER, owners, because, rows=open_owner)
    done = frame.index.isin([edit.row for edit in plan.edits])
    plan += propose(register, memory, Field.ASSIGN_REASON, reasons, because, rows=done)
    for person in rulebook.people:
        if not person.mail and loads[person.name] and person.active:
            for edit in plan.edits:
                if edit.field == Field.OWNER and edit.after == person.name:
                    findings.append(
                        finding(register, "QT332", Severity.WARNING, edit.row, Field.OWNER, found=person.name)
                    )
    remembered = tuple(Remember("", f"turn:{name}", value) for name, value in facts.items())
    return Plan(tuple(findings), facts=remembered) + plan


def choose_owner(
    rulebook: RuleBook,
    department: str,
    output: dict[str, object],
    loads: Counter[str],
    turns: dict[str, str],
    day: dt.date,
) -> Choice:
    """Picks by the table's method; an absent person's deputy stands in; the head when nobody fits; else nobody."""
    method, skill = str(output.get("method") or LEAST_LOAD), str(output.get("skill") or "")
    if method == FIXED:
        named = rulebook.person(str(output.get("person") or ""))
        if named is None:
            return Choice(None, Phrase.of("assign.fixed_unknown", person=output.get("person") or ""))
        return _present(rulebook, named, day, Phrase.of("assign.fixed", person=named.name))
    members = [p for p in rulebook.with_role(Role.MEMBER, department) if not skill or skill in p.skills]
    present = [p for p in members if not p.is_away(day)]
    free = [p for p in present if p.capacity is None or loads[p.name] < p.capacity]
    if free and method == ROUND_ROBIN:
        names = [p.name for p in members]
        last = names.index(turns[department]) if turns.get(department) in names else -1
        ring = names[last + 1 :] + names[: last + 1]
        chosen = next(p for name in ring for p in free if p.name == name)
        return Choice(chosen, Phrase.of("assign.round_robin", person=chosen.name))
    if free:
        chosen = min(free, key=lambda p: (loads[p.name], members.index(p)))
        return Choice(chosen, Phrase.of("assign.least_load", person=chosen.name, load=loads[chosen.name]))
    for head in rulebook.with_role(Role.HEAD, department):
        return _present(rulebook, head, day, Phrase.of("assign.head", person=head.name))
    return Choice(None, Phrase.of("assign.nobody", department=department))


def _present(rulebook: RuleBook, person: Person, day: dt.date, why: Phrase) -> Choice:
    """The person, or the first of the chain of deputies who is there."""
    seen: set[str] = set()
    current: Person | None = person
    while current is not None and current.name not in seen:
        if current.active and not current.is_away(day):
            if current is person:
                return Choice(current, why)
            return Choice(current, Phrase.of("assign.deputy", person=current.name, absent=person.name))
        seen.add(current.name)
        current = rulebook.person(current.deputy)
    return Choice(None, Phrase.of("assign.absent", person=person.name))
