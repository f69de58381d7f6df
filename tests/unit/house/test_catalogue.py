"""The catalogue of words: complete in both languages, with the same facts, and the only home of prose."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import qtemplate
from qtemplate.fields import FIELDS
from qtemplate.plan import Phrase
from qtemplate.plan.mail_kinds import REPLIES
from qtemplate.texts import say
from qtemplate.texts.config_file import INTRODUCTION, SETTINGS
from qtemplate.texts.findings import FINDINGS
from qtemplate.texts.mail_problems import MAIL_PROBLEMS
from qtemplate.texts.mail_reading import MAIL_READING
from qtemplate.texts.reasons import REASONS
from qtemplate.texts.wanted import Wanted
from qtemplate.texts.workbook.dashboard import DASHBOARD
from qtemplate.texts.workbook.entry_errors import ENTRY_ERRORS, TITLE
from qtemplate.texts.workbook.guide import GUIDE, LEAD, LEGEND
from qtemplate.texts.workbook.guide import TITLE as GUIDE_TITLE
from qtemplate.texts.workbook.notes import BOUNDS, CLOCK_NOTES, CONDITIONS, FILLED_BY, OWN_NOTE, REQUIRED_NOTE
from qtemplate.texts.workbook.prompts import (
    BY_FILLER,
    HEADER_OF_FACTS,
    HEADER_OF_WORDS,
    HEADER_TITLE,
    IN_FACTS,
    IN_WORDS,
    PROMPTS,
)
from qtemplate.texts.workbook.rules_diff import DIFF
from qtemplate.texts.workbook.sheet_help import HELP

PACKAGE = Path(qtemplate.__file__).parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PROSE = re.compile(r"[\u4e00-\u9fff][^\n]*[。，；]")

PAIRS: dict[str, Mapping[Any, tuple[str, str]]] = {
    "reasons": REASONS,
    "mail problems": MAIL_PROBLEMS,
    "mail reading": MAIL_READING,
    "settings": SETTINGS,
    "wanted": {each.value: (each.label("zh"), each.label("en")) for each in Wanted},
    "dashboard": DASHBOARD,
    "entry errors": ENTRY_ERRORS,
    "sheet help": HELP,
    "prompts": PROMPTS,
    "who fills a column": BY_FILLER,
    "what may go out": dict(enumerate((HEADER_TITLE, HEADER_OF_WORDS, HEADER_OF_FACTS, IN_WORDS, IN_FACTS))),
    "conditions": CONDITIONS,
    "bounds": BOUNDS,
    "filled by": FILLED_BY,
    "clocks": CLOCK_NOTES,
    "single words": dict(enumerate((TITLE, OWN_NOTE, REQUIRED_NOTE))),
}

OWN_WORDS = {
    "cli/chinese.py": "help is printed before the catalogue is loaded",
    "dmn/table_texts.py": "decision tables could be published alone, so they bring their sentences",
    "sheets/standard/default_tables.py": "the tables of a new workbook are data: people change them there",
    "sheets/standard/default_checks.py": "the same",
    "sheets/standard/default_limits.py": "the same, of limits and of the ladder",
    "intake/mail/openings.py": "patterns for what mail programs write above a quotation",
    "intake/mail/signatures.py": "the same, of signatures and disclaimers",
    "rules/incoming/codes.py": "the same, of thanks that answer nothing",
    "sheets/rulebook/conditions.py": "a pattern for what people may write between two conditions",
}
"""Where prose may stand besides, and why."""


def facts_of(sentence: str) -> set[str]:
    """What it is handed; the header of a column, `{@key}`, it finds itself, and English may have a plain word."""
    names = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    columns = {name for name in names if name.startswith("@")}
    assert {name[1:] for name in columns} <= FIELDS.keys(), sentence
    return names - columns


@pytest.mark.parametrize("name", PAIRS)
def test_every_sentence_exists_in_both_languages_with_the_same_facts(name: str) -> None:
    for key, (zh, en) in PAIRS[name].items():
        assert zh and en, key
        assert facts_of(zh) == facts_of(en), key
        assert not CHINESE.search(en), key


def test_one_is_told_in_the_singular() -> None:
    told = [say(Phrase.of("kept_back.row", n=n), language) for language in ("en", "zh") for n in (0, 1, 2, "1,001")]
    assert told == ["0 rows", "1 row", "2 rows", "1,001 rows", "0 行", "1 行", "2 行", "1,001 行"]


COUNTED = re.compile(
    r"\{\w+\} (?:more |new |open )?(?:actions|cells|checks|columns|days|departments|entries|errors|examples|files"
    r"|findings|forms|hours|ids|mails|minutes|notes|numbers|photos|records|registers|rows|runs|sheets|tables|things|times"
    r"|warnings)\b"
)


def test_no_english_sentence_counts_in_the_plural_alone() -> None:
    said = {key: en for key, (_, en) in REASONS.items()} | {key: entry.action("en") for key, entry in FINDINGS.items()}
    assert {key: found[0] for key, sentence in said.items() if (found := COUNTED.search(sentence))} == {}


@pytest.mark.parametrize("code", FINDINGS)
def test_every_finding_exists_in_both_languages_with_the_same_facts(code: str) -> None:
    entry = FINDINGS[code]
    assert entry.action("zh") and entry.action("en")
    assert bool(entry.expected("zh")) == bool(entry.expected("en"))
    for sentence in (entry.expected, entry.action):
        assert facts_of(sentence("zh")) - {"field", "found"} == facts_of(sentence("en")) - {"field", "found"}


def test_the_guide_has_the_same_sections_and_lines_in_both_languages() -> None:
    assert [len(lines) for _, lines in GUIDE["zh"]] == [len(lines) for _, lines in GUIDE["en"]]
    assert set(LEGEND["zh"]) == set(LEGEND["en"])
    for words in (LEAD, GUIDE_TITLE, INTRODUCTION):
        assert set(words) == {"zh", "en"}
    assert set(DIFF["zh"]) == set(DIFF["en"])


def prose_in(file: Path) -> Iterator[str]:
    """Chinese sentences among the strings of a module, docstrings aside."""
    tree = ast.parse(file.read_text("utf-8"))
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in notes)
    yield from (node.value for node in strings if isinstance(node.value, str) and PROSE.search(node.value))


def test_prose_stands_in_the_catalogue_only() -> None:
    files = [file for file in PACKAGE.rglob("*.py") if "texts" not in file.relative_to(PACKAGE).parts]
    found = {file.relative_to(PACKAGE).as_posix() for file in files if any(prose_in(file))}
    assert found == set(OWN_WORDS)


def test_the_contact_log_has_words_for_every_reply() -> None:
    assert [kind for kind in REPLIES if f"log.{kind}" not in REASONS] == []
