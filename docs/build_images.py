"""Makes the README's pictures from the demo: LibreOffice prints the register, Chromium shows one digest and the board.

In the README's test environment, with LibreOffice, poppler-utils and Chromium:  .venv/bin/python docs/build_images.py
"""

from __future__ import annotations

import email
import email.policy
import re
import shutil
import subprocess
import tempfile
from email.message import EmailMessage
from pathlib import Path

from qtemplate.jobs.demo import make_demo
from qtemplate.plan.progress import silent

IMAGES = Path(__file__).resolve().parent / "images"
SHOWN_ROW = "QF-2026-0158"
"""Its page of the printed register is shown: late rows, unreadable cells, everything still open."""

LEFT, TOP, RIGHT, BOTTOM = 0.032, 0.055, 0.952, 0.502
"""The part of that page that is cut out, as shares of its width and height."""

PAGE = (841.89, 595.30)
"""The printed page in points: A4, landscape."""

DPI = 115
DIGEST_SAYS = (re.compile("已超时|overdue", re.I), re.compile("即将到期|due soon", re.I))
"""The shortest digest is shown that says both in its subject."""

DIGEST_SIZE = (700, 880)
BOARD_SIZE = (1280, 720)


def main() -> None:
    """Both registers, one digest and the board of each."""
    IMAGES.mkdir(exist_ok=True)
    for language in ("zh", "en"):
        with tempfile.TemporaryDirectory() as place:
            demo = Path(place) / "qtemplate-demo"
            make_demo(demo, language, None, silent)
            show_register(demo / "register.xlsx", Path(place), IMAGES / f"register.{language}.png")
            show_digest(demo / "outbox", Path(place), IMAGES / f"digest.{language}.png")
            take_picture(demo / "web" / "export" / "board.html", BOARD_SIZE, IMAGES / f"board.{language}.png")


def show_register(workbook: Path, place: Path, picture: Path) -> None:
    """Prints the workbook and cuts the picture out of the page of `SHOWN_ROW`."""
    soffice = ["soffice", f"-env:UserInstallation=file://{place}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*soffice, "--outdir", str(place), str(workbook)], check=True, capture_output=True)
    printed = place / f"{workbook.stem}.pdf"
    pages = subprocess.run(["pdftotext", str(printed), "-"], check=True, capture_output=True, text=True).stdout.split(
        "\f"
    )
    page = next(number for number, text in enumerate(pages, 1) if SHOWN_ROW in text)
    wide, high = (side * DPI / 72 for side in PAGE)
    box = {"-x": LEFT * wide, "-y": TOP * high, "-W": (RIGHT - LEFT) * wide, "-H": (BOTTOM - TOP) * high}
    cut = [part for name, value in box.items() for part in (name, str(round(value)))]
    which = ["-f", str(page), "-l", str(page), "-r", str(DPI)]
    subprocess.run(
        ["pdftoppm", "-png", "-singlefile", *which, *cut, str(printed), str(picture.with_suffix(""))], check=True
    )


def show_digest(outbox: Path, place: Path, picture: Path) -> None:
    """Takes a picture of the HTML of a digest."""
    bodies = []
    for file in outbox.glob("M10_2*.eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        body = mail.get_body(("html",))
        if body is not None and all(words.search(str(mail["subject"])) for words in DIGEST_SAYS):
            bodies.append(str(body.get_content()).replace(f"{place}/", ""))
    (place / "digest.html").write_text(min(bodies, key=len), "utf-8")
    take_picture(place / "digest.html", DIGEST_SIZE, picture)


def take_picture(page: Path, size: tuple[int, int], picture: Path) -> None:
    """What a browser shows of a page in a window of this size."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking"]
    window = f"--window-size={size[0]},{size[1]}"
    command = [browser, *quiet, window, f"--screenshot={picture}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
