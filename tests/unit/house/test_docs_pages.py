"""Pages made from the code are what the code would make now, and every finding has one meaning."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
from collections import Counter

import pytest
from where import ROOT

from qtemplate.texts import findings

DOCS = ROOT / "docs"


@pytest.mark.parametrize("name", ["cli", "findings"])
def test_a_generated_page_is_current(name: str) -> None:
    specification = importlib.util.spec_from_file_location(f"build_{name}", DOCS / f"build_{name}.py")
    assert specification is not None and specification.loader is not None
    builder = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(builder)
    if name == "cli":
        chinese = builder.cli_page("zh")
        assert (DOCS / "cli.zh.md").read_text("utf-8") == chinese, "python docs/build_cli.py"
    page = getattr(builder, f"{name}_page")()
    assert (DOCS / f"{name}.md").read_text("utf-8") == page, f"python docs/build_{name}.py"


def test_the_page_of_the_design_names_every_room() -> None:
    package = DOCS.parent / "qtemplate"
    page = (DOCS / "design.md").read_text("utf-8")
    rooms = (folder.parent for folder in package.rglob("__init__.py") if folder.parent != package)
    # `rules` stands in the row of a room, its `steps` in the row of `rules`
    lines = [line for line in page.splitlines() if line.startswith(("| `", "`texts` has"))]
    missing = [
        room.relative_to(package).as_posix()
        for room in rooms
        if not any(all(f"`{name}`" in line for name in room.relative_to(package).parts) for line in lines)
    ]
    assert missing == []


def test_the_rules_page_has_the_same_chapters_and_pictures_in_both_languages() -> None:
    pages = [(DOCS / name).read_text("utf-8") for name in ("rules.md", "rules.zh.md")]
    for wanted in (r"^(#+) ", r"\]\((images/[a-z-]+)\.", r"^\| .*\|$"):
        found = [re.findall(wanted, page, re.M) for page in pages]
        assert len(found[0]) == len(found[1]), wanted
    assert re.findall(r"images/([a-z-]+)\.en", pages[0]) == re.findall(r"images/([a-z-]+)\.zh", pages[1])


def test_the_page_of_adopting_has_the_same_chapters_tables_pictures_and_blocks_in_both_languages() -> None:
    pages = [(DOCS / name).read_text("utf-8") for name in ("adopt.md", "adopt.zh.md")]
    for wanted in (r"^(#+) ", r"\]\((images/[a-z-]+)\.", r"^\| .*\|$", r"^```(\w*)$", r"--[a-z-]+"):
        found = [re.findall(wanted, page, re.M) for page in pages]
        assert len(found[0]) == len(found[1]), wanted
    assert {name for page in pages for name in re.findall(r"images/([a-z.-]+)\.png", page)} <= {
        file.stem for file in (DOCS / "images").iterdir()
    }


def test_the_page_of_operating_has_the_same_chapters_tables_and_blocks_in_both_languages() -> None:
    pages = [(DOCS / name).read_text("utf-8") for name in ("operate.md", "operate.zh.md")]
    for wanted in (r"^(#+) ", r"^\| .*\|$", r"^```(\w*)$"):
        found = [re.findall(wanted, page, re.M) for page in pages]
        assert len(found[0]) == len(found[1]), wanted


@pytest.mark.parametrize("name", ["operate.md", "operate.zh.md", "security.md"])
def test_every_link_of_the_pages_about_operating_leads_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", (DOCS / name).read_text("utf-8")):
        target, _, anchor = link.partition("#")
        page = DOCS / target if target else DOCS / name
        assert page.exists(), link
        titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M) if anchor else []
        anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
        assert not anchor or anchor in anchors, link


@pytest.mark.parametrize("name", ["rules.md", "rules.zh.md"])
def test_every_link_of_the_rules_page_leads_somewhere(name: str) -> None:
    page = (DOCS / name).read_text("utf-8")
    titles = re.findall(r"^#+ (.+)$", page, re.M)
    anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    for link in re.findall(r"\]\(([^)]+)\)", page):
        target, _, anchor = link.partition("#")
        assert (DOCS / target).exists() if target else anchor in anchors, link


def test_pictures_are_small() -> None:
    large = [file.name for file in (DOCS / "images").glob("rules-*.png") if file.stat().st_size > 150_000]
    assert large == []


def test_every_finding_code_has_one_meaning() -> None:
    codes: Counter[str] = Counter()
    for found in pkgutil.iter_modules(findings.__path__):
        module = importlib.import_module(f"{findings.__name__}.{found.name}")
        parts = [part for part in vars(module).values() if isinstance(part, dict)]
        codes.update(code for part in parts for code in part if code.startswith("QT"))
    assert len(codes) > 50
    assert [code for code, count in codes.items() if count > 1] == []


def test_the_page_of_the_workbook_engine_says_what_each_of_its_modules_is_about() -> None:
    room = DOCS.parent / "qtemplate" / "ooxml"
    page = (room / "README.md").read_text("utf-8")
    table = page[page.index("## Which module does what") :]
    named: set[str] = set()
    for first in re.findall(r"^\| (`[^|]+) \|", table, re.M):
        folder = ""
        for name in re.findall(r"`([a-z0-9_/]+)`", first):
            folder = name.rpartition("/")[0] or folder
            named.add(f"{folder}/{name.rpartition('/')[2]}".lstrip("/"))
    files = {file.relative_to(room).with_suffix("").as_posix() for file in room.rglob("*.py")}
    assert named == {name for name in files if not name.endswith("__init__")}
    for path in re.findall(r"`(tests/[a-z0-9_/]+\.py)`", page):
        assert (DOCS.parent / path).exists(), path


def test_an_english_page_names_sheets_and_columns_in_english() -> None:
    """Names of companies, and what a reporter may write as a first line, stay as they are written."""
    kept = re.compile(r"坚果云|企业微信|钉钉|飞书|WPS 云盘|百度网盘|\[中文\]|^\| `.*(?:分|解决|接受|批准).*$", re.M)
    for name in ("rules", "operate", "clocks", "refusals", "security", "web", "adopt", "fleet", "cli"):
        page = kept.sub("", (DOCS / f"{name}.md").read_text("utf-8"))
        assert re.findall(r".*[\u4e00-\u9fff].*", page) == [], name
