"""`claim`: makes this workspace the one that writes the register, after a move or a restore.

What the rows show to have happened counts as done from then on: nobody is mailed a second time because the state of the
workspace has forgotten the first. What becomes due later goes as usual.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ...apply import Workspace
from ...apply.ends import why_never
from ...apply.settle import settle
from ...choices import ReplyState
from ...config import Config
from ...errors import NotFound
from ...fields import FIELDS, Field
from ...files.owner_file import Owner, read_owner, write_owner
from ...mailer.outbox.entry import OutboxEntry, State
from ...plan import FactName, Phrase, Plan, Remember
from ...plan.keys import MessageKey
from ...plan.mail_kinds import REPLIES, MailKind
from ...register import Register
from ...report.answer import Answer, Line, Section
from ...rules import make_plan
from ...rules.around.kept_cells import PROGRAM, filled_cells
from ...rules.case import Case, cases
from ...rules.propose import same_mask
from ...rules.situation import Situation
from ...rules.standing import history, numbered, values
from ...rules.steps.state import derive
from ...rules.transfers import transfer_of
from ...sheets.upgrading.lacking import things_of
from ...sheets.upgrading.survey import survey_workbook
from ...texts import make_error
from ..known_things import set_things
from ..lookup import near
from ..moment import local_now
from ..workspace import holding_unasked
from ..world import read_world, recall
from .giving import hand_over as give_to_program
from .giving import read_only_columns
from .kept import as_memory, require_decided
from .ownership import RUNS, count_run, renewed, runs_of

EXIT_LATER = 5
VIA = "claim"
"""How a mail went that is only regarded as sent."""


class Done(Struct, frozen=True):
    """A mail that counts as sent: its key, the moment the row shows, and why it counts."""

    key: MessageKey
    at: dt.datetime
    why: Phrase


class Whose(StrEnum):
    """Whose the filled cells of the program's columns are, where a person says so."""

    OURS = "ours"
    THEIRS = "theirs"


def claim(
    config: Config,
    moment: dt.datetime | None = None,
    *,
    whose: Whose | None = None,
    hand_over: Sequence[str] = (),
) -> Answer:
    """Takes the register over.

    Args:
        config: The workspace.
        moment: Instead of now.
        whose: `ours`: the program's columns are made anew. `theirs`: what is filled now is kept. None: as it was.
        hand_over: Keys or headers. A column of an adopted workbook's own that is read only: the program fills it from
            now on. Else a column of the program's: people fill it as a whole.

    Raises:
        NotFound: There is no such column of the program's.
        NotOwner: Nothing says whose the filled cells are, and `whose` does not either.
        RegisterUnreadable: There is nothing to take over.
        RegisterLocked: A run of the workspace is under way.
    """
    now = local_now(config, moment)
    world = read_world(config)
    with holding_unasked(config) as workspace:
        before = read_owner(config.register.path)
        if whose is None:
            require_decided(workspace, world.register)
        settle(workspace, world.register)
        theirs = read_only_columns(world.book)
        given = [theirs[name] for name in hand_over if name in theirs]
        people = [_column(name, theirs) for name in hand_over if name not in theirs]
        if given:
            reason = give_to_program(workspace, world.book, given, now)
            if reason is not None:
                return Answer(
                    {"deferred": reason}, (Section.of(None, (Phrase.of("claim.later", reason=reason),)),), EXIT_LATER
                )
            world, before = read_world(config), read_owner(config.register.path)
        mine = _decided(renewed(workspace, before), world.register, whose, people)
        memory = replace(recall(workspace, world.register, digests=False), **as_memory(mine))
        situation = world.situation(memory, now.replace(tzinfo=None))
        plan, after = make_plan(situation)
        done = list(done_mails(situation, plan))
        set_things(workspace.journal, things_of(survey_workbook(world.book)))
        regard_as_sent(workspace, done, now)
        journal = workspace.journal
        ahead = 0 if before is None or before.runs is None else before.runs
        if runs_of(journal) < ahead and not journal.fresh:  # runs of which it knows nothing have written here
            journal.regard_as_written(Field.STATUS, _own_statuses(situation, after))
        journal.set_setting(RUNS, str(max(runs_of(journal), ahead)))
        if why_never(config) is None:
            write_owner(config.register.path, mine)
        count_run(workspace)  # one more: what the register was taken over from is behind from now on
    return _answer(config, before, mine, done, given)


def _column(name: str, theirs: Mapping[str, str]) -> str:
    """The program column of a key or header; the number is never handed over.

    Args:
        name: Key or header.
        theirs: Names of columns of an adopted workbook that can be given to the program.

    Raises:
        NotFound: There is no such column.
    """
    columns = {each: field for field in PROGRAM if field is not Field.ID for each in (field.value, field.zh, field.en)}
    if name not in columns:
        raise make_error(NotFound, "claim.no_column", name=name, near=near(name, [*columns, *theirs]))
    return columns[name].value


def _decided(owner: Owner, register: Register, whose: Whose | None, columns: list[str]) -> Owner:
    """The owner file with what a person has decided about the program's columns."""
    if whose is not None:
        kept = filled_cells(register) if whose is Whose.THEIRS else {}
        owner = replace(owner, kept=kept, handed_over=owner.handed_over if whose is Whose.THEIRS else ())
    return replace(owner, handed_over=tuple(dict.fromkeys([*owner.handed_over, *columns])))


def _own_statuses(situation: Situation, after: Situation) -> dict[str, str]:
    """Id -> the status that a row shows and the rules say: the program's, whichever run wrote it."""
    ids, shown = values(situation, Field.ID), values(situation, Field.STATUS)
    rows = same_mask(shown, derive(after)) & numbered(situation)
    return {str(id): str(status) for id, status in zip(ids[rows], shown[rows], strict=True)}


def done_mails(situation: Situation, plan: Plan) -> Iterator[Done]:
    """The mails that the rows show to have gone and the outbox does not know, row by row; history has none.

    Args:
        situation: Of the register as it is.
        plan: What the rules would do about it.
    """
    planned: dict[str, list[MessageKey]] = {}
    for message in plan.messages:
        if message.id is not None:
            planned.setdefault(message.id, []).append(message.key)
    known = situation.memory.sent
    for case in cases(situation, numbered(situation) & ~history(situation)):
        yield from (each for each in _done(case, planned.get(case.id, []), situation.now) if each.key not in known)


def _done(case: Case, planned: list[MessageKey], now: dt.datetime) -> Iterator[Done]:
    yield Done(MessageKey.about(MailKind.ACKNOWLEDGEMENT, case.id), case.value(Field.RECEIVED_AT) or now,
               Phrase("claim.known"))  # fmt: skip
    transferred, asked, closed = (
        case.value(field) for field in (Field.TRANSFERRED_AT, Field.CONFIRM_SENT_AT, Field.CLOSED_AT)
    )
    if transferred is not None and case.value(Field.OWNER) is not None:
        yield Done(transfer_of(case), transferred, Phrase.of("claim.transferred", at=transferred))
    if asked is not None:
        key = MessageKey.about(MailKind.CONFIRMATION, case.id, cycle=case.cycle)
        yield Done(key, asked, Phrase.of("claim.confirm", at=asked))
    if closed is not None:
        key = MessageKey.about(MailKind.CLOSED, case.id, cycle=case.cycle)
        yield Done(key, closed, Phrase.of("claim.closed", at=closed))
    replied = case.value(Field.REPLIED_AT)
    gone = replied is not None or case.value(Field.REPLY_STATE) == ReplyState.SENT
    for key in planned:
        if key.kind is MailKind.MISSING:
            yield Done(key, now, Phrase("claim.asked"))
        elif key.kind in REPLIES and gone:
            yield Done(key, replied or now, Phrase("claim.replied"))
        elif key.kind is MailKind.REOPENED and (case.value(Field.REOPENED) or 0) >= (key.cycle or 1) - 1:
            yield Done(key, now, Phrase("claim.reopened"))
        elif key.kind is MailKind.RECURRENCE and case.value(Field.RELATED) is not None:
            yield Done(key, now, Phrase("claim.recurrent"))


def regard_as_sent(workspace: Workspace, done: list[Done], now: dt.datetime) -> None:
    """Puts the mails into the outbox as gone, without text; a reply needs no line in 沟通记录 any more."""
    zone = workspace.config.register.time_zone
    for each in done:
        entry = OutboxEntry(
            key=each.key,
            kind=str(each.key.kind),
            id=each.key.id,
            message_id="",
            envelope_from="",
            recipients=(),
            cc=(),
            subject="",
            raw=b"",
            sha256=hashlib.sha256(b"").hexdigest(),
            state=State.SENT,
            created_at=now,
            sent_at=each.at.replace(tzinfo=zone),
            sent_via=VIA,
            detail="regarded as sent when the register was taken over",
        )
        workspace.outbox.put(entry, VIA)
    workspace.journal.remember(
        Remember(str(each.key.id), FactName.LOGGED.of(each.key), True) for each in done if each.key.kind in REPLIES
    )


def _answer(config: Config, before: Owner | None, mine: Owner, done: list[Done], given: Sequence[str]) -> Answer:
    facts = {"register": str(config.register.path), "here": str(config.workspace)}
    lines: list[Line] = [Phrase.of("claim.done", **facts)]
    if before is not None and before.folder != str(config.workspace):
        lines.append(Phrase.of("claim.from", folder=before.folder))
    kept = sum(map(len, mine.kept.values()))
    if kept:
        lines.append(Phrase.of("claim.kept", n=kept, columns=tuple(FIELDS[key] for key in mine.kept)))
    if mine.handed_over:
        lines.append(Phrase.of("claim.handed_over", columns=tuple(FIELDS[key] for key in mine.handed_over)))
    if given:
        lines.append(Phrase.of("claim.given", columns=tuple(FIELDS[key] for key in given)))
    lines.append(Phrase("claim.next"))
    data: dict[str, Any] = {
        **facts,
        "before": None if before is None else before.folder,
        "kept": {key: len(names) for key, names in mine.kept.items()},
        "handed_over": list(mine.handed_over),
        "given": list(mine.given),
        "sent": [{"key": each.key, "id": each.key.id, "at": each.at, "why": each.why} for each in done],
    }
    mails = [Phrase.of("claim.mail", mail=each.key, why=each.why) for each in done]
    head = Phrase.of("claim.sent", n=len(done)) if done else Phrase("claim.none")
    return Answer(data, (Section.of(None, lines), Section.of(None, [head, *mails])))
