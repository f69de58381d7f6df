"""What a reply to a reporter is, by its type: its mail, what it must say, and what it may say besides. Data only.

The rules ask for it, whoever approves or telephones is shown it, and the templates of the mails must show it.
"""

from __future__ import annotations

from msgspec import Struct

from ..choices import ContactWay, ReplyType
from ..fields import Field
from .mail_kinds import MailKind


class ReplyContract(Struct, frozen=True):
    """A type of reply.

    Attributes:
        mail: The mail that carries it.
        must: Cells without which it does not leave.
        besides: Cells it shows as well where they are filled.
    """

    mail: MailKind
    must: tuple[Field, ...]
    besides: tuple[Field, ...] = ()

    @property
    def says(self) -> tuple[Field, ...]:
        """All that it says, in this order."""
        return self.must + self.besides


REPLY_OF: dict[ReplyType, ReplyContract] = {
    ReplyType.SOLVED: ReplyContract(MailKind.SOLVED, (Field.CAUSE_FOR_REPORTER, Field.SOLUTION, Field.IMPLEMENTED_AT)),
    ReplyType.IN_PROGRESS: ReplyContract(MailKind.IN_PROGRESS, (Field.REPLY_TEXT, Field.ETA), (Field.INTERIM_ADVICE,)),
    ReplyType.DECLINED: ReplyContract(MailKind.DECLINED, (Field.REPLY_TEXT,)),
    ReplyType.EXPLAINED: ReplyContract(MailKind.EXPLAINED, (Field.REPLY_TEXT,)),
}

SPOKEN = (ContactWay.PHONE, ContactWay.CHAT, ContactWay.IN_PERSON)
"""Ways in which a person gives the reply, and no mail does."""
