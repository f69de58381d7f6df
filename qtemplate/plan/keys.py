"""The keys that keep anything from happening twice: made of what a mail or a form is about, never of a row number.

The grammar of keys is known here and nowhere else: keys are made by the named constructors and asked by attribute.
A key is a text all the same, so the journal, the outbox and `--json` hold it as it is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from .form_kinds import FormKind
from .mail_kinds import ALONE, REPLIES, TO_KEEPER, MailKind

ONCE_A_CYCLE = frozenset(
    {
        MailKind.TRANSFER,
        MailKind.TO_VERIFY,
        MailKind.CONFIRMATION,
        MailKind.REMINDER,
        MailKind.REOPENED,
        MailKind.CLOSED,
        *REPLIES,
    }
)
"""Kinds whose keys name the cycle after the feedback: after a reopening the mail is another one."""

OF_A_DAY = frozenset({MailKind.DIGEST, MailKind.NIGHTLY, MailKind.FAILURE})
"""Kinds that say how things stand on a day, to one person."""

OF_A_MONTH = frozenset({MailKind.SIGNAL, MailKind.MONTH})
"""Kinds about a month, to one person."""

_GENERATION = re.compile(r"#(\d+)$")
_ASIDE = MailKind.FORM_TAKEN + TO_KEEPER
_MAIL_HEADS = {
    **{kind.value: kind for kind in MailKind},
    MailKind.DIGEST + ALONE: MailKind.DIGEST,
    _ASIDE: MailKind.FORM_TAKEN,
}
_FORM_HEADS = {kind.value: kind for kind in FormKind}


class MessageKey(str):
    """What a mail is about.

        M01/QF-2026-0001                     about a feedback
        M03/QF-2026-0001/1/研发部/张三       about a feedback in its first cycle
        M10/2026-07-15/zhao@example.com      of a day, for one person
        M03/QF-2026-0001/1/研发部/张三#2     the same mail once more: its second generation

    Two keys are equal when their texts are.
    """

    __slots__ = ()

    @classmethod
    def about(cls, kind: MailKind, id: object, *parts: object, cycle: int | None = None) -> MessageKey:
        """The key of a mail about one feedback.

        Args:
            kind: Of the mail.
            id: The feedback's number.
            parts: What else tells such mails of one feedback apart, in order.
            cycle: Given for the kinds in `ONCE_A_CYCLE`, and for no other.
        """
        if (cycle is not None) is not (kind in ONCE_A_CYCLE):
            raise ValueError(f"{kind}: a cycle belongs into the keys of {', '.join(sorted(ONCE_A_CYCLE))} only.")
        return cls(_joined(kind, id, *(() if cycle is None else (cycle,)), *parts))

    @classmethod
    def of_day(cls, kind: MailKind, day: dt.date, address: str) -> MessageKey:
        """The key of a mail of `OF_A_DAY` to one address."""
        return cls(_joined(kind, f"{day:%Y-%m-%d}", address))

    @classmethod
    def of_month(cls, kind: MailKind, month: dt.date, address: str) -> MessageKey:
        """The key of a mail of `OF_A_MONTH` to one address: `M26/2026-10/zhou@example.com`."""
        return cls(_joined(kind, f"{month:%Y-%m}", address))

    @classmethod
    def of_urgent(cls, id: object, clock: str, rung: str, cycle: int, address: str) -> MessageKey:
        """The key of the reminder about one urgent feedback: one for each clock, rung, cycle and address."""
        return cls(_joined(MailKind.DIGEST + ALONE, id, clock, rung, cycle, address))

    @classmethod
    def of_files(cls, digest: str, address: str) -> MessageKey:
        """The key of the mail to a keeper about files that were set aside together; `digest` says which."""
        return cls(_joined(_ASIDE, digest, address))

    @classmethod
    def parse(cls, text: str) -> MessageKey:
        """A key as it was stored; never fails. A text of another grammar has no kind and nothing else to tell."""
        return cls(text)

    @property
    def kind(self) -> MailKind | None:
        """The kind of mail; the reminder about one urgent feedback is an `M10` as well."""
        return _MAIL_HEADS.get(self.partition("/")[0])

    @property
    def id(self) -> str | None:
        """The feedback; None for a mail of a day or a month, and for one about files."""
        head, *rest = self.base.split("/", 2)
        if head == _ASIDE or head in OF_A_MONTH:
            return None
        return rest[0] if rest and (head not in OF_A_DAY or _date(rest[0]) is None) else None

    @property
    def cycle(self) -> int | None:
        """The feedback's cycle, counted from 1, where the kind's keys name it."""
        head, *rest = self.base.split("/", 3)
        return int(rest[1]) if head in ONCE_A_CYCLE and len(rest) > 1 and rest[1].isdecimal() else None

    @property
    def day(self) -> dt.date | None:
        """The day of a mail of `OF_A_DAY`."""
        head, *rest = self.base.split("/", 2)
        return _date(rest[0]) if rest and head in OF_A_DAY else None

    @property
    def month(self) -> dt.date | None:
        """The first day of the month of a mail of `OF_A_MONTH`."""
        head, *rest = self.base.split("/", 2)
        return _date(f"{rest[0]}-01") if rest and head in OF_A_MONTH else None

    @property
    def address(self) -> str | None:
        """Whom a mail of a day is for."""
        return self.base.split("/", 2)[2] if self.day is not None and self.count("/") > 1 else None

    @property
    def begins(self) -> dt.datetime | None:
        """When the meeting of an invitation begins, in the register's zone and naive as the rules have it."""
        head, *rest = self.split("/", 3)
        if head != MailKind.INVITATION or len(rest) < 2:
            return None
        try:
            return dt.datetime.fromisoformat(rest[1]).replace(tzinfo=None)
        except ValueError:
            return None

    @property
    def base(self) -> MessageKey:
        """The key without its generation: what all generations of one mail share."""
        return MessageKey(_GENERATION.sub("", self)) if "#" in self else self

    @property
    def generation(self) -> int:
        """1 for the mail itself, 2 when it is sent for the second time, and so on."""
        found = _GENERATION.search(self)
        return int(found[1]) if found else 1

    def again(self, generation: int) -> MessageKey:
        """The key of a later generation of this mail, counted from 2; asked of the first one."""
        return MessageKey(f"{self}#{generation}")

    @property
    def person(self) -> str:
        """The last part of the key, in that of a transfer the owner it was for."""
        return self.base.rpartition("/")[2]

    def is_for(self, person: object) -> bool:
        """Whether the key ends with this person, as that of a transfer does with the owner."""
        return self.base.endswith(f"/{person}")


class FormKey(str):
    """What a form is about: `transfer/QF-2026-0001/1/研发部/张三`, and for one that asks for what happens to be missing
    which columns those are: `missing/QF-2026-0001/1?model,batch`. Two keys are equal when their texts are.
    """

    __slots__ = ()

    @classmethod
    def about(cls, kind: FormKind, id: object, cycle: int, *parts: object) -> FormKey:
        """The key of a form about one feedback in a cycle; `parts` are what else the form is bound to."""
        return cls(_joined(kind, id, cycle, *parts))

    @classmethod
    def parse(cls, text: str) -> FormKey:
        """A key as it was stored or came back in a form; never fails, see `MessageKey.parse`."""
        return cls(text)

    def asking(self, names: Iterable[str]) -> FormKey:
        """The key of a form that asks for just these columns."""
        return FormKey(f"{self}?{','.join(names)}")

    @property
    def subject(self) -> str:
        """What the form is about, whatever it asks for."""
        return self.partition("?")[0]

    @property
    def asked(self) -> tuple[str, ...]:
        """The columns that the form asks for, where its kind has none of its own."""
        return tuple(filter(None, self.partition("?")[2].split(",")))

    @property
    def kind(self) -> FormKind | None:
        """The kind of form."""
        return _FORM_HEADS.get(self.partition("/")[0])

    @property
    def id(self) -> str | None:
        """The feedback."""
        return self.split("/", 2)[1] if "/" in self else None

    def is_for(self, person: object) -> bool:
        """Whether the key ends with this person, as that of a transfer does with the owner."""
        return self.endswith(f"/{person}")

    @property
    def mail(self) -> MessageKey | None:
        """The mail that carries the form, which is about the same; None where no mail does."""
        carrier = None if self.kind is None else self.kind.contract.mail
        return None if carrier is None else MessageKey(_joined(carrier, self.partition("/")[2]))


def _joined(*parts: object) -> str:
    return "/".join(map(str, parts))


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
