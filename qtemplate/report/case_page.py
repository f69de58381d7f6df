"""One case as a page: everything the record holds about a feedback, in the order in which it happened. Makes HTML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct, field

from ..plan import Phrase
from ..resources import templates_root
from ..texts import say

PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp")
"""Endings of files that a browser shows."""


class Event(Struct, frozen=True):
    """Something that happened: when (naive, in the register's zone), of which kind, and what."""

    at: dt.datetime
    kind: str
    text: str


class CaseMail(Struct, frozen=True):
    """A mail about the case; `file` is "" where its text is kept no longer."""

    at: str
    kind: str
    state: str
    to: str
    subject: str
    file: str = ""


class CaseFile(Struct, frozen=True):
    """A form or a file of the case; `file` is "" where it was not found under its name."""

    name: str
    file: str = ""

    @property
    def is_picture(self) -> bool:
        return self.file.lower().endswith(PICTURES)


class Table(Struct, frozen=True):
    """A titled table of texts; empty cells are ""."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class CasePage(Struct, frozen=True):
    """What the page of one case shows.

    Attributes:
        id, title, status, register: Of the feedback; where it stands.
        language: Of the page.
        made: When, as people read it.
        groups: Stages with their filled cells: `{"title", "rows": [{"label", "value"}]}`.
        events: Oldest first.
        logs: The rows of the log sheets about it.
        changes: What the program wrote into its row, oldest first.
        seal: A sentence on whether its history is whole.
    """

    id: str
    title: str
    status: str
    register: str
    language: str
    made: str
    groups: Sequence[dict[str, Any]]
    events: Sequence[Event]
    changes: Table
    logs: Sequence[Table] = ()
    mails: Sequence[CaseMail] = ()
    forms: Sequence[CaseFile] = ()
    files: Sequence[CaseFile] = field(default_factory=tuple)
    seal: str = ""


def case_html(page: CasePage) -> str:
    """The page as HTML that needs nothing else and fetches nothing; pictures lie beside it."""
    environment = Environment(
        loader=FileSystemLoader(templates_root() / "record"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = lambda at: at.strftime("%Y-%m-%d" if at.time() == dt.time() else "%Y-%m-%d %H:%M")
    return environment.get_template("case.html.j2").render(
        page=page, word=lambda name: say(Phrase(f"pack.{name}"), page.language)
    )
