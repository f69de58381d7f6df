"""Who wrote what a sender only passed on.

In a chain of forwards that is whoever stands at its beginning; an answer that was forwarded is its author's, whoever
is quoted in it. So the copied headers are followed inwards as long as their own subject says that they were forwarded
too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .addresses import find_address, read_sender
from .openings import Opening
from .parts import Part

_TAGS = r"\s*(?:[\[【][^\]】]{0,40}[\]】]\s*)*"  # such as [EXTERNAL], by which a server marks outsiders
_FORWARD = re.compile(
    _TAGS + r"(?:[\[【(（]\s*)?(?:fwd?|fw|转发|轉寄|轉發|转寄|转|wg|tr|rv)\s*[\])】）]?\s*[:：]", re.I
)
_ANSWER = re.compile(
    _TAGS
    + r"(?:[\[【(（]\s*)?(?:re|aw|sv|回复|答复|回覆|答覆|回|res|antw)\s*(?:[\[(（]\d+[\])）])?\s*[\])】）]?\s*[:：]",
    re.I,
)


def is_forward(subject: str) -> bool:
    """Whether a subject says first of all that the mail was forwarded."""
    return _FORWARD.match(subject) is not None


def is_answer(subject: str) -> bool:
    """Whether a subject says first of all that the mail is an answer."""
    return _ANSWER.match(subject) is not None


def find_author(
    lines: Sequence[str], openings: Sequence[Opening], messages: Sequence[Part], subject: str
) -> str | None:
    """Find the original sender of a forwarded mail.

    Args:
        lines: Of its body, which `openings` speak of.
        openings: Of the quotations in it.
        messages: Those attached to it.
        subject: Of the mail itself.

    Returns:
        An address in lower case; None if the mail forwards nothing, or only names without addresses.
    """
    first = 0 if openings and openings[0].forwards else None  # one further in was forwarded by whoever is quoted
    if first is None and is_forward(subject):
        if messages and not any(opening.block for opening in openings):
            return _author_of(messages[0])
        first = next((at for at, opening in enumerate(openings) if opening.forwards), 0 if openings else None)
    if first is None:
        return _author_of(messages[0]) if messages and not is_answer(subject) else None
    return _follow(lines, openings, first)


def _follow(lines: Sequence[str], openings: Sequence[Opening], at: int) -> str | None:
    """The author of the innermost of the forwards that begin at an opening."""
    opening = openings[at]
    following = openings[at + 1] if at + 1 < len(openings) else None
    inner = opening.block.values.get("subject", "") if opening.block else ""
    if following and (is_forward(inner) or following.forwards) and not is_answer(inner):
        return _follow(lines, openings, at + 1)
    if opening.block and opening.block.values.get("from"):
        return opening.block.address
    return find_address(" ".join(lines[opening.start : opening.end]))


def _author_of(message: Part) -> str | None:
    """The author of an attached message, or of the message that this one forwards as an attachment."""
    subject = message.header.text("subject", [])
    inner = next(
        (
            part.children[0]
            for part in message.walk()
            if part is not message and part.children and part.media_type.startswith("message/")
        ),
        None,
    )
    if inner is not None and is_forward(subject):
        return _author_of(inner)
    return read_sender(message.header.get("from"), [])[0]
