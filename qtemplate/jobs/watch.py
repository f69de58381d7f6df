"""`watch`: a run for every settled change of the register, and when an editor lets go of it, until stopped."""

from __future__ import annotations

import datetime as dt
import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from ..config import Config, PollMode
from ..errors import ConfigError, QtemplateError
from ..files.digest import digest_file
from ..files.file_systems import is_remote
from ..files.watch import RegisterWatch, Seen, Sight
from ..journal import Journal
from ..plan import Phrase
from ..report.json_report import SCHEMA, error_json, to_json
from ..report.run_report import RunReport
from ..texts import make_error, say, say_error
from .idle.look import idle_look
from .idle.places import NOTE
from .incoming.arriving import something_came
from .moment import local_now
from .run import run
from .state import has_state, reading_state
from .workspace import looking

Tell = Callable[[str], None]
SEEN = "watch:seen"
"""Setting of the journal: digest of the register as the last run left it, so that a restart knows it."""

EXIT_STOPPED, EXIT_INTERRUPTED = 0, 130


def watch_register(
    config: Config,
    *,
    tell: Tell,
    language: str,
    trace: bool = False,
    as_json: bool = False,
    most_runs: int | None = None,
    moment: dt.datetime | None = None,
    started: Callable[[RegisterWatch], None] = lambda watch: None,
) -> int:
    """Watches the register and runs.

    Args:
        config: The workspace.
        tell: Prints a line.
        language: Of the terminal.
        trace: Tell every event and what was made of it.
        as_json: Tell each run as one JSON object on a line instead of in words.
        most_runs: End after so many runs.
        moment: The moment of every run; None = when it runs.
        started: Handed the watch once it is on, so that it can be stopped from elsewhere.

    Returns:
        0 when it was stopped or has run often enough, 130 after Ctrl-C.
    """
    register = config.register.path
    if not register.parent.is_dir():
        raise make_error(ConfigError, "register.no_folder", folder=register.parent, file=config.path)
    poll = config.watch.poll is PollMode.ALWAYS or (config.watch.poll is PollMode.AUTO and is_remote(register))

    def show_trace(line: str) -> None:
        now = dt.datetime.now(config.register.time_zone)
        tell(f"{now:%H:%M:%S.%f}"[:12] + f"  {line}")

    watch = RegisterWatch(
        register,
        quiet=config.watch.quiet_seconds,
        rescan=config.watch.rescan_seconds,
        poll=poll,
        known=_digest_known(config),
        trace=show_trace if trace else lambda line: None,
    )
    loop = _Loop(config, watch, tell, language, as_json, moment)
    with _signals(watch) as caught, watch:
        loop.say("watch.on", path=str(register), how=Phrase("watch.polling" if poll else "watch.events"))
        started(watch)
        for sight in watch.sights():
            loop.take(sight)
            if most_runs is not None and loop.runs >= most_runs:
                break
    loop.say("watch.off", runs=loop.runs)
    return EXIT_INTERRUPTED if signal.SIGINT in caught else EXIT_STOPPED


def _digest_known(config: Config) -> str:
    """Digest of the register as a run left it; "" when somebody changed it since, or nobody ran yet."""
    if not has_state(config):
        return ""
    with reading_state(config) as state:
        return known_digest(config, state.journal)


def known_digest(config: Config, journal: Journal) -> str:
    """Digest of the register; "" where it is not as a run left it."""
    now = digest_file(config.register.path)
    return now if now == journal.setting(SEEN) or journal.is_own_write(now) else ""


def _source_digest(config: Config) -> str:
    """Of a team's workbook that is only read; "" where there is none, or it cannot be read now."""
    source = config.register.source
    try:
        return "" if source is None else digest_file(source)
    except OSError:
        return ""


def remember_seen(config: Config, sha256: str) -> None:
    """A run has dealt with these bytes, though it may have written nothing."""
    with looking(config) as workspace:
        workspace.journal.set_setting(SEEN, sha256)


@contextmanager
def _signals(watch: RegisterWatch) -> Iterator[list[int]]:
    """SIGTERM and the first Ctrl-C let the run under way finish; a second Ctrl-C stops at once."""
    caught: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield caught
        return

    def stop(number: int, frame: FrameType | None) -> None:
        caught.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        watch.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Loop:
    """What is done about each sight."""

    def __init__(
        self, config: Config, watch: RegisterWatch, tell: Tell, language: str, as_json: bool, moment: dt.datetime | None
    ) -> None:
        self.runs = 0
        self._config, self._watch, self._tell = config, watch, tell
        self._language, self._json, self._moment = language, as_json, moment
        self._unfinished = False
        self._source = _source_digest(config)

    def say(self, key: str, **facts: object) -> None:
        """A line with the time; in JSON only runs are told."""
        if not self._json:
            now = local_now(self._config)
            self._tell(f"{now:%H:%M:%S}  {say(Phrase.of(key, **facts), self._language)}")

    def take(self, sight: Sight) -> None:
        """A run for a change; another one when what a run had to leave may now be done."""
        match sight.what:
            case Seen.RESTLESS:
                self.say("watch.restless", path=str(self._config.register.path))
            case Seen.CHANGED if self._is_ours(sight.sha256):
                self.say("watch.ours")
            case Seen.CHANGED:
                self._run("watch.changed", sight.sha256)
            case Seen.FREED if self._unfinished:
                self._run("watch.freed", sight.sha256)
            case Seen.SAME if sight.rescan and self._unfinished:
                self._run("watch.again", sight.sha256)
            case Seen.SAME if sight.rescan and (something_came(self._config) or self._source_changed()):
                self._run("watch.came_in", sight.sha256)
            case Seen.SAME if sight.rescan and self._is_due():
                self._run("watch.due", sight.sha256)

    def _is_due(self) -> bool:
        """Something else than the register has changed, or time has brought something; only where it can be told."""
        noted = (self._config.workspace / NOTE).is_file()
        return noted and idle_look(self._config.path, self._moment, digests=False) is None

    def _source_changed(self) -> bool:
        """Whether a team's workbook that is only read has other bytes than at the last run of this watch."""
        before, now = self._source, _source_digest(self._config)
        self._source = now
        return now != before

    def _is_ours(self, sha256: str) -> bool:
        """Written by another run of this workspace, such as the nightly one."""
        if not has_state(self._config):
            return False
        with looking(self._config) as workspace:
            return workspace.journal.is_own_write(sha256)

    def _run(self, why: str, before: str) -> None:
        self.say(why)
        self.runs += 1

        def remember(journal: Journal, report: RunReport) -> None:
            after = report.register.sha256
            # other bytes than we read or wrote: somebody saved while the run was ending, and that is the next change
            if after == before or journal.is_own_write(after):
                self._watch.dealt_with(after)
                journal.set_setting(SEEN, after)

        try:
            report = run(self._config, self._moment, kind="watch", ended=remember)
        except QtemplateError as error:
            self._unfinished = True
            told = {"schema": SCHEMA, "error": error_json(error, self._language)}
            self._tell(json.dumps(told, ensure_ascii=False) if self._json else say_error(error, self._language))
            return
        self._unfinished = report.exit_code == 5
        self._show(report)

    def _show(self, report: RunReport) -> None:
        if self._json:
            self._tell(json.dumps(to_json(report, self._language), ensure_ascii=False))
            return
        counts = {"edits": len(report.edits), "mails": len(report.messages), "findings": len(report.findings)}
        self.say("watch.ran", **counts, rest=Phrase("watch.left") if self._unfinished else "")
