"""`upgrade`: what a newer version knows comes into a workbook in use, and goes again with `undo`."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from former import FORMER_NOW, by_newer_rules, filled, former_sample, former_workspace
from older_workbooks import NAMES, make_older, without_last_columns, without_sheet, without_value
from ooxml_lint import lint
from told import typed
from workbook_makers import read_parts, write_parts
from workspace_state import copy_workspace

from qtemplate.cli import main
from qtemplate.sheets import edit_cells, open_book
from qtemplate.sheets.layout import BY_KEY, VIEWS
from qtemplate.sheets.standard import build_workbook
from qtemplate.sheets.upgrading.standard_columns import StandardColumns

LADDER = {"zh": ["时限", "解释说明", "沟通负责人", "评估人"], "en": ["Clock", "Explained", "Contact", "Assessor"]}
"""What 0.1 lacked: the clock of a rung, a type of reply, and whom a rung may tell."""
FINAL = {"zh": "是否最终答复", "en": "Final reply"}  # what a logged call counts as
# what becomes of a safety hazard; the first has a drop-down list of its own
REPORT = {"zh": ["是否上报", "上报时间", "上报说明"], "en": ["Reportable", "Reported at", "Report reason"]}
AUTHORITY = {"zh": "监管", "en": "Authority report"}
"""And the clock of that; a workbook in use has it once somebody gives it a row of 答复时限."""
LISTS = {"zh": ["措施类别", "原因链", "裁决"], "en": ["Kind of action", "Chain of causes", "Decision"]}
INVESTIGATED = {
    "zh": ["措施跟踪", "原因分析", "方案评分", "验证记录", "回访", "会议", "待裁决"],
    "en": ["Actions", "Causes", "Options", "Verifications", "Surveys", "Meetings", "Decisions"],
}
"""And the logs of the investigation, with the lists behind their drop-downs."""
SCORING = {"zh": "评分设置", "en": "Scoring"}
MONTHLY = {"zh": ["月报", "产量", "阶段"], "en": ["Monthly report", "Volumes", "Phases"]}
AGAIN = {"zh": "重新批准", "en": "Approved again"}
FIGURES = {language: [BY_KEY[key].title(language) for key in (*VIEWS, "figures")] for language in ("zh", "en")}
CHOOSING = {"zh": "看板", "en": "Dashboard"}  # there their month and product are chosen
SINCE = {"zh": "首次出现", "en": "First seen"}
"""And the day on which a finding was seen first."""

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@dataclass(frozen=True)
class Reply:
    code: int
    data: dict[str, Any]


@dataclass(frozen=True)
class Workspace:
    folder: Path
    capsys: pytest.CaptureFixture[str]
    upgrade: dict[str, Any] = field(default_factory=dict)

    @property
    def register(self) -> Path:
        return self.folder / "register.xlsx"

    def ask(self, *words: str, lang: str = "en") -> Reply:
        """What a command answers as JSON."""
        config = str(self.folder / "qtemplate.toml")
        with pytest.raises(SystemExit) as left:
            main([*words, "--config", config, "--now", FORMER_NOW, "--lang", lang, "--json"])
        out = self.capsys.readouterr().out
        return Reply(int(str(left.value.code)), json.loads(out) if out else {})

    def say(self, *words: str, lang: str) -> str:
        """What a command says."""
        with pytest.raises(SystemExit):
            main([*words, "--config", str(self.folder / "qtemplate.toml"), "--now", FORMER_NOW, "--lang", lang])
        return self.capsys.readouterr().out


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The workspace of 0.1 after its demo run, its workbook without the newest things; made once a language."""

    @cache
    def made(language: str) -> Path:
        folder = former_workspace(tmp_path_factory.mktemp("former") / language, language)
        make_older(folder / "register.xlsx", language)
        return folder

    return made


@pytest.fixture
def older(
    request: pytest.FixtureRequest, books: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Workspace:
    """A copy of that workspace that is a test's own."""
    shutil.copytree(books(request.param), tmp_path / request.param)
    return Workspace(tmp_path / request.param, capsys)


@pytest.fixture(scope="module")
def upgrades(books: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The Chinese one after an upgrade, and what that said."""
    folder = tmp_path_factory.mktemp("upgraded") / "zh"
    shutil.copytree(books("zh"), folder)
    said = typed(folder, "upgrade", "--now", FORMER_NOW, "--lang", "en", "--json")
    return folder, json.loads(said.stdout)


@pytest.fixture
def upgraded(upgrades: tuple[Path, dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """A copy of that one."""
    copy_workspace(upgrades[0], tmp_path / "zh")
    return Workspace(tmp_path / "zh", capsys, upgrades[1])


BOTH = pytest.mark.parametrize(("older", "language"), [("zh", "zh"), ("en", "en")], indirect=["older"])
ONE = pytest.mark.parametrize(
    ("older", "language"), [("zh", "zh"), pytest.param("en", "en", marks=pytest.mark.campaign)], indirect=["older"]
)
"""What no language can change is asked in one, and of both in the campaign."""
CHINESE = pytest.mark.parametrize("older", ["zh"], indirect=True)


def but_reminders(reply: Reply) -> list[Any]:
    """The mails of a run but M02, M10 and M12: the version before asked less, and fewer people."""
    return [mail for mail in reply.data["messages"] if mail["kind"] not in ("M02", "M10", "M12")]


def but_newer_forms(reply: Reply) -> list[Any]:
    """The forms of a run but those whose answers go to the logs that an upgrade brings."""
    return [form for form in reply.data["forms"] if form["kind"] not in ("missing", "verification", "follow_up")]


def but_newer_rules(reply: Reply) -> list[Any]:
    newer = by_newer_rules(reply.data["edits"])
    return [edit for edit in reply.data["edits"] if edit not in newer]


def added(reply: Reply) -> list[str]:
    return [item["name"] for item in reply.data["added"]]


def all_new(language: str) -> list[str]:
    """What an upgrade adds to an older workbook, in the order in which it tells of it."""
    names, ladder = NAMES[language], LADDER[language]
    return [
        names["low_score_review"], *REPORT[language], names["notes"], *FIGURES[language], SINCE[language], ladder[0],
        names["gates"], SCORING[language], *MONTHLY[language], names["other"], ladder[1], AGAIN[language],
        REPORT[language][0], AUTHORITY[language], *ladder[2:], *LISTS[language], names["last_whys"], names["faults"],
        FINAL[language], names["summary"], *INVESTIGATED[language],
    ]  # fmt: skip


@BOTH
def test_an_older_workbook_gets_what_it_lacks_and_no_cell_of_a_person_changes(older: Workspace, language: str) -> None:
    names, before = NAMES[language], filled(older.register)
    flaws = lint(older.register)
    reply = older.ask("upgrade")
    assert (reply.code, added(reply)) == (0, all_new(language))
    after = filled(older.register)
    assert {place: after.get(place) for place in before} == before
    assert set(lint(older.register)) <= set(flaws)
    touched = {sheet for sheet, _, _ in after.keys() - before.keys()}
    sheets = ("register", "findings", "dictionary", "faults", "contacts", "escalation", "gates", "people")
    assert touched == {
        *(names[key] for key in sheets),
        SCORING[language],
        *MONTHLY[language][1:],
        *INVESTIGATED[language],
        *(*FIGURES[language], CHOOSING[language]),
    }
    assert (older.folder / "backups").is_dir()


@CHINESE
def test_a_dry_run_says_the_same_and_changes_nothing(older: Workspace) -> None:
    files = {path: path.read_bytes() for path in older.folder.rglob("*") if path.is_file()}
    dry = older.ask("upgrade", "--dry-run")
    assert {path: path.read_bytes() for path in older.folder.rglob("*") if path.is_file()} == files
    assert (dry.data["dry_run"], dry.data["backup"]) == (True, None)
    assert dry.data["added"] == older.ask("upgrade").data["added"]


@CHINESE
def test_undo_puts_the_very_file_back_and_a_second_upgrade_adds_the_same_again(older: Workspace) -> None:
    before = older.register.read_bytes()
    first = older.ask("upgrade")
    assert older.ask("upgrade").data["added"] == []
    assert older.ask("undo").code == 0
    assert older.register.read_bytes() == before
    assert older.ask("undo", first.data["run"]).data["upgrade"] == "nothing"
    assert older.ask("upgrade").data["added"] == first.data["added"]


@ONE
def test_upgraded_run_and_undone(older: Workspace, language: str) -> None:
    older.ask("run")  # what this version decides otherwise than 0.1
    before = older.register.read_bytes()
    run = older.ask("upgrade").data["run"]
    told = older.ask("run")
    told.data["messages"], told.data["forms"] = but_reminders(told), but_newer_forms(told)
    assert {kind: told.data[kind] for kind in ("edits", "rows", "messages", "forms")} == {
        "edits": [], "rows": [], "messages": [], "forms": [],
    }  # fmt: skip
    undone = older.ask("undo", run)
    assert (undone.code, older.register.read_bytes()) == (0, before)


@ONE
def test_a_workbook_that_was_not_upgraded_runs_on_and_doctor_says_once_what_it_lacks(
    older: Workspace, language: str
) -> None:
    told = older.ask("run")
    assert (told.code, but_newer_rules(told), but_reminders(told)) == (3, [], [])
    checks = {check["check"]: check for check in older.ask("doctor").data["checks"]}
    assert checks["upgrade"]["health"] == "note"
    assert NAMES[language]["notes"] in checks["upgrade"]["seen"]
    assert "gone" not in checks
    assert older.ask("upgrade").code == 0
    checks = {check["check"]: check for check in older.ask("doctor").data["checks"]}
    assert checks["upgrade"]["health"] == "ok"


@LANGUAGES
def test_a_standard_workbook_becomes_again_what_it_was(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = Workspace(former_workspace(tmp_path / language, language), capsys)
    (workspace.folder / ".qtemplate" / "state.db").unlink()
    whole = tmp_path / "whole.xlsx"
    whole.write_bytes(build_workbook(language))
    shutil.copyfile(whole, workspace.register)
    make_older(workspace.register, language)
    assert workspace.ask("upgrade").code == 0
    made, model = open_book(workspace.register), open_book(whole)
    books = ((workspace.register, made), (whole, model))
    names = NAMES[language]
    for sheet, table in ((names["register"], "tblFeedback"), (names["contacts"], "tblContacts")):
        (ours,), (theirs,) = ([t for t in book.tables(sheet) if t.name == table] for book in (made, model))
        assert (ours.area, ours.columns) == (theirs.area, theirs.columns)
        first, last = ours.first_data_row, ours.area.last_column
        columns = [StandardColumns(book).column(sheet, first, last) for book in (made, model)]
        assert columns[0] == columns[1]
    assert filled(workspace.register) == filled(whole)
    parts = [read_parts(path)[book.sheet_parts[names["register"]]] for path, book in books]
    assert sources(parts[0]) == sources(parts[1])


def sources(sheet: bytes) -> list[bytes]:
    """The formulas of all validations of a sheet."""
    return sorted(re.findall(rb"<formula1>([^<]*)<", sheet))


def test_a_column_that_was_there_at_an_earlier_run_is_unknown_and_not_added_again(upgraded: Workspace) -> None:
    upgraded.ask("run")
    without_last_columns(upgraded.register, "反馈登记", "tblFeedback", 1)
    without_value(upgraded.register, "数据字典", 3, "反馈渠道")
    reply = upgraded.ask("upgrade")
    assert (reply.code, reply.data["added"]) == (3, [])
    assert [(item["name"], item["like"]) for item in reply.data["unknown"]] == [("内部备注", None), ("其他", None)]
    checks = {check["check"]: check for check in upgraded.ask("doctor").data["checks"]}
    assert (checks["upgrade"]["health"], checks["gone"]["health"]) == ("ok", "warning")


@CHINESE
def test_a_column_the_program_wrote_in_a_former_version_is_known(older: Workspace) -> None:
    former_sample(older.register, "zh")
    headers = next(t.columns for t in open_book(older.register).tables("反馈登记"))
    without_last_columns(older.register, "反馈登记", "tblFeedback", len(headers) - headers.index("关联反馈"))
    reply = older.ask("upgrade")
    assert [item["name"] for item in reply.data["unknown"]] == ["关联反馈"]
    assert added(reply)[0] == "低分处理意见"


@CHINESE
def test_an_open_register_is_not_touched(older: Workspace) -> None:
    before = older.register.read_bytes()
    lock = older.folder / ".~lock.register.xlsx#"
    lock.write_text("林静,lin,PC-7,2026;", "utf-8")
    reply = older.ask("upgrade", lang="zh")
    assert (reply.code, older.register.read_bytes()) == (5, before)
    assert "林静" in reply.data["deferred"]
    assert not (older.folder / "backups").exists()
    lock.unlink()
    assert older.ask("upgrade").code == 0
    lock.write_text("林静,lin,PC-7,2026;", "utf-8")
    upgraded = older.register.read_bytes()
    assert (older.ask("undo").code, older.register.read_bytes()) == (5, upgraded)


def test_an_upgrade_is_not_taken_back_over_what_somebody_saved_since(upgraded: Workspace) -> None:
    run = upgraded.upgrade["run"]
    edit_cells(upgraded.register, upgraded.register, "反馈登记", {"H3": "有人改了"})
    saved = upgraded.register.read_bytes()
    reply = upgraded.ask("undo", run)
    assert (reply.code, reply.data["upgrade"], upgraded.register.read_bytes()) == (3, "changed", saved)
    assert Path(reply.data["backup"]).is_file()


def test_without_its_copy_an_upgrade_stays(upgraded: Workspace) -> None:
    run = upgraded.upgrade["run"]
    shutil.rmtree(upgraded.folder / "backups")
    before = upgraded.register.read_bytes()
    reply = upgraded.ask("undo", run)
    assert (reply.code, reply.data["upgrade"], upgraded.register.read_bytes()) == (3, "copy", before)


@CHINESE
def test_what_stands_in_the_way_is_left_out_and_named_and_the_rest_comes(older: Workspace) -> None:
    edit_cells(older.register, older.register, "沟通记录", {"F9": "便条"})
    reply = older.ask("upgrade")
    new = [name for name in all_new("zh") if name not in ("是否最终答复", "摘要")]
    assert (reply.code, added(reply)) == (3, new)
    assert [(item["name"], "沟通记录!F9" in item["reason"]) for item in reply.data["left_out"]] == [
        ("是否最终答复", True),
        ("摘要", True),
    ]
    said = older.say("upgrade", lang="zh")
    assert "不能添加：" in said and "沟通记录!F9" in said


def test_an_upgrade_is_not_taken_back_over_what_a_run_wrote_since(upgraded: Workspace) -> None:
    run = upgraded.upgrade["run"]
    edit_cells(upgraded.register, upgraded.register, "反馈登记", {"H3": "有人改了"})
    upgraded.ask("run")
    assert upgraded.ask("undo", run).data["upgrade"] == "changed"


def test_a_teams_own_workbook_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = Workspace(former_workspace(tmp_path / "zh", "zh"), capsys)
    for sheet in sheets_of(workspace.register)[6:]:
        without_sheet(workspace.register, sheet)
    before = workspace.register.read_bytes()
    assert (workspace.ask("upgrade").code, workspace.register.read_bytes()) == (4, before)


def sheets_of(path: Path) -> Sequence[str]:
    return open_book(path).sheet_names


def test_rule_sheets_are_not_asked_for_where_the_rules_stand_in_another_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = Workspace(former_workspace(tmp_path / "zh", "zh"), capsys)
    shutil.copyfile(workspace.register, workspace.folder / "rules.xlsx")
    config = workspace.folder / "qtemplate.toml"
    config.write_text(config.read_text("utf-8").replace('rules = ""', 'rules = "rules.xlsx"'), "utf-8")
    for sheet in ("分级规则", "故障词典", "人员"):
        without_sheet(workspace.register, sheet)
    without_sheet(workspace.register, "暂停记录")
    assert added(workspace.ask("upgrade", "--dry-run")) == [
        "低分处理意见",
        *REPORT["zh"],
        *FIGURES["zh"],
        "首次出现",
        "暂停记录",
        "是否最终答复",
        *INVESTIGATED["zh"],
    ]


@BOTH
def test_it_is_said_in_both_languages(older: Workspace, language: str) -> None:
    said = older.say("upgrade", "--dry-run", lang=language)
    assert ("现在什么都没有改" if language == "zh" else "nothing was changed now") in said
    done = older.say("upgrade", lang=language)
    assert f"qtemplate undo {json_run(older)}" in done


def json_run(workspace: Workspace) -> str:
    return str(workspace.ask("undo").data["run"])


@CHINESE
def test_a_new_sheet_whose_table_has_a_namesake_is_left_out(older: Workspace) -> None:
    parts = read_parts(older.register)
    workbook = parts["xl/workbook.xml"].replace(
        b"<definedNames>", b'<definedNames><definedName name="tblFaults">1</definedName>', 1
    )
    write_parts(older.register, {**parts, "xl/workbook.xml": workbook})
    reply = older.ask("upgrade")
    assert (reply.code, [item["name"] for item in reply.data["left_out"]]) == (3, ["故障词典"])
    assert added(reply) == [name for name in all_new("zh") if name != "故障词典"]
