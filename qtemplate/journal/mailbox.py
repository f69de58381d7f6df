"""Which mails of a mailbox were seen: the state database knows it, never the mailbox, where people read and mark."""

from __future__ import annotations

from ..plan.received import Received
from .database import Database

Account = tuple[str, str]
"""Whose mailbox, and which folder."""

TAKEN_UP = "('row', 'same', 'linked')"


class MailboxLog:
    """The mails of mailboxes that one workspace has seen."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def known(self, account: Account, validity: int) -> frozenset[int]:
        """UIDs that were seen; none of them means anything once UIDVALIDITY is another."""
        query = "select uid from mailbox where account = ? and folder = ? and validity = ?"
        return frozenset(uid for (uid,) in self.database.rows(query, (*account, validity)))

    def see(self, account: Account, validity: int, uid: int, source: str, item: Received | None = None) -> None:
        """Remembers a mail, and what it was stored as; None for one that was too large to be fetched."""
        where = (item.channel, item.key, item.digest) if item is not None else ("", "", "")
        row = self.database.one("select number from received where channel = ? and key = ? and digest = ?", where)
        self.database.execute(
            "insert into mailbox(account, folder, validity, uid, source, number, moved) values(?,?,?,?,?,?,0) "
            "on conflict(account, folder, validity, uid) do update "
            "set source = excluded.source, number = excluded.number, moved = excluded.moved",
            (*account, validity, uid, source, None if row is None else row[0]),
        )

    def taken_up(self, account: Account, validity: int | None = None) -> list[int]:
        """UIDs of the mails that became something, and were not moved yet."""
        query = (
            "select uid from mailbox join received on received.number = mailbox.number "
            f"where account = ? and folder = ? and moved = 0 and state in {TAKEN_UP}"
        )
        if validity is None:
            return [uid for (uid,) in self.database.rows(query, account)]
        return [uid for (uid,) in self.database.rows(f"{query} and validity = ? order by uid", (*account, validity))]

    def moved(self, account: Account) -> None:
        """What was taken up lies elsewhere now, or people have taken it away."""
        self.database.execute(
            "update mailbox set moved = 1 where account = ? and folder = ? and moved = 0 and number in "
            f"(select number from received where state in {TAKEN_UP})",
            account,
        )
