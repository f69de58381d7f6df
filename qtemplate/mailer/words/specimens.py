"""Made-up messages of every kind and language, complete and plausible, to try templates with.

Their facts are beside the templates, in `_specimen.{zh,en}.json`; none of them is real. Used by the lint, by the tests,
and to look at a mail before there is a feedback.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ...fields import PUBLIC
from ...plan import Message, Recipient
from ...plan.keys import MessageKey
from ...plan.mail_kinds import ALONE
from ...resources import templates_root
from .kinds import KINDS


@cache
def _made_up(language: str) -> dict[str, Any]:
    path = templates_root() / "mail" / f"_specimen.{language}.json"
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return made


def make_specimen(template: str, language: str) -> Message:
    """A message whose every fact is filled.

    Args:
        template: Stem of a kind's templates, such as `M03` or `M10U`.
        language: `"zh"` or `"en"`.
    """
    kind, made = KINDS[template], _made_up(language)
    facts = dict(made["common"])
    for fact in kind.facts:
        value = made["facts"][fact.name]
        facts[fact.name] = value[kind.code] if fact.name in ("form", "why") else value
    if kind.variant == ALONE:
        facts["sections"] = facts["sections"][:1]
    if kind.row:
        row = made["row"] | made["rows"].get(kind.code, {})
        allowed = {field.value for field in PUBLIC}
        facts["row"] = {key: text for key, text in row.items() if not kind.outside or key in allowed}
    to = Recipient(made["reporter"] if kind.outside else made["colleague"], "someone@example.com", not kind.outside)
    number = made["row"]["id"] if kind.row else facts["sections"][0]["rows"][0]["id"] if kind.variant == ALONE else None
    return Message(MessageKey.parse(f"{template}/specimen"), kind.code, number, (to,), language, facts)
