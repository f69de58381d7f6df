"""The team's own checks: the columns of 数据字典 and the table of 校验规则. Pure; part of the validate step."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ..fields import Field
from ..plan import Finding, Severity
from ..register import Register
from .propose import finding, missing_mask
from .rulebook import FieldRule, RuleBook


def check_columns(register: Register, rulebook: RuleBook) -> Iterable[Finding]:
    """Findings of the dictionary's rules (QT160 to QT165) and of the checks table (QT190)."""
    for rule in rulebook.dictionary:
        if rule.field in register.columns:
            yield from _check_field(register, rulebook, rule)
    yield from _check_table(register, rulebook)


def _check_field(register: Register, rulebook: RuleBook, rule: FieldRule) -> Iterable[Finding]:
    column = register.frame[rule.field]
    given = ~missing_mask(column)
    severity = Severity.WARNING if rule.severity == "warning" else Severity.ERROR

    def report(code: str, mask: np.ndarray, **facts: Any) -> Iterable[Finding]:
        for row in register.frame.index[mask]:
            yield finding(register, code, severity, int(row), rule.field, **facts)

    if rule.required:
        active = ~missing_mask(register.frame[Field.ID]) | ~missing_mask(register.frame[Field.RECEIVED_AT])
        yield from report("QT160", ~given & active)
    own = rule.field in register.own_headers
    if own and rule.type == "number":
        yield from report("QT161", given & pd.to_numeric(column, errors="coerce").isna().to_numpy())
    allowed = rulebook.lists.get(rule.allowed) if rule.allowed else None
    if own and allowed:
        known = [*allowed, *allowed.values()]
        yield from report("QT162", given & ~column.isin(known).to_numpy(dtype=bool, copy=True), known=list(allowed)[:8])
    if rule.pattern:
        try:
            pattern = re.compile(rule.pattern)
        except re.error:
            pattern = None  # reported with its cell when the sheet was read
        if pattern is not None:
            odd = column.map(lambda value: pattern.fullmatch(str(value)) is None, na_action="ignore")
            yield from report("QT163", given & odd.fillna(False).to_numpy(dtype=bool, copy=True), pattern=rule.pattern)
    if rule.unique:
        yield from report("QT164", given & column.duplicated(keep=False).to_numpy(dtype=bool, copy=True))
    if rule.minimum is not None or rule.maximum is not None:
        number = pd.to_numeric(column, errors="coerce")
        low = number < rule.minimum if rule.minimum is not None else pd.Series(False, index=number.index)
        high = number > rule.maximum if rule.maximum is not None else pd.Series(False, index=number.index)
        yield from report(
            "QT165", given & (low | high).to_numpy(dtype=bool, copy=True), minimum=rule.minimum, maximum=rule.maximum
        )


def _check_table(register: Register, rulebook: RuleBook) -> Iterable[Finding]:
    """Every matching rule of 校验规则 gives its message at the field it names."""
    table = rulebook.checks
    if table is None:
        return
    evaluation = table.evaluate(register.frame)
    for number, result in enumerate(evaluation.results):
        if not result.output:
            continue
        for row in register.frame.index[evaluation.pattern == number]:
            for said in result.output:
                message, key, severity = (said.get(name) for name in ("message", "field", "severity"))
                level = Severity.ERROR if severity == "error" else Severity.WARNING
                where = key if isinstance(key, str) and key in register.frame.columns else Field.ID
                yield finding(register, "QT190", level, int(row), where, message=message)
