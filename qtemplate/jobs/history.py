"""`log`: what was changed, when, why and by which run, from the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..config import Config
from ..errors import NotFound
from ..fields import FIELDS
from ..journal import Change
from ..plan import Phrase
from ..register import label_of
from ..report.answer import Answer, Section
from ..texts import make_error
from ..texts.display import display
from .lookup import near
from .state import reading_state


def show_log(config: Config, id: str | None, run: str | None, most: int, language: str) -> Answer:
    """The change log, newest first.

    Args:
        config: The workspace.
        id: Only of this feedback.
        run: Only of this run.
        most: Lines at the most.
        language: Of the terminal, for labels.

    Raises:
        NotFound: Nothing was ever written about the feedback, or there is no such run.
    """
    id = id.strip().upper() if id is not None else None
    with reading_state(config) as state:
        kinds = state.journal.run_kinds()
        changes = state.journal.changes(id=id, run=run, limit=most + 1)
        if run is not None and run not in kinds:
            raise make_error(NotFound, "none.run", run=run, near=near(run, list(kinds)))
        if id is not None and not changes:
            known = sorted({change.id for change in state.journal.changes()})
            if id not in known:
                raise make_error(NotFound, "none.history", id=id, near=near(id, known))
    shown = changes[:most]
    lines: list[Phrase | str] = [change_line(change, language, kinds) for change in shown]
    if not shown:
        lines = [Phrase("log.nothing")]
    elif len(changes) > most:
        lines.append(Phrase.of("log.more", shown=most))
    return Answer({"changes": [change_data(change, kinds) for change in shown]}, (Section.of(None, lines),))


def change_line(change: Change, language: str, kinds: Mapping[str, str]) -> Phrase:
    """One change as a sentence."""
    return Phrase.of(
        "log.line",
        at=change.at.strftime("%Y-%m-%d %H:%M"),
        id=change.id,
        field=FIELDS.get(change.field, change.field),
        before=_shown(change.field, change.before, language),
        after=_shown(change.field, change.after, language),
        why=change.because,
        who=Phrase.of("log.who", kind=kinds.get(change.run, "run"), run=change.run),
    )


def _shown(key: str, value: Any, language: str) -> object:
    text = display(label_of(key, value, language), language)
    return " ".join(text.split())[:80] or Phrase("log.empty")


def change_data(change: Change, kinds: Mapping[str, str]) -> dict[str, Any]:
    """One change for scripts; before and after are codes."""
    return {
        "at": change.at,
        "run": change.run,
        "who": f"qtemplate {kinds.get(change.run, 'run')}",
        "id": change.id,
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "because": change.because,
    }
