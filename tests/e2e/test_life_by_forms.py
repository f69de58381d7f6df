"""A case that lives by its forms: handed over, investigated, verified, answered, not solved, opened again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from registers import ASSESSED, make_workspace

from qtemplate.config import load_config
from qtemplate.jobs.run import run
from qtemplate.ooxml.references import column_name, parse_cell
from qtemplate.report.run_report import RunReport
from qtemplate.sheets import edit_cells, open_book, read_register, read_rulebook

MONDAY = dt.datetime(2026, 7, 13, 9, 30)
ROW = ASSESSED | {"received_at": dt.datetime(2026, 7, 13, 8, 30), "department": "生产部", "owner": "孙浩"}
ID = "QF-2026-0001"
Lines = dict[str, list[dict[str, Any]]]

EIGHT_D: dict[str, Any] = {
    "containment": "库存全检", "root_cause": "端子没有锁扣，运输振动后松脱", "cause_code": "设计",
    "prevention": "设计规范增加锁扣要求", "conclusion": "可以验证",
}  # fmt: skip
TABLES: Lines = {
    "places": [{"quantity": 120, "checked": 120, "bad": 3, "marking": "红签隔离", "owner": "孙浩",
                "done": dt.date(2026, 7, 14)}],
    "occurrence": [{"why": "排线松脱", "evidence": "拆解照片"}, {"why": "端子没有锁扣"}, {"why": "规范没有要求"}],
    "escape": [{"why": "终检不做振动"}],
    "system": [{"why": "设计评审清单没有这一项"}],
    "options": [{"option": "改用锁扣端子", "cost": 3, "time": 4, "feasibility": 5, "risk": 4, "chosen": "是"}],
    "actions": [{"text": "更换端子", "against": "发生", "owner": "孙浩", "due": dt.date(2026, 7, 15),
                 "done": dt.date(2026, 7, 15), "before": "3/120", "after": "0/200", "n": 200}],
}  # fmt: skip


def come_back(folder: Path, name: str, answers: dict[str, Any], tables: Lines | None = None) -> None:
    """The form is filled in and put into forms/in."""
    form = folder / "forms" / "out" / f"{name}-{ID}.xlsx"
    names = load_workbook(form).defined_names
    cells: dict[str, Any] = {}
    sheet = ""
    wanted = {f"f_{key}": [value] for key, value in answers.items()}
    for table, lines in (tables or {}).items():
        for column in {column for line in lines for column in line}:
            wanted[f"t_{table}_{column}"] = [line.get(column) for line in lines]
    for key, values in wanted.items():
        [(sheet, area)] = names[key].destinations
        row, at_column = parse_cell(area.partition(":")[0])
        cells |= {f"{column_name(at_column)}{row + at}": each for at, each in enumerate(values) if each is not None}
    target = folder / "forms" / "in" / form.name
    target.parent.mkdir(parents=True, exist_ok=True)
    edit_cells(form, target, sheet, cells)


def typed(folder: Path, **values: Any) -> None:
    """A person types into the register."""
    path = folder / "register.xlsx"
    register = read_register(open_book(path))
    row = register.rows_by_id()[ID]
    cells = {str(cell.address): value for key, value in values.items() if (cell := register.cell(row, key))}
    edit_cells(path, path, register.sheet, cells)


def held(folder: Path, *keys: str) -> tuple[Any, ...]:
    """What the row says."""
    register = read_register(open_book(folder / "register.xlsx"))
    return tuple(register.value(register.rows_by_id()[ID], key) for key in keys)


def told(report: RunReport) -> tuple[list[str], list[str]]:
    """The kinds of mails about the case, and of forms, of a run."""
    mails = sorted({str(mail.kind) for mail in report.messages if mail.id == ID and mail.kind != "M10"})
    return mails, sorted(str(form.kind) for form in report.forms)


def test_a_major_case_goes_by_its_forms_from_transfer_to_reopening(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path, [ROW]))

    def night(days: int) -> tuple[str, list[str], list[str]]:
        report = run(config, MONDAY + dt.timedelta(days=days))
        return (str(held(tmp_path, "status")[0]), *told(report))

    assert night(0) == ("in_work", ["M01", "M03"], ["8d", "transfer"])
    come_back(tmp_path, "转交单", {"decision": "接受", "planned_at": dt.date(2026, 7, 15)})
    assert night(1) == ("in_work", ["M28"], [])
    come_back(tmp_path, "8D报告", EIGHT_D, TABLES)
    assert night(2) == ("to_verify", ["M28"], ["verification"])
    assert held(tmp_path, "contained_at", "solution", "implemented_at", "cause_code") == (
        dt.datetime(2026, 7, 14), "改用锁扣端子", dt.datetime(2026, 7, 15), "design",
    )  # fmt: skip
    come_back(tmp_path, "验证报告", {"verify_result": "通过", "verify_method": "实验室测试", "verifier": "何军",
                                  "verified_at": dt.date(2026, 7, 16), "samples": 50},
              {"criteria": [{"criterion": "拔出力", "limit": "20 N", "measured": "24 N", "pass": "是"}]})  # fmt: skip
    assert night(3) == ("to_reply", ["M28"], [])
    typed(tmp_path, reply_type="已解决", cause_for_reporter="端子松动", reply_approval="批准")
    assert night(4) == ("to_confirm", ["M14"], [])
    assert night(7) == ("to_confirm", ["M18"], ["follow_up"])
    come_back(tmp_path, "回访表", {"confirmation": "未解决", "satisfaction": 2, "opinion": "又不亮了"})
    status, mails, forms = night(8)
    assert (status, "M20" in mails, "M03" in mails, forms) == ("in_work", True, True, ["8d", "transfer"])
    logs = read_rulebook(open_book(tmp_path / "register.xlsx")).logs
    assert {log: len(rows) for log, rows in logs.items()} == {
        "actions": 2, "causes": 5, "options": 1, "verifications": 1, "surveys": 1, "meetings": 0, "decisions": 0,
    }  # fmt: skip
    again = load_workbook(tmp_path / "forms" / "out" / f"8D报告-{ID}.xlsx")
    [(sheet, cell)] = again.defined_names["f_root_cause"].destinations
    assert again[sheet][cell.replace("$", "")].value == EIGHT_D["root_cause"]
