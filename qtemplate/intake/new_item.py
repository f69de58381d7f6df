"""What somebody reported on a page, on the web or on the one that needs no network, as the row it becomes.

The page may fill what a reporter can tell (`LONGEST`); anything else in the file is left out. Its words are not taken
for the reporter's own: whoever types a stranger's address could have us mail them to the stranger.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ..choices import Channel, Language
from ..fields import Field
from ..plan.new_page import LONGEST, NEW, NUMBER, reporter_type
from ..plan.received import Received
from ..received.photos import MOST_PHOTOS, PHOTO_MB, picture_format
from ..received.plain import plain_line, plain_text
from .page_item import WEB, page_moment, page_object
from .unfit import Unfit

HELD = ("address", "day", "mail")
"""Why a report waits for a person."""

LINES = ("description", "scene", "first_guess")
"""The columns whose texts may have several lines."""

BELIEVED = dt.timedelta(hours=24)
"""A page without a network tells the moment by the clock of whoever filled it in: so far it is believed."""

InlineFile = tuple[str, str, bytes]
"""Name, media type, bytes."""


def is_new(said: object) -> bool:
    """Whether a JSON value is such a report."""
    return isinstance(said, Mapping) and said.get("page") == NEW and "schema" in said


def read_new_item(data: bytes, now: dt.datetime) -> Received:
    """Read one report.

    Args:
        data: The bytes of its file.
        now: The run's moment; aware, in the register's zone.

    Raises:
        Unfit: It is none.
    """
    said = page_object(data)
    number = str(said.get("number", ""))
    if not NUMBER.fullmatch(number):
        raise Unfit("page_unreadable", problem="number")
    answers = _answers(said.get("answers"))
    channel = next((str(each) for each in Channel if each == said.get("channel")), str(Channel.WEBSITE))
    at = page_moment(said.get("at"), now)
    if abs(now - at) > BELIEVED and "inline" in said:
        at = now
    values = {**answers, str(Field.REPORTER_TYPE): reporter_type(channel)}
    if (language := str(said.get("language"))) in set(Language):
        values[str(Field.LANGUAGE)] = language
    held = said.get("held")
    content: dict[str, Any] = {
        "channel": channel,
        "values": values,
        "own": False,
        "files": [],
        "guess": {},
        "held": held if held in HELD else "",
        "name": answers.get("reporter", ""),
        "sender": answers.get("email") or answers.get("phone") or answers.get("contact_other", ""),
        "subject": answers.get("title", ""),
        "text": answers.get("description", ""),
    }
    known = json.dumps([channel, answers, said.get("files"), said.get("inline")], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(known.encode("utf-8", "replace")).hexdigest()
    return Received(WEB, number, digest, at.replace(tzinfo=None, microsecond=0), content)


def inline_files(data: bytes) -> list[InlineFile]:
    """The pictures inside a report that was made without a network.

    Raises:
        Unfit: One is no picture, too big, or one too many.
    """
    said = page_object(data)
    given = said.get("inline") or ()
    refused = Unfit("page_photo", number=str(said.get("number", ""))[:20], mb=PHOTO_MB, most=MOST_PHOTOS)
    if not isinstance(given, list | tuple) or len(given) > MOST_PHOTOS:
        raise refused
    found = []
    for at, each in enumerate(given, 1):
        try:
            picture = base64.b64decode(each, validate=True)
        except (binascii.Error, ValueError, TypeError):
            raise refused from None
        kind = picture_format(picture)
        if kind is None or len(picture) > PHOTO_MB << 20:
            raise refused
        kind = kind.lower()
        found.append((f"photo-{at}.{'jpg' if kind == 'jpeg' else kind}", f"image/{kind}", picture))
    return found


def _answers(said: object) -> dict[str, str]:
    """What a reporter may tell, as text of a length that a cell takes."""
    if not isinstance(said, Mapping):
        raise Unfit("page_unreadable", problem="answers")
    told: dict[str, str] = {}
    for name, most in LONGEST.items():
        given: Any = said.get(name)
        text = "" if not isinstance(given, str) else plain_text(given) if name in LINES else plain_line(given)
        if text:
            told[name] = text if len(text) <= most else f"{text[: most - 1]}…"
    return told
