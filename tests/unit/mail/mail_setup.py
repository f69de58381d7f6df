"""What tests of mails share: the shipped templates, every kind and language, facts changed, a refusal caught."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from qtemplate.mailer.words.kinds import KINDS, LANGUAGES
from qtemplate.mailer.words.problems import TemplateProblem
from qtemplate.mailer.words.templates import MailTemplates
from qtemplate.plan import Message, Recipient
from qtemplate.resources import templates_root

EVERY = [(kind, language) for kind in KINDS for language in LANGUAGES]
OUTSIDE = [(kind, language) for kind, language in EVERY if KINDS[kind].outside]
SHIPPED = MailTemplates([templates_root()])
STRANGER = Recipient("外人", "stranger@example.net", insider=False)


def with_row(message: Message, **texts: str) -> Message:
    return replace(message, facts={**message.facts, "row": {**message.facts["row"], **texts}})


def with_facts(message: Message, **facts: Any) -> Message:
    return replace(message, facts={**message.facts, **facts})


def override(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """A workspace's templates before the shipped ones."""
    (folder / "mail").mkdir()
    for name, source in files.items():
        (folder / "mail" / name).write_text(source, encoding="utf-8")
    return [folder, templates_root()]


def refused(message: Message, templates: MailTemplates = SHIPPED) -> TemplateProblem:
    with pytest.raises(TemplateProblem) as caught:
        templates.render(message)
    return caught.value
