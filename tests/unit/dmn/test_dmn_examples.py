"""The examples in the docstrings and in the README of the decision tables are run as they stand."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import qtemplate.dmn
from qtemplate.dmn import InputColumn, Literal, Rule, Table, parse_unary_tests
from qtemplate.dmn.model import HitPolicy

ROOM = Path(qtemplate.dmn.__file__).parent
NAMES = {each.__name__: each for each in (HitPolicy, InputColumn, Literal, Rule, Table, parse_unary_tests)}
WITH_EXAMPLES = {"cell_truths", "encoded_columns", "matched_rows", "rule_bits", "table_atoms", "uncovered"}


@pytest.mark.parametrize("name", [found.name for found in pkgutil.iter_modules([str(ROOM)])])
def test_the_examples_in_a_docstring_are_true(name: str) -> None:
    done = doctest.testmod(importlib.import_module(f"qtemplate.dmn.{name}"), extraglobs=NAMES)
    assert done.failed == 0
    assert (done.attempted > 0) == (name in WITH_EXAMPLES)


def test_the_example_in_the_readme_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOM / "README.md").read_text("utf-8")
    code, printed = (re.findall(rf"^```{kind}\n(.*?)^```$", page, re.M | re.S) for kind in ("python", "text"))
    exec(code[0], {})
    assert [capsys.readouterr().out] == printed


def test_the_readme_names_every_module() -> None:
    page = (ROOM / "README.md").read_text("utf-8")
    assert {found.name for found in pkgutil.iter_modules([str(ROOM)])} <= set(re.findall(r"`(\w+)`", page))
