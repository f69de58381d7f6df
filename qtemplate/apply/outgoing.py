"""What a plan sends out: forms under deterministic names, finished mails into the outbox.

Neither goes for a row whose cells could not be written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..errors import ConfigError, QtemplateError, WorkbookRefused
from ..forms.make import FormTemplate, form_template
from ..mailer.compose import compose
from ..mailer.outbox.entry import NOT_GONE, OutboxEntry
from ..mailer.words.rendered import Rendered
from ..plan import Finding, Message, Phrase, Plan, Result, Severity
from ..plan.progress import Progress, silent
from ..texts import quote
from .workspace import Log, Workspace

FORMS_AT_ONCE = 50
"""Forms that are noted as made with one commit: a run that is killed before makes them again, byte for byte."""

QUEUED_AT_ONCE = 100
"""Mails that share one commit; so few that a person at the outbox commands waits half a second at the most."""


def make_forms(
    workspace: Workspace,
    plan: Plan,
    unwritten: set[str | None],
    now: dt.datetime,
    log: Log,
    progress: Progress = silent,
) -> dict[str, Path]:
    """Form key -> file, for those of the plan and those made before that a mail of the plan attaches."""
    files: dict[str, Path] = {}
    templates: dict[tuple[str, str], FormTemplate] = {}
    fresh: dict[str, str] = {}
    for number, request in enumerate(plan.forms):
        progress("forms", number, len(plan.forms))
        if request.id in unwritten:
            log.add("form", request.key, Result.DEFERRED, Phrase("run.row_first"))
            continue
        try:
            which = request.kind, request.language
            if which not in templates:
                templates[which] = form_template(workspace.config.workspace, *which)
            made = workspace.ends.make_form(request, templates[which])
        except (WorkbookRefused, ConfigError, OSError) as error:
            log.add("form", request.key, Result.FAILED, Phrase.of("run.form", problem=quote(error)))
            log.findings.append(
                Finding("QT610", Severity.ERROR, id=request.id, facts=(("key", request.key), ("problem", quote(error))))
            )
            continue
        if made is not None:
            files[request.key] = made
        fresh[request.key] = str(made or "")
        log.add("form", request.key, Result.DONE)
        if len(fresh) == FORMS_AT_ONCE:
            workspace.journal.form_made(fresh, now)
            fresh = {}
    if fresh:
        workspace.journal.form_made(fresh, now)
    return files | {key: path for key, path in files_made(workspace, plan.messages).items() if key not in files}


def files_made(workspace: Workspace, messages: Iterable[Message]) -> dict[str, Path]:
    """Form key -> file, for those that these mails attach and that are there."""
    attached = {key for message in messages for key in message.forms}
    found = workspace.journal.form_paths(sorted(attached))
    return {key: Path(path) for key, path in found.items() if Path(path).is_file()}


def queue_mail(
    workspace: Workspace,
    plan: Plan,
    rendered: Mapping[str, Rendered],
    files: Mapping[str, Path],
    unwritten: set[str | None],
    now: dt.datetime,
    log: Log,
    progress: Progress = silent,
) -> None:
    """Puts the mails of a plan into the outbox; nothing goes yet, so a crash loses none that went."""
    for start in range(0, len(plan.messages), QUEUED_AT_ONCE):
        progress("mails", start, len(plan.messages))
        part = plan.messages[start : start + QUEUED_AT_ONCE]
        with workspace.outbox.at_once(message.key for message in part):
            for message in part:
                words = rendered.get(message.key)
                if words is None:
                    continue  # its finding says why
                if message.id is not None and message.id in unwritten:
                    log.add("message", message.key, Result.DEFERRED, Phrase("run.row_first"))
                    continue
                _queue(workspace, message, words, files, now, log)


def renew_mail(
    workspace: Workspace, anew: Sequence[Message], rendered: Mapping[str, Rendered], now: dt.datetime, log: Log
) -> frozenset[str]:
    """Gives mails that wait in the outbox the words of today.

    Returns:
        The keys of those that could not be made anew: they wait, for their words are of another day.
    """
    if not anew:
        return frozenset()
    stale: set[str] = set()
    files, language = files_made(workspace, anew), str(workspace.config.register.language)
    waiting = {entry.key.base: entry.key for entry in workspace.outbox.entries(NOT_GONE)}
    with workspace.outbox.at_once():
        for message in anew:
            key, words = waiting.get(message.key), rendered.get(message.key)
            entry = None if key is None or words is None else _composed(workspace, message, words, files, now, log)
            if key is not None and entry is not None:
                workspace.outbox.renew(key, entry, now, language)
            elif key is not None:
                stale.add(key)
    return frozenset(stale)


def _queue(
    workspace: Workspace, message: Message, words: Rendered, files: Mapping[str, Path], now: dt.datetime, log: Log
) -> None:
    entry = _composed(workspace, message, words, files, now, log)
    if entry is not None and not workspace.outbox.put(entry):
        log.add("message", message.key, Result.SKIPPED, Phrase("run.known"))


def _composed(
    workspace: Workspace, message: Message, words: Rendered, files: Mapping[str, Path], now: dt.datetime, log: Log
) -> OutboxEntry | None:
    try:
        return compose(message, words, workspace.config, now, files)
    except QtemplateError as error:
        log.add("message", message.key, Result.FAILED, Phrase.of("run.template", problem=quote(error)))
        log.findings.append(
            Finding("QT520", Severity.ERROR, id=message.id, facts=(("key", message.key), ("problem", quote(error))))
        )
        return None
