"""Small registers as bytes for the tests of reading: by openpyxl, or as XML written by hand."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import openpyxl

HEADERS = (
    "反馈编号",
    "反馈时间",
    "反馈者",
    "产品名称",
    "型号",
    "问题标题",
    "问题描述",
    "反馈渠道",
    "问题领域",
    "严重性",
)
"""The headers of a small register that lacks nothing the reader asks for."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class Shown:
    """A value with a number format."""

    def __init__(self, value: Any, form: str) -> None:
        self.value, self.form = value, form


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook of those sheets; cells from A1 on."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row, cells in enumerate(rows, 1):
            for column, content in enumerate(cells, 1):
                if content is not None:
                    cell = sheet.cell(row, column)
                    cell.value = content.value if isinstance(content, Shown) else content
                    if isinstance(content, Shown):
                        cell.number_format = content.form
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def register(rows: Iterable[Mapping[str, Any]], headers: Sequence[str] = (), sheet: str = "反馈登记") -> bytes:
    """A register with the usual headers and more; rows are given by header."""
    names = [*HEADERS, *headers]
    return workbook({sheet: [names, *([row.get(name) for name in names] for row in rows)]})


def with_part(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return made.getvalue()


def with_sheet_xml(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The package with the XML of its first sheet changed."""
    return with_part(data, "xl/worksheets/sheet1.xml", change)


def prefixed(xml: bytes) -> bytes:
    """The sheet's XML as other writers spell it: byte order mark, a prefix on every element."""
    plain = re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", xml.split(b"?>")[-1])
    return b'\xef\xbb\xbf<?xml version="1.0"?>' + plain.replace(b" xmlns=", b" xmlns:x=", 1)


def strict(data: bytes) -> bytes:
    """The package in the namespaces of strict Open XML."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            content = content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
            content = content.replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            new.writestr(name, content)
    return made.getvalue()
