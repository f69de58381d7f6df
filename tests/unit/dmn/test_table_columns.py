"""Columns of every dtype a frame can have, as inputs of decision tables."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from rule_cases import make_table

from qtemplate.dmn.decision_table import Decision
from qtemplate.dmn.feel_values import MonthsDuration


def decide(policy: str, rows: Any, values: list[Any]) -> Decision:
    return make_table(policy, ["x"], rows).decide(pd.DataFrame({"x": pd.Series(values, dtype=object)}))


NUMBERS = [([">=2"], ["big"]), (["<2"], ["small"])]


@pytest.mark.parametrize("dtype", ["int8", "uint16", "int64", "float32", "float64", "Int64", "Float64", "object"])
def test_numbers_of_any_dtype_are_numbers(dtype: str) -> None:
    frame = pd.DataFrame({"x": pd.Series([1, 2, 3], dtype=dtype)})
    assert make_table("UNIQUE", ["x"], NUMBERS).decide(frame).outputs == ["small", "big", "big"]


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "float64", "object"])
def test_missing_numbers_are_null_in_any_dtype(dtype: str) -> None:
    frame = pd.DataFrame({"x": pd.Series([1, None], dtype=dtype)})
    assert make_table("FIRST", ["x"], [(["null"], ["none"]), (["-"], ["some"])]).decide(frame).outputs == [
        "some",
        "none",
    ]


@pytest.mark.parametrize("dtype", ["object", "str", "category", "string"])
def test_texts_of_any_dtype_are_texts(dtype: str) -> None:
    frame = pd.DataFrame({"x": pd.Series(["a", "b", None], dtype=dtype)})
    table = make_table("UNIQUE", ["x"], [(['"a"'], [1]), (['not("a", null)'], [2])])
    assert table.decide(frame).outputs == [1, 2, None]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_of_any_resolution_are_dates_and_times(unit: Any) -> None:
    moments = pd.to_datetime(pd.Series(["2026-01-01 00:00", "2025-12-31 23:59", None]), format="ISO8601").dt.as_unit(
        unit
    )
    table = make_table("UNIQUE", ["x"], [(['>=date("2026-01-01")'], ["new"]), (['<date("2026-01-01")'], ["old"])])
    assert table.decide(pd.DataFrame({"x": moments})).outputs == ["new", "old", None]


def test_instants_compare_across_zones() -> None:
    moments = pd.Series(pd.to_datetime(["2026-01-01 08:00", "2026-01-01 07:59"])).dt.tz_localize("Asia/Shanghai")
    table = make_table("FIRST", ["x"], [(['>=date and time("2026-01-01T00:00:00Z")'], ["yes"]), (["-"], ["no"])])
    assert table.decide(pd.DataFrame({"x": moments})).outputs == ["yes", "no"]


def test_a_time_of_a_named_zone_has_its_standard_offset() -> None:
    rows = [(['time("10:30:00+01:00")'], ["yes"]), (["-"], ["no"])]
    assert decide("FIRST", rows, [dt.time(10, 30, tzinfo=ZoneInfo("Europe/Paris"))]).outputs == ["yes"]


def test_a_local_time_against_a_zoned_one_cannot_be_decided() -> None:
    [problem] = decide("FIRST", [(['>time("10:00:00Z")'], ["a"])], [dt.time(11)]).problems
    expected = (
        "type mismatch, cannot be decided: x should be a time of day with a time zone but is a time of day: "
        'time("11:00:00")'
    )
    assert problem == expected


def test_days_durations_come_as_timedeltas() -> None:
    table = make_table("FIRST", ["x"], [(['>duration("P1D")'], ["long"]), (["-"], ["short"])])
    assert table.decide(pd.DataFrame({"x": pd.to_timedelta(["25h", "24h"])})).outputs == ["long", "short"]
    assert decide("FIRST", [(['>duration("P1D")'], ["long"])], [dt.timedelta(days=2), "P2D"]).outputs == ["long"] * 2


def test_months_durations_come_in_every_shape_they_have() -> None:
    rows = [(['duration("P14M")'], ["yes"])]
    values = [MonthsDuration(14), np.timedelta64(14, "M"), pd.DateOffset(years=1, months=2), "P1Y2M"]
    assert decide("UNIQUE", rows, values).outputs == ["yes"] * 4


def test_durations_of_both_kinds_may_be_typed_as_text() -> None:
    rows = [(['duration("P1M")'], ["month"]), (['duration("P1D")'], ["day"])]
    assert decide("UNIQUE", rows, ["P1M", "PT24H", "soon"]).outputs == ["month", "day", None]


def test_long_whole_numbers_keep_every_digit() -> None:
    serial = 123456789012345678
    assert decide("UNIQUE", [([str(serial)], ["yes"])], [serial, serial + 1, 0]).outputs == ["yes", None, None]
