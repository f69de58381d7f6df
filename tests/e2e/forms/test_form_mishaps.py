"""What happens to forms on their way back: each mishap with what becomes of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from life_player import fill
from openpyxl import Workbook, load_workbook
from registers import ASSESSED, NOW, make_workspace
from workbook_makers import read_parts, tiny_png, write_parts

from qtemplate.apply.ends import WORKSPACE_KEY
from qtemplate.config import load_config
from qtemplate.files.secret_key import read_key
from qtemplate.forms.answer_cells import read_text
from qtemplate.forms.pictures import pasted_pictures
from qtemplate.forms.token import _digest
from qtemplate.jobs.form_inbox import SUFFIXES
from qtemplate.jobs.forms import collect, make
from qtemplate.jobs.run import run
from qtemplate.jobs.undo import undo
from qtemplate.sheets import edit_cells, open_book, read_register, read_rulebook

LATER = dt.datetime(2026, 7, 17, 9)
CAUSE = "端子没有锁扣"
ONE = "QF-2026-0001"
HANDED = ASSESSED | {"department": "生产部", "owner": "孙浩"}


def filled(form: Path, target: Path, cause: str = CAUSE) -> Path:
    """The form with one answer, as somebody leaves it who is called away."""
    if "f_root_cause" not in ANSWERED:
        [ANSWERED["f_root_cause"]] = load_workbook(form).defined_names["f_root_cause"].destinations
    sheet, cell = ANSWERED["f_root_cause"]
    edit_cells(form, target, sheet, {cell.replace("$", ""): cause})
    return target


ANSWERED: dict[str, tuple[str, str]] = {}
"""Name of an answer -> its sheet and cell, which are the same in all forms of a kind."""


def marks(path: Path) -> tuple[str, str]:
    book = load_workbook(path)
    return str(book["_qt"]["A1"].value), str(book.custom_doc_props["qtemplate_form"].value)  # type: ignore[attr-defined]


def with_token(path: Path, token: str) -> None:
    book = load_workbook(path)
    book["_qt"]["A1"] = token
    book.save(path)


def with_property(path: Path, mark: str) -> None:
    book = load_workbook(path)
    book.custom_doc_props["qtemplate_form"].value = mark  # type: ignore[attr-defined] # not in the stubs
    book.save(path)


def without_sheet(path: Path) -> None:
    book = load_workbook(path)
    del book["_qt"]
    book.save(path)


def without_property(path: Path) -> None:
    book = load_workbook(path)
    del book.custom_doc_props["qtemplate_form"]  # type: ignore[attr-defined] # as above
    book.save(path)


def without_either(path: Path) -> None:
    without_property(path)
    without_sheet(path)


def without_names(path: Path) -> None:
    book = load_workbook(path)
    for name in list(book.defined_names):
        del book.defined_names[name]
    book.save(path)


def values_alone(path: Path) -> None:
    """Everything marked, copied, and pasted into a new workbook as values."""
    old, new = load_workbook(path), Workbook()
    assert old.active is not None and new.active is not None
    for row in old.active.iter_rows():
        for cell in row:
            if cell.value is not None:
                new.active[cell.coordinate] = cell.value
    new.save(path)


def with_macros(path: Path) -> None:
    parts = read_parts(path)
    types = (
        parts["[Content_Types].xml"]
        .replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
        .replace(
            b"<Override", b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override', 1
        )
    )
    write_parts(path, {**parts, "[Content_Types].xml": types, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0macros"})


def padded(path: Path) -> None:
    parts = read_parts(path)
    noise = b"".join(hashlib.sha256(str(at).encode()).digest() for at in range(700_000))
    write_parts(path, {**parts, "xl/media/film.bin": noise})


def of_a_newer_version(path: Path, secret: bytes) -> None:
    told = json.loads(marks(path)[0])
    told["v"] = 99
    del told["mac"]
    without_property(path)
    with_token(path, json.dumps({**told, "mac": _digest(told, secret)}, ensure_ascii=False, sort_keys=True))


OTHERS = json.dumps({"form": "why/QF-2026-0009/1/孙浩", "v": 1})
MISHAPS: dict[str, tuple[Callable[[Path], None], str]] = {
    "改了名字": (lambda path: None, ""),
    "没有隐藏的表": (without_sheet, ""),
    "没有文档属性": (without_property, ""),
    "都没有了": (without_either, "form.no_token"),
    "只复制了值": (values_alone, "form.no_token"),
    "名称没有了": (without_names, "form.no_cells"),
    "带宏": (with_macros, ""),
    "太大": (padded, "form.too_large"),
    "属性是别人的": (lambda path: with_property(path, OTHERS), "form.other_mark"),
    "密钥是别人的": (lambda path: with_token(path, marks(path)[0].replace('"mac": "', '"mac": "0')), "form.other_mark"),
}  # fmt: skip
"""What is done to a form -> why it is not taken, "" where it is."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mishaps")
    titles = [*MISHAPS, "新版本的表", "贴了照片", "交了两次", "两个人填的"]
    rows = [HANDED | {"title": f"煮饭时屏幕不亮 {at} {title}"} for at, title in enumerate(titles)]
    run(load_config(make_workspace(folder, rows)), NOW)
    return folder


@cache
def numbered(place: Path) -> dict[str, str]:
    """Title -> id of the rows, which nobody changes here."""
    frame = read_register(open_book(place / "register.xlsx")).frame
    return dict(zip(frame["title"], frame["id"], strict=True))


def form_of(place: Path, title: str) -> Path:
    """The 5-Why page of the row with this title."""
    [id] = [each for name, each in numbered(place).items() if title in name]
    return Path(str(make(load_config(place / "qtemplate.toml"), id, "why", NOW).data["form"]["path"]))


def held(place: Path, title: str, key: str) -> Any:
    register = read_register(open_book(place / "register.xlsx"))
    [row] = [row for row, name in register.frame["title"].items() if title in name]
    return register.value(int(str(row)), key)


def test_every_mishap_has_its_outcome_and_what_is_taken_fills_the_row(place: Path, tmp_path: Path) -> None:
    config = load_config(place / "qtemplate.toml")
    secret = read_key(place / WORKSPACE_KEY)
    for title, (happens, _) in MISHAPS.items():
        suffix = SUFFIXES[1] if title == "带宏" else SUFFIXES[0]
        happens(filled(form_of(place, title), tmp_path / f"{title}{suffix}"))
    newer = filled(form_of(place, "新版本的表"), tmp_path / "新版本的表.xlsx")
    assert secret is not None
    of_a_newer_version(newer, secret)
    answer = collect(config, [tmp_path], LATER)
    became = {Path(item["file"]).stem: item["problem"].key if item["problem"] else "" for item in answer.data["forms"]}
    assert became == {**{title: why for title, (_, why) in MISHAPS.items()}, "新版本的表": "form.newer"}
    run(config, LATER)
    frame = read_register(open_book(place / "register.xlsx")).frame
    found = dict(zip(frame["title"], frame["root_cause"], strict=True))
    causes = {title: found[name] for title in MISHAPS for name in found if title in name}
    assert causes == {title: None if why else CAUSE for title, (_, why) in MISHAPS.items()}


def test_a_form_twice_is_one_answer_and_another_persons_waits_for_a_decision(place: Path) -> None:
    config, inbox = load_config(place / "qtemplate.toml"), place / "forms" / "in"
    inbox.mkdir(parents=True, exist_ok=True)
    for name in ("a", "b"):
        filled(form_of(place, "交了两次"), inbox / f"{name}.xlsx")
    (inbox / "c.xlsx").write_bytes((inbox / "a.xlsx").read_bytes())
    filled(form_of(place, "两个人填的"), inbox / "d.xlsx")
    filled(form_of(place, "两个人填的"), inbox / "e.xlsx", "焊点开裂")
    night = run(config, LATER + dt.timedelta(hours=1))
    assert [item.found for item in night.findings if item.code == "QT623"] == [CAUSE]
    assert [row.sheet for row in night.rows if row.sheet != "contacts"] == ["decisions"]
    assert held(place, "交了两次", "root_cause") == held(place, "两个人填的", "root_cause") == CAUSE
    book = load_workbook(place / "register.xlsx")
    sheet = book["待裁决"]
    [(row, asked)] = [(row, [cell.value for cell in sheet[row]][1:4]) for row in range(4, sheet.max_row + 1)]
    assert asked == ["根本原因", CAUSE, "焊点开裂"]
    sheet.cell(row, 5).value = "采用表单"
    book.save(place / "register.xlsx")
    decided = run(config, LATER + dt.timedelta(hours=2))
    assert held(place, "两个人填的", "root_cause") == "焊点开裂"
    assert load_workbook(place / "register.xlsx")["待裁决"].cell(row, 6).value is not None
    assert [item for item in decided.findings if item.code == "QT630"] == []
    quiet = run(config, LATER + dt.timedelta(hours=3))
    assert [edit for edit in quiet.edits if edit.field == "root_cause"] == []
    undo(config, decided.run, LATER + dt.timedelta(hours=4))
    run(config, LATER + dt.timedelta(hours=5))
    assert held(place, "两个人填的", "root_cause") == CAUSE


def test_pictures_that_were_pasted_in_become_attachments_without_what_they_tell(place: Path) -> None:
    config, inbox = load_config(place / "qtemplate.toml"), place / "forms" / "in"
    inbox.mkdir(parents=True, exist_ok=True)
    form = filled(form_of(place, "贴了照片"), inbox / "f.xlsx")
    types = b'<Default Extension="png" ContentType="image/png"/><Override'
    parts = read_parts(form)
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"<Override", types, 1)
    write_parts(form, {**parts, "xl/media/image1.png": tiny_png()})
    run(config, LATER + dt.timedelta(hours=4))
    named = str(held(place, "贴了照片", "attachments"))
    assert re.fullmatch(r"attachments/QF-2026-\d{4}/why-[0-9a-f]{12}\.png", named)
    assert (place / named).read_bytes() == tiny_png()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("第一行\u3000缩进\t两格\n第二行\u200e🫠", "第一行\u3000缩进\t两格\n第二行\u200e🫠"),
        (" 前后空格\r\n\u200b", "前后空格"),
        ("半个\ud83d字", "半个字"),
        ("\x07铃", "铃"),
        (dt.datetime(2026, 7, 20), "2026-07-20"),
        (dt.datetime(2026, 7, 20, 9, 30), "2026-07-20 09:30"),
    ],
)
def test_a_text_comes_back_as_it_left(typed: Any, kept: str) -> None:
    assert read_text(typed) == kept


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_picture_loses_where_and_by_whom_it_was_taken_and_a_logo_is_none(tmp_path: Path) -> None:
    picture = tiny_png()
    told = picture[:33] + chunk(b"eXIf", b"31.23 N") + chunk(b"tEXt", b"Author\0Zhang") + picture[33:]
    jpeg = (
        b"\xff\xd8"
        + b"\xff\xe0\x00\x04JF"
        + b"\xff\xe1\x00\x08GPS 31"
        + b"\xff\xfe\x00\x05abc"
        + b"\xff\xda\x00\x02scan"
    )
    logo, text = picture + b"logo", b"no picture"
    media = {f"xl/media/image{at}.png": data for at, data in enumerate((told, told, logo, text))}
    path = write_parts(tmp_path / "a.xlsx", {**media, "xl/media/image9.jpeg": jpeg})
    found = pasted_pictures(path.read_bytes(), {hashlib.sha256(logo).hexdigest()})
    assert [(each.data, each.suffix) for each in found] == [
        (picture, ".png"), (b"\xff\xd8\xff\xe0\x00\x04JF\xff\xda\x00\x02scan", ".jpg"),
    ]  # fmt: skip


def test_what_a_later_return_corrects_in_a_log_stands_in_the_change_log_and_undo_takes_it_back(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path / "w", [HANDED]))
    form, inbox = tmp_path / "w" / "forms" / "out" / f"8D报告-{ONE}.xlsx", tmp_path / "w" / "forms" / "in"
    run(config, NOW)
    inbox.mkdir(parents=True, exist_ok=True)
    action = {"text": "更换端子", "owner": "孙浩", "due": dt.date(2026, 7, 20)}
    fill(form, inbox / "a.xlsx", {}, {"actions": [action]})
    run(config, LATER)
    fill(
        form, inbox / "b.xlsx", {}, {"actions": [action | {"due": dt.date(2026, 7, 25), "done": dt.date(2026, 7, 16)}]}
    )
    again = run(config, LATER + dt.timedelta(hours=1))

    def held() -> list[Any]:
        [row] = read_rulebook(open_book(config.register.path)).logs["actions"]
        return [row.values["due"], row.values["done"]]

    assert held() == [dt.date(2026, 7, 25), dt.date(2026, 7, 16)]
    sheet = load_workbook(config.register.path)["变更日志"]
    logged = [[cell.value for cell in line][1:6] for line in sheet.iter_rows(min_row=4)]
    told = {str(field): (id, before, after) for id, field, before, after, _ in logged if "!" in str(field)}
    assert told == {
        "措施跟踪!4 计划完成": (ONE, "2026-07-20", "2026-07-25"),
        "措施跟踪!4 实际完成": (ONE, None, "2026-07-16"),
    }
    because = [str(line[4]) for line in logged if "!" in str(line[1])]
    assert because == ["8D报告，孙浩 2026-07-17 10:00 填报"] * 2
    assert run(config, LATER + dt.timedelta(hours=2)).edits == ()
    undo(config, again.run, LATER + dt.timedelta(hours=3))
    assert held() == [dt.date(2026, 7, 20), None]
