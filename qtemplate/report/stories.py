"""Feedbacks of a night that show what the program does: what stood there, what stands there, the mail it caused."""

from __future__ import annotations

from msgspec import Struct

from ..fields import Field
from ..plan import CellEdit, Phrase
from ..register import Register, cell_value, is_missing
from ..texts import field_name, say
from ..texts.display import display

LONGEST = 160
"""Characters of a value or a reason in a story."""
_PARTS = (", ", "; ", "、", "，", "；", "。")


class Change(Struct, frozen=True):
    """A column of the feedback: what stood there, what stands there now, and why; texts, "" = empty."""

    field: str
    before: str
    after: str
    because: str


class Story(Struct, frozen=True):
    """One feedback.

    Args:
        kind: `smoke`, `misunderstanding`, `double`, `late`, `reopened`; its words are `story.<kind>` of the catalogue.
        id, reporter, title: Of the feedback.
        changes: The columns that tell it, in order.
        to, subject: Of the mail it caused.
        page: That mail as HTML.
        remark: What was found besides, such as which other feedback says the same.
    """

    kind: str
    id: str
    reporter: str
    title: str
    changes: tuple[Change, ...]
    to: str
    subject: str
    page: str = ""
    remark: str = ""


def changes_of(
    register: Register, edits: tuple[CellEdit, ...], id: str, row: int, fields: tuple[Field, ...]
) -> tuple[Change, ...]:
    """The named columns of a feedback before and after a run; those that are empty both times are left out."""
    language = register.language
    told = []
    for field in fields:
        mine = [edit for edit in edits if edit.id == id and edit.field == field.value]
        after = _shown(register.value(row, field), field, language)
        before = _shown(mine[0].before, field, language) if mine else after
        why = say(mine[-1].because, language) if mine else ""
        if before or after:
            told.append(Change(field.value, before, after, _cut(why)))
    return tuple(told)


def _shown(value: object, field: Field, language: str) -> str:
    shown = None if is_missing(value) else cell_value(field.value, value, language)
    return _cut(display(shown, language).replace("\n", " "))


def _cut(text: str) -> str:
    """A long text as far as its last whole part that fits, with a mark that there is more."""
    if len(text) <= LONGEST:
        return text
    kept = text[: LONGEST - 1]
    end = max(kept.rfind(mark) for mark in _PARTS)
    return f"{(kept[:end] if end > LONGEST // 2 else kept).rstrip()}…"


def story_lines(story: Story, number: int, language: str) -> tuple[str, ...]:
    """A story for a terminal: what it is about, before, after, the mail."""
    before = "，".join(_cell(each.field, each.before, language) for each in story.changes)
    after = "，".join(_cell(each.field, each.after, language) for each in story.changes if each.after != each.before)
    mail = say(mail_line(story), language)
    lines = (
        f"{number} {say(Phrase(f'story.{story.kind}'), language)}",
        f"  {say(Phrase.of('story.about', id=story.id, title=story.title, reporter=story.reporter), language)}",
        f"  {say(Phrase.of('story.before', cells=before), language)}",
        f"  {say(Phrase.of('story.after', cells=after or '–'), language)}",
        *((f"  {story.remark}",) if story.remark else ()),
        f"  {mail}",
    )
    return tuple(line if language == "zh" else line.replace("，", ", ") for line in lines)


def mail_line(story: Story) -> Phrase:
    """Whom the mail went to, and its subject."""
    return Phrase.of("story.mail", to=story.to, subject=story.subject)


def _cell(field: str, value: str, language: str) -> str:
    return f"{field_name(field, language)} {value or '–'}"
