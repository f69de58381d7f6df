"""Parts, attachments, nested messages, and the shapes that are meant to do harm."""

from __future__ import annotations

import base64

from mails import make_mail, make_multipart, says, tell

from qtemplate.intake import read_mail

PNG = b"\x89PNG\r\n\x1a\n\x00"
IMAGE = b'Content-Type: image/png; name="a.png"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + base64.encodebytes(PNG)
PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
HTML = "Content-Type: text/html; charset=utf-8\n\n"


def part(kind: str, *parts: str) -> str:
    inner = "".join(f"--{kind}\n{each}\n" for each in parts)
    return f'Content-Type: multipart/{kind}; boundary="{kind}"\n\n{inner}--{kind}--\n'


def test_of_two_forms_the_plain_one_is_read() -> None:
    mail = make_multipart("alternative", PLAIN + "外壳", HTML + "<p>外壳</p><p style='display:none'>x</p>")
    assert tell(read_mail(mail)) == says(text="外壳")


def test_an_empty_plain_form_gives_way() -> None:
    mail = make_multipart("alternative", PLAIN + " \n\n", HTML + "<p>外壳</p>")
    assert tell(read_mail(mail)) == says(text="外壳")


def test_a_plain_form_that_only_points_to_the_other_gives_way() -> None:
    for words in (
        "您的邮件客户端不支持HTML格式",
        "This message is in HTML format; use a client that shows HTML.",
        "????",
    ):
        mail = make_multipart("alternative", PLAIN + words, HTML + "<p>外壳</p>")
        assert tell(read_mail(mail)) == says(text="外壳")


def test_a_damaged_plain_form_gives_way_to_a_whole_one() -> None:
    damaged = PLAIN.replace("\n", "\r\n").encode() + "外壳开裂".encode()[:-1]
    assert tell(read_mail(make_multipart("alternative", damaged, HTML + "外壳开裂"))) == says(text="外壳开裂")


def test_pictures_in_the_text_are_attachments_whichever_form_is_read() -> None:
    html = HTML + '<p>外壳<img src="cid:1"></p>'
    related = b'Content-Type: multipart/related; boundary="r"\r\n\r\n--r\r\n' + html.replace("\n", "\r\n").encode()
    related += b"\r\n--r\r\n" + IMAGE + b"\r\n--r--\r\n"
    expected = says(text="外壳", attachments=(("a.png", "image/png", PNG),))
    assert tell(read_mail(make_multipart("alternative", PLAIN + "外壳", related))) == expected
    assert (
        tell(read_mail(make_mail(related.partition(b"\r\n\r\n")[2], content_type='multipart/related; boundary="r"')))
        == expected
    )


def test_text_around_a_picture_is_read_whole() -> None:
    mail = make_multipart("mixed", PLAIN + "第一段", IMAGE, PLAIN + "第二段")
    assert tell(read_mail(mail)) == says(text="第一段\n第二段", attachments=(("a.png", "image/png", PNG),))


def test_a_text_file_is_no_body() -> None:
    file = 'Content-Type: text/plain; name="log.txt"\nContent-Disposition: inline; filename="log.txt"\n\nline'
    expected = says(text="见附件", attachments=(("log.txt", "text/plain", b"line"),))
    assert tell(read_mail(make_multipart("mixed", PLAIN + "见附件", file))) == expected


def test_a_mail_that_is_only_a_file() -> None:
    mail = make_mail(b"%PDF", content_type='application/pdf; name="a.pdf"')
    assert tell(read_mail(mail)) == says(attachments=(("a.pdf", "application/pdf", b"%PDF"),))


def test_an_invitation_is_a_file() -> None:
    calendar = "Content-Type: text/calendar; charset=utf-8; method=REQUEST\n\nBEGIN:VCALENDAR"
    mail = make_multipart("alternative", PLAIN + "会议", calendar)
    assert tell(read_mail(mail)) == says(text="会议", attachments=(("", "text/calendar", b"BEGIN:VCALENDAR"),))


def test_a_clear_signed_mail_is_read() -> None:
    signature = 'Content-Type: application/pkcs7-signature; name="smime.p7s"\n\nSIG'
    mail = make_multipart("signed", part("mixed", PLAIN + "已签名"), signature)
    expected = says(text="已签名", attachments=(("smime.p7s", "application/pkcs7-signature", b"SIG"),))
    assert tell(read_mail(mail)) == expected


def test_an_encrypted_mail_is_kept_and_said() -> None:
    mail = make_mail(b"CMS", content_type='application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"')
    problem = '"smime.p7m": is encrypted or wrapped in a signature and cannot be read; ask for a plain mail'
    expected = says(attachments=(("smime.p7m", "application/pkcs7-mime", b"CMS"),), problems=(problem,))
    assert tell(read_mail(mail)) == expected


def test_a_nested_message_is_a_file_and_its_words_are_quoted() -> None:
    inner = "From: A <a@y.com>\nSubject: =?utf-8?B?5aSW5aOz?=\nContent-Type: text/plain; charset=utf-8\n\n里面\n"
    mail = make_multipart("mixed", PLAIN + "外面", "Content-Type: message/rfc822\n\n" + inner)
    data = inner.replace("\n", "\r\n").encode()
    assert tell(read_mail(mail)) == says(
        text="外面",
        quoted="From: A <a@y.com>\nSubject: 外壳\n\n里面",
        attachments=(("", "message/rfc822", data),),
    )


def test_a_nested_message_in_base64_is_opened() -> None:
    inner = b"From: a@y.com\r\nSubject: x\r\n\r\nbody"
    whole = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(inner)
    mail = read_mail(make_multipart("mixed", PLAIN + "转发", whole, subject="Fwd: x"))
    assert (mail.forwarded_sender, mail.quoted, mail.attachments[0].data) == (
        "a@y.com",
        "From: a@y.com\nSubject: x\n\nbody",
        inner,
    )


def test_a_bomb_of_parts_is_bounded() -> None:
    mail = read_mail(make_multipart("mixed", *[f"{PLAIN}{at}" for at in range(300)]))
    assert mail.text.split("\n") == [str(at) for at in range(99)]
    assert mail.problems == (
        "the mail has 301 parts or more; the first 100 were read; the others are in the mail itself",
    )


def test_a_deep_nest_is_bounded_and_kept() -> None:
    nest = PLAIN + "里面"
    for at in range(5_000):
        nest = f'Content-Type: multipart/mixed; boundary="{at}"\n\n--{at}\n{nest}\n--{at}--'
        if at == 40:
            break
    mail = read_mail(make_multipart("mixed", nest))
    [kept] = mail.attachments
    assert ("里面".encode() in kept.data, mail.text) == (True, "")
    assert mail.problems == (
        "multipart/mixed: parts lie more than 10 deep; what is inside was kept whole as one attachment",
    )


def test_messages_in_messages_are_bounded() -> None:
    nest = b"Subject: x\r\n\r\ninner"
    for _ in range(3_000):
        nest = b"Content-Type: message/rfc822\r\n\r\n" + nest
    mail = read_mail(nest)
    assert len(mail.attachments) == 1
    assert any("more than 10 deep" in problem for problem in mail.problems)


def test_a_missing_boundary_is_read_as_text_and_said() -> None:
    mail = make_mail("外壳", content_type='multipart/mixed; boundary="=_b"')
    problem = (
        "multipart/mixed: is said to have parts, but their boundary is nowhere to be found; all of it was read as text"
    )
    assert tell(read_mail(mail)) == says(text="外壳", problems=(problem,))


def test_a_wrong_boundary_is_found_in_the_body() -> None:
    mail = make_multipart("mixed", PLAIN + "外壳", content_type='multipart/mixed; boundary="other"')
    assert tell(read_mail(mail)) == says(text="外壳")


def test_a_mail_cut_short_is_read_and_said() -> None:
    whole = make_multipart("mixed", PLAIN + "外壳", IMAGE)
    mail = read_mail(whole[: whole.rindex(b"--=_b--")])
    assert (mail.text, mail.attachments[0].data) == ("外壳", PNG)
    assert mail.problems == (
        "multipart/mixed: the mail ends before its last boundary; something may be missing; ask for it again",
    )


def test_a_boundary_inside_a_line_or_longer_than_the_real_one_is_none() -> None:
    mail = make_multipart("mixed", PLAIN + "a --=_b\n--=_bx\nb", PLAIN + "c")
    assert read_mail(mail).text == "a --=_b\n--=_bx\nb\nc"


def test_line_ends_of_every_kind_are_read() -> None:
    raw = make_multipart("mixed", PLAIN + "第一行\n第二行", HTML + "<p>c</p>")
    for ending in (b"\n", b"\r"):
        assert tell(read_mail(raw.replace(b"\r\n", ending))) == says(text="第一行\n第二行\nc")


def test_what_stands_before_the_header_is_passed_over() -> None:
    raw = make_mail("外壳")
    assert tell(read_mail(b"From zhang@x.com Mon Nov 30 09:00:00 2026\n" + raw)) == says(text="外壳")
    assert tell(read_mail(b"\xef\xbb\xbf" + raw)) == says(text="外壳")
    assert tell(read_mail(b"\r\n\r\n" + raw)) == says(text="外壳")


def test_flowed_text_is_joined_and_its_marks_kept() -> None:
    body = "This is one \nparagraph of \nthree lines.\nA new one.\n> quoted \n> words\n-- \nZhang"
    mail = make_mail(body, content_type="text/plain; charset=utf-8; format=flowed")
    assert tell(read_mail(mail)) == says(
        text="This is one paragraph of three lines.\nA new one.", quoted="> quoted words\n--\nZhang"
    )


def test_flowed_chinese_loses_the_blanks_that_were_added() -> None:
    mail = make_mail("外壳 \n开裂 \n了", content_type="text/plain; charset=utf-8; format=flowed; delsp=yes")
    assert tell(read_mail(mail)) == says(text="外壳开裂了")


def test_uuencoded_files_are_taken_out_of_the_text() -> None:
    mail = make_mail("见图\n\nbegin 644 a.txt\n#0V%T\n`\nend\n谢谢")
    assert tell(read_mail(mail)) == says(
        text="见图\n\n\n谢谢", attachments=(("a.txt", "application/octet-stream", b"Cat"),)
    )


def test_a_part_of_a_message_elsewhere_is_said() -> None:
    mail = read_mail(make_mail("x", content_type='message/partial; id="a"; number=1; total=2'))
    assert mail.problems == (
        "message/partial: the content is not in this mail (message/partial); ask for the whole mail",
    )


def test_nothing_and_nonsense_are_read_too() -> None:
    nothing = says(message_id=None, in_reply_to=None, sender=None, sender_name="", subject="", sent_at=None)
    assert tell(read_mail(b"")) == nothing
    assert tell(read_mail("只有正文\n没有信头".encode())) == {**nothing, "text": "只有正文\n没有信头"}


def test_a_long_text_is_cut_and_said() -> None:
    mail = read_mail(make_mail("a" * 1_000_001))
    assert len(mail.text) == 1_000_000
    assert mail.problems == (
        "text: more than 1000000 characters of text; the rest was not read and is in the mail itself",
    )
