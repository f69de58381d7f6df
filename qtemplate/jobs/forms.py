"""`forms make` and `forms collect`: follow-up forms out and back. What a form says is worked in by the rules."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..apply import Workspace
from ..config import Config
from ..errors import ConfigError, NotFound
from ..fields import FIELDS
from ..files.digest import digest_file
from ..forms.collect import FormProblem, ReturnedForm, read_form
from ..forms.file_names import free_path, kept_name, printable, reason_file, shown_name
from ..forms.make import form_template, make_form
from ..plan import FactName, Finding, Phrase, Remember, Severity
from ..plan.form_kinds import FORMS, FormKind
from ..report.answer import Answer, Line, Section
from ..rules import make_plan
from ..rules.case import case_of
from ..rules.form_requests import form_request
from ..texts import make_error, say
from .lookup import row_of
from .workspace import holding
from .world import local_now, read_world, recall

SUFFIXES = (".xlsx", ".xlsm")
NOISE = ("~$", ".")
"""Beginnings of names that are no forms: owner files, hidden and half-copied ones."""

ANSWERS = [answer.name for contract in FORMS.values() for answer in contract.answers]
"""What any form asks for; `--json` has all of it for every file, null where it does not apply."""

STILL_COPIED = 60.0
"""Seconds within which what cannot be read, or a folder, may still be on its way."""
PERHAPS_COPIED = ("form.unreadable", "form.folder")


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one file: its form, or why it was not taken; `known` = the same bytes were taken before.

    `moved` is where it lies now; None where it was only looked at, or could not be moved.
    """

    file: Path
    form: ReturnedForm | None = None
    problem: Phrase | None = None
    known: bool = False
    moved: Path | None = None


def collect_forms(
    workspace: Workspace, config: Config, now: dt.datetime, paths: Iterable[Path] | None = None
) -> list[Collected]:
    """Takes up returned forms: answers are remembered first, then the files move to forms/done or forms/problem.

    Args:
        workspace: Held.
        config: The workspace.
        now: The run's moment; aware.
        paths: Files; None = what lies in forms/in. Files from elsewhere are copied, not moved.

    Returns:
        One for each file, by name.
    """
    files = _inbox(config) if paths is None else paths
    taken = (_take_up(workspace, now, file) for file in files if not file.name.startswith(NOISE))
    return [_put_away(config, item) for item in taken if item is not None]


def _inbox(config: Config) -> list[Path]:
    folder = config.workspace / "forms" / "in"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _take_up(workspace: Workspace, now: dt.datetime, file: Path) -> Collected | None:
    """Reads a form and remembers its answers; None while it may still be on its way."""
    try:
        form, mark = _read(workspace, file)
    except FormProblem as problem:
        if problem.said.key in PERHAPS_COPIED and _just_written(file):
            return None
        return Collected(file, problem=problem.said)
    facts = workspace.journal.facts()
    known = ("", mark) in facts
    if not known:
        answer = {
            "form": form.key,
            "file": shown_name(file),
            "at": now.replace(tzinfo=None, microsecond=0).isoformat(),
            "was": form.base,
            **form.answers,
        }
        waiting = [*facts.get((form.id, FactName.FORM_ANSWERS), ()), answer]
        workspace.journal.remember((Remember(form.id, FactName.FORM_ANSWERS, waiting), Remember("", mark, form.key)))
    return Collected(file, form, known=known)


def _read(workspace: Workspace, file: Path) -> tuple[ReturnedForm, str]:
    """The form in a file that this workspace made, and the name of the fact that it was taken up.

    Raises:
        FormProblem: It is something else, whatever it may be.
    """
    try:
        kind = file.lstat().st_mode
        if stat.S_ISLNK(kind):
            raise FormProblem(Phrase("form.link"))
        if not stat.S_ISREG(kind):
            raise FormProblem(Phrase("form.folder"))
        if file.suffix.lower() not in SUFFIXES:
            raise FormProblem(Phrase("form.wrong_type"))
        form, mark = read_form(file), FactName.FORM.of(digest_file(file))
    except FormProblem:
        raise
    except OSError as error:
        raise FormProblem(Phrase.of("form.unreadable", problem=error.strerror or type(error).__name__)) from error
    except Exception as error:  # whatever somebody put there, it must not stop a run
        raise FormProblem(Phrase.of("form.unreadable", problem=type(error).__name__)) from error
    if workspace.journal.form_path(form.key) is None:
        raise FormProblem(Phrase.of("form.unknown", form=form.key))
    return form, mark


def _just_written(file: Path) -> bool:
    """Whether a file may still be on its way; one from a clock that is ahead is not."""
    try:
        return abs(dt.datetime.now().timestamp() - file.lstat().st_mtime) < STILL_COPIED
    except OSError:  # it is gone, or soon back
        return True


def _put_away(config: Config, taken: Collected) -> Collected:
    """The file of a form goes to those that are done, or to those with a problem, which is written beside it."""
    try:
        moved = _move(config, taken.file, "done" if taken.problem is None else "problem")
    except OSError:  # it stays, and is told again by the next run
        return taken
    if taken.problem is not None:
        with contextlib.suppress(OSError), reason_file(moved).open("x", encoding="utf-8") as reason:
            reason.write(_words(config, taken.problem) + "\n")
    return replace(taken, moved=moved)


def _words(config: Config, problem: Phrase) -> str:
    """Why a file was not taken; an error that is quoted may name a file as no text can."""
    return printable(say(problem, str(config.register.language)))


def _move(config: Config, file: Path, folder: str) -> Path:
    """Moves what lies in forms/in, copies any other, under a name that is free; a link is never followed.

    Raises:
        OSError: It could not be moved.
    """
    target = config.workspace / "forms" / folder
    target.mkdir(parents=True, exist_ok=True)
    path = free_path(target, kept_name(file))
    if file.parent.resolve() == (config.workspace / "forms" / "in").resolve():
        shutil.move(file, path)
    else:
        shutil.copyfile(file, path, follow_symlinks=False)
    return path


def collected_findings(workspace: Workspace, config: Config, now: dt.datetime) -> list[Finding]:
    """Takes up forms/in for a run; a finding for every form that waits in forms/problem, new or old."""
    taken = collect_forms(workspace, config, now)
    return [*_problems(config), *_new_problems(config, [item for item in taken if item.moved is None])]


def awaited_findings(workspace: Workspace, config: Config, now: dt.datetime) -> list[Finding]:
    """The same for a plan: forms/in is taken up in an imagined workspace, and every file stays where it is."""
    files = (file for file in _inbox(config) if not file.name.startswith(NOISE))
    taken = [item for file in files if (item := _take_up(workspace, now, file))]
    return [*_problems(config), *_new_problems(config, taken)]


def _new_problems(config: Config, taken: Iterable[Collected]) -> list[Finding]:
    return [_problem(item.file, _words(config, item.problem)) for item in taken if item.problem is not None]


def _problems(config: Config) -> list[Finding]:
    """What lies in forms/problem; a text is a reason there, unless it has one itself."""
    folder = config.workspace / "forms" / "problem"
    found = []
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.name.startswith(NOISE) or (file.suffix.lower() == ".txt" and _reason(file) is None):
            continue
        found.append(_problem(file, _reason(file) or "?"))
    return found


def _reason(file: Path) -> str | None:
    """Why a file was not taken, as it was written beside it; None where nothing is, or something else by that name."""
    reason = reason_file(file)
    with contextlib.suppress(OSError):
        if stat.S_ISREG(reason.lstat().st_mode):
            return reason.read_text(encoding="utf-8", errors="replace").strip()
    return None


def _problem(file: Path, problem: str) -> Finding:
    return Finding("QT620", Severity.WARNING, facts=(("file", kept_name(file)), ("problem", problem.rstrip("。."))))


def collect(config: Config, paths: Sequence[Path], moment: dt.datetime | None = None) -> Answer:
    """`forms collect`: exit code 3 when a form was not taken.

    Raises:
        NotFound: A path is nowhere.
        RegisterLocked: A run is under way.
    """
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise make_error(NotFound, "none.file", path=tuple(missing))
    files = [file for path in paths for file in _files_at(path)]
    with holding(config) as workspace:
        taken = collect_forms(workspace, config, local_now(config, moment), files if paths else None)
    lines: list[Line] = []
    for item in taken:
        name = shown_name(item.file)
        if item.form is not None:
            lines.append(Phrase.of("form.taken", file=name, id=item.form.id, decision=item.form.outcome))
        else:
            key = "form.refused" if item.moved else "form.stays"
            lines.append(Phrase.of(key, file=name, problem=item.problem))
    lines.append(Phrase("form.next") if any(item.form for item in taken) else Phrase("form.nothing"))
    if taken and not any(item.form for item in taken):
        lines.pop()
    return Answer({"forms": [_data(item) for item in taken]}, (Section.of(None, lines),),
                  3 if any(item.problem for item in taken) else 0)  # fmt: skip


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
    }


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
        request = form_request(case, FormKind(kind))
        template = form_template(config.workspace, kind, request.language)
        path = make_form(request, template, config.workspace / "forms" / "out")
        workspace.journal.form_made(request.key, str(path), now)
    data = {"form": {"key": request.key, "kind": kind, "id": request.id, "path": str(path)}}
    return Answer(data, (Section(None, (Phrase.of("form.made", path=str(path)),)),))
