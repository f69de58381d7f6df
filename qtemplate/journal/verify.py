"""Whether the history of a workspace is what was sealed: each entry held against its seal, oldest first."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from .chain import CHANGE, GONE, NOTHING, Entry, Head, chain_key, digest_detail, head_of
from .database import Database

SEALED = """
select seal.number, seal.what, seal.row, seal.mail, seal.detail, seal.seal,
  change.number, change.run, change.at, change.id, change.cells,
  event.number, event.key, event.at, event.from_state, event.to_state, event.actor, event.detail
from seal
left join change on seal.what = 'change' and change.number = seal.row
left join outbox_event as event on seal.what = 'mail' and event.number = seal.row
order by seal.number
"""
UNSEALED = """
select 'change', id, at from change
  where number < (select max(row) from seal where what = 'change')
  and number not in (select row from seal where what = 'change')
union all
select 'mail', key, at from outbox_event
  where number < (select max(row) from seal where what = 'mail')
  and number not in (select row from seal where what = 'mail')
"""
WAITING = """
select (select count(*) from change where number > (select coalesce(max(row), 0) from seal where what = 'change'))
  + (select count(*) from outbox_event where number > (select coalesce(max(row), 0) from seal where what = 'mail'))
"""
MAILS = (
    f"select outbox.key, state in {GONE}, sha256, recipients_hash, raw "
    "from outbox left join outbox_bytes on outbox_bytes.key = outbox.key"
)


class Wrong(StrEnum):
    """What is wrong with an entry."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    CUT = "cut"
    REWRITTEN = "rewritten"


class Break(Struct, frozen=True):
    """A place where the history is not what was sealed.

    Attributes:
        number: Of the entry in the chain; 0 for one that has no seal.
        wrong: What is wrong.
        what: `change`, `mail`, or "" where only the chain itself tells.
        about: Id of the feedback, or key of the mail; "" where it is gone.
        at: Moment of the entry, or of the last one before it, as it was kept; "" where there is none.
    """

    number: int
    wrong: Wrong
    what: str = ""
    about: str = ""
    at: str = ""


class Kept(Struct, frozen=True):
    """What the outbox keeps of a mail: the digests of one that has gone, whether its text is still there and sound."""

    digests: str = ""
    text: bool = False
    sound: bool = True


class Verdict(Struct, frozen=True):
    """What a look at the whole chain finds.

    Attributes:
        head: Where it ends; None where nothing was sealed yet.
        since: Moment of the first entry; "" where there is none.
        waiting: Entries that the next run will seal.
        breaks: In the order of the chain; empty for a history that is whole.
    """

    head: Head | None
    since: str
    waiting: int
    breaks: tuple[Break, ...]


def verify_chain(database: Database, secret: bytes, told: Head | None = None) -> Verdict:
    """Holds every entry against its seal.

    Args:
        database: The state of the workspace.
        secret: The key of the workspace.
        told: The head that stands in a mail somebody else kept; an end that was cut off since is found by it alone.
    """
    mails = dict(_mails(database))
    breaks, seals, since = list[Break](), dict[int, str](), ""
    key, before, expected, last_at = chain_key(secret), NOTHING, 1, ""
    for number, what, row, mail, detail, seal, *rest in database.execute(SEALED):
        entry, about, at = _entry(what, row, mail, detail, rest)
        if number != expected:
            breaks.append(Break(expected, Wrong.MISSING, at=last_at))
        if entry is None:
            breaks.append(Break(number, Wrong.MISSING, what, at=last_at))
        elif not hmac.compare_digest(entry.seal(key, before), seal) or _altered(entry, mails, rest[11]):
            breaks.append(Break(number, Wrong.CHANGED, what, about, at))
        since, last_at = since or at, at or last_at
        before, expected = bytes(seal), number + 1
        if told is not None and number == told.number:
            seals[number] = before.hex()
    breaks += [Break(0, Wrong.ADDED, what, about, at) for what, about, at in database.rows(UNSEALED)]
    breaks += _against(told, seals)
    waiting = database.one(WAITING)
    return Verdict(head_of(database), since, int(waiting[0]) if waiting else 0, tuple(breaks))


def _entry(what: str, row: int, mail: str, detail: str, rest: list[Any]) -> tuple[Entry | None, str, str]:
    """What was sealed as it stands in its table today; what it is about, and its moment."""
    change, move = rest[1:5], rest[6:11]
    if what == CHANGE:
        return (None, "", "") if rest[0] is None else (Entry(what, row, tuple(change)), change[2], change[1])
    return (None, "", "") if rest[5] is None else (Entry(what, row, tuple(move), mail, detail), move[0], move[1])


def _mails(database: Database) -> Iterator[tuple[str, Kept]]:
    for key, gone, sha256, people, raw in database.execute(MAILS):
        sound = not raw or hashlib.sha256(raw).hexdigest() == sha256
        yield key, Kept(f"{sha256} {people}" if gone else "", bool(raw), sound)


def _altered(entry: Entry, mails: Mapping[str, Kept], noted: str) -> bool:
    """Whether what hangs on a move is not what was sealed: the mail that went, or what was noted."""
    if entry.what == CHANGE:
        return False
    mail = mails.get(entry.core[0], Kept())
    forgotten = not mail.text and not noted  # the text of a mail is kept no longer than is set, nor is what was noted
    if not forgotten and digest_detail(noted) != entry.detail:
        return True
    return bool(entry.mail) and not (mail.sound and mail.digests == entry.mail)


def _against(told: Head | None, seals: dict[int, str]) -> Iterator[Break]:
    """Holds the chain against a head that somebody else kept."""
    if told is None:
        return
    if told.number not in seals:
        yield Break(told.number, Wrong.CUT)
    elif not seals[told.number].startswith(told.seal):
        yield Break(told.number, Wrong.REWRITTEN)
