"""Step 4, grade: the level by the team's decision table, with the rule and the values that matched. Pure."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from ...choices import Level, Role, Safety
from ...dmn.decision_table import DecisionTable, Evaluation
from ...dmn.unary_tests import AnyValue
from ...fields import FIELDS, Field
from ...plan import Finding, Memory, Phrase, Plan, Severity
from ...register import Register, Same, label_of, plain
from ...texts import say
from ..mail_facts import display, service_person
from ..propose import Mask, finding, missing_mask, propose, same_mask, written_values
from ..rulebook import RuleBook
from ..standing import asked_by, cycles, decided, equals, has, live, numbered

HIGHER = {Level.MINOR: Level.NORMAL, Level.NORMAL: Level.MAJOR, Level.MAJOR: Level.URGENT, Level.URGENT: Level.URGENT}


def grade(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """suggested_level and level_reason (A), level (S), assessor (S), assessed_at (A)."""
    table = rulebook.grading
    if table is None:
        return Plan()
    frame = register.frame
    rows = numbered(register)
    evaluation = decided(register, table)
    undecidable = _unreadable(register, table) & rows
    findings = [
        finding(register, "QT310", Severity.ERROR, row, key, table=table.sheet)
        for row, key in sorted(register.wrong)
        if key in {column.name for column in table.inputs}
    ]
    forced = rows & _forced(register, table, evaluation, undecidable)
    findings += _problems(register, evaluation, rows & ~undecidable & ~forced)
    outputs = np.array([_code(result.output) for result in evaluation.results] + [None], dtype=object)
    by_table = outputs[evaluation.pattern]
    by_table[~rows | undecidable] = None
    suggested = pd.Series(by_table, index=frame.index).mask(forced, Level.URGENT.value)
    raised = (cycles(register, memory) > 2).to_numpy(dtype=bool, copy=True) & ~missing_mask(suggested)
    suggested[raised] = suggested[raised].map({level.value: up.value for level, up in HIGHER.items()})
    asked = asked_by(table)
    reasons = register.once(
        ("reasons", Same(table), register.language), asked, lambda: _reasons(register, table, evaluation)
    ).where(~pd.isna(by_table), None)
    reasons[raised] += say(Phrase("grade.raised"), register.language)
    reasons[forced] = [_safety_reason(why, register.language) for why in reasons[forced]]
    plan = propose(register, memory, Field.SUGGESTED_LEVEL, suggested, Phrase("because.grading"), rows=rows)
    plan += propose(register, memory, Field.LEVEL_REASON, reasons, Phrase("because.grading"), rows=rows)
    level = propose(
        register, memory, Field.LEVEL, suggested, Phrase("because.grading"), rows=rows & suggested.notna().to_numpy()
    )
    # an overrule is reported once, with its reason or the lack of one, not as a mere difference
    plan += Plan(edits=level.edits)
    graded = register.with_values({Field.LEVEL: {e.row: e.after for e in level.edits}} if level.edits else {})
    plan += Plan((*findings, *_overrules(graded, suggested)))
    return plan + _assessment(graded, rulebook, memory, now)


def _code(output: object) -> object:
    return next(iter(output.values()), None) if isinstance(output, dict) else output


def _unreadable(register: Register, table: DecisionTable) -> np.ndarray:
    """Rows in which a cell the table asks for cannot be read: they cannot be decided, never "next rule"."""
    asked = {column.name for column in table.inputs}
    rows = {row for row, key in register.wrong if key in asked}
    return np.asarray(register.frame.index.isin(list(rows)))


def _forced(register: Register, table: DecisionTable, evaluation: Evaluation, undecidable: Mask) -> Mask:
    """Safety hazards that are urgent whatever the table says of the other columns, and whatever is empty or unreadable.

    The table belongs to people: a rule of theirs that asks for 安全隐患 has the word. One that does not never grades a
    hazard lower, as it would after a rule was deleted or put above.
    """
    places = [place for place, column in enumerate(table.inputs) if column.name == Field.SAFETY]
    asks = [
        any(not isinstance(table.rules[rule].tests[place], AnyValue) for rule in result.rules[:1] for place in places)
        for result in evaluation.results
    ]
    asked = np.array([*asks, False], dtype=bool)[evaluation.pattern]
    forced: Mask = equals(register, Field.SAFETY, Safety.YES) & (undecidable | ~asked)
    return forced


def _safety_reason(by_table: str | None, language: str) -> str:
    """The reason of a forced level, with what the table said by itself."""
    said = Phrase("grade.safety") if by_table is None else Phrase.of("grade.safety_above", by_table=by_table)
    return say(said, language)


def _problems(register: Register, evaluation: Evaluation, rows: np.ndarray) -> list[Finding]:
    """Rows that have a severity and still get no level."""
    found = []
    expected = rows & has(register, Field.SEVERITY)
    for number, result in enumerate(evaluation.results):
        if result.problem is None:
            continue
        for row in register.frame.index[(evaluation.pattern == number) & expected]:
            found.append(
                finding(
                    register,
                    "QT311",
                    Severity.ERROR,
                    int(row),
                    Field.LEVEL,
                    found="",
                    problem=result.problem.sentence(register.language),
                )
            )
    return found


def _reasons(register: Register, table: DecisionTable, evaluation: Evaluation) -> pd.Series:
    """`规则 3：严重性=5，规避措施=无`, made once per distinct rule and values."""
    frame, language = register.frame, register.language
    reasons = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    for number, result in enumerate(evaluation.results):
        if result.output is None or not result.rules:
            continue
        rule = table.rules[result.rules[0]]
        asked = [
            column.name for column, test in zip(table.inputs, rule.tests, strict=True) if not isinstance(test, AnyValue)
        ]
        part = frame.loc[evaluation.pattern == number, asked]
        by = asked if len(asked) > 1 else asked[0] if asked else None
        groups = [((), part.index)] if by is None else part.groupby(by, sort=False, dropna=False).groups.items()
        for values, index in groups:
            shown = zip(asked, values if isinstance(values, tuple) else (values,), strict=True)
            facts = [
                Phrase.of(
                    "grade.fact",
                    name=FIELDS.get(key, key),
                    value=display(label_of(key, plain(value), language), language) or Phrase("value.empty"),
                )
                for key, value in shown
            ]
            reasons.loc[index] = say(Phrase.of("grade.reason", rule=rule.identifier, facts=facts), language)
    return reasons


def _overrules(register: Register, suggested: pd.Series) -> list[Finding]:
    """A person's level that differs: information with a reason, a warning without one."""
    frame = register.frame
    differs = has(register, Field.LEVEL) & ~missing_mask(suggested) & ~same_mask(frame[Field.LEVEL], suggested)
    reasoned = has(register, Field.OVERRIDE_REASON)
    found = []
    for row in frame.index[differs]:
        code, severity = ("QT321", Severity.INFO) if reasoned[frame.index.get_loc(row)] else ("QT320", Severity.WARNING)
        would = label_of(Field.LEVEL, suggested.at[row], register.language)
        found.append(finding(register, code, severity, int(row), Field.LEVEL, ours=would))
    return found


def _assessment(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    frame = register.frame
    coordinator = service_person(rulebook, Role.COORDINATOR, now.date())
    plan = Plan()
    if coordinator is not None:
        names = pd.Series(coordinator.name, index=frame.index, dtype=object)
        plan = propose(
            register,
            memory,
            Field.ASSESSOR,
            names,
            Phrase("because.assessor"),
            rows=live(register) & numbered(register) & ~has(register, Field.ASSESSOR),
        )
    when = frame[Field.ASSESSED_AT]
    if not memory.written.empty:
        kept = written_values(register, memory, Field.ASSESSED_AT)
        when = kept.where(kept.notna(), when)
    graded = has(register, Field.LEVEL)
    moment = pd.Series(np.datetime64(now.replace(microsecond=0), "s"), index=frame.index)
    when = when.astype("datetime64[s]").where(when.notna() | ~graded, moment).where(graded, pd.NaT)
    return plan + propose(
        register, memory, Field.ASSESSED_AT, when, Phrase("because.assessed"), rows=numbered(register)
    )
