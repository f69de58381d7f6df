"""`rules check`, `rules show`, `rules test`: the tables people own, read, checked, printed and tried."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ...config import Config
from ...dmn.feel_values import spell
from ...dmn.unary_tests import strict_text
from ...errors import NotFound
from ...plan import Finding, Phrase, Severity
from ...report.answer import Answer, Line, Section, columns
from ...rules.rulebook import RuleBook
from ...sheets import open_book, read_rulebook
from ...sheets.rulebook.read import headers_beside
from ...sheets.rulebook.rule_examples import failing_examples, outputs_shown, try_examples
from ...sheets.rulebook.rule_review import Reviewed, review_tables
from ...texts import make_error, say_finding
from ..lookup import near
from ..moment import local_now
from .rules_in_use import JUDGED, rules_in_use, use_data, use_section

EXIT_ERRORS, EXIT_WARNINGS = 4, 3


def read_tables(config: Config) -> tuple[RuleBook, list[Reviewed]]:
    """The rule sheets and every decision table beside them.

    Raises:
        RegisterUnreadable: A workbook cannot be read.
    """
    path = config.register.rules or config.register.path
    book = open_book(path)
    own = None if config.register.rules is None else headers_beside(open_book(config.register.path))
    rulebook = read_rulebook(book, language=str(config.register.language), own_headers=own)
    return rulebook, list(review_tables(book, rulebook))


def check_rules(config: Config, language: str) -> Answer:
    """What is wrong with the rule sheets: exit code 4 with errors, 3 with warnings."""
    rulebook, tables = read_tables(config)
    findings = [*rulebook.findings, *(finding for table in tables for finding in table.findings)]
    for table in tables:
        findings += [] if table.table is None else failing_examples(table.table, table.grid)
    return _with_findings(config, findings, {"tables": [_table_data(table) for table in tables]}, language, tables)


def _with_findings(
    config: Config, findings: list[Finding], data: dict[str, Any], language: str, tables: list[Reviewed]
) -> Answer:
    order = list(Severity)
    findings = sorted(dict.fromkeys(findings), key=lambda item: order.index(item.severity))
    lines: list[Line] = [f"{item.code}  {say_finding(item, language).message}" for item in findings]
    counts = {level: sum(item.severity is level for item in findings) for level in Severity}
    total = Phrase.of("rules.checked", tables=len(tables), path=str(config.register.rules or config.register.path),
                      errors=counts[Severity.ERROR], warnings=counts[Severity.WARNING])  # fmt: skip
    code = EXIT_ERRORS if counts[Severity.ERROR] else EXIT_WARNINGS if counts[Severity.WARNING] else 0
    return Answer({**data, "findings": findings}, (Section.of(None, lines), Section(None, (total,))), code)


def show_rules(config: Config, sheet: str | None, moment: dt.datetime | None = None) -> Answer:
    """The strict form of every table, or of one; beside grading and assignment how their rules did in a year.

    Raises:
        NotFound: There is no such table.
    """
    rulebook, tables = read_tables(config)
    if sheet is not None:
        names = [table.sheet for table in tables]
        tables = [table for table in tables if sheet in (table.sheet, table.key)]
        if not tables:
            raise make_error(NotFound, "none.table", sheet=sheet, near=near(sheet, names))
    broken = [finding for finding in rulebook.findings if finding.severity is Severity.ERROR]
    broken += [item for table in tables for item in table.findings if item.severity is Severity.ERROR]
    told = rules_in_use(config, local_now(config, moment)) if any(table.key in JUDGED for table in tables) else {}
    sections = []
    for table in tables:
        sections += [_strict_section(table), use_section(told.get(table.key, ()))]
    code = EXIT_ERRORS if any(table.table is None for table in tables) else 0
    data = [_table_data(table) | use_data(told.get(table.key)) for table in tables]
    return Answer({"tables": data, "findings": broken}, tuple(sections), code)


def _strict_section(reviewed: Reviewed) -> Section:
    table = reviewed.table
    if table is None:
        return Section(reviewed.sheet, (Phrase.of("rules.broken", sheet=reviewed.sheet),))
    policy = " ".join(part for part in (table.hit_policy.value, table.aggregation.value) if part)
    head = [f"{column.name} ({column.letter})" for column in table.inputs]
    head += [f"{column.name} ({column.letter})" for column in table.outputs]
    rows = [["#", *head]]
    rows += [
        [rule.identifier, *(strict_text(test) for test in rule.tests), *(spell(each.value) for each in rule.outputs)]
        for rule in table.rules
    ]
    title = Phrase.of("rules.title", sheet=table.sheet, name=table.name, policy=policy)
    return Section.of(title, columns(rows))


def _table_data(reviewed: Reviewed) -> dict[str, Any]:
    table = reviewed.table
    if table is None:
        return {"sheet": reviewed.sheet, "key": reviewed.key, "usable": False}
    return {
        "sheet": table.sheet,
        "key": reviewed.key,
        "usable": True,
        "name": table.name,
        "hit_policy": table.hit_policy.value,
        "aggregation": table.aggregation.value,
        "inputs": [{"name": c.name, "title": c.title, "column": c.letter} for c in table.inputs],
        "outputs": [{"name": c.name, "title": c.title, "column": c.letter} for c in table.outputs],
        "rules": [
            {
                "rule": rule.identifier,
                "row": rule.row,
                "inputs": [strict_text(test) for test in rule.tests],
                "outputs": [each.value for each in rule.outputs],
            }
            for rule in table.rules
        ],
    }


def try_rules(config: Config) -> Answer:
    """Puts the example rows beside each table to it: exit code 4 when one does not come out as expected."""
    _, tables = read_tables(config)
    tried = [(table, try_examples(table.table, table.grid)) for table in tables if table.table is not None]
    data, sections, failed, count = [], [], 0, 0
    for reviewed, examples in tried:
        assert reviewed.table is not None
        lines: list[Line] = []
        for example in examples:
            expected = outputs_shown(reviewed.table, example.expected) or Phrase("rules.no_rule")
            found = outputs_shown(reviewed.table, example.found) or Phrase("rules.no_rule")
            key = "rules.passed" if example.passed else "rules.failed"
            lines.append(
                Phrase.of(key, name=example.name, row=example.row, wanted=expected, got=found, rules=example.rules)
            )
            data.append({"sheet": reviewed.sheet, "row": example.row, "name": example.name, "passed": example.passed,
                         "expected": example.expected, "found": example.found, "rules": example.rules})  # fmt: skip
            failed += not example.passed
            count += 1
        sections.append(Section.of(reviewed.sheet, lines))
    broken = [table.sheet for table in tables if table.table is None]
    total: Line = Phrase.of("rules.tried", n=count, failed=failed)
    if not count:
        total = Phrase("rules.no_examples")
    lines = [total, *(Phrase.of("rules.broken", sheet=sheet) for sheet in broken)]
    code = EXIT_ERRORS if failed or broken else 0
    return Answer({"examples": data, "failed": failed}, (*sections, Section.of(None, lines)), code)
