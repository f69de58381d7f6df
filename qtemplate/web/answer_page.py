"""`/a/<token>`: the page behind a link. Looking at it records nothing; sending it keeps one answer.

What is forged, unknown, expired or withdrawn looks alike. After an answer the page shows what was answered, and takes
more words for a person to read.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask import Flask, redirect, request
from msgspec import Struct
from werkzeug.wrappers import Response

from ..plan.pages import PageRecord
from ..received.links import Link, is_own_form, read_token, sign_form
from ..received.photos import MOST_PHOTOS, PHOTO_MB
from ..received.plain import plain_text
from ..received.records import read_record
from .form_answers import Sent, read_answers, shown_answers
from .inbox import TooMany, first_answer, keep_answer
from .pages import page, readers_language, root
from .site import MOST_WORDS, Site
from .uploads import Refused, Upload, clean_files

log = logging.getLogger("qtemplate.web")

Answer = Response | tuple[str, int]
MORE = "more"
"""The field for what is added after an answer."""


class Visit(Struct, frozen=True):
    """Somebody at an open link.

    Attributes:
        site: The pages.
        token: The link as it stands in the address.
        link: What it says.
        record: What the run wrote down of it.
        answered: (question, answer) of what was answered; None where nothing was yet.
    """

    site: Site
    token: str
    link: Link
    record: PageRecord
    answered: Sequence[tuple[str, str]] | None


def add_answer_page(app: Flask, site: Site) -> None:
    """Adds the page to the app."""

    @app.get("/a/<token>")
    def show_answer_page(token: str) -> Answer:
        visit = _find(site, token)
        if visit is None:
            return no_such_page()
        return _over(visit, visit.answered) if visit.answered is not None else _asking(visit, Sent())

    @app.post("/a/<token>")
    def take_answer(token: str) -> Answer:
        visit = _find(site, token)
        if visit is None:
            return no_such_page()
        later = MORE in request.form
        sent = (
            Sent({MORE: plain_text(request.form[MORE])})
            if later
            else read_answers(visit.record.questions, request.form)
        )
        if not _is_ours(visit):
            return _again(visit, sent, 403, "stale")
        if site.caps.is_full(address(), site.now()):
            return _again(visit, sent, 429, "too_many")
        if later:
            return _take_more(visit, sent)
        files = _pictures(visit.record)
        if isinstance(files, Refused):
            sent = Sent(sent.answers, {**sent.wrong, "photos": files.why})
        if sent.wrong or isinstance(files, Refused):
            return _asking(visit, sent, 422)
        return _take(visit, sent, files)


def address() -> str:
    """The network address of whoever asks, as the server knows it."""
    return request.remote_addr or "?"


def from_here() -> bool:
    """Whether the browser says that a page of ours sent this, or says nothing of it."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def no_such_page() -> Answer:
    """What every link that is not open looks like."""
    return page("no_page", readers_language()), 404


def _find(site: Site, token: str) -> Visit | None:
    """Whoever opens this link, where it is open."""
    link = read_token(site.secret, token)
    record = None if link is None else read_record(site.exports, link.digest)
    if link is None or record is None or (record.kind, record.id, record.cycle) != (link.kind, link.id, link.cycle):
        return None
    now = site.now()
    if link.until < now or record.is_over(now):
        return None
    return Visit(site, token, link, record, _answered(site, link, record))


def _is_ours(visit: Visit) -> bool:
    """Whether a page of ours sent this: by what it carries, and by what the browser says of where it comes from."""
    return from_here() and is_own_form(visit.site.secret, request.form.get("form", ""), visit.link.digest)


def _answered(site: Site, link: Link, record: PageRecord) -> list[tuple[str, str]] | None:
    """(question, answer) of what was answered; None where nothing was yet."""
    if record.answered_at:
        return list(record.answered)
    said = first_answer(site.inbox, link.digest)
    return None if said is None else shown_answers(record, said.get("answers") or {})


def _pictures(record: PageRecord) -> Sequence[Upload] | Refused:
    """The pictures that were sent, made harmless; why one of them is not taken."""
    return clean_files([each for each in request.files.getlist("photos") if each.filename], record.photos)


def _take(visit: Visit, sent: Sent, files: Sequence[Upload]) -> Answer:
    if visit.answered is not None and list(visit.answered) == shown_answers(visit.record, sent.answers):
        return _back()  # sent twice by a hand that was too quick
    return _keep(visit, Sent({k: v for k, v in sent.answers.items() if v}), files)


def _take_more(visit: Visit, sent: Sent) -> Answer:
    if not sent.answers[MORE] or len(sent.answers[MORE]) > MOST_WORDS or visit.answered is None:
        return _again(visit, sent, 422, "more_empty")
    return _keep(visit, sent, (), then="?added")


def _keep(visit: Visit, sent: Sent, files: Sequence[Upload], then: str = "?thanks") -> Answer:
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
    site.caps.count(address(), now)
    return _back(then)


def _back(then: str = "?thanks") -> Answer:
    """To the page, which shows what was answered: a reload sends nothing twice."""
    return redirect(then, code=303)


def _again(visit: Visit, sent: Sent, status: int, notice: str) -> Answer:
    """The page once more with what was typed, and why."""
    if visit.answered is not None:
        return _over(visit, visit.answered, status, notice, sent.answers.get(MORE, ""))
    return _asking(visit, Sent(sent.answers), status, notice)


def _asking(visit: Visit, sent: Sent, status: int = 200, notice: str = "") -> tuple[str, int]:
    record, form = visit.record, sign_form(visit.site.secret, visit.link.digest)
    if not (sent.answers or sent.wrong or notice):
        return _new_page(record, root()).replace(FORM, form), status
    return _form(record, sent.answers, sent.wrong, notice, form), status


FORM = "the-form-itself"
"""Stands in a page that is kept where each reader gets a signature of their own."""


@lru_cache(256)
def _new_page(record: PageRecord, below: str) -> str:
    """A page that nobody has filled in; the same for whoever opens it, but for its signature."""
    return _form(record, {}, {}, "", FORM)


def _form(record: PageRecord, answers: Mapping[str, str], wrong: Mapping[str, str], notice: str, form: str) -> str:
    return page(
        "answer",
        record.language,
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
) -> tuple[str, int]:
    shown = page(
        "answered",
        visit.record.language,
        record=visit.record,
        answered=answered,
        thanks="thanks" in request.args,
        added="added" in request.args,
        notice=notice,
        typed=typed,
        form=sign_form(visit.site.secret, visit.link.digest),
        most_words=MOST_WORDS,
    )
    return shown, status
