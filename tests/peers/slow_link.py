"""A line to a server on loopback that takes its time, and that can be cut in the middle: a TCP relay in threads."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Iterator

CHUNK = 1 << 18


class Link:
    """A relay on 127.0.0.1 to a port there.

    Args:
        port: Where what comes is passed on to.
        delay: Seconds that every piece takes in each direction.
    """

    def __init__(self, port: int, delay: float = 0.0) -> None:
        self._target, self.delay = port, delay
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._ends: set[socket.socket] = set()
        self._is_cut = threading.Event()
        self.trips = 0
        """How often somebody asked and waited so far: what went towards the server after it had said something."""
        self._asking = False
        self.cut_at: int | None = None
        """The round trip at whose question the line is cut."""
        self._start(self._accept)

    def cut(self, *, noticed: bool = True) -> None:
        """From now on nothing passes, and nobody new is let in.

        Args:
            noticed: Both ends are told, as by a router that resets; else they wait, as for a cable that was pulled.
        """
        self._is_cut.set()
        if noticed:
            for end in list(self._ends):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """New connections pass again; those from before stay as they are."""
        self._is_cut, self.cut_at = threading.Event(), None

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _start(self, work: object, *arguments: object) -> None:
        threading.Thread(target=work, args=arguments, daemon=True).start()  # type: ignore[arg-type] # a bound method

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:  # closed
                return
            is_cut = self._is_cut
            if is_cut.is_set():
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._target), 10)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._ends.add(end)
            self._start(self._pass_on, near, far, is_cut, True)
            self._start(self._pass_on, far, near, is_cut, False)

    def _pass_on(self, source: socket.socket, sink: socket.socket, is_cut: threading.Event, asks: bool) -> None:
        """One direction, until its source has said everything; the other may go on."""
        with contextlib.suppress(OSError):
            while piece := source.recv(CHUNK):
                if is_cut.is_set():
                    return
                self.trips += asks and not self._asking
                self._asking = asks
                if self.cut_at is not None and self.trips >= self.cut_at:
                    self.cut()
                    return
                if self.delay:
                    select.select((), (), (), self.delay)  # shorter than `sleep` overshoots
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def link_to(port: int, delay: float = 0.0) -> Iterator[Link]:
    """A relay as long as the block lasts."""
    link = Link(port, delay)
    try:
        yield link
    finally:
        link.close()
