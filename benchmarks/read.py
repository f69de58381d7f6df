"""What reading costs: `read_register` (with its second pass over the XML) against bare calamine -> DataFrame.

Run `python benchmarks/read.py [ROWS]`; both sides run in this process, each in a forked child, so that peak memory is
each one's own. The figure that counts is the ratio of CPU seconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, installed or not

from qtemplate.fields import Field, Kind

START = dt.datetime(2026, 1, 5, 8, 0)


def value_for(field: Field, row: int, rng: random.Random) -> Any:
    """A plausible value; a fifth of the cells stay empty, as in a register in use."""
    if field not in (Field.ID, Field.RECEIVED_AT, Field.TITLE) and rng.random() < 0.2:
        return None
    if field.choices is not None:
        return rng.choice(list(field.choices)).zh
    match field.kind:
        case Kind.CODE if field is Field.ID:
            return f"QF-2026-{row:06d}"
        case Kind.CODE:
            return f"{rng.randrange(10**6):08d}"
        case Kind.DATETIME:
            return START + dt.timedelta(minutes=rng.randrange(400_000))
        case Kind.DATE:
            return (START + dt.timedelta(days=rng.randrange(300))).date()
        case Kind.SCALE:
            return rng.randint(1, 5)
        case Kind.INT:
            return rng.randint(0, 50)
        case Kind.EMAIL:
            return f"user{rng.randrange(5000)}@example.com"
        case Kind.PERSON:
            return rng.choice(["张三", "李四", "王五", "赵六", "Anna Berg"])
        case Kind.LONG:
            return f"第 {rng.randrange(10**5)} 次使用时屏幕闪烁，重启后恢复，环境温度约 {rng.randint(5, 40)} 度"
        case Kind.SNOOZE | Kind.IDS:
            return None
        case _:
            return f"文本 {rng.randrange(2000)}"


def build(path: Path, rows: int) -> None:
    """Write a register of `rows` rows with every column the product knows."""
    rng = random.Random(7)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("反馈登记")
    stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    fields = list(Field)
    for column, field in enumerate(fields):
        sheet.write_string(0, column, field.zh)
    for row in range(1, rows + 1):
        for column, field in enumerate(fields):
            value = value_for(field, row, rng)
            if isinstance(value, dt.datetime):
                sheet.write_datetime(row, column, value, stamp)
            elif isinstance(value, dt.date):
                sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, int):
                sheet.write_number(row, column, value)
            elif value is not None:
                sheet.write_string(row, column, value)
    book.close()


def with_calamine(path: Path) -> int:
    import pandas as pd
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return len(pd.DataFrame(rows[1:], columns=rows[0]))


def with_reader(path: Path) -> int:
    from qtemplate.sheets import open_book, read_register

    return len(read_register(open_book(path)).frame)


def measure(work: Callable[[Path], int], path: Path) -> tuple[float, float]:
    """CPU seconds and peak MB of `work(path)` in a child process; imports are not counted."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        import pandas  # noqa: F401 - loading packages is not what is measured
        import python_calamine  # noqa: F401

        import qtemplate.sheets  # noqa: F401

        started = time.process_time()
        work(path)
        spent = time.process_time() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        os.write(into, f"{spent} {peak}".encode())
        os._exit(0)
    os.close(into)
    os.waitpid(child, 0)
    spent_text, peak_text = os.read(out, 100).decode().split()
    os.close(out)
    return float(spent_text), float(peak_text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=100_000)
    parser.add_argument("--file", type=Path, help="use (or make) this workbook instead of a temporary one")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / "register.xlsx"
        if not path.exists():
            build(path, options.rows)
        print(f"{options.rows:,} rows x {len(Field)} columns, {path.stat().st_size / 1e6:.1f} MB")
        ratios = []
        for _ in range(options.repeat):
            base, base_peak = measure(with_calamine, path)
            ours, our_peak = measure(with_reader, path)
            ratios.append(ours / base)
            print(
                f"calamine -> DataFrame {base:6.2f} s {base_peak:6.0f} MB   "
                f"read_register {ours:6.2f} s {our_peak:6.0f} MB   ratio {ours / base:.2f}"
            )
        print(f"median ratio {sorted(ratios)[len(ratios) // 2]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
