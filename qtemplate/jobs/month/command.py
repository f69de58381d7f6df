"""`report`: the month in figures, on the terminal, for scripts, as a page."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from msgspec import Struct

from ...config import Config
from ...errors import NotWritten
from ...files.privacy import as_private_as
from ...plan import Phrase
from ...plan.progress import Progress, silent
from ...report.answer import Answer, Line, Section
from ...report.month.as_json import month_data
from ...report.month.as_text import month_sections
from ...report.month.page import month_page
from ...rules.month.look import MonthLook
from ...rules.month.public import public_look
from ...sheets.layout import WORDS, word
from ...texts import make_error, say, say_finding
from ..mail.outbox import mail_data
from ..moment import local_now
from ..workspace import looking
from ..world import read_world
from .gather import gather
from .posting import queue_month
from .volume_file import with_volume_file
from .workbook import month_book

NEEDS_PEOPLE = 3


class Wanted(Struct, frozen=True):
    """What is to be made of a month.

    Attributes:
        html: Where the page is written; None for none.
        xlsx: Where the workbook is written; None for none.
        public: The page is without personal data.
        mail: M26 goes to whom 人员 says; one that has gone does not go again.
    """

    html: Path | None = None
    xlsx: Path | None = None
    public: bool = False
    mail: bool = False


NOTHING = Wanted()


def report(
    config: Config,
    day: dt.date | None,
    language: str,
    moment: dt.datetime | None = None,
    wanted: Wanted = NOTHING,
    *,
    progress: Progress = silent,
) -> Answer:
    """The month of a day.

    Args:
        config: The workspace.
        day: Any day of the month; None = the newest that is over and has feedback.
        language: Of the terminal.
        moment: What is looked from; None = now.
        wanted: What is written besides.
        progress: Told what is being done.

    Raises:
        RegisterUnreadable: It cannot be read as a register.
        NotWritten: A file cannot be written where it was asked for.
    """
    now = local_now(config, moment)
    with looking(config) as workspace:
        progress("read")
        world = read_world(config)
        progress("figures")
        look = gather(workspace, world, now, day)
    progress("report")
    register = {"path": world.register.path, "sheet": world.register.sheet, "rows": len(world.register.frame)}
    written = {}
    if wanted.html is not None:
        _write(config, wanted.html, page_of(look, language, public=wanted.public).encode())
        written["html"] = str(wanted.html)
    if wanted.xlsx is not None:
        _write(config, wanted.xlsx, month_book(look, language))
        written["xlsx"] = str(wanted.xlsx)
    _, findings = with_volume_file(config.workspace, look.situation.rulebook)
    data = {**month_data(look), "register": register, "written": written, "findings": findings}
    if wanted.mail:
        queued = queue_month(config, look, now)
        data["messages"] = [mail_data(entry) for entry in queued]
        sent = [Phrase.of("month.queued", mail=entry.key, to=entry.recipients) for entry in queued]
        posted = Section.of(None, sent or [Phrase("month.queued_before")])
    else:
        posted = Section(None, ())
    lines: list[Line] = [say_finding(each, language).message for each in findings]
    told = Section.of(None, [*lines, *(Phrase.of("month.written", path=path) for path in written.values())])
    return Answer(data, (*month_sections(look, language), told, posted), NEEDS_PEOPLE if findings else 0)


def page_of(look: MonthLook, language: str, *, public: bool) -> str:
    """The page of a month."""
    shown = public_look(look, say(Phrase("month.other"), language)) if public else look

    def kind(code: str) -> str:
        return word(code, language) if code in WORDS else "" if public else code

    return month_page(shown, language, public=public, kinds=kind)


def _write(config: Config, target: Path, content: bytes) -> None:
    try:
        with as_private_as(config.register.path):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    except OSError as error:
        raise make_error(NotWritten, "report.not_written", path=target, why=error.strerror or str(error)) from error
