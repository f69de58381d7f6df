"""Keys of mails and forms stay as former versions made them, so that what an older outbox holds is not sent again."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from former import FORMER_NOW, former_sample, former_workspace

from qtemplate.cli import main
from qtemplate.plan.form_kinds import FormKind
from qtemplate.plan.keys import FormKey, MessageKey
from qtemplate.sheets import edit_cells


def asked(workspace: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of the workspace's journal."""
    with closing(sqlite3.connect(workspace / ".qtemplate" / "state.db")) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_key_of_a_former_version_tells_what_the_outbox_says_of_its_mail(language: str, tmp_path: Path) -> None:
    workspace = former_workspace(tmp_path, language)
    rows = asked(workspace, "select key, kind, id, base, generation from outbox")
    keys = [MessageKey.parse(row[0]) for row in rows]
    assert [(key, key.kind, key.id, key.base, key.generation) for key in keys] == rows
    forms = [FormKey.parse(key) for (key,) in asked(workspace, "select key from form")]
    assert {form.kind for form in forms} == {FormKind.TRANSFER}
    carried = {form.mail for form in forms}
    assert {key for key in keys if key.startswith("M03/")} <= carried


NOT_SENT_NOW = ("M14/QF-2026-0086/2/", "M21/QF-2026-0076/1")
"""Mails of 0.1 that no run sends since: a reopened case is not answered with the solution of its earlier cycle, and
whoever was left dissatisfied is spoken to and gets no word of thanks."""


def kept(rows: list[tuple[Any, ...]]) -> list[str]:
    """The keys that stay; of a reply in progress without its digest.

    That digest leaves the solution out since 0.1. What 0.1 saw approved keeps its own, so that nothing goes again.
    """
    return [key.rpartition("/")[0] if key.startswith("M15/") else key for (key,) in rows]


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.campaign)])
def test_the_same_register_gets_the_keys_that_a_former_version_gave_it(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    former, today = former_workspace(tmp_path / "former", language), tmp_path / "today"
    today.mkdir()
    shutil.copyfile(former / "qtemplate.toml", today / "qtemplate.toml")
    former_sample(today / "register.xlsx", language)
    # the change log shows that the program wrote in this book, so its cells are the program's
    log = {"zh": "变更日志", "en": "Changes"}[language]
    edit_cells(today / "register.xlsx", today / "register.xlsx", log, {"B4": "QF-2026-0001", "G4": "qtemplate"})
    with pytest.raises(SystemExit):
        main(["run", "--config", str(today / "qtemplate.toml"), "--now", FORMER_NOW])
    capsys.readouterr()
    # wrong cells are asked about now, reminders go to whoever carries the clock, and whoever verifies is asked
    mails = "select key from outbox where kind not in ('M02', 'M10', 'M12', 'M25') order by key"
    for query in (mails, "select key from form order by key"):
        expected = [row for row in asked(former, query) if not row[0].startswith(NOT_SENT_NOW)]
        assert kept(asked(today, query)) == kept(expected)
