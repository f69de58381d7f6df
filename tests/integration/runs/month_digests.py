"""What stands in a digest, read from the text of the mail: each feedback with its clock, its due time and its span."""

from __future__ import annotations

import re
from dataclasses import dataclass

SECTION = re.compile(r"^\[(\w+) (\d+)\] ")
LINE = re.compile(r"^  QF-2026-(\d{4})  ")
FOLDED = re.compile(r"^  \S.*：(\d+) 项(?: \| 代 (\w+))?$")
WORST = re.compile(r"^    最急的一项：QF-2026-(\d{4}) (\S+) (.+?)  ")
IDS = re.compile(r"QF-2026-(\d{4})")
IN_PLACE_OF = re.compile(r" \| 代 (\w+)$")
ALONE = re.compile(r"^  (\w+)：([剩超].+|已到期)\n  期限：(.+)$", re.M)


@dataclass(slots=True)
class Line:
    """A feedback in a digest; what is not said is ""."""

    row: str
    section: str
    clock: str = ""
    due: str = ""
    span: str = ""
    instead_of: str = ""
    call: bool = False

    def told(self) -> str:
        """As the expected table has it."""
        parts = [self.section, self.clock, self.span]
        while parts and not parts[-1]:
            parts.pop()
        marks = [f"代 {self.instead_of}"] if self.instead_of else []
        if self.call:
            parts, marks = parts + [""] * (3 - len(parts)), [*marks, "联系单"]
        return " | ".join([*parts, *marks])


def read_digest(text: str) -> list[Line]:
    """The lines of a digest, in order; a folded line is one for each of its feedbacks."""
    lines: list[Line] = []
    section, body = "", text.splitlines()
    for at, line in enumerate(body):
        if found := SECTION.match(line):
            section = found[1]
        elif found := LINE.match(line):
            lines.append(_one(Line(found[1], section), body[at + 1 : at + 3]))
        elif found := FOLDED.match(line):
            lines += _folded(section, found[2] or "", body[at + 1 : at + 3])
        elif line == "    [联系单]":
            lines[-1].call = True
    return lines


def read_alone(text: str, row: str) -> Line:
    """The reminder about one feedback; where it is not about a clock, nothing but the row."""
    found = ALONE.search(text)
    return Line(row, "") if found is None else Line(row, "", found[1], found[3], found[2])


def _one(line: Line, below: list[str]) -> Line:
    product, clock = below
    if found := IN_PLACE_OF.search(product):
        line.instead_of = found[1]
    if line.section != "您不在时的进展":
        line.clock, line.due, line.span = [*clock.strip().split(" | "), "", ""][:3]
    return line


def _folded(section: str, instead_of: str, below: list[str]) -> list[Line]:
    worst = WORST.match(below[0])
    ids = IDS.findall(below[1] if worst else below[0])
    lines = [Line(id, section, instead_of=instead_of) for id in ids]
    for line in lines:
        if worst and line.row == worst[1]:
            line.clock, line.span = worst[2], worst[3]
    return lines
