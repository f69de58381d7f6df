"""Workspaces as former versions left them: this version goes on where they stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from former import FORMER_NOW, former_workspace

from qtemplate.cli import main


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_workspace_of_a_former_version_runs_on_without_an_edit(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = former_workspace(tmp_path / language, language)
    before = (workspace / "register.xlsx").read_bytes()
    with pytest.raises(SystemExit):
        main(["run", "--config", str(workspace / "qtemplate.toml"), "--now", FORMER_NOW, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert {kind: told[kind] for kind in ("edits", "rows", "messages", "forms")} == {
        "edits": [],
        "rows": [],
        "messages": [],
        "forms": [],
    }
    assert (workspace / "register.xlsx").read_bytes() == before
