"""A plan carried out in order: workbook, forms, outbox, delivery; one outcome an action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct, field

from ..mailer.deliver import Delivery, Opens, StillWanted, Wait, deliver
from ..mailer.outbox.entry import State
from ..mailer.words.rendered import Rendered
from ..ooxml.reading.book import Book
from ..plan import Finding, Message, Outcome, Plan, Remember
from ..plan.progress import Progress, silent
from ..register import Register
from ..rules.month.table import ManyMonths
from ..rules.views import View
from ..sheets.writing.left_out import LeftOut, rows_without_id
from .outgoing import make_forms, queue_mail, renew_mail
from .pages import keep_pages
from .workbook import write_workbook
from .workspace import Log, Workspace
from .written import PROGRAM_SHEETS, Changed, Order, Written


class Applied(Struct, frozen=True):
    """What became of a plan: outcomes in order, findings that arose, deliveries, the register's digest now.

    `refused` are the cells that were left out, those known before included; `stale` the keys of waiting mails that
    could not get the words of today and stay where they are.
    """

    outcomes: tuple[Outcome, ...] = ()
    findings: tuple[Finding, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    sha256: str = ""
    deferred: bool = False
    refused: LeftOut = field(default_factory=dict)
    stale: frozenset[str] = frozenset()

    @property
    def delivered(self) -> bool:
        """Whether a mail went."""
        return any(delivery.state in (State.SENT, State.PARTIAL) for delivery in self.deliveries)


def apply_plan(
    workspace: Workspace,
    book: Book,
    register: Register,
    plan: Plan,
    rendered: Mapping[str, Rendered],
    *,
    run: str,
    now: dt.datetime,
    send: bool,
    sheets: frozenset[str] = PROGRAM_SHEETS,
    months: ManyMonths | None = None,
    views: Mapping[str, View] | None = None,
    refused: LeftOut | None = None,
    still_wanted: StillWanted = lambda entry: None,
    opens: Opens = lambda entry, now: None,
    wait: Wait | None = None,
    anew: tuple[Message, ...] = (),
    not_yet: frozenset[str] = frozenset(),
    pages: tuple[Remember, ...] = (),
    exports: tuple[tuple[str, bytes], ...] = (),
    progress: Progress = silent,
) -> Applied:
    """Applies a plan.

    Args:
        workspace: Held by this run alone.
        book, register: What the plan was made from.
        plan: What to do.
        rendered: Message key -> its words.
        run: The run's id.
        now: The moment of the run; aware, in the register's zone.
        send: Whether to deliver; else mails are only queued.
        sheets: Which of the program's own sheets are compared and renewed.
        months: What 统计 shows, if that is one of them.
        views: What the views show, if they are among them.
        refused: Cells that an earlier round could not write; the plan is without them.
        still_wanted: Asked before each mail goes.
        opens: Asked when the recipients of a mail may be written to.
        wait: Waits where a server's rate limit asks for it; None = the rest goes in the next run.
        anew: Mails that wait in the outbox and get the words of today, which are in `rendered` too.
        not_yet: Keys of mails that must not go now.
        pages: What is to be remembered of links to pages.
        exports: Name and bytes of what pages need that belong to no feedback.
        progress: Told what is being done.

    Raises:
        RegisterChanged: The register's bytes changed since `book` was read; nothing was written; read and plan again.
    """
    order = Order(book, register, plan, run, now, known=refused or {}, sheets=sheets, months=months, views=views)
    result = write_workbook(workspace, order)
    if isinstance(result, Changed):
        raise result.problem
    written = result if isinstance(result, Written) else None
    left_out = written.left_out if written else refused or {}
    unwritten = rows_without_id(left_out) if written else {edit.id for edit in plan.edits}
    log = Log([*result.outcomes], [*result.findings])
    files = make_forms(workspace, plan, unwritten, now, log, progress)
    queue_mail(workspace, plan, rendered, files, unwritten, now, log, progress)
    stale = renew_mail(workspace, anew, rendered, now, log)
    keep_pages(workspace, pages, exports, log)
    deliveries: list[Delivery] = []
    if send:
        deliveries = deliver(
            workspace.outbox,
            workspace.ends.open_transport(),
            workspace.config.mail,
            now,
            still_wanted=still_wanted,
            opens=opens,
            not_yet=not_yet | stale,
            wait=wait,
            language=register.language,
            progress=progress,
        )
    sha256 = written.sha256 if written else book.sha256
    outcomes, findings, went = tuple(log.outcomes), tuple(log.findings), tuple(deliveries)
    return Applied(outcomes, findings, went, sha256, written is None, left_out, stale)
