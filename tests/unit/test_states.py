"""What was written last, as a frame: every value comes back, newer states replace older ones, differences are found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
from hypothesis import strategies as st
from tried import tried

from qtemplate.fields import Field
from qtemplate.journal.encoding import DATED, KEYS, encode, write_state
from qtemplate.journal.states import AT_ONCE, differing_rows, read_states, renew_states
from qtemplate.register import is_missing

State = dict[str, Any]

MOMENTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2199, 12, 31)).map(lambda at: at.replace(microsecond=0))
OTHERS = st.none() | st.sampled_from(["a", "“超时”\n\\,]", "2026-07-01"]) | st.integers(0, 9) | st.floats(0, 9)
STATES = st.dictionaries(
    st.sampled_from([f"QF-2026-{number:04}" for number in range(1, 12)]),
    st.fixed_dictionaries({}, optional={key: MOMENTS if key in DATED else OTHERS for key in KEYS}),
    max_size=8,
)
IDS = st.lists(st.none() | st.sampled_from([f"QF-2026-{number:04}" for number in range(1, 12)]), max_size=6)


def lines(states: dict[str, State]) -> list[tuple[str, str]]:
    return [(id, write_state({key: encode(value) for key, value in state.items()})) for id, state in states.items()]


def cells(frame: pd.DataFrame) -> dict[str, State]:
    """What is filled, as Python values with their types."""
    return {
        str(id): {
            key: value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
            for key, value in zip(frame.columns, values, strict=True)
            if not is_missing(value)
        }
        for id, *values in frame.astype(object).itertuples()
    }


def filled(states: dict[str, State]) -> dict[str, State]:
    return {id: {k: v for k, v in state.items() if v is not None} for id, state in states.items()}


@tried(STATES, few=30, many=2_000)
def test_every_state_comes_back_as_it_was_encoded(states: dict[str, State]) -> None:
    frame = read_states(lines(states))
    assert cells(frame) == filled(states)
    assert list(frame.columns) == list(KEYS)
    assert {key for key in KEYS if frame[key].dtype == "datetime64[s]"} == DATED.intersection(KEYS)
    assert {key for key in KEYS if frame[key].dtype == object} == set(KEYS) - DATED


def test_more_states_than_are_decoded_at_once_stay_in_their_order() -> None:
    states: dict[str, State] = {f"QF-2026-{n:04}": {"status": f"s{n % 3}"} for n in range(2 * AT_ONCE + 1, 0, -1)}
    frame = read_states(iter(lines(states)))
    assert list(frame.index) == list(states)
    assert cells(frame) == states


@tried(STATES, STATES, few=30, many=2_000)
def test_newer_states_take_the_place_of_older_ones(older: dict[str, State], newer: dict[str, State]) -> None:
    before = read_states(lines(older))
    kept = before.copy()
    renewed = renew_states(before, read_states(lines(newer)))
    assert cells(renewed) == filled(older | newer)
    assert list(renewed.dtypes) == list(before.dtypes)
    pd.testing.assert_frame_equal(before, kept)


def test_the_index_stays_the_same_when_no_id_is_new() -> None:
    before = read_states(lines({"QF-2026-0001": {"status": "a"}, "QF-2026-0002": {"status": "b"}}))
    renewed = renew_states(before, read_states(lines({"QF-2026-0001": {"status": "c"}})))
    assert renewed.index.is_(before.index)
    assert list(renewed["status"]) == ["c", "b"]


@tried(STATES, STATES, IDS, few=30, many=2_000)
def test_rows_differ_where_something_else_stands_than_was_written(
    written: dict[str, State], others: dict[str, State], ids: list[str | None]
) -> None:
    # every other row holds what was written, the rest what another state says
    states = [(written if at % 2 else others).get(id or "", {}) for at, id in enumerate(ids)]
    frame = pd.DataFrame(
        {
            key: pd.Series([state.get(key) for state in states], dtype="datetime64[s]" if key in DATED else object)
            for key in KEYS
        }
    )
    frame[Field.ID] = pd.Series(ids, dtype=object)
    expected = [
        id
        for id, state in zip(ids, states, strict=True)
        if id in written
        and any(value != (id if key == Field.ID else state.get(key)) for key, value in filled(written)[id].items())
    ]
    assert differing_rows(frame, read_states(lines(written))) == expected


def test_what_a_person_typed_where_nothing_was_written_is_no_difference() -> None:
    written = read_states(lines({"QF-2026-0001": {"status": "closed"}}))
    row = {str(Field.ID): "QF-2026-0001", "status": "closed", "level": "major"}
    frame = pd.DataFrame({key: pd.Series([row.get(key)], dtype=object) for key in KEYS})
    assert differing_rows(frame, written) == []
