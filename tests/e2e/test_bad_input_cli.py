"""Bad input through the command line: one clear sentence and an exit code, or findings; nothing changed."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from registers import WHOLE, make_workspace
from told import typed

COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command at the moment of these tests."""
    return typed(folder, *arguments, "--now", "2026-07-16T09:00")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QTEMPLATE_LANG", "en")


def contents(folder: Path) -> dict[Path, bytes]:
    """Every file but the state of the workspace and its owner file."""
    return {
        file: file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and ".qtemplate" not in file.parts and not file.name.endswith(".qtemplate")
    }


def changed(change: Callable[[openpyxl.Workbook], None]) -> Callable[[bytes], bytes]:
    """The same workbook after a person's change."""

    def make(data: bytes) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(data))
        change(book)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    return make


def without_register(book: openpyxl.Workbook) -> None:
    del book["反馈登记"]


def doubled_header(book: openpyxl.Workbook) -> None:
    sheet = book["反馈登记"]
    sheet.cell(2, 30).value = sheet.cell(2, 4).value


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def another_zip(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("letter.txt", data[:100])
    return stream.getvalue()


BAD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "not a zip": (lambda data: b"id,title\n1,broken\n", "is not an Excel workbook"),
    "a zip that is no workbook": (another_zip, "without a workbook"),
    "encrypted": (lambda data: COMPOUND_FILE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4096, "password"),
    "truncated": (half, "is damaged"),
    "empty file": (lambda data: b"", "is empty"),
    "no register sheet": (changed(without_register), "no register sheet"),
    "two columns with one header": (changed(doubled_header), "反馈时间"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_register_that_cannot_be_used_is_said_in_one_sentence(tmp_path: Path, name: str) -> None:
    make_workspace(tmp_path, [WHOLE])
    register = tmp_path / "register.xlsx"
    make, words = BAD[name]
    register.write_bytes(make(register.read_bytes()))
    before = contents(tmp_path)
    for job in ("run", "check"):
        said = command(tmp_path, job)
        assert (said.returncode, said.stdout, said.stderr.count("\n")) == (4, "", 1), said.stderr
        assert "register.xlsx" in said.stderr and words in said.stderr
    assert contents(tmp_path) == before


def test_a_missing_register_is_said_in_one_sentence(tmp_path: Path) -> None:
    make_workspace(tmp_path, [WHOLE])
    (tmp_path / "register.xlsx").unlink()
    before = contents(tmp_path)
    said = command(tmp_path, "run", "--json")
    told = json.loads(said.stdout)
    assert (said.returncode, said.stderr.count("\n")) == (4, 1)
    assert (told["exit"], told["error"]["kind"]) == (4, "RegisterUnreadable")
    assert told["error"]["message"] == said.stderr.strip()
    assert contents(tmp_path) == before


def test_a_missing_configuration_is_said_in_one_sentence(tmp_path: Path) -> None:
    said = command(tmp_path, "run")
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (4, "", 1)
    assert "qtemplate.toml" in said.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("key", "meant"), [("max_per_runs = 5", "max_per_run"), ("alow_domains = []", "allow_domains")]
)
def test_an_unknown_key_is_answered_with_the_nearest_known_one(tmp_path: Path, key: str, meant: str) -> None:
    config = make_workspace(tmp_path, [WHOLE])
    config.write_text(config.read_text("utf-8").replace("\n[mail]\n", f"\n[mail]\n{key}\n", 1), "utf-8")
    before = contents(tmp_path)
    said = command(tmp_path, "run")
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (4, "", 1)
    assert key.split(" ")[0] in said.stderr and f"{meant}" in said.stderr.replace(key, "")
    assert contents(tmp_path) == before


def test_an_empty_table_is_no_error(tmp_path: Path) -> None:
    make_workspace(tmp_path, [])
    said = command(tmp_path, "run", "--json")
    told = json.loads(said.stdout)
    assert (said.returncode, said.stderr, told["register"]["rows"]) == (0, "", 0)
    assert (told["edits"], [item["kind"] for item in told["messages"]]) == ([], ["M25"])


def test_a_rule_cell_that_does_not_parse_skips_the_steps_that_need_it(tmp_path: Path) -> None:
    make_workspace(tmp_path, [WHOLE | {"severity": 4}])
    register = tmp_path / "register.xlsx"

    def spoil(book: openpyxl.Workbook) -> None:
        sheet = book["分级规则"]
        cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == ">= 4")
        cell.value = ">= 四 或者"

    register.write_bytes(changed(spoil)(register.read_bytes()))
    said = command(tmp_path, "run", "--json")
    told = json.loads(said.stdout)
    assert (said.returncode, said.stderr) == (3, "")
    broken = [item for item in told["findings"] if item["sheet"] == "分级规则"]
    assert [(item["severity"], item["cell"]) for item in broken] == [("error", "D9")]
    assert "四 或者" in broken[0]["message"]
    written = {item["field"] for item in told["edits"]}
    assert written.isdisjoint({"level", "suggested_level", "level_reason"})
    assert {"id", "status", "check", "respond_by"} <= written


@pytest.mark.parametrize("arguments", [["run", "--nwo", "x"], ["run", "--now", "gestern"], ["nonsense"]])
def test_a_wrong_command_line_exits_2(tmp_path: Path, arguments: list[str]) -> None:
    make_workspace(tmp_path, [])
    said = typed(tmp_path, *arguments)
    assert (said.returncode, said.stdout, "Traceback" in said.stderr) == (2, "", False)
