"""The pages put together. Every answer is one that is meant: no page shows a traceback, no log line a link."""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from .answer_page import add_answer_page
from .board import add_board
from .headers import add_headers
from .new_page import add_new_page
from .pages import page, readers_language
from .site import BODY_MB, Site
from .words import style_sheet

log = logging.getLogger("qtemplate.web")

TOLD = {400: "bad", 404: "none", 405: "bad", 413: "too_big", 415: "bad", 422: "bad", 429: "too_many"}
"""Status -> phrase of what the page says."""


def make_app(site: Site) -> Flask:
    """The pages of one workspace."""
    app = Flask("qtemplate.web", static_folder=None, template_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_MB << 20, MAX_FORM_MEMORY_SIZE=256 << 10, MAX_FORM_PARTS=60, PROPAGATE_EXCEPTIONS=False
    )
    add_headers(app)
    add_answer_page(app, site)
    add_new_page(app, site)
    add_board(app, site)
    _add_small_pages(app)
    _add_mishaps(app)
    return app


def _add_small_pages(app: Flask) -> None:
    sheet = style_sheet()

    @app.get("/healthz")
    def tell_health() -> Response:
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    @app.get("/style.css")
    def give_style() -> Response:
        return Response(
            sheet, content_type="text/css; charset=utf-8", headers={"Cache-Control": "public, max-age=3600"}
        )

    @app.get("/robots.txt")
    def turn_robots_away() -> Response:
        return Response("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


def _add_mishaps(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def tell(problem: HTTPException) -> tuple[str, int]:
        status = problem.code or 500
        if status == 404:
            return page("no_page", readers_language()), 404
        return page("told", readers_language(), told=TOLD.get(status, "bad")), status

    @app.errorhandler(Exception)
    def tell_mishap(problem: Exception) -> tuple[str, int]:
        where = request.url_rule.rule if request.url_rule else "?"  # the rule, never the address: it holds the link
        at = problem.__traceback__
        while at is not None and at.tb_next is not None:
            at = at.tb_next
        place = "?" if at is None else f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}"
        log.error("%s %s: %s at %s", request.method, where, type(problem).__name__, place)
        return page("told", readers_language(), told="mishap"), 500
