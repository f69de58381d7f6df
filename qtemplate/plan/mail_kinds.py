"""The kinds of mail there are. What each may say and what it is called stands in `mailer/words/kinds.py`. Data only."""

from __future__ import annotations

from enum import StrEnum


class MailKind(StrEnum):
    """A kind of mail by its number, which never gets another meaning.

    A new kind is a member here (and in `keys.ONCE_A_CYCLE` if a reopening makes it another mail), what it may say in
    `mailer/words/kinds.py`, and its templates `templates/mail/Mnn.{zh,en}.{subject,txt,html}.j2`.
    """

    ACKNOWLEDGEMENT = "M01"
    MISSING = "M02"
    TRANSFER = "M03"
    INVITATION = "M05"
    DIGEST = "M10"  # of a day; about one urgent feedback it is the reminder that goes alone
    EXPLAINED = "M11"
    TO_VERIFY = "M12"
    NOT_VERIFIED = "M13"
    SOLVED = "M14"
    IN_PROGRESS = "M15"
    DECLINED = "M16"
    APPROVAL = "M17"  # alone; in the digest it is a section of M10
    CONFIRMATION = "M18"
    REMINDER = "M19"
    REOPENED = "M20"
    CLOSED = "M21"
    RECURRENCE = "M22"
    SIGNAL = "M23"
    NIGHTLY = "M25"
    MONTH = "M26"
    FAILURE = "M27"
    FORM_TAKEN = "M28"


REPLIES = (MailKind.EXPLAINED, MailKind.SOLVED, MailKind.IN_PROGRESS, MailKind.DECLINED)
"""The mails that answer a reporter; each leaves only after a person has approved it in the register."""

ALONE = "U"
"""Follows `M10` in the key and in the template names of the reminder about one urgent feedback."""

TO_KEEPER = "K"
"""Follows `M28` in the key and in the template names of the mail about forms of which nobody knows who sent them."""
