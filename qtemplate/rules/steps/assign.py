"""The step that assigns: department and owner by the team's table; nobody is picked silently. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from ...choices import Level, Role
from ...dmn.decision_table import Evaluation
from ...fields import Field
from ...plan import FactName, Finding, Phrase, Plan, Remember, Severity
from ...texts import say
from ..case import Case, case_of, cases
from ..propose import missing_mask, propose, was_ours, written_values
from ..situation import Situation
from ..standing import Mask, assignable, decided, has, in_rows, live, of_ids, values
from ..transfers import returned_keys, transfer_key
from .choose_owner import LEAST_LOAD, ROUND_ROBIN, Staff, choose_owner

ORDER = {level: place for place, level in enumerate(Level)}


class _ByTable(Struct, frozen=True):
    """What 分派规则 says of each row."""

    evaluation: Evaluation
    outputs: list[dict[str, object]]

    def output(self, place: int) -> dict[str, object]:
        """Department, method, and person or skill; empty where no rule matched."""
        return self.outputs[int(self.evaluation.pattern[place])]

    def rule(self, place: int) -> str:
        """The rule that matched, `–` for the default."""
        matched = self.evaluation.results[int(self.evaluation.pattern[place])].matched
        return matched[0] if matched else "–"


def assign(situation: Situation) -> Plan:
    """Suggests department and owner for graded, open rows that have none; an owner once given stays."""
    table = situation.rulebook.assignment
    if table is None:
        return Plan()
    ready = assignable(situation)
    evaluation = decided(situation, table)
    outputs = [result.output if isinstance(result.output, dict) else {} for result in evaluation.results]
    given = np.array([output.get("department") for output in outputs], dtype=object)
    departments = given[evaluation.pattern]
    untransferred = ~has(situation, Field.TRANSFERRED_AT)
    named = ~missing_mask(departments) & ready & untransferred
    plan = _put_back(situation, ~untransferred)
    plan += propose(situation, Field.DEPARTMENT, departments, Phrase("because.assignment"), rows=named)
    situation = situation.with_edits(plan.edits)
    plan += (follows := _owners_department(situation, ready & untransferred & ~named))
    situation = situation.with_edits(follows.edits)
    moved = {edit.row for edit in plan.edits if edit.field == Field.DEPARTMENT and edit.before is not None}
    nowhere = cases(situation, ready & ~has(situation, Field.DEPARTMENT))
    plan += Plan(tuple(case.finding("QT331", Severity.ERROR, Field.DEPARTMENT, found="") for case in nowhere))
    plan += _named_by_hand(situation)
    if not situation.rulebook.people:
        return plan
    return plan + _owners(situation, ready & untransferred, _ByTable(evaluation, outputs), moved)


def _owners_department(situation: Situation, ready: Mask) -> Plan:
    """Where the table gives no department and a person named the owner, that owner's department has it."""
    places = {person.name: person.department for person in situation.rulebook.people if person.department}
    given = np.array([places.get(owner) for owner in values(situation, Field.OWNER).tolist()], dtype=object)
    asked = ready & ~missing_mask(given) & ~was_ours(situation, Field.OWNER)
    asked &= ~has(situation, Field.DEPARTMENT) | was_ours(situation, Field.DEPARTMENT)
    return propose(situation, Field.DEPARTMENT, given, Phrase("because.owners_department"), rows=asked)


def _put_back(situation: Situation, transferred: Mask) -> Plan:
    """Department and owner of a transferred row stay, even where the cells were emptied or an older copy lost them."""
    plan = Plan()
    for field in (Field.DEPARTMENT, Field.OWNER, Field.ASSIGN_REASON):
        known = written_values(situation, field)
        lost = transferred & ~has(situation, field) & ~missing_mask(known)
        plan += propose(situation, field, known, Phrase("because.put_back"), rows=lost)
    return plan


def _named_by_hand(situation: Situation) -> Plan:
    """Where a person named another owner than the program did, the reason no longer explains the former one."""
    former = ~missing_mask(written_values(situation, Field.OWNER))
    named = former & has(situation, Field.OWNER) & ~was_ours(situation, Field.OWNER)
    named &= live(situation) & has(situation, Field.ASSIGN_REASON)
    because = Phrase("assign.by_hand")
    reasons = np.full(len(named), say(because, situation.register.language), dtype=object)
    return propose(situation, Field.ASSIGN_REASON, reasons, because, rows=named)


def _owners(situation: Situation, ready: Mask, by_table: _ByTable, moved: set[int]) -> Plan:
    """Owners of the rows that have none, or have one of ours who would not be chosen any more."""
    rulebook = situation.rulebook
    asked = ready & has(situation, Field.DEPARTMENT)
    asked &= ~has(situation, Field.OWNER) | _not_any_more(situation, moved, asked)
    turns = _turns(situation)
    loads = Counter(values(situation, Field.OWNER)[live(situation) & has(situation, Field.OWNER)].tolist())
    staff, refused = Staff(rulebook, loads, turns, situation.now.date()), _refused(situation)
    owners, reasons = (values(situation, key).copy() for key in (Field.OWNER, Field.ASSIGN_REASON))
    because, emptied = np.full(len(asked), None, dtype=object), np.zeros(len(asked), dtype=bool)
    findings: list[Finding] = []
    new_turns: dict[str, str] = {}
    for case in _gravest_first(situation, asked):
        department, output = str(case.value(Field.DEPARTMENT)), by_table.output(case.place)
        by_hand = output.get("department") != department
        if by_hand:
            output = {"method": LEAST_LOAD}  # a person chose another department: its own people, by load
        if (held := case.value(Field.OWNER)) is not None:
            loads[held] -= 1  # the row counts for nobody while its owner is chosen anew
        pick = choose_owner(staff, department, output, refused.get(case.row, ()))
        if pick.person is None:
            owners[case.place] = reasons[case.place] = None
            because[case.place], emptied[case.place] = pick.why, True
            facts = {"department": department, "why": pick.why}
            findings.append(case.finding("QT330", Severity.ERROR, Field.OWNER, found="", **facts))
            continue
        name = pick.person.name
        loads[name] += 1
        in_turn = pick.person in rulebook.with_role(Role.MEMBER, department)  # a head who steps in has no turn
        if output.get("method") == ROUND_ROBIN and in_turn:
            turns[department] = new_turns[department] = name
        why = {"department": department, "how": pick.why}
        reason = (
            Phrase.of("assign.reason_by_hand", **why)
            if by_hand
            else Phrase.of("assign.reason", rule=by_table.rule(case.place), **why)
        )
        owners[case.place], because[case.place] = name, reason
        reasons[case.place] = say(reason, situation.register.language)
    plan = propose(situation, Field.OWNER, owners, because, rows=asked)
    done = emptied | in_rows(situation, frozenset(edit.row for edit in plan.edits))
    plan += propose(situation, Field.ASSIGN_REASON, reasons, because, rows=done)
    findings += _without_address(situation, plan, loads)
    remembered = tuple(Remember("", FactName.TURN.of(name), value) for name, value in new_turns.items())
    return Plan(tuple(findings), facts=remembered) + plan


def _turns(situation: Situation) -> dict[str, str]:
    """Department -> whose turn it was last."""
    return {
        department: str(value)
        for (id, name), value in situation.memory.facts.items()
        if id == "" and (department := FactName.TURN.about(name)) is not None
    }


def _gravest_first(situation: Situation, rows: Mask) -> Iterator[Case]:
    """By level, then by receipt, then by id; what is not known comes last."""

    def place(case: Case) -> tuple[int, dt.datetime, bool, str]:
        level, received = ORDER.get(case.value(Field.LEVEL), len(ORDER)), case.value(Field.RECEIVED_AT)
        return level, received or dt.datetime.max, not case.id, case.id

    yield from sorted(cases(situation, rows), key=place)


def _without_address(situation: Situation, plan: Plan, loads: Counter[str]) -> Iterator[Finding]:
    """Rows that were just given to somebody who cannot be told by mail."""
    for person in situation.rulebook.people:
        if not person.mail and loads[person.name] and person.active:
            for edit in plan.edits:
                if edit.field == Field.OWNER and edit.after == person.name:
                    case = case_of(situation, edit.row)
                    yield case.finding("QT332", Severity.WARNING, Field.OWNER, found=person.name)


def _not_any_more(situation: Situation, moved: set[int], asked: Mask) -> Mask:
    """Those of the asked rows whose owner the program chose and would not now: gone, away, of another department.

    Whoever has accepted a feedback keeps it, even when it was handed over in person and there was no transfer mail.
    """
    people = {person.name: person for person in situation.rulebook.people}
    day = situation.now.date()
    fit = {name: p.department for name, p in people.items() if p.active and not p.is_away(day)}
    gone: Mask = asked & was_ours(situation, Field.OWNER) & ~has(situation, Field.ACCEPTED_AT)
    for case in cases(situation, gone):
        owner, department = case.value(Field.OWNER), case.value(Field.DEPARTMENT)
        gone[case.place] = case.row in moved or fit.get(owner) is None or fit[owner] != department
    return gone


def _refused(situation: Situation) -> dict[int, set[str]]:
    """Worksheet row -> who of the row's department handed it back, in this cycle or an earlier one."""
    back = returned_keys(situation.memory)
    if not back:
        return {}
    found: dict[int, set[str]] = {}
    handed_back = of_ids(situation, {key.id for key in back})
    for case in cases(situation, handed_back):
        tries = range(1, case.cycle + 1)
        found[case.row] = {
            person.name
            for person in situation.rulebook.people
            if any(transfer_key(case, person.name, number) in back for number in tries)
        }
    return found
