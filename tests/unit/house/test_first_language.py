"""A newcomer is met in their own language: help, complaints, and what `init` takes for granted."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from qtemplate.choices import Channel
from qtemplate.cli import chinese, main, outbox
from qtemplate.cli.commands import HOMES, cli
from qtemplate.cli.language import language_asked_for, terminal_language
from qtemplate.cli.web import CHANNELS
from qtemplate.config.system_zone import WINDOWS, is_zone, system_zone
from qtemplate.mailer.outbox.entry import State
from qtemplate.sheets import open_book, read_rulebook

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def a_machine_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "TZ"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("around", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_MESSAGES": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"QTEMPLATE_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"QTEMPLATE_LANG": "zh"}, "zh"),
    ],
)  # fmt: skip
def test_the_terminal_speaks_what_it_is_told_then_what_its_locale_names(
    around: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in around.items():
        monkeypatch.setenv(name, value)
    assert terminal_language() == language
    assert (terminal_language("zh"), language_asked_for(["check", "--lang=en"])) == ("zh", "en")


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    code: object = 0
    try:
        main([*arguments])
    except SystemExit as left:
        code = left.code
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, group
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def test_every_module_has_the_commands_by_which_it_is_found() -> None:
    homes = {home: import_module(f"qtemplate.cli.{home}").COMMANDS for home in HOMES}
    assert {home: tuple(command.name for command in found) for home, found in homes.items()} == HOMES
    assert (tuple(Channel), tuple(State)) == (CHANNELS, outbox.STATES)  # said there so that the help loads neither


def test_every_command_and_option_has_its_help_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    for path, _ in commands(cli):
        code, zh, _ = told(capsys, *path, "--help", "--lang", "zh")
        assert code == 0 and zh.startswith("用法：")
        assert not re.search(r"Usage|Options|Commands|Show this", zh)
        code, en, _ = told(capsys, *path, "--help")
        assert (code, bool(CHINESE.search(en))) == (0, False), path
    named = {" ".join(path) for path, _ in commands(cli)}
    assert set(chinese._HELP) == named


def test_arguments_that_are_not_understood_are_complained_of_in_the_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    asked = (["ini"], ["init"], ["check", "--nwo", "x"], ["check", "--now", "x"], ["outbox", "approve"],
             ["check", "more"], ["check", "--now"], ["plan", "-q", "--json=yes"])  # fmt: skip
    said = [told(capsys, *words) for words in asked]
    assert [code for code, _, _ in said] == [2] * len(asked)
    assert [err.splitlines()[-2] for _, _, err in said] == [
        "没有命令 ini。是不是想写 init？",
        "缺少参数 'DIR'。",
        "没有选项 --nwo。是不是想写 --now？",
        "'--now' 的值不能用：'x' 不是时刻，请写成 2026-07-15T20:00",
        "请用 KEY、--kind 或 --all-of 指明邮件",
        "多出了参数 (more)",
        "选项 '--now' 后面缺少值。",
        "选项 '--json' 后面不带值。",
    ]
    assert told(capsys, "ini", "--lang", "en")[2].endswith("Error: No such command 'ini'. Did you mean 'init'?\n")


def made(capsys: pytest.CaptureFixture[str], folder: Path, *options: str) -> tuple[dict[str, str], dict[str, str], int]:
    """What `init` answers, the section of the register it wrote, and how many days its calendar has."""
    code, out, err = told(capsys, "init", str(folder), "--json", *options)
    assert code == 0, err
    section = tomllib.loads((folder / "qtemplate.toml").read_text("utf-8"))["register"]
    rules = read_rulebook(open_book(folder / "register.xlsx"), language=section["language"])
    assert rules.calendar is not None
    return json.loads(out), {name: section[name] for name in ("language", "time_zone")}, len(rules.calendar.days)


def test_init_takes_language_zone_and_holidays_as_told_or_from_the_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/Chicago")
    answer, section, days = made(capsys, tmp_path / "plain")
    assert (section, days) == ({"language": "en", "time_zone": "America/Chicago"}, 0)
    assert answer == {
        "schema": 1,
        "config": str(tmp_path / "plain" / "qtemplate.toml"),
        "time_zone": "America/Chicago",
        "calendar": "",
    }
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("TZ", "UTC")  # a server's: nobody lives there
    monkeypatch.setattr("qtemplate.jobs.demo.system_zone", lambda: "")
    _, section, days = made(capsys, tmp_path / "zh")
    assert (section, days > 50) == ({"language": "zh", "time_zone": "Asia/Shanghai"}, True)
    options = ("--lang", "en", "--time-zone", "Europe/Berlin", "--calendar", "de")
    answer, section, days = made(capsys, tmp_path / "de", *options)
    assert (section, answer["calendar"], days > 10) == ({"language": "en", "time_zone": "Europe/Berlin"}, "de", True)


def test_a_zone_that_is_none_is_named_and_nothing_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = told(capsys, "init", str(tmp_path / "w"), "--time-zone", "Asia/Peking", "--lang", "zh")
    assert (code, err) == (2, "没有时区 Asia/Peking。请写 IANA 时区名，例如 Asia/Shanghai。\n")
    assert not (tmp_path / "w").exists()


def test_the_machine_tells_its_zone_by_variable_by_link_or_by_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    etc = tmp_path / "etc"
    etc.mkdir()
    assert system_zone(tmp_path) == ""
    (etc / "timezone").write_text("Europe/Rome\n")
    assert system_zone(tmp_path) == "Europe/Rome"
    (etc / "localtime").symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    assert system_zone(tmp_path) == "Asia/Tokyo"
    monkeypatch.setenv("TZ", ":Europe/Paris")
    assert system_zone(tmp_path) == "Europe/Paris"
    monkeypatch.setenv("TZ", "Etc/UTC")
    assert system_zone(tmp_path) == "Asia/Tokyo"
    assert [name for name in WINDOWS.values() if not is_zone(name)] == []
