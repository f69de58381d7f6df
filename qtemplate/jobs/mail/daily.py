"""Mails that say how things stand on a day (M10, M25, M27): while they wait they are made anew, and none goes late.

Their keys name a day and an address, so one that waits is either asked for under the same key, and gets today's words,
or it is taken back: its day is over, its reader has left, or the address was corrected. Between two nights nobody gets
a digest who would not have had one: only who waits for one gets the new one, at whichever address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from ...plan.mail_kinds import MailKind

if TYPE_CHECKING:
    from ...mailer.outbox.entry import OutboxEntry
    from ...mailer.outbox.queue import Outbox
    from ...plan import Message
    from ...plan.keys import MessageKey

OF_NO_DAY = (MailKind.FORM_TAKEN, MailKind.SIGNAL, MailKind.MONTH)
"""What was set aside stays so, and a month that is over stays as it was."""

NOT_THERE = "nobody is to get it at this address today"


def outdated_daily(
    daily: Mapping[MessageKey, OutboxEntry], made: Collection[MessageKey], today: dt.date, keepers: Collection[str]
) -> dict[str, str]:
    """Entry key -> why it must not go.

    Args:
        daily: The mails of a day that wait, by key.
        made: Keys of the mails that the rules ask for today.
        today: In the register's zone.
        keepers: Addresses that are told of a run that failed; none once a run has gone through.
    """
    outdated: dict[str, str] = {}
    for key, entry in daily.items():
        if key.kind is MailKind.NIGHTLY:
            continue  # made at the end of a run, of what is true then; see `sort_news`
        if key.kind in OF_NO_DAY:
            if key not in made:
                outdated[entry.key] = NOT_THERE
        elif key.day != today:
            outdated[entry.key] = f"it says how things stood on {key.day}"
        elif key.kind is MailKind.DIGEST and key not in made:
            outdated[entry.key] = NOT_THERE
        elif key.kind is MailKind.FAILURE and key.address not in keepers:
            outdated[entry.key] = "a run has gone through since, or the keeper is somebody else"
    return outdated


def for_who_waits(
    outbox: Outbox, messages: Iterable[Message], daily: Mapping[MessageKey, OutboxEntry]
) -> tuple[Message, ...]:
    """Those of the messages of a day whose readers wait for one, also where it waits under a former address."""
    if not daily:
        return ()
    from ...mailer.outbox.stored import read_stored

    addresses = {(key.kind, key.address) for key in daily}
    names = {
        (key.kind, person.name)
        for key, entry in daily.items()
        for person in read_stored(outbox.show(entry.key))[1].to
        if person.name
    }
    return tuple(
        message
        for message in messages
        if (message.kind, message.key.address) in addresses or (message.kind, message.to[0].name) in names
    )


class News(Struct, frozen=True):
    """The nightly results: those that are new, those that wait and are made anew, and why others are taken back."""

    new: tuple[Message, ...]
    anew: tuple[Message, ...]
    lost: Mapping[str, str]


def sort_news(
    outbox: Outbox, messages: Sequence[Message], daily: Mapping[MessageKey, OutboxEntry], *, nightly: bool
) -> News:
    """Hold nightly results against those that wait.

    Args:
        outbox: Has their bytes.
        messages: As they would be sent now.
        daily: The mails of a day that wait.
        nightly: Whether results are new here; else only who waits for one gets one.
    """
    keys = {message.key for message in messages}
    new = tuple(message for message in messages if message.key not in daily)
    return News(
        new if nightly else for_who_waits(outbox, new, daily),
        tuple(message for message in messages if message.key in daily),
        {entry.key: NOT_THERE for key, entry in daily.items() if key.kind is MailKind.NIGHTLY and key not in keys},
    )
