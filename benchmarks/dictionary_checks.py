"""The 41 checks of a data dictionary on 100,000 rows, beside pandas written by hand, pandera and pointblank.

All of them look at the same cells, find the same faults, and name row, column and value of each.
`python benchmarks/dictionary_checks.py`; also the second part of `python benchmarks/rules.py`. pandera, pointblank and
polars are measured where they are installed (`pip install pandera pointblank polars`), and no one else needs them.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import random
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from qtemplate.fields import FIELDS, Field, Kind
from qtemplate.plan import Memory
from qtemplate.register import Register
from qtemplate.rules.rulebook import FieldRule, RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.check_columns import check_columns

ROWS = 100_000
FAULTS = 170
"""Bad cells a check, about 7,000 in all."""

WORDS = tuple(f"{place}{number}" for place in ("华东", "华南", "华北") for number in range(10))
Fault = tuple[int, str, Any]


def rule(field: str, **demands: Any) -> FieldRule:
    """A row of the dictionary."""
    plain: dict[str, Any] = {
        "required": False,
        "type": "",
        "allowed": "",
        "pattern": "",
        "unique": False,
        "minimum": None,
    }
    return FieldRule(field, **{**plain, "maximum": None, "severity": "error", "row": 4, **demands})


RULES = (
    *(rule(f"need{n}", required=True) for n in range(8)),
    *(rule(f"list{n}", type="list", allowed="words") for n in range(12)),
    *(rule(f"code{n}", pattern=r"[A-Z]{2}\d{6}") for n in range(8)),
    *(rule(f"size{n}", minimum=0, maximum=5000) for n in range(10)),
    *(rule(f"only{n}", unique=True) for n in range(3)),
)


def make_columns(seed: int = 11) -> dict[str, list[Any]]:
    """One column a check, a few of its cells wrong."""
    chance = random.Random(seed)
    columns: dict[str, list[Any]] = {}
    for demand in RULES:
        values: list[Any]
        bad: Any
        if demand.required:
            values, bad = [chance.choice(WORDS) for _ in range(ROWS)], None
        elif demand.allowed:
            values, bad = [chance.choice(WORDS) for _ in range(ROWS)], "别处"
        elif demand.pattern:
            values, bad = [f"QA{chance.randrange(10**6):06d}" for _ in range(ROWS)], "qa12"
        elif demand.unique:
            values, bad = [f"S{n:07d}" for n in range(ROWS)], "S9999999"
        else:
            values, bad = [chance.randrange(5001) for _ in range(ROWS)], 9999
        for place in chance.sample(range(ROWS), FAULTS):
            values[place] = bad
        columns[demand.field] = values
    return columns


def make_register(columns: dict[str, list[Any]]) -> Register:
    """The columns as the reader makes a team's own: objects with None."""
    index = pd.Index(range(4, 4 + ROWS), dtype="int64", name="row")
    known: dict[str, Any] = {}
    for field in Field:
        dates = field.kind in (Kind.DATE, Kind.DATETIME)
        known[field.value] = pd.Series(None, index=index, dtype="datetime64[s]" if dates else object)
    known["id"] = pd.Series([f"QF-2026-{n:06d}" for n in range(ROWS)], index=index, dtype=object)
    own = {name: pd.Series(values, index=index, dtype=object) for name, values in columns.items()}
    places = {name: at for at, name in enumerate((*FIELDS, *own), 1)}
    return Register(pd.DataFrame({**known, **own}), "反馈登记", "tblFeedback", "zh", 3, places, "")


def by_hand(frame: pd.DataFrame) -> list[Fault]:
    """What somebody writes who knows pandas and the checks."""
    found: list[Fault] = []
    for demand in RULES:
        column = frame[demand.field]
        if demand.required:
            bad = column.isna()
        elif demand.allowed:
            bad = column.notna() & ~column.isin(WORDS)
        elif demand.pattern:
            bad = ~column.str.fullmatch(demand.pattern).fillna(True).astype(bool)
        elif demand.unique:
            bad = column.notna() & column.duplicated(keep=False)
        else:
            bad = column.notna() & ~column.between(demand.minimum or 0, demand.maximum or 0)
        wrong = column[bad]
        found += zip(wrong.index.tolist(), [demand.field] * len(wrong), wrong.tolist(), strict=True)
    return found


def pandera_schema() -> Any:
    """The same checks as a pandera schema."""
    import pandera.pandas as pa  # type: ignore[import-not-found, unused-ignore]  # measured where it is installed

    columns: dict[str, Any] = {}
    for demand in RULES:
        if demand.required:
            columns[demand.field] = pa.Column(object, nullable=False)
        elif demand.allowed:
            columns[demand.field] = pa.Column(object, pa.Check.isin(WORDS), nullable=True)
        elif demand.pattern:
            columns[demand.field] = pa.Column(object, pa.Check.str_matches(f"^{demand.pattern}$"), nullable=True)
        elif demand.unique:
            columns[demand.field] = pa.Column(object, unique=True, nullable=True)
        else:
            columns[demand.field] = pa.Column(object, pa.Check.in_range(demand.minimum, demand.maximum), nullable=True)
    return pa.DataFrameSchema(columns)


def with_pandera(schema: Any, frame: pd.DataFrame) -> int:
    """Faults that pandera names."""
    import pandera.errors  # type: ignore[import-not-found, unused-ignore]  # as above

    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        return len(error.failure_cases)
    return 0


def with_pointblank(frame: Any) -> int:
    """Faults that pointblank names, with its extracts of the failing rows."""
    import pointblank as pb  # type: ignore[import-not-found, import-untyped, unused-ignore]  # as above

    plan = pb.Validate(frame)
    for demand in RULES:
        if demand.required:
            plan = plan.col_vals_not_null(demand.field)
        elif demand.allowed:
            plan = plan.col_vals_in_set(demand.field, list(WORDS))
        elif demand.pattern:
            plan = plan.col_vals_regex(demand.field, f"^{demand.pattern}$", na_pass=True)
        elif demand.unique:
            plan = plan.rows_distinct([demand.field])
        else:
            plan = plan.col_vals_between(demand.field, demand.minimum, demand.maximum, na_pass=True)
    done = plan.interrogate()
    return sum(len(extract) for extract in done.get_data_extracts().values() if extract is not None)


def best(run: Callable[[], Any], times: int = 7) -> float:
    """Seconds of the fastest of several runs: what other programs on the machine cannot add to."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def compare() -> None:
    """Prints one line an engine; the ratio is to pandas by hand on the same columns of objects."""
    columns = make_columns()
    register = make_register(columns)
    rulebook = RuleBook(dictionary=RULES, lists={"words": {word: word for word in WORDS}})

    def as_read() -> Situation:
        """Nothing has been asked of the columns yet."""
        return Situation(register, rulebook, Memory(), dt.datetime(2026, 7, 15))

    frame = register.frame[list(columns)]
    typed = pd.DataFrame({name: pd.Series(values).infer_objects() for name, values in columns.items()}, frame.index)
    ours = {(item.where.row, item.field, item.found) for item in check_columns(as_read()) if item.where}
    theirs = {(row, name, "" if pd.isna(value) else str(value)) for row, name, value in by_hand(frame)}
    assert ours == theirs, "the checks disagree"
    hand = best(lambda: by_hand(frame))
    print(f"dictionary, {ROWS:,} rows, {len(RULES)} checks, {len(ours):,} bad cells")
    _line("pandas by hand", hand, hand)
    _line("pandas by hand, typed columns", best(lambda: by_hand(typed)), hand)
    _line("check_columns, a finding a cell", best(lambda: list(check_columns(as_read()))), hand)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if importlib.util.find_spec("pandera") is None:
            print("  pandera is not installed: not measured")
        else:
            schema = pandera_schema()
            _line("pandera, lazy", best(lambda: with_pandera(schema, frame), 3), hand)
        if importlib.util.find_spec("pointblank") is None:
            print("  pointblank is not installed: not measured")
            return
        _line("pointblank on pandas", best(lambda: with_pointblank(typed), 2), hand)
        if importlib.util.find_spec("polars") is not None:
            import polars as pl  # type: ignore[import-not-found, unused-ignore]  # as above

            def as_polars() -> Any:
                return pl.DataFrame({name: frame[name].tolist() for name in columns}, strict=False)

            fast = as_polars()
            _line("a polars frame of the same cells", best(as_polars, 2), hand)
            _line("pointblank on that frame", best(lambda: with_pointblank(fast), 2), hand)
            _line("both", best(lambda: with_pointblank(as_polars()), 2), hand)


def _line(name: str, seconds: float, reference: float) -> None:
    print(f"  {name:50} {seconds * 1000:8.1f} ms  {seconds / reference:6.2f}")


if __name__ == "__main__":
    compare()
