"""The step that acknowledges what was received (M01) and asks for what is missing (M02). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...choices import ReplyState, ReplyType, Role
from ...fields import Field
from ...plan import FormRequest, Message, Phrase, Plan
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...plan.replies import SPOKEN
from ...texts import say, show
from ...texts.display import display
from ..case import MOST_SHOWN, Case, cases
from ..forms.due import missing_form
from ..gaps import ONE_OF_SEVERAL, Gaps, find_gaps, next_request, requests_sent
from ..mail_facts import insider_message, reporter, reporter_message
from ..questions import ASKED_OF_REPORTER, HINTED
from ..rulebook import Person
from ..situation import Situation
from ..stand_in import reach, reach_role
from ..standing import Mask, equals, has, history, live, numbered, quiet, replied


def acknowledge(situation: Situation) -> Plan:
    """M01 to the reporter of every new record, M02 for what is missing."""
    fresh = live(situation) & numbered(situation) & ~history(situation) & ~replied(situation)
    fresh &= has(situation, Field.RECEIVED_AT) & ~quiet(situation)
    return Plan(messages=tuple(_thanks(situation, fresh))) + Plan.join(_missing(situation))


def _thanks(situation: Situation, fresh: Mask) -> Iterator[Message]:
    # whoever gets the reply in this very run need not be told that the feedback was received
    to_thank = fresh & has(situation, Field.TITLE) & ~has(situation, Field.RESPONDED_AT) & ~_answered(situation)
    for case in cases(situation, to_thank):
        key, to = MessageKey.about(MailKind.ACKNOWLEDGEMENT, case.id), reporter(case)
        if key not in situation.memory.sent and to is not None:
            because = Phrase("because.received")
            yield reporter_message(case, MailKind.ACKNOWLEDGEMENT, key, to, because, **_promises(case))


def _answered(situation: Situation) -> Mask:
    """Rows whose reply leaves, or left, by mail."""
    on_its_way = equals(situation, Field.REPLY_STATE, ReplyState.QUEUED, ReplyState.SENT)
    return on_its_way & ~equals(situation, Field.CONTACT_WAY, *SPOKEN)


def _promises(case: Case) -> dict[str, str]:
    """The days that are promised: once the row is graded, and only those still ahead."""
    if case.value(Field.LEVEL) is None:
        return {}
    known = {field.value: case.value(field) for field in (Field.RESPOND_BY, Field.RESOLVE_BY)}
    now = case.situation.now
    return {name: display(due.date(), case.language) for name, due in known.items() if due is not None and due > now}


def _missing(situation: Situation) -> Iterator[Plan]:
    """M02: asked once, again when the answer is still wrong or nothing came, three times at the most."""
    asked = requests_sent(situation)
    open_ = live(situation) & numbered(situation) & ~history(situation) & ~replied(situation) & ~quiet(situation)
    # nobody gets the final reply and, with it, questions about what it answers
    open_ &= ~_answered(situation) | equals(situation, Field.REPLY_TYPE, ReplyType.IN_PROGRESS)
    for case, gaps in find_gaps(situation, open_):
        key = next_request(case, gaps, asked.get(case.id, {}))
        if key is not None:
            yield _ask(case, gaps, key)


def _ask(case: Case, gaps: Gaps, key: MessageKey) -> Plan:
    """The request, with the form to fill in; nothing where nobody can be asked."""
    to, because = reporter(case), Phrase.of("because.missing", fields=list(gaps.fields))
    if to is not None and ASKED_OF_REPORTER.issuperset(gaps.fields):
        form, more = _form(case, gaps, case.language, inside=to.insider)
        asked = _questions(case, gaps, case.language, inside=to.insider)
        return _with(case, form, reporter_message(case, MailKind.MISSING, key, to, because, missing=asked, **more))
    recorder, language = _recorder(case), case.situation.register.language
    if recorder is None:
        return Plan()
    form, more = _form(case, gaps, language, inside=True)
    asked, topic = _questions(case, gaps, language, inside=True), str(case.value(Field.TITLE) or "")
    made = insider_message(case, MailKind.MISSING, key, recorder, because, missing=asked, topic=topic, **more)
    return _with(case, form, made)


def _form(case: Case, gaps: Gaps, language: str, *, inside: bool) -> tuple[FormRequest | None, dict[str, str]]:
    """The form for what is missing, and what the mail says of it."""
    form = missing_form(case, gaps, language, inside=inside)
    return form, {} if form is None else {"form": str(form.facts["file"])}


def _with(case: Case, form: FormRequest | None, message: Message) -> Plan:
    """A mail and the form that hangs on it; a mail that still waits has its form."""
    if form is None:
        return Plan(messages=(message,))
    new = () if form.key in case.situation.memory.made else (form,)
    return Plan(messages=(replace(message, forms=(form.key,)),), forms=new)


def _recorder(case: Case) -> Person | None:
    """Who recorded the row, else the keeper of the register; whoever is away is stood in for."""
    rulebook, day = case.situation.rulebook, case.situation.now.date()
    person = case.person(Field.RECORDER)
    reached = reach(rulebook, person, day) if person is not None else None
    keepers = reach_role(rulebook, Role.KEEPER, day)
    return reached.person if reached is not None else keepers[0].person if keepers else None


def _questions(case: Case, gaps: Gaps, language: str, *, inside: bool) -> list[dict[str, str]]:
    """What is asked, a line a field; what stands in a wrong cell is shown to colleagues only."""
    lines = []
    for field in gaps.fields:
        wrong = field in gaps.wrong
        hint = say(Phrase(f"hint.{field.value}"), language) if field in HINTED else ""
        if wrong and inside:
            found = show(case.content(field), language)[:MOST_SHOWN]
            hint = say(Phrase.of("check.wrong_now", found=found, hint=hint), language).strip()
        label = show(field if wrong else ONE_OF_SEVERAL.get(field, field), language)
        lines.append({"label": label, "hint": hint})
    return lines
