"""`status` answers a monitor, and a monitor outside is told what became of the nightly run."""

from __future__ import annotations

import datetime as dt
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from former import former_workspace
from registers import ASSESSED, make_workspace
from workspace_state import mails

from qtemplate.config import Config, load_config
from qtemplate.errors import QtemplateError, RegisterUnreadable
from qtemplate.jobs.idle.look import idle_look
from qtemplate.jobs.mail.sending import send_due
from qtemplate.jobs.ping import ping_monitor
from qtemplate.jobs.run import run
from qtemplate.jobs.status import tell_status
from qtemplate.report.answer import to_json, to_text

RECEIVED = {"received_at": dt.datetime(2026, 7, 15, 17, 0)}
NIGHT = dt.datetime(2026, 7, 16, 5, 30)
OPENING = dt.datetime(2026, 7, 16, 9, 0)
HOUR = dt.timedelta(hours=1)
OVERDUE = "mails put off to working hours are overdue: 1, the first since 2026-07-16 09:00"
LATE = "a run is missing: last run 2026-07-16 05:30, 27 h ago; the limit is 26 h\n"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A register with one feedback whose reporter is written to in working hours."""
    return load_config(make_workspace(tmp_path / "w", [ASSESSED | RECEIVED]))


def with_settings(config: Config, **settings: object) -> Config:
    """The workspace with other settings; a name that several sections have is set in the first."""
    text = config.path.read_text("utf-8")
    for name, value in settings.items():
        text = re.sub(rf"^{name} = .*$", f"{name} = {json.dumps(value)}", text, count=1, flags=re.MULTILINE)
    config.path.write_text(text, "utf-8")
    return load_config(config.path)


def test_a_workspace_that_never_ran_says_so_and_makes_nothing(config: Config) -> None:
    before = sorted(config.workspace.rglob("*"))
    answer = tell_status(config, NIGHT)
    assert (answer.exit_code, to_json(answer, "en")) == (4, {"schema": 1, "state": "never", "exit": 4})
    assert sorted(config.workspace.rglob("*")) == before


def test_a_night_is_fine_until_its_mail_is_overdue_or_the_next_night_is_missed(config: Config) -> None:
    run(config, NIGHT)
    moments = {
        NIGHT: (0, "fine", []),
        OPENING + 0.98 * HOUR: (0, "fine", []),
        OPENING + HOUR: (5, "waiting", [OVERDUE]),
    }
    for moment, expected in moments.items():
        told = to_json(tell_status(config, moment), "en")
        assert (told["exit"], told["state"], told["waits"]) == expected
    send_due(config, OPENING + HOUR)
    for hours, expected_code in ((26, 0), (27, 5)):
        answer = tell_status(config, NIGHT + hours * HOUR)
        assert answer.exit_code == expected_code
    assert to_text(answer, "en") == LATE
    assert to_text(answer, "zh") == "该运行而没有运行：上次运行 2026-07-16 05:30，27 小时前；上限是 26 小时\n"


def test_a_workspace_of_an_earlier_version_says_how_its_last_run_ended(tmp_path: Path) -> None:
    config = load_config(former_workspace(tmp_path / "w", "en") / "qtemplate.toml")
    answer = tell_status(config, dt.datetime(2026, 7, 15, 21))
    assert (answer.exit_code, to_text(answer, "en")) == (
        3, "people are needed: last run 2026-07-15 20:00, 1 h ago; mails to approve: 3; findings need a person\n",
    )  # fmt: skip


def test_what_the_register_could_not_take_waits_for_the_next_run(config: Config) -> None:
    holder = config.register.path.with_name("~$register.xlsx")
    holder.write_bytes(bytes([4]) + b"Chen" + b" " * 50 + b"\x04\x00" + "Chen".encode("utf-16-le") + b" \x00" * 50)
    assert run(config, NIGHT).exit_code == 5
    answer = tell_status(config, NIGHT)
    assert (answer.exit_code, answer.data["state"]) == (5, "waiting")
    holder.unlink()
    run(config, NIGHT + HOUR)
    assert tell_status(config, NIGHT + HOUR).exit_code == 0


def test_mail_that_no_server_took_waits_until_it_has_gone(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # a run gives a resting server two minutes
    with socket.socket() as taken:  # bound, so that nobody else gets the port, and not listening
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        to_server = with_settings(config, transport="smtp", host="127.0.0.1", port=port, security="none", username="")
        assert run(to_server, NIGHT).exit_code == 5
    told = to_json(tell_status(config, NIGHT), "en")
    assert (told["exit"], told["state"]) == (5, "waiting")
    with_settings(config, transport="folder")
    send_due(config, NIGHT + HOUR)
    assert tell_status(config, NIGHT + HOUR).exit_code == 0


class Monitor(ThreadingHTTPServer):
    """A monitor that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bytes]] = []
        super().__init__(("127.0.0.1", 0), Listener)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Listener(BaseHTTPRequestHandler):
    server: Monitor

    def do_POST(self) -> None:
        self.server.told.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(500 if self.path.startswith("/broken") else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal of the tests."""


@contextmanager
def monitor() -> Iterator[Monitor]:
    with Monitor() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_a_monitor_is_told_of_success_and_of_failure(config: Config) -> None:
    with monitor() as outside:
        config = with_settings(config, ping_url=outside.url("/ping/7?team=qa"))
        run(config, NIGHT)
        run(config, NIGHT + HOUR, kind="watch")
        config.register.path.write_bytes(b"no workbook")
        with pytest.raises(RegisterUnreadable):
            run(config, NIGHT + 24 * HOUR)
    assert outside.told == [
        ("/ping/7?team=qa", b"exit code 0"),
        ("/ping/7/fail?team=qa", b"an error stopped the run"),
    ]


def test_a_look_that_makes_a_run_needless_is_told_as_a_run(config: Config) -> None:
    with monitor() as outside:
        config = with_settings(config, ping_url=outside.url("/ping"))
        for hour in range(2):
            run(config, OPENING + hour * HOUR)
        moment = OPENING + HOUR
        assert idle_look(config.path, moment, digests=False) is not None  # `watch` tells nobody
        assert idle_look(config.path, moment) is not None
        assert outside.told == [("/ping", b"exit code 0")] * 3
        outside.told.clear()
        config = with_settings(config, ping_url=outside.url("/broken"))
        run(config, moment)
        assert idle_look(config.path, moment) is None  # the next run tries to tell again
    assert outside.told == [("/broken", b"exit code 0")]


def test_a_monitor_that_is_gone_or_broken_harms_no_run(config: Config) -> None:
    with monitor() as outside:
        gone, broken = outside.url("/"), outside.url("/broken")
        assert not ping_monitor(broken, 0)
    assert outside.told == [("/broken", b"exit code 0")]
    deaf = with_settings(config, ping_url=gone)
    assert run(deaf, NIGHT).exit_code == 0
    answer = tell_status(deaf, NIGHT + HOUR)
    said = "the monitor could not be told of the nightly run of 2026-07-16 05:30 ([status] ping_url)"
    assert (answer.exit_code, said in to_text(answer, "en")) == (3, True)
    assert tell_status(config, NIGHT + HOUR).exit_code == 0  # nobody is to be told
    # the next nightly result says it to the keeper, and a monitor that can be told again ends it
    with monitor() as outside:
        heard = with_settings(config, ping_url=outside.url("/ping"))
        run(heard, NIGHT + 24 * HOUR)
    raw = next(raw for name, raw in mails(config.workspace).items() if name.startswith("M25_2026-07-17"))
    text = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert text is not None and "2026-07-16 05:30 的夜间运行结果没有通知到监控" in text.get_content()
    assert "monitor" not in to_text(tell_status(heard, NIGHT + 25 * HOUR), "en")


def test_a_monitor_that_never_answers_is_left_after_its_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not ping_monitor(f"http://127.0.0.1:{silent.getsockname()[1]}/", 5, patience=0.05)


def test_an_address_that_no_monitor_has_is_a_set_up_error(config: Config) -> None:
    with pytest.raises(QtemplateError, match="begins with https:// or http://"):
        with_settings(config, ping_url="ftp://example.com")
