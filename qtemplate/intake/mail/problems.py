"""What could not be read as it should: a sentence that also knows its code and facts.

A problem is a text (English), so that it can be kept and compared like one; `sentence` says it in Chinese too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qtemplate.texts.mail_reading import MAIL_READING

LIMIT = 30
"""Most problems a mail tells; a bomb has thousands of the same sort."""


class Problem(str):
    """One problem of a mail. `where` among the facts names the part, such as `text` or `attachment "a.xlsx"`."""

    code: str
    facts: dict[str, Any]

    def __new__(cls, code: str, **facts: Any) -> Problem:
        made = super().__new__(cls, MAIL_READING[code][1].format(**facts))
        made.code, made.facts = code, facts
        return made

    def sentence(self, language: str) -> str:
        """The problem in `zh` or `en`."""
        return MAIL_READING[self.code][0 if language == "zh" else 1].format(**self.facts)


def tell(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, in the order they were met, `LIMIT` at most."""
    return tuple(dict.fromkeys(problems))[:LIMIT]
