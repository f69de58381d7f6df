"""`/new/<channel>`: the page on which anybody reports something, in two steps, of which the second records it.

What is sent carries the provisional number that the page was made with, signed: sent twice, it is one. Beyond what one
address may send in a day, it is kept but waits for a person, who lets it in; until then nobody gets mail for it.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, redirect, request
from msgspec import Struct

from ..choices import Channel
from ..plan.new_page import LETTERS, NEW, NUMBER, NewPage
from ..plan.pages import Question
from ..received.links import is_own_form, sign_form
from ..received.photos import MOST_PHOTOS, PHOTO_MB
from ..received.plain import plain_line
from ..received.records import read_new_page
from .answer_page import Answer, address, from_here, no_such_page
from .form_answers import Sent, read_answers
from .inbox import TooMany, first_answer, keep_answer
from .new_questions import CONTACTS, UNKNOWN, first_questions, second_questions
from .pages import page, readers_language, root
from .site import (
    DAY_TIMES,
    FULL_TIMES,
    HELD_TIMES,
    MOST_FOR_ONE_MAIL,
    MOST_WORDS,
    VIDEO_MB,
    Site,
)
from .uploads import Refused, clean_files
from .words import LANGUAGES, words_in

log = logging.getLogger("qtemplate.web")

CHANNELS = frozenset(str(each) for each in Channel)
PREFILLED = ("product", "model", "batch")
"""What the address may say beforehand, as a label on the product does."""

MOST_PREFILLED = 60
FORM = "the-form-itself"
NUMBERED = "the-number-itself"
"""Stand in a page that is kept where each reader gets a signature and a number of their own."""


class Visit(Struct, frozen=True):
    """Somebody at the page: by which channel, in which language."""

    site: Site
    offer: NewPage
    channel: str
    language: str

    def first(self) -> tuple[Question, ...]:
        """The questions of the first step."""
        return first_questions(self.offer, self.language, words_in(self.language))

    def second(self, product: str) -> tuple[Question, ...]:
        """Those of the second step."""
        return second_questions(self.offer, product, self.channel, words_in(self.language))


def add_new_page(app: Flask, site: Site) -> None:
    """Adds the page to the app."""

    @app.get("/new/<channel>")
    def show_new_page(channel: str) -> Answer:
        visit = _visit(site, channel, request.args.get("lang", ""))
        if visit is None:
            return no_such_page()
        got = request.args.get("got", "")
        if NUMBER.fullmatch(got):
            again = f"?lang={visit.language}"
            return page("new_done", visit.language, team=visit.offer.team, number=got, again=again), 200
        number = _new_number(site)
        before, between, after = _fresh_page(visit.offer, channel, visit.language, _prefilled(visit.offer), root())
        return "".join((before, sign_form(site.secret, _about(channel, number)), between, number, after)), 200

    @app.post("/new/<channel>")
    def take_new(channel: str) -> Answer:
        visit = _visit(site, channel, request.form.get("lang", ""))
        if visit is None:
            return no_such_page()
        form = dict(request.form.items())
        first = read_answers(visit.first(), form)
        number = form.get("number", "")
        if not NUMBER.fullmatch(number) or not _is_ours(site, channel, number):
            return _first_step(visit, _new_number(site), Sent(first.answers), form, 403, "stale")
        if "back" in form:
            return _first_step(visit, number, Sent(first.answers), form)
        if first.wrong:
            return _first_step(visit, number, first, form, 422)
        second = read_answers(visit.second(first.answers["product"]), form)
        if form.get("step") != "2":
            return _second_step(visit, number, first, Sent(second.answers))
        return _take(visit, number, first, second)


def _visit(site: Site, channel: str, language: str) -> Visit | None:
    """Whoever asks, where there is such a channel and a run has said what the page offers."""
    offer = read_new_page(site.exports) if channel in CHANNELS else None
    return (
        None
        if offer is None
        else Visit(site, offer, channel, language if language in LANGUAGES else readers_language())
    )


def _new_number(site: Site) -> str:
    chance = "".join(LETTERS[each % len(LETTERS)] for each in secrets.token_bytes(8))  # 32 letters: none is likelier
    now = site.now()
    return f"W{now.year % 100:02}{now.month:02}{now.day:02}-{chance}"


def _about(channel: str, number: str) -> str:
    return f"{NEW}/{channel}/{number}"


def _is_ours(site: Site, channel: str, number: str) -> bool:
    return from_here() and is_own_form(site.secret, request.form.get("form", ""), _about(channel, number))


def _prefilled(offer: NewPage) -> tuple[tuple[str, str], ...]:
    """What the address says of the product, as far as it is one of ours."""
    if not request.query_string:
        return ()
    said = {name: plain_line(request.args.get(name, ""))[:MOST_PREFILLED] for name in PREFILLED}
    known = offer.product(said["product"])
    if known is None and said["model"]:
        known = next((each for each in offer.products if said["model"] in each.models), None)
    kept = {"product": "" if known is None else known.name, "batch": said["batch"]}
    if known is not None and said["model"] in known.models:
        kept["model"] = said["model"]
    return tuple((name, text) for name, text in kept.items() if text)


# ---- the steps ----


@lru_cache(64)
def _fresh_page(
    offer: NewPage, channel: str, language: str, said: tuple[tuple[str, str], ...], below: str
) -> tuple[str, str, str]:
    """The first step as nobody has filled it in, up to the signature, up to the number, and from there on."""
    questions = first_questions(offer, language, words_in(language))
    names = {each.name for each in questions}
    answers = {name: text for name, text in said if name in names}
    hidden = {name: text for name, text in said if name not in names}
    other = next(each for each in LANGUAGES if each != language)
    more = {"other": other, "other_query": urlencode([("lang", other), *said])}
    shown = _page(offer, channel, language, "1", NUMBERED, FORM, questions, Sent(answers), hidden, **more)
    before, _, rest = shown.partition(FORM)
    between, _, after = rest.partition(NUMBERED)
    return before, between, after


def _first_step(
    visit: Visit, number: str, sent: Sent, form: Mapping[str, str], status: int = 200, notice: str = ""
) -> Answer:
    later = visit.second(sent.answers.get("product", ""))
    hidden = {name: text for name, text in read_answers(later, form).answers.items() if text}
    return _step(visit, "1", number, visit.first(), sent, hidden, notice), status


def _second_step(
    visit: Visit, number: str, first: Sent, sent: Sent, status: int = 200, notice: str = ""
) -> tuple[str, int]:
    questions = visit.second(first.answers["product"])
    return _step(visit, "2", number, questions, sent, dict(first.answers), notice), status


def _step(
    visit: Visit,
    step: str,
    number: str,
    questions: Sequence[Question],
    sent: Sent,
    hidden: Mapping[str, str],
    notice: str,
) -> str:
    form = sign_form(visit.site.secret, _about(visit.channel, number))
    return _page(visit.offer, visit.channel, visit.language, step, number, form, questions, sent, hidden, notice=notice)


def _page(
    offer: NewPage,
    channel: str,
    language: str,
    step: str,
    number: str,
    form: str,
    questions: Sequence[Question],
    sent: Sent,
    hidden: Mapping[str, str],
    *,
    notice: str = "",
    other: str = "",
    other_query: str = "",
) -> str:
    return page(
        "new",
        language,
        team=offer.team,
        channel=channel,
        step=step,
        number=number,
        form=form,
        questions=questions,
        answers=sent.answers,
        wrong=sent.wrong,
        hidden=hidden,
        notice=notice,
        other=other,
        other_query=other_query,
        photo_mb=PHOTO_MB,
        video_mb=VIDEO_MB,
        most_photos=MOST_PHOTOS,
        most_words=MOST_WORDS,
    )


# ---- what was sent ----


def _take(visit: Visit, number: str, first: Sent, second: Sent) -> Answer:
    wrong = dict(second.wrong)
    if not any(second.answers[name] for name in CONTACTS):
        wrong.setdefault(CONTACTS[0], "contact")
    files = clean_files([each for each in request.files.getlist("photos") if each.filename], MOST_PHOTOS, video=True)
    if isinstance(files, Refused):
        wrong["photos"] = files.why
    if wrong or isinstance(files, Refused):
        return _second_step(visit, number, first, Sent(second.answers, wrong), 422)
    mail, known = second.answers["email"], _key(number)
    held = _why_held(visit.site, mail)
    if held is None:
        return _second_step(visit, number, first, Sent(second.answers), 429, "new_too_many")
    answers = {**first.answers, **second.answers}
    said: dict[str, Any] = {
        "schema": 1,
        "page": NEW,
        "number": number,
        "channel": visit.channel,
        "language": visit.language,
        "at": visit.site.now().isoformat(timespec="seconds"),
        "answers": {k: v for k, v in answers.items() if v and k != "consent" and not (k in PREFILLED and v == UNKNOWN)},
        "held": held,
    }
    before = first_answer(visit.site.inbox, known)
    if before is not None and before.get("answers") == said["answers"]:
        return _done(visit, number)  # sent twice by a hand that was too quick
    try:
        keep_answer(visit.site.inbox, known, said, files)
    except TooMany:
        return _second_step(visit, number, first, Sent(second.answers), 429, "new_too_many")
    except OSError as problem:
        log.error("what was reported could not be kept: %s", problem.strerror or type(problem).__name__)
        return _second_step(visit, number, first, Sent(second.answers), 503, "not_kept_new")
    _count(visit.site, mail)
    return _done(visit, number)


def _count(site: Site, mail: str) -> None:
    """One more was kept."""
    for name in filter(None, (_counted(address()), _counted(mail), _counted("all"))):
        site.caps.count(name, site.now())


def _why_held(site: Site, mail: str) -> str | None:
    """Why it waits for a person, "" where it does not; None where it is not taken at all."""
    now, most, caps = site.now(), site.caps.most, site.caps
    by_address, of_all = caps.counted(_counted(address()), now), caps.counted(_counted("all"), now)
    if by_address >= HELD_TIMES * most or of_all >= FULL_TIMES * most:
        return None
    if by_address >= most:
        return "address"
    if of_all >= DAY_TIMES * most:
        return "day"
    return "mail" if mail and caps.counted(_counted(mail), now) >= MOST_FOR_ONE_MAIL else ""


def _counted(what: str) -> str:
    """Under which name something is counted; "" for nothing."""
    return f"{NEW} {what.casefold()}" if what else ""


def _key(number: str) -> str:
    """By what the file of a report is found; the run knows it by its number."""
    return hashlib.sha256(f"{NEW}/{number}".encode()).hexdigest()


def _done(visit: Visit, number: str) -> Answer:
    """To the page that says the number: a reload sends nothing twice."""
    return redirect(f"?got={number}&lang={visit.language}", code=303)
