"""What a look at a team's own register of 10,000 rows costs beside reading its cells.

    python benchmarks/adopt.py [--rows 10000] [--rounds 5] [--json]

Reading is calamine's way from the file to lists of Python objects, of the one sheet there is; the look finds sheet and
header, judges every column and counts what every value means. Both go over the same file in turns in the same run;
figures are CPU time, the best of the rounds. Words and meanings are read anew at every look, as a command does.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import xlsxwriter  # noqa: E402 - a checkout need not be installed
from python_calamine import CalamineWorkbook  # noqa: E402

from qtemplate.sheets.adopt.look import look_at_book  # noqa: E402

HEADERS = (
    "投诉编号", "接诉日期", "客户名称", "联系电话", "产品名称", "型号", "批号", "问题描述", "严重程度", "优先级",
    "责任部门", "责任人", "原因分析", "处理措施", "处理状态", "关闭日期",
)  # fmt: skip
TEXTS = ("煮饭时屏幕完全不亮，按键没有任何反应", "内胆涂层起泡脱落，用了三个月", "预约功能提前两个小时开始煮，饭是生的")


def make_register(path: Path, rows: int) -> None:
    """A complaint list below a title, as teams keep them."""
    chance = random.Random(5)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": False})
    sheet, day = book.add_worksheet("投诉台账"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write(0, 0, "客户投诉登记台账")
    sheet.write_row(2, 0, HEADERS)
    for number in range(rows):
        received = dt.datetime(2024, 1, 1) + dt.timedelta(days=number // 12)
        closed = received + dt.timedelta(days=9) if chance.random() < 0.8 else None
        line = (
            f"TS-{number:06}", received, f"客户{chance.randrange(900)}", f"138{chance.randrange(10**8):08}", "电饭煲",
            f"RC-{chance.randrange(30)}", f"L{chance.randrange(999):04}", f"{chance.choice(TEXTS)}（{number}）",
            chance.choice("高中低"), chance.choice(("P1", "P2", "P3")), chance.choice(("研发部", "生产部")),
            chance.choice(("李想", "王芳", "赵敏")), "密封圈老化，尺寸超差" if closed else "",
            "更换密封圈" if closed else "", "已关闭" if closed else "处理中", closed,
        )  # fmt: skip
        for at, value in enumerate(line):
            if isinstance(value, dt.datetime):
                sheet.write_datetime(number + 3, at, value, day)
            elif value:
                sheet.write(number + 3, at, value)
    book.close()


def read_cells(path: Path) -> int:
    """All cells as lists of Python objects."""
    return len(CalamineWorkbook.from_path(str(path)).get_sheet_by_name("投诉台账").to_python())


def spent(do: Callable[[Path], object], path: Path) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    do(path)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        make_register(path, asked.rows)
        reading, looking = [], []
        for _ in range(asked.rounds):
            reading.append(spent(read_cells, path))
            looking.append(spent(look_at_book, path))
    told = {"rows": asked.rows, "reading": min(reading), "looking": min(looking), "ratio": min(looking) / min(reading)}
    if asked.json:
        print(json.dumps(told))
    else:
        print(
            f"{asked.rows:,} rows: reading {told['reading']:.2f} s, look {told['looking']:.2f} s: {told['ratio']:.2f} x"
        )


if __name__ == "__main__":
    main()
