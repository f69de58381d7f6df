"""From a planned message to a finished outbox entry: words, addresses, thread, attachments, bytes.

It knows templates, message bytes and the mail configuration, but no workbooks, and it decides no moments.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from pathlib import Path

from msgspec.structs import replace

from ..config import Config
from ..plan import Appointment, Message, Phrase, Recipient
from ..plan.mail_kinds import MailKind
from ..plan.message_ids import make_message_id
from ..resources import templates_root
from ..texts import say
from .addresses import Address, MessageRefused, parse_address
from .allowed import redirect
from .calendar_entry import Meeting, write_meeting
from .message import Attachment, Draft
from .outbox.entry import URGENT, OutboxEntry
from .outbox.making import make_entry
from .pictures import shrunk_pictures
from .words.kinds import contract_of
from .words.lint import find_faulty
from .words.problems import TemplateProblem
from .words.rendered import Rendered
from .words.templates import MailTemplates

CANCELS = "text/calendar; charset=utf-8; method=CANCEL"

ASSURED = frozenset({MailKind.NIGHTLY, MailKind.FAILURE, MailKind.FORM_TAKEN})
"""Kinds that tell how a run went or what became of a form; without them nobody would learn of a faulty template."""


def workspace_templates(config: Config, own_headers: Collection[str] = ()) -> MailTemplates:
    """The templates of a workspace: its own overrides first, then the ones that ship.

    Overrides are checked before the first mail is made: a kind whose templates are faulty is not made at all.

    Args:
        config: The workspace.
        own_headers: The team's own columns, which templates of internal mails may use.
    """
    own = config.workspace / "templates"
    folders = [folder for folder in (own, templates_root()) if folder.is_dir()]
    overridden = (own / "mail").is_dir() and any((own / "mail").iterdir())
    return MailTemplates(folders, find_faulty(folders, own_headers) if overridden else None)


def render_message(message: Message, templates: MailTemplates, config: Config, now: dt.datetime) -> Rendered:
    """A message in words.

    Raises:
        TemplateProblem: A fact is missing or a template is at fault.
    """
    if config.register.link and message.facts.get("register"):
        message = replace(message, facts={**message.facts, "register": config.register.link})
    return templates.render(message, {"team": team_name(config), "today": display_day(now, message.language)})


def render_in_any_case(
    message: Message, templates: MailTemplates, config: Config, now: dt.datetime
) -> tuple[Rendered, TemplateProblem | None]:
    """A message in words; in the shipped ones where it is one of `ASSURED` and the team's template is at fault.

    Returns:
        The words, and what is wrong with the team's own.

    Raises:
        TemplateProblem: As of `render_message`; of a message that is assured, only where the shipped words fail too.
    """
    try:
        return render_message(message, templates, config, now), None
    except TemplateProblem as problem:
        if message.kind not in ASSURED:
            raise
        return render_message(message, MailTemplates([templates_root()]), config, now), problem


def display_day(now: dt.datetime, language: str) -> str:
    """The day of the run as a person reads it."""
    if language == "zh":
        return f"{now.year}年{now.month}月{now.day}日"
    return f"{now.day} {now:%b} {now.year}"


def team_name(config: Config) -> str:
    """The display name of the configured sender."""
    sender = parse_address(config.mail.sender, "[mail] from")
    return sender.name or sender.mail


def compose(
    message: Message, rendered: Rendered, config: Config, now: dt.datetime, attachments: Mapping[str, Path]
) -> OutboxEntry:
    """The finished entry: the same message at the same moment always gives the same bytes.

    Args:
        message: What to send.
        rendered: Its words.
        config: Sender, test mode.
        now: The run's moment; aware.
        attachments: Form key -> file, for `message.forms`.

    Raises:
        MessageRefused: An address or a header cannot be written.
    """
    sender = parse_address(config.mail.sender, "[mail] from")
    files = tuple(
        Attachment(attachments[key].name, attachments[key].read_bytes()) for key in message.forms if key in attachments
    )
    if message.pictures and all(person.insider for person in (*message.to, *message.cc)):
        files += tuple(shrunk_pictures(config.register.path.parent, message.pictures))
    if message.appointment is not None:
        files = (_calendar_entry(message.appointment, message, sender, now), *files)
    apart = "" if message.id else config.register.id_prefix  # the id of a feedback begins with it
    threaded = message.thread is not None and message.thread != message.key
    root = make_message_id(message.thread or "", sender.domain, apart) if threaded else ""
    draft = Draft(
        key=message.key,
        sender=sender,
        to=tuple(_address(person) for person in message.to),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        date=now,
        cc=tuple(_address(person) for person in message.cc),
        reply_to=None if config.mailbox.host else _reply_to(message),
        in_reply_to=root,
        references=(root,) if root else (),
        auto_submitted="auto-replied" if message.kind == MailKind.ACKNOWLEDGEMENT else "auto-generated",
        attachments=files,
        headers=dict([URGENT]) if message.urgent else {},
        apart=apart,
    )
    draft = redirect(draft, config.mail.redirect_to, message.language)
    return make_entry(draft, kind=message.kind, id=message.id, approved=message.approved, now=now)


def _calendar_entry(appointment: Appointment, message: Message, sender: Address, now: dt.datetime) -> Attachment:
    """The meeting as a file; the moment of an appointment is in the zone of the run."""
    begins = appointment.begins.replace(tzinfo=now.tzinfo)
    meeting = Meeting(
        appointment.name,
        begins,
        begins + dt.timedelta(minutes=appointment.minutes),
        appointment.summary,
        appointment.place,
        organiser=sender.mail,
        sequence=appointment.sequence,
        cancelled=appointment.cancelled,
        attendees=tuple(person.mail for person in message.to),
    )
    name = f"{say(Phrase('invite.file'), message.language)}-{message.id}-{begins:%Y%m%d-%H%M}.ics"
    mime = CANCELS if appointment.cancelled else ""
    return Attachment(name, write_meeting(meeting, sender.domain, now), mime)


def _reply_to(message: Message) -> Address | None:
    """A reporter's answer goes to the contact person named in the mail; colleagues return forms to the sender.

    Where there is a mailbox that is read, every answer comes back to it.
    """
    contract = contract_of(message)
    contact = (message.facts.get("contact") or {}) if contract is not None and contract.outside else {}
    try:
        parsed = parse_address(str(contact.get("mail") or ""))
    except MessageRefused:
        return None
    return Address(str(contact.get("name") or ""), parsed.mail)


def _address(person: Recipient) -> Address:
    parsed = parse_address(person.mail, person.name or person.mail)
    return Address(person.name, parsed.mail)
