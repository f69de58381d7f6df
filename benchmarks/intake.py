"""How fast mails that came in are read, beside what the standard library takes to parse the same bytes alone.

    python benchmarks/intake.py [--mails 1000] [--rounds 5] [--json]

Both ways read the same mails in turns in the same run; figures are CPU time, the best of the rounds, and the ratio is
ours to the library's. `email.message_from_bytes` with `policy.default` parses structure and headers; it reads no body,
no quotation, no bounce. With `policy.compat32` it does not look at the headers either: that ratio is told beside.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from qtemplate.intake import read_mail  # noqa: E402 - a checkout need not be installed

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


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(options.mails, options.rounds)
    if options.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:26} {value:8.3f}")


if __name__ == "__main__":
    main()
