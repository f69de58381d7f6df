"""Thousands of damaged workbooks: the patcher refuses with its own type or does the work; it never hangs or bursts."""

from __future__ import annotations

import datetime as dt
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from workbook_makers import HandMade, make_openpyxl_book, make_xlsxwriter_book, read_parts, write_parts

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.cells import CellValue
from qtemplate.sheets import Formula, PatchReport, SheetBody, patch_workbook

LONGEST = 5.0
"""Seconds one small workbook may take at most, however it is damaged."""

TOKENS = (
    b"<row", b"</row>", b"<c", b"</c>", b"<f", b"</f>", b"<v>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x", b"?>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"</sheetData>", b"<sheetData>", b"<sheetData/>", b'"', b"'", b"&", b"&#0;",
    b">", b"/>", b"<", b"\0", b"\xff\xfe",
    b' r="0"', b' r="99999999999999999999"', b' s="-1"', b' ref="A1:ZZZ9999999"',
    b' ref=""', b' t="shared" si="0"', b' t="array" ref="A1:XFD1048576"', b"<si>", b"</si>", b"<si/>", b"\xc3", b" ",
    b"<mergeCell ref='A1:Z99'/>", b"<sheetProtection sheet='1'/>", b"<x:row>", b"<rowBreaks>", b'r="A1"', b"_x0041_",
)  # fmt: skip


def _seeds(folder: Path) -> list[tuple[Path, str, str]]:
    """Workbooks, each with a sheet to edit and a table to grow."""
    rows = (
        '<{p}row r="1"><{p}c r="A1" t="s"><{p}v>0</{p}v></{p}c><{p}c r="B1" t="s"><{p}v>1</{p}v></{p}c></{p}row>'
        '<{p}row r="2"><{p}c r="A2"><{p}f t="shared" ref="A2:A3" si="0">B2+1</{p}f><{p}v>1</{p}v></{p}c></{p}row>'
        '<{p}row><{p}c><{p}f t="shared" si="0"/></{p}c><{p}c><{p}v>2</{p}v></{p}c></{p}row>'
    )
    hand = HandMade(rows, prefix="x:", strings=("甲", "乙"), table=("甲", "乙"), head='<{p}dimension ref="A1:B3"/>')
    return [
        (make_xlsxwriter_book(folder / "a.xlsx", rows=6, totals=True), "反馈登记", "tblFeedback"),
        (make_openpyxl_book(folder / "b.xlsx", rows=4), "反馈登记", "tblFeedback"),
        (hand.write(folder / "c.xlsx"), "Sheet1", "tblHand"),
    ]


def _damage_bytes(data: bytes, chance: random.Random) -> bytes:
    """Some bytes flipped, cut, doubled, moved, or a token put in."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(out) + 1)
        length = chance.choice((1, 2, 8, 40, 400))
        match chance.randrange(7):
            case 0 if out:
                out[min(at, len(out) - 1)] ^= 1 << chance.randrange(8)
            case 1:
                del out[at : at + length]
            case 2:
                out[at:at] = out[at : at + length]
            case 3:
                del out[at:]
            case 4:
                other = chance.randrange(len(out) + 1)
                out[at : at + length] = out[other : other + length]
            case _:
                out[at:at] = chance.choice(TOKENS)
    return bytes(out)


def _damage(source: Path, target: Path, chance: random.Random, parts: dict[str, bytes]) -> None:
    """The archive itself damaged, or one of its parts inside a sound archive."""
    if chance.random() < 0.3:
        target.write_bytes(_damage_bytes(source.read_bytes(), chance))
        return
    changed = dict(parts)
    for _ in range(chance.choice((1, 1, 2))):
        name = chance.choice(list(changed))
        match chance.randrange(12):
            case 0:
                del changed[name]
            case 1:
                changed[name] = parts[chance.choice(list(parts))]
            case _:
                changed[name] = _damage_bytes(changed[name], chance)
    write_parts(target, changed)


def _attack(
    folder: Path, count: int, seed: int, patched: Callable[[Path, Path, str, str], PatchReport]
) -> dict[str, int]:
    """Patch that many damaged workbooks; every outcome but success and refusal escapes.

    Returns:
        How often each refusal was given, and `done`.
    """
    seeds = [(path, sheet, table, read_parts(path)) for path, sheet, table in _seeds(folder)]
    outcomes: dict[str, int] = {}
    for number in range(count):
        chance = random.Random(seed * 1_000_003 + number)
        source, sheet, table, parts = chance.choice(seeds)
        victim, target = folder / "victim.xlsx", folder / "target.xlsx"
        _damage(source, victim, chance, parts)
        begun = time.perf_counter()
        try:
            report = patched(victim, target, sheet, table)
            reason = "done"
            _read_changed(target, report)
        except WorkbookRefused as refused:
            reason = refused.reason
        except Exception as error:  # whatever it is, the case must be named
            raise AssertionError(f"seed {seed}, case {number}: {error!r}") from error
        assert time.perf_counter() - begun < LONGEST, f"seed {seed}, case {number} took too long"
        outcomes[reason] = outcomes.get(reason, 0) + 1
    assert not list(folder.glob(".qt-tmp-*"))
    return outcomes


def _read_changed(target: Path, report: PatchReport) -> None:
    """Reads what was written; a damaged part that is not touched stays as damaged as it was."""
    try:
        archive = zipfile.ZipFile(target)
    except NotImplementedError:  # such a part may say that it needs a program of the future
        return
    with archive:
        for name in set(report.changed_parts) & set(archive.namelist()):
            archive.read(name)


def _patch(victim: Path, target: Path, sheet: str, table: str) -> PatchReport:
    edits: dict[str, CellValue] = {"A3": "文", "D2": dt.date(2026, 3, 4), "B40": 1.5, "C2": Formula("=1+1"), "E4": None}
    return patch_workbook(
        victim,
        target,
        edits={sheet: edits},
        appends={table: [{}, {}]},
        bodies=[SheetBody("检查", 2, [["x", 1, dt.date(2026, 1, 1)]])] if victim.stat().st_size > 12_000 else [],
        replace_formulas=True,
    )


def test_damaged_workbooks_are_refused_or_patched(tmp_path: Path) -> None:
    outcomes = _attack(tmp_path, 200, 1, _patch)
    assert outcomes["done"] > 10
    assert len(outcomes) > 5


@pytest.mark.campaign
def test_twenty_thousand_damaged_workbooks_are_refused_or_patched(tmp_path: Path) -> None:
    outcomes = _attack(tmp_path, 20_000, 2, _patch)
    assert outcomes["done"] > 1_000
