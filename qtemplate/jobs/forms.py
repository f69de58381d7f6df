"""`forms make` and `forms collect`: follow-up forms out and back. What a form says is worked in by the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..config import Config
from ..errors import ConfigError, NotFound
from ..fields import FIELDS, Field
from ..forms.file_names import shown_name
from ..forms.make import form_template
from ..plan import Phrase
from ..plan.form_kinds import FORMS, FormKind
from ..report.answer import Answer, Line, Section
from ..rules import make_plan
from ..rules.case import Case, case_of
from ..rules.forms.requests import form_request
from ..rules.gaps import find_gaps
from ..texts import make_error
from .form_inbox import Collected, collect_forms
from .lookup import row_of
from .moment import local_now
from .workspace import holding
from .world import read_world, recall

ANSWERS = list(dict.fromkeys(answer.name for contract in FORMS.values() for answer in contract.answers))
"""What any form asks for; `--json` has all of it for every file, null where it does not apply."""


def collect(
    config: Config, paths: Sequence[Path], moment: dt.datetime | None = None, *, accept: bool = False
) -> Answer:
    """`forms collect`: exit code 3 when a form was not taken; `accept` as for `collect_forms`, of named files only.

    Raises:
        NotFound: A path is nowhere.
        RegisterLocked: A run is under way.
    """
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise make_error(NotFound, "none.file", path=tuple(missing))
    files = [file for path in paths for file in _files_at(path)]
    with holding(config) as workspace:
        taken = collect_forms(workspace, config, local_now(config, moment), files if paths else None, accept=accept)
    lines: list[Line] = [collected_line(item) for item in taken]
    lines.append(Phrase("form.next") if any(item.form for item in taken) else Phrase("form.nothing"))
    if taken and not any(item.form for item in taken):
        lines.pop()
    return Answer({"forms": [_data(item) for item in taken]}, (Section.of(None, lines),),
                  3 if any(item.problem for item in taken) else 0)  # fmt: skip


def collected_line(item: Collected) -> Phrase:
    """What became of one file, in a line; with the decision where its kind of form asks for one."""
    name, form = shown_name(item.file), item.form
    if form is None:
        return Phrase.of("form.refused" if item.moved else "form.stays", file=name, problem=item.problem)
    if form.outcome:
        return Phrase.of("form.decided", file=name, id=form.id, decision=Phrase(f"form.choice_{form.outcome}"))
    return Phrase.of("form.taken", file=name, id=form.id)


def _files_at(path: Path) -> list[Path]:
    """A file that a person named, or the files of a folder."""
    return [file for file in sorted(path.iterdir()) if file.is_file()] if path.is_dir() else [path]


def _data(item: Collected) -> dict[str, Any]:
    form = item.form
    return {
        "file": str(item.file.with_name(shown_name(item.file))),
        "moved_to": str(item.moved) if item.moved else None,
        "taken": form is not None,
        "known": item.known,
        "problem": item.problem,
        "key": form.key if form else None,
        "kind": form.kind if form else None,
        "id": form.id if form else None,
        **dict.fromkeys(ANSWERS),
        **(form.answers if form else {}),
        "tables": {name: [dict(line) for line in lines] for name, lines in form.tables.items()} if form else {},
        "unread": dict(form.wrong) if form else {},
    }


def _lacking(case: Case) -> tuple[Field, ...]:
    """What the row lacks or has wrong."""
    row = np.zeros(len(case.situation.frame), dtype=bool)
    row[case.place] = True
    return next((gaps.fields for _, gaps in find_gaps(case.situation, row)), ())


def make(config: Config, id: str, kind: str, moment: dt.datetime | None = None) -> Answer:
    """`forms make`: one form from what the row holds, in forms/out.

    Raises:
        NotFound: No such feedback, or no such kind of form.
        ConfigError: A cell that the form is bound to is empty yet.
    """
    if kind not in set(FormKind):
        raise make_error(NotFound, "none.form", kind=kind, known=tuple(FormKind))
    now = local_now(config, moment)
    with holding(config) as workspace:
        world = read_world(config)
        memory = recall(workspace, world.register, digests=False)
        _, after = make_plan(world.situation(memory, now.replace(tzinfo=None)))
        case = case_of(after, row_of(after.register, id))
        lacking = tuple(FIELDS[key] for key in FormKind(kind).contract.bound_to if case.value(key) is None)
        if lacking:
            raise make_error(ConfigError, "form.lacking", id=id, fields=lacking)
        asked = _lacking(case) if kind == FormKind.MISSING else ()
        if kind == FormKind.MISSING and not asked:
            raise make_error(NotFound, "none.gaps", id=id)
        request = form_request(case, FormKind(kind), asked)
        template = form_template(config.workspace, kind, request.language)
        path = workspace.ends.make_form(request, template)
        workspace.journal.form_made({request.key: str(path)}, now)
    data = {"form": {"key": request.key, "kind": kind, "id": request.id, "path": str(path)}}
    return Answer(data, (Section(None, (Phrase.of("form.made", path=str(path)),)),))
