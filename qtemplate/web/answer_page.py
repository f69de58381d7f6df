"""`/a/<token>`: the page behind a link. Looking at it records nothing; sending it keeps one answer.

What is forged, unknown, expired or withdrawn looks alike. After an answer the page shows what was answered, and takes
more words for a person to read.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from ..plan.pages import PageRecord
from ..received.links import Link, is_own_form, read_token, sign_form
from ..received.photos import MOST_PHOTOS, PHOTO_MB
from ..received.plain import plain_text
from ..received.records import read_record
from .form_answers import Sent, read_answers, shown_answers
from .front import Shown
from .inbox import TooMany, first_answer, keep_answer
from .pages import Answer, Asked, address, from_here, go_to, no_such_page, page, root
from .site import MOST_WORDS, Site
from .uploads import Refused, Upload, clean_files
from .words import fill_in

log = logging.getLogger("qtemplate.web")

MORE = "more"
"""The field for what is added after an answer."""

SAID = "?thanks"
"""Where an answer leads: to the page that shows it."""


class Visit(Struct, frozen=True):
    """Somebody at an open link.

    Attributes:
        site: The pages.
        asked: What the browser asks.
        token: The link as it stands in the address.
        link: What it says.
        record: What the run wrote down of it.
        answered: (question, answer) of what was answered; None where nothing was yet.
    """

    site: Site
    asked: Asked
    token: str
    link: Link
    record: PageRecord
    answered: Sequence[tuple[str, str]] | None


def answer_page(site: Site) -> Shown:
    """The page."""

    def look(asked: Asked, token: str) -> Answer:
        visit = _find(site, asked, token)
        if visit is None:
            return no_such_page(asked)
        return _over(visit, visit.answered) if visit.answered is not None else _asking(visit, Sent())

    def send(asked: Asked, token: str) -> Answer:
        visit = _find(site, asked, token)
        return no_such_page(asked) if visit is None else _send(visit)

    return Shown(look, send)


def _send(visit: Visit) -> Answer:
    site, form = visit.site, visit.asked.form
    later = MORE in form
    sent = Sent({MORE: plain_text(form[MORE])}) if later else read_answers(visit.record.questions, form)
    if not _is_ours(visit):
        return _again(visit, sent, 403, "stale")
    if site.caps.is_full(address(visit.asked), site.now()):
        return _again(visit, sent, 429, "too_many")
    if later:
        return _take_more(visit, sent)
    files = _pictures(visit)
    if isinstance(files, Refused):
        sent = Sent(sent.answers, {**sent.wrong, "photos": files.why})
    if sent.wrong or isinstance(files, Refused):
        return _asking(visit, sent, 422)
    return _take(visit, sent, files)


def _find(site: Site, asked: Asked, token: str) -> Visit | None:
    """Whoever opens this link, where it is open."""
    link = read_token(site.secret, token)
    record = None if link is None else read_record(site.exports, link.digest)
    if link is None or record is None or (record.kind, record.id, record.cycle) != (link.kind, link.id, link.cycle):
        return None
    now = site.now()
    if link.until < now or record.is_over(now):
        return None
    return Visit(site, asked, token, link, record, _answered(site, link, record))


def _is_ours(visit: Visit) -> bool:
    """Whether a page of ours sent this: by what it carries, and by what the browser says of where it comes from."""
    given = visit.asked.form.get("form", "")
    return from_here(visit.asked) and is_own_form(visit.site.secret, given, visit.link.digest)


def _answered(site: Site, link: Link, record: PageRecord) -> list[tuple[str, str]] | None:
    """(question, answer) of what was answered; None where nothing was yet."""
    if record.answered_at:
        return list(record.answered)
    said = first_answer(site.inbox, link.digest)
    return None if said is None else shown_answers(record, said.get("answers") or {})


def _pictures(visit: Visit) -> Sequence[Upload] | Refused:
    """The pictures that were sent, made harmless; why one of them is not taken."""
    sent = [each for each in visit.asked.files.getlist("photos") if each.filename]
    return clean_files(sent, visit.record.photos)


def _take(visit: Visit, sent: Sent, files: Sequence[Upload]) -> Answer:
    if visit.answered is not None and list(visit.answered) == shown_answers(visit.record, sent.answers):
        return go_to(SAID)  # sent twice by a hand that was too quick
    return _keep(visit, Sent({k: v for k, v in sent.answers.items() if v}), files)


def _take_more(visit: Visit, sent: Sent) -> Answer:
    if not sent.answers[MORE] or len(sent.answers[MORE]) > MOST_WORDS or visit.answered is None:
        return _again(visit, sent, 422, "more_empty")
    return _keep(visit, sent, (), then="?added")


def _keep(visit: Visit, sent: Sent, files: Sequence[Upload], then: str = SAID) -> Answer:
    site, now = visit.site, visit.site.now()
    said: dict[str, Any] = {
        "schema": 1,
        "page": "answer",
        "token": visit.token,
        "at": now.isoformat(timespec="seconds"),
        "answers": dict(sent.answers),
        "later": visit.answered is not None,
    }
    try:
        keep_answer(site.inbox, visit.link.digest, said, files)
    except TooMany:
        return _again(visit, sent, 429, "too_many")
    except OSError as problem:
        log.error("an answer could not be kept: %s", problem.strerror or type(problem).__name__)
        return _again(visit, sent, 503, "not_kept")
    site.caps.count(now, address(visit.asked))
    return go_to(then)


def _again(visit: Visit, sent: Sent, status: int, notice: str) -> Answer:
    """The page once more with what was typed, and why."""
    if visit.answered is not None:
        return _over(visit, visit.answered, status, notice, sent.answers.get(MORE, ""))
    return _asking(visit, Sent(sent.answers), status, notice)


def _asking(visit: Visit, sent: Sent, status: int = 200, notice: str = "") -> Answer:
    record, form = visit.record, sign_form(visit.site.secret, visit.link.digest)
    if not (sent.answers or sent.wrong or notice):
        return Answer(form.join(_new_page(record, root(visit.asked))), status)
    return Answer(_form(root(visit.asked), record, sent.answers, sent.wrong, notice, form), status)


FORM = "the-form-itself"
"""Stands in a page that is kept where each reader gets a signature of their own."""


@lru_cache(256)
def _new_page(record: PageRecord, below: str) -> Sequence[str]:
    """A page that nobody has filled in; the same for whoever opens it, but for its signature, which is left out."""
    return _form(below, record, {}, {}, "", FORM).split(FORM)


def _form(
    below: str, record: PageRecord, answers: Mapping[str, str], wrong: Mapping[str, str], notice: str, form: str
) -> str:
    return fill_in(
        "answer",
        record.language,
        below,
        record=record,
        answers=answers,
        wrong=wrong,
        notice=notice,
        form=form,
        photo_mb=PHOTO_MB,
        most_photos=min(record.photos, MOST_PHOTOS),
        most_words=MOST_WORDS,
    )


def _over(
    visit: Visit, answered: Sequence[tuple[str, str]], status: int = 200, notice: str = "", typed: str = ""
) -> Answer:
    shown = page(
        visit.asked,
        "answered",
        visit.record.language,
        record=visit.record,
        answered=answered,
        thanks="thanks" in visit.asked.args,
        added="added" in visit.asked.args,
        notice=notice,
        typed=typed,
        form=sign_form(visit.site.secret, visit.link.digest),
        most_words=MOST_WORDS,
    )
    return Answer(shown, status)
