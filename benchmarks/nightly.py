"""What a night costs: `python benchmarks/nightly.py [ROWS …]` (default 2000 10000 100000).

For each size a register of the standard workbook is made from the sample and run once (the very first run, told
apart), then 1,000 rows are changed and 100 added as people would, and the next night is measured: CPU seconds per
phase, peak memory, and in the same breath what it is compared with:

    openpyxl   loading and saving the same file
    calamine   reading the register's sheet into a DataFrame and no more
    read       the register and its rules as a run reads them
    floor      inflate + CRC-32 + deflate (zlib level 6) of the register's sheet: what giving it back costs anybody

Every measured part is a process of its own. The ratios count; the seconds are the machine's.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

CHANGED, NEW = 1000, 100
TABLE = "tblFeedback"


def sample_lines() -> list[dict[str, Any]]:
    """The sample's sound rows as header -> cell value."""
    from qtemplate.fields import Field
    from qtemplate.register import cell_value
    from qtemplate.sheets import open_book, read_register

    register = read_register(open_book(ROOT / "samples" / "register.zh.xlsx"))
    broken = {row for row, _ in register.wrong}
    lines = []
    for row in register.frame.index:
        values = {field: register.value(int(row), field) for field in Field if field is not Field.ID}
        if row in broken or not all(
            values[field] for field in (Field.RECEIVED_AT, Field.TITLE, Field.PRODUCT, Field.MODEL)
        ):
            continue
        lines.append({field.zh: cell_value(field, value, "zh") for field, value in values.items() if value is not None})
    return lines


def shifted(line: dict[str, Any], days: int) -> dict[str, Any]:
    """The same story, `days` earlier."""
    back = dt.timedelta(days=days)
    return {
        header: value - back if isinstance(value, (dt.datetime, dt.date)) else value for header, value in line.items()
    }


def make_workspace(folder: Path, rows: int) -> None:
    """A workspace whose register has `rows` rows, nine in ten of them closed."""
    from qtemplate.config import default_toml
    from qtemplate.jobs.demo import SAMPLE_DOMAINS, SAMPLE_MOMENT
    from qtemplate.sheets import append_rows

    rng = random.Random(rows)
    folder.mkdir(parents=True)
    register = folder / "register.xlsx"
    shutil.copyfile(ROOT / "samples" / "register.zh.xlsx", register)
    lines = sample_lines()
    closed = [line for line in lines if "关闭时间" in line] or lines
    extra = [
        shifted(rng.choice(closed if rng.random() < 0.9 else lines), rng.randrange(30, 900)) for _ in range(rows - 200)
    ]
    append_rows(register, register, TABLE, extra)
    since = SAMPLE_MOMENT - dt.timedelta(hours=4)
    text = default_toml("zh", "Asia/Shanghai", since, allow_domains=SAMPLE_DOMAINS, max_per_run=100_000)
    (folder / "qtemplate.toml").write_text(text, "utf-8")


def edit_like_people(folder: Path, days: int) -> None:
    """1,000 rows get a new evaluation, 100 rows are added, so many days after the first run."""
    from qtemplate.fields import Field
    from qtemplate.jobs.demo import SAMPLE_MOMENT
    from qtemplate.sheets import open_book, patch_workbook, read_register

    path = folder / "register.xlsx"
    register = read_register(open_book(path))
    rng = random.Random(7)
    edits: dict[str, Any] = {}
    for row in rng.sample(list(register.frame.index), min(CHANGED, len(register.frame))):
        cell = register.cell(int(row), Field.SCOPE)
        assert cell is not None
        edits[cell.address] = rng.choice(["个别", "少量", "部分", "大量"])
    lines = [shifted(line, 0) for line in rng.choices(sample_lines(), k=NEW)]
    keep = {field.zh for field in Field if field.stage in ("overview", "intake", "evaluation")}
    new = [{header: value for header, value in line.items() if header in keep} for line in lines]
    for line in new:
        for header in ("状态", "等级", "责任部门", "责任人", "关闭时间"):
            line.pop(header, None)
        line["反馈时间"] = SAMPLE_MOMENT + dt.timedelta(days=days, hours=-3)
    patch_workbook(path, path, edits={register.sheet: edits}, appends={TABLE: new})


def measured(what: str, folder: Path, days: int = 0, size: int = 0) -> dict[str, Any]:
    """Runs one part in a process of its own; its CPU seconds, peak memory in MB, and what it tells.

    This process stays small: Linux counts the parent's memory into the peak of a child.
    """
    arguments = [sys.executable, __file__, "--part", what, "--folder", str(folder), "--days", str(days), str(size)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def part(what: str, folder: Path, days: int, size: int) -> None:
    """The inside of `measured`."""
    start = time.process_time()
    told: dict[str, Any] = {}
    if what == "make":
        make_workspace(folder, size)
    elif what == "edit":
        edit_like_people(folder, days)
    elif what == "run":
        from qtemplate.config import load_config
        from qtemplate.jobs.demo import SAMPLE_MOMENT
        from qtemplate.jobs.run import run

        moment = SAMPLE_MOMENT + dt.timedelta(days=days)
        report = run(load_config(folder / "qtemplate.toml"), moment, timer=time.process_time)
        told = {"seconds": dict(report.seconds), "edits": len(report.edits), "mails": len(report.messages)}
    elif what == "openpyxl":
        import openpyxl

        book = openpyxl.load_workbook(folder / "register.xlsx")
        book.save(folder / "openpyxl-copy.tmp")
        (folder / "openpyxl-copy.tmp").unlink()
    elif what == "calamine":
        import pandas as pd
        from python_calamine import CalamineWorkbook

        start = time.process_time()  # loading packages is not what is measured
        cells = CalamineWorkbook.from_path(folder / "register.xlsx").get_sheet_by_name("反馈登记").to_python()
        pd.DataFrame(cells[1:], columns=cells[0])
    elif what == "read":
        from qtemplate.config import load_config
        from qtemplate.jobs.workspace import without_collector
        from qtemplate.jobs.world import read_world

        config = load_config(folder / "qtemplate.toml")
        start = time.process_time()
        with without_collector():  # as a run does
            read_world(config)
    elif what == "floor":
        deflate_again(folder / "register.xlsx")
    cpu = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"cpu": cpu, "peak": peak, **told}) + "\n")


def deflate_again(path: Path) -> None:
    """The largest part of a workbook, inflated (zipfile checks the CRC), its CRC taken and deflated again."""
    with zipfile.ZipFile(path) as archive:
        sheet = max(archive.infolist(), key=lambda info: info.file_size)
        packer, crc = zlib.compressobj(6, zlib.DEFLATED, -15), 0
        with archive.open(sheet) as part:
            while piece := part.read(1 << 18):
                crc = zlib.crc32(piece, crc)
                packer.compress(piece)
        packer.flush()


def show(name: str, result: dict[str, Any], base: float | None = None) -> None:
    phases = "  ".join(f"{phase} {seconds:.2f}" for phase, seconds in result.get("seconds", {}).items())
    ratio = f"  = {result['cpu'] / base:.3f} × openpyxl" if base else ""
    what = f"  edits {result['edits']}  mails {result['mails']}" if "edits" in result else ""
    sys.stdout.write(f"  {name:12} CPU {result['cpu']:7.2f} s  peak {result['peak']:6.0f} MB{ratio}{what}\n")
    if phases:
        sys.stdout.write(f"  {'':12} {phases}\n")
    sys.stdout.flush()


def benchmark(rows: int) -> dict[str, Any]:
    """Measures one size; what the next night cost."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "workspace"
        measured("make", folder, size=rows)
        sys.stdout.write(f"{rows} rows, {(folder / 'register.xlsx').stat().st_size / 1e6:.1f} MB\n")
        first = measured("run", folder)
        measured("edit", folder, days=1)
        night = measured("run", folder, days=1)
        peer = measured("openpyxl", folder)
        bare, read, floor = (measured(what, folder) for what in ("calamine", "read", "floor"))
        show("openpyxl", peer)
        show("first run", first, peer["cpu"])
        show("next night", night, peer["cpu"])
        show("calamine", bare)
        show("read", read)
        show("floor", floor)
        base = read["cpu"] + floor["cpu"]
        of_reading, of_night = read["cpu"] / bare["cpu"], night["cpu"] / base
        sys.stdout.write(f"  read = {of_reading:.2f} × calamine   next night = {of_night:.2f} × (read + floor)\n")
        return night


def show_growth(nights: dict[int, dict[str, Any]]) -> None:
    """How much more the largest night costs than the smallest."""
    small, large = min(nights), max(nights)
    cpu, peak = (nights[large][what] / nights[small][what] for what in ("cpu", "peak"))
    sys.stdout.write(f"growth from {small} to {large} rows ({large / small:g} ×): CPU {cpu:.1f} ×, peak {peak:.1f} ×\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("rows", nargs="*", type=int, default=[2000, 10_000, 100_000])
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--days", type=int, default=0, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.part:
        part(chosen.part, chosen.folder, chosen.days, chosen.rows[0])
    else:
        nights = {size: benchmark(size) for size in chosen.rows}
        if len(nights) > 1:
            show_growth(nights)
