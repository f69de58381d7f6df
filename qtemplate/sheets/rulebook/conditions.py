"""Conditions in a cell of 数据字典 (`反馈渠道=经销商 且 严重性≥4`) as decision tables of one rule.

A condition is a column's name, then a test as in any decision table; several are joined by 且 / and. Knows how they are
spelled; what a test means is in `dmn.lenient`, what a column means is bound by `dmn.bind_table`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from ...dmn.bind_table import Binding, Resolve, bind
from ...dmn.decision_table import DecisionTable
from ...dmn.lenient import read_tests
from ...dmn.model import HitPolicy, InputColumn, OutputColumn, Rule
from ...dmn.no_condition import met_by_form
from ...dmn.table_demands import as_errors
from ...dmn.table_problems import Severity, TableProblem
from ...dmn.unary_tests import CellSyntaxError, Literal
from ...plan import Finding
from ...register import CellRef
from ...rules.rulebook import FieldRule

AND = re.compile(r"\s*(?:并且|且|；|;|&&)\s*|\s+and\s+", re.IGNORECASE)
PART = re.compile(
    r"(?P<name>[^=＝!≠<>＜＞≤≥:：]+?)\s*(?P<sign>!=|<>|<=|>=|[=＝≠<>＜＞≤≥:：])\s*(?P<rest>.+)", re.DOTALL
)
SIGNS = {"=": "", "＝": "", ":": "", "：": "", "<>": "≠", "!=": "≠"}
OUTCOME = "\0required"


def is_condition(text: str) -> bool:
    """Whether a cell may hold a condition, and not just a word."""
    return PART.match(text) is not None


def parse_condition(text: str, where: CellRef) -> tuple[DecisionTable | None, list[TableProblem]]:
    """The condition as a table not yet bound to fields; None, and why, when it cannot be read."""
    problems: list[TableProblem] = []
    inputs, tests = [], []
    letter = where.address.rstrip("0123456789")
    for part in AND.split(text.strip()):
        match = PART.fullmatch(part.strip())
        if match is None:
            facts = (("found", part), ("suggestion", ""))
            problems.append(TableProblem(where.sheet, where.address, Severity.ERROR, "unknown_column", facts))
            continue
        try:
            tests.append(read_tests(SIGNS.get(match["sign"], match["sign"]) + match["rest"]))
        except CellSyntaxError as error:
            problems.append(TableProblem(where.sheet, where.address, Severity.ERROR, error.code, error.facts))
            continue
        inputs.append(InputColumn(match["name"], letter, title=match["name"]))
    if problems:
        return None, problems
    rule = Rule(str(where.row), where.row, tuple(tests), (Literal.of("yes"),))
    output = (OutputColumn(OUTCOME, letter, title=OUTCOME),)
    return DecisionTable(text, where.sheet, HitPolicy.FIRST, tuple(inputs), output, (rule,)), []


def bind_conditions(
    rules: Sequence[FieldRule], resolve: Resolve, known: Sequence[str]
) -> tuple[tuple[FieldRule, ...], list[Finding]]:
    """The rules with their conditions tied to the register's fields; a condition that does not fit is left out."""

    def resolved(name: str) -> Binding | None:
        return Binding("required", "text") if name == OUTCOME else resolve(name)

    bound, findings = [], []
    for rule in rules:
        if rule.condition is None:
            bound.append(rule)
            continue
        table, problems = bind(rule.condition, resolved, known)
        if table is not None and (always := as_errors(met_by_form(table))):
            table, problems = None, [*problems, *always]
        bound.append(replace(rule, condition=table))
        letter = rule.condition.outputs[0].letter
        findings += condition_findings([replace(problem, cell=f"{letter}{rule.row}") for problem in problems])
    return tuple(bound), findings


def condition_findings(problems: Sequence[TableProblem]) -> list[Finding]:
    """Problems of conditions with their cells; warnings and hints of bound tables do not matter here."""
    from .rule_binding import findings_of

    found = findings_of([problem for problem in problems if problem.forbids])
    return [replace(item, code="QT211") for item in found]
