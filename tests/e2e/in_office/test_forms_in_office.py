"""Every kind of form in both languages: made, filled in another editor, saved there, collected, and in the register."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from office import Office, needs_office
from openpyxl import load_workbook
from registers import ASSESSED, NOW, make_workspace

from qtemplate.config import load_config
from qtemplate.jobs.forms import make
from qtemplate.jobs.run import run
from qtemplate.plan.form_kinds import FormKind
from qtemplate.report.run_report import RunReport
from qtemplate.sheets import open_book, read_register, read_rulebook

pytestmark = needs_office

ANSWERED = dt.datetime(2026, 7, 16, 10, 30)
MORNING = dt.datetime(2026, 7, 17, 8, 30)
DAY, LATER_DAY = dt.datetime(2026, 7, 20), dt.datetime(2026, 8, 3)
WORDS = {"zh": 0, "en": 1}


@dataclass(frozen=True)
class Filled:
    """What a person types into a form, and what becomes of it; a pair is Chinese and English.

    Attributes:
        answers: Name of the answer -> what is typed.
        tables: Table -> lines of column -> what is typed; a number tells which line of the table.
        columns: Field -> what the register holds then.
        logs: Log -> lines of some of its columns.
    """

    answers: Mapping[str, Any]
    tables: Mapping[str, Mapping[int, Mapping[str, Any]]] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    logs: Mapping[str, list[Mapping[str, Any]]] = field(default_factory=dict)


CAUSE = "端子没有锁扣，运输振动后松脱"
FORMS: dict[FormKind, Filled] = {
    FormKind.TRANSFER: Filled(
        {"decision": ("接受", "Accept"), "planned_at": "2026-07-20", "note": "周一开始", "solution": "亮度调高一档",
         "implemented_at": "2026-07-15", "reply_type": ("已解决", "Solved"), "cause_for_reporter": "出厂亮度偏低"},
        columns={"accepted_at": ANSWERED, "planned_at": DAY, "solution": "亮度调高一档",
                 "implemented_at": dt.datetime(2026, 7, 15), "reply_type": "solved",
                 "cause_for_reporter": "出厂亮度偏低"},
    ),
    FormKind.EIGHT_D: Filled(
        {"containment": "库存全检，锁扣加胶", "break_point": "000123", "root_cause": CAUSE,
         "cause_code": ("设计", "Design"), "planned_at": "2026-07-20", "prevention": "设计规范增加锁扣要求",
         "conclusion": "可以关闭", "reply_type": ("无法满足", "Declined"), "reply_text": "该型号已停产"},
        {
            "team": {1: {"name": "孙浩", "part": "组长"}, 2: {"name": "何军", "part": "验证"}},
            "facts": {1: {"answer": "屏幕不亮"}, 7: {"answer": "3 台"}},
            "bounds": {2: {"is": "家庭厨房", "is_not": "出厂检验"}},
            "places": {
                1: {"quantity": "120", "checked": "120", "bad": "3", "marking": "红签", "owner": "孙浩",
                    "done": "2026-07-16"},
                3: {"quantity": "80", "checked": "80", "bad": "0", "done": "2026-07-20"},
            },
            "occurrence": {1: {"why": "排线松脱"}, 2: {"why": "端子没有锁扣", "evidence": "=拆解照片 3 张"}},
            "escape": {1: {"why": "终检不做振动"}},
            "system": {1: {"why": "规范没有锁扣要求"}},
            "options": {
                1: {"option": "改用锁扣端子", "cost": "3", "time": "4", "feasibility": "5", "risk": "4",
                    "chosen": ("是", "Yes")},
                2: {"option": "打胶", "cost": "5", "time": "5", "feasibility": "3", "risk": "2",
                    "chosen": ("否", "No")},
            },
            "actions": {
                1: {"text": "更换端子", "against": ("发生", "Occurrence"), "owner": "孙浩", "due": "2026-07-20",
                    "done": "2026-07-20", "before": "3/120", "after": "0/200", "n": "200"},
                2: {"text": "终检加振动", "against": ("流出", "Escape"), "owner": "何军", "due": "2026-08-03"},
            },
            "documents": {2: {"changed": ("是", "Yes"), "revision": "B/2", "done": "2026-08-03"},
                          3: {"changed": ("不适用", "n.a."), "revision": "没有作业指导书"}},
            "elsewhere": {1: {"text": "RC-500 同样端子", "owner": "孙浩", "due": "2026-08-03"}},
        },
        columns={"containment": "库存全检，锁扣加胶", "contained_at": DAY, "root_cause": CAUSE, "cause_code": "design",
                 "solution": "改用锁扣端子", "planned_at": DAY, "implemented_at": None,
                 "prevention": "设计规范增加锁扣要求", "reply_type": "declined", "reply_text": "该型号已停产"},
        logs={
            "actions": [
                {"no": "D3.1", "kind": "interim", "owner": "孙浩", "done": dt.date(2026, 7, 16)},
                {"no": "D3.2", "kind": "interim", "done": DAY.date()},
                {"no": "D6.1", "kind": "corrective", "text": "更换端子", "against": ("发生", "Occurrence"),
                 "owner": "孙浩", "due": DAY.date(), "done": DAY.date()},
                {"no": "D6.2", "kind": "corrective", "text": "终检加振动", "owner": "何军", "done": None},
                {"no": "D7.1", "kind": "preventive", "evidence": "B/2", "done": LATER_DAY.date()},
                {"no": "D7.1", "kind": "preventive", "text": "RC-500 同样端子", "due": LATER_DAY.date()},
            ],
            "causes": [
                {"chain": "occurrence", "step": "1", "why": "排线松脱"},
                {"chain": "occurrence", "step": "2", "why": "端子没有锁扣", "evidence": "=拆解照片 3 张"},
                {"chain": "escape", "step": "1", "why": "终检不做振动"},
                {"chain": "system", "step": "1", "why": "规范没有锁扣要求"},
            ],
            "options": [
                {"option": "改用锁扣端子", "cost": "3", "total": "4", "chosen": "yes"},
                {"option": "打胶", "risk": "2", "total": "3.75", "chosen": "no"},
            ],
        },
    ),
    FormKind.WHY: Filled(
        {"root_cause": CAUSE, "cause_code": ("物料", "Material"), "solution": "换供应商", "planned_at": "2026-08-03"},
        {"occurrence": {1: {"why": "排线松脱"}}, "escape": {1: {"why": "来料不检"}},
         "actions": {1: {"text": "换供应商", "against": ("流出", "Escape"), "owner": "孙浩", "due": "2026-08-03"}}},
        columns={"root_cause": CAUSE, "cause_code": "material", "solution": "换供应商", "planned_at": LATER_DAY},
        logs={
            "causes": [{"chain": "occurrence", "step": "1", "why": "排线松脱"},
                       {"chain": "escape", "step": "1", "why": "来料不检"}],
            "actions": [{"no": "W.1", "kind": "corrective", "text": "换供应商", "against": ("流出", "Escape"),
                         "owner": "孙浩", "due": LATER_DAY.date()}],
        },
    ),
    FormKind.VERIFICATION: Filled(
        {"verify_result": ("通过", "Passed"), "verify_method": ("实验室测试", "Laboratory test"), "verifier": "何军",
         "verified_at": "2026-07-16", "samples": "50", "remark": "振动 2 小时"},
        {"criteria": {1: {"criterion": "拔出力", "limit": "≥ 20 N", "measured": "24 N", "pass": ("是", "Yes")}}},
        columns={"verify_result": "passed", "verify_method": "lab", "verifier": "何军",
                 "verified_at": dt.datetime(2026, 7, 16)},
        logs={"verifications": [{"date": dt.datetime(2026, 7, 16), "verifier": "何军", "samples": "50",
                                 "criterion": "拔出力",
                                 "limit": "≥ 20 N", "measured": "24 N", "pass": "yes", "note": "振动 2 小时"}]},
    ),
    FormKind.MINUTES: Filled(
        {"held_at": "2026-07-16 09:00", "place": "二楼", "present": "孙浩、何军"},
        {"decided": {1: {"text": "先换货", "owner": "孙浩", "due": "2026-07-20"},
                     3: {"text": "查同批次", "owner": "何军"}}},
        logs={
            "meetings": [{"date": dt.datetime(2026, 7, 16, 9), "place": "二楼", "present": "孙浩、何军",
                          "decisions": ("先换货；查同批次", "先换货; 查同批次")}],
            "actions": [{"no": "M.1", "kind": "corrective", "text": "先换货", "owner": "孙浩", "due": DAY.date()},
                        {"no": "M.2", "kind": "corrective", "text": "查同批次", "owner": "何军", "due": None}],
        },
    ),
    FormKind.FOLLOW_UP: Filled(
        {"confirmation": ("已解决", "Solved"), "satisfaction": "5", "speed": "4", "clarity": "5", "attitude": "5",
         "result": "4", "agrees": ("是", "Yes"), "opinion": "+很快"},
        columns={"confirmation": "solved", "satisfaction": 5, "opinion": "+很快"},
        logs={"surveys": [{"confirmation": ("已解决", "Solved"), "satisfaction": "5", "speed": "4", "result": "4",
                           "opinion": "+很快", "agrees": "yes"}]},
    ),
    FormKind.MISSING: Filled(
        {"missing_1": "RC-300", "missing_2": "000123"},
        columns={"model": "RC-300", "batch": "000123"},
    ),
}  # fmt: skip

HANDED = ASSESSED | {"department": "生产部", "owner": "孙浩"}
REPLIED = HANDED | {
    "transferred_at": NOW, "accepted_at": NOW, "containment": "已换货", "contained_at": NOW, "root_cause": CAUSE,
    "cause_code": "design", "solution": "改用锁扣端子", "implemented_at": NOW, "cause_for_reporter": "排线松动",
}  # fmt: skip
ROWS: dict[FormKind, dict[str, Any]] = {
    FormKind.TRANSFER: HANDED,
    FormKind.EIGHT_D: HANDED | {"title": "屏幕有时不亮"},
    FormKind.WHY: HANDED | {"title": "按键有时不灵"},
    FormKind.VERIFICATION: REPLIED | {"title": "煮粥时溢出"},
    FormKind.MINUTES: HANDED | {"title": "内胆涂层脱落"},
    FormKind.FOLLOW_UP: REPLIED | {"title": "预约时间不准"},
    FormKind.MISSING: HANDED | {"title": "保温时断电", "model": None, "batch": None},
}
"""A row for each kind of form, in the order of the sheet."""


def said(value: Any, language: str) -> Any:
    return value[WORDS[language]] if isinstance(value, tuple) else value


def typed(form: Path, filled: Filled, language: str) -> list[tuple[str, ...]]:
    """The steps of a person who fills a form in."""
    names = load_workbook(form).defined_names
    steps: list[tuple[str, ...]] = []

    def type_into(name: str, line: int, text: Any) -> None:
        [(sheet, area)] = names[name].destinations
        letter, row = area.replace("$", "").partition(":")[0][0], int(area.replace("$", "").partition(":")[0][1:])
        steps.append(("type", sheet, f"{letter}{row + line - 1}", str(text)))

    for name, text in filled.answers.items():
        type_into("f_owner_note" if name == "note" else f"f_{name}", 1, said(text, language))
    for table, lines in filled.tables.items():
        for line, cells in lines.items():
            for column, text in cells.items():
                type_into(f"t_{table}_{column}", line, said(text, language))
    return steps


@dataclass(frozen=True)
class Night:
    """A workspace whose forms all came back."""

    folder: Path
    language: str
    report: RunReport
    ids: Mapping[FormKind, str]


@pytest.fixture(scope="module", params=["zh", "en"])
def night(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, editor: Office) -> Night:
    language = str(request.param)
    folder = tmp_path_factory.mktemp(language)
    config = load_config(make_workspace(folder, ROWS.values(), language=language))
    run(config, NOW)
    register = read_register(open_book(folder / "register.xlsx"))
    ids = dict(zip(ROWS, register.frame["id"].tolist(), strict=True))
    inbox = folder / "forms" / "in"
    inbox.mkdir(parents=True, exist_ok=True)
    for kind, id in ids.items():
        form = Path(str(make(config, id, kind, NOW).data["form"]["path"]))
        back = inbox / f"回复 {kind}.xlsx"
        back.write_bytes(form.read_bytes())
        editor.do(back, *typed(form, FORMS[kind], language))
        zone = config.register.time_zone
        moment = ANSWERED.replace(tzinfo=zone).timestamp()
        os.utime(back, (moment, moment))
    return Night(folder, language, run(config, MORNING), ids)


def test_the_register_holds_what_the_forms_say(night: Night) -> None:
    register = read_register(open_book(night.folder / "register.xlsx"))
    rows = register.rows_by_id()
    held = {kind: {key: register.value(rows[id], key) for key in FORMS[kind].columns} for kind, id in night.ids.items()}
    assert held == {kind: dict(FORMS[kind].columns) for kind in FORMS}
    assert sorted(file.name for file in (night.folder / "forms" / "done").iterdir()) == sorted(
        f"回复 {kind}.xlsx" for kind in FORMS
    )


def test_the_logs_hold_every_line_with_whence_it_came(night: Night) -> None:
    book = read_rulebook(open_book(night.folder / "register.xlsx"), language=night.language)
    for kind, id in night.ids.items():
        for log, lines in FORMS[kind].logs.items():
            found = [row for row in book.logs[log] if row.id == id]
            wanted = [{key: said(value, night.language) for key, value in line.items()} for line in lines]
            assert [{key: row.values[key] for key in line} for row, line in zip(found, wanted, strict=True)] == wanted
            assert {row.values["at"] for row in found} == {ANSWERED}
            assert all(row.values["form"] and row.values["round"] == "1" for row in found)
    at = {(entry.id, entry.at) for entry in book.contacts if entry.direction == "in"}
    assert at == {(id, ANSWERED) for id in night.ids.values()}


def test_everybody_is_told_what_came_and_the_next_night_does_nothing_more(night: Night) -> None:
    told = [message.id for message in night.report.messages if message.kind == "M28"]
    assert sorted(map(str, told)) == sorted(night.ids.values())
    again = run(load_config(night.folder / "qtemplate.toml"), MORNING + dt.timedelta(hours=1))
    assert ([row.key for row in again.rows], [item for item in again.findings if item.code == "QT623"]) == ([], [])


def test_rows_that_were_inserted_are_read_and_a_form_without_its_hidden_sheet_is_known(
    tmp_path: Path, editor: Office
) -> None:
    config = load_config(make_workspace(tmp_path, [HANDED]))
    run(config, NOW)
    form = Path(str(make(config, "QF-2026-0001", "why", NOW).data["form"]["path"]))
    [(sheet, area)] = load_workbook(form).defined_names["t_actions_text"].destinations
    first = int(area.replace("$", "").partition(":")[0][1:])
    inbox = tmp_path / "forms" / "in"
    inbox.mkdir(parents=True, exist_ok=True)
    back = inbox / "带插入行.xlsx"
    back.write_bytes(form.read_bytes())
    lines = [("type", sheet, f"A{first + at}", f"措施 {at + 1}") for at in range(4)]
    editor.do(back, ("unprotect", sheet), ("insert_row", sheet, first + 1), *lines, ("delete_sheet", "_qt"))
    assert load_workbook(back).sheetnames == [sheet]
    run(config, MORNING)
    found = read_rulebook(open_book(tmp_path / "register.xlsx")).logs["actions"]
    assert [row.text("text") for row in found] == [f"措施 {at + 1}" for at in range(4)]
