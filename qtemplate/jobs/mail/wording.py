"""Messages put into words. Templates and what fills them in are loaded with the first message that has to be said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ...config import Config
from ...mailer.compose import render_in_any_case
from ...mailer.words.problems import TemplateProblem
from ...mailer.words.rendered import Rendered
from ...mailer.words.templates import MailTemplates
from ...plan import Finding, Message, Severity
from ...plan.progress import Progress, silent


def render_all(
    messages: Sequence[Message],
    templates: MailTemplates,
    config: Config,
    now: dt.datetime,
    progress: Progress = silent,
) -> tuple[dict[str, Rendered], list[Finding]]:
    """Every message in words; one that cannot be rendered becomes a finding and does not go.

    What tells how things went goes in the shipped words then, with a finding for each template at fault.
    """
    rendered: dict[str, Rendered] = {}
    findings: dict[Finding, None] = {}
    for number, message in enumerate(messages):
        progress("words", number, len(messages))
        try:
            rendered[message.key], problem = render_in_any_case(message, templates, config, now)
            if problem is not None:
                findings[Finding("QT526", Severity.WARNING, facts=(("problem", _words(problem, message)),))] = None
        except TemplateProblem as problem:
            facts = (("key", message.key), ("problem", _words(problem, message)))
            findings[Finding("QT520", Severity.ERROR, id=message.id, facts=facts)] = None
    return rendered, list(findings)


def _words(problem: TemplateProblem, message: Message) -> str:
    return problem.sentence(message.language).rstrip("。.")
