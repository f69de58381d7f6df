"""Answers that a register keeps while a run goes on are those that asking anew would give."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from msgspec.structs import replace
from tried import tried
from where import ROOT

from qtemplate.fields import PROGRAM_FIELDS, Field
from qtemplate.jobs.demo import SAMPLE_MOMENT
from qtemplate.plan import CellEdit, Memory, Phrase
from qtemplate.register import Register
from qtemplate.rules import make_plan
from qtemplate.rules.clocks.facts import ASKED
from qtemplate.rules.clocks.times import clock_times
from qtemplate.rules.rulebook import RuleBook
from qtemplate.rules.situation import NOTHING, Situation
from qtemplate.rules.standing import equals, has, same_cells
from qtemplate.sheets import open_book, read_register, read_rulebook

SAMPLE = ROOT / "samples" / "register.zh.xlsx"
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


def anew(situation: Situation) -> Situation:
    """The same situation that remembers no answer."""
    return replace(situation, answers=NOTHING)


def answers(situation: Situation) -> list[list[bool]]:
    return [
        *(has(situation, field).tolist() for field in VALUES),
        equals(situation, Field.LEVEL, "urgent").tolist(),
        equals(situation, Field.OWNER, "王磊", "陈晨").tolist(),
        same_cells(situation, Field.VERIFIER, Field.OWNER).tolist(),
    ]


def changed_by(situation: Situation, changes: dict[str, dict[int, Any]]) -> Situation:
    """The situation with other values in some cells: key -> {row: value}."""
    because = Phrase("because.rules")
    edits = [
        CellEdit(row, None, key, None, value, because) for key, new in changes.items() for row, value in new.items()
    ]
    return situation.with_edits(edits)


@tried(CHANGES, few=15, many=1_000)
def test_answers_row_by_row_follow_every_change(changes: list[tuple[Field, dict[int, Any]]]) -> None:
    rows = pd.Index(range(4, 24), name="row")
    frame = pd.DataFrame({field: np.full(len(rows), None, dtype=object) for field in VALUES}, index=rows)
    register = Register(
        frame, "反馈登记", "tblFeedback", "zh", 3, {field: at for at, field in enumerate(VALUES, 1)}, ""
    )
    situation = Situation(register, RuleBook(), Memory(), SAMPLE_MOMENT)
    answers(situation)
    for field, values in changes:
        situation = changed_by(situation, {field: values})
        assert answers(situation) == answers(anew(situation))


@cache
def sample() -> tuple[Situation, Situation]:
    """The sample as it was read; and as its first plan leaves it, with the memory after that plan."""
    book = open_book(SAMPLE)
    rulebook = read_rulebook(book)
    read = Situation(read_register(book, lists=rulebook.lists), rulebook, Memory(), SAMPLE_MOMENT)
    _, after = make_plan(read)
    written = after.frame.set_index(Field.ID, drop=False)[list(PROGRAM_FIELDS)]
    return read, replace(after, memory=Memory(written=written, fresh=False))


@tried(st.integers(0, 2**32), st.integers(1, 300), few=6, many=200)
def test_a_later_plan_is_the_one_over_a_register_read_anew(seed: int, cells: int) -> None:
    _, after = sample()
    register = after.register
    rng = random.Random(seed)
    fields = [field for field in Field if field is not Field.ID and field in register.columns]
    changes: dict[str, dict[int, Any]] = {}
    for _ in range(cells):
        field, row = rng.choice(fields), int(rng.choice(register.frame.index))
        taken = register.value(int(rng.choice(register.frame.index)), field)  # what stands in another row
        changes.setdefault(field, {})[row] = rng.choice([None, taken])
    changed = changed_by(after, changes)
    kept, left = make_plan(changed)
    fresh, left_anew = make_plan(anew(changed))
    assert kept == fresh
    pd.testing.assert_frame_equal(left.frame, left_anew.frame)


def test_the_clocks_look_at_no_column_that_they_do_not_name() -> None:
    read, after = sample()
    whole = replace(read, memory=after.memory)
    named = replace(whole, register=replace(read.register, frame=read.frame[list(ASKED)]))
    some, all_of_it = clock_times(named), clock_times(whole)
    assert some is not None and all_of_it is not None
    assert some.state.tolist() == all_of_it.state.tolist()
