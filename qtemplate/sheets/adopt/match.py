"""Columns to fields, each field once: the best header first, a rival close behind makes it a question. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

from ...ooxml.references import column_name
from ...plan import Phrase as P
from .evidence import ASKED, weigh
from .grid import is_blank, text_of
from .header_row import HeaderRow, Reader
from .names import ASK, SURE, Match
from .profile import Profile, profile_of
from .proposal import OWN_NUMBER, ColumnProposal, Confidence

CLOSE = 0.012
"""Two headers that differ less than this say the field equally well."""

SAMPLES, SAMPLE_LENGTH = 3, 60

LONG_TEXT, FEWEST_AROUND = 10, 4
"""Mean length of texts that may be descriptions, and how many other columns must be known."""


class _Candidate(Struct, frozen=True):
    score: float
    column: int
    field: str
    why: tuple[P, ...]
    first: float  # score of the header alone


def match_columns(
    header: HeaderRow, rows: Sequence[Sequence[Any]], reader: Reader, meanings: Mapping[str, Collection[str]]
) -> tuple[ColumnProposal, ...]:
    """A proposal per column of the header, from left to right.

    Args:
        header: Columns are in the order of a row's cells.
        rows: The table's rows, cut to its columns.
        meanings: Field key -> folded words that mean one of its values.
    """
    cells = {column: [row[at] for row in rows] for at, column in enumerate(header.headers)}
    profiles = {column: profile_of(values) for column, values in cells.items()}
    candidates = sorted(_candidates(header, profiles, reader, meanings), key=lambda one: (-one.score, one.column))
    chosen, rivals = _assign(candidates)
    if not any(one.field == "description" for one in chosen.values()):
        chosen |= _by_its_texts(profiles, chosen)
    return tuple(
        _propose(header, column, chosen.get(column), rivals.get(column, []), cells[column]) for column in header.headers
    )


def _by_its_texts(profiles: Mapping[int, Profile], chosen: Mapping[int, _Candidate]) -> dict[int, _Candidate]:
    """The column of long texts that no header explains, where the rest of the table handles something: asked about."""
    if len(chosen) < FEWEST_AROUND:
        return {}
    columns = [
        column
        for column, cells in profiles.items()
        if column not in chosen and cells.filled >= 2 and cells.length >= LONG_TEXT and cells.distinct >= 0.7
        if max(cells.dates, cells.numbers, cells.mails, cells.phones, cells.ids, cells.links) < 0.5
    ]
    if not columns:
        return {}
    longest = max(columns, key=lambda column: profiles[column].length)
    return {longest: _Candidate(ASK, longest, "description", (P("adopt.why.long_texts"),), ASK)}


def _candidates(
    header: HeaderRow, profiles: Mapping[int, Profile], reader: Reader, meanings: Mapping[str, Collection[str]]
) -> list[_Candidate]:
    found = []
    for column in header.headers:
        for named in header.named(column, reader).values():
            score, why = weigh(named, profiles[column], meanings)
            if named.field == OWN_NUMBER and profiles[column].running and named.match is Match.WEAK:
                score = min(score, ASKED - 0.1)
                why = (*why, P("adopt.why.running"))
            found.append(_Candidate(score, column, named.field, why, named.score))
    return found


def _assign(candidates: Sequence[_Candidate]) -> tuple[dict[int, _Candidate], dict[int, list[int]]]:
    """Column -> what it was taken for, and the columns that could have been the same field."""
    chosen: dict[int, _Candidate] = {}
    by_field: dict[str, _Candidate] = {}
    rivals: dict[int, list[int]] = {}
    for one in candidates:
        if one.score < ASK:
            continue
        if one.field in by_field:
            winner = by_field[one.field]
            if winner.column != one.column and (one.column not in chosen or chosen[one.column].score < SURE):
                rivals.setdefault(one.column, []).append(winner.column)
                if winner.score - one.score < CLOSE or (winner.score < SURE and one.score >= ASK):
                    rivals.setdefault(winner.column, []).append(one.column)
            continue
        if one.column in chosen:
            continue
        chosen[one.column] = one
        by_field[one.field] = one
    for column, one in chosen.items():
        if one.score >= SURE and any(
            other.field == one.field
            and other.column != column
            and one.score - other.score < CLOSE
            and not (other.column in chosen and chosen[other.column].score >= SURE)
            for other in candidates
        ):
            chosen[column] = _Candidate(ASKED, column, one.field, (*one.why, P("adopt.why.rival")), one.first)
    return chosen, rivals


def _propose(
    header: HeaderRow, column: int, one: _Candidate | None, rivals: Sequence[int], cells: Sequence[Any]
) -> ColumnProposal:
    text = header.headers[column]
    confidence = Confidence.NONE
    if one is not None:
        confidence = Confidence.SURE if one.score >= SURE else Confidence.ASK
    why = one.why if one is not None else (P("adopt.why.taken" if rivals else "adopt.why.unknown"),)
    others = tuple(dict.fromkeys(header.headers[at] for at in rivals if at in header.headers))
    return ColumnProposal(
        text, column_name(column), one.field if one is not None else None, confidence, why, others, samples_of(cells)
    )


def samples_of(cells: Sequence[Any]) -> tuple[str, ...]:
    """The first different values, cut."""
    found: dict[str, None] = {}
    for cell in cells:
        if not is_blank(cell):
            text = text_of(cell)
            found[text if len(text) <= SAMPLE_LENGTH else text[: SAMPLE_LENGTH - 1] + "…"] = None
            if len(found) == SAMPLES:
                break
    return tuple(found)
