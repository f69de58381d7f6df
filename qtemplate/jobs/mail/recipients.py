"""Whom a mail is for, held against today's register: the row, and the People sheet."""

from __future__ import annotations

from ...mailer.outbox.entry import OutboxEntry
from ...plan import Message
from ...plan.mail_kinds import MailKind
from ...rules.case import case_by_id
from ...rules.mail_facts import reporter
from ...rules.situation import Situation
from ...rules.transfers import transfer_of


def addresses_of(message: Message) -> set[str]:
    """Everybody whom a message is for, as an envelope has it, in small letters."""
    from ...mailer.addresses import MessageRefused, parse_address

    found = set()
    for person in (*message.to, *message.cc):
        try:
            found.add(parse_address(person.mail).mail.lower())
        except MessageRefused:
            found.add(person.mail.lower())
    return found


def not_theirs(entry: OutboxEntry, after: Situation) -> str:
    """Why a mail that the rules do not ask for is not for its recipients; "" when it may go to them."""
    allowed = {person.mail.lower() for person in after.rulebook.people if person.active and person.mail}
    if entry.id is not None:
        case = case_by_id(after, entry.id)
        if case is None:
            return "its feedback is no longer in the register"
        if entry.kind == MailKind.TRANSFER and entry.key.base != transfer_of(case):
            return "the feedback was given to somebody else"
        if may_go_outside(entry) and (to := reporter(case)) is not None:
            allowed.add(to.mail.lower())
    wrong = sorted(each for each in entry.envelope if each.lower() not in allowed)
    return f"the register no longer knows {', '.join(wrong)}" if wrong else ""


def may_go_outside(entry: OutboxEntry) -> bool:
    """Whether its kind is one that outsiders get."""
    from ...mailer.words.kinds import KINDS

    contract = KINDS.get(entry.kind)
    return contract is not None and contract.outside
