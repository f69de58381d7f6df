"""A reply is approved by answering a mail: through a whole run, and what the pack of the case says of it."""

from __future__ import annotations

import datetime as dt
import html
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from desk import sit_down
from registers import ASSESSED, NOW, make_workspace
from test_intake_mails import ids_sent, make, put, row

from qtemplate.config import load_config
from qtemplate.jobs.record.pack import pack
from qtemplate.jobs.run import run

ID = "QF-2026-0001"
WRITTEN = ASSESSED | {
    "department": "研发部", "owner": "李想", "contact": "唐宁", "reply_type": "declined",
    "reply_text": "该批次已停产，无法再提供同款面板。",
}  # fmt: skip


def with_mailbox(file: Path) -> Path:
    """A mailbox is read, though it is away at the moment: answers come through a folder here."""
    kept = file.read_text("utf-8").partition("\n[mailbox]")[0]
    file.write_text(kept + '\n[mailbox]\nhost = "127.0.0.1"\nport = 9\nusername = "qa"\n', "utf-8")
    return file


def saved_by(register: Path, name: str) -> None:
    """Saves the workbook as an office program does that was told this name."""
    with zipfile.ZipFile(register) as package:
        parts = {each: package.read(each) for each in package.namelist()}
    said = f"<cp:lastModifiedBy>{escape(name)}</cp:lastModifiedBy>".encode()
    core = re.sub(rb"<cp:lastModifiedBy>.*?</cp:lastModifiedBy>", b"", parts["docProps/core.xml"])
    parts["docProps/core.xml"] = core.replace(b"</cp:coreProperties>", said + b"</cp:coreProperties>")
    if said not in parts["docProps/core.xml"]:
        parts["docProps/core.xml"] = core.replace(
            b"</coreProperties>", said.replace(b"cp:", b"") + b"</coreProperties>"
        )
    with zipfile.ZipFile(register, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in parts.items():
            package.writestr(part, data)


def answer_of_lead(folder: Path, number: int, text: str) -> None:
    asked = [id for key, id in ids_sent(folder).items() if key.startswith(f"M17/{ID}")]
    mail = make(text, sender="zhou@example.com", subject="回复: 答复待批", to=asked[-1], number=number)
    mail.replace_header("From", "周敏 <zhou@example.com>")
    mail["Authentication-Results"] = "mx.example.com; spf=pass smtp.mailfrom=example.com; dkim=pass"
    put(folder, f"{number}.eml", mail)


def test_a_reply_is_sent_back_revised_and_approved_by_mail_and_the_pack_holds_the_evidence(tmp_path: Path) -> None:
    file = make_workspace(tmp_path / "w", [WRITTEN])
    folder, config = file.parent, load_config(with_mailbox(file))
    run(config, NOW - dt.timedelta(hours=2))
    answer_of_lead(folder, 1, "退回 语气太生硬\n\n在 2026年7月15日，质量部 <qa@example.com> 写道：\n> 批准")
    run(config, NOW - dt.timedelta(hours=1))
    assert row(folder, ID)["reply_approval"] == "rejected"
    soft = "很抱歉，该批次已停产，无法再提供同款面板；感谢您的理解。"
    sit_down(config.register.path, {"edits": {str(WRITTEN["title"]): {"reply_text": soft}}}, named="title")
    run(config, NOW - dt.timedelta(minutes=50))
    answer_of_lead(folder, 2, "批准")
    run(config, NOW)
    now = row(folder, ID)
    assert (now["reply_approval"], now["reply_state"]) == ("approved", "sent")
    pack(config, ID, tmp_path / "case", NOW)
    page = (tmp_path / "case" / "index.html").read_text("utf-8")
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))
    said = re.findall(r"周敏 来信(\S+)（答复摘要 (\w+)）", text)
    assert [word for word, _ in said] == ["退回", "批准"] and said[0][1] != said[1][1]
    for words in ("：语气太生硬；发件人 zhou@example.com", "Message-ID m2@x.example.com", "spf=pass", "来信摘要"):
        assert words in text
    came = sorted(each.name for each in (tmp_path / "case" / "mails").glob("in_*.eml"))
    assert came == ["in_01.eml", "in_02.eml"]
    assert "批准".encode() not in (tmp_path / "case" / "mails" / "in_01.eml").read_bytes()[:200]


def test_a_word_typed_in_the_workbook_is_witnessed_by_its_last_editor(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path / "w", [WRITTEN | {"reply_approval": "approved"}]))
    saved_by(config.register.path, "周敏 & 助理")
    run(config, NOW)
    pack(config, ID, tmp_path / "case.d", NOW)
    text = html.unescape((tmp_path / "case.d" / "index.html").read_text("utf-8"))
    assert "文件最后由 周敏 & 助理 保存（仅作旁证）" in text
