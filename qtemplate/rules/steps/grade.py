"""The step that grades: the level by the team's decision table, with the rule and the values that matched. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import numpy as np

from ...choices import Level, Role, Safety
from ...dmn.decision_table import DecisionTable, Evaluation
from ...dmn.unary_tests import AnyValue
from ...fields import FIELDS, Field
from ...plan import Finding, Phrase, Plan, Severity
from ...register import label_of
from ...texts import say
from ...texts.display import display
from ..answers import Same
from ..case import case_of, cases
from ..propose import Cells, missing_mask, plain_cells, propose, same_mask, written_dates
from ..situation import Situation
from ..stand_in import reach_first
from ..standing import Mask, asked_by, cycles, dates, decided, equals, has, in_rows, live, numbered, values
from ..workdays import NAT

UP = {Level.MINOR: Level.NORMAL, Level.NORMAL: Level.MAJOR, Level.MAJOR: Level.URGENT, Level.URGENT: Level.URGENT}
HIGHER = {level.value: above.value for level, above in UP.items()}
"""Code of a level -> that of the next one up."""


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
    suggested = by_table.copy()
    suggested[forced] = Level.URGENT.value
    raised = (cycles(situation) > 2) & ~missing_mask(suggested)
    suggested[raised] = [HIGHER.get(level) for level in suggested[raised].tolist()]
    language, because = situation.register.language, Phrase("because.grading")
    reasons = _reasons(situation, table, evaluation).copy()
    reasons[missing_mask(by_table)] = None
    once_more = say(Phrase("grade.raised"), language)
    reasons[raised] = [None if why is None else why + once_more for why in reasons[raised].tolist()]
    reasons[forced] = [_safety_reason(why, language) for why in reasons[forced].tolist()]
    plan = propose(situation, Field.SUGGESTED_LEVEL, suggested, because, rows=rows)
    plan += propose(situation, Field.LEVEL_REASON, reasons, because, rows=rows)
    level = propose(situation, Field.LEVEL, suggested, because, rows=rows & ~missing_mask(suggested))
    # an overrule is reported once, with its reason or the lack of one, not as a mere difference
    plan += Plan(edits=level.edits)
    graded = situation.with_edits(level.edits)
    plan += Plan((*findings, *_overrules(graded, suggested)))
    return plan + _assessment(graded)


def _levels(evaluation: Evaluation) -> Cells:
    """What the table says of each row; a copy."""
    outputs = np.array([_code(result.output) for result in evaluation.results] + [None], dtype=object)
    return np.asarray(outputs[evaluation.pattern])


def _code(output: object) -> object:
    return next(iter(output.values()), None) if isinstance(output, dict) else output


def _unreadable(situation: Situation, table: DecisionTable) -> Mask:
    """Rows with an unreadable cell that the table asks for: they stay undecided and do not fall to the next rule."""
    asked = {column.name for column in table.inputs}
    return in_rows(situation, frozenset(row for row, key in situation.register.wrong if key in asked))


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


def _reasons(situation: Situation, table: DecisionTable, evaluation: Evaluation) -> Cells:
    """`规则 3：严重性=5，规避措施=无` per row; shared, so not to be changed."""
    what = ("reasons", Same(table), situation.register.language)
    return situation.answers.once(what, asked_by(table), lambda: _in_words(situation, table, evaluation))


def _in_words(situation: Situation, table: DecisionTable, evaluation: Evaluation) -> Cells:
    """The reasons, made once per distinct rule and values."""
    language = situation.register.language
    reasons = np.full(len(evaluation.pattern), None, dtype=object)
    for number, result in enumerate(evaluation.results):
        if result.output is None or not result.rules:
            continue
        rule = table.rules[result.rules[0]]
        asked = [
            column.name for column, test in zip(table.inputs, rule.tests, strict=True) if not isinstance(test, AnyValue)
        ]
        places = np.flatnonzero(evaluation.pattern == number)
        held = [plain_cells(values(situation, key)[places]) for key in asked]
        known: dict[tuple[object, ...], str] = {}
        for place, cells in zip(places.tolist(), zip(*held, strict=True) if held else repeat(()), strict=False):
            if cells not in known:
                facts = [_fact(key, value, language) for key, value in zip(asked, cells, strict=True)]
                known[cells] = say(Phrase.of("grade.reason", rule=rule.identifier, facts=facts), language)
            reasons[place] = known[cells]
    return reasons


def _fact(key: str, value: object, language: str) -> Phrase:
    """`严重性=5`."""
    shown = display(label_of(key, value, language), language) or Phrase("value.empty")
    return Phrase.of("grade.fact", name=FIELDS.get(key, key), value=shown)


def _overrules(situation: Situation, suggested: Cells) -> Iterator[Finding]:
    """A person's level that differs: information with a reason, a warning without one."""
    level, reasoned = values(situation, Field.LEVEL), has(situation, Field.OVERRIDE_REASON)
    differs = has(situation, Field.LEVEL) & ~missing_mask(suggested) & ~same_mask(level, suggested)
    for case in cases(situation, differs):
        would = label_of(Field.LEVEL, suggested[case.place], situation.register.language)
        code, severity = ("QT321", Severity.INFO) if reasoned[case.place] else ("QT320", Severity.WARNING)
        yield case.finding(code, severity, Field.LEVEL, ours=would)


def _assessment(situation: Situation) -> Plan:
    """Who assessed it, and when the level was set."""
    now, rulebook = situation.now, situation.rulebook
    coordinator = reach_first(rulebook, rulebook.with_role(Role.COORDINATOR), now.date())
    plan = Plan()
    if coordinator is not None:
        names = np.full(len(situation.frame), coordinator.person.name, dtype=object)
        nobody = live(situation) & numbered(situation) & ~has(situation, Field.ASSESSOR)
        plan = propose(situation, Field.ASSESSOR, names, Phrase("because.assessor"), rows=nobody)
    kept, graded = written_dates(situation, Field.ASSESSED_AT), has(situation, Field.LEVEL)
    when = np.where(np.isnat(kept), dates(situation, Field.ASSESSED_AT), kept)
    when = np.where(np.isnat(when), np.datetime64(now.replace(microsecond=0), "s"), when)
    when[~graded] = NAT
    rows = numbered(situation)
    return plan + propose(situation, Field.ASSESSED_AT, when, Phrase("because.assessed"), rows=rows)
