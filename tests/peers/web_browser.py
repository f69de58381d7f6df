"""A real browser in front of pages, and what is asked of whatever it shows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AXE = os.environ.get("AXE_CORE", "")
"""axe.min.js of the npm package axe-core; the gate installs it."""

RULES = "['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']"
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
HALL = ViewportSize(width=1920, height=1080)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, without a window."""
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


def open_page(browser: Browser, size: ViewportSize, *, script: bool = False, locale: str = "en-GB") -> Page:
    """A page of a browser that asks for that language."""
    context = browser.new_context(viewport=size, java_script_enabled=script, bypass_csp=script, locale=locale)
    return context.new_page()


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def large_targets(page: Page) -> bool:
    """Whether whatever is to be touched is as high as a finger is wide."""
    targets = page.locator(
        ".options label, button, select, input[type=text], textarea, input[type=date], input[type=file]"
    )
    boxes = [box for each in targets.all() if (box := each.bounding_box()) is not None]
    return bool(boxes) and all(box["height"] >= 44 for box in boxes)


def barriers(page: Page, but: str = "") -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice; nothing is looked for where there is no axe."""
    if not Path(AXE).is_file():
        return []
    page.evaluate(Path(AXE).read_text("utf-8"))
    left_out = f"{{'{but}': {{enabled: false}}}}" if but else "{}"
    seen = page.evaluate(f"axe.run(document, {{runOnly: {RULES}, rules: {left_out}}})")
    assert len(seen["passes"]) > 10
    return [f"{each['id']} ({each['impact']})" for each in seen["violations"]]
