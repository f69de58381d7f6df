"""What the plan of a first run says before all else: what becomes of people's cells, of old rows, which mails go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...apply import Workspace
from ...fields import Field
from ...plan import CellEdit, Phrase
from ...register import Register, is_missing
from ...report.run_report import MailLine
from ...sheets.headers import fold
from ...sheets.reading.column_map import TITLES, ColumnMap, Use, disregarded

GRADING = (Field.SEVERITY, Field.SAFETY, Field.SCOPE, Field.FREQUENCY)
ASSIGNING = (Field.CATEGORY,)
REPLYING = (Field.EMAIL, Field.SOLUTION, Field.REPLY_TYPE)
SHOWN = 6
"""Words of a column that a sentence names."""

GOING = ("approved", "sending", "sent", "partial")


def is_first(workspace: Workspace, known: ColumnMap | None) -> bool:
    """Whether an adopted workbook waits for its first run."""
    return known is not None and workspace.journal.last_run("run", "watch") is None


def first_words(
    workspace: Workspace, known: ColumnMap, register: Register, edits: Sequence[CellEdit], mails: Sequence[MailLine]
) -> Iterator[Phrase]:
    """The sentences, most important first.

    Args:
        workspace: Imagined.
        known: The map of the workbook.
        register: As it is before the run.
        edits, mails: Of the plan.
    """
    source = workspace.config.register.source
    if source is not None:
        yield Phrase.of("adopt.first.source", book=source.name)
    else:
        theirs = {fold(column.header) for column in known.columns if column.use is not Use.OURS}
        keys = {key for key, header in register.headers.items() if fold(header) in theirs}
        n = sum(edit.field in keys and not is_missing(edit.before) for edit in edits)
        yield Phrase.of("adopt.first.cells", n=n) if n else Phrase("adopt.first.no_cells")
    rows, past = len(register.frame), len(register.past)
    if past:
        yield Phrase.of("adopt.first.history", n=past, rows=rows)
    else:
        yield Phrase.of("adopt.first.no_history", rows=rows)
    go = sum(mail.state in GOING for mail in mails)
    yield Phrase.of("adopt.first.mails", n=len(mails), go=go) if mails else Phrase("adopt.first.no_mails")
    if not workspace.config.mail.allow_domains:
        yield Phrase("adopt.first.nobody")
    yield from said_of_disregarded(known)
    live = register.frame.loc[[row not in register.past for row in register.frame.index]]
    ungraded = int(live[Field.SEVERITY].isna().sum())
    if ungraded and Field.SEVERITY in register.columns:
        yield Phrase.of("adopt.first.ungraded", n=ungraded, rows=len(live))
    for key, fields in (("grading", GRADING), ("assigning", ASSIGNING), ("replying", REPLYING)):
        lacking = tuple(field for field in fields if field not in register.columns)
        if lacking:
            yield Phrase.of(f"adopt.first.{key}", columns=lacking, book=workspace.config.register.path.name)


def said_of_disregarded(known: ColumnMap) -> Iterator[Phrase]:
    """A sentence per column of theirs with words that count as empty."""
    for header, words in disregarded(known).items():
        yield Phrase.of(
            "adopt.disregarded", column=header, words=words[:SHOWN], n=len(words), sheet=TITLES[known.language]
        )
