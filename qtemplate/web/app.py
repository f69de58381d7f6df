"""The pages put together. Every answer is one that is meant: no page shows a traceback, no log line a link."""

from __future__ import annotations

from flask import Flask, Response, request

from ..plan.new_page import NEW
from .answer_page import answer_page
from .board import add_board
from .front import put_in_front
from .headers import add_headers
from .mishaps import tell
from .new_page import new_page
from .site import BODY_MB, Site
from .words import style_sheet


def make_app(site: Site) -> Flask:
    """The pages of one workspace."""
    app = Flask("qtemplate.web", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=BODY_MB << 20, PROPAGATE_EXCEPTIONS=False)
    add_board(app, site)
    _add_small_pages(app)
    _add_mishaps(app)
    put_in_front(app, {"a": answer_page(site), NEW: new_page(site)})
    add_headers(app)
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
    @app.errorhandler(Exception)
    def tell_it(problem: Exception) -> tuple[str, int]:
        told = tell(request, request.url_rule.rule if request.url_rule else "?", problem)
        return told.page, told.status
