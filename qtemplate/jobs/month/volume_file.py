"""`volumes.csv` beside qtemplate.toml: volumes as another system exports them, besides those typed into 产量."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from ...intake.lists.csv_file import read_csv
from ...intake.lists.table import Table
from ...intake.unfit import Unfit
from ...plan import Finding, Phrase, Severity
from ...rules.rulebook import RuleBook, Volume
from ...sheets.headers import fold
from ...sheets.layout import BY_KEY
from ...sheets.rulebook.month_sheets import MONTH

FILE = "volumes.csv"
NUMBER = re.compile(r"\d+(\.\d+)?")
MOST_LINES = 5


def with_volume_file(workspace: Path, rulebook: RuleBook) -> tuple[RuleBook, tuple[Finding, ...]]:
    """The rule book with the volumes of the file too; where 产量 has the same month, the sheet stands.

    The headers are those of the sheet, in either language. What cannot be read is one finding (QT902).
    """
    path = workspace / FILE
    if not path.is_file():
        return rulebook, ()
    try:
        table = read_csv(path.read_bytes())
        columns = _columns(table)
    except (Unfit, OSError) as problem:
        said = problem.said if isinstance(problem, Unfit) else Phrase.of("quoted", problem=problem.strerror)
        return rulebook, (_finding(said),)
    typed = {(each.product, each.model, each.month) for each in rulebook.volumes}
    found, wrong = [], []
    for line, cells in enumerate(zip(*columns, strict=True), 2):
        volume = _volume(*(str(cell).strip() for cell in cells))
        if volume is None:
            wrong.append(line)
        elif (volume.product, volume.model, volume.month) not in typed:
            found.append(volume)
    more = f" … {len(wrong)}" if len(wrong) > MOST_LINES else ""
    lines = ", ".join(map(str, wrong[:MOST_LINES])) + more
    findings = (_finding(Phrase.of("month.volume_lines", lines=lines)),) if wrong else ()
    return replace(rulebook, volumes=(*rulebook.volumes, *found)), findings


def _columns(table: Table) -> Iterator[tuple[str, ...]]:
    """Product, model, month and number; the model may be missing.

    Raises:
        Unfit: Another column is.
    """
    at = {fold(header): place for place, header in enumerate(table.headers)}
    columns = []
    for column in BY_KEY["volumes"].blocks[0].columns:
        names = (fold(name) for name in (column.zh, column.en, column.key))
        place = next((at[name] for name in names if name in at), None)
        if place is None and column.key != "model":
            raise Unfit("no_volume_column", column=Phrase.of("either", one=column.zh, other=column.en))
        columns.append(("",) * len(table) if place is None else tuple(table.columns[place]))
    return iter(columns)


def _volume(product: str, model: str, month: str, number: str) -> Volume | None:
    said, amount = MONTH.match(month), number.replace(",", "").replace(" ", "")
    if not product or said is None or not 1 <= int(said[2]) <= 12 or not NUMBER.fullmatch(amount):
        return None
    return Volume(product, model, dt.date(int(said[1]), int(said[2]), 1), float(amount))


def _finding(problem: Phrase) -> Finding:
    return Finding("QT902", Severity.WARNING, facts=(("file", FILE), ("problem", problem)))
