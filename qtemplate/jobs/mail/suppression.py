"""`outbox suppress` and `unsuppress`: addresses that get no mail, because a person says so."""

from __future__ import annotations

import datetime as dt

from ...config import Config
from ...errors import NotFound
from ...mailer.addresses import MessageRefused, parse_address
from ...mailer.outbox.entry import State
from ...plan import Phrase
from ...report.answer import Answer, Section
from ...texts import make_error, say
from ..lookup import near
from ..moment import local_now
from ..workspace import holding
from .moving import require_state
from .outbox import suppressed_data


def suppress(config: Config, address: str, reason: str = "", moment: dt.datetime | None = None) -> Answer:
    """Puts an address on the list; a second time with a reason changes that.

    Raises:
        NotFound: It is no address.
        RegisterLocked: A run of the workspace is under way.
    """
    require_state(config)
    mail = _address(address)
    by_hand = say(Phrase("outbox.by_hand"), str(config.register.language))
    with holding(config) as workspace:
        limits = workspace.outbox.limits
        reason = " ".join(reason.split()) or limits.suppressed([mail]).get(mail, by_hand)
        limits.suppress(mail, reason, local_now(config, moment))
        (entry,) = (each for each in limits.all_suppressed() if each.address == mail)
    said = Phrase.of("outbox.suppress", address=mail, reason=reason)
    return Answer({"suppressed": suppressed_data(entry)}, (Section(None, (said,)),))


def unsuppress(config: Config, address: str) -> Answer:
    """Takes an address off the list and names the mails that were held for it; a person decides about each.

    Raises:
        NotFound: It is no address, or not on the list.
        RegisterLocked: A run of the workspace is under way.
    """
    require_state(config)
    mail = _address(address)
    with holding(config) as workspace:
        limits = workspace.outbox.limits
        known = [each.address for each in limits.all_suppressed()]
        if not limits.release(mail):
            raise make_error(NotFound, "none.suppressed", address=mail, near=near(mail, known))
        waiting = workspace.outbox.entries((State.HELD,))
    held = [entry.key for entry in waiting if mail in {each.lower() for each in entry.envelope}]
    said = Phrase.of("outbox.unsuppress", address=mail, mails=tuple(held) or Phrase("outbox.no_mails"))
    return Answer({"released": mail, "held": held}, (Section(None, (said,)),))


def _address(text: str) -> str:
    """The address as envelopes have it."""
    try:
        return parse_address(text).mail.lower()
    except MessageRefused as refused:
        raise NotFound(refused.code, refused.english, **refused.facts) from None
