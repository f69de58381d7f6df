"""What a header says by its text alone: exact words, then the same without subject and ornaments, then parts of it.

Pure text. A score from `SURE` up says enough alone; what is below `ASK` is not worth asking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from ...fields import FIELDS, Kind
from .vocabulary import CJK, NAMES, OUR_HEADERS, Vocabulary

SURE, ASK = 0.8, 0.5
STEM, HALF, DISAGREEING, TAIL, HEAD, INSIDE = 0.97, 0.97, 0.65, 0.62, 0.52, 0.52
LONGEST = 60
"""Characters of a header; what is longer is a sentence."""

BRACKETS = re.compile(r"[（(\[【<《].*?[)）\]】>》]|[（(\[【].*$", re.DOTALL)
BRACKETED = re.compile(r"[（(\[【]\s*([^）)\]】]*?)\s*[）)\]】]")
UNIT = re.compile(r"分钟?|小时|工时|天|工作日|周|月|min(ute)?s?|h|hrs?|hours?|d|days?|wd|weeks?", re.IGNORECASE)
DATED = frozenset(field.value for field in FIELDS.values() if field.kind in (Kind.DATE, Kind.DATETIME))
BREAKS = re.compile(r"[\n\r|]+")
SLASHES = re.compile(r"[/、,，;；&+]| - | or | and |或|及|和|与")
LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z0-9 .#'’_\-/&]*")


class Match(StrEnum):
    """How a header was recognised."""

    EXACT = "exact"
    STEM = "stem"
    WEAK = "weak"
    PART = "part"


class Named(Struct, frozen=True):
    """A field a header may name.

    Attributes:
        words: The known words that were recognised, folded.
    """

    field: str
    score: float
    match: Match
    words: str


def headline(header: str) -> str:
    """A header without the instructions that follow it: its first line, when it is long."""
    text = header.strip()
    return text if len(text) <= LONGEST else BREAKS.split(BRACKETS.sub(" ", text).strip())[0].strip()


def fields_named(header: str, words: Vocabulary) -> dict[str, Named]:
    """Field -> how well the header names it; empty when nothing is recognised."""
    found: dict[str, Named] = {}
    for named in _named(headline(header), words):
        if named.score > (found[named.field].score if named.field in found else 0.0):
            found[named.field] = named
    return found


def _named(header: str, words: Vocabulary) -> Iterator[Named]:
    if not header or len(header) > LONGEST:
        return
    bare = BRACKETS.sub(" ", header).strip()
    measured = any(UNIT.fullmatch(each) for each in BRACKETED.findall(header))
    for form in dict.fromkeys((header, bare)):
        whole = list(_look_up(words.fold(form), words))
        if measured:  # 首次响应时间（分钟） tells how long, not when
            whole = [named for named in whole if named.field not in DATED]
        yield from whole
        if any(named.score >= SURE for named in whole):
            return
    yield from _in_parts(bare or header, words)
    form = words.fold(bare or header)
    if not any(form in known for known in words.elsewhere.values()):  # a test case's id is not the defect's
        yield from _parts_of(form, words)


def _look_up(form: str, words: Vocabulary) -> Iterator[Named]:
    """Exact, else exact without what surrounds it."""
    if form in OUR_HEADERS and OUR_HEADERS[form] != "id" and form not in words.scores:
        yield Named(OUR_HEADERS[form], 0.95, Match.EXACT, form)
    known = words.scores.get(form)
    if known is not None:
        for field, score in known.items():
            yield Named(field, score, Match.EXACT if score >= SURE else Match.WEAK, form)
        if max(known.values()) >= SURE:
            return
    yield from _led(form, words)
    for stem in _stems(form, words):
        for field, score in words.scores.get(stem, {}).items():
            if known is not None and field in known:
                continue  # as a whole it says less: 投诉部门 may be the one that complains
            yield Named(field, score * STEM, Match.STEM if score * STEM >= SURE else Match.WEAK, stem)


MEASURES = frozenset(("solution", "containment", "prevention"))
MOMENTS = frozenset(("implemented_at", "closed_at", "planned_at", "verified_at", "replied_at"))


def _led(form: str, words: Vocabulary) -> Iterator[Named]:
    """A measure or a moment that a word before it makes another: temporary action, estimated resolution date."""
    for group, leads in ((MEASURES, words.before_measure), (MOMENTS, words.before_moment)):
        for field, before in leads.items():
            for word in before:
                if form.startswith(word) and (CJK.search(word) or form[len(word) : len(word) + 1] == " "):
                    rest = words.scores.get(form[len(word) :].strip(), {})
                    if any(score >= SURE for named, score in rest.items() if named in group):
                        yield Named(field, NAMES * STEM, Match.STEM, form)


def _stems(form: str, words: Vocabulary) -> Iterator[str]:
    """The form without ornaments, without its subject, without both."""
    seen = {form}
    waiting = [form]
    while waiting:
        one = waiting.pop(0)
        for shorter in _shorter(one, words):
            if shorter and shorter not in seen:
                seen.add(shorter)
                waiting.append(shorter)
                yield shorter


def _shorter(form: str, words: Vocabulary) -> Iterator[str]:
    for word in (*words.ornaments, *words.subjects):
        if form.startswith(word) and (CJK.search(word) or form[len(word) : len(word) + 1] == " "):
            yield form[len(word) :].strip(" 的之")
    if len(form) > 2 and form.endswith("否") and not form.startswith("是否"):
        yield f"是否{form[:-1].removesuffix('与')}"  # 结案否, 结案与否
    for word in words.tails:
        if form.endswith(word):
            yield form[: -len(word)].strip()
    if form.isascii() and form.isalpha():  # databases write FAILDATE
        for at in range(2, len(form) - 1):
            if (apart := f"{form[:at]} {form[at:]}") in words.scores:
                yield apart
    for word in words.subjects:
        for link in (" of ", " of the ", " for ", " for the "):
            if form.endswith(link + word):
                yield form[: -len(link + word)]


def _in_parts(header: str, words: Vocabulary) -> Iterator[Named]:
    """Two languages in one cell say the same twice; words with a slash between them may be two things."""
    halves = [part for part in BREAKS.split(header) if part.strip()]
    alone = HALF if len({part.isascii() for part in halves}) > 1 else DISAGREEING + 0.1  # else a line merely wrapped
    if len(halves) < 2 and CJK.search(header):
        latin = " ".join(LATIN_RUN.findall(header)).strip()
        halves, alone = [part for part in (LATIN_RUN.sub(" ", header), latin) if len(part.strip(" /-")) > 1], HALF
    yield from _agreeing(halves, words, alone)
    yield from _agreeing([part for part in SLASHES.split(header) if part.strip()], words, DISAGREEING + 0.1)


def _agreeing(parts: list[str], words: Vocabulary, alone: float) -> Iterator[Named]:
    """What the parts name: together as good as alone, one against unknown ones as good as `alone`."""
    if len(parts) < 2:
        return
    looked = [{named.field: named for named in _look_up(words.fold(part), words)} for part in parts]
    known = [found for found in looked if found]
    best = [max(found.values(), key=lambda named: named.score) for found in known]
    for field in {named.field for named in best}:
        mine = [found[field] for found in known if field in found]
        top = max(mine, key=lambda named: named.score)
        factor = DISAGREEING
        if len(mine) == len(known):
            factor = HALF if len(known) > 1 else alone
        yield Named(field, top.score * factor, top.match if factor >= HALF else Match.PART, top.words)


def _parts_of(form: str, words: Vocabulary) -> Iterator[Named]:
    """A known name at the end or the beginning of a longer header: worth a question, never more."""
    if not form:
        return
    if CJK.search(form):
        for size in range(len(form) - 1, 1, -1):
            if size * 2 < len(form):
                break
            for start in range(len(form) - size, -1, -1):
                part = form[start : start + size]
                known = words.scores.get(part, {})
                strong = {field: score for field, score in known.items() if score >= PART_LEAST}
                if strong:
                    factor = TAIL if start + size == len(form) else INSIDE
                    yield from (Named(field, factor, Match.PART, part) for field in strong)
                    return
        return
    parts = form.split()
    for size in range(len(parts) - 1, 0, -1):
        for chosen, score in ((parts[-size:], TAIL), (parts[:size], HEAD)):
            known = words.scores.get(" ".join(chosen), {})
            strong = {field: worth for field, worth in known.items() if worth >= PART_LEAST}
            if strong and (size > 1 or len(parts) < 4):
                yield from (Named(field, score, Match.PART, " ".join(chosen)) for field in strong)
                return


PART_LEAST = 0.88
"""Only what says much alone is looked for inside of longer headers."""
