"""Workspaces as former versions left them: this version goes on where they stopped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from former import FORMER_NOW, by_newer_rules, filled, former_workspace

from qtemplate.cli import main
from qtemplate.ooxml.references import column_name


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.campaign)])
def test_a_workspace_of_a_former_version_runs_on_without_an_edit(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = former_workspace(tmp_path / language, language)
    before = filled(workspace / "register.xlsx")
    with pytest.raises(SystemExit):
        main(["run", "--config", str(workspace / "qtemplate.toml"), "--now", FORMER_NOW, "--json"])
    told = json.loads(capsys.readouterr().out)
    told["messages"] = [
        mail for mail in told["messages"] if mail["kind"] not in ("M02", "M10", "M12")
    ]  # wrong cells are asked about, customer service is reminded and whoever verifies is asked now
    back = by_newer_rules(told["edits"])
    told["edits"] = [edit for edit in told["edits"] if edit not in back]
    assert {kind: told[kind] for kind in ("edits", "rows", "messages", "forms")} == {
        "edits": [],
        "rows": [],
        "messages": [],
        "forms": [],
    }
    after, findings = filled(workspace / "register.xlsx"), "校验结果" if language == "zh" else "Findings"
    moved = {edit["cell"] for edit in back}
    told_in = (findings, "变更日志" if language == "zh" else "Changes")

    def others(cells: dict[tuple[str, int, int], Any]) -> dict[tuple[str, int, int], Any]:
        return {
            (name, row, at): value
            for (name, row, at), value in cells.items()
            if name not in told_in and not (f"{column_name(at)}{row}" in moved and name in ("反馈登记", "Feedback"))
        }

    assert others(after) == others(before)
    new = [value for place, value in after.items() if place[0] == findings and value not in set(before.values())]
    # people who have left: told since this version; what the workbook never had is no finding, `doctor` offers it
    assert {value for value in new if str(value).startswith("QT")} == {"QT150"}
