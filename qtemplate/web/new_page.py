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

from msgspec import Struct

from ..choices import Channel
from ..plan.new_page import LETTERS, NEW, NUMBER, NewPage
from ..plan.pages import Question
from ..received.links import is_own_form, sign_form
from ..received.photos import MOST_PHOTOS, PHOTO_MB
from ..received.plain import plain_line
from ..received.records import read_new_page
from .form_answers import Sent, read_answers
from .front import Shown
from .inbox import TooMany, first_answer, keep_answer
from .new_questions import CONTACTS, UNKNOWN, first_questions, second_questions
from .pages import Answer, Asked, address, from_here, go_to, no_such_page, page, readers_language, root
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
from .words import LANGUAGES, fill_in, words_in

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
    asked: Asked
    offer: NewPage
    channel: str
    language: str

    def first(self) -> tuple[Question, ...]:
        """The questions of the first step."""
        return _first_questions(self.offer, self.language)

    def second(self, product: str) -> tuple[Question, ...]:
        """Those of the second step."""
        known = self.offer.product(product)
        return _second_questions(self.offer, "" if known is None else known.name, self.channel, self.language)


@lru_cache(16)
def _first_questions(offer: NewPage, language: str) -> tuple[Question, ...]:
    return first_questions(offer, language, words_in(language))


@lru_cache(256)
def _second_questions(offer: NewPage, product: str, channel: str, language: str) -> tuple[Question, ...]:
    return second_questions(offer, product, channel, words_in(language))


def new_page(site: Site) -> Shown:
    """The page."""

    def look(asked: Asked, channel: str) -> Answer:
        visit = _visit(site, asked, channel, asked.args.get("lang", ""))
        return no_such_page(asked) if visit is None else _look(visit)

    def send(asked: Asked, channel: str) -> Answer:
        visit = _visit(site, asked, channel, asked.form.get("lang", ""))
        return no_such_page(asked) if visit is None else _send(visit)

    return Shown(look, send)


def _look(visit: Visit) -> Answer:
    site, asked = visit.site, visit.asked
    got = asked.args.get("got", "")
    if NUMBER.fullmatch(got):
        again = f"?lang={visit.language}"
        return Answer(page(asked, "new_done", visit.language, team=visit.offer.team, number=got, again=again))
    number = _new_number(site)
    signed = sign_form(site.secret, _about(visit.channel, number))
    before, between, after = _fresh_page(visit.offer, visit.channel, visit.language, _prefilled(visit), root(asked))
    return Answer("".join((before, signed, between, number, after)))


def _send(visit: Visit) -> Answer:
    form = dict(visit.asked.form.items())
    first = read_answers(visit.first(), form)
    number = form.get("number", "")
    if not NUMBER.fullmatch(number) or not _is_ours(visit, number, form.get("form", "")):
        return _first_step(visit, _new_number(visit.site), Sent(first.answers), form, 403, "stale")
    if "back" in form:
        return _first_step(visit, number, Sent(first.answers), form)
    if first.wrong:
        return _first_step(visit, number, first, form, 422)
    second = read_answers(visit.second(first.answers["product"]), form)
    if form.get("step") != "2":
        return _second_step(visit, number, first, Sent(second.answers))
    return _take(visit, number, first, second)


def _visit(site: Site, asked: Asked, channel: str, language: str) -> Visit | None:
    """Whoever asks, where there is such a channel and a run has said what the page offers."""
    offer = read_new_page(site.exports) if channel in CHANNELS else None
    if offer is None:
        return None
    return Visit(site, asked, offer, channel, language if language in LANGUAGES else readers_language(asked))


def _new_number(site: Site) -> str:
    chance = "".join(LETTERS[each % len(LETTERS)] for each in secrets.token_bytes(8))  # 32 letters: none is likelier
    now = site.now()
    return f"W{now.year % 100:02}{now.month:02}{now.day:02}-{chance}"


def _about(channel: str, number: str) -> str:
    return f"{NEW}/{channel}/{number}"


def _is_ours(visit: Visit, number: str, signed: str) -> bool:
    return from_here(visit.asked) and is_own_form(visit.site.secret, signed, _about(visit.channel, number))


def _prefilled(visit: Visit) -> tuple[tuple[str, str], ...]:
    """What the address says of the product, as far as it is one of ours."""
    offer, asked = visit.offer, visit.asked
    if not asked.query_string:
        return ()
    said = {name: plain_line(asked.args.get(name, ""))[:MOST_PREFILLED] for name in PREFILLED}
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
    questions = _first_questions(offer, language)
    names = {each.name for each in questions}
    answers = {name: text for name, text in said if name in names}
    hidden = {name: text for name, text in said if name not in names}
    other = next(each for each in LANGUAGES if each != language)
    more = {"other": other, "other_query": urlencode([("lang", other), *said])}
    shown = _page(below, offer, channel, language, "1", NUMBERED, FORM, questions, Sent(answers), hidden, **more)
    before, _, rest = shown.partition(FORM)
    between, _, after = rest.partition(NUMBERED)
    return before, between, after


def _first_step(
    visit: Visit, number: str, sent: Sent, form: Mapping[str, str], status: int = 200, notice: str = ""
) -> Answer:
    later = visit.second(sent.answers.get("product", ""))
    hidden = {name: text for name, text in read_answers(later, form).answers.items() if text}
    return Answer(_step(visit, "1", number, visit.first(), sent, hidden, notice), status)


def _second_step(visit: Visit, number: str, first: Sent, sent: Sent, status: int = 200, notice: str = "") -> Answer:
    questions = visit.second(first.answers["product"])
    return Answer(_step(visit, "2", number, questions, sent, dict(first.answers), notice), status)


def _step(
    visit: Visit,
    step: str,
    number: str,
    questions: Sequence[Question],
    sent: Sent,
    hidden: Mapping[str, str],
    notice: str,
) -> str:
    below, form = root(visit.asked), sign_form(visit.site.secret, _about(visit.channel, number))
    return _page(
        below, visit.offer, visit.channel, visit.language, step, number, form, questions, sent, hidden, notice=notice
    )


def _page(
    below: str,
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
    return fill_in(
        "new",
        language,
        below,
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
    chosen = [each for each in visit.asked.files.getlist("photos") if each.filename]
    files = clean_files(chosen, MOST_PHOTOS, video=True)
    if isinstance(files, Refused):
        wrong["photos"] = files.why
    if wrong or isinstance(files, Refused):
        return _second_step(visit, number, first, Sent(second.answers, wrong), 422)
    mail, known = second.answers["email"], _key(number)
    held = _why_held(visit, mail)
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
    _count(visit, mail)
    return _done(visit, number)


def _count(visit: Visit, mail: str) -> None:
    """One more was kept."""
    site = visit.site
    site.caps.count(site.now(), *filter(None, (_counted(address(visit.asked)), _counted(mail), _counted("all"))))


def _why_held(visit: Visit, mail: str) -> str | None:
    """Why it waits for a person, "" where it does not; None where it is not taken at all."""
    now, most, caps = visit.site.now(), visit.site.caps.most, visit.site.caps
    by_address, of_all = caps.counted(_counted(address(visit.asked)), now), caps.counted(_counted("all"), now)
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
    """To the page that says the number."""
    return go_to(f"?got={number}&lang={visit.language}")
