"""`web/export/` brought in line with what the journal remembers of links: the server reads those files only."""

from __future__ import annotations

from collections.abc import Iterable

from ..plan import FactName, Finding, Phrase, Remember, Severity
from ..received.links import digest_of, make_nonce
from ..received.records import record_bytes
from .workspace import Log, Workspace


def keep_pages(workspace: Workspace, facts: Iterable[Remember], exports: Iterable[tuple[str, bytes]], log: Log) -> None:
    """Remembers what is new about links, and writes or withdraws their records; a mail goes after its page is there.

    Args:
        workspace: Held.
        facts: About links.
        exports: Name and bytes of what pages need that belong to no feedback.
        log: Gets the finding where it could not be written.
    """
    secret = workspace.ends.link_secret()
    if secret is None:
        return
    workspace.journal.remember(facts)
    records = dict(exports)
    for (id, name), fact in workspace.journal.facts_like(FactName.PAGE).items():
        nonce = make_nonce(secret, id, name.removeprefix(FactName.PAGE))
        records[f"{digest_of(nonce)}.json"] = record_bytes(fact["record"])
    try:
        workspace.ends.export_pages(records)
    except OSError as problem:
        facts_ = (("problem", Phrase.of("quoted", problem=problem.strerror or str(problem))),)
        log.findings.append(Finding("QT870", Severity.ERROR, facts=facts_))
