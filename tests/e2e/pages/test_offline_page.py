"""The page to report on without a network: a browser that reaches nobody makes a file that the register takes."""

from __future__ import annotations

import datetime as dt
import io
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from PIL import Image
from registers import NOW, make_workspace
from told import register_of, typed
from web_browser import CHROMIUM, PHONE, barriers, chromium, fits, large_targets

from qtemplate.config import load_config
from qtemplate.intake.new_item import inline_files, read_new_item
from qtemplate.jobs.incoming.command import intake

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


def test_without_a_network_a_file_is_made_that_the_register_takes(paged_demo: Path, tmp_path: Path) -> None:
    page = tmp_path / "intake.html"
    typed(paged_demo, "intake-page", "--out", str(page), "--lang", "en")
    with chromium() as browser:
        context = browser.new_context(viewport=PHONE, offline=True, accept_downloads=True)
        alone = context.new_page()
        asked: list[str] = []
        alone.on("request", lambda request: asked.append(request.url))
        alone.goto(page.as_uri())
        assert fits(alone) and large_targets(alone) and barriers(alone) == []
        alone.locator("#product").select_option("智能电饭煲")
        alone.locator("#category").select_option("hardware")
        answers = {
            "title": "Trips the fuse",
            "description": "Half way through cooking the fuse trips.",
            "model": "RC-30",
        }
        for id, text in {**answers, "scene": "kitchen", "reporter": "Ann Lee"}.items():
            alone.locator(f"#{id}").fill(text)
        alone.locator("#consent").check()
        picture = tmp_path / "a.png"
        Image.new("RGB", (3_000, 1_000), "red").save(picture)
        alone.locator("#photos").set_input_files(picture)
        alone.locator("button").click()
        assert alone.get_by_role("alert").inner_text() == "please give one of e-mail, phone or another way to reach you"
        alone.locator("#phone").fill("+44 20 7946 0100")
        with alone.expect_download() as saved:
            alone.locator("button").click()
        data = Path(saved.value.path()).read_bytes()
        assert saved.value.suggested_filename == f"{alone.locator('.number').inner_text()}.json"
        item = read_new_item(data, dt.datetime.now(dt.UTC))
        assert item.content["values"] == {**answers, "scene": "kitchen", "reporter": "Ann Lee", "category": "hardware",
                                          "product": "智能电饭煲", "phone": "+44 20 7946 0100", "language": "en",
                                          "reporter_type": "customer"}  # fmt: skip
        ((_, _, photo),) = inline_files(data)
        with Image.open(io.BytesIO(photo)) as kept:
            assert (kept.format, kept.size) == ("JPEG", (2_000, 667))
        assert asked == [page.as_uri()]
    assert by_mail(tmp_path / "w", f"{item.key}.json", data) == [("Trips the fuse", "ann@customer.example")]


def by_mail(folder: Path, name: str, data: bytes) -> list[tuple[str, str]]:
    """What the file becomes that the page has made, attached to a mail: title and address of each row."""
    workspace = make_workspace(folder, []).parent
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "Ann Lee <ann@customer.example>", "qa@example.com", "Report"
    mail["Message-ID"] = "<a@customer.example>"
    mail.set_content("")
    mail.add_attachment(data, maintype="application", subtype="json", filename=name)
    (workspace / "intake" / "in" / "email").mkdir(parents=True)
    (workspace / "intake" / "in" / "email" / "a.eml").write_bytes(mail.as_bytes())
    intake(load_config(workspace / "qtemplate.toml"), NOW)
    frame = register_of(workspace).frame
    return [(str(frame.at[at, "title"]), str(frame.at[at, "email"])) for at in frame.index]
