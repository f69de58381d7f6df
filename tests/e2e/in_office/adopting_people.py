"""The people of a team that adopts its register: whom they enter, and what they fill in when they are asked."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from adopt_registers import TeamBook

DEPARTMENTS = ("研发部", "生产部", "设计部", "品控部", "客服部")
FIVE = ("李想一", "王芳一", "赵敏一", "孙强一", "周洁一")
ANSWERS = {
    "received_at": "2026-07-15 10:00",
    "reporter": "陈先生",
    "phone": "13800001111",
    "email": "chen@example.com",
    "contact_other": "微信 chen",
    "product": "电饭煲",
    "model": "RC-300",
    "title": "插头发热，有焦味",
    "description": "插头发热，有焦味，已经停用，请尽快处理",
    "channel": "服务热线",
    "reporter_type": "外部客户",
    "organisation": "华东经销商",
    "version": "1.0",
    "batch": "L2601",
    "scene": "厨房，插在墙上的插座",
    "env_hardware": "RC-300",
    "env_software": "1.0",
    "env_network": "无",
}
ASKED = ("QT103", "QT105", "QT107", "QT110", "QT111", "QT112", "QT160")
"""What is missing, and what nobody can read."""

CATEGORIES = ("包装问题", "服务问题", "其他")


def staff(team: TeamBook, cells: dict[tuple[str, int, int], Any], sheet: str) -> dict[str, str]:
    """Name -> department: whoever their register names, five more, and one for each department of theirs."""
    at = {key: number for number, (_, right) in enumerate(team.columns, 1) for key in right}
    rows = range(team.header_row + 1, team.header_row + 99)
    named = [
        (cells.get((sheet, row, at.get("owner", 0))), cells.get((sheet, row, at.get("department", 0)))) for row in rows
    ]
    people = {str(name): str(place or "客服部") for name, place in named if name}
    people |= dict(zip(FIVE, DEPARTMENTS, strict=True))
    for place in dict.fromkeys(str(place) for _, place in named if place):
        people.setdefault(f"{place}的人", place)
    return people


def sheet_of(people: dict[str, str]) -> dict[str, Any]:
    """Cells of the sheet of people."""
    return {
        f"{column}{row}": text
        for row, (name, department) in enumerate(people.items(), 4)
        for column, text in (("A", name), ("B", f"p{row}@example.com"), ("C", department))
    }


def answers(
    name: str, sheet: str, findings: Sequence[dict[str, Any]], ungraded: Sequence[str]
) -> Iterator[tuple[str, str, str, str]]:
    """What they type into the cells that the findings name, and the severities that nobody had given.

    Args:
        name: Of the register: one team answers otherwise than another.
        sheet: The register's.
        findings: Of a run.
        ungraded: Cells of the column of severities that are empty.
    """
    chance = random.Random(f"{name} answers")
    for item in findings:
        if item["code"] in ASKED and item["sheet"] == sheet:
            text = chance.choice(CATEGORIES) if item["field"] == "category" else ANSWERS.get(item["field"])
            if text is not None:
                yield "type" if item["field"] == "received_at" else "fill", sheet, item["cell"], text
        if item["code"] == "QT331" and item["sheet"] == sheet:
            yield "fill", sheet, item["cell"], chance.choice(DEPARTMENTS)
    for cell in ungraded:
        yield "fill", sheet, cell, str(chance.choice((2, 3, 3, 4, 5)))
