"""Executing a plan: journal, workbook, forms, outbox, delivery, in that order, one outcome an action.

Every step is safe to repeat: the patch is written ahead in the journal and settled after a crash, forms have
deterministic names, mails have unique keys. This room decides nothing about feedback.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..mailer.deliver import Delivery, StillWanted, Wait, deliver
from ..mailer.transports.transport import open_transport
from ..mailer.words.templates import Rendered
from ..ooxml.reading.book import Book
from ..plan import Finding, Outcome, Plan
from ..register import Register
from ..sheets.writing.refused_cells import CellKey, LeftOut, rows_without_id
from .outgoing import make_forms, queue_mail
from .settle import settle
from .workbook import PROGRAM_SHEETS, write_workbook
from .workspace import Log, Workspace

__all__ = ["PROGRAM_SHEETS", "Applied", "Workspace", "apply_plan", "settle"]


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a plan: outcomes in order, findings that arose, deliveries, the register's digest now.

    `refused` are the cells that were left out, those known before included.
    """

    outcomes: tuple[Outcome, ...] = ()
    findings: tuple[Finding, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    sha256: str = ""
    deferred: bool = False
    refused: LeftOut = field(default_factory=dict)


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
    refused: Mapping[CellKey, Finding] | None = None,
    still_wanted: StillWanted = lambda entry: None,
    wait: Wait | None = None,
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
        refused: Cells that an earlier round could not write; the plan is without them.
        still_wanted: Asked before each mail goes.
        wait: Waits where a server's rate limit asks for it; None = the rest goes in the next run.

    Raises:
        RegisterChanged: The register's bytes changed since `book` was read; nothing was written; read and plan again.
    """
    log = Log()
    left_out = dict(refused or {})
    sha256, blocked = write_workbook(workspace, book, register, plan, sheets, run, now, log, left_out)
    unwritten = {edit.id for edit in plan.edits} if blocked else rows_without_id(left_out)
    files = make_forms(workspace, plan, unwritten, now, log)
    queue_mail(workspace, plan, rendered, files, unwritten, now, log)
    deliveries: list[Delivery] = []
    if send:
        deliveries = deliver(
            workspace.outbox,
            open_transport(workspace.config),
            workspace.config.mail,
            now,
            still_wanted=still_wanted,
            wait=wait,
            language=register.language,
        )
    return Applied(tuple(log.outcomes), tuple(log.findings), tuple(deliveries), sha256, blocked, left_out)
