"""Forms of every kind, made and collected: `python benchmarks/forms.py [count]`.

Each kind is made and read `count` times (200); the peer is openpyxl, which loads the same template and saves it. The
table shows CPU milliseconds a form and the ratios.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, installed or not

from openpyxl import load_workbook

from qtemplate.forms.collect import read_form
from qtemplate.forms.make import form_template, make_form
from qtemplate.plan import FormRequest
from qtemplate.plan.form_kinds import FormKind
from qtemplate.plan.keys import FormKey

SECRET = b"benchmark" * 4
PEER_ROUNDS = 10


def per_round(work: Callable[[], object], rounds: int) -> float:
    """CPU milliseconds of one round."""
    began = time.process_time()
    for _ in range(rounds):
        work()
    return (time.process_time() - began) / rounds * 1000


def request_of(kind: FormKind) -> FormRequest:
    """A form with facts in every place where one kind or another has them."""
    cells = {"f_decision": "接受", "f_root_cause": "端子没有锁扣", "l_people": ["孙浩", "何军"] * 20}
    facts = {"id": "QF-2026-0001", "title": "煮饭时屏幕不亮", "file": f"{kind}.xlsx", "cells": cells, "base": {}}
    return FormRequest(FormKey.about(kind, "QF-2026-0001", 1, "孙浩"), kind, "QF-2026-0001", "zh", facts)


def main() -> int:
    """Prints the table; 1 where a form costs more than half of its peer, either way."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    slow = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        sys.stdout.write(f"{'kind':14}{'make':>9}{'collect':>9}{'openpyxl':>10}   ms of CPU, and shares of the peer\n")
        for kind in FormKind:
            template, request = form_template(place, kind, "zh"), request_of(kind)
            made = per_round(lambda t=template, r=request: make_form(r, t, place, SECRET), count)  # type: ignore[misc]
            path = place / f"{kind}.xlsx"
            read = per_round(lambda p=path: read_form(p, SECRET, lambda token: None), count)  # type: ignore[misc]
            peer = per_round(lambda t=template: load_workbook(t.path).save(io.BytesIO()), PEER_ROUNDS)  # type: ignore[misc]
            slow += made > peer / 2 or read > peer / 2
            line = f"{kind:14}{made:9.1f}{read:9.1f}{peer:10.1f}   {made / peer:.2f} {read / peer:.2f}\n"
            sys.stdout.write(line)
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
