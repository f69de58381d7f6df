"""The house's own rules that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import qtemplate

PACKAGE = Path(qtemplate.__file__).parent

# openpyxl drops what it does not know, so it never opens a person's register; a form that came back is only read.
MAY_LOAD_WORKBOOKS = {"forms/collect.py"}
LINE_LIMIT = 400


def modules() -> Iterator[tuple[str, str]]:
    """Every module's path inside the package, and its text."""
    for file in sorted(PACKAGE.rglob("*.py")):
        yield file.relative_to(PACKAGE).as_posix(), file.read_text(encoding="utf-8")


@cache
def names_used(text: str) -> set[str]:
    """Every name a module imports or mentions, and every text it hands to an import function."""
    used: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                used |= {part for alias in names for part in alias.name.split(".")}
            case ast.ImportFrom(module=module, names=names):
                used |= {*(module or "").split("."), *(alias.name for alias in names)}
            case ast.Name(id=name) | ast.Attribute(attr=name):
                used.add(name)
            case ast.Call(func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module")):
                used |= {str(each.value) for each in node.args if isinstance(each, ast.Constant)}
    return used


def test_the_search_finds_every_way_to_name_a_module() -> None:
    ways = (
        "import smtplib as s",
        "from smtplib import SMTP",
        "import yagmail; yagmail.sender.smtplib.SMTP",
        "__import__('smtplib')",
        "import importlib; importlib.import_module('smtplib')",
        "from importlib import import_module; import_module('smtplib')",
    )
    assert ["smtplib" in names_used(way) for way in ways] == [True] * len(ways)


def test_no_module_touches_smtplib() -> None:
    assert [path for path, text in modules() if "smtplib" in names_used(text)] == []


def test_no_module_opens_a_workbook_with_openpyxl() -> None:
    assert {path for path, text in modules() if "load_workbook" in names_used(text)} <= MAY_LOAD_WORKBOOKS


def test_no_module_is_longer_than_one_idea() -> None:
    assert [path for path, text in modules() if len(text.splitlines()) > LINE_LIMIT] == []


def facts_by_text(text: str) -> list[int]:
    """Lines that name a remembered fact by a text of their own."""
    asks = {"fact", "facts_named", "remember", "Remember"}
    found = []
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Attribute(attr=called) | ast.Name(id=called), args=args) if called in asks:
                found += [node.lineno for each in args[:2] if is_text(each)]
    return found


def is_text(node: ast.expr) -> bool:
    """A text or f-string; "" is the id of what belongs to no feedback."""
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value)
    )


def test_every_remembered_fact_is_named_in_one_place() -> None:
    spelled = (
        'memory.fact(id, "cycle")',
        'memory.facts_named("cycle")',
        'Remember("", f"turn:{name}", 1)',
        'case.fact("cycle", 1)',
        'case.remember(f"logged:{key}", 1)',
    )
    assert [facts_by_text(each) for each in spelled] == [[1]] * len(spelled)
    assert facts_by_text("memory.fact(id, FactName.CYCLE), Remember(id, FactName.TURN.of(name), 1)") == []
    assert [path for path, text in modules() if facts_by_text(text)] == []


def test_no_pattern_has_a_possessive_group() -> None:
    """Python 3.11.0 to 3.11.4, which Debian 12 has, matches them wrongly; an atomic group says the same."""
    found = [name for name, text in modules() for line in text.splitlines() if re.search(r"\)[*+?]\+(?!\S*`)", line)]
    assert found == []


def mails_by_text(text: str) -> list[int]:
    """Lines that name a kind of mail, or begin a key, by a text of their own."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"M\d\d[A-Z]?(/.*)?", node.value)
    ]


def test_every_kind_of_mail_is_named_in_one_place_and_no_key_is_spelled() -> None:
    spelled = ('kind == "M10"', 'key = f"M10U/{id}"', 'key.startswith("M03/")')
    assert [mails_by_text(each) for each in spelled] == [[1], [1], [1]]
    assert mails_by_text("'''M10: one digest a person.'''\nkind == MailKind.DIGEST") == []
    assert {path for path, text in modules() if mails_by_text(text)} == {"plan/mail_kinds.py"}
