"""A team whose columns bear our names: what stood there before the program came is theirs, and stays."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
from person import edit_lines, read_lines
from registers import ASSESSED, NOW, WHOLE, make_workspace
from workspace_state import copy_workspace, queue, sheet_cells

from qtemplate.config import load_config
from qtemplate.errors import NotFound
from qtemplate.files.owner_file import owner_path, read_owner
from qtemplate.jobs.mail.sending import send_due
from qtemplate.jobs.owning.claim import Whose, claim
from qtemplate.jobs.owning.ownership import NotOwner
from qtemplate.jobs.run import check, plan, run
from qtemplate.jobs.undo import undo
from qtemplate.report.text_report import to_text
from qtemplate.resources import samples_root

CLOSED = dt.datetime(2026, 7, 1, 10)
OWN: list[dict[str, Any]] = [
    ASSESSED | {"id": "KD-0417", "priority": "P4", "queue": 7, "level_reason": "例会定的", "title": "第一台按键不灵"},
    ASSESSED
    | {"id": "KD-0418", "priority": "P4", "clock": "等老王", "closed_at": CLOSED, "title": "第二台"}
    | {"close_type": "solved"},
    WHOLE | {"id": None, "title": "第三台按键不灵", "clock": "不急"},
]  # fmt: skip
THEIRS = ("id", "priority", "queue", "level_reason", "clock", "closed_at")


def theirs(folder: Path) -> list[list[Any]]:
    return [[line.get(key) for key in THEIRS] for line in read_lines(folder / "register.xlsx")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A book that the program has never written in, with a team's values in our columns."""
    make_workspace(tmp_path / "team", OWN, logged=False)
    return tmp_path / "team"


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after somebody said that the values are theirs, and a run; read only."""
    folder = tmp_path_factory.mktemp("claimed") / "team"
    claim(load_config(make_workspace(folder, OWN, logged=False)), NOW, whose=Whose.THEIRS)
    at(folder)
    return folder


@pytest.fixture
def claimed(first_night: Path, tmp_path: Path) -> Path:
    """A copy of that one."""
    copy_workspace(first_night, tmp_path / "claimed")
    return tmp_path / "claimed"


def at(folder: Path, moment: dt.datetime = NOW) -> Any:
    return run(load_config(folder / "qtemplate.toml"), moment)


def test_nothing_is_written_or_sent_before_somebody_says_whose_the_cells_are(folder: Path) -> None:
    config, before = load_config(folder / "qtemplate.toml"), (folder / "register.xlsx").read_bytes()
    with pytest.raises(NotOwner, match=r"claim --theirs.*claim --ours"):
        run(config, NOW)
    with pytest.raises(NotOwner):
        run(config, NOW, kind="watch")
    with pytest.raises(NotOwner):
        send_due(config, NOW)
    with pytest.raises(NotOwner):
        claim(config, NOW)
    assert (folder / "register.xlsx").read_bytes() == before
    assert not owner_path(folder / "register.xlsx").exists()


def test_check_and_plan_say_first_how_many_cells_are_kept(folder: Path) -> None:
    config = load_config(folder / "qtemplate.toml")
    for report in (check(config, NOW), plan(config, NOW)):
        [told] = [item for item in report.findings if item.code == "QT172"]
        assert dict(told.facts)["n"] == 9
        assert to_text(report, "en").startswith("9 cells in our columns hold people's values: kept")
        kept = {("KD-0417", "priority"), ("KD-0417", "id"), ("KD-0418", "closed_at"), ("KD-0418", "clock")}
        assert kept.isdisjoint({(edit.id, edit.field) for edit in report.edits})


def test_a_teams_values_survive_every_run_and_an_undo(claimed: Path) -> None:
    folder, config = claimed, load_config(claimed / "qtemplate.toml")
    for day in range(3):
        if day:
            at(folder, NOW + dt.timedelta(days=day))
        now = theirs(folder)
        assert now[0][:4] == ["KD-0417", "P4", 7, "例会定的"]
        assert [now[1][place] for place in (0, 1, 4, 5)] == ["KD-0418", "P4", "等老王", CLOSED]
        assert (now[2][0], now[2][4]) == ("QF-2026-0001", "不急")
    undo(config, None, NOW + dt.timedelta(days=3))
    assert [line[0] for line in theirs(folder)][:2] == ["KD-0417", "KD-0418"]
    at(folder, NOW + dt.timedelta(days=4))
    assert theirs(folder)[0][:4] == ["KD-0417", "P4", 7, "例会定的"]


def test_a_kept_number_is_the_id_in_keys_and_a_kept_closing_date_counts_as_the_closing(first_night: Path) -> None:
    about = {key.split("/")[1] for key in queue(first_night) if key.startswith("M03")}
    assert "KD-0417" in about and "KD-0418" not in about
    assert [line["status"] for line in read_lines(first_night / "register.xlsx")][1] == "已关闭"


def test_a_kept_cell_is_shown_and_not_used(claimed: Path) -> None:
    """The queue place and the clock of the row are worked out; the team's stand in the sheet."""
    late = at(claimed, NOW + dt.timedelta(days=30))
    assert [item for item in late.findings if item.code == "QT341"] == []
    again = at(claimed, NOW + dt.timedelta(days=30))
    assert again.edits == ()


def test_which_cells_are_kept_survives_a_lost_journal(claimed: Path) -> None:
    folder, config = claimed, load_config(claimed / "qtemplate.toml")
    before = theirs(folder)
    shutil.rmtree(folder / ".qtemplate")
    with pytest.raises(NotOwner):
        at(folder)
    claim(config, NOW)
    at(folder)
    assert theirs(folder) == before


def test_ours_makes_them_anew_and_the_former_number_comes_back_by_undo(folder: Path) -> None:
    config = load_config(folder / "qtemplate.toml")
    claim(config, NOW, whose=Whose.OURS)
    run(config, NOW, send=False)
    assert all(str(line[0]).startswith("QF-2026-") for line in theirs(folder))
    logged = sheet_cells(folder / "register.xlsx", ["变更日志"])["变更日志"]
    assert any("KD-0418" in map(str, row) for row in logged)
    [known] = {key.split("/")[1] for key in queue(folder) if key.startswith("M03")} & {"QF-2026-0001"}
    answer = undo(config, None, NOW)  # forms were made for the row that is transferred: its number is known outside
    assert answer.data["ids_known_outside"] == [known]
    assert [line[0] for line in theirs(folder)] == [known, "KD-0418", None]
    claim(config, NOW, whose=Whose.THEIRS)
    after = run(config, NOW, send=False)
    assert theirs(folder)[1][0] == "KD-0418"
    assert [item for item in after.findings if item.code == "QT142"] == []


def test_a_column_is_handed_over_alone_and_the_number_never(folder: Path) -> None:
    config = load_config(folder / "qtemplate.toml")
    claim(config, NOW, whose=Whose.OURS, hand_over=["排队位置"])
    with pytest.raises(NotFound):
        claim(config, NOW, hand_over=["id"])
    edit_lines(config.register.path, lambda lines: lines[0].update(queue=99))
    at(folder)
    assert theirs(folder)[0][2] == 99
    owner = read_owner(config.register.path)
    assert owner is not None and owner.handed_over == ("queue",)


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.campaign)])
def test_a_bare_copy_of_the_sample_is_a_book_the_program_wrote(language: str, tmp_path: Path) -> None:
    make_workspace(tmp_path, [], language=language)
    shutil.copyfile(samples_root() / f"register.{language}.xlsx", tmp_path / "register.xlsx")
    report = plan(load_config(tmp_path / "qtemplate.toml"), NOW)
    assert [item for item in report.findings if item.code == "QT172"] == []


def test_a_book_with_a_change_log_needs_no_claim_and_keeps_nothing(tmp_path: Path) -> None:
    make_workspace(tmp_path, OWN, logged=True)
    report = at(tmp_path)
    assert [item for item in report.findings if item.code == "QT172"] == []
    assert owner_path(tmp_path / "register.xlsx").exists()
