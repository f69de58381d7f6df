"""How long the phases of a run take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct, field


class Stopwatch(Struct):
    """Seconds per phase."""

    seconds: dict[str, float] = field(default_factory=dict)
    timer: Callable[[], float] = time.perf_counter

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        start = self.timer()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + self.timer() - start
