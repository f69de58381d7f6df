"""A mail that reports something, as the row it becomes: only what it says itself; the rest is asked for. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from ...fields import Field
from ...plan.received import Received
from ..rulebook import RuleBook
from ..situation import Situation
from .links import doubted

LONGEST_TITLE = 60
_PREFIX = re.compile(
    r"^\s*(?:[\[【(（]\s*)?(?:re|fw|fwd|aw|sv|wg|tr|rv|回复|答复|回覆|答覆|回|转发|轉寄|轉發|转寄|转)"
    r"\s*(?:[\[(（]\d+[\])）])?\s*[\])】）]?\s*[:：]\s*",
    re.I,
)
_COMPLAINT = re.compile(
    r"投诉|质量问题|故障|损坏|坏了|破损|开裂|裂开|漏水|漏电|漏油|不良|缺陷|瑕疵|退货|换货|返修|维修|不能用|用不了|无法使用"
    r"|没有?反应|异响|异味|起火|冒烟|爆炸|触电|受伤|complain|defect|broke|fault|damage|(?:does|do|did)(?: not|n't) work"
    r"|(?:not|stopped) working|malfunction|crack|leak|refund|warranty|smoke|caught fire|injur",
    re.I,
)
_NO_REPLY = re.compile(r"(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?)(?:[+._-].*)?@", re.I)


def as_row(situation: Situation, item: Received) -> Received:
    """The same thing with the values of a row: whoever a forwarded mail is from is the reporter, who passed it on the
    recorder."""
    mail, rulebook = item.content, situation.rulebook
    forwarded = bool(mail["forwarded"]) or (rulebook.is_inside(mail["sender"]) and bool(mail["quoted"]))
    address = mail["forwarded"] if forwarded else mail["sender"]
    name = mail["name"] if not forwarded else ""
    passed_on = next((p.name for p in rulebook.people if p.active and p.mail.casefold() == mail["sender"]), None)
    title, rest = title_of(mail["subject"])
    words = "\n\n".join(filter(None, (rest, mail["text"], mail["quoted"] if forwarded else "")))
    values: dict[str, Any] = {
        **mail["constants"],
        Field.RECEIVED_AT: item.at.isoformat(),
        Field.REPORTER: name or address or None,
        # who reads no answers is written to by nobody
        Field.EMAIL if reads_answers(address) else Field.CONTACT_OTHER: address or None,
        Field.RECORDER: passed_on if forwarded else None,
        Field.TITLE: title or None,
        Field.DESCRIPTION: words or None,
    }
    guess = guessed(rulebook, f"{mail['subject']}\n{mail['text']}\n{mail['quoted'] if forwarded else ''}")
    said = {str(key): value for key, value in values.items() if value is not None}
    guess = {key: value for key, value in guess.items() if key not in said}
    own = not forwarded and not doubted(mail)
    content = {"channel": mail["channel"], "values": said, "own": own, "files": mail["files"], "guess": guess}
    return replace(item, content=content)


def reads_answers(address: str) -> bool:
    """Whether somebody may read what is sent to an address."""
    return _NO_REPLY.match(address) is None


def is_report(situation: Situation, mail: Mapping[str, Any]) -> bool:
    """Whether a mail surely reports something: it names a product of ours, or speaks as people do who complain."""
    words = f"{mail['subject']}\n{mail['text']}\n{mail['quoted']}"
    return bool(guessed(situation.rulebook, words)) or _COMPLAINT.search(words) is not None


def title_of(subject: str) -> tuple[str, str]:
    """A subject without the marks of answers and forwards; where it is cut, the whole of it besides."""
    text = " ".join(subject.split())
    while (found := _PREFIX.match(text)) is not None:
        text = text[found.end() :]
    if len(text) <= LONGEST_TITLE:
        return text, ""
    return text[: LONGEST_TITLE - 1] + "…", text


def guessed(rulebook: RuleBook, text: str) -> Mapping[str, str]:
    """The product that a text names, where it is one only; nothing where it names none, or several."""
    folded = _folded(text)
    models = {(p.product, p.model) for p in rulebook.products if p.model and _names(folded, p.model)}
    products = {p.product for p in rulebook.products if p.product and _folded(p.product) in folded}
    if len(models) == 1:
        product, model = next(iter(models))
        return {str(Field.PRODUCT): product, str(Field.MODEL): model}
    if len(products) == 1 and not models:
        return {str(Field.PRODUCT): next(iter(products))}
    return {}


def _names(folded: str, model: str) -> bool:
    """Whether a model stands in a text as a word of its own: `RC-30` is not in `RC-300`."""
    return re.search(rf"(?<![0-9a-z]){re.escape(_folded(model))}(?![0-9a-z])", folded) is not None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
