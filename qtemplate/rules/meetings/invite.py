"""The step that invites to the meetings of 会议 (M05): once, anew when one changes, and takes back what is called off.

A row counts that names a feedback, a moment to come, and people of 人员 under 出席. Pure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from ...dmn.nearest import nearest
from ...fields import Field
from ...plan import Appointment, FactName, Finding, FormRequest, Message, Phrase, Plan, Severity
from ...plan.form_kinds import FormKind
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...texts.display import display
from ..case import Case, case_by_id
from ..forms.due import has_logs
from ..forms.requests import minutes_form
from ..mail_facts import about, insider, record_groups, row_texts
from ..rulebook import LogRow, Person
from ..situation import Situation
from ..standing import history, quiet
from .known import Meeting, is_called_off, same_meetings

MINUTES = 60
"""How long a meeting takes about which nobody says so."""

_BREAKS = re.compile(r"[、,，;；/\n\t]+|\s{2,}")


def meetings(situation: Situation) -> Plan:
    """Invitations with their minutes form, changed ones, cancellations; findings about names and times."""
    if "meetings" in situation.rulebook.unread:
        return Plan()
    rows: dict[str, list[LogRow]] = {}
    for row in situation.rulebook.logs.get("meetings", ()):
        if row.values.get("form") is None:  # minutes that came back are of a meeting that was
            rows.setdefault(row.id, []).append(row)
    silent = history(situation) | quiet(situation)
    plans = []
    for id in dict.fromkeys((*rows, *situation.memory.facts_named(FactName.MEETINGS))):
        case = case_by_id(situation, id)
        if case is not None and not silent[case.place]:
            plans.append(_of_case(case, rows.get(id, [])))
    return Plan.join(plans)


def _of_case(case: Case, rows: Sequence[LogRow]) -> Plan:
    """The meetings about one feedback."""
    now, found = case.situation.now, list[Finding]()
    known = [Meeting.of(each) for each in case.fact(FactName.MEETINGS) or ()]
    dated = [row for row in rows if row.values.get("date") is not None and not is_called_off(row)]
    same = same_meetings(known, dated, now)
    made = []
    for at, meeting in enumerate(known):
        row = same.get(at)
        if meeting.off or (row is None and (meeting.begins <= now or _unread(case, meeting))):
            made.append(meeting)
        elif row is None:
            made.append(meeting.called_off())
        elif row.values["date"] <= now:  # it has begun: who was there is no news to anybody
            made.append(replace(meeting, line=row.row))
        else:
            people = tuple(_people(case, row, found))
            made.append(replace(meeting.changed(row.values["date"], row.text("place"), people), line=row.row))
    taken = {row.row for row in same.values()}
    for row in dated:
        if row.row not in taken and row.values["date"] > now:
            people = tuple(_people(case, row, found))
            if people and not _lacks_time(case, row, found):
                made.append(_new(case, row, people, len(made)))
    if not made:
        return Plan(tuple(found))
    kept = [meeting.as_kept() for meeting in made]
    facts = () if kept == case.fact(FactName.MEETINGS) else (case.remember(FactName.MEETINGS, kept),)
    return Plan.join([Plan(tuple(found), facts=facts), *(_mails(case, meeting) for meeting in made)])


def _new(case: Case, row: LogRow, people: tuple[str, ...], number: int) -> Meeting:
    """A meeting that is to be invited to, unless a person has done so by a command."""
    begins: dt.datetime = row.values["date"]
    told = next((key for key in case.situation.memory.sent
                 if key.kind is MailKind.INVITATION and key.id == case.id and key.begins == begins), None)  # fmt: skip
    name = f"{case.id}/{number + 1}" if told is None else told.rpartition("/")[0]
    return Meeting(name, begins, row.text("place"), people, line=row.row, told=told is not None)


def _unread(case: Case, meeting: Meeting) -> bool:
    """Whether something in its line cannot be read: that is no cancellation."""
    rulebook = case.situation.rulebook
    named = {row.where.sheet for row in rulebook.logs.get("meetings", ()) if row.where is not None}
    sheets = named or {"会议", "Meetings"}
    lines = {item.where.row for item in rulebook.findings if item.where is not None and item.where.sheet in sheets}
    return meeting.line in lines


def _people(case: Case, row: LogRow, found: list[Finding]) -> Iterator[str]:
    """The names under 出席 that can be invited; a finding for each other one."""
    rulebook = case.situation.rulebook
    for name in dict.fromkeys(each.strip() for each in _BREAKS.split(row.text("present")) if each.strip()):
        person = rulebook.person(name)
        if person is not None and person.active and person.mail:
            yield person.name
            continue
        why = "meeting.unknown" if person is None else "meeting.left" if not person.active else "meeting.no_mail"
        near = nearest(name, [each.name for each in rulebook.people if each.active]) if person is None else ""
        perhaps = Phrase.of("meeting.near", near=near) if near else ""
        facts = (("why", Phrase(why)), ("perhaps", perhaps))
        found.append(Finding("QT640", Severity.WARNING, row.where, name[:40], facts, case.id))


def _lacks_time(case: Case, row: LogRow, found: list[Finding]) -> bool:
    """Whether a row says the day only: nobody can be invited to that."""
    at: dt.datetime = row.values["date"]
    if at.time() != dt.time():
        return False
    found.append(Finding("QT641", Severity.WARNING, row.where, f"{at:%Y-%m-%d}", (), case.id))
    return True


# ---- what is sent ----------------------------------------------------------------------------------------------------


def _mails(case: Case, meeting: Meeting) -> Plan:
    """The mails about a meeting as it is now that have not been made, and the form for its minutes."""
    situation = case.situation
    if meeting.begins <= situation.now:
        return Plan()
    messages: list[Message] = []
    forms: tuple[FormRequest, ...] = ()
    called_off = meeting.people if meeting.off else meeting.gone
    if called_off:
        messages.append(_message(case, meeting, called_off, cancelled=True))
    if not (meeting.off or meeting.told) and meeting.people:
        message = _message(case, meeting, meeting.people)
        if has_logs(situation, FormKind.MINUTES):
            request = minutes_form(case, meeting.begins, meeting.place, meeting.people)
            message = replace(message, facts={**message.facts, "form": request.facts["file"]}, forms=(request.key,))
            forms = () if request.key in situation.memory.made else (request,)
        messages.append(message)
    new = tuple(message for message in messages if message.key not in situation.memory.sent)
    return Plan(messages=new, forms=forms if any(message.forms for message in new) else ())


def _message(case: Case, meeting: Meeting, names: Sequence[str], *, cancelled: bool = False) -> Message:
    number = f"{meeting.name.rpartition('/')[2]}.{meeting.sequence}{'-' if cancelled else ''}"
    key = MessageKey.about(MailKind.INVITATION, case.id, f"{meeting.begins:%Y-%m-%dT%H:%M:%S}", number)
    change = "cancelled" if cancelled else "changed" if meeting.sequence else ""
    people = [person for name in names if (person := case.situation.rulebook.person(name)) is not None]
    ends = meeting.begins + dt.timedelta(minutes=MINUTES)
    summary = f"{case.id} {case.value(Field.TITLE) or ''}".strip()
    entry = Appointment(meeting.name, meeting.begins, MINUTES, summary, meeting.place, meeting.sequence, cancelled)
    facts = invitation_facts(case, meeting.begins, ends, meeting.place, people, change=change)
    to = tuple(insider(person) for person in people)
    because, language = Phrase(f"because.meeting_{change or 'typed'}"), case.situation.register.language
    return Message(key, MailKind.INVITATION, case.id, to, language, facts, because=because, appointment=entry)


def invitation_facts(
    case: Case, begins: dt.datetime, ends: dt.datetime, place: str, people: Sequence[Person], *, change: str = ""
) -> dict[str, object]:
    """What an invitation says; `change` is "", `changed` or `cancelled`."""
    language = case.situation.register.language
    return about(
        case,
        row_texts(case, language),
        record=record_groups(case, language),
        meeting={
            "subject": str(case.value(Field.TITLE) or case.id),
            "start": display(begins, language),
            "end": f"{ends:%H:%M}",
            "place": place,
            "attendees": [person.name for person in people],
            "change": change,
        },
        level_code=str(case.value(Field.LEVEL) or ""),
    )
