"""Groups are told by signed messages, at most once; the peers here check signatures as the real ones do."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from registers import ASSESSED, NOW, make_workspace

from qtemplate.config import BotKind, load_config
from qtemplate.errors import ConfigError
from qtemplate.jobs.run import run
from qtemplate.mailer.bots.bodies import as_text, make_request, plain_words
from qtemplate.mailer.bots.post import post
from qtemplate.mailer.transports.base import Failed, Retry, Sent, Unknown

SECRET = "SECabc"
LATER = NOW + dt.timedelta(days=30)


@dataclass
class Peer:
    """A group bot on loopback: answers what it is told to, and notes what it took."""

    url: str = ""
    answer: Any = None  # None = as the real one would, after looking at the signature
    took: list[Any] = field(default_factory=list)


def signed(path: str, body: Any) -> int:
    """The code of the real peers: 0, or that the signature is wrong."""
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query, strict_parsing=False)
    if "sign" in query:
        key, message = SECRET.encode(), f"{query['timestamp'][0]}\n{SECRET}".encode()
        want = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
        return 0 if query["sign"][0] == want and len(query["timestamp"][0]) == 13 else 310000
    if "sign" in body:
        want = base64.b64encode(
            hmac.new(f"{body['timestamp']}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
        ).decode()
        return 0 if body["sign"] == want and len(body["timestamp"]) == 10 else 19021
    return 0


@pytest.fixture
def peer() -> Iterator[Peer]:
    known = Peer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known.took.append(body)
            if known.answer == "drop":
                self.close_connection = True
                return
            judge = known.answer if callable(known.answer) else signed if known.answer is None else None
            said = known.answer if judge is None else {"errcode": judge(self.path, body), "errmsg": "x"}
            status, data = said if isinstance(said, tuple) else (200, json.dumps(said).encode())
            self.send_response(status)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_port}/hook?key=1"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("kind", BotKind)
def test_the_signature_is_the_one_that_the_peer_expects(kind: BotKind, peer: Peer) -> None:
    url, body = make_request(kind, peer.url, SECRET, "标题", "QF-2026-0001　紧急", 1_784_100_000.4)
    assert post(url, body, 5) == Sent()
    if kind is not BotKind.WECOM:
        url, body = make_request(kind, peer.url, "SECwrong", "标题", "x", 1_784_100_000.4)
        assert isinstance(post(url, body, 5), Failed)


ANSWERS: tuple[tuple[Any, type], ...] = (
    ({"errcode": 0, "errmsg": "ok"}, Sent),
    ({"StatusCode": 0, "StatusMessage": "success"}, Sent),
    ({"code": 0, "msg": "success"}, Sent),
    ({"errcode": 93000, "errmsg": "invalid webhook url"}, Failed),
    ({"errcode": 40058, "errmsg": "invalid parameter"}, Failed),
    ({"errcode": 310000, "errmsg": "keywords not in content"}, Failed),
    ({"code": 19024, "msg": "Key Words Not Found"}, Failed),
    ({"code": 19021, "msg": "sign match fail"}, Failed),
    ({"errcode": 45009, "errmsg": "api freq out of limit"}, Retry),
    ({"errcode": -1, "errmsg": "system busy"}, Retry),
    ({"errcode": 130101, "errmsg": "send too fast"}, Retry),
    ({"code": 11232, "msg": "frequency limited"}, Retry),
    ({"code": 9499, "msg": "too many request"}, Retry),
    ((429, b""), Retry),
    ((503, b"busy"), Retry),
    ((404, b"nothing here"), Failed),
    ((200, b"<html>"), Unknown),
    ((200, b"[]"), Unknown),
    ("drop", Unknown),
)


@pytest.mark.parametrize(("answer", "result"), ANSWERS)
def test_what_a_peer_answers_is_looked_at_and_not_only_its_status(answer: Any, result: type, peer: Peer) -> None:
    peer.answer = answer
    assert isinstance(post(peer.url, {"a": 1}, 5), result)


def test_nothing_is_sent_in_the_open_nor_to_a_peer_that_is_away() -> None:
    assert isinstance(post("http://example.com/hook", {}, 5), Failed)
    assert isinstance(post("http://127.0.0.1:9/hook", {}, 5), Retry)


def test_names_mention_nobody_and_a_long_text_is_cut_by_lines() -> None:
    assert plain_words("<@all> [x](http://e) *王*") == "all x http: e 王"
    text = as_text([f"{at} " + "中" * 100 for at in range(100)], "另有 {n} 条")
    assert len(text.encode()) < 4_096
    assert text.splitlines()[-1] == f"另有 {100 - len(text.splitlines()) + 1} 条"


def workspace(tmp_path: Path, *lines: str) -> Path:
    urgent = ASSESSED | {"severity": 5, "safety": "yes", "level": "urgent"}
    file = make_workspace(tmp_path / "w", [urgent, ASSESSED, ASSESSED | {"reporter": "李四"}])
    text = '\n[[bots]]\nkind = "dingtalk"\nname = "qa-group"\n' + "\n".join(lines) + "\n"
    file.write_text(file.read_text("utf-8") + text, "utf-8")
    return file


def test_a_group_gets_one_digest_a_day_and_each_alarm_once_without_a_customers_data(
    tmp_path: Path, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workspace(tmp_path)
    monkeypatch.setenv("QTEMPLATE_BOT_QA_GROUP", f"{peer.url} {SECRET}")
    peer.answer = {"errcode": 45009, "errmsg": "too many"}
    first = [item for item in run(load_config(file), LATER).findings if item.code == "QT860"]
    tried = len(peer.took)
    assert (len(first), tried) == (1, 2)  # one sentence for the same trouble
    peer.answer, peer.took = None, []
    assert [item for item in run(load_config(file), LATER).findings if item.code == "QT860"] == []
    titles = sorted(body["markdown"]["title"] for body in peer.took)
    assert titles == ["紧急反馈", "质量反馈 2026-08-14：3 条超时或即将到期"]
    said = json.dumps(peer.took, ensure_ascii=False)
    assert "QF-2026-0001" in said
    assert not any(word in said for word in ("张伟", "zhang.wei", "煮饭", "RC-300"))
    peer.took = []
    run(load_config(file), LATER)
    assert peer.took == []


def strictly(path: str, body: Any) -> int:
    """The code of the real peer of a kind, which the path names: it takes no message unsigned, nor an old one."""
    kind = path.strip("/").partition("?")[0]
    if kind == "wecom":
        return 0 if body["msgtype"] == "markdown" and len(body["markdown"]["content"].encode()) <= 4_096 else 40058
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)
    stamp, scale = (query.get("timestamp", ["0"])[0], 1000) if kind == "dingtalk" else (body.get("timestamp", "0"), 1)
    fresh = abs(float(stamp) / scale - time.time()) < 3_600
    return signed(path, body) if fresh else {"dingtalk": 310000, "feishu": 19021}[kind]


def test_groups_of_all_three_kinds_are_told_and_what_may_have_gone_does_not_go_twice(
    tmp_path: Path, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_workspace(tmp_path / "w", [ASSESSED | {"severity": 5, "safety": "yes", "level": "urgent"}, ASSESSED])
    bots = "".join(f'\n[[bots]]\nkind = "{kind}"\nname = "{kind}"\n' for kind in BotKind)
    file.write_text(file.read_text("utf-8") + bots, "utf-8")
    base = peer.url.partition("/hook")[0]
    for kind in BotKind:
        secret = "" if kind is BotKind.WECOM else f" {SECRET}"
        monkeypatch.setenv(f"QTEMPLATE_BOT_{kind.upper()}", f"{base}/{kind}?key=1{secret}")
    peer.answer = "drop"
    lost = [item for item in run(load_config(file), LATER).findings if item.code == "QT860"]
    assert (len(lost), len(peer.took)) == (3, 6)  # a digest and an alarm each; one sentence a group
    peer.answer, peer.took = strictly, []
    assert [item for item in run(load_config(file), LATER).findings if item.code == "QT860"] == []
    assert peer.took == []  # they may have arrived
    told = run(load_config(file), LATER + dt.timedelta(days=1))
    assert [item for item in told.findings if item.code == "QT860"] == []
    assert len(peer.took) == 3  # the digest of the next day
    monkeypatch.setenv("QTEMPLATE_BOT_FEISHU", f"{base}/feishu?key=1 SECwrong")
    monkeypatch.setenv("QTEMPLATE_BOT_DINGTALK", f"{base}/dingtalk?key=1")
    wrong = run(load_config(file), LATER + dt.timedelta(days=2))
    said = [str(item.facts) for item in wrong.findings if item.code == "QT860"]
    assert (len(said), sum("310000" in each for each in said), sum("19021" in each for each in said)) == (2, 1, 1)
    assert not any(SECRET in each or "key=1" in each or "SECwrong" in each for each in said)


def test_a_group_without_an_address_is_said_and_a_wrong_setting_is_refused(tmp_path: Path) -> None:
    file = workspace(tmp_path, 'departments = ["生产部"]')
    assert "QT860" in [item.code for item in run(load_config(file), LATER).findings]
    for wrong in ('what = ["all"]', 'url = "https://e"'):
        other = workspace(tmp_path / wrong[:3], wrong)
        with pytest.raises(ConfigError):
            load_config(other)
