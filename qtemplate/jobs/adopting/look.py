"""`adopt BOOK`: looks at a team's own workbook, changes nothing in it, and says or writes down what it found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ...plan import Phrase as P
from ...plan.progress import Progress, silent
from ...report.answer import Answer, Section
from ...sheets.adopt.look import look_at_book
from ...sheets.adopt.proposal import ColumnProposal, Confidence, Proposal, ValueProposal, Verdict
from ...sheets.adopt.proposal_workbook import write_proposal
from ...texts import say
from ...texts.workbook.adopt import ADOPT

PROPOSAL_FILE = "adopt.xlsx"
EXIT_NO_REGISTER = 4


def propose_adoption(
    book: Path,
    language: str,
    words: Path | None = None,
    folder: Path | None = None,
    *,
    progress: Progress = silent,
) -> Answer:
    """What a workbook is, and what its columns and values mean.

    Args:
        book: The team's workbook; only read.
        language: Of the terminal, and of the proposal.
        words: The team's own words for headers and values.
        folder: Where `adopt.xlsx` is written; None = nowhere.
        progress: Told what is being done.

    Raises:
        RegisterUnreadable: There is no such file.
        ConfigError: The words cannot be used, or a person changed the `adopt.xlsx` that is there.
    """
    progress("columns")
    proposal = look_at_book(book, words)
    data = {
        "book": proposal.book,
        "verdict": proposal.verdict,
        "reason": proposal.reason,
        "sheet": proposal.sheet,
        "header_row": proposal.header_row,
        "columns": [_column_json(column, language) for column in proposal.columns],
        "values": [_value_json(value) for value in proposal.values],
    }
    if proposal.verdict is Verdict.NONE:
        return Answer(data, (Section.of(None, (proposal.reason,)),), EXIT_NO_REGISTER)
    if folder is not None:
        progress("proposal")
        write_proposal(folder / PROPOSAL_FILE, proposal, language)
    return Answer(data, (Section.of(None, _lines(proposal, language, folder)),))


def _column_json(column: ColumnProposal, language: str) -> dict[str, object]:
    return {
        "header": column.header,
        "column": column.column,
        "field": column.field,
        "confidence": column.confidence,
        "why": ("；" if language == "zh" else "; ").join(say(phrase, language) for phrase in column.why),
        "rivals": column.rivals,
        "samples": column.samples,
    }


def _value_json(value: ValueProposal) -> dict[str, object]:
    return {
        "header": value.header,
        "field": value.field,
        "found": value.found,
        "count": value.count,
        "means": value.means,
        "confidence": value.confidence,
    }


def _lines(proposal: Proposal, language: str, folder: Path | None) -> tuple[P, ...]:
    count = Counter(column.confidence for column in proposal.columns)
    words = ADOPT[language]
    said = [
        proposal.reason,
        P.of(
            "adopt.counts",
            all=len(proposal.columns),
            sure=count[Confidence.SURE],
            ask=count[Confidence.ASK],
            none=count[Confidence.NONE],
            rows=proposal.rows,
        ),
    ]
    if folder is not None:
        names = {page: words[page] for page in ("columns", "values", "stays")}
        said.append(P.of("adopt.written", path=str(folder / PROPOSAL_FILE), **names))
    return (*said, P.of("adopt.untouched", book=proposal.book))
