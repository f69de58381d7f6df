"""What can be wrong with a mail template or with the facts of a mail, in words.

There is one type for both: rendering raises it, the lint lists it. A mail is never sent half-filled.
"""

from __future__ import annotations

from enum import StrEnum

from ...errors import QtemplateError
from ...texts.mail_problems import MAIL_PROBLEMS


class What(StrEnum):
    """Stable codes of template problems."""

    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_LANGUAGE = "unknown_language"
    OUTSIDER = "outsider"  # an internal mail would reach somebody outside
    MISSING_FACT = "missing_fact"
    WRONG_SHAPE = "wrong_shape"
    MISSING_CONTENT = "missing_content"  # a cell the mail must show is empty
    MISSING_FILE = "missing_file"
    UNUSED_FILE = "unused_file"
    NOT_SHOWN = "not_shown"  # the template leaves out what the mail must say
    SYNTAX = "syntax"
    UNKNOWN_FIELD = "unknown_field"
    PRIVATE_FIELD = "private_field"
    UNAPPROVED_FIELD = "unapproved_field"  # what a colleague wrote, in a mail that nobody approves
    HIDDEN_FIELD = "hidden_field"  # the lint cannot tell which field is meant
    UNKNOWN_NAME = "unknown_name"
    UNESCAPED = "unescaped"
    UNDEFINED = "undefined"
    FORBIDDEN = "forbidden"
    TOO_LONG = "too_long"
    FAILED = "failed"


class TemplateProblem(QtemplateError):
    """A mail cannot be rendered, or a template is not fit to render one.

    Args:
        template: File name such as `M03.zh.html.j2`, or `M03.zh` when the facts are at fault.
        line: 1-based line of the template, None when the facts or the whole file are at fault.
        what: The stable code.
        field: Field key, fact name, address or kind that is meant.
        detail: What the sentence needs besides.
    """

    def __init__(self, template: str, line: int | None, what: What, field: str = "", detail: str = "") -> None:
        super().__init__(f"template.{what}", MAIL_PROBLEMS[what][1], field=field, detail=detail)
        self.template = template
        self.line = line
        self.what = what
        self.field = field
        self.detail = detail

    def sentence(self, language: str) -> str:
        """Where and what, in `"zh"` or `"en"`."""
        zh, en = MAIL_PROBLEMS[self.what]
        words = (zh if language == "zh" else en).format(field=self.field, detail=self.detail)
        where = self.template
        if self.line is not None:
            where += f" 第 {self.line} 行" if language == "zh" else f" line {self.line}"
        return f"{where}：{words}。" if language == "zh" else f"{where}: {words}."

    def __str__(self) -> str:
        return self.sentence("en")
