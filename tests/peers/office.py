"""A LibreOffice of a test's own, in another process: how tests ask it to edit and save a workbook as a person would."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from person import SHEET

SYSTEM_PYTHON = "/usr/bin/python3"

Step = tuple[Any, ...]
"""A verb of `office_editor.Hand` and its arguments: `("type", "分级规则", "D8", "1-3")`."""


def has_office() -> bool:
    if not (shutil.which("soffice") and Path(SYSTEM_PYTHON).exists()):
        return False
    return subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode == 0


needs_office = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(not has_office(), reason="no LibreOffice with UNO for the system's Python here"),
]


class Office:
    """The other editor."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._answer() == {"ready": True}

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def _ask(self, order: dict[str, Any]) -> float:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        assert "error" not in answer, answer
        return float(answer["saved"])

    def save(self, register: Path, cells: dict[str, str], insert: tuple[int, ...] = (), think: float = 0.0) -> float:
        """Opens, types into the register, saves, closes; the clock time at which the saved file was free."""
        return self._ask({"path": str(register), "sheet": SHEET, "cells": cells, "insert": insert, "think": think})

    def do(self, workbook: Path, *steps: Step) -> None:
        """Opens, does these steps one after the other, saves, closes."""
        self._ask({"path": str(workbook), "do": steps})


@contextlib.contextmanager
def office(profile: Path) -> Iterator[Office]:
    command = [SYSTEM_PYTHON, str(Path(__file__).with_name("office_editor.py")), str(profile)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Office(process)
    finally:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.close()
        process.wait(90)
        process.stdout.close()


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One for all the tests of a module."""
    with office(tmp_path_factory.mktemp("profile")) as program:
        yield program
