"""Answers of commands: the same facts as text and as JSON, in both languages."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from qtemplate.choices import Level
from qtemplate.errors import GuardTripped, NotFound, RegisterLocked, WorkbookRefused
from qtemplate.plan import Phrase
from qtemplate.report.answer import Answer, Section, columns, to_json, to_text

ANSWER = Answer(
    {
        "at": dt.datetime(2026, 7, 15, 20),
        "level": Level.URGENT,
        "said": Phrase.of("undo.done", run="r1", n=2),
        "cells": ({"before": None, "after": ""}, {"before": 1.0, "after": "x"}),
    },
    (
        Section(None, (Phrase.of("undo.done", run="r1", n=2),)),
        Section("Nothing", ()),
        Section("Cells", ("a\nb", Phrase("undo.mails"))),
    ),
    3,
)


def test_json_has_codes_iso_moments_and_words() -> None:
    assert json.loads(json.dumps(to_json(ANSWER, "en"))) == {
        "schema": 1,
        "at": "2026-07-15T20:00:00",
        "level": "urgent",
        "said": "2 cells of run r1 were taken back",
        "cells": [{"before": None, "after": ""}, {"before": 1.0, "after": "x"}],
    }


def test_text_has_sections_and_leaves_empty_ones_out() -> None:
    assert to_text(ANSWER, "zh") == (
        "已撤销运行 r1 的 2 格改动\n\nCells\n  a\n  b\n  已发出的邮件、表单和追加的行不受影响\n"
    )


def test_columns_align_chinese_and_latin() -> None:
    assert columns([["等级", "n"], ["x", "10"]]) == ["等级  n", "x     10"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFound("none.run", "x"), 2),
        (RegisterLocked("locked.writing", "x"), 5),
        (GuardTripped("register.shrunk", "x"), 5),
        (WorkbookRefused("signed", "x"), 4),
    ],
)
def test_every_error_has_its_exit_code(error: Exception, code: int) -> None:
    from qtemplate.cli.options import exit_code_of

    assert exit_code_of(error) == code  # type: ignore[arg-type] # all of them are errors of ours
