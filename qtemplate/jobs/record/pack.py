"""`pack ID`: one case as a folder, or a zip, as an auditor wants it: a page with its whole story, and the files."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ...apply import Workspace
from ...apply.ends import WORKSPACE_KEY
from ...config import Config
from ...errors import NotWritten
from ...fields import FIELDS, Field, Kind
from ...files.attachments import ADDRESS, NAMES, exists_below
from ...files.privacy import as_private_as
from ...files.secret_key import read_key
from ...forms.file_names import free_path
from ...intake.raw_store import raw_path
from ...journal.received import ReceivedLog
from ...journal.verify import verify_chain
from ...mailer.outbox.entry import State
from ...mailer.words.kinds import KINDS
from ...plan import Phrase
from ...register import label_of
from ...report.answer import Answer, Section
from ...report.case_page import CaseFile, CaseMail, CasePage, Event, Table, case_html
from ...rules.approval import EDITION
from ...rules.approving.evidence import decisions_of
from ...rules.case import Case, case_of
from ...rules.mail_facts import record_groups, row_texts
from ...rules.situation import Situation
from ...sheets.layout import BY_KEY, INVESTIGATION, WORDS, word
from ...texts import make_error, say
from ...texts.display import display
from ..lookup import row_of
from ..moment import local_now
from ..workspace import looking
from ..world import read_world, recall

PAGE = "index.html"
DEADLINES = frozenset({Field.RESPOND_BY, Field.UPDATE_BY, Field.RESOLVE_BY})
"""Moments of a row that say when something is due, not that it happened."""

WITH = {
    Field.RECEIVED_AT: (Field.CHANNEL, Field.REPORTER),
    Field.ASSESSED_AT: (Field.ASSESSOR, Field.LEVEL),
    Field.TRANSFERRED_AT: (Field.DEPARTMENT, Field.OWNER),
    Field.ACCEPTED_AT: (Field.OWNER,),
    Field.CONTAINED_AT: (Field.CONTAINMENT,),
    Field.IMPLEMENTED_AT: (Field.SOLUTION,),
    Field.VERIFIED_AT: (Field.VERIFIER, Field.VERIFY_RESULT),
    Field.REPLIED_AT: (Field.REPLY_TYPE, Field.CONTACT),
    Field.CLOSED_AT: (Field.CLOSE_TYPE,),
}
"""Moment of a row -> the cells that say what happened then."""


def pack(config: Config, id: str, out: Path | None, moment: dt.datetime | None = None) -> Answer:
    """Writes one case with everything that belongs to it into a new folder or zip.

    Args:
        config: The workspace.
        id: The feedback.
        out: A folder that is not there yet, or a name that ends in `.zip`; None = a new folder below `reports`.
        moment: When it is made; None = now.

    Raises:
        NotFound: No row has this id.
        NotWritten: Something is in the way of `out`.
    """
    now = local_now(config, moment)
    with looking(config) as workspace, as_private_as(config.register.path):
        world = read_world(config)
        row = row_of(world.register, id)
        case = case_of(world.situation(recall(workspace, world.register, digests=False), now.replace(tzinfo=None)), row)
        id = str(case.value(Field.ID))
        target = free_path(config.workspace / "reports", f"{id}_{now:%Y-%m-%d}") if out is None else out
        if target.exists():
            raise make_error(NotWritten, "pack.exists", path=target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".qt-tmp-") as made:
            folder = Path(made) / id
            folder.mkdir()
            page = _gather(workspace, case, folder, now)
            (folder / PAGE).write_text(case_html(page), "utf-8")
            files = sum(each.is_file() for each in folder.rglob("*"))
            if target.suffix.lower() == ".zip":
                _zip(folder, target)
            else:
                folder.replace(target)
    data = {"id": id, "path": str(target), "files": files, "mails": len(page.mails), "events": len(page.events)}
    lines = (Phrase.of("pack.done", id=id, path=target, files=files), Phrase("pack.open"))
    return Answer(data, (Section.of(None, lines),))


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in filter(Path.is_file, sorted(folder.rglob("*"))):
            packed.write(file, Path(folder.name) / file.relative_to(folder))


def _gather(workspace: Workspace, case: Case, folder: Path, now: dt.datetime) -> CasePage:
    situation, id = case.situation, str(case.value(Field.ID))
    language = situation.register.language
    mails = tuple(
        sorted(
            (*_mails(workspace, id, folder, language, now), *_came(workspace, id, folder, language)),
            key=lambda each: each.at,
        )
    )
    logs = tuple(_logs(situation, id, language))
    events = sorted(
        (
            *_moments(case, language),
            *_talks(situation, id, language),
            *_moves(workspace, id, language, now),
            *_decisions(case, language),
        ),
        key=lambda event: event.at,
    )
    return CasePage(
        id=id,
        title=display(case.value(Field.TITLE), language),
        status=display(label_of(Field.STATUS, case.value(Field.STATUS), language), language),
        register=situation.register.path,
        language=language,
        made=display(now.replace(tzinfo=None), language),
        groups=record_groups(case, language),
        events=sorted(events, key=lambda event: event.at),
        changes=_changes(workspace, id, language),
        logs=logs,
        mails=mails,
        forms=tuple(_forms(workspace, id, folder)),
        files=tuple(_attached(workspace, case, folder)),
        seal=_seal(workspace, language),
    )


# -- what happened ---------------------------------------------------------------------------------------------------


def _moments(case: Case, language: str) -> Iterator[Event]:
    kind, texts = say(Phrase("pack.of_row"), language), row_texts(case, language)
    comma, colon = ("，", "：") if language == "zh" else (", ", ": ")
    for field in Field:
        at = case.value(field)
        if field.kind is Kind.DATETIME and field not in DEADLINES and isinstance(at, dt.datetime):
            said = comma.join(filter(None, (texts[other] for other in WITH.get(field, ()))))
            yield Event(at, kind, field.header(language) + (colon + said if said else ""))


def _talks(situation: Situation, id: str, language: str) -> Iterator[Event]:
    comma, colon = ("，", "：") if language == "zh" else (", ", ": ")
    for entry in situation.rulebook.contacts:
        if entry.id == id:
            way = display(label_of(Field.CONTACT_WAY, entry.way, language), language)
            head = comma.join(filter(None, (word(entry.direction, language), way, entry.who)))
            yield Event(entry.at, say(Phrase("pack.of_contact"), language), f"{head}{colon}{entry.summary}")
    for pause in situation.rulebook.pauses:
        if pause.id == id:
            kind = say(Phrase("pack.of_pause"), language)
            yield Event(pause.start, kind, say(Phrase.of("pack.pause_begins", reason=pause.reason or "–"), language))
            if pause.end is not None:
                yield Event(pause.end, kind, say(Phrase("pack.pause_ends"), language))


def _moves(workspace: Workspace, id: str, language: str, now: dt.datetime) -> Iterator[Event]:
    """The mails that went, when they went."""
    for entry in workspace.outbox.entries((State.SENT, State.PARTIAL, State.DIVERTED)):
        if entry.id == id and entry.sent_at is not None:
            at = entry.sent_at.astimezone(now.tzinfo).replace(tzinfo=None)
            to = ", ".join((*entry.recipients, *entry.cc)) or "–"
            what = f"{entry.kind} {_kind_name(entry.kind, language)}"
            yield Event(at, say(Phrase("pack.of_mail"), language), f"{what} → {to}")


def _decisions(case: Case, language: str) -> Iterator[Event]:
    """Who decided about its replies, and what proves or witnesses it."""
    for told in decisions_of(case):
        word = display(label_of(Field.REPLY_APPROVAL, told["word"], language), language)
        facts = {"word": word, "who": told.get("who") or "–", "reply": told["reply"][:EDITION]}
        said = Phrase.of("pack.decided_in_cell", **facts)
        if told.get("way", "mail") == "mail":
            proof = {name: told.get(name) or "–" for name in ("sender", "message_id", "auth", "digest")}
            why = Phrase.of("pack.decided_why", why=told["why"]) if told.get("why") else ""
            said = Phrase.of("pack.decided_by_mail", **facts, **proof, why=why)
        at = dt.datetime.fromisoformat(told["at"])
        yield Event(at, say(Phrase("pack.of_decision"), language), say(said, language))


def _kind_name(kind: str, language: str) -> str:
    contract = KINDS.get(kind)
    return "" if contract is None else contract.zh if language == "zh" else contract.en


# -- what belongs to it ----------------------------------------------------------------------------------------------


def _changes(workspace: Workspace, id: str, language: str) -> Table:
    def cell(field: str, value: Any) -> str:
        return display(label_of(field, value, language), language)

    rows = tuple(
        (
            change.at.strftime("%Y-%m-%d %H:%M"),
            FIELDS[change.field].header(language) if change.field in FIELDS else change.field,
            cell(change.field, change.before),
            cell(change.field, change.after),
            say(change.because, language),
        )
        for change in reversed(workspace.journal.changes(id=id))
    )
    columns = {column.key: column.header(language) for column in BY_KEY["changes"].blocks[0].columns}
    headers = tuple(columns[key] for key in ("at", "field", "before", "after", "because"))
    return Table(say(Phrase("pack.changes"), language), headers, rows)


def _logs(situation: Situation, id: str, language: str) -> Iterator[Table]:
    for key in INVESTIGATION:
        rows = [row for row in situation.rulebook.logs.get(key, ()) if row.id == id]
        if not rows:
            continue
        used = [c for c in BY_KEY[key].blocks[0].columns if c.key != "id" and any(row.text(c.key) for row in rows)]
        yield Table(
            BY_KEY[key].title(language),
            tuple(column.header(language) for column in used),
            tuple(tuple(_shown(row.values.get(column.key), language) for column in used) for row in rows),
        )


def _shown(value: Any, language: str) -> str:
    return word(value, language) if value in WORDS else display(value, language)


def _mails(workspace: Workspace, id: str, folder: Path, language: str, now: dt.datetime) -> Iterator[CaseMail]:
    for number, entry in enumerate((each for each in workspace.outbox.entries() if each.id == id), 1):
        raw, file = workspace.outbox.show(entry.key).raw, ""
        if raw:
            file = f"mails/{number:02}_{entry.kind}.eml"
            (folder / "mails").mkdir(exist_ok=True)
            (folder / file).write_bytes(raw)
        at = (entry.sent_at or entry.created_at).astimezone(now.tzinfo)
        yield CaseMail(
            at.strftime("%Y-%m-%d %H:%M"),
            f"{entry.kind} {_kind_name(entry.kind, language)}",
            say(Phrase(f"pack.mail_{entry.state}"), language),
            ", ".join((*entry.recipients, *entry.cc)),
            entry.subject,
            file,
        )


def _came(workspace: Workspace, id: str, folder: Path, language: str) -> Iterator[CaseMail]:
    """The mails that came in about it, as they came while their bytes are kept."""
    raw = workspace.config.workspace / "intake" / "raw"
    for number, (source, item) in enumerate(ReceivedLog(workspace.journal.database).mails_of(id), 1):
        file, kept = "", raw_path(raw, source)
        if kept.is_file():
            file = f"mails/in_{number:02}.eml"
            (folder / "mails").mkdir(exist_ok=True)
            shutil.copyfile(kept, folder / file)
        yield CaseMail(
            item.at.strftime("%Y-%m-%d %H:%M"),
            say(Phrase("pack.mail_in"), language),
            say(Phrase("pack.mail_came"), language),
            str(item.content.get("sender", "")),
            str(item.content.get("subject", "")),
            file,
        )


def _forms(workspace: Workspace, id: str, folder: Path) -> Iterator[CaseFile]:
    """The forms that were made for it, and those that came back: their names begin as the made ones do."""
    forms = workspace.config.workspace / "forms"
    for part in ("out", "done"):
        for file in sorted((forms / part).glob("*")) if (forms / part).is_dir() else ():
            if id in file.name and file.is_file() and not file.is_symlink():
                yield _copied(file, f"forms/{part}/{file.name}", folder)


def _attached(workspace: Workspace, case: Case, folder: Path) -> Iterator[CaseFile]:
    base = workspace.config.register.path.parent.resolve()
    for name in filter(None, map(str.strip, NAMES.split(str(case.value(Field.ATTACHMENTS) or "")))):
        if ADDRESS.match(name) or not exists_below(base, name):
            yield CaseFile(name)
            continue
        file = (base / name.replace("\\", "/")).resolve()
        for each in sorted(file.rglob("*")) if file.is_dir() else (file,):
            if each.is_file():
                yield _copied(each, f"files/{each.relative_to(base).as_posix()}", folder)


def _copied(file: Path, name: str, folder: Path) -> CaseFile:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(file, target)
    except OSError:  # gone, or not to be read: the page says that it is missing
        target.unlink(missing_ok=True)
        return CaseFile(name)
    return CaseFile(name, quote(name))


def _seal(workspace: Workspace, language: str) -> str:
    secret = read_key(workspace.config.workspace / WORKSPACE_KEY)
    found = None if secret is None else verify_chain(workspace.journal.database, secret)
    if found is None or found.head is None:
        return say(Phrase("pack.unsealed"), language)
    name = "pack.seal_broken" if found.breaks else "pack.sealed"
    return say(Phrase.of(name, n=found.head.number, head=str(found.head)), language)
