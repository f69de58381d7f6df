"""Long work tells how far it is, a log has its line, a screen holds the report, and Ctrl-C says what was done."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from registers import WHOLE, make_workspace

from qtemplate.cli import main, progress
from qtemplate.cli.progress import LogProgress, TerminalProgress, cut, say_progress
from qtemplate.config import load_config
from qtemplate.jobs.run import check, run
from qtemplate.mailer.transports.folder import FolderTransport
from qtemplate.plan import Phrase
from qtemplate.report.shape import Shape
from qtemplate.report.text_report import to_text
from qtemplate.texts import say

NOW = "2026-07-16T09:00"
INVALID = {"email": "nobody", "model": "", "reporter": ""}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [WHOLE | INVALID | {"title": f"屏幕闪烁 {number}"} for number in range(12)]
    return make_workspace(tmp_path_factory.mktemp("w"), rows)


def test_a_step_is_told_with_counts_the_time_and_a_guess_of_the_rest() -> None:
    assert say_progress("rules", 0, 0, 4.2, 4.2, "en") == "Applying the rules · 4 s"
    assert say_progress("send", 50, 200, 30, 10, "en") == "Sending mails 50/200 · 30 s · about 30 s left"
    assert say_progress("send", 500, 20_000, 130, 10, "zh") == "发送邮件 500/20,000 · 已用 2 min 10 s · 约剩 6 min 30 s"
    assert say_progress("send", 1, 20_000, 130, 0.1, "en") == "Sending mails 1/20,000 · 2 min 10 s"
    assert cut("发送邮件 5", 9) == "发送邮件 "


def test_a_terminal_has_one_line_that_is_wiped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "BEAT", 0.001)
    with TerminalProgress("en", 30) as tell:
        tell("forms", 3, 40)
        while "Making forms 3/40" not in (seen := capsys.readouterr().err):
            pass
    assert "\n" not in seen and capsys.readouterr().err.endswith("\r\x1b[K")


def test_a_log_hears_of_long_work_only(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 9.0, 12.0, 13.0, 20.0, 43.0])
    monkeypatch.setattr("qtemplate.cli.progress.time.monotonic", lambda: next(clock))
    tell = LogProgress("en")
    for phase, done in (("read", 0), ("rules", 0), ("send", 1), ("send", 2), ("words", 0), ("words", 9)):
        tell(phase, done, 10 if done else 0)
    monkeypatch.undo()
    lines = capsys.readouterr().err.splitlines()
    assert [re.sub(r"^[0-9-]{10} [0-9:]{8}[+-]\d\d:\d\d ", "", line) for line in lines] == [
        "Sending mails 1/10 · 12 s",
        "Wording mails · 20 s",
    ]


def in_terminal(config: Path, *arguments: str, **around: str) -> str:
    """What a command shows on a terminal of 80 columns."""
    mine, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment |= {"COLUMNS": "80", "LINES": "30", "TERM": "xterm", "PYTHONUTF8": "1", **around}
    command = [sys.executable, "-m", "qtemplate", *arguments, "--config", str(config), "--now", NOW, "--lang", "en"]
    running = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(mine, 65536):
            shown += part
    except OSError:
        pass  # so Linux says that the other end is closed
    running.wait()
    os.close(mine)
    return shown.decode("utf-8").replace("\r\n", "\n").rpartition("\x1b[K")[2]


@pytest.mark.skipif(os.name == "nt", reason="a pseudo-terminal of POSIX")
def test_on_a_terminal_a_report_is_a_screen_in_colours_unless_somebody_minds(config: Path) -> None:
    shown = in_terminal(config, "check")
    plain = re.sub(r"\x1b\[\d+m", "", shown)
    assert "\x1b[31mQT" in shown
    assert 3 <= plain.count("\n  QT") < 15
    assert sum(max(1, -(-len(line) // 80)) for line in plain.splitlines()) <= 30
    assert "\x1b[3" not in in_terminal(config, "check", NO_COLOR="1")


def test_the_first_findings_fit_a_small_screen_and_the_rest_is_counted(config: Path) -> None:
    report = check(load_config(config))
    text = to_text(report, "en", shape=Shape(80, 5))
    wanted = sum(item.severity.value != "info" for item in report.findings)
    assert text.count("\n  QT") == 3 and f"… {wanted - 3} more" in text
    assert to_text(report, "en").count("\n  QT") == 15


def test_a_quiet_run_leaves_one_dated_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = make_workspace(tmp_path, [WHOLE])
    run_line = r"2026-07-16 09:00:00\+08:00 exit 0: \d+ cells, \d mails, 0 forms; findings: 0 errors, 0 warnings\.\n"
    for arguments, pattern in (
        (["run"], run_line),
        (["outbox", "send"], r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d\d:\d\d .+\n"),
    ):
        with pytest.raises(SystemExit):
            main([*arguments, "-q", "--config", str(config), "--now", NOW, "--lang", "en"])
        said = capsys.readouterr().out
        assert re.fullmatch(pattern, said), said
    config.write_text("[register]\nname = 1\n", "utf-8")
    with pytest.raises(SystemExit):
        main(["run", "-q", "--config", str(config), "--lang", "en"])
    assert re.match(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d", capsys.readouterr().err)


def test_who_stops_a_run_is_told_what_was_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = make_workspace(tmp_path, [WHOLE | {"title": f"屏幕闪烁 {number}"} for number in range(3)])
    sent = FolderTransport.send
    asked = iter((False, True))

    def send(self: FolderTransport, entry: object) -> object:
        if next(asked):
            raise KeyboardInterrupt
        return sent(self, entry)  # type: ignore[arg-type]  # handed on as it came

    with monkeypatch.context() as patched:
        patched.setattr(FolderTransport, "send", send)
        with pytest.raises(SystemExit) as left:
            main(["run", "--config", str(config), "--now", NOW, "--lang", "en"])
    said = capsys.readouterr().err
    found = re.search(r"Interrupted\. Done: (\d+) cells written, 1 mail gone\. Not done: (\d+) mails? waits? in", said)
    assert left.value.code == 130 and found is not None, said
    assert int(found[1]) > 10 and int(found[2]) >= 1
    assert run(load_config(config)).exit_code == 3  # and the next run goes on from there
    with monkeypatch.context() as patched:
        patched.setattr("qtemplate.jobs.look.read_world", lambda config: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(SystemExit) as left:
            main(["check", "--config", str(config), "--lang", "zh"])
    assert (left.value.code, capsys.readouterr().err.strip()) == (130, "已中断，没有改动任何内容。")


@pytest.mark.parametrize(
    ("words", "where", "told"),
    [
        (["report", "--lang", "en"], "jobs.month.command.report", "stopped.looked"),
        (["report", "--mail"], "jobs.month.command.report", "stopped.other"),
        (["--lang", "zh", "rules", "diff", "register.xlsx"], "jobs.rules.rules_diff.diff_rules", "stopped.looked"),
        (["adopt", "register.xlsx"], "jobs.adopting.look.propose_adoption", "stopped.looked"),
        (
            ["adopt", "register.xlsx", "--apply", "register.xlsx"],
            "jobs.adopting.apply.read_answers",
            "stopped.not_adopted",
        ),
        (["demo", "new", "--lang", "zh"], "jobs.demo.run", "stopped.demo"),
        (["doctor"], "jobs.doctor.doctor", "stopped.nothing"),
    ],
)
def test_who_stops_another_command_is_told_what_has_become_of_things(
    words: list[str],
    where: str,
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    make_workspace(tmp_path, [WHOLE])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(f"qtemplate.{where}", stop)
    for _ in range(2 if words[0] == "demo" else 1):  # a demo that is not finished is made anew
        with pytest.raises(SystemExit) as left:
            main(words)
    language = "zh" if "zh" in words else "en"
    facts = {"book": "register.xlsx", "folder": tmp_path / "new"}
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert (left.value.code, said) == (130, say(Phrase.of(told, **facts), language))


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("report", ["Reading the workbook", "Counting the month", "Writing the month"]),
        ("adopt", ["Recognising the columns", "Writing the proposal"]),
    ],
)
def test_a_report_and_an_adoption_tell_what_they_are_at(
    command: str, told: list[str], config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qtemplate.cli.progress.LOG_AFTER", 0)
    monkeypatch.setattr("qtemplate.cli.progress.LOG_NEXT", 0)
    monkeypatch.chdir(config.parent)
    book = [str(config.parent / "register.xlsx")] if command == "adopt" else []
    with pytest.raises(SystemExit):
        main([command, *book, "--config", str(config), "--now", "2026-08-03T09:00", "--lang", "en"])
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" ", 2)[2].partition("  ")[0].partition(" ·")[0] for line in lines] == told
