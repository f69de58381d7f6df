"""Whatever is said of an adopted workbook names its columns as its headers do."""

from __future__ import annotations

import datetime as dt
import pickle
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from qtemplate.cli import main
from qtemplate.fields import FIELDS, Field, Tongue, in_tongue_of
from qtemplate.sheets import edit_cells

NOW = "2026-07-16T09:30"
THEIRS = {
    Field.OWN_NUMBER: "单号", Field.RECEIVED_AT: "来料日", Field.REPORTER: "报告者", Field.PHONE: "手机",
    Field.PRODUCT: "品名", Field.MODEL: "规格", Field.TITLE: "摘要", Field.DESCRIPTION: "状况", Field.CATEGORY: "类别",
    Field.SEVERITY: "轻重", Field.DEPARTMENT: "承办单位", Field.OWNER: "担当", Field.VERIFIER: "复核人",
    Field.VERIFIED_AT: "复核日", Field.IMPLEMENTED_AT: "落实日", Field.CHANNEL: "途径",
}  # fmt: skip
SAME = ("按键失灵，无法开机", "按下电源键之后没有任何反应，换了插座也一样")
TWO = ("李想", "李想")
EARLY = (dt.datetime(2026, 7, 1), dt.datetime(2026, 7, 10))
ROWS: tuple[tuple[Any, ...], ...] = (
    (
        "A-1",
        dt.datetime(2026, 7, 15),
        "王五",
        "12",
        "锅",
        "R1",
        "漏",
        "漏水",
        "冒烟",
        7,
        None,
        *("李想",) * 2,
        *EARLY,
        "火星",
    ),
    ("A-2", dt.datetime(2027, 7, 15), *(None,) * 4, *SAME, None, 3, *(None,) * 5, "邮件"),
    (
        "A-3",
        None,
        "赵六",
        "13800001111",
        "锅",
        "R1",
        *SAME,
        "服务问题",
        4,
        "没有的部门",
        "谁也不是",
        *(None,) * 3,
        "邮件",
    ),
)
SHARED = ("产品名称", "反馈者", "Reporter", "Product", "Owner", "Model", "Phone", "Title", "Channel")
"""Words for things and people, too: sentences use them as such."""


def make_book(path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "台账"
    sheet.append(["客户反馈台账"])
    sheet.append(list(THEIRS.values()))
    for row in ROWS:
        sheet.append(list(row))
    book.save(path)
    return path


def map_by_hand(proposal: Path) -> None:
    """A person says what each column is."""
    page = load_workbook(proposal)["列"]
    at = {page.cell(row, 2).value: row for row in range(1, page.max_row + 1)}
    labels = {key: "原编号" if key == Field.OWN_NUMBER else key.zh for key in THEIRS}
    edit_cells(proposal, proposal, "列", {f"D{at[text]}": labels[key] for key, text in THEIRS.items()})


def test_no_sentence_names_a_header_that_the_book_does_not_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    book = make_book(tmp_path / "台账.xlsx")

    def told(*words: str, language: str = "zh") -> str:
        with pytest.raises(SystemExit):
            main([*words, "--now", NOW, "--lang", language])
        return capsys.readouterr().out

    words = [f'[fields.{key}]\nnames = ["{text}"]' for key, text in THEIRS.items()]
    Path("words.toml").write_text("\n".join(words), "utf-8")
    told("adopt", book.name, "--words", "words.toml")
    map_by_hand(tmp_path / "adopt.xlsx")
    told("adopt", book.name, "--apply", "adopt.xlsx")
    edit_cells(book, book, "人员", {"A4": "李想", "B4": "li@example.com", "C4": "研发部"})
    said = [told("check", "-v"), told("plan", "-v"), told("run", "-v"), told("explain", "QF-2026-0001")]
    said += [told("explain", "QF-2027-0002"), told("check", "-v", language="en"), told("check", "--json")]
    listed = [str(cell) for row in load_workbook(book)["校验结果"].iter_rows(values_only=True) for cell in row if cell]
    checks = [
        str(row[0])
        for row in load_workbook(book)["台账"].iter_rows(min_row=3, min_col=19, max_col=19, values_only=True)
    ]
    text = "\n".join([*said, *listed, *checks])
    gone = {name for key in THEIRS for name in (key.zh, key.en) if name not in SHARED and len(name) > 2}
    assert {name: next(line for line in text.splitlines() if name in line) for name in gone if name in text} == {}
    assert {name for name in THEIRS.values() if name not in text} == {THEIRS[Field.OWN_NUMBER]}


def test_a_tongue_is_its_language_and_keeps_its_headers_where_it_is_copied() -> None:
    tongue = Tongue("zh", {"owner": "担当"})
    copied = pickle.loads(pickle.dumps(tongue))
    assert (copied, copied == "zh", {"zh": 1}[copied]) == (tongue, True, 1)
    names = [Field.OWNER.header(language) for language in (tongue, copied, in_tongue_of(tongue, "en"), str(tongue))]
    assert names == ["担当", "担当", "担当", "责任人"]
    assert [FIELDS["product"].header(language) for language in (tongue, in_tongue_of("zh", "en"))] == [
        "产品名称",
        "Product",
    ]
