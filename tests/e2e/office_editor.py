"""A second editor: opens workbooks in a LibreOffice of its own, edits and saves them; run by the system's Python.

`/usr/bin/python3 office_editor.py PROFILE` reads one JSON object a line and answers each with one:
`{"path": …, "sheet": …, "insert": [row, …], "cells": {"F5": "typed text"}, "think": seconds}` ->
`{"saved": clock time at which the file was whole}`. At the end of its input it closes what it has started.
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

PATIENCE = 60.0


def connect(pipe: str) -> Any:
    """The desktop of the office that listens on a pipe."""
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def edit(desktop: Any, order: dict[str, Any]) -> dict[str, Any]:
    """Opens, types as a person would, thinks, saves, closes."""
    hidden = PropertyValue()
    hidden.Name, hidden.Value = "Hidden", True
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(order["path"]), "_blank", 0, (hidden,))
    try:
        sheet = document.Sheets.getByName(order["sheet"])
        for row in order.get("insert", ()):
            sheet.Rows.insertByIndex(row - 1, 1)
        for address, text in order["cells"].items():
            sheet.getCellRangeByName(address).setFormula(text)  # as if typed: dates and numbers are recognised
        time.sleep(order.get("think", 0.0))
        document.store()
    finally:
        document.close(True)
    return {"saved": time.time()}


def main(profile: Path) -> None:
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
        desktop = connect(pipe)
        sys.stdout.write('{"ready": true}\n')
        sys.stdout.flush()
        for line in sys.stdin:
            try:
                answer = edit(desktop, json.loads(line))
            except Exception as error:
                answer = {"error": repr(error)}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
        try:
            desktop.terminate()
        except Exception:
            office.terminate()  # it goes away while it answers
        office.wait(PATIENCE)
    finally:
        if office.poll() is None:
            office.kill()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
