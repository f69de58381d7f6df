"""What becomes of all that waits: rows, answers worked into their cases, what is parked, what people decide. Pure.

Mails are taken in the order in which they came; each sees what the ones before it have changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from ...choices import Channel
from ...fields import Field
from ...plan import CellEdit, FactName, Finding, Phrase, Plan, Remember, Severity
from ...plan.received import MAILBOX, Became, Received
from ...register import is_missing
from ...texts import say
from ..case import Case, case_by_id
from ..returned.asked_mails import ask_about
from ..situation import Situation
from .answers import (
    answer_of_approver,
    answer_of_owner,
    answer_of_reporter,
    heard,
    linked_answer,
    waiting_over,
)
from .attachments import is_executable, keep_files, safe_name
from .links import Link, Post, doubted, find_link, is_reporter, staff_of
from .mail_rows import as_row, is_report
from .mailed_reports import why_doubtful, with_sender
from .new_rows import Former, new_rows
from .page_answers import answer_of_page, named, noted

FILE_BREAKS = "\n"
MOST_NAMED = 5


class Rules(Struct, frozen=True):
    """What the configuration says of what comes in.

    Attributes:
        closed_answer: `ask` or `reopen`.
        per_sender: Mails of one sender and day that are worked in; the others are for a person.
        unknown: `pile` or `row`: what is not surely a report, of mails from the mailbox.
    """

    closed_answer: str = "ask"
    per_sender: int = 20
    unknown: str = "pile"


class Decided(Struct, frozen=True):
    """A plan, and why some of what came in is for a person: by its number."""

    plan: Plan = field(default_factory=Plan)
    piled: Mapping[int, Phrase] = field(default_factory=dict)


def decide(situation: Situation, items: Sequence[Received], former: Former, post: Post, rules: Rules) -> Decided:
    """What becomes of what waits; an answer to something that waits as well is left for the next look.

    Args:
        situation: The register as it is.
        items: What waits, in the order in which it came.
        former: See `new_rows`.
        post: What is known of mails that went and came.
        rules: Of the configuration.
    """
    mails = [item for item in items if "automatic" in item.content]
    pages = [item for item in items if "page" in item.content]
    others = [item for item in items if "automatic" not in item.content and "page" not in item.content]
    doubtful = {item.number for item in others if item.content.get("held") and item.number not in former}
    mailed = {item.number for item in others if "mailed" in item.content and item.number not in {*former, *doubtful}}
    lists = [item for item in others if item.number not in doubtful | mailed]
    desk = _Desk(situation, former, post, rules, frozenset(item.key for item in mails if item.key))
    for item in mails:
        desk.take(item)
    for item in pages:
        desk.take_page(item)
    for item in others:
        if item.number in doubtful:
            desk.take_held(item)
        elif item.number in mailed:
            desk.take_mailed(item)
    rows = new_rows(situation, sorted([*lists, *desk.rows], key=lambda item: item.number), former)
    ends = [*_ends(rows), *desk.ends]
    more = tuple(fact for fact in rows.facts if fact.name != FactName.CAME_IN)
    facts = (*more, *desk.plan.facts, *([Remember("", FactName.CAME_IN, ends)] if ends else []), *desk.counted())
    plan = Plan(
        (*rows.findings, *desk.findings()), _one_a_cell(desk.plan.edits), (*rows.rows, *desk.plan.rows), facts=facts
    )
    return Decided(plan, desk.piled)


def _ends(rows: Plan) -> list[Any]:
    return next((list(fact.value) for fact in rows.facts if fact.name == FactName.CAME_IN), [])


def _one_a_cell(edits: Sequence[CellEdit]) -> tuple[CellEdit, ...]:
    """The last word about each cell, with what stood there first."""
    last: dict[tuple[int, str], CellEdit] = {}
    for edit in edits:
        before = last.get((edit.row, edit.field), edit).before
        last[edit.row, edit.field] = CellEdit(edit.row, edit.id, edit.field, before, edit.after, edit.because)
    return tuple(edit for edit in last.values() if edit.before != edit.after)


class _Desk:
    """Where mails are opened, one after the other."""

    def __init__(self, situation: Situation, former: Former, post: Post, rules: Rules, waiting: frozenset[str]) -> None:
        self._situation, self._former, self._post = situation, former, post
        self._rules, self._waiting = rules, waiting
        self._day = situation.now.date().isoformat()
        day, counts = situation.memory.fact("", FactName.SENDERS) or ["", {}]
        self._counts: dict[str, int] = dict(counts) if day == self._day else {}
        self._counted = False
        self._refused: set[str] = set()
        self._parked: dict[str, list[str]] = {}
        self._found: list[Finding] = []
        self.plan = Plan()
        self.rows: list[Received] = []
        self.ends: list[list[Any]] = []
        self.piled: dict[int, Phrase] = {}

    def take(self, item: Received) -> None:
        """One mail."""
        mail = item.content
        known = self._post.came.get(item.key, "")
        if item.number in self._former or known:
            self._end(item, Became.SAME, known or self._former[item.number][1])
        elif mail["automatic"] == "bounce":
            self._bounce(item)
        elif "linked" in mail:
            self._read(item)
        elif mail["automatic"] or mail["sender"] in self._post.own:
            self._park(item)
        elif any(each in self._waiting and each not in self._post.sent for each in mail["answers"]):
            return
        elif self._too_many(mail["sender"]):
            self._refused.update(mail.get("reports", ()))
            self._pile(item, Phrase.of("intake.too_many", sender=mail["sender"], most=self._rules.per_sender))
        else:
            self._read(item)

    def take_page(self, item: Received) -> None:
        """What somebody answered on a page."""
        case = case_by_id(self._situation, item.content["id"])
        item = item if case is None else named(case, item)
        done = Phrase.of("intake.page_no_row", id=item.content["id"]) if case is None else answer_of_page(case, item)
        if isinstance(done, Phrase) or case is None:
            assert isinstance(done, Phrase)
            self._pile(item, done)
        else:
            self._work(item, case, done)

    def take_held(self, item: Received) -> None:
        """What came by a page and waits for a person, who says what is to become of it."""
        vouched = item.content.get("linked")
        case = case_by_id(self._situation, vouched) if vouched else None
        if case is not None:
            self._work(item, case, noted(case, item) + heard(case, item))
        elif vouched is not None:
            self.rows.append(item)
        else:
            why = Phrase.of(f"intake.held_{item.content['held']}", number=item.key)
            self._pile(item, why)

    def take_mailed(self, item: Received) -> None:
        """A report that was made without a network and came with a mail."""
        report = with_sender(self._situation, item)
        if "linked" in item.content:
            self.take_held(report)
        elif item.key in self._refused:
            sender = item.content["mailed"]["sender"]
            self._pile(item, Phrase.of("intake.too_many", sender=sender, most=self._rules.per_sender))
        elif (why := why_doubtful(self._situation, item)) is not None:
            self._pile(item, why)
        else:
            self._refuse_files(item)
            self.rows.append(report)

    def _read(self, item: Received) -> None:
        """A mail that a person wrote to us."""
        mail, link = item.content, find_link(self._situation, self._post, item.content)
        vouched = str(mail.get("linked", ""))
        if vouched:  # by a person
            link = Link((vouched,), link.key if link.key is not None and link.key.id == vouched else None)
        case = case_by_id(self._situation, link.id) if link.id is not None else None
        if mail.get("forms") and self._situation.rulebook.is_inside(mail["sender"]):
            self._end(item, Became.LINKED, link.id or "")  # what it says is said by the form
        elif case is not None:
            self._answer(item, case, link)
        elif "linked" in mail and not vouched:
            self._report(item)
        elif mail.get("reports"):
            self._end(item, Became.LINKED, "")  # what it says goes with the report
        elif mail.get("spoilt"):
            self._pile(item, Phrase.of("intake.mailed_spoilt", name=mail["spoilt"][0]))
        elif link.ids:
            self._pile(item, Phrase.of("intake.unsure", ids=link.ids), link.ids)
        elif mail["answers"] and not mail["forwarded"]:
            self._pile(item, Phrase("intake.answers_nothing"))
        elif mail["channel"] != Channel.INTERNAL and self._is_note(mail):
            self._pile(item, Phrase("intake.colleague"))
        elif item.channel == MAILBOX and self._rules.unknown == "pile" and not is_report(self._situation, mail):
            self._pile(item, Phrase("intake.no_report"))
        else:
            self._report(item)

    def _report(self, item: Received) -> None:
        """What becomes a row."""
        mail = item.content
        self._refuse_files(item)
        if mail["dated"]:
            facts = (("subject", mail["subject"]), ("dated", mail["dated"]), ("at", item.at))
            self._found.append(Finding("QT848", Severity.INFO, facts=facts))
        self.rows.append(as_row(self._situation, item))

    def _is_note(self, mail: Mapping[str, Any]) -> bool:
        """Whether a colleague wrote it and passes nothing on."""
        return self._situation.rulebook.is_inside(mail["sender"]) and not mail["forwarded"] and not mail["quoted"]

    def _answer(self, item: Received, case: Case, link: Link) -> None:
        sender, vouched = item.content["sender"], "linked" in item.content
        if (doubt := doubted(item.content)) and not vouched:
            self._pile(item, Phrase.of("intake.unproven", id=case.id, sender=sender, auth=doubt), (case.id,))
            return
        # who approves is proved by the own mailbox, never by somebody else's word
        approval = answer_of_approver(case, item, link) if not doubt else None
        if isinstance(approval, Phrase) and not vouched:
            self._pile(item, approval, (case.id,))
            return
        if isinstance(approval, Plan):
            self._work(item, case, approval)
            return
        if vouched:
            self._work(item, case, linked_answer(case, item, link, self._rules.closed_answer, proved=not doubt))
            return
        if is_reporter(case, sender):
            self._work(item, case, answer_of_reporter(case, item, self._rules.closed_answer))
            return
        person = staff_of(case, sender)
        if person is None:
            self._apply(heard(case, item) + waiting_over(case, item))
            self._pile(item, Phrase.of("intake.stranger", id=case.id, sender=sender), (case.id,))
            return
        plan = answer_of_owner(case, item, person, link)
        if plan is None:
            self._pile(item, Phrase.of("intake.of_staff", id=case.id, name=person.name), (case.id,))
        else:
            self._work(item, case, plan)

    def _work(self, item: Received, case: Case, plan: Plan) -> None:
        """An answer, and the files that came with it."""
        self._apply(plan)
        held = case.value(Field.ATTACHMENTS)
        taken = [] if is_missing(held) else str(held).split(FILE_BREAKS)
        files = keep_files(case.id, item.content["files"], taken)
        if files and case.cell(Field.ATTACHMENTS) is not None:
            way = "page" if "automatic" not in item.content else "mailed"
            because = Phrase.of(f"because.{way}", who=item.content["name"] or item.content["sender"], at=item.at)
            listed = FILE_BREAKS.join([*taken, *(path for _, path in files)])
            self._apply(Plan(edits=(case.edit(Field.ATTACHMENTS, listed, because),)))
        self._refuse_files(item)
        self._end(item, Became.LINKED, case.id, files)

    def _refuse_files(self, item: Received) -> None:
        names = (name for name, *_ in item.content["files"] if is_executable(name))
        for name in names:
            facts = (("name", safe_name(name)), ("subject", item.content["subject"]))
            self._found.append(Finding("QT846", Severity.WARNING, facts=facts))

    def _bounce(self, item: Received) -> None:
        """A mail of ours that came back; what says so of a mail that we never sent says nothing."""
        ours = ""
        for address, status, original in item.content["bounced"]:
            key = self._post.sent.get(original or "")
            if key is not None and key.id is not None:
                ours = key.id
                name = FactName.CAME_BACK.of(str(address).casefold())
                self._apply(Plan(facts=(Remember(key.id, name, [item.at.isoformat(), status]),)))
        self._park(item, ours)

    def _park(self, item: Received, id: str = "") -> None:
        """`id`: of the feedback that it told us something about."""
        self._parked.setdefault(item.content["automatic"] or "own", []).append(item.content["subject"])
        self._end(item, Became.LINKED if id else Became.PARKED, id)

    def _pile(self, item: Received, why: Phrase, ids: Sequence[str] = ()) -> None:
        """`ids`: feedback that it may belong to."""
        self.piled[item.number] = why
        self.plan += Plan(rows=ask_about(self._situation, item, ids, why))
        self.ends.append([item.number, Became.PILE, "", [], say(why, self._situation.register.language)])

    def _end(self, item: Received, became: Became, id: str, files: Sequence[tuple[str, str]] = ()) -> None:
        self.ends.append([item.number, became, id, [list(each) for each in files]])

    def _apply(self, plan: Plan) -> None:
        self.plan += plan
        self._situation = self._situation.with_edits(plan.edits).with_facts(plan.facts)

    def _too_many(self, sender: str) -> bool:
        self._counts[sender] = self._counts.get(sender, 0) + 1
        self._counted = True
        return self._counts[sender] > self._rules.per_sender

    def counted(self) -> tuple[Remember, ...]:
        """How many mails of each sender were opened on this day."""
        return (Remember("", FactName.SENDERS, [self._day, self._counts]),) if self._counted else ()

    def findings(self) -> list[Finding]:
        """What was parked, which files are not kept, whose clock is not believed."""
        return [*(_parked(kind, names) for kind, names in self._parked.items()), *self._found]


def _parked(kind: str, names: Sequence[str]) -> Finding:
    facts = (("kind", Phrase(f"intake.{kind}")), ("n", len(names)), ("names", tuple(names[:MOST_NAMED])))
    return Finding("QT840", Severity.INFO, facts=facts)
