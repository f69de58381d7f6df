"""One case as a folder or zip: the page tells its story, and every file that belongs to it lies beside it."""

from __future__ import annotations

import datetime as dt
import html
import re
import zipfile
from pathlib import Path

import pytest
from desk import sit_down
from registers import ASSESSED, make_workspace

from qtemplate.config import Config, load_config
from qtemplate.errors import NotFound, NotWritten
from qtemplate.jobs.record.pack import pack
from qtemplate.jobs.rules.explain import explain
from qtemplate.jobs.run import run
from qtemplate.ooxml.cells import CellValue
from qtemplate.ooxml.patch import patch_workbook
from qtemplate.report.answer import to_text

DAY = dt.datetime(2026, 7, 16, 9, 0)
LATER = dt.datetime(2026, 7, 16, 14, 0)
PIXEL = b"\x89PNG\r\n\x1a\n"
ID = "QF-2026-0001"
TITLE, PICTURE, SAID = "面板<b>开裂</b>", "裂纹 <1>.png", "客户说裂纹变长"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Two feedbacks, one with pictures, a call, a cause; after two runs."""
    root = tmp_path_factory.mktemp("pack") / "w"
    (root / "照片").mkdir(parents=True)
    (root / "照片" / PICTURE).write_bytes(PIXEL)
    (root.parent / "outside.txt").write_text("not ours", "utf-8")
    named = f"照片/{PICTURE}；没有的.pdf；../outside.txt"
    config = load_config(make_workspace(root, [ASSESSED | {"title": TITLE, "attachments": named}, ASSESSED]))
    run(config, DAY)
    call = {
        "row": "面板<b>开裂</b>",
        "at": dt.datetime(2026, 7, 16, 10, 20),
        "way": "电话",
        "summary": "客户说裂纹变长",
    }
    sit_down(config.register.path, {"calls": [call]}, named="title")
    cause: dict[str, CellValue] = {"反馈编号": ID, "原因链": "发生", "层次": 1, "为什么": "注塑温度偏低"}
    patch_workbook(config.register.path, config.register.path, appends={"tblCauses": [cause]})
    run(config, LATER)
    return config


def files_of(folder: Path) -> list[str]:
    """Relative paths of all files, sorted."""
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def page_of(folder: Path) -> str:
    """The page as text: tags off, entities read."""
    text = (folder / "index.html").read_text("utf-8")
    assert "<script" not in text and "http" not in re.sub(r"http-equiv", "", text)
    return html.unescape(re.sub(r"<[^>]+>", " ", text[text.index("<body>") :]))


def test_the_page_tells_the_story_in_order_and_every_file_lies_beside_it(config: Config, tmp_path: Path) -> None:
    answer = pack(config, "qf-2026-0001", tmp_path / "case", LATER)
    assert answer.exit_code == 0
    text = page_of(tmp_path / "case")
    story = ["反馈时间：服务热线", "M03 转交", "客户说裂纹变长", "概览", "注塑温度偏低", "处理记录完整"]
    places = [text.index(part) for part in story]
    assert places == sorted(places)
    assert TITLE in text
    assert "QF-2026-0002" not in text
    files = files_of(tmp_path / "case")
    mails = [name for name in files if name.startswith("mails/")]
    assert mails and all(ID.encode() in (tmp_path / "case" / name).read_bytes() for name in mails)
    assert [name for name in files if name.startswith("forms/out/")]
    assert [name for name in files if name.startswith("files/")] == ["files/照片/裂纹 <1>.png"]
    assert "没有的.pdf （未找到文件）" in re.sub(r"\s+", " ", text)
    links = re.findall(r'(?:href|src)="([^"#]+)"', (tmp_path / "case" / "index.html").read_text("utf-8"))
    assert len(links) >= len(files) - 1


def test_a_change_is_told_with_before_after_and_why(config: Config, tmp_path: Path) -> None:
    pack(config, ID, tmp_path / "case", LATER)
    text = re.sub(r"\s+", " ", page_of(tmp_path / "case"))
    assert "2026-07-16 09:00 状态 待转交 处理中 按本行事实推定 2026-07-16 09:00 转交时间" in text


def test_a_name_that_ends_in_zip_makes_a_zip_with_the_same_files(config: Config, tmp_path: Path) -> None:
    pack(config, ID, tmp_path / "case", LATER)
    pack(config, ID, tmp_path / "case.zip", LATER)
    with zipfile.ZipFile(tmp_path / "case.zip") as packed:
        names = sorted(name.removeprefix(f"{ID}/") for name in packed.namelist())
    assert names == files_of(tmp_path / "case")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["case", "case.zip"]


def test_without_a_name_each_pack_gets_a_folder_of_its_own(config: Config) -> None:
    paths = [Path(str(pack(config, ID, None, LATER).data["path"])) for _ in range(2)]
    assert [path.name for path in paths] == [f"{ID}_2026-07-16", f"{ID}_2026-07-16-2"]
    assert {path.parent for path in paths} == {config.workspace / "reports"}


def test_what_is_in_the_way_or_unknown_is_said_and_nothing_is_made(config: Config, tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    with pytest.raises(NotWritten, match="--out"):
        pack(config, ID, tmp_path / "case", LATER)
    with pytest.raises(NotFound, match="QF-2026-0001"):
        pack(config, "QF-2026-0009", tmp_path / "other", LATER)
    assert [each.name for each in tmp_path.rglob("*")] == ["case"]


def test_explain_shows_the_earlier_case_with_what_it_taught(tmp_path: Path) -> None:
    taught = ASSESSED | {"root_cause": "低电量没有提前提醒", "solution": "提前两周提醒", "title": "门锁没电打不开"}
    config = load_config(make_workspace(tmp_path / "w", [taught, ASSESSED | {"title": "门锁突然没电，打不开门"}]))
    run(config, DAY)
    answer = explain(config, "QF-2026-0002", "zh", LATER)
    assert [each["id"] for each in answer.data["similar"]] == [ID]
    head, cause = rf"{ID}  门锁没电打不开（共有的片段：.+）", "根本原因：低电量没有提前提醒"
    text = to_text(answer, "zh")
    assert re.search(rf"以往的类似反馈（供参考）\n  {head}\n +{cause}\n", text), text
