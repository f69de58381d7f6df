"""Write docs/findings.md from the catalogue of texts: `python docs/build_findings.py`. A test compares the two."""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))

from qtemplate.texts import field_name  # noqa: E402  # after the path is set
from qtemplate.texts.entry import Entry  # noqa: E402
from qtemplate.texts.findings import FINDINGS  # noqa: E402

TARGET = HERE / "findings.md"

_INTRODUCTION = """# Findings

Made by `docs/build_findings.py` from `qtemplate/texts`; edit that, not this page.

A finding is what a run has to say about a cell, a row, a rule sheet or a mail. It never stops the run. Each has a stable
code, a severity (error, warning, note), the cell, what was found, what was expected and what to do; the same words stand
in the terminal, in `--json`, in the column 校验结果 / Check of the row and on the sheet 校验结果 / Findings. It disappears
by itself once the cause is mended. Words in ‹angle brackets› are filled in.

One cell, one finding: where several checks find fault with a cell, the most telling stands (an error before a warning
before a note, what is about this column before what is about any), and its sentence goes on with whatever else has to be
done there: type the date as a date, and add the time. What only follows from it is not said: that a table cannot
decide (QT310) from a cell that has to be corrected anyway. Findings about something else than what the cell holds stand by themselves: about the
whole row (QT133, QT350, QT351), about a file (QT145), about what a run did or could not do (QT140, QT141, QT341, QT622,
QT623, QT711, QT714), about a decision table (QT220 to QT225), and the team's own words (QT190).

每条提示都有固定的代码。它不会中断运行；原因改正之后，下次运行自动消失。‹ ›中的词运行时填入。

一格一条：几项检查都对同一格有意见时，只列最要紧的一条（先错误，再警告，再提示；先针对这一列的，再通用的），这一格另外还要做的事
接在同一句里。只是由此引起的后果（例如 QT310）不再单列。与单元格内容无关的提示照常单列：整行的、附件的、运行结果的、决策表的，
以及校验规则表里自己写的话。
"""

_GROUPS = {
    "QT10": ("What a cell holds", "单元格内容"),
    "QT11": ("Missing", "缺少内容"),
    "QT12": ("Wrong values", "取值不符"),
    "QT13": ("Columns that contradict each other", "列与列矛盾"),
    "QT14": ("Identity, people, files", "编号、人员、附件"),
    "QT15": ("People who have left", "离职人员"),
    "QT16": ("Rules of the Dictionary sheet", "数据字典中的要求"),
    "QT17": ("Columns that are gone, and columns that are people's", "不见了的列，人自己的列"),
    "QT19": ("Rules of the Checks sheet", "校验规则表"),
    "QT2": ("Rule sheets", "规则表"),
    "QT3": ("Grading, assignment, program columns", "定级、分派与程序列"),
    "QT4": ("Clocks", "时限"),
    "QT5": ("Replies and mail", "答复与邮件"),
    "QT6": ("Forms", "表单"),
    "QT7": ("The workbook", "工作簿"),
    "QT83": ("What came in: lists", "来件：清单"),
    "QT84": ("What came in: mails", "来件：邮件"),
    "QT85": ("What came in: the mailbox", "来件：邮箱"),
    "QT86": ("Messages to groups", "群消息"),
    "QT9": ("The month in figures", "月报"),
    "QT8": ("States and closing", "状态与关闭"),
}


def findings_page() -> str:
    """The whole page; ends with a line break."""
    parts = [_INTRODUCTION]
    for group, codes in groupby(sorted(FINDINGS), key=_group):
        english, chinese = _GROUPS[group]
        parts.append(f"## {english} ({chinese})\n")
        parts.append("| code | expected · what to do | 应为 · 怎么办 |\n|---|---|---|")
        parts.append("\n".join(_line(code, FINDINGS[code]) for code in codes) + "\n")
    return "\n".join(parts)


def _group(code: str) -> str:
    return next(group for group in _GROUPS if code.startswith(group))


def _line(code: str, entry: Entry) -> str:
    cells = (_words(entry.expected(language), entry.action(language), language) for language in ("en", "zh"))
    return f"| `{code}` | {' | '.join(cells)} |"


def _words(expected: str, action: str, language: str) -> str:
    said = f"*{expected}* · {action}" if expected else action
    said = re.sub(r"\{@(\w+)\}", lambda found: field_name(found[1], language), said)  # the header as ours is
    said = re.sub(r"\{\w+:[^|}]*\|([^}]*)\}", r"\1", said)  # the noun after a number, as after most
    return re.sub(r"\{(\w+)\}", r"‹\1›", said).replace("|", "\\|")


if __name__ == "__main__":
    TARGET.write_text(findings_page(), encoding="utf-8")
