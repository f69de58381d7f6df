"""What became of what came in is written down, once its files lie where they belong."""

from __future__ import annotations

from ...apply import Workspace
from ...journal.received import ReceivedLog
from ...plan import Finding, Phrase, Severity


def settle_log(workspace: Workspace) -> list[Finding]:
    """Writes down what became of what came in, once its files lie beside the register; those that cannot are owed."""
    from .mail_files import keep_attachments

    log = ReceivedLog(workspace.journal.database)
    owed, problem = keep_attachments(workspace, log.kept_files())
    log.settle(owed)
    if problem is None:
        return []
    facts = (("n", len(owed)), ("problem", Phrase.of("quoted", problem=problem.strerror or str(problem))))
    return [Finding("QT847", Severity.ERROR, facts=facts)]
