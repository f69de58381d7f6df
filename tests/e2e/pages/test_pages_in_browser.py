"""The pages in a real browser, as people use them: on a phone without script, by keyboard at a desk, zh and en."""

from __future__ import annotations

import json
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
from PIL import Image
from playwright.sync_api import Browser
from told import register_of, row_of, typed
from web_browser import AXE, CHROMIUM, DESK, HALL, PHONE, barriers, chromium, fits, large_targets, open_page
from web_links import links_in

from qtemplate.config import load_config
from qtemplate.files.owner_file import owner_path
from qtemplate.jobs.workspace import looking

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
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
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def reported(served: Served, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The provisional numbers that two people got: one by a label, on a phone, one at a desk by keyboard alone."""
    picture = tmp_path_factory.mktemp("photo") / "IMG_1.png"
    Image.new("RGB", (300, 200), "red").save(picture)
    page = open_page(browser, PHONE, locale="zh-CN")
    page.goto(label_address(served, "RC-50"))
    assert page.get_by_label("产品名称").input_value() == "智能电饭煲"
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("link", name="问题标题 – 请填写").click()
    page.get_by_label("问题标题").fill("煮饭时断电跳闸")
    page.get_by_label("问题描述").fill("每次煮到一半就断电跳闸，重新插上又好了，反复出现。")
    page.get_by_label("问题属于哪一类").select_option("硬件故障")
    page.get_by_role("button", name="下一步").click()
    assert page.get_by_label("型号").input_value() == "RC-50"
    page.get_by_label("批次号").fill("0042-A")
    page.get_by_label("在什么环境下使用").fill("厨房，单独的插座")
    page.get_by_label("您的姓名或称呼").fill("王芳")
    page.get_by_label("我同意").check()
    page.get_by_label("照片或视频").set_input_files(picture)
    page.get_by_role("button", name="提交").click()
    page.get_by_role("link", name="邮箱 – 请至少填写").click()
    page.get_by_label("邮箱").fill("wang.fang@example.com")
    page.get_by_label("照片或视频").set_input_files(picture)
    page.get_by_role("button", name="提交").click()
    return [page.locator(".number").inner_text(), _reported_by_keyboard(served, browser)]


def label_address(served: Served, model: str) -> str:
    """Where the label of a model leads, on this server."""
    out = served.workspace / "labels.html"
    labels = json.loads(typed(served.workspace, "qr", model, "--out", str(out), "--json").stdout)["labels"]
    out.unlink()
    return served.home + "/" + str(labels[0]["address"]).split("/", 3)[3]


def _reported_by_keyboard(served: Served, browser: Browser) -> str:
    page = open_page(browser, DESK)
    page.goto(f"{served.home}/new/dealer")

    def tab_to(id: str) -> None:
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.locator(":focus").evaluate("e => e.id || e.tagName") == id:
                return
        raise AssertionError(f"the keyboard does not get to {id}")

    def fill(**answers: str) -> None:
        for id, text in answers.items():
            tab_to(id)
            page.keyboard.type(text)

    tab_to("product")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    fill(category="Hardw", title="The lock does not open")
    fill(description="It does not open with the right code since this morning.")
    tab_to("BUTTON")
    page.keyboard.press("Enter")
    page.locator("#model").wait_for()
    fill(model="L1", batch="unknown", scene="front door", reporter="Ann Lee", organisation="East Dealers")
    fill(phone="+44 20 7946 0100")
    tab_to("consent")
    page.keyboard.press("Space")
    tab_to("BUTTON")
    page.keyboard.press("Enter")
    return page.locator(".number").inner_text()


def test_from_the_label_to_the_row_its_photo_and_the_acknowledgement(served: Served, reported: list[str]) -> None:
    register = register_of(served.workspace)
    if not set(reported) <= set(register.frame["channel_ref"]):
        typed(served.workspace, "run", "--no-mail", "--now", NIGHT)
        register = register_of(served.workspace)
    ids = [register.frame["id"][register.frame["channel_ref"] == number].item() for number in reported]
    told = ("channel", "product", "model", "batch", "reporter", "language", "severity")
    assert [[register.value(row_of(register, id), field) for field in told] for id in ids] == [
        ["website", "智能电饭煲", "RC-50", "0042-A", "王芳", "zh", None],
        ["dealer", "智能门锁", "L1", "unknown", "Ann Lee", "en", None],
    ]
    assert (served.workspace / f"attachments/{ids[0]}/photo-1.jpg").read_bytes().startswith(b"\xff\xd8\xff")
    with looking(load_config(served.workspace / "qtemplate.toml")) as held:
        assert [entry.kind for entry in held.outbox.entries() if entry.id == ids[0]].count("M01") == 1


def test_the_page_to_report_on_fits_is_small_and_a_screen_reader_finds_its_way(
    served: Served, browser: Browser
) -> None:
    page = open_page(browser, PHONE, script=True)
    for channel, language in (("website", "zh"), ("internal", "en")):
        answer = page.goto(f"{served.home}/new/{channel}?lang={language}")
        assert answer is not None and len(answer.body()) < MOST_KB * 1000
        for step in ("1", "2"):
            for size in (DESK, PHONE):
                page.set_viewport_size(size)
                assert fits(page) and large_targets(page)
            assert barriers(page) == []
            page.locator("button").first.click()
            assert page.get_by_role("alert").is_visible() and barriers(page) == []
            if step == "1":
                page.locator("#product").select_option(index=1)
                page.locator("#category").select_option(index=1)
                page.locator("#title").fill("煮饭时断电跳闸")
                page.locator("#description").fill("Half way through cooking the fuse trips.")
                page.locator("button").first.click()


def test_from_the_link_in_the_mail_to_the_cell_and_the_closing(
    served: Served, browser: Browser, reported: list[str]
) -> None:
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
        assert large_targets(page)
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


@pytest.mark.skipif(not Path(AXE).is_file(), reason="AXE_CORE names no axe.min.js (npm install axe-core)")
def test_there_is_an_axe_to_look_with() -> None:
    assert "axe" in Path(AXE).read_text("utf-8")[:200]


def test_the_server_is_small(served: Served) -> None:
    assert served.memory_kb < MOST_MEMORY_KB
