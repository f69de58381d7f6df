"""The two pages that are filled in, in front of the framework: what that does for a request costs more than they do.

A path of two parts below a name that is known is theirs; everything else goes through to the framework.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask
from msgspec import Struct
from werkzeug.exceptions import MethodNotAllowed

from .mishaps import tell
from .pages import Answer, Asked

LINES = {each.value: f"{each.value} {each.phrase}" for each in HTTPStatus}


class Shown(Struct, frozen=True):
    """A page that is filled in: what looking gives, what sending does, each with the last part of the path."""

    look: Callable[[Asked, str], Answer]
    send: Callable[[Asked, str], Answer]


def put_in_front(app: Flask, shown: Mapping[str, Shown]) -> None:
    """Has pages answer themselves: first part of the path -> page."""
    inner = app.wsgi_app

    def front(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        parts = environ.get("PATH_INFO", "").split("/")
        its = shown.get(parts[1]) if len(parts) == 3 and parts[2] else None
        if its is None:
            return inner(environ, start_response)
        asked = Asked(environ)
        try:
            answer = _answer(asked, its, asked.path.rpartition("/")[2])
        except Exception as problem:
            answer = tell(asked, f"/{parts[1]}/", problem)
        finally:
            asked.close()
        return _write(answer, asked.method == "HEAD", start_response)

    app.wsgi_app = front  # type: ignore[method-assign] # the way Flask documents to wrap an app


def _answer(asked: Asked, its: Shown, last: str) -> Answer:
    match asked.method:
        case "GET" | "HEAD":
            return its.look(asked, last)
        case "POST":
            return its.send(asked, last)
        case _:
            raise MethodNotAllowed


def _write(answer: Answer, only_head: bool, start_response: Any) -> Iterable[bytes]:
    page = answer.page.encode("utf-8", "replace")
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    if answer.location:
        headers.append(("Location", answer.location))
    start_response(LINES[answer.status], headers)
    return () if only_head else (page,)
