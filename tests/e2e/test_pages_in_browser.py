"""The pages in a real browser, as people use them: on a phone without script, by keyboard at a desk, zh and en."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from person import Line, edit_lines
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from told import register_of, row_of, typed
from web_links import links_in

from qtemplate.files.owner_file import owner_path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AXE = os.environ.get("AXE_CORE", "")
"""axe.min.js of the npm package axe-core; the gate installs it."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
RULES = "['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']"
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
HALL = ViewportSize(width=1920, height=1080)
MORNING, NIGHT, NEXT = "2026-07-16T10:30", "2026-07-16T20:00", "2026-07-17T20:00"
MOST_KB, MOST_MEMORY_KB = 30, 60_000


@dataclass
class Served:
    """A workspace whose pages are served by a process of their own."""

    workspace: Path
    home: str
    memory_kb: int

    def address(self, kind: str, language: str = "zh", skip: int = 0) -> tuple[str, str]:
        """Feedback and address of a link in a mail to a reader of this language."""
        found = []
        for link, path in links_in(self.workspace):
            file = self.workspace / "web" / "export" / f"{link.digest}.json"
            if link.kind == kind and file.is_file() and json.loads(file.read_text("utf-8"))["language"] == language:
                found.append((link.id, self.home + path))
        return found[skip]


@pytest.fixture(scope="module")
def served(paged_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    workspace = tmp_path_factory.mktemp("served") / "workspace"
    shutil.copytree(paged_demo, workspace)
    owner = owner_path(workspace / "register.xlsx")
    owner.write_text(owner.read_text("utf-8").replace(str(paged_demo), str(workspace)), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = workspace / "qtemplate.toml"
    config.write_text(re.sub(r'listen = ".*"', f'listen = "127.0.0.1:{port}"', config.read_text("utf-8")), "utf-8")
    command = [sys.executable, "-m", "qtemplate", "serve", "--config", str(config), "--now", MORNING]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    home = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{home}/healthz")
        status = Path(f"/proc/{server.pid}/status")
        memory = re.search(r"VmRSS:\s+(\d+)", status.read_text("ascii") if status.exists() else "VmRSS: 0")
        assert memory is not None
        yield Served(workspace, home, int(memory[1]))
    finally:
        server.terminate()
        server.wait(10)
        assert server.stderr is not None
        said = server.stderr.read()
        server.stderr.close()
    assert "/a/" not in said and "Traceback" not in said


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=1) as answer:
                assert answer.read() == b"ok\n"
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


def open_page(browser: Browser, size: ViewportSize, *, script: bool = False) -> Page:
    return browser.new_context(viewport=size, java_script_enabled=script, bypass_csp=script).new_page()


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_from_the_link_in_the_mail_to_the_cell_and_the_closing(served: Served, browser: Browser) -> None:
    id, address = served.address("confirm")
    page = open_page(browser, PHONE)  # without script
    page.goto(address)
    page.get_by_role("button", name="提交").click()
    assert page.get_by_role("alert").inner_text().startswith("还没有提交")
    page.get_by_role("link", name="问题解决了吗？ – 请选择一项").click()
    page.get_by_label("已解决").check()
    page.get_by_role("group", name="总体满意度").get_by_label("5 很满意").check()
    page.get_by_label("意见或建议").fill("谢谢，很快就好了")
    page.get_by_role("button", name="提交").click()
    assert page.get_by_role("heading", level=1).inner_text() == "谢谢，已经收到"
    page.reload()
    assert page.get_by_text("谢谢，很快就好了").is_visible()
    register = served.workspace / "register.xlsx"
    typed(served.workspace, "run", "--no-mail", "--now", NIGHT)
    edit_lines(register, lambda lines: _close(lines, id))
    typed(served.workspace, "run", "--no-mail", "--now", NEXT)
    after = register_of(served.workspace)
    row = row_of(after, id)
    assert [after.value(row, field) for field in ("confirmation", "satisfaction", "status")] == ["solved", 5, "closed"]
    page.goto(address)
    assert page.get_by_role("heading", level=1).inner_text() == "这个链接已经答复过"


def _close(lines: list[Line], id: str) -> None:
    for line in lines:
        if line["id"] == id:
            line["close_type"] = "解决"


def test_a_page_is_filled_in_by_keyboard_alone(served: Served, browser: Browser) -> None:
    _, address = served.address("missing", "en")
    page = open_page(browser, DESK)
    page.goto(address)
    assert page.locator("html").get_attribute("lang") == "en"
    for _ in range(30):  # to the first field
        page.keyboard.press("Tab")
        if page.locator(":focus").evaluate("e => e.tagName") in ("INPUT", "TEXTAREA"):
            break
    page.keyboard.type("unknown")
    page.keyboard.press("Enter")  # sends, as in any form
    if page.get_by_role("heading", level=1).inner_text() != "Thank you, we have got it":
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.locator(":focus").evaluate("e => e.tagName") == "BUTTON":
                break
        page.keyboard.press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you, we have got it"


def test_an_owner_hands_back_and_is_asked_why(served: Served, browser: Browser) -> None:
    _, address = served.address("task")
    page = open_page(browser, PHONE)
    page.goto(address)
    page.get_by_label("退回", exact=True).check()
    page.get_by_role("button", name="提交").click()
    assert page.get_by_label("退回", exact=True).is_checked()
    page.get_by_label("退回理由").fill("这个型号不归我们部门")
    page.get_by_role("button", name="提交").click()
    assert page.get_by_text("这个型号不归我们部门").is_visible()


def test_pages_fit_are_small_ask_nobody_else_and_a_screen_reader_finds_its_way(
    served: Served, browser: Browser
) -> None:
    page = open_page(browser, PHONE, script=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for kind, language, faulty in (("confirm", "zh", True), ("missing", "en", False), ("task", "zh", False)):
        _, address = served.address(kind, language, skip=-1)
        answer = page.goto(address)
        assert answer is not None and len(answer.body()) < MOST_KB * 1000
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            assert fits(page)
        targets = page.locator(".options label, button, input[type=text], textarea, input[type=date]")
        assert all(box is not None and box["height"] >= 44 for box in (each.bounding_box() for each in targets.all()))
        if faulty:
            page.locator("button").click()
        assert barriers(page) == []
    page.goto(f"{served.home}/a/none")
    assert barriers(page) == []
    assert {url.split("/a/")[0].removesuffix("/style.css") for url in asked if url[:5] != "data:"} == {served.home}


def test_the_board_has_room_on_a_screen_in_the_hall_and_on_a_phone(served: Served, browser: Browser) -> None:
    page = open_page(browser, HALL, script=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto(f"{served.home}/board")
    assert answer is not None and answer.ok and len(answer.body()) < MOST_KB * 1000
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight") and fits(page)
    size = page.locator(".tile .big").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    rows = page.locator("table td").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert (size >= 100, rows >= 21) == (True, True)  # 1080 lines of a screen of 55 inches, from three metres
    assert barriers(page, but="meta-refresh") == []  # it renews itself: a screen in the hall has nobody who would do it
    page.set_viewport_size(PHONE)
    assert fits(page) and barriers(page, but="meta-refresh") == []
    assert set(asked) == {f"{served.home}/board"}


def test_the_board_is_styled_where_the_policy_holds(served: Served, browser: Browser) -> None:
    page = open_page(browser, HALL)  # without script, the policy in force
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(f"{served.home}/board")
    assert page.locator(".tiles").evaluate("e => getComputedStyle(e).display") == "grid"
    assert problems == []


def barriers(page: Page, but: str = "") -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice; nothing is looked for where there is no axe."""
    if not Path(AXE).is_file():
        return []
    page.evaluate(Path(AXE).read_text("utf-8"))
    left_out = f"{{'{but}': {{enabled: false}}}}" if but else "{}"
    seen = page.evaluate(f"axe.run(document, {{runOnly: {RULES}, rules: {left_out}}})")
    assert len(seen["passes"]) > 10
    return [f"{each['id']} ({each['impact']})" for each in seen["violations"]]


@pytest.mark.skipif(not Path(AXE).is_file(), reason="AXE_CORE names no axe.min.js (npm install axe-core)")
def test_there_is_an_axe_to_look_with() -> None:
    assert "axe" in Path(AXE).read_text("utf-8")[:200]


def test_the_server_is_small(served: Served) -> None:
    assert served.memory_kb < MOST_MEMORY_KB
