"""Tells what a sender wrote from what they quoted, wherever the answer stands: above, below or between.

Two sorts of quotation: marked line by line (">", or HTML's blockquote), after which new words may follow; and opened
once, by a copied header or a line such as -----原始邮件-----, after which everything to the end is old.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from .openings import Opening, find_openings
from .signatures import find_signature
from .words import Words

_MARKED = re.compile(r"\s{0,3}(?:[>＞]|&gt;)")
_LONGEST_LINE = 400
_NUMBER = r"\d+(?:\.\d+)?(?![\d.、)）])"  # not the number of a list
_COMPARISON = re.compile(r"\s*[>＞]=?" + _NUMBER)
_SPACED_COMPARISON = re.compile(r"\s*[>＞]=?\s" + _NUMBER)


class Split(Struct, frozen=True):
    """A body in two.

    Args:
        text: What the sender wrote. `quoted`: the rest, in its order.
        openings: How the quotations were opened; their positions are among the lines of the whole body.
    """

    text: str
    quoted: str
    openings: tuple[Opening, ...]


def split_words(words: Words, *, answers: bool, sender: str | None, name: str) -> Split:
    """Split a body.

    Args:
        words: Its lines.
        answers: Whether the mail is an answer or a forward by its headers.
        sender, name: Of the mail; its signature may repeat them.
    """
    lines = words.lines
    short = [line if len(line) <= _LONGEST_LINE else "。" for line in lines]  # no program writes its lines that long
    openings = find_openings(short)
    marked = words.quoted | _find_marked(lines, openings, answers)
    old = set(marked)
    for opening in openings:
        if opening.start in old:
            continue
        following = next((at for at in range(opening.end, len(lines)) if lines[at].strip()), None)
        if following in marked:
            old |= set(range(opening.start, opening.end))
        elif not opening.needs_marks:
            old |= set(range(opening.start, len(lines)))
            break
    signed = words.signature - old
    if any(line.strip() for at, line in enumerate(lines) if at not in old and at not in signed):
        old |= signed
    for stretch in _stretches(len(lines), old):
        found = find_signature([short[at] for at in stretch], sender, name)
        old |= {stretch[at] for at in found}
    text = _join(lines, (at for at in range(len(lines)) if at not in old))
    return Split(text, _join(lines, sorted(old)), tuple(openings))


def _find_marked(lines: Sequence[str], openings: Sequence[Opening], answers: bool) -> set[int]:
    """Lines marked with ">". ">80 ℃" is a comparison, and so is "> 80 ℃" in a mail that answers nothing."""
    marked = {at for at, line in enumerate(lines) if _MARKED.match(line)}
    if not marked:
        return marked
    announced = {opening.end for opening in openings}
    announced |= {end + 1 for end in announced if end < len(lines) and not lines[end].strip()}
    found: set[int] = set()
    for run in _runs(marked):
        if run[0] in announced or not all(_compares(lines[at], answers) for at in run):
            found |= set(run)
    return found


def _compares(line: str, answers: bool) -> bool:
    return _COMPARISON.match(line) is not None or (not answers and _SPACED_COMPARISON.match(line) is not None)


def _runs(positions: Iterable[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for at in sorted(positions):
        if runs and at == runs[-1][-1] + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _stretches(count: int, old: set[int]) -> list[list[int]]:
    return _runs(at for at in range(count) if at not in old)


def _join(lines: Sequence[str], positions: Iterable[int]) -> str:
    """Lines without blank ones at either end; where others were taken out between, at most one blank line stays."""
    kept: list[str] = []
    last, gap = -1, False
    for at in positions:
        line = lines[at].rstrip()
        gap = gap or at != last + 1
        if line or not gap or (kept and kept[-1]):
            kept.append(line)
        gap, last = gap and not line, at
    return "\n".join(kept).strip(" \t\xa0\n")
