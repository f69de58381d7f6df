"""What the pages wrote into `intake/in/web/`: an answer to a link, held against its signature."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from ..plan.received import Received
from ..received.links import Link
from .unfit import Unfit

WEB = "web"
"""The folder, and the channel, of what comes from the pages."""

MOST_ANSWERS = 60
LONGEST = 4_000


def read_page_item(
    data: bytes, read_token: Callable[[str], Link | None], name_of: Callable[[Link], str], now: dt.datetime
) -> Received:
    """Read one answer.

    Args:
        data: The bytes of its file.
        read_token: What a token says; None where it is none of ours.
        name_of: What is remembered of a link under what name; "" where nothing is.
        now: The run's moment; aware, in the register's zone.

    Raises:
        Unfit: It is none, or its link is forged or had expired.
    """
    said = page_object(data)
    link = read_token(str(said.get("token", "")))
    if link is None:
        raise Unfit("page_forged")
    answers, at = _answers(said.get("answers")), page_moment(said.get("at"), now)
    if at > link.until:
        raise Unfit("page_expired", until=link.until.astimezone(now.tzinfo).date())
    later = bool(said.get("later"))
    content = {
        "page": str(link.kind),
        "id": link.id,
        "cycle": link.cycle,
        "link": name_of(link),
        "answers": answers,
        "later": later,
        "name": "",
        "sender": "",
        "subject": "",
        "text": "\n".join(answers.values()),
        "files": [],
    }
    known = json.dumps([answers, later, said.get("files")], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(known.encode("utf-8", "replace")).hexdigest()
    return Received(WEB, link.digest, digest, at.replace(tzinfo=None, microsecond=0), content)


def files_named(data: bytes) -> list[tuple[str, str, str]]:
    """(name, media type, name below `.files/`) of what came with an answer; names lead nowhere else."""
    found = []
    for each in page_object(data).get("files") or ():
        if isinstance(each, list) and len(each) == 3 and all(isinstance(part, str) for part in each):
            name, kind, file = each
            if file and file not in (".", "..") and not set(file) & set("/\\:\0"):
                found.append((name, kind, file))
    return found


def page_object(data: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Unfit("page_unreadable", problem=str(error)[:200], unfinished=True) from None
    if not isinstance(said, dict) or said.get("schema") != 1:
        raise Unfit("page_unreadable", problem="schema")
    return said


def _answers(said: object) -> dict[str, str]:
    if not isinstance(said, dict) or len(said) > MOST_ANSWERS:
        raise Unfit("page_unreadable", problem="answers")
    return {str(name): str(text)[:LONGEST] for name, text in said.items() if text not in (None, "")}


def page_moment(said: object, now: dt.datetime) -> dt.datetime:
    """When it was answered, never in the future."""
    try:
        at = dt.datetime.fromisoformat(str(said))
    except ValueError:
        raise Unfit("page_unreadable", problem="at") from None
    if at.tzinfo is None:
        raise Unfit("page_unreadable", problem="at")
    return min(at, now).astimezone(now.tzinfo)
