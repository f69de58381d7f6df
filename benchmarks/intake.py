"""How fast what comes in is read: mails beside the standard library, a list of 20,000 rows beside pandas.

    python benchmarks/intake.py [--mails 1000] [--rows 20000] [--rounds 5] [--json]

All ways go over the same bytes in turns in the same run; figures are CPU time, the best of the rounds.

Mails: `email.message_from_bytes` with `policy.default` parses structure and headers; it reads no body, no quotation, no
bounce. With `policy.compat32` it does not look at the headers either: that ratio is told beside.

Lists: `pandas.read_csv` reads the file and knows of no mapping, no date, no number that came before; "bare" puts what
it read into a table of SQLite that is unique by number and digest. Ours reads and maps, and besides tells each record
from every other one and stores it. Python's search for circular garbage rests, as it does in a run.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import gc
import io
import json
import sqlite3
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import pandas as pd  # noqa: E402 - a checkout need not be installed

from qtemplate.intake import read_mail  # noqa: E402
from qtemplate.intake.lists.csv_file import read_csv  # noqa: E402
from qtemplate.intake.lists.records import Records, read_records  # noqa: E402
from qtemplate.intake.mapping import ChannelMap, read_mapping  # noqa: E402
from qtemplate.journal import open_state  # noqa: E402
from qtemplate.journal.received import ReceivedLog  # noqa: E402

WORDS = "外壳在使用中开裂，请尽快安排更换。型号 QX-100，批号 B-17。\n"
QUOTED = (
    '\n在 2026-11-29 09:00:00，"质量部" <qa@corp.cn> 写道：\n'
    + "> 请问现在是否可以正常使用？如有问题请直接回复。\n" * 20
)


def make_answer(number: int) -> EmailMessage:
    """An answer with its quotation, as most mails are; about 4 kB."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = f"张三{number} <zhang{number}@x.com>"
    mail["To"] = "质量部 <qa@corp.cn>"
    mail["Subject"] = f"回复: [QF-2026-{number:04}] 外壳开裂"
    mail["Date"] = "Mon, 30 Nov 2026 09:00:00 +0800"
    mail["Message-ID"] = f"<m{number}@x.com>"
    mail["In-Reply-To"] = f"<q{number}@corp.cn>"
    mail["References"] = f"<p{number}@corp.cn> <q{number}@corp.cn>"
    for hop in range(4):
        mail["Received"] = (
            f"from mx{hop}.x.com by mx{hop + 1}.x.com with ESMTPS id {number}; 30 Nov 2026 09:00:00 +0800"
        )
    mail.set_content(WORDS * 5 + QUOTED)
    return mail


def make_mail(number: int) -> bytes:
    """Of ten mails four are plain answers, three have HTML beside it, one HTML only, two a photo of 60 kB."""
    mail = make_answer(number)
    html = "<div>" + "</div><div>".join((WORDS * 5).split("\n")) + "</div>"
    html += "<blockquote type=cite>" + "旧的话<br>" * 20 + "</blockquote>"
    match number % 10:
        case 4 | 5 | 6:
            mail.add_alternative(html, subtype="html")
        case 7:
            mail.set_content(html, subtype="html")
        case 8 | 9:
            mail.add_attachment(bytes(range(256)) * 240, maintype="image", subtype="jpeg", filename="照片.jpg")
    return mail.as_bytes()


def measure(mails: int, rounds: int) -> dict[str, float]:
    """CPU milliseconds a mail of each way, the best of the rounds, and the ratios."""
    raws = [make_mail(number) for number in range(mails)]
    ways: dict[str, Callable[[bytes], object]] = {
        "library, policy.default": lambda raw: message_from_bytes(raw, policy=policy.default),
        "library, policy.compat32": lambda raw: message_from_bytes(raw, policy=policy.compat32),
        "read_mail": read_mail,
    }
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.process_time()
            for raw in raws:
                way(raw)
            best[name] = min(best[name], (time.process_time() - started) / mails * 1000)
    ours = best["read_mail"]
    return {
        "kB a mail": sum(map(len, raws)) / mails / 1000,
        **best,
        "ratio": ours / best["library, policy.default"],
        "ratio to compat32": ours / best["library, policy.compat32"],
    }


NOW = dt.datetime(2026, 7, 30, tzinfo=dt.UTC)
HEADERS = ("留言编号", "姓名", "手机", "产品", "机型", "批号", "留言时间", "主题", "内容", "类型", "使用环境")


def make_list(rows: int) -> bytes:
    """An export of a web form."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADERS)
    for at in range(rows):
        said = f"早上煮饭时屏幕完全不亮，按键没有任何反应，换过插座也一样。第 {at} 次。"
        moment, title = f"2026/07/{at % 28 + 1:02} {at % 24:02}:{at % 60:02}", f"屏幕不亮 {at}"
        model, kind = ("RC-300", "RC-500")[at % 2], ("质量问题", "软件问题")[at % 2]
        told = (
            f"张{at % 977}",
            f"0571-{at:08}",
            "智能电饭煲",
            model,
            f"A{at % 400}",
            moment,
            title,
            said * 2,
        )
        writer.writerow((f"W-{at:06}", *told, kind, "家庭厨房"))
    return text.getvalue().encode()


def read_list(data: bytes, mapping: ChannelMap) -> Records:
    return read_records(read_csv(data), mapping, NOW)


def store_barely(data: bytes, folder: Path) -> None:
    """What pandas read, put into a table as it is."""
    frame = pd.read_csv(io.BytesIO(data))
    database = sqlite3.connect(folder / "bare.db")
    database.execute("pragma journal_mode=wal")
    database.execute(f"create table line({', '.join('abcdefghijk')}, unique(a, b))")
    with database:
        marks = ",".join("?" * len(HEADERS))
        database.executemany(f"insert into line values({marks})", frame.itertuples(index=False, name=None))
    database.close()


def measure_list(rows: int, rounds: int) -> dict[str, float]:
    """CPU milliseconds of each way for the whole list, the ratios, and the most memory that storing it takes in MB."""
    data, mapping = make_list(rows), read_mapping(ROOT / "templates" / "intake", "web_form")
    best: dict[str, float] = {}

    def count(name: str, way: Callable[[], object]) -> None:
        started = time.process_time()
        way()
        best[name] = min(best.get(name, float("inf")), (time.process_time() - started) * 1000)

    gc.disable()
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            count("pandas.read_csv", lambda: pd.read_csv(io.BytesIO(data)))
            count("read and mapped", lambda: read_list(data, mapping))
            count("pandas and bare inserts", lambda at=Path(folder): store_barely(data, at))  # type: ignore[misc]
            database = open_state(Path(folder) / "state.db")
            log = ReceivedLog(database)
            count("read, mapped and stored", lambda log=log: log.put(read_list(data, mapping), "s", NOW))  # type: ignore[misc]
            database.close()
    gc.enable()
    with tempfile.TemporaryDirectory() as folder:
        database = open_state(Path(folder) / "state.db")
        records = read_list(data, mapping)
        tracemalloc.start()
        ReceivedLog(database).put(records, "s", NOW)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        database.close()
    return {
        "MB a list": len(data) / 1e6,
        **best,
        "ratio of reading": best["read and mapped"] / best["pandas.read_csv"],
        "ratio of the whole": best["read, mapped and stored"] / best["pandas and bare inserts"],
        "MB while it is stored": peak,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(options.mails, options.rounds) | measure_list(options.rows, options.rounds)
    if options.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:26} {value:8.3f}")


if __name__ == "__main__":
    main()
