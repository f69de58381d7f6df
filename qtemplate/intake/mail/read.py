"""Reads one mail: who wrote what, in answer to what, with which files, and whether a person wrote it at all.

Pure: bytes in, data out; no mailbox, no folder, no register, no clock. Never raises: what cannot be read is said in
`problems`.

Sources: RFC 5322, RFC 2045-2047, RFC 2231, RFC 6532; those of the modules beside this one.
"""

from __future__ import annotations

from .addresses import read_sender
from .automatic import classify
from .bodies import Content, read_content
from .bounces import read_bounce
from .charsets import decode
from .dates import read_date
from .forwarded import find_author, is_answer, is_forward
from .message_ids import read_ids, read_own_id
from .parts import Part, read_parts
from .problems import Problem, tell
from .quotations import split_words
from .received_mail import Automatic, ReceivedMail

_MOST_MESSAGES = 5


def read_mail(raw: bytes) -> ReceivedMail:
    """Read one mail.

    Args:
        raw: The bytes of a message (RFC 5322) as they came.

    Returns:
        What it says; for bytes that are no mail at all, what can be made of them, with problems.
    """
    problems: list[Problem] = []
    try:
        return _read(read_parts(raw, problems), problems)
    except Exception as error:  # the last net: a mail nobody foresaw must not stop the mails behind it
        problems.append(Problem("unreadable", where="mail", found=type(error).__name__))
        return _read_as_text(raw, problems)


def _read(message: Part, problems: list[Problem]) -> ReceivedMail:
    header = message.header
    subject = header.text("subject", problems)
    sender, name = read_sender(header.get("from") or header.get("sender"), problems)
    content = read_content(message, problems)
    replied, references = read_ids(header.get("in-reply-to")), _references(header.all("references"))
    answers = bool(replied or references) or is_answer(subject) or is_forward(subject)
    split = split_words(content.words, answers=answers, sender=sender, name=name)
    bounced = read_bounce(message, subject, sender, content.words.lines)
    automatic = classify(message, subject, bounces=bool(bounced))
    forwarded = None
    if automatic is not Automatic.BOUNCE:
        forwarded = find_author(content.words.lines, split.openings, content.messages, subject)
    return ReceivedMail(
        message_id=read_own_id(header.get("message-id")),
        in_reply_to=replied[0] if replied else None,
        references=references,
        sender=sender,
        forwarded_sender=forwarded,
        sender_name=name,
        subject=subject,
        sent_at=read_date(header.get("date"), problems),
        text=split.text,
        quoted="\n\n".join(each for each in (split.quoted, *_attached(content, problems)) if each),
        automatic=automatic,
        bounced=bounced,
        attachments=content.files,
        problems=tell(problems),
    )


def _references(values: list[bytes]) -> tuple[str, ...]:
    return tuple(each for value in values for each in read_ids(value))


def _attached(content: Content, problems: list[Problem]) -> list[str]:
    """The words of attached messages, each under the header lines that say whose they are."""
    texts = []
    for message in content.messages[:_MOST_MESSAGES]:
        lines = [
            f"{name.title()}: {value}"
            for name in ("from", "date", "subject")
            if (value := message.header.text(name, []))
        ]
        inner = read_content(message, problems)
        words = "\n".join(inner.words.lines).strip("\n")
        texts.append("\n\n".join(each for each in ("\n".join(lines), words, *_attached(inner, problems)) if each))
    return texts


def _read_as_text(raw: bytes, problems: list[Problem]) -> ReceivedMail:
    """All of a mail as text, from nobody."""
    text = decode(raw, "", "mail", problems).replace("\r\n", "\n")
    return ReceivedMail(None, None, (), None, None, "", "", None, text, "", None, (), (), tell(problems))
