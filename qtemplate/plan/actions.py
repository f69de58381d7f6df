"""The single things to be done: cells, rows, mails and forms; and what became of each. Data only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from .findings import Phrase
from .form_kinds import FormKind
from .keys import FormKey, MessageKey
from .mail_kinds import MailKind


class CellEdit(Struct, frozen=True):
    """One register cell to be written. `before`, `after` are frame values (codes, not labels); None is empty.

    `row` is the worksheet row in the register that was read; `id` is None only for a row that gets its id in this plan.
    """

    row: int
    id: str | None
    field: str
    before: Any
    after: Any
    because: Phrase


REGISTER = "register"
"""Sheet key of a row that is appended to the register itself."""


class NewRow(Struct, frozen=True):
    """A row appended to a sheet that both people and the program write. `sheet` is a layout key such as `contacts`.

    A row of the register that is numbered already has a reason, which goes into the change log.
    """

    sheet: str
    id: str
    key: str
    values: Mapping[str, Any]
    because: Phrase | None = None


class SheetCell(Struct, frozen=True):
    """A cell of a sheet that both write (`sheet` is a layout key), for example the end of a pause.

    With `id`, the feedback that its row is about, it stands in the change log and `undo` takes it back.
    """

    sheet: str
    row: int
    column: str
    before: Any
    after: Any
    because: Phrase
    id: str = ""


class Recipient(Struct, frozen=True):
    """Who gets a mail. `insider` decides what may be rendered."""

    name: str
    mail: str
    insider: bool


class Appointment(Struct, frozen=True):
    """A meeting for the calendars of whoever is invited.

    Attributes:
        name: Never changes, so that calendars know it again.
        begins: Naive, the register's zone.
        minutes: How long it takes.
        sequence: Counted up with every change, from 0.
        cancelled: It does not take place, or not for these people.
    """

    name: str
    begins: dt.datetime
    minutes: int
    summary: str
    place: str = ""
    sequence: int = 0
    cancelled: bool = False


class Message(Struct, frozen=True):
    """A mail to be made: kind, who, about what; its words come from templates/mail, its key from *what*, never a row.

    Attributes:
        key: What it is about; nothing is sent twice under one key.
        kind: What sort of mail it is.
        id: Feedback id, or None for digests.
        facts: What the template may use, JSON-like; for outsiders only public fields.
        forms: Keys of `FormRequest`s to attach.
        pictures: What 附件 says: shrunk copies of the pictures that it names go with a mail to colleagues.
        approved: Whether it may leave without a person's approval in the outbox.
        urgent: Leaves at any hour.
        thread: Key of the first mail of the conversation, for In-Reply-To/References; None starts one.
        because: Why it is sent, for the plan and the log.
        appointment: Goes with it as a calendar entry.
    """

    key: MessageKey
    kind: MailKind
    id: str | None
    to: tuple[Recipient, ...]
    language: str
    facts: Mapping[str, Any]
    cc: tuple[Recipient, ...] = ()
    forms: tuple[str, ...] = ()
    pictures: str = ""
    approved: bool = True
    urgent: bool = False
    thread: MessageKey | None = None
    because: Phrase | None = None
    appointment: Appointment | None = None


class FormRequest(Struct, frozen=True):
    """A follow-up form to be made: its kind, the feedback, and the facts its cells show."""

    key: FormKey
    kind: FormKind
    id: str
    language: str
    facts: Mapping[str, Any]


class Result(StrEnum):
    DONE = "done"
    SKIPPED = "skipped"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Outcome(Struct, frozen=True):
    """What became of one action of a plan."""

    action: str  # "edit" | "row" | "form" | "message" | "sheet"
    key: str
    result: Result
    reason: Phrase | None = None
