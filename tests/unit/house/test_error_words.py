"""The sentences of errors: every place that raises one has its words in both languages, with the same facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pytest

import qtemplate
from qtemplate import errors
from qtemplate.config import load_config
from qtemplate.errors import NotFound, QtemplateError, RegisterUnreadable, WorkbookRefused
from qtemplate.plan import Phrase
from qtemplate.texts import Quoted, make_error, quote, say_error
from qtemplate.texts.errors import ERRORS, WORKBOOK_ERRORS

PACKAGE = Path(qtemplate.__file__).parent
KINDS = {kind.__name__ for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)}
DAMAGE = "broken"
"""The function that makes the errors of a damaged archive: a word, what is wrong, the facts."""
CALLS = re.compile(rf"\b({'|'.join(sorted({*KINDS, DAMAGE, 'make_error'}))})\(")

BRING_THEIR_WORDS = {
    "qtemplate/dmn/table_problems.py",  # decision tables own their sentences; tests/unit/dmn/test_table_texts.py
    "qtemplate/jobs/mail/suppression.py",  # hands the words of another error on
    "qtemplate/ooxml/package/directory.py",  # `broken` itself, whose calls are looked at
}


@dataclass(frozen=True)
class Site:
    """One place that makes an error: its codes (two, where a condition chooses), the English if it stands there."""

    where: str
    codes: tuple[str, ...]
    english: str | None
    facts: frozenset[str]


def facts_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def literals(node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.IfExp):
        return (*literals(node.body), *literals(node.orelse))
    return (node.value,) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ()


def codes_of(node: ast.expr, scope: ast.AST) -> tuple[str, ...]:
    """The codes a call may have: literals, or what is assigned to the name in the same file."""
    if isinstance(node, ast.Name):
        assigned = [
            each.value
            for each in ast.walk(scope)
            if isinstance(each, ast.Assign) and any(isinstance(t, ast.Name) and t.id == node.id for t in each.targets)
        ]
        return tuple(code for value in assigned for code in literals(value))
    return literals(node)


def sites() -> Iterator[Site]:
    for file in sorted(PACKAGE.rglob("*.py")):
        where = file.relative_to(PACKAGE.parent).as_posix()
        text = file.read_text("utf-8")
        if not CALLS.search(text):  # most files raise nothing, and every worker looks at all of them
            continue
        tree = ast.parse(text)
        for call in ast.walk(tree):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
                continue
            name, place = call.func.id, f"{where}:{call.lineno}"
            facts = frozenset(word.arg for word in call.keywords if word.arg)
            if name == "make_error":
                yield Site(place, codes_of(call.args[1], tree), None, facts)
            elif name in KINDS or name == DAMAGE:
                if where in BRING_THEIR_WORDS and name != DAMAGE and not literals(call.args[0]):
                    continue
                codes, english = codes_of(call.args[0], tree), literals(call.args[1])
                if name == DAMAGE:
                    codes = tuple(f"broken_package.{code}" for code in codes)
                yield Site(place, codes, english[0] if english else "", facts)


SITES = list(sites())


def test_the_sites_are_found() -> None:
    assert len(SITES) > 200
    assert len({site.where.split("/")[1] for site in SITES}) >= 8


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.where)
def test_an_error_has_its_words_in_both_languages_with_the_facts_it_is_given(site: Site) -> None:
    assert site.codes, "the code must be a literal, so that it can be found in the catalogue"
    for code in site.codes:
        zh, en = (WORKBOOK_ERRORS[code], site.english) if site.english is not None else ERRORS[code]
        assert en
        assert facts_of(zh) == facts_of(en)
        assert facts_of(en) <= site.facts | {"holder"}
        assert site.facts - facts_of(en) <= {"holder"}  # who has the register open is asked for by itself


@pytest.mark.parametrize("code", ERRORS)
def test_a_sentence_is_complete_in_both_languages(code: str) -> None:
    zh, en = ERRORS[code]
    assert facts_of(zh) == facts_of(en)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in zh)
    assert en.isascii()


def test_no_sentence_is_left_over() -> None:
    raised = {code for site in SITES for code in site.codes}
    assert set(ERRORS) - raised == set()
    assert set(WORKBOOK_ERRORS) - raised == set()
    assert not set(ERRORS) & set(WORKBOOK_ERRORS)


def test_an_error_within_an_error_is_said_in_the_language_of_the_whole() -> None:
    inner = WorkbookRefused("signed", "The workbook carries a digital signature, which any change would break.")
    outer = RegisterUnreadable("unreadable.refused", "{book}: {reason}", book="a.xlsx", reason=inner)
    assert say_error(outer, "en") == str(outer) == f"a.xlsx: {inner}"
    assert say_error(outer, "zh") == "a.xlsx：工作簿带有数字签名，任何改动都会使签名失效。请先取消签名（文件 → 信息）。"


def test_phrases_among_the_facts_are_said_in_the_language_of_the_sentence() -> None:
    error = make_error(NotFound, "none.run", run="r1", near=Phrase.of("near.names", names=("r2", "r3")))
    assert str(error) == "There is no run 'r1'; the nearest are r2, r3."
    assert say_error(error, "zh") == "没有运行“r1”；最接近的有：r2、r3。"
    assert quote(error) == Quoted(say_error(error, "zh"), str(error))


def test_what_others_raise_is_quoted_as_they_word_it() -> None:
    assert say_error(OSError("disk on fire"), "zh") == "disk on fire"


def test_an_unknown_key_names_the_nearest_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "qtemplate.toml"
    file.write_text('[mail]\nhots = "x"\n', "utf-8")
    with pytest.raises(QtemplateError) as caught:
        load_config(file)
    assert say_error(caught.value, "en") == f"{file}: [mail] hots is not a key; did you mean host?"
    assert say_error(caught.value, "zh") == f"{file}：[mail] 中没有 hots 这一项；是不是想写 host？"


def test_a_wrong_value_says_what_was_expected_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "qtemplate.toml"
    file.write_text('[register]\nlanguage = "de"\n', "utf-8")
    with pytest.raises(QtemplateError) as caught:
        load_config(file)
    assert say_error(caught.value, "en") == f'{file}: [register] language is \'de\', expected one of "zh", "en".'
    assert say_error(caught.value, "zh") == f'{file}：[register] language 为 \'de\'，应为下列之一："zh"、"en"。'
