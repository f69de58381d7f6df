"""Templates that ship are compiled once on a machine; whatever else lies beside them is no code for us."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from qtemplate.mailer.words.compiled import CompiledTemplates


class Counting(Environment):
    """Says how many templates it had to compile."""

    compiled = 0

    def compile(self, *arguments: Any, **more: Any) -> Any:
        self.compiled += 1
        return super().compile(*arguments, **more)


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What a new process makes of `a.j2`, and how many templates it compiled for it."""
    (tmp_path / "mail").mkdir()

    def say(words: str | None = None, *, rules: bytes = b"1", shipped: Path = tmp_path) -> tuple[str, int]:
        if words is not None:
            (tmp_path / "mail" / "a.j2").write_text(words, "utf-8")
        monkeypatch.setattr(CompiledTemplates, "_code", {})
        cache = CompiledTemplates(rules, shipped)
        environment = Counting(loader=FileSystemLoader(tmp_path / "mail"), bytecode_cache=cache)
        return environment.get_template("a.j2").render(), environment.compiled

    return say


def test_the_next_process_compiles_only_what_has_other_words_or_other_rules(said: Any) -> None:
    assert [said("one"), said(), said("two"), said(), said(rules=b"2"), said(rules=b"2"), said()] == [
        *(("one", 1), ("one", 0), ("two", 1), ("two", 0)),
        *(("two", 1), ("two", 0), ("two", 1)),
    ]


def test_a_file_that_is_damaged_or_of_another_template_is_no_code(said: Any, tmp_path: Path) -> None:
    said("one")
    (kept,) = (tmp_path / "mail" / "__pycache__").iterdir()
    first = kept.read_bytes()
    said("two")
    found = [said()]
    for data in (first, b"", first[:40], first[:-1], kept.read_bytes()[:32] + first[32:]):
        kept.write_bytes(data)
        found.append(said())
    assert found == [("two", 0), *[("two", 1)] * 5]


def test_nothing_is_kept_beside_a_teams_own_or_where_nothing_may_be_written(said: Any, tmp_path: Path) -> None:
    assert said("one", shipped=tmp_path / "elsewhere") == ("one", 1)
    assert [each.name for each in (tmp_path / "mail").iterdir()] == ["a.j2"]
    (tmp_path / "mail" / "__pycache__").write_bytes(b"in the way")
    assert [said(), said()] == [("one", 1), ("one", 1)]
