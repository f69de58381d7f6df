"""Answers that a register keeps while a run goes on are those that asking anew would give."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from qtemplate.fields import PROGRAM_FIELDS, Field
from qtemplate.jobs.demo import SAMPLE_MOMENT
from qtemplate.plan import Memory
from qtemplate.register import Derived, Register
from qtemplate.rules import make_plan
from qtemplate.rules.clocks.facts import ASKED
from qtemplate.rules.clocks.times import clock_times
from qtemplate.rules.rulebook import RuleBook
from qtemplate.rules.standing import equals, has, same_cells
from qtemplate.sheets import open_book, read_register, read_rulebook

SAMPLE = Path(__file__).parents[2] / "samples" / "register.zh.xlsx"
VALUES: dict[Field, tuple[Any, ...]] = {
    Field.OWNER: (None, "王磊", "陈晨"),
    Field.VERIFIER: (None, "王磊", "陈晨"),
    Field.LEVEL: (None, "urgent", "minor"),
}
CHANGES = st.lists(
    st.sampled_from(list(VALUES)).flatmap(
        lambda field: st.tuples(
            st.just(field), st.dictionaries(st.integers(4, 23), st.sampled_from(VALUES[field]), max_size=4)
        )
    ),
    max_size=6,
)


def anew(register: Register) -> Register:
    """The same register that remembers no answer."""
    return replace(register, derived=Derived(register.frame))


def answers(register: Register) -> list[list[bool]]:
    return [
        *(has(register, field).tolist() for field in VALUES),
        equals(register, Field.LEVEL, "urgent").tolist(),
        equals(register, Field.OWNER, "王磊", "陈晨").tolist(),
        same_cells(register, Field.VERIFIER, Field.OWNER).tolist(),
    ]


@given(CHANGES)
def test_answers_row_by_row_follow_every_change(changes: list[tuple[Field, dict[int, Any]]]) -> None:
    rows = pd.Index(range(4, 24), name="row")
    frame = pd.DataFrame({field: np.full(len(rows), None, dtype=object) for field in VALUES}, index=rows)
    register = Register(
        frame, "反馈登记", "tblFeedback", "zh", 3, {field: at for at, field in enumerate(VALUES, 1)}, ""
    )
    answers(register)
    for field, values in changes:
        register = register.with_values({field: values})
        assert answers(register) == answers(anew(register))


@cache
def sample() -> tuple[Register, RuleBook, Memory, Register]:
    """The sample's register, its rules, the memory after a first plan, and the register as that plan leaves it."""
    book = open_book(SAMPLE)
    rulebook = read_rulebook(book)
    register = read_register(book, lists=rulebook.lists)
    _, after = make_plan(register, rulebook, Memory(), SAMPLE_MOMENT)
    written = after.frame.set_index(Field.ID, drop=False)[list(PROGRAM_FIELDS)]
    return register, rulebook, Memory(written=written, fresh=False), after


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 300))
def test_a_later_plan_is_the_one_over_a_register_read_anew(seed: int, cells: int) -> None:
    _, rulebook, memory, after = sample()
    rng = random.Random(seed)
    fields = [field for field in Field if field is not Field.ID and field in after.columns]
    changes: dict[str, dict[int, Any]] = {}
    for _ in range(cells):
        field, row = rng.choice(fields), int(rng.choice(after.frame.index))
        taken = after.value(int(rng.choice(after.frame.index)), field)  # what stands in another row
        changes.setdefault(field, {})[row] = rng.choice([None, taken])
    changed = after.with_values(changes)
    kept, left = make_plan(changed, rulebook, memory, SAMPLE_MOMENT)
    fresh, left_anew = make_plan(anew(changed), rulebook, memory, SAMPLE_MOMENT)
    assert kept == fresh
    pd.testing.assert_frame_equal(left.frame, left_anew.frame)


def test_the_clocks_look_at_no_column_that_they_do_not_name() -> None:
    register, rulebook, memory, _ = sample()
    named = replace(register, frame=register.frame[list(ASKED)])
    some, whole = (clock_times(each, rulebook, SAMPLE_MOMENT, memory) for each in (named, register))
    assert some is not None and whole is not None
    assert some.state.tolist() == whole.state.tolist()
