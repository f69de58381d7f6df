"""What the journal forgets when a run is taken back: a restored cell is nobody's but the person's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from registers import ASSESSED, NOW, register_of, standard_rules

from qtemplate.fields import Field
from qtemplate.journal import Journal, open_state
from qtemplate.plan import CellEdit, Phrase
from qtemplate.rules.propose import was_ours
from qtemplate.rules.situation import Situation

ID = "QF-2026-0001"


@pytest.fixture
def journal() -> Iterator[Journal]:
    with closing(open_state(None)) as database:
        yield Journal(database)


def write(journal: Journal, run: str, before: str | None, after: str | None, because: Phrase) -> None:
    journal.write_ahead(run, NOW, f"before {run}", [CellEdit(4, ID, "level", before, after, because)], ())
    journal.about_to_replace(f"after {run}", NOW)
    pending = journal.pending()
    assert pending is not None
    journal.commit_pending(pending)


@pytest.mark.parametrize(("undone", "ours"), [(False, True), (True, False)])
def test_a_cell_taken_back_no_longer_counts_as_the_programs(journal: Journal, undone: bool, ours: bool) -> None:
    write(journal, "r1", None, "normal", Phrase("because.grading"))
    write(journal, "r2", "normal", "major", Phrase("because.grading"))
    write(
        journal, "r3", "major", "normal", Phrase.of("because.undo", run="r2") if undone else Phrase("because.grading")
    )
    register = register_of(ASSESSED | {"level": "normal"})
    memory = journal.memory(register)
    assert was_ours(Situation(register, standard_rules(), memory, NOW), Field.LEVEL).tolist() == [ours]
    assert [change.run for change in journal.changes(id=ID)] == ["r3", "r2", "r1"]


def test_only_the_last_write_counts_as_our_own(journal: Journal) -> None:
    write(journal, "r1", None, "normal", Phrase("because.grading"))
    write(journal, "r2", "normal", "major", Phrase("because.grading"))
    assert [journal.is_own_write(f"after {run}") for run in ("r1", "r2", "r3")] == [False, True, False]
    assert journal.changes(id=ID)[0].at == dt.datetime(2026, 7, 15, 17, 30)
