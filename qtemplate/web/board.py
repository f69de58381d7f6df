"""`/board`: the page that a run left for the screen in the hall, as it is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from flask import Flask, Response, abort

from ..received.records import BOARD
from .site import Site

STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
POLICY = "default-src 'none'; style-src {style}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def add_board(app: Flask, site: Site) -> None:
    """Adds the page to the app, where the workspace has one; a wrong key looks like any page that is not there."""
    if site.board is None:
        return

    @app.get("/board", defaults={"key": ""})
    @app.get("/board/<key>")
    def show_board(key: str) -> Response:
        if not hmac.compare_digest(key.encode(), (site.board or "").encode()):
            abort(404)
        try:
            page = (site.exports / BOARD).read_bytes()
        except OSError:
            abort(404)
        return Response(
            page,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": POLICY.format(style=_style_of(page))},
        )


def _style_of(page: bytes) -> str:
    """The one style that the page has, as the browser is to know it again."""
    found = STYLE.search(page)
    if found is None:
        return "'none'"
    return f"'sha256-{base64.b64encode(hashlib.sha256(found[1]).digest()).decode()}'"
