"""A meeting as an iCalendar file, which any calendar program can add. Pure: plain values in, bytes out.

Source: RFC 5545, sections 3.1 (folding at 75 octets), 3.3.11 (escaping), 3.6.1 (VEVENT); RFC 5546, section 3.2.1
(PUBLISH asks for no automatic reply: people answer the mail), 3.2.5 (CANCEL, with the sequence of the change).
"""

from __future__ import annotations

import datetime as dt
import hashlib

from msgspec import Struct

from .cleaning import clean_line


class Meeting(Struct, frozen=True):
    """A meeting. `name` never changes, since the UID is made of it; `start` and `end` are aware.

    `organiser` is an address; `sequence` counts the changes; `attendees` are addresses, which a cancellation names.
    """

    name: str
    start: dt.datetime
    end: dt.datetime
    summary: str
    place: str = ""
    description: str = ""
    organiser: str = ""
    sequence: int = 0
    cancelled: bool = False
    attendees: tuple[str, ...] = ()


def write_meeting(meeting: Meeting, domain: str, made_at: dt.datetime) -> bytes:
    """The .ics of a meeting; the same meeting at the same moment gives the same bytes.

    Args:
        meeting: What, when, where.
        domain: Of the sender, for the UID.
        made_at: Aware.
    """
    uid = hashlib.sha256(meeting.name.encode()).hexdigest()[:32]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//qtemplate//qtemplate//EN",
        f"METHOD:{'CANCEL' if meeting.cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{uid}@{domain}",
        f"DTSTAMP:{_utc(made_at)}",
        f"DTSTART:{_utc(meeting.start)}",
        f"DTEND:{_utc(meeting.end)}",
        f"SEQUENCE:{meeting.sequence}",
        *(["STATUS:CANCELLED"] if meeting.cancelled else []),
        *([f"ORGANIZER:mailto:{clean_line(meeting.organiser, 320)}"] if meeting.organiser else []),
        *(f"ATTENDEE:mailto:{clean_line(each, 320)}" for each in meeting.attendees if meeting.cancelled),
        f"SUMMARY:{_text(meeting.summary)}",
        *([f"LOCATION:{_text(meeting.place)}"] if meeting.place else []),
        *([f"DESCRIPTION:{_text(meeting.description)}"] if meeting.description else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(_fold(line) for line in lines).encode("utf-8")


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """One line of text, escaped, so that the content of a cell cannot start a property of its own."""
    line = clean_line(value, 2_000)
    return line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _fold(line: str) -> str:
    """Fold into lines of at most 75 octets without splitting a character; continuation lines begin with a blank."""
    parts, size = [""], 0
    for character in line:
        octets = len(character.encode("utf-8"))
        if size + octets > 75:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += octets
    return "\r\n".join(parts) + "\r\n"
