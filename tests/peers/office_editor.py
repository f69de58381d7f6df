"""A second editor: opens workbooks in a LibreOffice of its own, edits and saves them; run by the system's Python.

`/usr/bin/python3 office_editor.py PROFILE` reads one JSON object a line and answers each with one:
`{"path": …, "sheet": …, "insert": [row, …], "cells": {"F5": "typed text"}, "think": seconds, "do": [[verb, …], …]}` ->
`{"saved": clock time at which the file was whole}`. `do` names functions of `Hand` with their arguments; everything but
`path` may be left out. At the end of its input it closes what it has started.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.lang import Locale
from com.sun.star.table import TableSortField

PATIENCE = 60.0

CHINESE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-CN</value></prop></item></oor:items>
"""
"""Settings of the office: what is typed is recognised as on a computer in China, `1-3` as the third of January."""


def connect(pipe: str) -> Any:
    """The services of the office that listens on a pipe."""
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def service(remote: Any, name: str) -> Any:
    return remote.ServiceManager.createInstanceWithContext(f"com.sun.star.frame.{name}", remote)


def named(**values: Any) -> tuple[Any, ...]:
    """Arguments as the office takes them."""
    properties = []
    for name, value in values.items():
        each = PropertyValue()
        each.Name, each.Value = name, value
        properties.append(each)
    return tuple(properties)


class Hand:
    """What a person does with keyboard and mouse in an open workbook; rows and columns as the screen shows them."""

    def __init__(self, remote: Any, document: Any) -> None:
        self.document, self.sheets = document, document.Sheets
        self._dispatcher = service(remote, "DispatchHelper")

    def _press(self, command: str, **values: Any) -> None:
        frame = self.document.CurrentController.Frame
        self._dispatcher.executeDispatch(frame, f".uno:{command}", "", 0, named(**values))

    def _cells(self, sheet: str, address: str) -> Any:
        return self.sheets.getByName(sheet).getCellRangeByName(address)

    def type(self, sheet: str, address: str, text: str) -> None:
        """Types into a cell and presses Enter: dates, numbers and formulas are recognised as they are for people."""
        self.document.CurrentController.setActiveSheet(self.sheets.getByName(sheet))
        self._press("GoToCell", ToPoint=address)
        self._press("EnterString", StringName=text)

    def fill(self, sheet: str, address: str, text: str) -> None:
        """As `type`, at once and with the rules of an English keyboard."""
        self._cells(sheet, address).setFormula(text)

    def type_as_text(self, sheet: str, address: str, text: str) -> None:
        """Types into a cell that was formatted as text before."""
        text_format = self.document.NumberFormats.getStandardFormat(256, Locale("zh", "CN", ""))
        self._cells(sheet, address).setPropertyValue("NumberFormat", text_format)
        self.type(sheet, address, text)

    def clear(self, sheet: str, address: str) -> None:
        self._cells(sheet, address).clearContents(1 | 2 | 4 | 16)  # numbers, dates, texts, formulas

    def delete_rows(self, sheet: str, row: int, count: int = 1) -> None:
        self.sheets.getByName(sheet).Rows.removeByIndex(row - 1, count)

    def insert_row(self, sheet: str, row: int) -> None:
        self.sheets.getByName(sheet).Rows.insertByIndex(row - 1, 1)

    def sort(self, sheet: str, cells: str, column: int, descending: bool = False) -> None:
        """Sorts rows by one of their columns, counted from 0; formats and everything else in them go along."""
        key = TableSortField()
        key.Field, key.IsAscending = column, not descending
        fields = uno.Any("[]com.sun.star.table.TableSortField", (key,))
        self._cells(sheet, cells).sort(named(SortFields=fields, ContainsHeader=False, BindFormatsToContent=True))

    def add_sheet(self, name: str) -> None:
        """At the end."""
        self.sheets.insertNewByName(name, self.sheets.Count)

    def unprotect(self, sheet: str) -> None:
        """Lifts a protection that has no password."""
        self.sheets.getByName(sheet).unprotect("")

    def delete_column(self, sheet: str, letter: str) -> None:
        columns = self._cells(sheet, f"{letter}1").RangeAddress.StartColumn
        self.sheets.getByName(sheet).Columns.removeByIndex(columns, 1)

    def move(self, sheet: str, cells: str, to: str) -> None:
        """Cuts and pastes."""
        target = self._cells(sheet, to).getCellByPosition(0, 0).CellAddress
        self.sheets.getByName(sheet).moveRange(target, self._cells(sheet, cells).RangeAddress)

    def merge(self, sheet: str, cells: str) -> None:
        self._cells(sheet, cells).merge(True)

    def hide_sheet(self, sheet: str) -> None:
        self.sheets.getByName(sheet).IsVisible = False

    def copy_sheet(self, sheet: str, name: str) -> None:
        """The copy stands at the end."""
        self.sheets.copyByName(sheet, name, self.sheets.Count)

    def rename_sheet(self, sheet: str, name: str) -> None:
        self.sheets.getByName(sheet).setName(name)

    def delete_sheet(self, sheet: str) -> None:
        self.sheets.removeByName(sheet)


def edit(remote: Any, order: dict[str, Any]) -> dict[str, Any]:
    """Opens, types as a person would, thinks, saves, closes."""
    url = uno.systemPathToFileUrl(order["path"])
    document = service(remote, "Desktop").loadComponentFromURL(url, "_blank", 0, named(Hidden=True))
    try:
        hand = Hand(remote, document)
        for row in order.get("insert", ()):
            hand.insert_row(order["sheet"], row)
        for address, text in order.get("cells", {}).items():
            hand.fill(order["sheet"], address, text)
        for verb, *details in order.get("do", ()):
            getattr(hand, verb)(*details)
        time.sleep(order.get("think", 0.0))
        document.store()
    finally:
        document.close(True)
    return {"saved": time.time()}


def main(profile: Path) -> None:
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(CHINESE, "utf-8")
    pipe = f"qt{uuid.uuid4().hex[:12]}"
    office = subprocess.Popen(
        [
            "soffice",
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            f"--accept=pipe,name={pipe};urp;",
            f"-env:UserInstallation={profile.resolve().as_uri()}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        remote = connect(pipe)
        sys.stdout.write('{"ready": true}\n')
        sys.stdout.flush()
        for line in sys.stdin:
            try:
                answer = edit(remote, json.loads(line))
            except Exception as error:
                answer = {"error": repr(error)}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
        try:
            service(remote, "Desktop").terminate()
        except Exception:
            office.terminate()  # it goes away while it answers
        office.wait(PATIENCE)
    finally:
        if office.poll() is None:
            office.kill()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
