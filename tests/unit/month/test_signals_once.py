"""A signal is told once: after a restart, after late entries, while a run goes on, after a phase was declared."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from figure_rows import case, make_rows
from registers import memory_of, register_of, standard_rules

from qtemplate.figures.month import Month, make_month
from qtemplate.figures.monthly_charts import Context
from qtemplate.rules.month.once import remembered, signals_to_tell
from qtemplate.rules.situation import Situation

CALM = [5, 4, 6, 5, 5, 4]
RUN = [2, 3, *[7] * 9]
"""From January on; the last nine months, from March on, lie above the mean."""


def month_of(counts: list[int], *phases: dt.date) -> Month:
    """The last of these months of 2026, so many received in each, looked at on the first of the next one."""
    cases = [
        case(f"{month}/{at}", f"{month:02}-03T09:00") for month, count in enumerate(counts, 1) for at in range(count)
    ]
    now = dt.datetime(2026 + len(counts) // 12, len(counts) % 12 + 1, 1, 6)
    return make_month(make_rows(*cases), dt.date(2026, len(counts), 1), now, Context({}, {"": phases}))


class Lead:
    """A quality lead who is told, month after month; `gone` is whether the mail of the month went before."""

    def __init__(self) -> None:
        self.facts: dict[tuple[str, str], Any] = {}

    def told(self, month: Month, *, gone: bool = False) -> list[tuple[str, str]]:
        seen = Situation(register_of(), standard_rules(), memory_of({}, facts=self.facts), month.now)
        signals = signals_to_tell(seen, month)
        if not gone and signals:
            for fact in remembered(seen, month, signals).facts:
                self.facts[fact.id, str(fact.name)] = json.loads(json.dumps(fact.value))  # as the journal keeps it
        return [(str(signal.rule), f"{signal.month.start:%m}") for _, signal in signals]


def test_a_rerun_and_a_restart_ask_for_the_same_mail_and_the_next_month_for_none() -> None:
    lead = Lead()
    assert lead.told(month_of([*CALM, 20])) == [("beyond", "07")]
    before = dict(lead.facts)
    assert lead.told(month_of([*CALM, 20])) == [("beyond", "07")]  # the same mail under the same key
    assert lead.facts == before
    assert lead.told(month_of([*CALM, 20, 5])) == []


def test_what_shows_after_the_mail_has_gone_is_told_with_the_next_one_and_then_no_more() -> None:
    lead = Lead()
    assert lead.told(month_of([*CALM, 18])) == [("beyond", "07")]
    late = [*CALM, 18, 5]
    assert lead.told(month_of(late)) == []
    late[7] = 19  # entered after August was told
    assert lead.told(month_of(late), gone=True) == [("beyond", "08")]
    assert lead.told(month_of([*late, 5])) == [("beyond", "08")]
    assert lead.told(month_of([*late, 5, 5])) == []


def test_a_run_is_told_once_though_it_goes_on_and_its_beginning_moves() -> None:
    for december in ([2, 3, *[7] * 10], [2, 7, *[7] * 10], [2, 3, 2, *[7] * 9]):  # as it was; begun before; begun later
        lead = Lead()
        assert lead.told(month_of(RUN)) == [("run", "11")]
        assert lead.facts["", "signals"] == [["received", "run", True, "2026-03", "2026-11", "2026-11"]]
        assert lead.told(month_of(december)) == []


def test_a_declared_phase_tells_nothing_of_the_old_state_again() -> None:
    lead = Lead()
    assert lead.told(month_of([*CALM, 20])) == [("beyond", "07")]
    assert lead.told(month_of([*CALM, 20, 21], dt.date(2026, 7, 1))) == []
    assert lead.told(month_of([*CALM, 20, 21, 0], dt.date(2026, 7, 1))) == [("beyond", "09")]


def test_a_workspace_that_remembers_nothing_yet_is_not_told_of_old_months() -> None:
    lead = Lead()
    assert lead.told(month_of([5, 4, 20, 5, 5, 4, 20])) == [("beyond", "07")]
    assert [each[4:] for each in lead.facts["", "signals"]] == [["2026-03", ""], ["2026-07", "2026-07"]]
    assert lead.told(month_of([5, 4, 20, 5, 5, 4, 20, 5])) == []
