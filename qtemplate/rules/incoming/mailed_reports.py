"""A report that was made without a network and mailed: who it is from, what the mail says besides. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from ...choices import Channel
from ...fields import Field
from ...plan import Phrase
from ...plan.received import Received
from ...texts import say
from ..situation import Situation
from .links import doubted
from .mail_rows import reads_answers


def why_doubtful(situation: Situation, item: Received) -> Phrase | None:
    """Why it is for a person: nobody is to make us write to strangers by mailing files that name them."""
    by, named = item.content["mailed"], _named(item)
    if doubt := doubted(by):
        return Phrase.of("intake.mailed_doubted", number=item.key, sender=by["sender"], auth=doubt)
    if named and named.casefold() != by["sender"].casefold() and not situation.rulebook.is_inside(by["sender"]):
        return Phrase.of("intake.mailed_for_other", number=item.key, sender=by["sender"], email=named)
    return None


def with_sender(situation: Situation, item: Received) -> Received:
    """The report with the words of its mail, and with the address that it came from where it names none itself.

    A colleague passes reports on, and is no reporter but of what was noticed inside; a mail that the own server doubts
    proves no address.
    """
    by, values = item.content["mailed"], dict(item.content["values"])
    inside = situation.rulebook.is_inside(by["sender"])
    own = not inside or item.content["channel"] == Channel.INTERNAL
    if own and not _named(item) and not doubted(by) and reads_answers(by["sender"]):
        values[str(Field.EMAIL)] = by["sender"]
    if by.get("text"):
        words = say(Phrase.of("intake.mailed_words", text=by["text"]), situation.register.language)
        values[str(Field.DESCRIPTION)] = "\n\n".join(filter(None, (values.get(str(Field.DESCRIPTION)), words)))
    return replace(item, content={**item.content, "values": values})


def _named(item: Received) -> str:
    return str(item.content["values"].get(str(Field.EMAIL), ""))
