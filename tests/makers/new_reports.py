"""Somebody who reports something on the page, step by step: what tests of that page begin with."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from web_site import Pages
from werkzeug.test import TestResponse

from qtemplate.plan.new_page import FORM_FILE, NewPage, OfferedProduct
from qtemplate.received.records import record_bytes, write_whole

OFFER = NewPage(
    "质量部",
    (OfferedProduct("智能温控器", "hardware", ("TC-200", "TC-300")), OfferedProduct("云平台", "software", ("V2",))),
    (("hardware", "硬件故障", "Hardware"), ("other", "其他", "Other")),
)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
FIRST = {
    "product": "智能温控器",
    "category": "hardware",
    "title": "通电后屏幕不亮",
    "description": "昨天晚上通电以后屏幕一直不亮，按键也没有反应。",
}
SECOND = {
    "model": "TC-200",
    "batch": "0042",
    "scene": "装在客厅，接地暖",
    "reporter": "王芳",
    "email": "wang.fang@example.com",
    "consent": "yes",
}


def offer_on(pages: Pages, offer: NewPage = OFFER) -> None:
    """Exports what the page offers, as a run does."""
    write_whole(pages.site.exports / FORM_FILE, record_bytes(offer.to_json()))


def hidden_in(text: str) -> dict[str, str]:
    """What a page carries that nobody sees."""
    return {name: html.unescape(value) for name, value in HIDDEN.findall(text)}


def form_body(data: Mapping[str, Any]) -> tuple[bytes, str]:
    """A form as a browser sends it, and its content type; `photos` is a file (stream, name) or a list of them."""
    fields = {name: value for name, value in data.items() if name != "photos"}
    given = data.get("photos", [])
    parts = [
        f'--x9\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for stream, name in given if isinstance(given, list) else [given]:
        head = (
            f'--x9\r\nContent-Disposition: form-data; name="photos"; filename="{name}"\r\nContent-Type: image/x\r\n\r\n'
        )
        parts += [head.encode(), stream.getvalue(), b"\r\n"]
    return b"".join((*parts, b"--x9--\r\n")), "multipart/form-data; boundary=x9"


@dataclass
class Reporter:
    """Somebody at the page."""

    pages: Pages
    path: str = "/new/website"
    headers: Mapping[str, str] = field(default_factory=lambda: {"Accept-Language": "zh-CN"})
    address: str = "203.0.113.7"

    def look(self, query: str = "") -> TestResponse:
        return self.pages.browser.get(self.path + query, headers=self.headers)

    def post(self, **data: Any) -> TestResponse:
        body, kind = form_body(data)
        more = {"REMOTE_ADDR": self.address}
        return self.pages.browser.post(
            self.path, data=body, content_type=kind, headers=self.headers, environ_overrides=more
        )

    def at_second_step(self, **answers: str) -> dict[str, str]:
        """Fills in the first step; what the second carries."""
        said = self.post(**hidden_in(self.look().text), **{**FIRST, **answers})
        assert said.status_code == 200, said.text
        return hidden_in(said.text)

    def report(self, **answers: Any) -> TestResponse:
        """Both steps; answers of either may be other ones."""
        first = {name: answers.pop(name) for name in FIRST if name in answers}
        return self.post(**self.at_second_step(**first), **{**SECOND, **answers})
