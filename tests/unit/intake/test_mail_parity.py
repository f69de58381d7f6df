"""Mails as the standard library writes them are read as it reads them; what we send is read back."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from qtemplate.intake import Attachment, read_mail
from qtemplate.mailer.addresses import Address
from qtemplate.mailer.message import Attachment as Sent
from qtemplate.mailer.message import Draft, build_message

WORDS = (
    "It leaks at the seal.",
    "外壳开裂，请处理。\n\n型号 QX-100㐂9",
    "a = b\n.\n" + "long line " * 40,
    "Größe “x” 🙂",
)


def make(text: str, encoding: str, *, html: bool, files: bool) -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = "张三 <zhang@x.com>"
    message["Subject"] = text.split("\n")[0][:60]
    message["Date"] = format_datetime(datetime(2026, 11, 30, 1, tzinfo=UTC))
    message["Message-ID"] = "<a@b>"
    message.set_content(text, cte=encoding)
    if html:
        message.add_alternative("<p>other</p>", subtype="html")
    if files:
        message.add_attachment(b"\x00\x01\xff", maintype="application", subtype="pdf", filename="外壳 图.pdf")
        message.add_attachment("日志\n", filename="log.txt")
    return message.as_bytes()


@pytest.mark.parametrize("files", [False, True])
@pytest.mark.parametrize("html", [False, True])
@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
@pytest.mark.parametrize("text", WORDS)
def test_a_plain_mail_says_what_the_library_reads(text: str, encoding: str, html: bool, files: bool) -> None:
    raw = make(text, encoding, html=html, files=files)
    theirs = message_from_bytes(raw, policy=policy.default)
    assert isinstance(theirs, EmailMessage)
    body = theirs.get_body(("plain",))
    assert body is not None
    ours = read_mail(raw)
    lines = [line.rstrip() for line in str(body.get_content()).splitlines()]
    assert ours.text == "\n".join(lines).strip("\n")
    assert (ours.subject, ours.sender_name, ours.sender) == (theirs["Subject"], "张三", "zhang@x.com")
    assert (ours.sent_at, ours.message_id, ours.problems) == (theirs["Date"].datetime, "a@b", ())
    assert ours.attachments == tuple(
        Attachment(part.get_filename() or "", part.get_content_type(), part.get_payload(decode=True))  # type: ignore[arg-type]  # bytes for a leaf
        for part in theirs.iter_attachments()
    )


def test_what_we_send_is_read_back_and_known_as_ours() -> None:
    draft = Draft(
        key="M03/QF-2026-0001/1",
        sender=Address("质量部", "qa@corp.cn"),
        to=(Address("张三", "zhang@corp.cn"),),
        subject="[QF-2026-0001] 转交",
        text="你好\n.\n正文",
        html="<p>你好</p>",
        date=datetime(2026, 11, 22, 8, tzinfo=UTC),
        references=("<x@y>", "<a@b>"),
        in_reply_to="<a@b>",
        attachments=(Sent("外壳.txt", b"x"),),
    )
    mail = read_mail(build_message(draft))
    assert (mail.sender, mail.sender_name, mail.subject) == ("qa@corp.cn", "质量部", "[QF-2026-0001] 转交")
    assert (mail.text, mail.quoted, mail.automatic, mail.problems) == ("你好\n.\n正文", "", "own", ())
    assert (mail.in_reply_to, mail.references, mail.sent_at) == ("a@b", ("x@y", "a@b"), draft.date)
    assert mail.attachments == (Attachment("外壳.txt", "text/plain", b"x"),)
