"""Makes the pictures of docs/web.md from the demo: the page to report on and a page behind a link, as a phone shows them.

In the README's test environment, with Chromium:  .venv/bin/python docs/build_page_images.py
"""

from __future__ import annotations

import email
import email.policy
import html
import re
import sys
import tempfile
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

from build_images import IMAGES, take_picture  # noqa: E402 - the checkout is the library

from qtemplate.config import load_config  # noqa: E402
from qtemplate.jobs.demo import SAMPLE_MOMENT  # noqa: E402
from qtemplate.jobs.run import run  # noqa: E402
from qtemplate.jobs.web.serve import make_site  # noqa: E402
from qtemplate.web.app import make_app  # noqa: E402
from qtemplate.web.words import style_sheet  # noqa: E402
from samples.build import build_config, build_register  # noqa: E402

PHONE, GAP = (390, 844), 24
SAID = {
    "zh": {"title": "通电后屏幕不亮", "description": "昨天晚上通电以后屏幕一直不亮，按键也没有反应。"},
    "en": {
        "title": "Screen stays dark",
        "description": "Since last night the screen stays dark when it is switched on.",
    },
}
LINK = re.compile(r"https://qa\.example\.com(/a/\S+)")
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
OPTION = re.compile(r'<option value="([^"]+)"')


def main() -> None:
    """Three phones side by side: both steps of a report, and the question whether it is solved."""
    for language in ("zh", "en"):
        with tempfile.TemporaryDirectory() as place:
            workspace = Path(place)
            (workspace / "register.xlsx").write_bytes(build_register(language))
            text = build_config().replace('base_url = ""', 'base_url = "https://qa.example.com"')
            text = text.replace('language = "zh"', f'language = "{language}"')
            text = text if language == "zh" else text.replace("质量部 <", "Quality <")
            (workspace / "qtemplate.toml").write_text(text, "utf-8")
            run(load_config(workspace / "qtemplate.toml"), SAMPLE_MOMENT)
            show(workspace, pages_of(workspace, language), IMAGES / f"pages.{language}.png")


def pages_of(workspace: Path, language: str) -> list[str]:
    """The pages as the server answers them."""
    config = load_config(workspace / "qtemplate.toml")
    browser = make_app(make_site(config, SAMPLE_MOMENT + timedelta(hours=1))).test_client()
    first = browser.get(f"/new/website?lang={language}").text
    hidden = {name: html.unescape(value) for name, value in FIELD.findall(first)}
    products, kinds = first.split('id="product"', 1)[1].split('id="category"', 1)
    chosen = {"product": html.unescape(OPTION.findall(products)[0]), "category": OPTION.findall(kinds)[0]}
    second = browser.post("/new/website", data={**hidden, **chosen, **SAID[language]}).text
    return [first, second, browser.get(confirmation(workspace, browser)).text]


def confirmation(workspace: Path, browser: object) -> str:
    """The link of the first mail that asks whether it is solved."""
    for file in sorted((workspace / "outbox").glob("M18*.eml")):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = mail.get_body(("plain",)) if isinstance(mail, EmailMessage) else None
        if body is not None and (found := LINK.search(str(body.get_content()))):
            return found[1]
    raise SystemExit("no mail asks whether it is solved")


def show(workspace: Path, pages: list[str], picture: Path) -> None:
    """Takes the picture of the pages, each in a window as wide as a phone."""
    style = f"<style>{style_sheet()}</style>"
    frames = []
    for number, page in enumerate(pages):
        file = workspace / f"page-{number}.html"
        file.write_text(re.sub(r'<link rel="stylesheet"[^>]*>', lambda _: style, page), "utf-8")
        frames.append(f'<iframe src="{file.name}" width="{PHONE[0]}" height="{PHONE[1]}" scrolling="no"></iframe>')
    look = f"margin:{GAP}px;background:#d9dde2;display:flex;gap:{GAP}px"
    (workspace / "phones.html").write_text(
        f'<body style="{look}"><style>iframe{{border:0;border-radius:16px;background:#fff}}</style>{"".join(frames)}',
        "utf-8",
    )
    wide = len(pages) * (PHONE[0] + GAP) + GAP
    take_picture(workspace / "phones.html", (wide, PHONE[1] + 2 * GAP), picture)


if __name__ == "__main__":
    main()
