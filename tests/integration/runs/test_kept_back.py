"""What a run did not do is said wherever somebody looks: once a reason, with a number and what to do."""

from __future__ import annotations

import email
import email.policy
import json
from pathlib import Path

import pytest
from registers import WHOLE, make_workspace
from scenes import scene_rows

from qtemplate.cli import main

NOW = "2026-07-16T09:00"


def told(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[object, str]:
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--config", str(folder / "qtemplate.toml"), "--now", NOW, "--lang", "en"])
    return left.value.code, capsys.readouterr().out


def nightly_result(folder: Path) -> str:
    for file in (folder / "outbox").glob("*.eml"):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain",))
        if body is not None and "夜间运行已完成" in (text := "".join(body.get_content().split())):
            return text
    raise AssertionError("no nightly result was made")


def test_a_synced_folder_is_named_by_run_plan_json_mail_and_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "OneDrive" / "quality"
    make_workspace(folder, scene_rows())
    why = (
        f"the register lies in {tmp_path / 'OneDrive'}, which OneDrive syncs; writing there makes conflict copies, so "
        'it is only proposed. Set [register] write = "always" to write all the same'
    )
    planned = json.loads(told(capsys, folder, "plan", "--json")[1])
    cells = {item["reason"]: item for item in planned["reasons"]}[why]
    assert cells["of"]["edit"] == sum(not item.get("follows") for item in planned["edits"])

    code, out = told(capsys, folder, "run")
    counted = f"Put off: {cells['of']['edit']:,} cells"
    line = next(line for line in out.splitlines() if counted in line)
    assert code == 5 and why in line
    assert line.endswith(
        "Better move the register to a file server or a local folder; docs/operate.md has a page about it."
    )
    assert "mails. Reason: their rows are not in the register yet. They follow by themselves." in out
    assert f"推迟{cells['of']['edit']:,}个单元格" in nightly_result(folder)
    assert "原因：登记表在OneDrive的同步文件夹" in nightly_result(folder)

    code, out = told(capsys, folder, "status")
    assert code == 5 and why in out and counted in out
    said = json.loads(told(capsys, folder, "run", "--json")[1])
    first = said["reasons"][0]
    assert (first["result"], first["reason"], first["of"]["edit"]) == ("deferred", why, cells["of"]["edit"])
    deferred = sum(item["count"] for item in said["reasons"] if item["result"] == "deferred")
    assert deferred == said["outcomes"]["deferred"] > 0


def test_mails_that_may_not_go_are_counted_by_their_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = make_workspace(tmp_path, [WHOLE, WHOLE | {"title": "屏幕闪烁不停"}])
    config.write_text(
        config.read_text("utf-8").replace('allow_domains = ["example.com"]', "allow_domains = []"), "utf-8"
    )
    planned = json.loads(told(capsys, tmp_path, "plan", "--json")[1])
    said = json.loads(told(capsys, tmp_path, "run", "--json")[1])
    assert planned["reasons"] == said["reasons"]
    held = [item for item in said["reasons"] if "allow_domains" in item["reason"]]
    assert [(item["result"], item["action"]) for item in held] == [("skipped", "To send them, add the domains there.")]
    assert held[0]["of"] == {"message": sum(mail["state"] == "held" for mail in said["messages"])}


def test_a_demo_in_a_synced_folder_writes_all_the_same_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, demo: Path
) -> None:
    from samples.build import build_register

    small = tmp_path / "samples"
    small.mkdir()
    (small / "register.en.xlsx").write_bytes(build_register("en", 1))
    monkeypatch.setattr("qtemplate.jobs.demo.samples_root", lambda: small)
    with pytest.raises(SystemExit) as left:
        main(["demo", str(tmp_path / "OneDrive" / "try"), "--lang", "en"])
    out = capsys.readouterr().out
    assert left.value.code == 3 and " 0 deferred" in out
    assert (
        f"OneDrive syncs {tmp_path / 'OneDrive'}. Nobody else works in the demo, so it is written all the same" in out
    )
