"""Commands asked in a folder, in Chinese and as JSON, as a team that adopts its workbook would."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qtemplate.cli import main

NOW = "2026-07-16T09:30"

Ask = Callable[..., dict[str, Any]]
"""The words of a command, and `now` -> what it printed, with its exit code."""


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Asks from the folder of the test on."""
    monkeypatch.chdir(tmp_path)

    def asked(*words: str, now: str = NOW) -> dict[str, Any]:
        with pytest.raises(SystemExit) as left:
            main([*words, "--now", now, "--json", "--lang", "zh"])
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return {**told, "code": left.value.code}

    return asked


def adopt(ask: Ask, book: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    """Looks at a workbook of the folder and applies the proposal as it is."""
    with pytest.raises(SystemExit):
        main(["adopt", book.name, "--lang", "zh"])
    capsys.readouterr()
    return ask("adopt", book.name, "--apply", "adopt.xlsx", *more)
