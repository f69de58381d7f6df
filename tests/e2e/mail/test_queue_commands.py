"""The queue as a person sees it: explain with every summand, rules diff, a points sheet that is broken or not there."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from registers import ASSESSED, make_workspace
from told import Told, register_of

from qtemplate.fields import Field
from qtemplate.register import Register
from qtemplate.sheets import edit_cells

POINTS = "排队积分"


def queues(register: Register) -> dict[str, list[str]]:
    """Department -> ids by place."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in (int(each) for each in register.frame.index):
        place = register.value(row, Field.QUEUE)
        if place is not None:
            found[register.value(row, Field.DEPARTMENT)].append((place, register.value(row, Field.ID)))
    for places in found.values():
        assert sorted(place for place, _ in places) == list(range(1, len(places) + 1))
    return {name: [id for _, id in sorted(places)] for name, places in found.items()}


def test_explain_adds_up_every_summand_and_says_who_stands_before(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for department, ids in queues(register_of(demo)).items():
        for place, id in list(enumerate(ids, 1))[::12]:
            told = Told(demo, capsys, "explain", id, "--json").data["priority"]
            points, standing = told["points"], told["standing"]
            assert points["sum"] == sum(rule["points"] for rule in points["rules"])
            assert all(rule["cells"] for rule in points["rules"])
            assert (standing["department"], standing["place"], standing["length"]) == (department, place, len(ids))
            assert place - 1 == standing["by_priority"] + standing["by_points"] + standing["by_time"]
    text = Told(demo, capsys, "explain", queues(register_of(demo))["生产部"][2]).text
    assert "生产部: place 3, capacity 42 (27 in the queue); 2 before it" in text
    assert "Points by 排队积分, added up: 160" in text
    assert "+100  rule 1 (row 6): 等级 = Urgent holds in B6" in text
    assert "+40  rule 5 (row 10): 安全隐患 = Yes holds in C10" in text


def test_a_diff_lists_who_moved_when_only_points_changed(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "old.xlsx"
    edit_cells(workspace / "register.xlsx", old, POINTS, {"G10": -500})
    told = Told(workspace, capsys, "rules", "diff", str(old), "--json")
    moved = told.data["places"]
    assert told.data["rows"] == []
    assert moved and all(item["before"] != item["after"] for item in moved)
    places = {item["id"]: item["after"] for item in moved}
    present = {id: place for ids in queues(register_of(workspace)).values() for place, id in enumerate(ids, 1)}
    assert places == {id: present[id] for id in places}
    assert "Places in the queues (old → new)" in Told(workspace, capsys, "rules", "diff", str(old)).text


OTHER = "内胆的涂层起泡脱落，清洗时掉出黑色的碎屑。"


def test_a_broken_points_table_is_told_and_the_queue_is_as_without_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = ASSESSED | {"reporter": "李娜", "safety": "unsure", "description": OTHER}
    register = make_workspace(tmp_path / "w", [ASSESSED, later]).parent / "register.xlsx"

    def told() -> tuple[Any, list[tuple[str, str, str]], list[int]]:
        plan = Told(tmp_path / "w", capsys, "plan", "--json")
        found = [
            (item["code"], item["sheet"], item["cell"]) for item in plan.data["findings"] if item["code"][:4] == "QT22"
        ]
        missing = [("QT200", item["severity"], "") for item in plan.data["findings"] if item["code"] == "QT200"]
        places = [edit["after"] for edit in plan.data["edits"] if edit["field"] == "queue"]
        return plan.code, found + missing, places

    assert told() == (0, [], [2, 1])
    edit_cells(register, register, POINTS, {"G6": "很多"})
    assert told() == (3, [("QT220", POINTS, "G6")], [1, 2])
    book = load_workbook(register)
    del book[POINTS]
    book.save(register)
    assert told() == (0, [("QT200", "info", "")], [1, 2])
