"""How long a patch takes, against what no patcher can avoid and against openpyxl.

    python benchmarks/patch.py [--rows 100000] [--columns 40] [--no-openpyxl] [--json]

The task: 1,000 scattered cells are set and 100 rows appended to the table. The floor is what any program that gives the
sheet back deflated as it was must spend: inflate + CRC-32 + deflate of the same sheet part with zlib level 6.
`same level` is the same with the library and level the patcher chose; the rest of its time is work of its own. Every
measurement is a process of its own; CPU seconds are the figures to compare, peak memory is the resident maximum of the
process (Linux).
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, installed or not

EDITS = 1_000
APPENDS = 100


def make_workbook(path: Path, rows: int, columns: int) -> None:
    """A register of that size: texts, numbers, dates, three formula columns, validations, formats, a dashboard."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": False})
    sheet, board = book.add_worksheet("Register"), book.add_worksheet("Dashboard")
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    titles = [f"Column {place}" for place in range(1, columns + 1)]
    for row in range(1, rows + 1):
        for column in range(columns):
            match column % 8:
                case 0:
                    sheet.write_string(row, column, f"QF-{row:06d}-{column}")
                case 1:
                    sheet.write_datetime(row, column, dt.datetime(2026, 1, 1) + dt.timedelta(days=row % 700), date)
                case 2 | 3:
                    sheet.write_number(row, column, (row * 7919 + column) % 100_003 / 8)
                case 4 if column < 24:
                    sheet.write_formula(row, column, f"=C{row + 1}+{column}", None, row % 100)
                case _:
                    sheet.write_string(row, column, ("open", "closed", "waiting", "rejected")[(row + column) % 4])
    sheet.add_table(0, 0, rows, columns - 1, {"name": "tblRegister", "columns": [{"header": t} for t in titles]})
    for column in (5, 6, 7):
        sheet.data_validation(1, column, rows, column, {"validate": "list", "source": ["open", "closed"]})
    sheet.conditional_format(1, 2, rows, 2, {"type": "data_bar", "data_bar_2010": True})
    board.write_formula("A1", f'=COUNTIF(Register!F2:F{rows + 1},"open")', None, 0)
    book.close()


def peak_memory() -> float:
    """Most megabytes this process had resident; `ru_maxrss` would count the parent's before exec as well."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def run_task(kind: str, source: Path, target: Path, rows: int, columns: int) -> dict[str, float]:
    """Do one measured thing in this process.

    Returns:
        CPU and wall seconds, and megabytes resident before it and at most.
    """

    edits = {f"F{2 + place * max(rows // EDITS, 1)}": f"edited {place}" for place in range(min(EDITS, rows))}
    appended: list[dict[str, str | int]] = [
        {"Column 1": f"QF-new-{place}", "Column 3": place, "Column 6": "open"} for place in range(APPENDS)
    ]
    if kind == "patch":
        from qtemplate.ooxml.patch import patch_workbook
    elif kind == "floor":
        import zlib as engine

        def new_deflater() -> Any:
            return engine.compressobj(6, engine.DEFLATED, -15)

    elif kind == "same level":
        from qtemplate.ooxml.package.deflate import LARGE, new_compressor
        from qtemplate.ooxml.package.deflate import engine as known_engine

        def new_deflater() -> Any:
            return new_compressor(LARGE)

        engine = known_engine()
    else:
        import openpyxl
    before = peak_memory()
    cpu, wall = time.process_time(), time.perf_counter()
    if kind == "patch":
        patch_workbook(source, target, edits={"Register": edits}, appends={"tblRegister": appended})
    elif kind in ("floor", "same level"):
        import zipfile

        with zipfile.ZipFile(source) as archive:
            info = archive.getinfo("xl/worksheets/sheet1.xml")
        with source.open("rb") as file, target.open("wb") as out:
            file.seek(info.header_offset + 26)
            lengths = file.read(4)
            start = info.header_offset + 30 + int.from_bytes(lengths[:2], "little")
            file.seek(start + int.from_bytes(lengths[2:], "little"))
            inflater, deflater = engine.decompressobj(-15), new_deflater()
            left, crc = info.compress_size, 0
            while left:
                packed = file.read(min(1 << 18, left))
                left -= len(packed)
                piece = inflater.decompress(packed)
                crc = engine.crc32(piece, crc)
                out.write(deflater.compress(piece))
            out.write(deflater.flush())
    else:
        book = openpyxl.load_workbook(source)
        sheet = book["Register"]
        for reference, value in edits.items():
            sheet[reference] = value
        for row in appended:
            sheet.append([row.get(f"Column {place}") for place in range(1, columns + 1)])
        book.save(target)
    return {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "imports_mb": before,
        "peak_mb": peak_memory(),
        "own_mb": peak_memory() - before,
        "size_mb": target.stat().st_size / 1e6,
    }


def measure(kind: str, source: Path, target: Path, rows: int, columns: int, repeat: int) -> dict[str, float]:
    """The best of several processes, by CPU seconds."""
    results = []
    for _ in range(repeat):
        call = [sys.executable, __file__, "--task", kind, str(source), str(target)]
        call += ["--rows", str(rows), "--columns", str(columns)]
        results.append(json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout))
    return min(results, key=lambda result: result["cpu"])


def main() -> None:
    """Make the workbook, measure, print."""
    parser = argparse.ArgumentParser(description="Benchmark of the workbook patcher.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--columns", type=int, default=40)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--no-openpyxl", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--workbook", type=Path, help="keep and reuse the workbook under this name")
    parser.add_argument("--task", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        kind, source, target = options.task
        print(json.dumps(run_task(kind, Path(source), Path(target), options.rows, options.columns)))
        return
    with tempfile.TemporaryDirectory() as folder:
        source = options.workbook or Path(folder) / "register.xlsx"
        if not source.exists():
            make_workbook(source, options.rows, options.columns)
        target = Path(folder) / "target.xlsx"
        size = (options.rows, options.columns)
        kinds = ["floor", "same level", "patch"] + ([] if options.no_openpyxl else ["openpyxl"])
        found = {k: measure(k, source, target, *size, 1 if k == "openpyxl" else options.repeat) for k in kinds}
    found["ratios"] = {
        "patch_to_floor": found["patch"]["cpu"] / found["floor"]["cpu"],
        "patch_to_same_level": found["patch"]["cpu"] / found["same level"]["cpu"],
    }
    if "openpyxl" in found:
        found["ratios"]["openpyxl_to_patch"] = found["openpyxl"]["cpu"] / found["patch"]["cpu"]
    if options.json:
        print(json.dumps(found))
        return
    print(f"{options.rows:,} rows x {options.columns} columns, {EDITS:,} cells set, {APPENDS} rows appended")
    for kind in kinds:
        print(f"  {kind:10}" + "".join(f"  {name} {value:8.2f}" for name, value in found[kind].items()))
    for name, value in found["ratios"].items():
        print(f"  {name} {value:.2f}")


if __name__ == "__main__":
    main()
