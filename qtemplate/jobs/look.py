"""The check: one look at the register, and what is to be said of it. Nothing is written, sent or kept.

Whoever looks waits: this module loads nothing that only a run which writes needs, and neither may what it imports.
What a look needs now and then is imported where that is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..config import Config
from ..errors import Interrupted
from ..plan import Finding, Phrase
from ..plan.progress import Progress, silent
from ..report.run_report import RunReport
from .incoming.arriving import take_in
from .incoming.set_aside import problems_in
from .moment import local_now
from .round import Errand, assemble_round, templates_of
from .stopwatch import Stopwatch
from .workspace import imagining
from .world import read_world

if TYPE_CHECKING:
    from ..apply import Workspace
    from .incoming.mail_files import MailedForm


@contextmanager
def untouched() -> Iterator[None]:
    """For what only looks: a person who stops it is told that nothing was changed."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(Phrase("stopped.nothing")) from None


def check(config: Config, moment: dt.datetime | None = None, *, progress: Progress = silent) -> RunReport:
    """Findings only; changes nothing."""
    now, watch = local_now(config, moment), Stopwatch()
    with untouched(), imagining(config) as workspace:
        progress("read")
        with watch.phase("read"):
            world = read_world(config)
        delivered = take_in(workspace, now, looking=True)
        problems = problems_in(config.workspace / "intake" / "problem")
        came_in = (
            *problems,
            *delivered.delivered.findings,
            *_forms(workspace, now, delivered.delivered.forms),
        )
        errand = Errand(
            workspace, "plan", now, nightly=False, send=False, watch=watch, progress=progress, came_in=came_in
        )
        made = assemble_round(errand, world, templates_of(config, world.register.own_headers), 0, {})
    findings = (*made.plan.findings, *made.problems)
    return RunReport(errand.name, now, world.register, findings, seconds=watch.seconds)


def _forms(workspace: Workspace, now: dt.datetime, mailed: Sequence[MailedForm]) -> tuple[Finding, ...]:
    """What is said of forms that came back; most looks find none, and load nothing that reads them."""
    config = workspace.config
    folders = (config.workspace / "forms" / name for name in ("in", "problem"))
    if not mailed and not any(folder.is_dir() and any(folder.iterdir()) for folder in folders):
        return ()
    from .form_inbox import awaited_findings

    return awaited_findings(workspace, config, now, mailed)
