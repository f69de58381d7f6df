"""The sentences about tables: complete in both languages, with the same facts, and none unused."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import qtemplate
from qtemplate.dmn.feel_values import Kind
from qtemplate.dmn.table_problems import Problem, Severity, TableProblem, has_errors
from qtemplate.dmn.table_texts import CASES, EXPECTED_NAMES, KIND_NAMES, TABLES, WHATS
from qtemplate.dmn.unary_tests import Literal

SENTENCES = {**CASES, **TABLES}


def facts_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_has_the_same_facts_in_both_languages(code: str) -> None:
    zh, en = SENTENCES[code]
    assert facts_of(zh) == facts_of(en)
    assert re.search(r"[\u4e00-\u9fff]", zh)
    assert not re.search(r"[\u4e00-\u9fff]", en)


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_is_said_somewhere(code: str) -> None:
    package = Path(qtemplate.__file__).parent
    files = [file for room in ("dmn", "rules", "sheets") for file in (package / room).rglob("*.py")]
    said = "".join(file.read_text("utf-8") for file in files if file.name != "table_texts.py")
    assert f'"{code}"' in said


def test_every_kind_has_a_name() -> None:
    assert set(KIND_NAMES) == {*(kind.value for kind in Kind), "null"}
    assert all(zh and en for names in (KIND_NAMES, EXPECTED_NAMES, WHATS) for zh, en in names.values())


def test_facts_are_shown_in_the_language_of_the_sentence() -> None:
    facts = (
        ("column", "严重性"),
        ("expected", frozenset({Kind.DATE, Kind.DATETIME})),
        ("kind", None),
        ("found", Literal.of(None)),
    )
    problem = Problem("type_mismatch", facts)
    assert problem.sentence("zh") == "类型不符，无法判定：“严重性”应为日期 / 日期时间，现为空 null"
    expected = "type mismatch, cannot be decided: 严重性 should be a date / a date and time but is empty: null"
    assert problem.sentence("en") == expected


def test_an_error_names_sheet_and_cell() -> None:
    problem = TableProblem("分级规则", "C7", Severity.ERROR, "no_identifier")
    error = problem.error()
    assert (error.sheet, error.cell) == ("分级规则", "C7")
    assert str(error) == "分级规则!C7: the rule has no number. Write a number or a name in column A"
    assert has_errors([problem])
    assert not has_errors([TableProblem("T", "", Severity.WARNING, "no_rules")])


def test_a_limit_of_the_search_says_what_was_not_found_out() -> None:
    problem = TableProblem("T", "", Severity.INFO, "not_decided", (("what", "gap"),))
    assert problem.sentence("zh") == "表太大，未能查完空缺"
    assert problem.sentence("en") == "the table is too large to finish looking for gaps"
