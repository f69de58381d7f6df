"""What the terminal or the reader of a pipe cannot take ends no command in a traceback."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from registers import WHOLE, make_workspace

from qtemplate.cli import main


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    row = WHOLE | {"title": "屏幕不亮\U0001f600", "description": "太短✓", "phone": "ß"}
    return make_workspace(tmp_path_factory.mktemp("w"), [row])


def printed(config: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, *arguments: str) -> bytes:
    """What a command writes to a terminal of that encoding, which refuses what it cannot show."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--config", str(config), "--now", "2026-07-15T20:00"])
    assert left.value.code in (0, 3)
    out.flush()
    return bytes(out.buffer.getvalue())


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
def test_a_character_that_the_terminal_lacks_ends_nothing(
    config: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    assert b"QT" in printed(config, monkeypatch, encoding, "check", "-v", "--lang", "zh")
    told = json.loads(printed(config, monkeypatch, encoding, "check", "--json"))
    assert told == json.loads(printed(config, monkeypatch, "utf-8", "check", "--json")) | {"seconds": told["seconds"]}


def test_a_reader_that_has_gone_and_a_full_disk_end_in_no_traceback(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    codes = []
    for fd in (writing, os.open("/dev/full", os.O_WRONLY)) if Path("/dev/full").exists() else (writing,):
        with monkeypatch.context() as patched, os.fdopen(fd, "w", encoding="utf-8") as out:
            patched.setattr("sys.stdout", out)
            with pytest.raises(SystemExit) as left:
                main(["check", "--config", str(config), "--now", "2026-07-15T20:00", "--lang", "en"])
        codes.append(left.value.code)
    assert codes == [3, 5][: len(codes)]
    assert "disk is full" in capsys.readouterr().err or len(codes) == 1
