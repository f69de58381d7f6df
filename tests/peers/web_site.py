"""A site with one open link, without a workspace: what tests of the pages begin with."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from msgspec.structs import replace
from werkzeug.test import TestResponse

from qtemplate.plan.pages import Asks, PageKind, PageRecord, Question
from qtemplate.received.links import Link, make_nonce, write_token
from qtemplate.received.records import record_bytes, write_whole
from qtemplate.web.app import make_app
from qtemplate.web.caps import DayCaps
from qtemplate.web.site import Site

SECRET = b"0123456789abcdef0123456789abcdef"
MOMENT = dt.datetime(2026, 7, 16, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
UNTIL = MOMENT + dt.timedelta(days=30)

SOLVED = (("solved", "已解决"), ("not_solved", "未解决"))
RATING = tuple((str(mark), f"{mark} 分") for mark in range(1, 6))
CONFIRM = PageRecord(
    PageKind.CONFIRM,
    "QF-2026-0001",
    1,
    "zh",
    UNTIL.isoformat(),
    "2026年8月15日",
    "质量部",
    ("李敏", "li.min@example.com"),
    (("产品名称", "智能温控器 TC-200"),),
    (
        Question("confirmation", Asks.CHOICE, "问题解决了吗？", "", SOLVED, True),
        Question("satisfaction", Asks.RATING, "总体满意度", "", RATING),
        Question("opinion", Asks.LONG, "意见或建议"),
    ),
    5,
)  # fmt: skip


@dataclass
class Pages:
    """The pages, and a browser without script in front of them."""

    site: Site
    browser: FlaskClient

    def open_link(self, record: PageRecord = CONFIRM, subject: str = "confirm") -> str:
        """Exports a record; the path of its link."""
        nonce = make_nonce(self.site.secret, record.id, subject)
        link = Link(record.kind, record.id, record.cycle, nonce, dt.datetime.fromisoformat(record.until))
        write_whole(self.site.exports / f"{link.digest}.json", record_bytes(record.to_json()))
        return f"/a/{write_token(self.site.secret, link)}"

    def form_of(self, path: str) -> str:
        """What the page carries so that it can be sent."""
        found = re.search(r'name="form" value="([^"]+)"', self.browser.get(path).text)
        assert found is not None
        return found[1]

    def send(self, path: str, /, **answers: Any) -> TestResponse:
        """Opens the page and sends it."""
        return self.browser.post(path, data={"form": self.form_of(path), **answers})

    @property
    def kept(self) -> list[dict[str, Any]]:
        """The answers that wait, the first one first."""
        files = sorted(self.site.inbox.glob("*.json"), key=lambda file: (len(file.name), file.name))
        return [json.loads(file.read_text("utf-8")) for file in files]


def make_pages(folder: Path, **changes: Any) -> Pages:
    """Pages in two folders below this one."""
    exports, inbox = folder / "web" / "export", folder / "intake" / "in" / "web"
    exports.mkdir(parents=True)
    inbox.mkdir(parents=True)
    site = replace(Site(exports, inbox, SECRET, lambda: MOMENT, DayCaps(20)), **changes)
    return Pages(site, make_app(site).test_client())
