"""The step that reminds, by the ladder of 升级阶梯: one digest a person a day, urgent rows also alone. Pure.

A digest is made of what is true at the moment, not of what changed, so that it can be made again and says the same.
Whoever is away is stood in for, see `stand_in`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import numpy as np

from ...choices import Clock, ClockState, Level, ReplyState, ReplyType, Role
from ...fields import Field
from ...plan import Message, Phrase, Plan
from ...plan.form_kinds import FormKind
from ...plan.keys import FormKey, MessageKey
from ...plan.mail_kinds import MailKind
from ...plan.replies import SPOKEN
from ..approval import how_to_approve_again, is_outdated, is_returned
from ..approving.approvers import approvers
from ..approving.evidence import why_returned
from ..carriers import CARRIERS, Carriers, is_carried, reached
from ..case import Case, cases
from ..clocks.times import ClockTable, clock_times
from ..confirmation_requests import being_asked
from ..digests.actions import actions_due
from ..digests.call_sheet import calls_of
from ..digests.coming_back import told_on_return
from ..digests.inboxes import (
    ACCEPT,
    ACT,
    APPROVE,
    ASSIGN,
    CALL,
    COMPLETE,
    ESCALATED,
    LOW,
    OVERDUE,
    READ,
    REVISE,
    SOON,
    VERIFY,
    Alert,
    Entry,
    Inbox,
    Matter,
    Post,
)
from ..digests.ladder import rung_mark, rungs_reached
from ..digests.lines import Lines, standard_day
from ..digests.who_left import Left, left_behind, left_finding
from ..forms.requests import form_key
from ..gaps import asked_in_vain, find_gaps, requests_sent
from ..incoming.unread import unread
from ..mail_facts import insider
from ..outcomes import to_verify_again, unreviewed
from ..situation import Situation
from ..stand_in import Reached, reach_first
from ..standing import (
    Mask,
    assignable,
    dates,
    ends_without_solution,
    equals,
    has,
    history,
    level_in,
    live,
    numbered,
    quiet,
    replied,
)
from ..workdays import DAY

MOST_QUOTED = 80
"""Characters of an answer in a line of the digest."""

OF_THE_CALLER = (Clock.RESPOND, Clock.UPDATE, Clock.RESOLVE, Clock.CONFIRM)
"""Clocks that a call to the reporter answers."""


def remind(situation: Situation) -> Plan:
    """M10: one digest a person (when `memory.digests`), and one mail per rung, or lack of an owner, for urgent rows."""
    rows = live(situation) & numbered(situation) & ~quiet(situation)
    left = list(left_behind(situation, rows))
    findings = tuple(left_finding(each) for each in left)
    table = clock_times(situation)
    if table is None:
        return Plan(findings)
    active = rows & ~table.paused & ~_snoozed(situation)
    urgent = level_in(situation, Level.URGENT) & ~history(situation)
    digests = situation.memory.digests and _is_workday(situation)
    if not digests:
        active &= urgent
    # nobody gets today's digest twice: in later rounds nearly everybody has had it
    today, sent = situation.now.date(), situation.memory.sent
    had = frozenset(str(key.address) for key in sent if key.kind is MailKind.DIGEST and key.day == today)
    post, carriers = Post(urgent, had), Carriers(situation)
    for clock in (clock for clock in Clock if clock in CARRIERS):
        _climb(carriers, table, clock, active & ~_leaving(situation, clock), post)
    lines = Lines(table, calls_of(situation))
    _ask(carriers, table, active, post, lines)
    _tell_lead(situation, rows & ~history(situation), post)
    _find_callers(carriers, lines, post)
    alone = [mail for alert in post.alerts.values() if (mail := _alone(lines, alert)) is not None]
    daily = _digests(situation, lines, post, left) if digests else ()
    return Plan(findings, messages=(*daily, *alone))


def _climb(carriers: Carriers, table: ClockTable, clock: Clock, active: Mask, post: Post) -> None:
    """Whom the ladder tells of the rows that are due soon or overdue by a clock."""
    situation, times = carriers.situation, table[clock]
    late = times.stands(ClockState.OVERDUE)
    behind = (late | times.stands(ClockState.DUE_SOON)) & times.running & active
    day = np.where(times.natural, DAY, standard_day(situation.rulebook))
    days, todo = times.left / day, Phrase(f"todo.{clock.value}")
    for rung, mask in rungs_reached(situation, clock, times, day):
        own = is_carried(clock, rung)
        for case in cases(situation, behind & mask):
            place = case.place
            wanted = [to for to in carriers.told(case, clock, rung) if post.wants(place, to)]
            if not wanted:
                continue
            section = ESCALATED if not own else OVERDUE if late[place] else SOON
            left = float(days[place])
            of = None if own else next(iter(carriers.named(case, CARRIERS[clock][0])), None)
            for to in wanted:
                matter = Matter(left, clock, case, todo, of, to.instead_of)
                # a head who stands in for the owner is asked to act, not to see to it that the owner does
                post.inbox(to.person).add(section, f"{clock.value}/{to.absent}", matter)
                at = place, to.person.mail
                if post.urgent[place] and (at not in post.alerts or left < post.alerts[at].matter.left):
                    post.alerts[at] = Alert(matter, rung_mark(rung), to.person, section)


def _leaving(situation: Situation, clock: Clock) -> Mask:
    """Rows whose clock is answered by a mail that is on its way: nobody has to do anything about them."""
    queued = equals(situation, Field.REPLY_STATE, ReplyState.QUEUED) & has(situation, Field.EMAIL)
    queued &= ~equals(situation, Field.CONTACT_WAY, *SPOKEN)
    if clock is Clock.CONFIRM:
        return being_asked(situation)
    if clock is Clock.RESOLVE:
        return queued & ~equals(situation, Field.REPLY_TYPE, ReplyType.IN_PROGRESS)
    return queued if clock in (Clock.RESPOND, Clock.UPDATE) else np.zeros(len(queued), dtype=bool)


def _snoozed(situation: Situation) -> Mask:
    """提醒暂停至: a day in the future, or the word for stop."""
    today = situation.now.date()
    return (
        situation.frame[Field.SNOOZE_UNTIL]
        .map(lambda value: value == "stop" or (isinstance(value, dt.date) and value > today), na_action="ignore")
        .fillna(False)
        .to_numpy(dtype=bool, copy=True)
    )


def _is_workday(situation: Situation) -> bool:
    start = np.array([np.datetime64(situation.now.date(), "s")])
    calendar = situation.rulebook.calendar
    return calendar is not None and float(calendar.working_between(start, start + np.timedelta64(1, "D"))[0]) > 0


def _ask(carriers: Carriers, table: ClockTable, active: Mask, post: Post, lines: Lines) -> None:
    """What waits for a person's word; a transfer of this very moment has its own mail."""
    situation = carriers.situation

    def put(
        section: str, clock: Clock, case: Case, people: Iterable[Reached], mark: str, *, todo: Phrase | None = None
    ) -> None:
        for to in people:
            left = float(table[clock].left[case.place])  # a clock that does not run weighs nothing
            days = 0.0 if left != left else left / DAY
            matter = Matter(days, clock, case, todo or Phrase(f"todo.{section}"), None, to.instead_of)
            post.inbox(to.person).add(section, mark, matter)
            if section == ASSIGN and post.urgent[case.place]:
                post.alerts[case.place, to.person.mail] = Alert(matter, mark, to.person, section)

    handed = dates(situation, Field.TRANSFERRED_AT) < np.datetime64(situation.now)
    waiting = active & handed & ~has(situation, Field.ACCEPTED_AT) & ~has(situation, Field.IMPLEMENTED_AT)
    for case in cases(situation, waiting & has(situation, Field.OWNER)):
        put(ACCEPT, Clock.ACCEPT, case, carriers.owner(case), "accept")
    for case in cases(situation, active & to_verify_again(situation) & ~level_in(situation, Level.MINOR)):
        verifier = case.person(Field.VERIFIER)
        put(VERIFY, Clock.RESOLVE, case, reached(situation, [verifier] if verifier else []), "verify")
    for case in cases(situation, active & equals(situation, Field.REPLY_STATE, ReplyState.WAITING)):
        if is_returned(case):
            why = why_returned(case)
            said = Phrase.of("reply.because", why=why[:MOST_QUOTED]) if why else ""
            revise = Phrase.of("todo.revise", why=said)
            put(REVISE, Clock.RESOLVE, case, carriers.contact(case), "revise", todo=revise)
            continue
        todo = Phrase.of("todo.approve_again", how=how_to_approve_again(case)) if is_outdated(case) else None
        put(APPROVE, Clock.RESOLVE, case, approvers(case), "approve", todo=todo)
    for heard in unread(situation):
        if active[heard.case.place]:
            todo = Phrase.of("todo.to_read", who=heard.who, at=heard.at, words=heard.words[:MOST_QUOTED])
            put(READ, Clock.CONFIRM, heard.case, carriers.contact(heard.case), "read", todo=todo)
    for due in actions_due(situation, active):
        person = situation.rulebook.person(due.owner)
        for to in reached(situation, [person]) if person is not None else carriers.owner(due.case):
            matter = Matter(float(due.left), Clock.RESOLVE, due.case, due.todo, None, to.instead_of)
            post.inbox(to.person).add(ACT, f"action/{due.row}", matter)
    over = replied(situation) & ends_without_solution(situation)
    asked = requests_sent(situation)
    for case, gaps in find_gaps(situation, active & ~history(situation) & ~over):
        if asked_in_vain(case, gaps, asked.get(case.id, {})):
            todo = Phrase.of("todo.to_complete", fields=gaps.names)
            put(COMPLETE, Clock.RESOLVE, case, carriers.contact(case), "complete", todo=todo)
    for case in lines.calls.wanted(active):
        put(CALL, Clock.RESOLVE, case, carriers.contact(case), "call")
    if situation.rulebook.assignment is not None:
        nobody = assignable(situation) & ~has(situation, Field.TRANSFERRED_AT) & ~has(situation, Field.OWNER)
        for case in cases(situation, active & nobody):
            people = situation.rulebook.supervisors(case.value(Field.DEPARTMENT), situation.now.date())
            put(ASSIGN, Clock.RESOLVE, case, reached(situation, people), "assign")


def _tell_lead(situation: Situation, rows: Mask, post: Post) -> None:
    """Low satisfaction is told to the quality lead at once, with a mail of its own, and daily until it is decided."""
    found = situation.rulebook.with_role(Role.QUALITY_LEAD)
    to = reach_first(situation.rulebook, found, situation.now.date())
    for case in cases(situation, rows & unreviewed(situation)) if to is not None else ():
        assert to is not None
        matter = Matter(0.0, Clock.CONFIRM, case, Phrase("todo.low_score"), None, to.instead_of)
        post.inbox(to.person).add(LOW, "low_score", matter)
        post.alerts[case.place, to.person.mail] = Alert(matter, "low_score", to.person, LOW)


def _find_callers(carriers: Carriers, lines: Lines, post: Post) -> None:
    """Who finds a call sheet in a line: the contact, where a call is what the line is about."""
    told = [(line.matter, line.section) for inbox in post.inboxes.values() for line in inbox.lines.values()]
    for matter, section in told:
        if section in (COMPLETE, CALL) or (matter.clock in OF_THE_CALLER and section in (OVERDUE, SOON)):
            contacts = carriers.contact(matter.case)
            lines.callers[matter.case.row] = frozenset(to.person.mail for to in contacts)


def _alone(lines: Lines, alert: Alert) -> Message | None:
    """The mail of an urgent row; None when it has gone."""
    case, person = alert.matter.case, alert.person
    register, sent = case.situation.register, case.situation.memory.sent
    key = MessageKey.of_urgent(case.id, alert.matter.clock.value, alert.mark, case.cycle, person.mail)
    if key in sent:
        return None
    line = lines.line(alert.section, Entry(alert.section, alert.matter, [alert.matter.todo]), person)
    facts = {"sections": [{"key": alert.section, "rows": [line]}], "register": register.path}
    because = Phrase("because.urgent")
    to = (insider(person),)
    return Message(key, MailKind.DIGEST, case.id, to, register.language, facts, urgent=True, because=because)


def _digests(situation: Situation, lines: Lines, post: Post, left: list[Left]) -> Iterator[Message]:
    register, today = situation.register, situation.now.date()
    for person in situation.rulebook.people:
        if person.away and (told := told_on_return(situation, person)):
            post.inbox(person).back = told
    for each in left:
        if each.to is not None:
            post.inbox(each.to.person).left.append(each.line())
    for mail, inbox in sorted(post.inboxes.items()):
        key = MessageKey.of_day(MailKind.DIGEST, today, mail)
        sections = lines.sections(inbox)
        if key in situation.memory.sent or not sections:
            continue
        facts = {"sections": sections, "register": register.path}
        because, forms = Phrase("because.digest"), _to_fill_in(situation, inbox)
        to = (insider(inbox.person),)
        yield Message(key, MailKind.DIGEST, None, to, register.language, facts, forms=forms, because=because)


def _to_fill_in(situation: Situation, inbox: Inbox) -> tuple[FormKey, ...]:
    """The forms that hang on a digest: for each feedback to be verified its report, where there is one."""
    keys = (
        form_key(line.matter.case, FormKind.VERIFICATION) for line in inbox.lines.values() if line.section == VERIFY
    )
    return tuple(key for key in keys if key in situation.memory.made)
