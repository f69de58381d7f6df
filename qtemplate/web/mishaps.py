"""What a page says where something went wrong: never a traceback, and no log line holds a link."""

from __future__ import annotations

import logging

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from .pages import Answer, no_such_page, page, readers_language

log = logging.getLogger("qtemplate.web")

TOLD = {400: "bad", 405: "bad", 413: "too_big", 415: "bad", 422: "bad", 429: "too_many"}
"""Status -> phrase of what the page says."""


def tell(asked: Request, rule: str, problem: Exception) -> Answer:
    """The page about a problem.

    Args:
        asked: What was asked.
        rule: The sort of page, for the log; never the address, which holds the link.
        problem: What was raised.
    """
    if isinstance(problem, HTTPException):
        status = problem.code or 500
        if status == 404:
            return no_such_page(asked)
        return Answer(page(asked, "told", readers_language(asked), told=TOLD.get(status, "bad")), status)
    at = problem.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = "?" if at is None else f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}"
    log.error("%s %s: %s at %s", asked.method, rule, type(problem).__name__, place)
    return Answer(page(asked, "told", readers_language(asked), told="mishap"), 500)
