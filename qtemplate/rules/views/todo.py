"""What is asked of a role about one row, in words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ...choices import CauseCode, Clock, Level, ReplyState, ReplyType, Status
from ...fields import Field, Stage
from ...plan import Phrase
from ...plan.replies import REPLY_OF
from ..case import Case
from ..gaps import Gaps
from ..standing import Mask

JUDGED = (Field.AUTHENTICITY, Field.SEVERITY, Field.SAFETY, Field.SCOPE, Field.FREQUENCY, Field.WORKAROUND)
"""What an assessor judges."""

INVESTIGATED = (Field.ROOT_CAUSE, Field.CAUSE_CODE)
"""What an owner finds out; asked of all levels but minor."""

RECORDED = (Stage.OVERVIEW, Stage.INTAKE)

Todo = Callable[[Case], Iterator[Phrase]]


def to_record(gaps: Gaps) -> Gaps:
    """What of a row's gaps is for whoever records it: a wrong cell of a later stage is its owner's to put right."""
    return Gaps(gaps.missing, tuple(field for field in gaps.wrong if field.stage in RECORDED))


def to_assess(case: Case) -> Iterator[Phrase]:
    """Judge, set the level, name somebody."""
    status = case.value(Field.STATUS)
    if status == Status.TO_ASSESS:
        yield from _fill(case, JUDGED) or (Phrase("todo.assess"),)
    elif status == Status.TO_TRANSFER:
        yield Phrase("view.transfer_waits" if case.value(Field.OWNER) else "todo.to_assign")


def to_solve(case: Case, failed: Mask) -> Iterator[Phrase]:
    """Accept, contain, find the cause, implement, have it verified.

    Args:
        case: The row.
        failed: Rows whose verification has failed since they were implemented.
    """
    if case.value(Field.STATUS) == Status.TO_VERIFY:
        yield from _fill(case, (Field.VERIFIER, Field.VERIFY_RESULT)) or (Phrase("todo.to_verify"),)
        return
    if case.value(Field.ACCEPTED_AT) is None:
        yield Phrase("todo.accept")
    if failed[case.place]:
        yield Phrase("view.failed")
    level = case.value(Field.LEVEL)
    wanted: list[Field] = [Field.CONTAINMENT] if level in (Level.URGENT, Level.MAJOR) else []
    wanted += [] if level == Level.MINOR else INVESTIGATED
    yield from _fill(case, (*wanted, Field.SOLUTION, Field.IMPLEMENTED_AT))


def to_say(case: Case, pressing: dict[Clock, Mask], called: bool, lacking: Sequence[Phrase]) -> Iterator[Phrase]:
    """Get in touch, reply, ask whether it is solved, close.

    Args:
        case: The row.
        pressing: Clock -> the rows in which it is due soon or overdue.
        called: Whether the reporter waits for a call.
        lacking: The gates that do not hold, where a way of closing was chosen.
    """
    if pressing[Clock.RESPOND][case.place] or (called and case.value(Field.STATUS) != Status.TO_CONFIRM):
        yield Phrase("todo.respond")
    elif pressing[Clock.UPDATE][case.place]:
        yield Phrase("todo.update")
    status = case.value(Field.STATUS)
    if status == Status.TO_REPLY:
        yield from _reply(case)
    elif status == Status.TO_CONFIRM:
        yield Phrase("todo.confirm")
    elif status == Status.TO_CLOSE:
        yield from (
            (Phrase.of("view.lacking", lacking=tuple(lacking)),) if lacking else _fill(case, (Field.CLOSE_TYPE,))
        )


def _reply(case: Case) -> Iterator[Phrase]:
    state = case.value(Field.REPLY_STATE)
    if state == ReplyState.WAITING:
        yield Phrase("view.approval")
    elif state == ReplyState.QUEUED:
        yield Phrase("view.queued")
    elif state in (ReplyState.FAILED, ReplyState.UNKNOWN):
        yield Phrase("view.not_sent")
    else:
        kind = case.value(Field.REPLY_TYPE)
        contract = REPLY_OF.get(kind) if kind in list(ReplyType) else None
        must = () if contract is None else contract.must
        yield from _fill(case, (Field.REPLY_TYPE, *must)) or (Phrase("todo.resolve"),)


def _fill(case: Case, fields: Sequence[Field]) -> tuple[Phrase, ...]:
    """Asks for those of the fields that are empty and that the register has; nothing where all are filled."""
    here = case.situation.register.columns
    empty = tuple(field for field in fields if field in here and _is_open(case, field))
    return (Phrase.of("view.fill", fields=empty),) if empty else ()


def _is_open(case: Case, field: Field) -> bool:
    value = case.value(field)
    return value is None or (field is Field.CAUSE_CODE and value == CauseCode.UNKNOWN)
