"""`outbox invite`: a meeting about one feedback (M05), with a calendar entry, because a person asks for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec.structs import replace

from ...config import Config
from ...errors import ConfigError, NotFound
from ...fields import Field
from ...forms.make import form_template
from ...mailer.addresses import parse_address
from ...mailer.calendar_entry import Meeting, write_meeting
from ...mailer.compose import compose, render_message, workspace_templates
from ...plan import Memory, Message, Phrase
from ...plan.form_kinds import FormKind
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...report.answer import Answer, Section
from ...rules.case import Case, case_of
from ...rules.forms.due import has_logs
from ...rules.forms.requests import minutes_form
from ...rules.mail_facts import fingerprint, insider
from ...rules.meetings.invite import invitation_facts
from ...rules.rulebook import Person, RuleBook
from ...texts import make_error, say
from ..lookup import near, row_of
from ..moment import local_now
from ..workspace import holding
from ..world import read_world
from .outbox import mail_data


def invite(
    config: Config,
    id: str,
    start: dt.datetime,
    names: Sequence[str],
    *,
    minutes: int = 60,
    place: str = "",
    moment: dt.datetime | None = None,
) -> Answer:
    """Puts an invitation into the outbox; `outbox send` or the next run sends it.

    Args:
        config: The workspace.
        id: The feedback.
        start: When the meeting begins; naive = the register's zone.
        names: People of the People sheet.
        minutes: How long it is to take.
        place: Room or link.
        moment: Instead of now.

    Raises:
        NotFound: No such feedback, or no such person.
        ConfigError: A person has left or has no mail address, or the meeting lies in the past.
        RegisterLocked: A run of the workspace is under way.
    """
    now, begins = local_now(config, moment), local_now(config, start)
    if begins <= now:
        raise make_error(ConfigError, "invite.past", begins=begins)
    world = read_world(config)
    register = world.register
    case = case_of(world.situation(Memory(), now.replace(tzinfo=None)), row_of(register, id))
    people = [_person(world.rulebook, name) for name in names]
    meeting = Meeting(
        MessageKey.about(MailKind.INVITATION, case.id, begins.isoformat()),
        begins,
        begins + dt.timedelta(minutes=minutes),
        f"{case.id} {case.value(Field.TITLE) or ''}".strip(),
        place,
    )
    message, request = _message(case, meeting, people), None
    if has_logs(case.situation, FormKind.MINUTES):
        request = minutes_form(case, begins.replace(tzinfo=None), place, names)
        facts = {**message.facts, "form": request.facts["file"]}
        message = replace(message, facts=facts, forms=(*message.forms, request.key))
    with holding(config) as workspace:
        templates = workspace_templates(config, register.own_headers)
        rendered = render_message(message, templates, config, now)
        folder = config.workspace / "forms" / "out"
        folder.mkdir(parents=True, exist_ok=True)
        word = say(Phrase("invite.file"), register.language)
        file = folder / f"{word}-{case.id}-{begins:%Y%m%d-%H%M}.ics"
        domain = parse_address(config.mail.sender, "[mail] from").domain
        file.write_bytes(write_meeting(meeting, domain, now))
        files = {"ics": file}
        if request is not None:
            template = form_template(config.workspace, request.kind, request.language)
            made = workspace.ends.make_form(request, template)
            if made is not None:
                workspace.journal.form_made({request.key: str(made)}, now)
                files[request.key] = made
        new = workspace.outbox.put(compose(message, rendered, config, now, files), actor="person")
        entry = workspace.outbox.show(message.key)
    said = Phrase.of("outbox.invited" if new else "outbox.invited_before", mail=message.key, to=entry.recipients)
    return Answer({"message": mail_data(entry)}, (Section(None, (said,)),))


def _person(rulebook: RuleBook, name: str) -> Person:
    person = rulebook.person(name)
    if person is None:
        known = [person.name for person in rulebook.people]
        raise make_error(NotFound, "none.person", name=name, near=near(name, known))
    if not person.active:
        raise make_error(ConfigError, "invite.left", name=name)
    if not person.mail:
        raise make_error(ConfigError, "invite.no_mail", name=name)
    return person


def _message(case: Case, meeting: Meeting, people: Sequence[Person]) -> Message:
    language = case.situation.register.language
    facts = invitation_facts(case, meeting.start.replace(tzinfo=None), meeting.end, meeting.place, people)
    print_ = fingerprint({"to": sorted(person.mail for person in people), "at": meeting.place})[:8]
    key = MessageKey.about(MailKind.INVITATION, case.id, meeting.start.isoformat(), print_)
    to = tuple(insider(person) for person in people)
    return Message(key, MailKind.INVITATION, case.id, to, language, facts, forms=("ics",))
