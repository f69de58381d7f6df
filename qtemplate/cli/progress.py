"""Long work tells on standard error: one line that is redrawn on a terminal, dated lines in a log."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType

from .screen import width_of

BEAT = 0.2
"""Seconds between two drawings: fast enough to look alive, slow enough to cost nothing."""

LOG_AFTER, LOG_NEXT, LOG_EVERY = 10.0, 2.0, 30.0
"""Seconds of work before a log hears of it, between lines of two phases, and between two lines of one."""

KNOWN_AFTER = 3.0
"""Seconds of a phase before its rest is guessed."""


class TerminalProgress:
    """Phase, counts, time gone and time left, on a line that is wiped at the end; use it in a `with`.

    A thread draws, so that the line lives while one long call is under way.
    """

    def __init__(self, language: str, width: int) -> None:
        self._language = language
        self._width = width
        self._begun = self._since = time.monotonic()
        self._phase, self._done, self._of = "", 0, 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._draw_on, daemon=True)

    def __enter__(self) -> TerminalProgress:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()

    def __call__(self, phase: str, done: int = 0, of: int = 0) -> None:
        if phase != self._phase:
            self._phase, self._since = phase, time.monotonic()
        self._done, self._of = done, of

    def _draw_on(self) -> None:
        while not self._ended.wait(BEAT):
            if self._phase:
                sys.stderr.write("\r" + cut(self.line(time.monotonic()), self._width - 1) + "\x1b[K")
                sys.stderr.flush()

    def line(self, now: float) -> str:
        """What stands there at a moment of the monotonic clock."""
        return say_progress(self._phase, self._done, self._of, now - self._begun, now - self._since, self._language)


class LogProgress:
    """A dated line when a phase begins and every half minute, once the work has lasted; use it in a `with`."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._begun = self._since = time.monotonic()
        self._phase, self._told = "", 0.0

    def __enter__(self) -> LogProgress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Nothing to wipe."""

    def __call__(self, phase: str, done: int = 0, of: int = 0) -> None:
        from ..jobs.moment import stamp

        now, new = time.monotonic(), phase != self._phase
        if new:
            self._phase, self._since = phase, now
        if now - self._begun >= LOG_AFTER and now - self._told >= (LOG_NEXT if new else LOG_EVERY):
            self._told = now
            words = say_progress(phase, done, of, now - self._begun, now - self._since, self._language)
            sys.stderr.write(f"{stamp()} {words}\n")
            sys.stderr.flush()


class Silence:
    """Nobody is told; use it in a `with`."""

    def __enter__(self) -> Silence:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Nothing to wipe."""

    def __call__(self, phase: str, done: int = 0, of: int = 0) -> None:
        """Tells nobody."""


Telling = TerminalProgress | LogProgress | Silence


def say_progress(phase: str, done: int, of: int, gone: float, in_phase: float, language: str) -> str:
    """`Sending mails 34/155 · 12 s · about 40 s left`; seconds since the beginning, and of the phase."""
    from ..plan import Phrase
    from ..texts import say

    parts = [say(Phrase(f"progress.{phase}"), language) + (f" {done:,}/{of:,}" if of else "")]
    parts.append(say(Phrase.of("progress.gone", time=_span(gone)), language))
    if 0 < done < of and in_phase >= KNOWN_AFTER:
        parts.append(say(Phrase.of("progress.left", time=_span(in_phase * (of - done) / done)), language))
    return " · ".join(parts)


def cut(line: str, width: int) -> str:
    """The beginning of a line that is at most so many columns wide."""
    while width_of(line) > width:
        line = line[:-1]
    return line


def _span(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 100 else f"{whole // 60} min {whole % 60:02d} s"
