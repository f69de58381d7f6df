"""Make the samples: `python samples/build.py` writes register.zh.xlsx, register.en.xlsx and qtemplate.toml beside it.

Deterministic: the same code makes the same bytes. A run on the morning after `LAST_DAY`
finds clocks that are due, overdue and paused.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))

from qtemplate.config.default_file import default_toml  # noqa: E402  # after the path is set
from qtemplate.fields import Field, Filler  # noqa: E402
from qtemplate.register import label_of  # noqa: E402
from qtemplate.sheets.layout import word  # noqa: E402
from qtemplate.sheets.standard import OwnColumn, build_workbook  # noqa: E402
from qtemplate.sheets.standard.holidays import NONE, named_holidays  # noqa: E402
from samples import catalogue as c  # noqa: E402
from samples.scenes import Scene, drafts  # noqa: E402
from samples.steps import DAY, HOUR, OWN_COST, OWN_REGION, Draft  # noqa: E402

LAST_DAY = dt.datetime(2026, 7, 15)
"""The day the last rows came in; `demo` runs the nightly job on the morning after it, in Asia/Shanghai."""

KEPT_INFORMED = frozenset({"in work", "snoozed", "to verify", "verification failed", "to reply"})
"""Scenes most of whose reporters were told today how far it is, so that not every progress clock has run out."""

ALLOWED_DOMAINS = ("example.com", "example.org", "example.net")


def sample_rows(language: str) -> list[tuple[Scene, Draft]]:
    """All rows in sheet order (by receipt), ids given to those that had one before the sample's moment."""
    made = sorted(drafts(language), key=lambda item: item[1].received)
    serial = 0
    for _, draft in made:
        if draft.numbered:
            serial += 1
            draft.row["id"] = f"QF-2026-{serial:04d}"
    ids = [draft.row["id"] for _, draft in made if "id" in draft.row]
    for place, (_, draft) in enumerate(made):
        if draft.tag == "merged":
            same = [d for _, d in made[:place] if d.story is draft.story and d.tag != "merged" and "id" in d.row]
            draft.row["master"] = same[-1].row["id"] if same else ids[0]
        elif draft.tag == "duplicate id":
            draft.row["id"] = ids[-3]
    return made


def _contacts(language: str, made: list[tuple[Scene, Draft]]) -> list[dict[str, Any]]:
    called = ("电话说明已受理，约定一周内答复。", "Told by phone that it is being handled; answer within a week.")
    asked = ("来电询问进度，已告知责任部门正在处理。", "Called to ask how it is going; told that work is under way.")
    told = ("电话告知进展，反馈者表示理解。", "Told by phone how far it is; the reporter was content.")
    rows: list[dict[str, Any]] = []
    for scene, draft in made:
        if draft.tag == "called":
            rows.append(_contact(draft, 4 * HOUR, "out", called))
        elif scene.name == "in work, long overdue":
            rows.append(_contact(draft, 9 * DAY + 2 * HOUR, "in", asked))
        elif scene.name in KEPT_INFORMED and draft.number % 5:
            today = LAST_DAY.replace(hour=9 + draft.number % 8, minute=draft.number * 7 % 60)
            rows.append(_contact(draft, today - draft.received, "out", told))
    return sorted(rows, key=lambda row: row["at"])


def _contact(draft: Draft, after: dt.timedelta, direction: str, words: tuple[str, str]) -> dict[str, Any]:
    return {
        "at": draft.received + after,
        "id": draft.row["id"],
        "direction": word(direction, draft.language),
        "way": draft.say(("电话", "Phone")),
        "who": c.person(c.SERVICE, draft.language),
        "summary": draft.say(words),
        "final": word("no", draft.language) if direction == "out" else None,
    }


def _pauses(made: list[tuple[Scene, Draft]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for scene, draft in made:
        if draft.tag == "paused":
            reason = draft.say(("等用户寄回样机", "Waiting for the device"))
            rows.append({"id": draft.row["id"], "from": draft.received + 2 * DAY, "to": None, "reason": reason})
        elif scene.name == "to verify":
            reason = draft.say(("等供应商回复", "Waiting for the supplier"))
            begin = draft.received + DAY
            rows.append({"id": draft.row["id"], "from": begin, "to": begin + 2 * DAY, "reason": reason})
    return rows


def _changes(language: str, made: list[tuple[Scene, Draft]]) -> list[dict[str, Any]]:
    """What the program filled on the nights before, as 变更日志 lists it: the book is one it has written."""
    program = [field for field in Field if field.filler is Filler.PROGRAM]
    because = ("此前的夜间运行", "An earlier nightly run")
    return [
        {
            "at": LAST_DAY - DAY + 2 * HOUR,
            "id": draft.row["id"],
            "field": field.header(language),
            "before": None,
            "after": str(label_of(field, draft.row[field], language)),
            "because": draft.say(because),
            "who": "qtemplate",
        }
        for _, draft in reversed(made)
        for field in program
        if draft.row.get(field) is not None and "id" in draft.row
    ]


def _later(rows: list[dict[str, Any]], by: dt.timedelta) -> list[dict[str, Any]]:
    """The rows with every moment so much later."""
    return [{name: value + by if isinstance(value, dt.date) else value for name, value in row.items()} for row in rows]


def build_register(language: str, each: int | None = None, later: dt.timedelta = dt.timedelta()) -> bytes:
    """The sample register in `language`; a small one has `each` rows of a scene at the most.

    `later`: everything happened so much later, whole weeks of it.
    """
    made = sample_rows(language)
    if each is not None:
        made = _few(made, each)
    at = c.side(language)
    return build_workbook(
        language,
        people=c.people_rows(language),
        products=c.product_rows(language),
        rows=_later([draft.row for _, draft in made], later),
        contacts=_later(_contacts(language, made), later),
        pauses=_later(_pauses(made), later),
        changes=_later(_changes(language, made), later),
        demo=True,
        holidays=None if language == "zh" else named_holidays(NONE, LAST_DAY.year),
        own_columns=(
            OwnColumn(OWN_REGION[at], "list", tuple(pair[at] for pair in c.REGIONS), 10),
            OwnColumn(OWN_COST[at], "number", width=13, number_format="#,##0"),
        ),
    )


def _few(made: list[tuple[Scene, Draft]], each: int) -> list[tuple[Scene, Draft]]:
    """The last rows of every scene, and what they are merged into."""
    seen: Counter[str] = Counter()
    kept: list[tuple[Scene, Draft]] = []
    masters: set[Any] = set()
    for scene, draft in reversed(made):
        seen[scene.name] += 1
        if seen[scene.name] <= each or draft.row.get("id") in masters:
            kept.append((scene, draft))
            masters.add(draft.row.get("master"))
    return kept[::-1]


def build_config() -> str:
    """The sample's qtemplate.toml, as `demo` writes it."""
    return default_toml("zh", "Asia/Shanghai", None, allow_domains=ALLOWED_DOMAINS, max_per_run=1000)


def build_all() -> dict[str, bytes]:
    """File name -> content of everything this script writes."""
    return {
        "register.zh.xlsx": build_register("zh"),
        "register.en.xlsx": build_register("en"),
        "qtemplate.toml": build_config().encode(),
    }


if __name__ == "__main__":
    for name, content in build_all().items():
        (HERE / name).write_bytes(content)
        sys.stdout.write(f"{name}: {len(content):,} bytes\n")
