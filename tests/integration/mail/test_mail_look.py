"""Every mail laid out by a real browser: nothing wider than a phone, the sheet 640 wide and centred on a desk."""

from __future__ import annotations

import html
import json
import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from qtemplate.mailer.words.kinds import KINDS, LANGUAGES
from qtemplate.mailer.words.specimens import make_specimen
from qtemplate.mailer.words.templates import MailTemplates
from qtemplate.resources import templates_root

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine"),
]
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]
PHONE, DESK = 390, 860
MEASURE = """
window.onload = () => {
  const result = {};
  for (const frame of document.querySelectorAll("iframe")) {
    const page = frame.contentDocument, sheet = page.querySelector(".sheet").getBoundingClientRect();
    result[frame.title] = [page.documentElement.scrollWidth, Math.round(sheet.left), Math.round(sheet.width)];
  }
  const out = document.createElement("pre");
  out.id = "measured";
  out.textContent = JSON.stringify(result);
  document.body.replaceChildren(out);
};
"""


def browse(tmp_path: Path, page: str, *options: str) -> str:
    """What the browser prints for a page; it may reach nothing but the file."""
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    assert BROWSER is not None
    done = subprocess.run(
        [BROWSER, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", *options, (tmp_path / "page.html").as_uri()],
        capture_output=True,
        timeout=120,
        check=True,
    )
    return done.stdout.decode("utf-8")


def test_every_mail_fits_a_phone_and_is_centred_on_a_desk(tmp_path: Path) -> None:
    templates = MailTemplates([templates_root()])
    frames = [
        f'<iframe title="{kind} {language} {width}" style="border:0;width:{width}px;height:600px" '
        f'srcdoc="{html.escape(templates.render(make_specimen(kind, language)).html)}"></iframe>'
        for kind in KINDS
        for language in LANGUAGES
        for width in (PHONE, DESK)
    ]
    dom = browse(tmp_path, f"<body>{''.join(frames)}<script>{MEASURE}</script>", "--dump-dom")
    measured = re.search(r'<pre id="measured">(.*?)</pre>', dom)
    assert measured is not None, dom[:500]
    expected = {
        f"{kind} {language} {width}": [width, *([0, PHONE] if width == PHONE else [110, 640])]
        for kind in KINDS
        for language in LANGUAGES
        for width in (PHONE, DESK)
    }
    assert json.loads(html.unescape(measured[1])) == expected


def test_the_digest_can_be_photographed(tmp_path: Path) -> None:
    picture = tmp_path / "digest.png"
    page = MailTemplates([templates_root()]).render(make_specimen("M10", "zh")).html
    browse(tmp_path, page, f"--window-size={DESK},1010", f"--screenshot={picture}")
    assert struct.unpack(">II", picture.read_bytes()[16:24]) == (DESK, 1010)
    assert picture.stat().st_size > 20_000  # an empty page of this size has some 5 kB
