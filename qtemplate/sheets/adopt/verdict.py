"""Is it a register at all? A table in which somebody says what is wrong, and somebody what is done about it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ...plan import Phrase as P
from .header_row import HeaderRow
from .names import LONGEST
from .proposal import ColumnProposal, Confidence
from .vocabulary import NAMES, Vocabulary

PROBLEM = ("description", "title")
HANDLING = frozenset(
    [
        "status",
        "owner",
        "department",
        "severity",
        "level",
        "priority",
        "root_cause",
        "solution",
        "containment",
        "prevention",
        "received_at",
        "planned_at",
        "implemented_at",
        "closed_at",
        "verify_result",
        "verifier",
        "verified_at",
        "reporter",
        "reply_text",
        "replied_at",
        "first_guess",
        "cause_code",
    ]
)
"""Of these a register has at least two: who, when, how bad, what was done."""

CARE = frozenset(("severity", "level", "priority", "root_cause", "solution", "containment", "prevention"))
"""Nobody keeps these of goods or tasks."""

FEWEST_FIELDS, FEWEST_HANDLING, FEWEST_SURE = 4, 2, 2
FEWEST_ELSEWHERE = 3
MANY_FIELDS = 6
"""So many fields, and a word of what went wrong, are a register of what others reported: nobody handles it there."""


def judge(
    header: HeaderRow, columns: Sequence[ColumnProposal], words: Vocabulary, titles: Sequence[str] = ()
) -> P | None:
    """Why a sheet is no register, or None when it is one.

    Args:
        titles: What stands above the header.
    """
    fields = {column.field: column.confidence for column in columns if column.field is not None}
    sure = sum(confidence is Confidence.SURE for confidence in fields.values())
    problems = [fields[field] for field in PROBLEM if field in fields]
    kind, hits = _elsewhere(header, words)
    if hits >= FEWEST_ELSEWHERE and hits >= (1.0 if _about_trouble(header, words) else 0.6) * sure:
        return P.of("adopt.none.kind", sheet=header.sheet, kind=P(f"adopt.kind.{kind}"))
    if hits >= FEWEST_ELSEWHERE - 1 and not (
        Confidence.SURE in problems and (_names_a_problem(columns, words) or CARE & fields.keys())
    ):
        return P.of("adopt.none.kind", sheet=header.sheet, kind=P(f"adopt.kind.{kind}"))
    if not problems:
        return P.of("adopt.none.no_problem", sheet=header.sheet, row=header.row)
    if _questions(header):
        return P.of("adopt.none.kind", sheet=header.sheet, kind=P("adopt.kind.survey"))
    handling = HANDLING & fields.keys()
    about_it = _names_a_problem(columns, words) or _may_be_about_it(header, words, titles)
    needed = 1 if _names_a_problem(columns, words) or (about_it and len(fields) >= MANY_FIELDS) else FEWEST_HANDLING
    few = FEWEST_FIELDS - 1 if _about_trouble(header, words) else FEWEST_FIELDS
    if len(handling) < needed or sure < FEWEST_SURE or len(fields) < few:
        return P.of("adopt.none.no_handling", sheet=header.sheet, row=header.row, found=len(fields))
    # a next step is asked about as a solution, and tasks have priorities
    cared = CARE - {"solution", "priority"} & fields.keys() or fields.get("solution") is Confidence.SURE
    cared = cared or ("priority" in fields and Confidence.SURE in problems)
    if not (about_it or cared):
        return P.of("adopt.none.no_trouble", sheet=header.sheet, row=header.row)
    return None


def _names_a_problem(columns: Sequence[ColumnProposal], words: Vocabulary) -> bool:
    """Whether a header can only be that of a problem, such as 投诉内容; a description may be one of goods."""
    return any(
        column.field in PROBLEM and words.scores.get(words.fold(column.header), {}).get(str(column.field), 0.0) >= NAMES
        for column in columns
    )


def _about_trouble(header: HeaderRow, words: Vocabulary) -> bool:
    """Whether a header speaks of a defect, a complaint or the like."""
    folded = [words.fold(text) for text in header.headers.values()]
    return any(word in text for text in folded for word in words.troubles)


def _may_be_about_it(header: HeaderRow, words: Vocabulary, titles: Sequence[str]) -> bool:
    """Whether a header, a title above or the sheet's name has a word of sheets about what went wrong."""
    for text in (*header.headers.values(), header.sheet, *titles):
        form = f" {words.fold(text)} "
        if any((f" {word} " if word.isascii() else word) in form for word in (*words.troubles, *words.signs)):
            return True
    return False


def worth_of(columns: Sequence[ColumnProposal]) -> float:
    """How much of a register the columns are, to choose between sheets."""
    return sum(
        {Confidence.SURE: 1.0, Confidence.ASK: 0.5, Confidence.NONE: 0.0}[column.confidence]
        + (1.0 if column.field in PROBLEM else 0.0)
        for column in columns
    )


def _elsewhere(header: HeaderRow, words: Vocabulary) -> tuple[str, int]:
    """The kind of sheet, other than a register, that most headers tell of."""
    folded = [words.fold(text) for text in header.headers.values()]
    hits = {kind: sum(text in known for text in folded) for kind, known in words.elsewhere.items()}
    kind = max(hits, key=lambda name: hits[name], default="")
    return kind, hits.get(kind, 0)


def _questions(header: HeaderRow) -> bool:
    """Whether the headers are questions, as a survey exports them."""
    texts = list(header.headers.values())
    asked = sum(text.rstrip().endswith(("?", "？")) or len(text) > LONGEST for text in texts)
    return asked >= 3 and asked * 3 >= len(texts)
