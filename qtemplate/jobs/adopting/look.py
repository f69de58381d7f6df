"""`adopt BOOK`: looks at a team's own workbook, changes nothing in it, and says or writes down what it found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ...ooxml.reading.book import open_book
from ...ooxml.references import column_number
from ...plan import Phrase as P
from ...plan.progress import Progress, silent
from ...report.answer import Answer, Section
from ...sheets.adopt.closed import why_closed
from ...sheets.adopt.look import look_at_book
from ...sheets.adopt.proposal import ColumnProposal, Confidence, Proposal, ValueProposal, Verdict
from ...sheets.adopt.proposal_workbook import write_proposal
from ...sheets.adopt.vocabulary import OwnWords
from ...texts import say
from ...texts.workbook.adopt import ADOPT

PROPOSAL_FILE = "adopt.xlsx"
EXIT_NO_REGISTER = 4


def propose_adoption(
    book: Path,
    language: str,
    words: OwnWords = (),
    folder: Path | None = None,
    *,
    progress: Progress = silent,
) -> Answer:
    """What a workbook is, and what its columns and values mean.

    Args:
        book: The team's workbook; only read.
        language: Of the terminal, and of the proposal.
        words: Files with the team's own words for headers and values.
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
    lines = _lines(proposal, language, folder)
    if folder is not None and (closed := _closed(book, proposal)) is not None:
        lines = (*lines, P.of("adopt.closed", reason=closed, book=proposal.book, proposal=PROPOSAL_FILE))
    return Answer(data, (Section.of(None, lines),))


def _closed(book: Path, proposal: Proposal) -> P | None:
    """What keeps the workbook from being written into, said before a person has gone through the proposal."""
    assert proposal.sheet is not None and proposal.header_row is not None
    last = max((column_number(column.column) for column in proposal.columns), default=0)
    return why_closed(open_book(book), proposal.sheet, proposal.header_row, last + 1)


def words_of(config_path: Path, named: Path | None) -> OwnWords:
    """The files of a team's own words: the one that is named, then those in `templates/adopt` of the workspace."""
    folder = config_path.resolve().parent / "templates" / "adopt"
    kept = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    return (*([named] if named is not None else []), *kept)


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
        said.append(P.of("adopt.then", book=proposal.book, proposal=str(folder / PROPOSAL_FILE)))
    return (*said, P.of("adopt.untouched", book=proposal.book))
