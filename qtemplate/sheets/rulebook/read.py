"""The rule sheets of a workbook -> frozen `RuleBook`: what is missing or broken stays empty and is reported.

The workbook may be the register itself or another one ([register] rules); both are read alike.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from ...dmn.decision_table import DecisionTable
from ...errors import RegisterUnreadable
from ...fields import FIELDS
from ...ooxml.reading.book import Book
from ...plan import Finding, Phrase, Severity
from ...rules.rulebook import RuleBook
from ..blocks import titles_of
from ..headers import fold
from ..layout import BY_KEY, INVESTIGATION, SHEETS, Writer
from ..reading.column_map import codes_by_word, fields_by_header, read_map
from ..reading.find_register import find_register
from .conditions import bind_conditions
from .gate_sheet import read_gates, read_scoring
from .list_sheets import read_dictionary, read_faults
from .log_sheets import has_final, read_contacts, read_logs, read_pauses
from .month_sheets import read_phases, read_volumes
from .people_sheets import read_people, read_products
from .rule_binding import NEEDED, binder, meant_for, read_bound_table
from .rule_sheets import RuleSheets
from .rule_tables import is_table, merged_areas, read_table, table_grid
from .time_sheets import read_calendar, read_ladder, read_limits

SKIPPED_WITHOUT = ("grading", "assignment", "priority", "limits", "calendar", "people")
"""Sheets without which steps are skipped; the others may be missing."""
WITH_DEFAULTS = ("gates", "scoring", "volumes", "phases", *INVESTIGATION)
"""Sheets without which everything is done by the defaults: nothing is said of a workbook that never had them."""


LOGS = ("pauses", "contacts", *INVESTIGATION)
"""Sheets that people and the program both write; they stand beside the register, wherever the rules are."""


def read_rulebook(
    book: Book, *, language: str = "zh", own_headers: Collection[str] | None = None, register: Book | None = None
) -> RuleBook:
    """Read all rule sheets.

    Args:
        book: The opened workbook.
        language: Language of headers and labels in findings.
        own_headers: The team's own columns that the register has, for decision tables; None = those of the register
            sheet in this workbook, or of 数据字典 when it has none.
        register: The workbook with 暂停记录, 沟通记录 and the other logs, where that is another one.

    Returns:
        The rule book; a part whose sheet is missing or does not parse is empty, and `findings` says so.

    Raises:
        RegisterUnreadable: The workbook itself is damaged.
    """
    sheets = RuleSheets(book, language)
    logs = sheets if register is None else RuleSheets(register, language)
    report_missing(sheets, logs)
    known_as = read_map(book if register is None else register)
    dictionary, lists = read_dictionary(sheets, fields_by_header(known_as))
    people = read_people(sheets)
    if own_headers is None:
        own_headers = headers_beside(book) or [rule.field for rule in dictionary if rule.field not in FIELDS]
    resolve, known = binder(
        language, lists, people, dictionary, own_headers, fields_by_header(known_as), codes_by_word(known_as)
    )
    dictionary, unbound = bind_conditions(dictionary, resolve, known)
    tables: dict[str, DecisionTable | None] = {}
    table_findings: list[Finding] = []
    for key in NEEDED:
        name = sheets.name_of(BY_KEY[key])
        if name is None:
            continue
        grid = table_grid(book, name)
        tables[key], found = read_bound_table(key, name, grid, resolve, known, merged_areas(book, name))
        table_findings += found
    calendar = read_calendar(sheets)
    if calendar is None and sheets.name_of(BY_KEY["calendar"]) is not None:
        sheets.findings.append(
            Finding("QT210", Severity.ERROR, None, "", (("sheet", sheets.name_of(BY_KEY["calendar"])),))
        )
    return RuleBook(
        **tables,
        limits=read_limits(sheets),
        gates=read_gates(sheets),
        ladder=read_ladder(sheets),
        calendar=calendar,
        people=people,
        products=read_products(sheets),
        dictionary=dictionary,
        lists=lists,
        faults=read_faults(sheets),
        pauses=read_pauses(logs),
        contacts=read_contacts(logs),
        logs=read_logs(logs),
        scoring=read_scoring(sheets),
        volumes=read_volumes(sheets),
        phases=read_phases(sheets),
        has_final=has_final(logs),
        unread=frozenset(logs.unread & set(LOGS)),
        findings=(*sheets.findings, *([] if logs is sheets else logs.findings), *unbound, *table_findings),
        sha256=book.sha256,
    )


def with_logs(rulebook: RuleBook, book: Book, *, language: str = "zh") -> RuleBook:
    """The rule book with the logs as they stand in `book` after the program has written them.

    What was wrong in them stays told as it was: it is a person's, for what the program writes can be read.
    """
    sheets = RuleSheets(book, language)
    contacts, pauses, logs = read_contacts(sheets), read_pauses(sheets), read_logs(sheets)
    return replace(rulebook, contacts=contacts, pauses=pauses, logs=logs, unread=frozenset(sheets.unread))


def report_missing(rules: RuleSheets, logs: RuleSheets) -> None:
    """One finding a missing sheet: a warning where steps are skipped without it."""
    for spec in SHEETS:
        sheets = logs if spec.key in LOGS else rules
        if spec.key in WITH_DEFAULTS:
            continue
        if spec.writer is not Writer.PROGRAM and (spec.blocks or spec.decision_table) and sheets.name_of(spec) is None:
            severity = Severity.WARNING if spec.key in SKIPPED_WITHOUT else Severity.INFO
            title = spec.title(sheets.language)
            perhaps = renamed_table(sheets.book, spec.key) if spec.decision_table else ""
            perhaps = sheets.finder.likeliest(spec) if spec.writer is Writer.BOTH else perhaps
            instead = Phrase.of("rules.renamed", sheet=perhaps, title=title) if perhaps else ""
            facts = (("sheet", title), ("instead", instead))
            sheets.findings.append(Finding("QT200", severity, None, "", facts))


def renamed_table(book: Book, key: str) -> str:
    """A sheet of unknown name whose decision table gives what the missing one gave; "" if there is none."""
    titles = {title for spec in SHEETS for title in titles_of(spec)}
    for name in book.sheet_names:
        if fold(name) not in titles and is_table(book.sheet(name)):
            table, _ = read_table(name, table_grid(book, name))
            if table is not None and meant_for(table) == key:
                return name
    return ""


def headers_beside(book: Book) -> list[str]:
    """The team's own headers of the register in the same workbook; none if there is no register in it."""
    try:
        return list(find_register(book).header.own)
    except RegisterUnreadable:
        return []
