"""A run that would find everything as the last one left it, and nothing due, is not made; any other is."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from registers import NOW, make_workspace
from scenes import scene_rows
from told import typed
from tried import tried
from workspace_state import copy_workspace, files_below

from qtemplate.config import Config, load_config
from qtemplate.files.footprint import Mark, Thing, mark_of, still
from qtemplate.files.owner_file import owner_path
from qtemplate.jobs.idle import look as looks
from qtemplate.jobs.idle.look import idle_look
from qtemplate.jobs.idle.places import FINDINGS, LOOKED, NOTE
from qtemplate.jobs.run import run
from qtemplate.jobs.status import tell_status
from qtemplate.report.answer import to_json, to_text
from qtemplate.report.json_report import finding_json
from qtemplate.report.run_report import RunReport
from qtemplate.sheets import edit_cells

SECOND = dt.timedelta(seconds=1)
PICTURE = "照片.jpg"


def note_of(config: Config) -> Any:
    return json.loads((config.workspace / NOTE).read_text("utf-8"))


def bounds(config: Config) -> tuple[dt.datetime, dt.datetime]:
    """The moment of the run that was noted, and until when nothing is due."""
    zone, note = config.register.time_zone, note_of(config)
    return dt.datetime.fromtimestamp(note["at"], zone), dt.datetime.fromtimestamp(note["until"], zone)


def run_to_rest(config: Config, moment: dt.datetime) -> RunReport:
    """Runs until nothing is due for a while: what was handed over this very second is asked after the next second."""
    for tick in range(4):
        report = run(config, moment + tick * SECOND)
        if (config.workspace / NOTE).exists() and bounds(config)[1] - bounds(config)[0] > SECOND:
            return report
    raise AssertionError("something is left to do")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with feedback in every state, after the runs of a day; one row names a picture that is not there."""
    folder = tmp_path_factory.mktemp("idle") / "made"
    rows = scene_rows()
    make_workspace(folder, [rows[0] | {"attachments": f"附件/{PICTURE}"}, *rows[1:]])
    run_to_rest(load_config(folder / "qtemplate.toml"), NOW)
    return folder


@pytest.fixture
def rested(made: Path, tmp_path: Path) -> Config:
    """A copy of it that has a note of its own."""
    copy_workspace(made, tmp_path / "w")
    config = load_config(tmp_path / "w" / "qtemplate.toml")
    run_to_rest(config, NOW + 10 * SECOND)
    return config


def state_of(config: Config) -> dict[str, bytes]:
    """Every file that a look leaves alone."""
    left = files_below(config.workspace)
    return {name: data for name, data in left.items() if not name.endswith((NOTE.name, LOOKED.name))}


def test_where_there_is_nothing_to_run_one_line_says_so_and_nothing_is_written(rested: Config) -> None:
    at, until = bounds(rested)
    before, moment = state_of(rested), (at + dt.timedelta(seconds=50)).isoformat()
    people = sum(item["severity"] != "info" for item in json.loads((rested.workspace / FINDINGS).read_text())["en"])
    english = typed(rested.workspace, "run", "--now", moment, "--lang", "en")
    assert (english.returncode, english.stderr) == (3, "")
    assert english.stdout == (
        f"Nothing has changed since the run at 2026-07-15 17:30, and nothing is due before {until:%Y-%m-%d %H:%M}: "
        f"there is nothing to run. {people} findings still need a person.\n"
    )
    chinese = typed(rested.workspace, "nightly", f"--now={moment}", "--lang=zh", "--no-mail")
    assert chinese.stdout == (
        f"2026-07-15 17:30 的运行之后没有任何变化，{until:%Y-%m-%d %H:%M} 之前也没有到期的事，这次不必运行。"
        f"仍有 {people} 个问题等人处理。\n"
    )
    logged = typed(rested.workspace, "run", "--now", moment, "-q", "--lang", "en").stdout
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d\d:\d\d Nothing has changed since .*\n", logged)
    assert state_of(rested) == before


def test_the_object_of_a_look_is_that_of_a_whole_run(rested: Config) -> None:
    moment = bounds(rested)[0].isoformat()
    look = typed(rested.workspace, "run", "--json", "--now", moment, "--lang", "en")
    whole = typed(rested.workspace, "run", "--json", "--full", "--now", moment, "--lang", "en")
    assert look.returncode == whole.returncode == 3
    one, other = json.loads(look.stdout), json.loads(whole.stdout)
    assert one.pop("run") != other.pop("run")
    assert (one.pop("seconds"), [*other.pop("seconds")][:1]) == ({}, ["read"])
    assert one == other


def test_whoever_wants_to_see_everything_gets_a_whole_run(rested: Config) -> None:
    moment = bounds(rested)[0].isoformat()
    for option in ("-v", "--full"):
        told = typed(rested.workspace, "run", option, "--now", moment, "--lang", "en")
        assert "Outcomes: 0 done" in told.stdout
    (rested.workspace / FINDINGS).unlink()  # as where there are too many to keep
    assert idle_look(rested.path, bounds(rested)[0], findings=True) is None
    assert idle_look(rested.path, bounds(rested)[0]) is not None


def test_status_counts_a_look_as_a_run(rested: Config) -> None:
    at = bounds(rested)[0]
    later = at + dt.timedelta(hours=3)
    waits = to_text(tell_status(rested, later), "en").partition(";")[2]
    assert to_json(tell_status(rested, later), "en")["looked"] is None
    looked = at + dt.timedelta(seconds=1)
    assert idle_look(rested.path, looked) is not None
    told = tell_status(rested, looked + dt.timedelta(hours=25.9))
    assert (told.exit_code, to_json(told, "en")["age_hours"]) == (3, 25.9)
    assert to_json(told, "en")["looked"] == looked.isoformat()
    assert to_text(told, "en") == (
        f"people are needed: last run 2026-07-15 17:30, looked 25.9 h ago and nothing had changed;{waits}"
    )
    assert tell_status(rested, looked + dt.timedelta(hours=26.1)).exit_code == 5


# -- what is noticed -------------------------------------------------------------------------------------------------


def put(config: Config, name: str, data: bytes | None = b"something else") -> Callable[[], None]:
    """Writes a file of the workspace, or takes it away; returns what makes that undone."""
    file = config.workspace / name
    before = file.read_bytes() if file.is_file() else None

    def write(content: bytes | None) -> None:
        if content is None:
            file.unlink(missing_ok=True)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def undo() -> None:
        write(before)
        folder = file.parent
        while folder != config.workspace and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    write(data)
    return undo


def edited(config: Config) -> bytes:
    """The register with one other cell."""
    changed = config.workspace / "edited"
    edit_cells(config.register.path, changed, "反馈登记", {"L5": "另一个说法"})
    data = changed.read_bytes()
    changed.unlink()
    return data


NOTICED = {
    "a cell": lambda config: put(config, "register.xlsx", edited(config)),
    "the register is gone": lambda config: put(config, "register.xlsx", None),
    "a setting": lambda config: put(config, "qtemplate.toml", config.path.read_bytes() + b"\n# other"),
    "a template": lambda config: put(config, "templates/mail/M10.zh.html.j2"),
    "a form came back": lambda config: put(config, "forms/in/8D.xlsx"),
    "a mail in a folder": lambda config: put(config, "intake/in/mail/one.eml"),
    "how a list is read": lambda config: put(config, "intake/web.toml"),
    "something to be looked at": lambda config: put(config, "forms/problem/8D.xlsx"),
    "a file that a row names": lambda config: put(config, f"附件/{PICTURE}"),
    "a conflict copy": lambda config: put(config, "register (冲突 2026-07-15).xlsx"),
    "volumes": lambda config: put(config, "volumes.csv"),
    "who writes the register": lambda config: put(config, owner_path(config.register.path).name),
    "the state": lambda config: put(config, ".qtemplate/state.db", b"restored"),
    "what is not in the state's file yet": lambda config: put(config, ".qtemplate/state.db-wal"),
}


@pytest.mark.parametrize("what", NOTICED)
def test_a_change_is_noticed_and_so_is_that_it_is_undone(what: str, rested_once: Config) -> None:
    at = bounds(rested_once)[0]
    assert idle_look(rested_once.path, at) is not None
    undo = NOTICED[what](rested_once)
    assert idle_look(rested_once.path, at) is None
    undo()
    assert idle_look(rested_once.path, at) is not None


@pytest.fixture(scope="module")
def rested_once(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The copy that everything is tried on and undone."""
    folder = tmp_path_factory.mktemp("tried") / "w"
    copy_workspace(made, folder)
    config = load_config(folder / "qtemplate.toml")
    run_to_rest(config, NOW + 10 * SECOND)
    return config


def test_time_program_and_place_are_noticed(rested_once: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    config = rested_once
    at, until = bounds(config)
    assert [idle_look(config.path, each) is not None for each in (at - SECOND, at, until - SECOND, until)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert idle_look(config.path, at.replace(tzinfo=None)) is not None  # as in the register's zone
    other = config.workspace / "other.toml"
    shutil.copyfile(config.path, other)
    assert idle_look(other, at) is None
    other.unlink()
    monkeypatch.setattr(looks, "program_identity", lambda: "the next version")
    assert idle_look(config.path, at) is None


def test_what_people_do_with_the_mails_is_noticed(rested: Config) -> None:
    at = bounds(rested)[0]
    listed = json.loads(typed(rested.workspace, "outbox", "list", "--json").stdout)["messages"]
    assert idle_look(rested.path, at) is not None
    key = next(mail["key"] for mail in listed if mail["state"] == "sent")
    assert typed(rested.workspace, "outbox", "resend", key, "--now", at.isoformat()).returncode == 0
    assert idle_look(rested.path, at) is None


def test_rules_and_a_team_s_workbook_elsewhere_are_noticed(made: Path, tmp_path: Path) -> None:
    copy_workspace(made, tmp_path / "w")
    others = {name: tmp_path / f"{name}.xlsx" for name in ("rules", "source")}
    text = (tmp_path / "w" / "qtemplate.toml").read_text("utf-8")
    text = re.sub(r"(?m)^(rules|source) = .*\n", "", text)
    settings = "".join(f"{name} = {json.dumps(str(path))}\n" for name, path in others.items())
    text = text.replace("[register]\n", f"[register]\n{settings}", 1)
    (tmp_path / "w" / "qtemplate.toml").write_text(text, "utf-8")
    for path in others.values():
        shutil.copyfile(made / "register.xlsx", path)
    config = load_config(tmp_path / "w" / "qtemplate.toml")
    run_to_rest(config, NOW + 10 * SECOND)
    for path in others.values():
        at, before = bounds(config)[0], path.read_bytes()
        assert idle_look(config.path, at) is not None
        path.write_bytes(before + b" ")
        assert idle_look(config.path, at) is None
        path.write_bytes(before)


def test_a_run_that_leaves_something_to_do_notes_nothing(rested: Config) -> None:
    at = bounds(rested)[0]
    put(rested, "register.xlsx", edited(rested))
    lock = rested.register.path.with_name("~$register.xlsx")
    lock.write_bytes(b"\x03lin")
    report = run(rested, at + SECOND)
    assert (report.exit_code, (rested.workspace / NOTE).exists()) == (5, False)
    lock.unlink()
    run(rested, at + 2 * SECOND, send=False)
    assert not (rested.workspace / NOTE).exists()


def test_what_watch_noted_does_not_keep_digests_back(rested: Config) -> None:
    at = bounds(rested)[0]
    run(rested, at + SECOND, kind="watch")
    assert idle_look(rested.path, at + SECOND) is None
    assert idle_look(rested.path, at + SECOND, digests=False) is not None


def test_a_note_that_this_program_does_not_understand_is_none(rested_once: Config) -> None:
    at, file = bounds(rested_once)[0], rested_once.workspace / NOTE
    whole = file.read_text("utf-8")
    for broken in ("", "{", "[]", "{}", whole.replace('"schema": 1', '"schema": 2'), whole.replace('"things"', '"t"')):
        file.write_text(broken, "utf-8")
        assert idle_look(rested_once.path, at) is None
    file.write_text(whole, "utf-8")
    assert idle_look(rested_once.path, at) is not None


def test_size_and_time_are_trusted_only_well_after_the_last_change(tmp_path: Path) -> None:
    file = tmp_path / "register.xlsx"
    file.write_bytes(b"one")
    thing, mark = Thing("file", str(file)), mark_of(Thing("file", str(file)))
    alike = Mark(mark.shape, mark.newest, "the content before, written in the same tick")
    assert still(thing, mark, mark.newest) == mark
    assert still(thing, alike, mark.newest + 1_999_999_999) is None
    assert still(thing, alike, mark.newest + 2_000_000_000) == alike
    assert still(thing, alike, mark.newest + 2_000_000_000, doubt=True) is None
    file.write_bytes(b"two")
    assert still(thing, mark, time.time_ns() + 10**10) is None


# -- what is left out would have done nothing ------------------------------------------------------------------------


@contextmanager
def twin(config: Config) -> Iterator[Config]:
    """A copy of the workspace as it is, for a whole run beside the look."""
    folder = config.workspace.with_name("twin")
    copy_workspace(config.workspace, folder)
    yield load_config(folder / "qtemplate.toml")
    shutil.rmtree(folder)


def said_in(findings: list[dict[str, Any]], folder: Path) -> list[str]:
    """Findings as text, without the place of the workspace."""
    return sorted(json.dumps(each, ensure_ascii=False).replace(str(folder), "") for each in findings)


SPOILT = {"the register is gone", "the state", "what is not in the state's file yet", "who writes the register"}
"""After these no whole run goes through."""

CHANGES = ["nothing", *(name for name in NOTICED if name not in SPOILT)]
DAYS = 12


@tried(st.integers(0, DAYS * 24 * 3600), st.sampled_from(CHANGES), st.floats(0, 1), few=3, many=150)
def test_a_run_that_is_left_out_would_have_done_nothing(seconds: int, change: str, within: float) -> None:
    """At any moment up to the last second before something is noted as due, whatever else was changed before."""
    with make_rested(NOW + dt.timedelta(seconds=seconds)) as config:
        if change != "nothing":
            NOTICED[change](config)
        at, until = bounds(config)
        moment = at + within * (until - SECOND - at)
        moment = moment.replace(microsecond=0) if within < 1 else until - SECOND
        moment = max(moment, at)
        idle = idle_look(config.path, moment, findings=True)
        if idle is None:
            assert change != "nothing"
            return
        with twin(config) as beside:
            whole = run(beside, moment)
            assert (whole.edits, whole.rows, whole.messages, whole.forms) == ((), (), (), ())
            assert (whole.exit_code, sum(whole.outcomes.values())) == (idle.exit_code, 0)
            found = [finding_json(item, "en") for item in whole.findings]
            assert said_in(found, beside.workspace) == said_in(idle.findings["en"], config.workspace)


@contextmanager
def make_rested(moment: dt.datetime) -> Iterator[Config]:
    """The workspace at rest at some moment after the day it was made for."""
    made = PLACE[0]
    folder = made.with_name("tried")
    copy_workspace(made, folder)
    config = load_config(folder / "qtemplate.toml")
    run_to_rest(config, moment)
    try:
        yield config
    finally:
        shutil.rmtree(folder)


PLACE: list[Path] = []


@pytest.fixture(autouse=True, scope="module")
def _place(made: Path) -> None:
    """Hypothesis calls a property without fixtures."""
    PLACE[:] = [made]
