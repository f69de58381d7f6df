"""Small decision tables for tests, written as rows of strict cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from qtemplate.dmn.decision_table import Decision, DecisionTable
from qtemplate.dmn.model import Aggregation, HitPolicy, InputColumn, OutputColumn, Rule
from qtemplate.dmn.unary_tests import Literal, parse_unary_tests

Row = tuple[Sequence[str], Sequence[Any]]


def make_table(
    policy: str,
    inputs: Sequence[str],
    rows: Sequence[Row],
    *,
    outputs: Sequence[str] = ("out",),
    allowed: Sequence[Sequence[Any]] = (),
    defaults: Sequence[Any] = (),
    aggregation: str = "",
    input_allowed: Sequence[str] = (),
) -> DecisionTable:
    """A table whose columns stand in B, C, …, and whose rules, numbered from 1, stand in row 6 and below."""
    letters = [chr(ord("B") + number) for number in range(len(inputs) + len(outputs))]
    tests = [parse_unary_tests(cell) if cell else None for cell in input_allowed] or [None] * len(inputs)
    return DecisionTable(
        name="table",
        sheet="T",
        hit_policy=HitPolicy(policy),
        aggregation=Aggregation(aggregation),
        inputs=tuple(InputColumn(name, letters[n], tests[n], name) for n, name in enumerate(inputs)),
        outputs=tuple(
            OutputColumn(
                name,
                letters[len(inputs) + n],
                tuple(map(Literal.of, allowed[n])) if allowed else (),
                Literal.of(defaults[n]) if defaults and defaults[n] is not None else None,
                name,
            )
            for n, name in enumerate(outputs)
        ),
        rules=tuple(
            Rule(
                str(n + 1),
                n + 6,
                tuple(parse_unary_tests(cell, inputs) for cell in cells),
                tuple(map(Literal.of, values)),
            )
            for n, (cells, values) in enumerate(rows)
        ),
    )


def decide(policy: str, rows: Any, values: list[Any], **more: Any) -> Decision:
    """What a table of one input, `x`, says of each value."""
    return make_table(policy, ["x"], rows, **more).decide(pd.DataFrame({"x": pd.Series(values, dtype=object)}))
