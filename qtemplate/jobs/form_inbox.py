"""Forms that came back: answers are remembered, files are put away, and who sent them is owed a receipt.

Whatever lies in forms/in is set aside with a sentence; it never stops a run.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..apply import Workspace
from ..apply.ends import WORKSPACE_KEY
from ..config import Config
from ..files.digest import digest_file
from ..files.secret_key import read_key
from ..forms.answered import answered_at
from ..forms.collect import FormProblem, ReturnedForm, read_form
from ..forms.file_names import free_path, kept_name, printable, reason_file, shown_name
from ..forms.pictures import digests_of_pictures
from ..forms.token import FormToken, Mark
from ..journal.received import ReceivedLog
from ..plan import FactName, Finding, Memory, Phrase, Remember, Severity
from ..plan.keys import FormKey
from ..plan.received import Received
from ..rules.incoming.form_senders import why_not_from
from ..rules.situation import Situation
from ..texts import say
from .incoming.mail_files import MailedForm, put_form
from .world import read_world

SUFFIXES = (".xlsx", ".xlsm")
NOISE = ("~$", ".")
"""Beginnings of names that are no forms: owner files, hidden and half-copied ones."""

STILL_COPIED = 60.0
"""Seconds within which what cannot be read, or a folder, may still be on its way."""
PERHAPS_COPIED = ("form.unreadable", "form.folder")


class Collected(Struct, frozen=True):
    """What became of one file: its form, or why it was not taken; `known` = the same bytes were taken before.

    `sender` is the key of the form of ours that was not taken, which tells whom it had been sent to; None where it is
    not sure to be ours. `moved` is where it lies now; None where it was only looked at, or could not be moved.
    """

    file: Path
    form: ReturnedForm | None = None
    problem: Phrase | None = None
    sender: FormKey | None = None
    known: bool = False
    moved: Path | None = None

    @property
    def written(self) -> int:
        """When the file was written, in nanoseconds; 0 where it is gone."""
        with contextlib.suppress(OSError):
            return (self.moved or self.file).lstat().st_mtime_ns
        return 0


def collect_forms(
    workspace: Workspace,
    config: Config,
    now: dt.datetime,
    paths: Iterable[Path] | None = None,
    *,
    accept: bool = False,
) -> list[Collected]:
    """Takes up returned forms: answers are remembered first, then the files move to forms/done or forms/problem.

    Args:
        workspace: Held.
        config: The workspace.
        now: The run's moment; aware.
        paths: Files; None = what lies in forms/in. Files from elsewhere are copied, not moved.
        accept: Whether a person vouches for them, where the mark of a form is not this workspace's.

    Returns:
        One for each file, by name.
    """
    files = _inbox(config) if paths is None else paths
    post = Post(workspace, config, now)
    looked = (_take_up(workspace, post, now, file, accept=accept) for file in files if not file.name.startswith(NOISE))
    taken = [_put_away(config, item) for item in looked if item is not None]
    _owe_receipts(workspace, config, taken)
    return taken


def _inbox(config: Config) -> list[Path]:
    folder = config.workspace / "forms" / "in"
    return sorted(folder.iterdir()) if folder.is_dir() else []


class Post:
    """Who sent the forms that came by mail, and whether they may answer; the register is read where one did only."""

    def __init__(self, workspace: Workspace, config: Config, now: dt.datetime) -> None:
        self._workspace, self._config, self._now = workspace, config, now.replace(tzinfo=None)
        self._situation: Situation | None = None

    def mail_of(self, file: Path) -> Mapping[str, Any] | None:
        """What the mail said that brought a form; None where somebody put it into the folder."""
        return ReceivedLog(self._workspace.journal.database).mail_with(digest_file(file))

    def why_not(self, key: FormKey, mail: Mapping[str, Any]) -> Phrase | None:
        """Why the sender of that mail may not answer the form."""
        if self._situation is None:
            self._situation = read_world(self._config).situation(Memory(), self._now)
        return why_not_from(self._situation, key, mail)


def _take_up(
    workspace: Workspace, post: Post, now: dt.datetime, file: Path, *, accept: bool = False
) -> Collected | None:
    """Reads a form and remembers its answers; None while it may still be on its way."""
    try:
        form, received = _read(workspace, now, file, accept=accept)
        mail = post.mail_of(file)
        why_not = None if mail is None or accept else post.why_not(form.key, mail)
        if why_not is not None:
            raise FormProblem(why_not)  # whose form it is has not handed it in: the keeper is told
    except FormProblem as problem:
        if problem.said.key in PERHAPS_COPIED and _just_written(file):
            return None
        return Collected(file, problem=problem.said, sender=problem.form)
    facts, mark = workspace.journal.facts(), FactName.FORM.of(received.digest)
    known = ("", mark) in facts
    if not known:
        answer = {
            "form": form.key,
            "file": shown_name(file),
            "mark": mark,
            "at": received.at.isoformat(),
            "sender": "" if mail is None else mail["sender"],
            **received.content,
        }
        waiting = [*facts.get((form.id, FactName.FORM_ANSWERS), ()), answer]
        workspace.journal.remember((Remember(form.id, FactName.FORM_ANSWERS, waiting), Remember("", mark, form.key)))
    return Collected(file, form, known=known)


def _read(workspace: Workspace, now: dt.datetime, file: Path, *, accept: bool) -> tuple[ReturnedForm, Received]:
    """The form in a file that this workspace made, and what came in with it at the moment it was answered.

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
        secret = read_key(workspace.config.workspace / WORKSPACE_KEY)
        form = read_form(
            file,
            secret,
            lambda token: _why_not(workspace, token, accept=accept),
            lambda key: _own_pictures(workspace, key),
        )
        written = dt.datetime.fromtimestamp(min(file.lstat().st_mtime, now.timestamp()), dt.UTC)
        at = answered_at(form.saved, written, workspace.journal.form_made_at(form.key) or now, now)
        moment, said = at.replace(tzinfo=None, microsecond=0), form.content
        received = Received("forms", form.key, digest_file(file), moment, said)
    except FormProblem:
        raise
    except OSError as error:
        raise FormProblem(Phrase.of("form.unreadable", problem=error.strerror or type(error).__name__)) from error
    except Exception as error:  # whatever somebody put there, it must not stop a run
        raise FormProblem(Phrase.of("form.unreadable", problem=type(error).__name__)) from error
    return form, received


def _why_not(workspace: Workspace, token: FormToken, *, accept: bool) -> Phrase | None:
    """Why a form is not to be trusted: this workspace did not make it, or its mark is another's."""
    journal = workspace.journal
    if journal.form_path(token.key) is None:
        return Phrase.of("form.unknown", form=token.key)
    former = token.mark is Mark.FORMER and journal.made_without_key(token.key)
    return None if accept or former or token.mark is Mark.OURS else Phrase("form.other_mark")


def _own_pictures(workspace: Workspace, key: FormKey) -> frozenset[str]:
    """The pictures of a form as it was made; none where it lies in forms/out no more."""
    path = workspace.journal.form_path(key)
    with contextlib.suppress(OSError, ValueError, zipfile.BadZipFile):
        return digests_of_pictures(Path(path or "").read_bytes())
    return frozenset()


def _keep_pictures(config: Config, form: ReturnedForm) -> None:
    """Pictures go beside the register; one that is there already is the same.

    Raises:
        OSError: One could not be kept.
    """
    for picture in form.pictures:
        path = config.register.path.parent / form.path_of(picture)
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError), path.open("xb") as out:
            out.write(picture.data)


def _just_written(file: Path) -> bool:
    """Whether a file may still be on its way; one from a clock that is ahead is not."""
    try:
        return abs(dt.datetime.now().timestamp() - file.lstat().st_mtime) < STILL_COPIED
    except OSError:  # it is gone, or soon back
        return True


def _owe_receipts(workspace: Workspace, config: Config, taken: Iterable[Collected]) -> None:
    """Remembers who is to be told of what was not taken: whom the form had been sent to, else the keeper.

    Nothing about when it came goes into the names of the facts: what cannot be moved is told once, not every night.
    """
    facts, aside, seen = [], [], hashlib.sha256()
    for item in taken:
        if item.problem is None:
            continue
        problem = _words(config, item.problem)
        if item.sender is not None and item.sender.id is not None:
            told = {"form": item.sender, "file": shown_name(item.file), "problem": problem}
            name = FactName.FORM_TOLD.of(digest_file(item.moved or item.file))
            facts.append(Remember(item.sender.id, name, told))
        else:
            aside.append({"file": kept_name(item.moved or item.file), "problem": problem})
            seen.update(f"{shown_name(item.file)}\n{item.written}\n".encode())
    if aside:
        folder = str(config.workspace / "forms" / "problem")
        facts.append(Remember("", FactName.FORM_ASIDE.of(seen.hexdigest()), {"files": aside, "folder": folder}))
    workspace.journal.remember(tuple(facts))


def _put_away(config: Config, taken: Collected) -> Collected:
    """The file of a form goes to those that are done, or to those with a problem, which is written beside it."""
    try:
        if taken.form is not None:
            _keep_pictures(config, taken.form)
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


def collected_findings(
    workspace: Workspace, config: Config, now: dt.datetime, *, name: bool = False
) -> tuple[Finding, ...]:
    """Takes up forms/in for a run; a finding for every form that waits in forms/problem, new or old.

    `name`: also one for each that was taken, where nothing is done with its answers yet.
    """
    taken = collect_forms(workspace, config, now)
    left = [item for item in taken if item.moved is None]
    return (*_problems(config), *_new_problems(config, left), *(_named(taken) if name else ()))


def awaited_findings(
    workspace: Workspace, config: Config, now: dt.datetime, mailed: Sequence[MailedForm] = (), *, name: bool = False
) -> tuple[Finding, ...]:
    """The same for a plan: forms/in is taken up in an imagined workspace, and every file stays where it is.

    Args:
        workspace: Imagined.
        config: The workspace.
        now: The run's moment; aware.
        mailed: Forms that came with mails and would lie in forms/in.
        name: See `collected_findings`.
    """
    with tempfile.TemporaryDirectory(prefix="qtemplate-") as folder:
        there = [put_form(Path(folder), form) for form in mailed]
        files = (file for file in (*_inbox(config), *there) if not file.name.startswith(NOISE))
        post = Post(workspace, config, now)
        taken = [item for file in files if (item := _take_up(workspace, post, now, file))]
        _owe_receipts(workspace, config, taken)
    return (*_problems(config), *_new_problems(config, taken), *(_named(taken) if name else ()))


def _named(taken: Iterable[Collected]) -> Iterator[Finding]:
    """The forms that were taken up, for a command that goes no further."""
    for item in taken:
        if item.form is not None and not item.known:
            choice = item.form.outcome
            facts = (
                ("name", Phrase(f"form.{item.form.kind}")),
                ("decision", Phrase.of("form.said", choice=Phrase(f"form.choice_{choice}")) if choice else ""),
            )
            yield Finding("QT854", Severity.INFO, id=item.form.id, facts=facts)


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
