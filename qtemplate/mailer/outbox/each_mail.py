"""What every mail goes through: it is put, claimed, and taken by the server. On a server of the state each is one
round trip at the most, whatever tables it touches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from msgspec.structs import replace

from qtemplate.journal.database import Database, Statement
from qtemplate.mailer.outbox.entry import ORIGINAL_TO, OutboxEntry, State
from qtemplate.mailer.outbox.limits import SendLimits
from qtemplate.mailer.outbox.records import OutboxRecords
from qtemplate.mailer.outbox.tables import ENTRY_COLUMNS, insert_entry, note_entry, to_entry, to_text

TAKEN = (State.SENDING, State.UNKNOWN)
"""What a sender may settle. `unknown` too: another process may have taken this one for crashed."""


class EachMail(OutboxRecords):
    """Mails and their events, and the moves that none goes without."""

    def __init__(self, database: Database, limits: SendLimits | None = None) -> None:
        super().__init__(database, limits)
        self._absent: set[str] = set()
        """Keys of mails that are about to be put and are surely not there."""

    @contextmanager
    def at_once(self, keys: Iterable[str] = ()) -> Iterator[None]:
        """Everything put inside is on disk when the block ends, or none of it: one commit for many mails.

        Args:
            keys: Of mails that are about to be put: which of them are there already is asked once for all.
        """
        with self.database.transaction():  # nobody else writes in the meantime
            asked = {str(key) for key in keys}
            known = self.database.rows_of("select key from outbox where key in ({keys})", asked) if asked else ()
            self._absent = asked.difference(key for (key,) in known)
            try:
                yield
            finally:
                self._absent = set()

    def put(self, entry: OutboxEntry, actor: str = "run") -> bool:
        """Put a mail in; a key that is there already stays as it is, unless its mail was taken back before it went, or
        went to a tester and this one is for its readers.

        Returns:
            Whether it was new.
        """
        with self.database.transaction():
            key, new = entry.key, entry.key in self._absent
            if new:
                self._absent.remove(key)
                note_entry(self.database, entry, key, 1)
            else:
                new = insert_entry(self.database, entry, key, 1)
            generation = 0 if new else self.generation_after_void(key, live=not entry.header(ORIGINAL_TO))
            if generation:
                key = entry.key.again(generation)
                new = insert_entry(self.database, replace(entry, key=key), entry.key, generation)
            if new:
                self.log(key, entry.created_at, "", entry.state, actor, entry.detail)
        return new

    def claim(self, key: str, now: datetime, actor: str = "run") -> OutboxEntry | None:
        """Take an approved mail for sending, in one short transaction that is over before the server is spoken to.

        Returns:
            The entry, now `sending`; None when another process was faster or a person changed it meanwhile.
        """
        return self.claim_for(key, (), now, actor)[0]

    def claim_for(
        self, key: str, addresses: Collection[str], now: datetime, actor: str = "run"
    ) -> tuple[OutboxEntry | None, dict[str, str]]:
        """The same, and which of these addresses must not get it, with the reason, as `SendLimits.suppressed` says.

        On a server it is one round trip: claim, event and question go together, and what it answers is kept.
        """
        asked = [*_claiming(key, now, actor), self.limits.asking(addresses)]
        _, claimed, listed = self.database.together(asked)
        reasons: dict[str, str] = dict(listed)
        return (
            to_entry(claimed[0]) if claimed else None,
            {each: reasons[each.lower()] for each in addresses if each.lower() in reasons},
        )

    def record_taken(self, claimed: OutboxEntry, now: datetime, via: str, actor: str = "run") -> State:
        """Record that a mail was taken for all recipients, by who has its entry from the claim; as `record_sent`."""
        state, key = State.DIVERTED if claimed.header(ORIGINAL_TO) else State.SENT, str(claimed.key)
        event = (
            "insert into outbox_event(key, at, from_state, to_state, actor, detail) "
            "select key, ?, state, ?, ?, '' from outbox where key = ? and state in ('sending', 'unknown')"
        )
        sent = (
            "update outbox set state = ?, detail = '', reason = '', sent_at = ?, sent_via = ? "
            "where key = ? and state in ('sending', 'unknown') returning key"
        )
        at = to_text(now)
        asked = [(event, (at, str(state), actor, key)), (sent, (str(state), at, via, key))]
        if self.database.together(asked)[1]:
            return state
        with self.database.transaction():
            self.move(key, TAKEN, state, now, actor, "", sent_at=at, sent_via=via)  # says why it cannot be
        return state


def _claiming(key: str, now: datetime, actor: str) -> tuple[Statement, Statement]:
    """The event and the move; nobody else writes between them."""
    event = (
        "insert into outbox_event(key, at, from_state, to_state, actor, detail) "
        "select key, ?, state, 'sending', ?, '' from outbox where key = ? and state = 'approved'"
    )
    claim = (
        "update outbox set state = 'sending', attempts = attempts + 1, next_try = null, not_before = null, "
        "first_try = case when first_try < :now then first_try else :now end "  # a clock may have been ahead
        f"where key = :key and state = 'approved' returning {ENTRY_COLUMNS}"
    )
    return (event, (to_text(now), actor, str(key))), (claim, {"now": to_text(now), "key": str(key)})
