"""Write docs/columns.md from the declared fields: `python docs/build_columns.py`. A test compares the two."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))

from qtemplate.fields import Field, Filler  # noqa: E402  # after the path is set
from qtemplate.sheets.layout import REGISTER_EN, REGISTER_TABLE, REGISTER_ZH  # noqa: E402
from qtemplate.sheets.standard.register_sheet import STAGE_NAMES  # noqa: E402
from qtemplate.texts.workbook.prompts import PROMPTS  # noqa: E402

TARGET = HERE / "columns.md"

_INTRODUCTION = f"""# Columns of the register

Made by `docs/build_columns.py` from `qtemplate/fields.py`; edit that, not this page.

The sheet is called {REGISTER_ZH} or {REGISTER_EN}, its table `{REGISTER_TABLE}`. A column is found by its Chinese
header, its English header or its key; columns may stand in any order, and a team's own columns may stand among them.

Who fills a cell: **P** a person, never the program · **A** the program; something typed over it is put back and
reported · **S** the program suggests, a person may overrule · **PA** the program fills it when it learns it, a person's
entry wins. *Shown* columns are open in the standard workbook, the others fold behind the first of their stage.
*Public* ones may appear in mail to people outside; nothing else ever does.
"""


def columns_page() -> str:
    """The whole page; ends with a line break."""
    parts = [_INTRODUCTION]
    for stage, fields in groupby(Field, key=lambda field: field.stage):
        parts.append(f"## {STAGE_NAMES[stage][1]} ({STAGE_NAMES[stage][0]})\n")
        parts.append("| key | 中文 | English | holds | who | shown | public | what to enter |")
        parts.append("|---|---|---|---|---|---|---|---|")
        parts.append("\n".join(_line(field) for field in fields) + "\n")
    parts.append("## Closed sets\n\n| column | codes with their labels |\n|---|---|")
    for field in Field:
        if field.choices is not None and field is not Field.SUGGESTED_LEVEL:
            members = " · ".join(f"`{member.value}` {member.zh} / {member.en}" for member in field.choices)
            parts.append(f"| `{field.value}` | {members} |")
    return "\n".join(parts) + "\n"


def _line(field: Field) -> str:
    said = PROMPTS.get(field, ("", ""))[1].replace("\n", "; ").replace("|", "\\|")
    cells = (
        f"`{field.value}`",
        field.zh,
        field.en,
        field.kind.value,
        Filler(field.filler).value,
        "●" if field.visible else "",
        "●" if field.public else "",
        said,
    )
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    TARGET.write_text(columns_page(), encoding="utf-8")
