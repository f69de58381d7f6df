"""What a run looks at: the workbook as it was read, and the memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ..files.beside import look_beside
from ..mailer.outbox.entry import State
from ..ooxml.reading.book import Book
from ..ooxml.reading.properties import saved_by
from ..plan import Memory, Sent
from ..rules.situation import NOTHING, Situation
from ..sheets import open_book, read_register, read_rulebook
from ..sheets.rulebook.read import headers_beside, with_logs
from ..sheets.rulebook.rule_examples import failing_examples
from ..sheets.rulebook.rule_tables import table_grid
from ..sheets.unwritten import has_changes, unwritten_sheets, unwritten_views
from ..sheets.views.typed import typed_on_views
from .known_things import unknown_columns
from .owning.kept import kept_of

if TYPE_CHECKING:
    from ..apply import Workspace
    from ..config import Config
    from ..register import Register
    from ..rules.answers import Answers
    from ..rules.rulebook import RuleBook


class World(Struct, frozen=True):
    """The workbook as it was read; `answers` are those that an earlier round worked out and that still hold."""

    book: Book
    register: Register
    rulebook: RuleBook
    answers: Answers = NOTHING

    def situation(self, memory: Memory, now: dt.datetime) -> Situation:
        """What the rules look at; `now` is naive, in the register's zone."""
        return Situation(self.register, self.rulebook, memory, now, self.answers)


def read_world(config: Config, source: Path | bytes | Book | None = None) -> World:
    """Reads the register and the rule sheets, once.

    Args:
        config: The workspace.
        source: The register, where it is not read from its file; or the book that it was opened as.

    Raises:
        RegisterUnreadable: It cannot be read as a register.
    """
    book = source if isinstance(source, Book) else open_book(source or config.register.path)
    rulebook = read_rules(config, book, None)
    register = read_register(
        book,
        lists=rulebook.lists,
        own_types={rule.field: rule.type for rule in rulebook.dictionary},
        attachments_root=config.register.path.parent,
        id_prefix=config.register.id_prefix,
    )
    unwritten = (*unwritten_sheets(book, register.language), *unwritten_views(book, register.language))
    findings = (*register.findings, *unwritten, *look_beside(config.register.path))
    register = replace(register, path=str(config.register.path), findings=findings, logged=has_changes(book))
    register = replace(register, saved_by=saved_by(book), typed=typed_on_views(book))
    return World(book, register, rulebook)


def read_rules(config: Config, book: Book, own_headers: tuple[str, ...] | None) -> RuleBook:
    """The rule sheets: the register's own, or another workbook's; contacts and pauses are always the register's."""
    language = str(config.register.language)
    if config.register.rules is None:
        return with_examples(book, read_rulebook(book, language=language, own_headers=own_headers))
    # the columns that rules may ask for are the register's, wherever the rules stand
    own_headers = tuple(headers_beside(book)) if own_headers is None else own_headers
    other = open_book(config.register.rules)
    return with_examples(other, read_rulebook(other, language=language, own_headers=own_headers, register=book))


def with_examples(book: Book, rulebook: RuleBook) -> RuleBook:
    """The rule book with a finding for every example row that its tables contradict."""
    tables = (rulebook.grading, rulebook.assignment, rulebook.priority, rulebook.points, rulebook.checks)
    wrong = [item for table in tables if table for item in failing_examples(table, table_grid(book, table.sheet))]
    return replace(rulebook, findings=(*rulebook.findings, *wrong)) if wrong else rulebook


def read_again(config: Config, source: Path | bytes, before: World, after: Situation, expected: str) -> World:
    """The workbook after a round: what we wrote ourselves is known and not parsed again.

    Args:
        config: The workspace.
        source: The register.
        before: As it was read last.
        after: With the round's edits in force.
        expected: sha256 of the file as the round left it; when somebody saved it since, everything is read.
    """
    book = open_book(source)
    if book.sha256 != expected:
        return read_world(config, book)
    rulebook = with_logs(before.rulebook, book, language=str(config.register.language))
    return World(book, replace(after.register, sha256=expected), rulebook, after.answers)


def recall(workspace: Workspace, register: Register, waiting: Collection[str] = (), *, digests: bool) -> Memory:
    """What the journal and the outbox know, as the rules may see it; `waiting` mails are as if never made."""
    zone, mail = workspace.config.register.time_zone, workspace.config.mail
    # what went to a tester was not sent; while the test lasts it is not made again, after that it is as if never made
    sent = {
        key: Sent(
            state.value,
            None if at is None or state is State.DIVERTED else at.astimezone(zone).replace(tzinfo=None, microsecond=0),
        )
        for key, (state, at) in workspace.outbox.states().items()
        if key not in waiting and (state is not State.DIVERTED or mail.redirect_to)
    }
    since = mail.since
    if since is not None and since.tzinfo is not None:
        since = since.astimezone(zone).replace(tzinfo=None)
    return workspace.journal.memory(
        register,
        sent=sent,
        since=since,
        auto_approve=frozenset(mail.auto_approve),
        lead_approves=frozenset(mail.lead_approves),
        author_approves=mail.author_approves,
        digests=digests,
        unknown=unknown_columns(workspace.journal, register),
        answerable=bool(workspace.config.mailbox.host),
        **kept_of(workspace, register),
    )
