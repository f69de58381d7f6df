"""What stops a command is said in the language of the terminal: `--lang`, else QTEMPLATE_LANG, else the locale."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook
from registers import WHOLE, make_workspace

from qtemplate.cli import main
from qtemplate.journal import held_state


def complaint(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[object, str]:
    """Exit code and what stands on stderr."""
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--config", str(folder / "qtemplate.toml"), "--now", "2026-07-16T09:00"])
    return left.value.code, capsys.readouterr().err.rstrip("\n")


def test_a_workbook_without_a_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_workspace(tmp_path, [WHOLE])
    book = Workbook()
    book.worksheets[0].title = "反馈登记1"
    path = tmp_path / "register.xlsx"
    book.save(path)
    code, zh = complaint(capsys, tmp_path, "check", "--lang", "zh")
    assert (code, zh.startswith(f"{path} 中没有登记表：没有哪一行的标题是 ")) == (4, True)
    assert "所有工作表都没有这些标题（“反馈登记1”名称相近，但没有这样的标题）" in zh
    code, en = complaint(capsys, tmp_path, "check", "--lang", "en")
    assert (code, en.startswith(f"{path} has no register sheet: looked for a row with headers such as ")) == (4, True)
    assert "no sheet has any of them (the sheet 反馈登记1 has a similar name but no such headers)" in en


def test_a_workspace_that_is_at_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_workspace(tmp_path, [WHOLE])
    with held_state(tmp_path / ".qtemplate" / "state.db"):
        monkeypatch.setenv("QTEMPLATE_LANG", "zh")
        zh = complaint(capsys, tmp_path, "run")
        monkeypatch.setenv("QTEMPLATE_LANG", "en")
        en = complaint(capsys, tmp_path, "run")
    assert zh == (5, f"工作区 {tmp_path} 正有另一次运行，本次停止。请等它结束后再试。")
    assert en == (
        5, f"Another run of the workspace {tmp_path} is under way; this one stops. Try again when it is done."
    )  # fmt: skip


def test_an_unknown_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = make_workspace(tmp_path, [WHOLE])
    config.write_text(config.read_text("utf-8").replace("\n[mail]\n", "\n[mail]\nmax_per_runs = 5\n", 1), "utf-8")
    assert complaint(capsys, tmp_path, "run", "--lang", "zh") == (
        4, f"{config}：[mail] 中没有 max_per_runs 这一项；是不是想写 max_per_run？"
    )  # fmt: skip
    assert complaint(capsys, tmp_path, "run", "--lang", "en") == (
        4, f"{config}: [mail] max_per_runs is not a key; did you mean max_per_run?"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh", "{path} 不存在。请改正路径，或把工作簿放到那里。"),
     ("en", "{path} does not exist; correct the path, or put the workbook there.")],
)  # fmt: skip
def test_in_json_an_error_has_its_code_and_its_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, sentence: str
) -> None:
    make_workspace(tmp_path, [WHOLE])
    (tmp_path / "register.xlsx").unlink()
    with pytest.raises(SystemExit):
        main(["run", "--json", "--lang", language, "--config", str(tmp_path / "qtemplate.toml")])
    printed = capsys.readouterr()
    message = sentence.format(path=tmp_path / "register.xlsx")
    assert json.loads(printed.out) == {
        "schema": 1,
        "error": {"kind": "RegisterUnreadable", "code": "unreadable.missing", "message": message},
        "exit": 4,
    }
    assert printed.err == f"{message}\n"
