"""The outbox: finished mails and what became of each, every move written down before its effect.

    drafted ──approve──▶ approved ──claim──▶ sending ──▶ sent | diverted | partial | failed | unknown
       │  ▲               ▲ │  ▲ └─▶ held ──approve──▶ approved     └──▶ approved (temporary refusal, next_try)
       │  └── differs ────┼─┤  │      └── nothing keeps it back any more ──▶ approved
       └──▶ cancelled ◀───┼─┘  └─ a later generation of a mail that is sent again
                          └ unknown, with when_unknown = "resend"

At most once by default: a mail found `sending` after a crash may have arrived (RFC 1047), so it becomes `unknown` and a
person decides. The outbox knows no server and no clock; moments are arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from qtemplate.mailer.outbox.each_mail import TAKEN, EachMail
from qtemplate.mailer.outbox.entry import (
    FINISHED,
    FOR_A_PERSON,
    NOT_GONE,
    ORIGINAL_TO,
    Kept,
    OutboxEntry,
    OutboxRefused,
    State,
)
from qtemplate.mailer.outbox.records import TAKEN_BACK
from qtemplate.mailer.outbox.tables import (
    insert_entry,
    replace_words,
    to_moment,
    to_text,
)
from qtemplate.plan.keys import MessageKey
from qtemplate.texts import make_error

# Waits after the first, second … temporary refusal; the last one repeats.
RETRY_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
GIVE_UP_AFTER = timedelta(hours=24)
# A nightly run tries once a day: two refusals a day apart are not yet a reason to give up.
GIVE_UP_ATTEMPTS = 3


class Refusal(Struct, frozen=True):
    """One recipient a server refused while it took the mail for others."""

    address: str
    code: int
    text: str

    @property
    def temporary(self) -> bool:
        return 400 <= self.code < 500


class Outbox(EachMail):
    """The mail queue."""

    # What a run does

    def renew(self, key: str, anew: OutboxEntry, now: datetime, language: str, actor: str = "run") -> None:
        """Give a mail that waits the words of today.

        One that may have arrived goes again in its own bytes. One that a person has approved and that differs from what
        they approved, in recipients or in more than dates and spans, is drafted again, and its detail says how it
        differs. Any other is drafted or approved as it would be today; what is held stays so.

        Args:
            key: The entry, of any generation.
            anew: The same mail made anew.
            now: The run's moment; aware.
            language: Of the difference, `"zh"` or `"en"`.
        """
        with self.database.transaction():
            stored = self.show(key)
            if stored.state not in NOT_GONE or self.was_unknown(key):
                return
            replace_words(self.database, key, anew)
            if self.approved_by_person(key):
                from qtemplate.mailer.outbox.difference import difference  # for what changed alone

                if changed := difference(stored, anew, language):
                    self.move(key, NOT_GONE, State.DRAFTED, now, actor, changed, reason=Kept.CHANGED)
                    self.database.execute("update outbox set cleared = 0 where key = ?", (key,))
            elif stored.reason not in FOR_A_PERSON and (stored.state is State.DRAFTED) != (anew.state is State.DRAFTED):
                self.move(key, NOT_GONE, anew.state, now, actor, "as [mail] auto_approve says now")

    def record_sent(
        self, key: str, now: datetime, via: str, refused: Iterable[Refusal] = (), actor: str = "run"
    ) -> State:
        """Record that the mail was taken, for all recipients or all but some.

        Those refused for the moment get a generation of their own with the same bytes and Message-ID: they are the same
        mail, and a reply to it belongs to the same conversation.

        Returns:
            `sent` or `partial`; `diverted` where it is a tester who got it.
        """
        refused = tuple(refused)
        detail = "; ".join(f"{each.address}: {each.code} {each.text}" for each in refused)
        with self.database.transaction():
            diverted = bool(self.show(key).header(ORIGINAL_TO))
            state = State.DIVERTED if diverted else State.PARTIAL if refused else State.SENT
            entry = self.move(key, TAKEN, state, now, actor, detail, sent_at=to_text(now), sent_via=via)
            later = {each.address.lower() for each in refused if each.temporary}
            if later:
                recipients = tuple(each for each in entry.recipients if each.lower() in later)
                cc = tuple(each for each in entry.cc if each.lower() in later)
                self._put_generation(entry, now, actor, detail, now + RETRY_WAITS[0], recipients, cc)
        return state

    def record_retry(self, key: str, now: datetime, detail: str, actor: str = "run") -> State:
        """Record a temporary refusal: try again later, give up after 24 hours.

        Returns:
            `approved`, or `failed` when it was tried for 24 hours and at least three times.
        """
        with self.database.transaction():
            attempts, waiting = self._waiting(key, now)
            if waiting >= GIVE_UP_AFTER and attempts >= GIVE_UP_ATTEMPTS:
                sentence = f"given up after {attempts} attempts in {waiting.total_seconds() / 3600:.0f} h: {detail}"
                self.move(key, TAKEN, State.FAILED, now, actor, sentence)
                return State.FAILED
            next_try = now + RETRY_WAITS[min(attempts, len(RETRY_WAITS)) - 1]
            self.move(key, TAKEN, State.APPROVED, now, actor, detail, next_try=to_text(next_try))
        return State.APPROVED

    def record_failed(self, key: str, now: datetime, detail: str, actor: str = "run") -> None:
        """Record that the server refused the mail for good."""
        with self.database.transaction():
            self.move(key, TAKEN, State.FAILED, now, actor, detail)

    def record_unknown(self, key: str, now: datetime, detail: str, *, resend: bool, actor: str = "run") -> State:
        """Record that nobody can say whether the mail was taken.

        Args:
            resend: `[mail] when_unknown = "resend"`: the same bytes go again, for at most 24 hours.

        Returns:
            `unknown`, or `approved` when it goes again.
        """
        with self.database.transaction():
            self.move(key, TAKEN, State.UNKNOWN, now, actor, detail)
            attempts, waiting = self._waiting(key, now)
            if not resend or waiting >= GIVE_UP_AFTER:
                return State.UNKNOWN
            next_try = to_text(now + RETRY_WAITS[min(attempts, len(RETRY_WAITS)) - 1])
            why = 'sent again, [mail] when_unknown = "resend"'
            self.move(key, (State.UNKNOWN,), State.APPROVED, now, actor, why, next_try=next_try)
        return State.APPROVED

    def give_back(self, key: str, now: datetime, detail: str, actor: str = "run") -> None:
        """Undo a claim: no server was reached, so it does not count as an attempt."""
        with self.database.transaction():
            self.move(key, TAKEN, State.APPROVED, now, actor, detail)
            self.database.execute(
                "update outbox set attempts = attempts - 1, "
                "first_try = case attempts when 1 then null else first_try end where key = ?",
                (key,),
            )

    def put_off(self, key: str, now: datetime, until: datetime, detail: str, actor: str = "run") -> None:
        """Leave an approved mail until a moment, such as the end of the quiet hours."""
        with self.database.transaction():
            self.move(key, (State.APPROVED,), State.APPROVED, now, actor, detail, not_before=to_text(until))

    def hold(self, key: str, now: datetime, detail: str, reason: Kept, actor: str = "run") -> None:
        """Keep a mail back; one that is held already only for the cap, or for this very reason, stays as it is."""
        with self.database.transaction():
            if (entry := self.show(key)).state is State.HELD and (entry.reason, entry.detail) == (reason, detail):
                return
            allowed = (State.APPROVED, State.DRAFTED, State.HELD)
            self.move(key, allowed, State.HELD, now, actor, detail, reason=reason)

    def release(self, key: str, now: datetime, actor: str = "run") -> None:
        """Let a held mail go that nothing keeps back any more."""
        with self.database.transaction():
            self.move(key, (State.HELD,), State.APPROVED, now, actor, "nothing keeps it back any more")

    def cancel(self, key: str, now: datetime, detail: str, actor: str = "run") -> None:
        """Drop a mail that is no longer wanted."""
        with self.database.transaction():
            self.move(key, (State.DRAFTED, State.APPROVED, State.HELD), State.CANCELLED, now, actor, detail)

    def take_back(self, key: str, now: datetime, detail: str, actor: str = "run") -> None:
        """Drop a mail that has not gone and no longer says what holds; the same key may be put again."""
        allowed = (State.DRAFTED, State.APPROVED, State.HELD, State.FAILED)
        with self.database.transaction():
            self.move(key, allowed, State.CANCELLED, now, actor, TAKEN_BACK + detail)

    def clear(self, keys: Iterable[str], run: datetime) -> None:
        """Mark mails as having passed the cap of the run at this moment."""
        rows = [(to_text(run), key) for key in keys]
        with self.database.transaction():
            self.database.executemany("update outbox set cleared = 1, cleared_at = ? where key = ?", rows)

    def count_cleared(self, run: datetime) -> int:
        """Count the mails that have passed the cap of the run at this moment; a run may deliver more than once."""
        row = self.one("select count(*) from outbox where cleared_at = ?", (to_text(run),))
        return row[0] if row else 0

    def recover(
        self,
        now: datetime,
        was_delivered: Callable[[OutboxEntry], bool | None],
        via: str,
        *,
        resend: bool,
        actor: str = "recovery",
    ) -> list[str]:
        """Settle what a crash left `sending`; to be called before a batch, by whoever holds the workspace.

        Args:
            was_delivered: True, False, or None when the transport cannot say.
            via: The transport's name, for those found delivered.
            resend: `[mail] when_unknown = "resend"`.

        Returns:
            The keys that were found.
        """
        keys = [key for (key,) in self.rows("select key from outbox where state = 'sending' order by number")]
        for key in keys:
            with self.database.transaction():
                entry = self.show(key)
                if entry.state is not State.SENDING:
                    continue  # its sender is alive and has just finished
                match was_delivered(entry):
                    case True:
                        self.record_sent(key, now, via, actor=actor)
                    case False:
                        self.give_back(key, now, "the program stopped before it was delivered", actor)
                    case None:
                        why = "the program stopped while it was being sent; it may have arrived"
                        self.record_unknown(key, now, why, resend=resend, actor=actor)
        return keys

    # What a person does

    def approve(self, key: str, now: datetime, actor: str = "person") -> None:
        """Let a drafted or held mail go; the cap of a run no longer applies to it.

        Raises:
            OutboxRefused: There is no such mail, or it is neither drafted nor held.
        """
        with self.database.transaction():
            self.move(key, (State.DRAFTED, State.HELD), State.APPROVED, now, actor, "")
            self.database.execute("update outbox set cleared = 1, not_before = null where key = ?", (key,))

    def discard(self, key: str, now: datetime, actor: str = "person") -> None:
        """Decide that a mail shall not go, or not again.

        Raises:
            OutboxRefused: There is no such mail, or it has gone or is going.
        """
        allowed = (State.DRAFTED, State.APPROVED, State.HELD, State.UNKNOWN, State.FAILED)
        with self.database.transaction():
            self.move(key, allowed, State.CANCELLED, now, actor, "discarded")

    def mark_arrived(self, key: str, now: datetime, actor: str = "person") -> None:
        """Record that a person knows an `unknown` mail to have arrived.

        Raises:
            OutboxRefused: There is no such mail, or it is not unknown.
        """
        with self.database.transaction():
            self.move(
                key, (State.UNKNOWN,), State.SENT, now, actor, "it arrived", sent_at=to_text(now), sent_via="smtp"
            )

    def resend(self, key: str, now: datetime, actor: str = "person") -> str:
        """Send a mail again: a new generation with the same bytes, so that a server can recognise a second copy.

        Returns:
            The new key, `…#2` and so on; it is approved.

        Raises:
            OutboxRefused: There is no such mail, it has not gone yet or is to go again already, or its text was
                forgotten.
        """
        with self.database.transaction():
            entry = self.show(key)
            if entry.state in (State.DRAFTED, State.APPROVED, State.SENDING):
                raise make_error(OutboxRefused, "outbox.not_gone", key=key, state=entry.state)
            other = self.one(
                "select key, state from outbox where base = (select base from outbox where key = ?) and key != ? "
                "and state in ('drafted', 'approved', 'sending', 'held')",
                (key, key),
            )
            if other is not None:
                raise make_error(OutboxRefused, "outbox.again_already", other=other[0], state=other[1], key=key)
            if not entry.raw:
                raise make_error(OutboxRefused, "outbox.forgotten_text", key=key)
            new = self._put_generation(entry, now, actor, f"sent again from {key}", None, entry.recipients, entry.cc)
            if entry.state in (State.UNKNOWN, State.FAILED, State.HELD):
                self.move(key, (entry.state,), State.CANCELLED, now, actor, f"sent again as {new}")
        return new

    def forget_text(self, before: datetime) -> int:
        """Delete text and addresses of finished mails that moved last before a moment; keys, states and digests stay.

        Returns:
            How many mails were emptied.
        """
        marks = ", ".join(f"'{state}'" for state in sorted(FINISHED))
        with self.database.transaction():
            rows = self.rows(
                "update outbox set subject = '', recipients = '[]', cc = '[]', detail = '' "
                f"where state in ({marks}) and key in (select key from outbox_bytes) and not exists "
                "(select 1 from outbox_event e where e.key = outbox.key and e.at >= ?) returning key",
                (to_text(before),),
            )
            self.database.executemany("delete from outbox_bytes where key = ?", rows)
            self.database.executemany("update outbox_event set detail = '' where key = ?", rows)
        return len(rows)

    # Inside

    def _put_generation(
        self,
        entry: OutboxEntry,
        now: datetime,
        actor: str,
        detail: str,
        next_try: datetime | None,
        recipients: tuple[str, ...],
        cc: tuple[str, ...],
    ) -> str:
        row = self.one(
            "select base, max(generation) from outbox "
            "where base = (select base from outbox where key = ?) group by base",
            (entry.key,),
        )
        base, latest = row if row else (entry.key, 0)
        again = replace(
            entry,
            key=MessageKey.parse(base).again(latest + 1),
            recipients=recipients,
            cc=cc,
            state=State.APPROVED,
            created_at=now,
            not_before=None,
            next_try=next_try,
            attempts=0,
            detail=detail,
            sent_at=None,
            sent_via="",
            cleared=True,
            reason="",
        )
        insert_entry(self.database, again, base, latest + 1)
        self.log(again.key, now, "", State.APPROVED, actor, detail)
        return again.key

    def _waiting(self, key: str, now: datetime) -> tuple[int, timedelta]:
        row = self.one("select attempts, first_try from outbox where key = ?", (key,))
        attempts, first_try = row if row else (0, None)
        return attempts, now - (to_moment(first_try) or now)
