"""The chain of what was done: each change of the register and each move of a mail carries a seal, a keyed digest of
what it says and of the seal before it.

Who changes, removes, adds or reorders an entry afterwards breaks the chain there. Who owns the workspace owns its key
and could seal a false history anew, and whoever cuts the end off leaves a chain that is whole; both are found by the
head of the chain, which stands in every nightly result and so in mailboxes of other people.

New entries are sealed when a run is through: what was done in a run that was killed is sealed by the next one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator

from msgspec import Struct

from .database import Database

USE = b"qtemplate history"
"""What the key of the workspace is used for here, so that a seal is never a digest of a form."""

NOTHING = bytes(32)
"""The seal before the first."""

SHOWN = 16
"""Hexadecimal digits of a seal that are shown: 64 bits, which nobody hits with another history."""

CHANGE, MAIL = "change", "mail"

SAYING = json.JSONEncoder(ensure_ascii=False)
"""How an entry is written for its seal; made once, a run seals thousands."""

GONE = ("sent", "partial", "diverted")
"""Moves after which the bytes of a mail stay what they are."""

NEW_CHANGES = (
    "select number, run, at, id, cells from change "
    "where number > (select coalesce(max(row), 0) from seal where what = 'change') order by number"
)
NEW_MOVES = (
    "select event.number, event.key, event.at, event.from_state, event.to_state, event.actor, event.detail, "
    "mail.sha256, mail.recipients_hash from outbox_event as event left join outbox as mail on mail.key = event.key "
    "where event.number > (select coalesce(max(row), 0) from seal where what = 'mail') order by event.number"
)


class Head(Struct, frozen=True):
    """Where the chain ends: how many entries it has, and the first digits of the last seal."""

    number: int
    seal: str

    def __str__(self) -> str:
        return f"{self.number}:{self.seal}"

    @classmethod
    def parse(cls, text: str) -> Head | None:
        """What `str` made, blanks and capitals aside; None for anything else."""
        number, _, seal = "".join(text.split()).lower().partition(":")
        known = number.isascii() and number.isdigit() and len(seal) == SHOWN and not set(seal) - set("0123456789abcdef")
        return cls(int(number), seal) if known else None


class Entry(Struct, frozen=True):
    """What is sealed of a change or of a move of a mail.

    Attributes:
        what: `change` or `mail`.
        row: Its number in its table.
        core: What it says, without what may be forgotten later.
        mail: Digests of the bytes and the recipients of a mail that has gone, else "".
        detail: Digest of what was noted with the move, else "".
    """

    what: str
    row: int
    core: tuple[str, ...]
    mail: str = ""
    detail: str = ""

    def seal(self, key: bytes, before: bytes) -> bytes:
        said = SAYING.encode([self.what, self.row, *self.core, self.mail, self.detail])
        return hmac.new(key, before + said.encode(), hashlib.sha256).digest()


def chain_key(secret: bytes) -> bytes:
    """The key of the seals, made of the key of the workspace."""
    return hmac.new(secret, USE, hashlib.sha256).digest()


def head_of(database: Database) -> Head | None:
    """Where the chain ends; None before the first seal."""
    row = database.one("select number, seal from seal order by number desc limit 1")
    return None if row is None else Head(row[0], row[1].hex()[:SHOWN])


def seal_news(database: Database, secret: bytes) -> Head | None:
    """Seals what was done since it was called last; says where the chain ends now."""
    key = chain_key(secret)
    with database.transaction():
        last = database.one("select number, seal from seal order by number desc limit 1")
        number, seal = (0, NOTHING) if last is None else (int(last[0]), bytes(last[1]))
        news = []
        for entry in _unsealed(database):
            number, seal = number + 1, entry.seal(key, seal)
            news.append((number, entry.what, entry.row, entry.mail, entry.detail, seal))
        if news:
            database.executemany("insert into seal(number, what, row, mail, detail, seal) values(?,?,?,?,?,?)", news)
    return head_of(database)


def _unsealed(database: Database) -> Iterator[Entry]:
    for row, *core in database.rows(NEW_CHANGES):
        yield Entry(CHANGE, row, tuple(core))
    for row, *move, detail, sha256, recipients in database.rows(NEW_MOVES):
        gone = f"{sha256} {recipients}" if move[3] in GONE else ""
        yield Entry(MAIL, row, tuple(move), gone, digest_detail(detail))


def digest_detail(detail: str) -> str:
    """Digest of what was noted with a move; it may name people, and is forgotten with the text of the mail."""
    return hashlib.sha256(detail.encode()).hexdigest() if detail else ""
