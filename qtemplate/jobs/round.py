"""A round: one look at the register, and what is to be done about it. `run` carries it out, `plan` imagines that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from ..apply import Workspace
from ..apply.written import PROGRAM_SHEETS
from ..fields import Field
from ..plan import Finding, Message, Plan, Remember
from ..plan.progress import Progress, silent
from ..rules import make_plan
from ..rules.around.confirmed import confirmed_rows
from ..rules.around.gone import gone_rows
from ..rules.around.levels import level_rows
from ..rules.around.log_rows import log_rows
from ..rules.around.typed_on_views import typed_on_views
from ..sheets.writing.left_out import LeftOut, without_cells
from .mail.judging import judge
from .mail.links import pages_of, with_links
from .mail.waiting import waiting_mails
from .web.export import Exports, exports_of
from .world import World, recall

if TYPE_CHECKING:
    from ..config import Config
    from ..mailer.words.rendered import Rendered
    from ..mailer.words.templates import MailTemplates
    from ..register import Register
    from ..rules.situation import Situation
    from .stopwatch import Stopwatch

Templates: TypeAlias = "Callable[[], MailTemplates]"
"""What puts mails into words, made once, with the first one: most looks have nothing to say."""

ROUNDS = 3
"""What delivery changes is planned and applied in the same run, this often at the most."""


class Errand(Struct, frozen=True):
    """What was asked for.

    Attributes:
        workspace: Held by this run alone, or imagined.
        name: The run's id.
        now: Its moment; aware, in the register's zone.
        nightly: Whether digests and the nightly result are made.
        send: Whether mail is delivered, or only queued.
        watch: Counts the seconds.
        progress: Told what is being done.
        took_register: Told that the register could be read, before anything is done about it.
        came_in: What is said of what came in, such as forms that were not taken.
    """

    workspace: Workspace
    name: str
    now: dt.datetime
    nightly: bool
    send: bool
    watch: Stopwatch
    progress: Progress = silent
    took_register: Callable[[Register], None] = lambda register: None
    came_in: tuple[Finding, ...] = ()

    @property
    def moment(self) -> dt.datetime:
        """The moment as the rules have it: naive."""
        return self.now.replace(tzinfo=None)


class Round(Struct, frozen=True):
    """One look and what is to be done about it.

    Attributes:
        world: The workbook as it was read.
        plan: What is to be done.
        after: The situation with the plan in force.
        rendered: Message key -> its words.
        problems: What is said of messages that have no words.
        anew: Waiting mails that get the words of today.
        taken_back: Key of a waiting mail -> why it must not go as it is.
        not_yet: Keys of nightly results that must not go before they are made anew.
        sheets: Which of the program's own sheets are compared and renewed.
        refused: Cells and log sheets that the workbook did not take; the plan is without them.
        pages: What is to be remembered of links to pages.
        exports: What pages need that belong to no feedback.
    """

    world: World
    plan: Plan
    after: Situation
    rendered: Mapping[str, Rendered] = field(default_factory=dict)
    problems: tuple[Finding, ...] = ()
    anew: tuple[Message, ...] = ()
    taken_back: Mapping[str, str] = field(default_factory=dict)
    not_yet: frozenset[str] = frozenset()
    sheets: frozenset[str] = PROGRAM_SHEETS
    refused: LeftOut = field(default_factory=dict)
    pages: tuple[Remember, ...] = ()
    exports: Exports = ()


def templates_of(config: Config, own_headers: Collection[str] = ()) -> Templates:
    """The templates of a workspace, for as long as a command takes; see `workspace_templates`."""

    @cache
    def made() -> MailTemplates:
        from ..mailer.compose import workspace_templates

        return workspace_templates(config, own_headers)

    return made


def assemble_round(
    errand: Errand, world: World, templates: Templates, done: int, refused: LeftOut, *, logged: bool = False
) -> Round:
    """What is to be done about what was read.

    Args:
        errand: What was asked for.
        world: What was read.
        templates: What puts the mails into words, made when there is one to be said.
        done: Rounds that this run has behind it; after the last one nothing is done any more.
        refused: What the workbook did not take in them.
        logged: The round before wrote rows of logs, which count from now on.
    """
    workspace = errand.workspace
    with errand.watch.phase("memory"):
        waiting = waiting_mails(workspace.outbox)
        digests = errand.nightly or waiting.has_digest
        memory = recall(workspace, world.register, waiting.unmade, digests=digests)
    errand.progress("rules")
    with errand.watch.phase("rules"):
        plan, after = make_plan(world.situation(memory, errand.moment))
        if errand.nightly or waiting.has_month:
            from .month.telling import tell_month  # the figures, which a look between two nights does without

            plan += tell_month(workspace, after, waiting.daily, due=errand.nightly)
        judged = judge(workspace, world, waiting, plan, after, now=errand.now, nightly=errand.nightly)
    plan = judged.plan + gone_rows(after) + log_rows(after) + confirmed_rows(after) + Plan(errand.came_in)
    plan += level_rows(after, {edit.row for edit in plan.edits if edit.field == Field.LEVEL})
    plan += typed_on_views(after)
    if done >= ROUNDS:
        plan, judged = Plan(plan.findings), replace(judged, anew=(), taken_back={})
    if refused:
        plan = replace(without_cells(plan, refused), findings=(*plan.findings, *dict.fromkeys(refused.values())))
    # change log, figures and views were written with the last edits; only a first look may find them lost
    sheets = PROGRAM_SHEETS if done == 0 or plan.edits else PROGRAM_SHEETS - {"changes", "figures", "views"}
    if logged:
        sheets |= {"figures", "views"}
    made = Round(
        world,
        plan,
        after,
        anew=judged.anew,
        taken_back=judged.taken_back,
        not_yet=judged.not_yet,
        sheets=sheets,
        refused=refused,
        pages=pages_of(workspace, after, (*plan.messages, *judged.anew), errand.now),
        exports=exports_of(workspace.config, world.rulebook),
    )
    return in_words(errand, made, templates)


def in_words(errand: Errand, made: Round, templates: Templates) -> Round:
    """The round with its messages in words."""
    messages = (*made.plan.messages, *made.anew)
    if not messages:
        return made
    from .mail.wording import render_all

    with errand.watch.phase("render"):
        linked = with_links(errand.workspace, messages, made.after, made.pages)
        rendered, problems = render_all(linked, templates(), errand.workspace.config, errand.now, errand.progress)
    return replace(made, rendered=rendered, problems=tuple(problems))
