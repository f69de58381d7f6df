"""The step that grades: the level by the team's decision table, with the rule and the values that matched. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ...choices import Level, Role, Safety
from ...dmn.decision_table import DecisionTable, Evaluation
from ...dmn.unary_tests import AnyValue
from ...fields import FIELDS, Field
from ...plan import Finding, Phrase, Plan, Severity
from ...register import label_of, plain
from ...texts import say
from ...texts.display import display
from ..answers import Same
from ..case import case_of, cases
from ..propose import missing_mask, propose, same_mask, written_values
from ..situation import Situation
from ..stand_in import reach_first
from ..standing import Mask, asked_by, cycles, decided, equals, has, live, numbered

HIGHER = {Level.MINOR: Level.NORMAL, Level.NORMAL: Level.MAJOR, Level.MAJOR: Level.URGENT, Level.URGENT: Level.URGENT}


def grade(situation: Situation) -> Plan:
    """suggested_level and level_reason (A), level (S), assessor (S), assessed_at (A)."""
    table = situation.rulebook.grading
    if table is None:
        return Plan()
    rows, evaluation = numbered(situation), decided(situation, table)
    undecidable = _unreadable(situation, table) & rows
    findings = [
        case_of(situation, row).finding("QT310", Severity.ERROR, key, table=table.sheet)
        for row, key in sorted(situation.register.wrong)
        if key in {column.name for column in table.inputs}
    ]
    forced = rows & _forced(situation, table, evaluation, undecidable)
    findings += _problems(situation, evaluation, rows & ~undecidable & ~forced)
    by_table = _levels(evaluation)
    by_table[~rows | undecidable] = None
    suggested = pd.Series(by_table, index=situation.frame.index).mask(forced, Level.URGENT.value)
    raised = (cycles(situation) > 2) & ~missing_mask(suggested)
    suggested[raised] = suggested[raised].map({level.value: up.value for level, up in HIGHER.items()})
    language, because = situation.register.language, Phrase("because.grading")
    reasons = _reasons(situation, table, evaluation).where(~pd.isna(by_table), None)
    reasons[raised] += say(Phrase("grade.raised"), language)
    reasons[forced] = [_safety_reason(why, language) for why in reasons[forced]]
    plan = propose(situation, Field.SUGGESTED_LEVEL, suggested, because, rows=rows)
    plan += propose(situation, Field.LEVEL_REASON, reasons, because, rows=rows)
    level = propose(situation, Field.LEVEL, suggested, because, rows=rows & suggested.notna().to_numpy())
    # an overrule is reported once, with its reason or the lack of one, not as a mere difference
    plan += Plan(edits=level.edits)
    graded = situation.with_edits(level.edits)
    plan += Plan((*findings, *_overrules(graded, suggested)))
    return plan + _assessment(graded)


def _levels(evaluation: Evaluation) -> np.ndarray:
    """What the table says of each row; a copy."""
    outputs = np.array([_code(result.output) for result in evaluation.results] + [None], dtype=object)
    return np.asarray(outputs[evaluation.pattern])


def _code(output: object) -> object:
    return next(iter(output.values()), None) if isinstance(output, dict) else output


def _unreadable(situation: Situation, table: DecisionTable) -> np.ndarray:
    """Rows with an unreadable cell that the table asks for: they stay undecided and do not fall to the next rule."""
    asked = {column.name for column in table.inputs}
    rows = {row for row, key in situation.register.wrong if key in asked}
    return np.asarray(situation.frame.index.isin(list(rows)))


def _forced(situation: Situation, table: DecisionTable, evaluation: Evaluation, undecidable: Mask) -> Mask:
    """Safety hazards that are urgent whatever the table says of the other columns, and whatever is empty or unreadable.

    The table belongs to people: a rule of theirs that asks for 安全隐患 decides. A rule that does not ask must never
    grade a hazard lower, as could happen once a rule was deleted or moved.
    """
    places = [place for place, column in enumerate(table.inputs) if column.name == Field.SAFETY]
    asks = [
        any(not isinstance(table.rules[rule].tests[place], AnyValue) for rule in result.rules[:1] for place in places)
        for result in evaluation.results
    ]
    asked = np.array([*asks, False], dtype=bool)[evaluation.pattern]
    forced: Mask = equals(situation, Field.SAFETY, Safety.YES) & (undecidable | ~asked)
    return forced


def _safety_reason(by_table: str | None, language: str) -> str:
    """The reason of a forced level, with what the table said by itself."""
    said = Phrase("grade.safety") if by_table is None else Phrase.of("grade.safety_above", by_table=by_table)
    return say(said, language)


def _problems(situation: Situation, evaluation: Evaluation, rows: Mask) -> Iterator[Finding]:
    """Rows that have a severity and still get no level."""
    expected, language = rows & has(situation, Field.SEVERITY), situation.register.language
    for number, result in enumerate(evaluation.results):
        if result.problem is not None:
            said = result.problem.sentence(language)
            for case in cases(situation, (evaluation.pattern == number) & expected):
                yield case.finding("QT311", Severity.ERROR, Field.LEVEL, found="", problem=said)


def _reasons(situation: Situation, table: DecisionTable, evaluation: Evaluation) -> pd.Series:
    """`规则 3：严重性=5，规避措施=无` per row; shared, so not to be changed."""
    what = ("reasons", Same(table), situation.register.language)
    return situation.answers.once(what, asked_by(table), lambda: _in_words(situation, table, evaluation))


def _in_words(situation: Situation, table: DecisionTable, evaluation: Evaluation) -> pd.Series:
    """The reasons, made once per distinct rule and values."""
    frame, language = situation.frame, situation.register.language
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


def _overrules(situation: Situation, suggested: pd.Series) -> Iterator[Finding]:
    """A person's level that differs: information with a reason, a warning without one."""
    level, reasoned = situation.frame[Field.LEVEL], has(situation, Field.OVERRIDE_REASON)
    differs = has(situation, Field.LEVEL) & ~missing_mask(suggested) & ~same_mask(level, suggested)
    for case in cases(situation, differs):
        would = label_of(Field.LEVEL, suggested.iat[case.place], situation.register.language)
        code, severity = ("QT321", Severity.INFO) if reasoned[case.place] else ("QT320", Severity.WARNING)
        yield case.finding(code, severity, Field.LEVEL, ours=would)


def _assessment(situation: Situation) -> Plan:
    """Who assessed it, and when the level was set."""
    frame, now = situation.frame, situation.now
    rulebook = situation.rulebook
    coordinator = reach_first(rulebook, rulebook.with_role(Role.COORDINATOR), now.date())
    plan = Plan()
    if coordinator is not None:
        names = pd.Series(coordinator.person.name, index=frame.index, dtype=object)
        nobody = live(situation) & numbered(situation) & ~has(situation, Field.ASSESSOR)
        plan = propose(situation, Field.ASSESSOR, names, Phrase("because.assessor"), rows=nobody)
    when = frame[Field.ASSESSED_AT]
    if not situation.memory.written.empty:
        kept = written_values(situation, Field.ASSESSED_AT)
        when = kept.where(kept.notna(), when)
    graded = has(situation, Field.LEVEL)
    moment = pd.Series(np.datetime64(now.replace(microsecond=0), "s"), index=frame.index)
    when = when.astype("datetime64[s]").where(when.notna() | ~graded, moment).where(graded, pd.NaT)
    rows = numbered(situation)
    return plan + propose(situation, Field.ASSESSED_AT, when, Phrase("because.assessed"), rows=rows)
