"""`intake`: what came in becomes rows and entries, without a whole run."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial

from ...config import Config
from ...plan import Plan, Result
from ...report.run_report import RunReport
from ..form_inbox import awaited_findings, collected_findings
from ..moment import local_now
from ..owning.kept import imagine_kept, take_register
from ..round import Errand, Round
from ..run import look
from ..status import NEEDS_PEOPLE, NOT_WRITTEN, needs_people
from ..stopwatch import Stopwatch
from ..tally import Tally, plan_report, run_report
from ..workspace import holding, imagining
from .arriving import CameIn, take_in
from .settling import settle_incoming


def intake(config: Config, moment: dt.datetime | None = None, *, dry_run: bool = False) -> RunReport:
    """Takes up what came in through every channel; the next run numbers, grades and answers.

    Args:
        config: The workspace.
        moment: The moment to replay; None = now.
        dry_run: Look only: nothing is stored, marked or moved.

    Raises:
        RegisterUnreadable, ConfigError: Set-up.
        RegisterLocked: A run is under way.
        GuardTripped: The register lost most of its rows.
    """
    now, watch = local_now(config, moment), Stopwatch()
    if dry_run:
        with imagining(config) as workspace:
            came_in = take_in(workspace, now, looking=True)
            forms = awaited_findings(workspace, config, now, came_in.delivered.forms, name=True)
            taking = partial(imagine_kept, workspace)
            errand = Errand(workspace, "plan", now, False, False, watch, took_register=taking, came_in=forms)
            tally = Tally(planned=True)
            return plan_report(errand, tally, work_in(errand, tally, came_in))
    name = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    with holding(config) as workspace:
        journal = workspace.journal
        journal.begin_run(name, "intake", now, dt.datetime.now(dt.UTC).isoformat())
        came_in, forms = take_in(workspace, now), collected_findings(workspace, config, now, name=True)
        taking = partial(take_register, workspace)
        errand = Errand(workspace, name, now, False, False, watch, took_register=taking, came_in=forms)
        tally = Tally()
        last = work_in(errand, tally, came_in)
        report = run_report(errand, tally, last)
        finish(errand, tally, last, report)
    return report


def finish(errand: Errand, tally: Tally, last: Round, report: RunReport) -> None:
    """Writes down that what came in was worked in, and how that ended."""
    summary = {
        "rows": len(last.after.frame),
        "exit": report.exit_code,
        NOT_WRITTEN: tally.outcomes[Result.DEFERRED] + tally.outcomes[Result.FAILED],
        NEEDS_PEOPLE: needs_people(report.findings),
    }
    errand.workspace.journal.end_run(errand.name, dt.datetime.now(dt.UTC).isoformat(), summary)


def work_in(errand: Errand, tally: Tally, came_in: CameIn) -> Round:
    """What came in, worked in; the register as it is then."""
    world, said = settle_incoming(errand, came_in, tally, look(errand), look, looking=tally.planned)
    situation = world.situation(errand.workspace.journal.memory(world.register), errand.moment)
    return Round(world, Plan((*said, *errand.came_in)), situation)
