"""The grading rules in the hands of people: edited and broken in LibreOffice, key by key, each from a fresh copy.

`rules check` has to say where and what to do; the night after must grade nothing by a table that is not what the person
sees, and do everything else. docs/rules.md tells the same as a table.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from office import Office, needs_office
from registers import ASSESSED, NOW, WHOLE, make_workspace
from rule_mishaps import FEW, MORE, RULES, Mishap, typed
from told import Told
from workspace_state import sheet_cells

from qtemplate.config import load_config
from qtemplate.files.owner_file import owner_path
from qtemplate.jobs.rules.rule_sheets import check_rules
from qtemplate.jobs.run import run
from qtemplate.ooxml.references import column_name
from qtemplate.report.answer import to_text

pytestmark = needs_office

REGISTER = "反馈登记"
NEXT_NIGHT = (NOW + dt.timedelta(days=1)).isoformat()
DECIDED = ("建议等级", "等级", "定级依据")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after its first night: a feedback of severity 4, graded major by rule 5, and one not assessed yet."""
    folder = tmp_path_factory.mktemp("graded") / "work"
    run(load_config(make_workspace(folder, [ASSESSED, WHOLE | {"title": "按键没有反应", "serial": "2"}])), NOW)
    return folder


@pytest.fixture
def folder(graded: Path, tmp_path: Path) -> Path:
    """A fresh copy of it."""
    folder = tmp_path / "work"
    shutil.copytree(graded, folder)
    owner = owner_path(folder / "register.xlsx")
    owner.write_text(owner.read_text("utf-8").replace(str(graded), str(folder)), "utf-8")
    return folder


class Sheet:
    """The register sheet as it stands in the file; its first feedback."""

    def __init__(self, folder: Path) -> None:
        lines = sheet_cells(folder / "register.xlsx", [REGISTER])[REGISTER]
        self.head = next(number for number, line in enumerate(lines) if line[0] == "反馈编号")
        self.names, self.row = lines[self.head], lines[self.head + 1]

    def address(self, header: str) -> str:
        return f"{column_name(self.names.index(header) + 1)}{self.head + 2}"

    def values(self, *headers: str) -> list[str]:
        return [self.row[self.names.index(header)] for header in headers]


def befall(editor: Office, folder: Path, mishap: Mishap, capsys: pytest.CaptureFixture[str]) -> None:
    """The mishap, together with ordinary changes of the register; then `rules check` and the night."""
    sheet = Sheet(folder)
    assert sheet.values(*DECIDED) == ["重要", "重要", "规则 5：严重性=4"]
    ordinary = {"严重性": "5", "规避措施": "无", "联系电话": "0571-88886666"}
    steps = [("type", REGISTER, sheet.address(header), text) for header, text in ordinary.items()]
    editor.do(folder / "register.xlsx", *mishap.steps, *steps)

    answer = check_rules(load_config(folder / "qtemplate.toml"), "zh")
    places = [(item.where.address if item.where else "", str(item.severity)) for item in answer.data["findings"]]
    assert places == [(where, severity) for where, severity, _ in mishap.told]
    assert [words for *_, words in mishap.told if words not in to_text(answer, "zh")] == []
    severities = {severity for _, severity in places}
    assert answer.exit_code == (4 if "error" in severities else 3 if severities else 0)
    english = Told(folder, capsys, "rules", "check")
    assert (english.code, len(english.text.splitlines())) == (answer.exit_code, len(to_text(answer, "zh").splitlines()))

    night = Told(folder, capsys, "run", "--json", now=NEXT_NIGHT)
    assert night.code in (0, 3)
    assert {night.data["outcomes"][what] for what in ("failed", "unknown", "deferred")} == {0}
    errors = [where for where, severity in places if severity == "error"]
    assert [item["cell"] for item in night.data["findings"] if item["code"] == "QT220"] == errors
    regraded = ["紧急", "紧急", "规则 3：严重性=5、规避措施=无"]
    assert Sheet(folder).values(*DECIDED) == (regraded if mishap.graded else sheet.values(*DECIDED))
    assert Sheet(folder).values("时限状态") != sheet.values("时限状态")  # the rest of the night ran


@pytest.mark.parametrize("mishap", FEW, ids=lambda mishap: str(mishap.name))
def test_a_mishap_is_told_and_grades_nothing(
    editor: Office, folder: Path, mishap: Mishap, capsys: pytest.CaptureFixture[str]
) -> None:
    befall(editor, folder, mishap, capsys)


@pytest.mark.campaign
@pytest.mark.parametrize("mishap", MORE, ids=lambda mishap: str(mishap.name))
def test_every_mishap_is_told_and_grades_nothing(
    editor: Office, folder: Path, mishap: Mishap, capsys: pytest.CaptureFixture[str]
) -> None:
    befall(editor, folder, mishap, capsys)


def test_a_changed_limit_is_compared_tried_and_used(
    editor: Office, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The five steps of docs/rules.md: keep the old rules, change, check and try, compare, let the night use them."""
    old = folder / "old.xlsx"
    shutil.copy(folder / "register.xlsx", old)
    example = {"A19": "示例", "A20": "屏幕不亮", "B20": "否", "C20": "属实", "D20": "4", "G20": "部分", "H20": "一般"}
    room = [("insert_row", RULES, 19)] * 2
    changed = [typed("D10", ">=5"), typed("D14", "[3..4]")]
    editor.do(folder / "register.xlsx", *changed, *room, *(typed(cell, text) for cell, text in example.items()))

    assert Told(folder, capsys, "rules", "check").text.endswith("0 errors, 0 warnings\n")
    assert "✓ 屏幕不亮 (row 20): 等级 = 一般" in Told(folder, capsys, "rules", "test").text
    diff = Told(folder, capsys, "rules", "diff", str(old), "--json", now=NEXT_NIGHT).data
    assert {row["id"]: row["changes"]["level"] for row in diff["rows"]} == {
        "QF-2026-0001": {"before": "Major", "after": "Normal"}
    }
    Told(folder, capsys, "run", now=NEXT_NIGHT)
    assert Sheet(folder).values(*DECIDED) == ["一般", "一般", "规则 9：严重性=4"]
