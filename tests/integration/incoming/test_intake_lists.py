"""Lists that come in through the folders of channels: each record is one row, whatever happens on the way."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from registers import NOW, WHOLE, make_workspace
from told import Told, register_of
from tried import tried
from workspace_state import files_below

from qtemplate.config import load_config
from qtemplate.intake.lists.csv_file import read_csv
from qtemplate.intake.lists.table import Table
from qtemplate.intake.mapping import read_mapping
from qtemplate.intake.unfit import Unfit
from qtemplate.jobs.incoming.command import intake
from qtemplate.jobs.incoming.settling import forget_old
from qtemplate.jobs.run import check, plan, run
from qtemplate.jobs.workspace import holding
from qtemplate.resources import templates_root
from qtemplate.texts import say

LONG_AGO = 1_600_000_000

MAPPING = """
channel = "website"
key = "留言编号"
date_format = ["%Y/%m/%d %H:%M"]
own_words = true
[columns]
"姓名" = "反馈者"
"手机" = "联系电话"
"产品" = "产品名称"
"机型" = "型号"
"留言时间" = "反馈时间"
"主题" = "问题标题"
"内容" = "问题描述"
"类型" = "问题领域"
[values."问题领域"]
"坏了" = "硬件故障"
[constants]
"反馈者类型" = "外部客户"
"""

HEADER = "留言编号,姓名,手机,产品,机型,留言时间,主题,内容,类型\n"
FIRST = (
    "W-001,张三,0571-88880001,智能电饭煲,RC-300,2026/07/14 09:30,"
    '"屏幕,不亮","早上煮饭时屏幕\n完全不亮，按键没有反应。",坏了\n'
)
SECOND = (
    "W-002,李四,0571-88880002,智能电饭煲,RC-500,2026/07/14 10:00,"
    "内胆涂层脱落,用了两周，内胆涂层开始脱落，饭里有黑色碎屑。,坏了\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with one row and the mapping of a web form."""
    config = make_workspace(tmp_path / "w", [WHOLE | {"id": "QF-2026-0001"}])
    (config.parent / "intake" / "in" / "site").mkdir(parents=True)
    (config.parent / "intake" / "site.toml").write_text(MAPPING, "utf-8")
    return config.parent


def deliver(folder: Path, name: str, data: str | bytes, channel: str = "site", *, old: bool = True) -> Path:
    file = folder / "intake" / "in" / channel / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    if old:
        os.utime(file, (LONG_AGO, LONG_AGO))
    return file


def rows(folder: Path, *fields: str) -> list[tuple[Any, ...]]:
    """These fields of every row of the register."""
    frame = register_of(folder).frame
    return list(zip(*(frame[field].tolist() for field in fields), strict=True))


def codes(report: Any) -> list[str]:
    return [item.code for item in report.findings if item.code.startswith("QT83")]


def lying(folder: Path) -> set[str]:
    """What lies below `intake/`, but for mappings and raw bytes."""
    below = (path for path in files_below(folder / "intake"))
    return {str(path) for path in below if not str(path).startswith("raw") and not str(path).endswith(".toml")}


def test_a_list_becomes_rows_that_the_run_then_treats_as_any(folder: Path) -> None:
    deliver(folder, "七月.csv", ("\ufeff" + HEADER + FIRST + SECOND).encode("utf-8"))
    config = load_config(folder / "qtemplate.toml")
    foreseen = plan(config, NOW)
    assert lying(folder) == {"in/site/七月.csv"}
    report = run(config, NOW)
    assert [row.values for row in report.rows if row.sheet == "register"] == [
        row.values for row in foreseen.rows if row.sheet == "register"
    ]
    assert rows(folder, "id", "channel", "channel_ref", "reporter", "received_at", "title", "category")[1:] == [
        ("QF-2026-0002", "website", "W-001", "张三", dt.datetime(2026, 7, 14, 9, 30), "屏幕,不亮", "hardware"),
        ("QF-2026-0003", "website", "W-002", "李四", dt.datetime(2026, 7, 14, 10), "内胆涂层脱落", "hardware"),
    ]
    assert rows(folder, "description")[1] == ("早上煮饭时屏幕\n完全不亮，按键没有反应。",)
    assert rows(folder, "status", "check")[1][0] is not None
    assert lying(folder) == {"done/site/七月.csv"}
    assert codes(report) == []


def test_the_command_takes_up_and_a_dry_run_only_looks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deliver(folder, "a.csv", HEADER + FIRST)
    before = files_below(folder)
    seen = Told(folder, capsys, "intake", "--dry-run", "--json").data
    assert files_below(folder) == before
    told = Told(folder, capsys, "intake", "--json")
    assert [row["values"]["title"] for row in told.data["rows"]] == ["屏幕,不亮"]
    assert told.data["rows"] == seen["rows"]
    assert rows(folder, "id", "status")[1] == ("QF-2026-0002", None)
    assert Told(folder, capsys, "intake", "--json").data["rows"] == []


def test_what_came_before_is_not_taken_up_again_and_what_differs_is_said(folder: Path) -> None:
    config = load_config(folder / "qtemplate.toml")
    deliver(folder, "a.csv", HEADER + FIRST)
    intake(config, NOW)
    deliver(folder, "again.csv", HEADER + FIRST)
    assert codes(intake(config, NOW)) == []
    changed = FIRST.replace("张三", "张三丰").replace("W-001", "W-001 ")
    deliver(folder, "more.csv", (HEADER + changed + SECOND).encode("gbk"))
    report = intake(config, NOW)
    [finding] = [item for item in report.findings if item.code == "QT832"]
    [named] = dict(finding.facts)["named"]
    facts = dict(named.facts)
    assert (facts["ref"], facts["id"], len(facts["differs"])) == ("W-001", "QF-2026-0002", 1)
    assert rows(folder, "channel_ref", "reporter")[1:] == [("W-001", "张三"), ("W-002", "李四")]
    assert codes(intake(config, NOW)) == []
    assert len(lying(folder)) == 3


def test_a_locked_register_gets_its_rows_later_and_the_file_waits(folder: Path) -> None:
    config = load_config(folder / "qtemplate.toml")
    deliver(folder, "a.csv", HEADER + FIRST)
    owner = folder / ".~lock.register.xlsx#"
    owner.write_text(",lin,pc,15.07.2026 17:00,file:///x;", "utf-8")
    assert intake(config, NOW).exit_code == 5
    assert (len(rows(folder, "id")), lying(folder)) == (1, {"in/site/a.csv"})
    owner.unlink()
    assert intake(config, NOW).exit_code == 0
    assert (len(rows(folder, "id")), lying(folder)) == (2, {"done/site/a.csv"})


def test_a_run_that_is_killed_after_the_workbook_was_replaced_makes_no_row_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qtemplate.journal import Journal

    config = load_config(folder / "qtemplate.toml")
    deliver(folder, "a.csv", HEADER + FIRST + SECOND)

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "commit_pending", die)
        with pytest.raises(Killed):
            intake(config, NOW)
    assert len(rows(folder, "id")) == 3
    # somebody saves the workbook in between, so that neither digest is that of the file
    book = load_workbook(folder / "register.xlsx")
    book.save(folder / "register.xlsx")
    assert intake(config, NOW).exit_code == 0
    assert [id for (id,) in rows(folder, "id")] == ["QF-2026-0001", "QF-2026-0002", "QF-2026-0003"]
    assert lying(folder) == {"done/site/a.csv"}


def test_workbooks_and_objects_of_apps_are_lists_too(folder: Path) -> None:
    config = load_config(folder / "qtemplate.toml")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (
        ["反馈时间", "反馈者", "反馈者类型", "产品名称", "型号", "批次号", "问题标题", "严重性"],
        [dt.datetime(2026, 7, 13, 8), "王五", "经销商", "智能电饭煲", "RC-300", 2306, "煮不熟", 5],
    ):
        sheet.append(line)
    (folder / "intake" / "in" / "dealer").mkdir()
    book.save(folder / "intake" / "in" / "dealer" / "b.xlsx")
    (folder / "intake" / "app.toml").write_text(
        'channel = "in_product"\nkey = "id"\nrecords = "data.items"\n[columns]\n"user.name" = "reporter"\n'
        '"at" = "received_at"\n"text" = "description"\n',
        "utf-8",
    )
    item = {"id": 77, "user": {"name": "Ann"}, "at": "2026-07-14T01:30:00Z", "text": "=1+1"}
    deliver(folder, "x.json", json.dumps({"data": {"items": [item]}}), "app")
    assert intake(config, NOW).exit_code == 0
    assert rows(folder, "channel", "channel_ref", "received_at", "reporter", "batch", "description", "severity")[
        1:
    ] == [
        ("in_product", "77", dt.datetime(2026, 7, 14, 9, 30), "Ann", None, "=1+1", None),
        ("dealer", None, dt.datetime(2026, 7, 13, 8), "王五", "2306", None, None),
    ]


WRONG = {
    "long.csv": HEADER + "W-9,a,b,c,d,e,f,g,h,i\n",
    "quotes.csv": HEADER + 'W-9,"a,b\n',
    "empty.csv": "",
    "headers.csv": HEADER,
    "other.csv": "a,b\n1,2\n",
    "text.docx": "x",
    "broken.xlsx": "no zip",
    "broken.json": '{"a": ',
}


def test_what_cannot_be_taken_up_is_set_aside_with_a_sentence_and_nothing_is_lost(folder: Path) -> None:
    config = load_config(folder / "qtemplate.toml")
    for name, text in WRONG.items():
        deliver(folder, name, text)
    deliver(folder, "big.csv", b"x" * (50 << 20))
    deliver(folder, os.fsdecode("投诉.csv".encode("gbk")), HEADER + FIRST)
    (folder / "intake" / "in" / "site" / "link.csv").symlink_to(folder / "register.xlsx")
    (folder / "intake" / "in" / "site" / "deep").mkdir()
    os.utime(folder / "intake" / "in" / "site" / "deep", (LONG_AGO, LONG_AGO))
    (folder / "intake" / "wrong.toml").write_text('channel = "email"\n[columns]\n"a" = "等级"\n', "utf-8")
    deliver(folder, "a.csv", "a\n1\n", "wrong")
    deliver(folder, "a.csv", "a\n1\n", "nowhere")
    foreseen = [item.facts for item in plan(config, NOW).findings if item.code == "QT830"]
    report = intake(config, NOW)
    found = [item for item in report.findings if item.code == "QT830"]
    aside = folder / "intake" / "problem"
    named = {path.name for path in (aside / "site").iterdir() if not path.name.endswith(".txt")}
    assert named == {*WRONG, "big.csv", "link.csv", "deep"}
    assert all((aside / "site" / f"{name}.txt").read_text("utf-8").strip() for name in named)
    assert (aside / "site" / "link.csv").is_symlink()
    assert "等级" in (aside / "wrong" / "a.csv.txt").read_text("utf-8")
    assert "nowhere.toml" in (aside / "nowhere" / "a.csv.txt").read_text("utf-8")
    assert (len(found), len(foreseen)) == (len(named) + 2, len(named) + 2)
    assert rows(folder, "channel_ref")[1:] == [("W-001",)]
    assert (folder / "intake" / "done" / "site" / "投诉.csv").is_file()
    for looked in (check(config, NOW), run(config, NOW)):
        assert [item.code for item in looked.findings].count("QT830") == len(named) + 2


def test_a_file_that_is_being_written_waits_until_it_is_whole(folder: Path) -> None:
    config = load_config(folder / "qtemplate.toml")
    deliver(folder, "a.csv", HEADER + FIRST + SECOND[:20], old=False)
    assert (codes(intake(config, NOW)), len(rows(folder, "id"))) == (["QT831"], 1)
    deliver(folder, "a.csv", HEADER + FIRST + SECOND, old=False)
    assert (codes(intake(config, NOW)), len(rows(folder, "id"))) == ([], 3)


def test_a_full_disk_leaves_the_file_where_it_is(folder: Path) -> None:
    config = load_config(folder / "qtemplate.toml")
    deliver(folder, "a.csv", HEADER + FIRST)
    (folder / "intake" / "raw").write_text("", "utf-8")  # no folder can be made there, as on a full disk
    report = intake(config, NOW)
    assert (codes(report), report.exit_code, len(rows(folder, "id"))) == (["QT833"], 3, 1)
    (folder / "intake" / "raw").unlink()
    intake(config, NOW)
    assert (lying(folder), len(rows(folder, "id"))) == ({"done/site/a.csv"}, 2)


def test_the_bytes_of_what_came_in_are_kept_for_so_long_and_the_record_is_known_for_good(folder: Path) -> None:
    config = load_config(folder / "qtemplate.toml")
    deliver(folder, "a.csv", HEADER + FIRST)
    intake(config, NOW)
    [raw] = [path for path in (folder / "intake" / "raw").rglob("*") if path.is_file()]
    assert raw.read_bytes() == (HEADER + FIRST).encode()
    with holding(config) as workspace:
        for days, there in ((364, True), (366, False)):
            forget_old(workspace, NOW.replace(tzinfo=config.register.time_zone) + dt.timedelta(days=days))
            assert raw.is_file() is there
    deliver(folder, "b.csv", HEADER + FIRST)
    deliver(folder, "c.csv", HEADER + FIRST.replace("张三", "张三丰"))
    report = intake(config, NOW)
    assert (report.rows, len(rows(folder, "id")), codes(report)) == ((), 2, [])


def test_a_register_that_is_no_table_gets_its_rows_below_the_last_one(folder: Path) -> None:
    book = load_workbook(folder / "register.xlsx")
    del book["反馈登记"].tables["tblFeedback"]
    book.save(folder / "register.xlsx")
    config = load_config(folder / "qtemplate.toml")
    deliver(folder, "a.csv", HEADER + FIRST + SECOND)
    intake(config, NOW)
    assert register_of(folder).table == ""
    assert rows(folder, "id", "channel_ref")[1:] == [("QF-2026-0002", "W-001"), ("QF-2026-0003", "W-002")]
    assert lying(folder) == {"done/site/a.csv"}


def test_the_doctor_names_mappings_and_what_was_set_aside(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "intake" / "wrong.toml").write_text('[columns]\n"a" = "等级"\n', "utf-8")
    deliver(folder, "text.docx", "x")
    intake(load_config(folder / "qtemplate.toml"), NOW)
    told = Told(folder, capsys, "doctor", "--json").data
    found = {(check["check"], check["health"]) for check in told["checks"] if check["check"].startswith("intake")}
    assert found == {("intake_mapping", "ok"), ("intake_mapping", "warning"), ("intake_problem", "warning")}


EXAMPLES = templates_root() / "intake"


def test_each_example_of_a_mapping_reads_the_export_beside_it(folder: Path) -> None:
    for file in EXAMPLES.iterdir():
        if file.suffix == ".toml":
            (folder / "intake" / file.name).write_bytes(file.read_bytes())
        elif file.suffix != ".md":
            deliver(folder, file.name, file.read_bytes(), file.stem)
    report = run(load_config(folder / "qtemplate.toml"), NOW)
    told = ("channel", "channel_ref", "reporter", "reporter_type", "product", "received_at", "category", "language")
    day = dt.datetime(2026, 7, 14)
    assert rows(folder, *told)[1:] == [
        ("in_product", "A-5531", "Ben Fox", "customer", "家居助手", day.replace(hour=11, minute=12, second=8),
         "software", "en"),
        ("dealer", "DL-26071401", "陈店长", "dealer", "智能电饭煲", day.replace(hour=15), "hardware", "zh"),
        ("hotline", None, "李四", "customer", "智能电饭煲", day.replace(hour=11, minute=20), None, "zh"),
        ("website", "R-881", "Ann Lee", "customer", "家居助手", day.replace(hour=10, minute=5), "software", "en"),
        ("website", "W-0715", "张三", "customer", "智能电饭煲", day.replace(hour=9, minute=30), "hardware", "zh"),
    ]  # fmt: skip
    assert codes(report) == []
    wrong = [item for item in report.findings if item.id != "QF-2026-0001" and item.severity == "error"]
    assert [(item.code, item.field) for item in wrong] == [("QT110", "category"), ("QT112", "scene")]


def test_a_list_of_calls_cannot_claim_to_hold_the_reporters_own_words(tmp_path: Path) -> None:
    file = tmp_path / "calls.toml"
    file.write_text('channel = "hotline"\nown_words = true\n', "utf-8")
    with pytest.raises(Unfit) as refused:
        read_mapping(tmp_path, "calls")
    assert refused.value.said.key == "intake.mapping_own_words"
    assert say(refused.value.said, "zh").startswith(f"映射文件 {file} 写了 own_words = true，但“服务热线”")


@tried(
    st.lists(st.lists(st.text("a1 ,;\t，é中\u2028\x0c", max_size=3), min_size=2, max_size=4), min_size=1, max_size=70),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    few=40,
    many=3_000,
)
def test_a_list_says_the_same_with_and_without_quotation_marks(lines: list[list[str]], end: str, closed: bool) -> None:
    width = len(lines[0])
    told = [["编号", *"xyz"[: width - 1]], *([*line[:width], *[""] * (width - len(line))] for line in lines)]
    told = [[cell.replace("|", "") for cell in line] for line in told]
    plain = end.join("|".join(line) for line in told) + (end if closed else "")
    quoted = end.join("|".join(f'"{cell}"' for cell in line) for line in told) + (end if closed else "")

    def read(text: str) -> object:
        try:
            return read_csv(text.encode(), delimiter="|")
        except Unfit as unfit:
            return unfit.said.key

    one, other = read(plain), read(quoted)
    if isinstance(one, Table) and isinstance(other, Table):
        assert (one.headers, list(map(list, one.columns))) == (other.headers, list(map(list, other.columns)))
    else:
        assert one == other
