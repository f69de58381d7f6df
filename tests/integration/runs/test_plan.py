"""`plan` promises what `run` does: no more and no less, and which of it happens only because mail has gone."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from deeds import deeds, promised
from demo_workspaces import first_run
from person import SHEET, columns, edit_lines, header_row, read_lines
from registers import ASSESSED, NOW, WHOLE, make_workspace
from scenes import scene_rows
from workspace_state import files_below, queue, sheet_cells

from qtemplate.config import Config, default_toml, load_config
from qtemplate.errors import GuardTripped
from qtemplate.jobs.demo import SAMPLE_DOMAINS, SAMPLE_MOMENT, ZONES
from qtemplate.jobs.run import plan, run
from qtemplate.ooxml.references import column_name
from qtemplate.report.json_report import to_json
from qtemplate.report.text_report import to_text
from qtemplate.resources import samples_root
from qtemplate.sheets.layout import BY_KEY

DAY = dt.timedelta(days=1)


def sample(folder: Path, language: str) -> Config:
    """The sample in a fresh workspace, as `demo` makes it."""
    folder.mkdir()
    shutil.copyfile(samples_root() / f"register.{language}.xlsx", folder / "register.xlsx")
    text = default_toml(language, ZONES[language], None, allow_domains=SAMPLE_DOMAINS, max_per_run=1000)
    (folder / "qtemplate.toml").write_text(text, "utf-8")
    return load_config(folder / "qtemplate.toml")


def configured(folder: Path, rows: list[dict[str, Any]], **settings: str) -> Config:
    """A small workspace with other settings: the first word of a line of the configuration -> the whole line."""
    file = make_workspace(folder, rows)
    lines = file.read_text("utf-8").splitlines()
    words = [line.split(" ", 1)[0] for line in lines]
    for word, line in settings.items():
        lines[words.index(word)] = line
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return load_config(file)


def later_rounds(config: Config, sheet: str, language: str) -> tuple[set[str], set[str], set[str]]:
    """What a workspace shows of the rounds that a run took after its first delivery.

    Returns:
        Addresses of register cells and ids of contacts that the copy made before the second writing lacks; keys of the
        mails that were made after one had gone, without the nightly result.
    """
    contacts = BY_KEY["contacts"].title(language)
    copy = config.workspace / "backups" / f"register-{SAMPLE_MOMENT:%Y%m%d-%H%M%S}-2.xlsx"
    before, after = (sheet_cells(file, [sheet, contacts]) for file in (copy, config.register.path))
    pairs = zip(before[sheet], after[sheet], strict=True)
    cells = {
        f"{column_name(column)}{row}"
        for row, (old, new) in enumerate(pairs, 1)
        for column, (one, other) in enumerate(zip(old, new, strict=True), 1)
        if one != other
    }
    ids = {str(cell) for line in after[contacts] for cell in line if line not in before[contacts]}
    events = "select key from outbox_event where from_state = '' and number > (select min(number) from outbox_event "
    with contextlib.closing(sqlite3.connect(config.workspace / ".qtemplate" / "state.db")) as database:
        made = {key for (key,) in database.execute(events + "where to_state = 'sent')")}
    return cells, {id for id in ids if id.startswith("QF-")}, {key for key in made if not key.startswith("M25/")}


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.campaign)])
def test_the_plan_of_the_sample_is_what_its_run_does_and_the_marks_are_what_the_later_rounds_did(
    tmp_path: Path, language: str
) -> None:
    config = sample(tmp_path / "sample", language)
    before = files_below(config.workspace)
    made = plan(config, SAMPLE_MOMENT)
    assert files_below(config.workspace) == before
    done = run(config, SAMPLE_MOMENT)
    assert promised(made) == promised(done)
    register, later = done.register, made.following
    cells = {str(cell.address) for edit in later.edits if (cell := register.cell(edit.row, edit.field))}
    keys = {mail.key for mail in later.messages}
    assert later_rounds(config, register.sheet, language) == (cells, {row.id for row in later.rows}, keys)
    assert (len(later.edits) > 50, len(later.rows), keys, later.forms) == (True, 8, set(), ())
    # a closing needs no delivery, and so the news of it does not follow from one
    assert len([mail for mail in made.direct.messages if mail.kind == "M21"]) == 2


def test_nothing_follows_in_a_run_that_only_queues(tmp_path: Path) -> None:
    made = plan(load_config(make_workspace(tmp_path / "made", scene_rows())), NOW)
    queued = first_run(tmp_path / "ran", scene_rows(), send=False)
    assert made.following and not queued.following
    assert deeds(queued.direct)["edits"] == deeds(made.direct)["edits"]


def test_what_follows_from_delivery_carries_the_mark_in_json_and_stands_apart_in_text(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path, scene_rows()))
    made = plan(config, NOW)
    said = to_json(made, "en")
    for name in ("edits", "rows", "messages", "forms"):
        marks = [item.get("follows") for item in said[name]]
        following = getattr(made.following, name)
        assert marks == [None] * (len(marks) - len(following)) + [True] * len(following)
    assert made.following.edits and made.following.rows
    counts = [len(getattr(made.following, name)) for name in ("edits", "rows", "messages", "forms")]
    lines = to_text(made, "en", details=True).splitlines()
    nouns = ("cell", "row", "mail", "form")
    told = (f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in zip(counts, nouns, strict=True))
    assert f"  Of these, only once mail has gone: {' · '.join(told)}" in lines
    later = lines[lines.index("  Once mail has gone:") + 1 :]
    assert all(line.startswith(f"  {edit.id}") for line, edit in zip(later, made.following.edits, strict=False))
    done = first_run(tmp_path / "ran", scene_rows())
    assert '"follows"' not in json.dumps(to_json(done, "en"))
    assert "once mail has gone" not in to_text(done, "en", details=True).lower()


@pytest.mark.parametrize(
    "settings",
    [
        {"allow_domains": "allow_domains = []"},
        {"max_per_run": "max_per_run = 1"},
        pytest.param({"quiet_hours": 'quiet_hours = "19:00-07:00"'}, marks=pytest.mark.campaign),
        pytest.param({"auto_approve": "auto_approve = []"}, marks=pytest.mark.campaign),
        {"write": 'write = "propose"'},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_nothing_follows_from_a_mail_that_the_run_would_keep_back(tmp_path: Path, settings: dict[str, str]) -> None:
    config = configured(tmp_path, scene_rows(), **settings)
    made = plan(config, NOW)
    done = run(config, NOW)
    assert deeds(made.following) == deeds(done.following)
    assert set(made.findings) == set(done.findings)
    direct = deeds(made.direct)
    if "write" in settings:
        assert (direct.pop("edits"), done.edits, done.rows) != (set(), (), ())
        direct |= {"edits": set(), "rows": set()}
    assert direct == deeds(done.direct)


def test_a_plan_tells_of_a_mail_that_would_be_held_and_of_one_that_waits_for_approval(tmp_path: Path) -> None:
    config = configured(tmp_path, scene_rows(), max_per_run="max_per_run = 3", auto_approve='auto_approve = ["M01"]')
    made = plan(config, NOW)
    states = {mail.key: mail.state for mail in made.messages}
    run(config, NOW)
    went = {key for key, state in states.items() if state == "approved"}
    assert {key: "sent" if key in went else state for key, state in states.items()} == queue(tmp_path)
    assert set(states.values()) == {"approved", "held", "drafted"}


def test_the_plan_of_a_second_night_knows_what_the_first_one_left_waiting(tmp_path: Path) -> None:
    first_run(tmp_path, scene_rows(), send=False)
    config = load_config(tmp_path / "qtemplate.toml")
    edit_lines(config.register.path, lambda lines: lines[1].update(severity=5))
    made = plan(config, NOW + DAY)
    assert promised(made) == promised(run(config, NOW + DAY))


def formula(book: openpyxl.Workbook) -> None:
    sheet = book[SHEET]
    for row in range(header_row(sheet) + 1, sheet.max_row + 1):
        sheet.cell(row, columns(sheet)["suggested_level"]).value = "=1+1"


def protected_log(book: openpyxl.Workbook) -> None:
    book["沟通记录"].protection.sheet = True


def protected_register(book: openpyxl.Workbook) -> None:
    book[SHEET].protection.sheet = True


@pytest.mark.parametrize("change", [formula, protected_log, protected_register])
def test_a_plan_leaves_out_what_the_workbook_does_not_take_and_says_so(
    tmp_path: Path, change: Callable[[openpyxl.Workbook], None]
) -> None:
    config = load_config(make_workspace(tmp_path, scene_rows()))
    book = openpyxl.load_workbook(config.register.path)
    change(book)
    book.save(config.register.path)
    made = plan(config, NOW)
    done = run(config, NOW)
    assert {item.code for item in made.findings} & {"QT710", "QT711", "QT714"}
    if change is not protected_register:  # the edits are shown all the same, as in a workbook that is only proposed to
        assert promised(made) == promised(done)
    assert set(made.findings) == set(done.findings)


def test_a_register_that_is_open_now_is_planned_as_if_it_were_free(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path, [WHOLE, ASSESSED]))
    lock = tmp_path / ".~lock.register.xlsx#"
    lock.write_text(",王芳,pc-1,15.07.2026 19:00,file:///home/wang;", "utf-8")
    made = plan(config, NOW)
    lock.unlink()
    assert promised(made) == promised(run(config, NOW))


def test_a_plan_stops_where_the_run_would(tmp_path: Path) -> None:
    first_run(tmp_path, scene_rows())
    config = load_config(tmp_path / "qtemplate.toml")
    edit_lines(config.register.path, lambda lines: lines[:3])
    with pytest.raises(GuardTripped, match="3 rows; after the last run it had 15"):
        plan(config, NOW + DAY)
    assert len(read_lines(config.register.path)) == 3
