"""Machines of one's own: network namespaces, each on a cable to this one that can be pulled. Needs root and Linux."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence

import pytest

HERE = "10.213.0.1"
"""This machine, as the others reach it."""


class Host:
    """A machine of its own, with a name and one cable.

    Args:
        number: From 1.
        mark: Tells apart those of tests that run side by side.
    """

    def __init__(self, number: int, mark: int) -> None:
        self.space, self.cable, self.name = f"qt{mark}n{number}", f"qt{mark}c{number}", f"host{number}"
        self._plug, self._net = f"{self.cable}p", f"10.213.{number}"
        _ip("netns", "add", self.space)
        _ip("link", "add", self.cable, "type", "veth", "peer", "name", self._plug, "netns", self.space)
        _ip("address", "add", f"{self._net}.1/24", "dev", self.cable)
        self.plug()
        _ip("-n", self.space, "address", "add", f"{self._net}.2/24", "dev", self._plug)
        _ip("-n", self.space, "link", "set", self._plug, "up")
        _ip("-n", self.space, "route", "add", HERE, "via", f"{self._net}.1")

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
        """A program on it."""
        named = ["unshare", "--uts", "sh", "-c", f'hostname {self.name}; exec "$@"', "sh"]
        return subprocess.Popen(
            ["ip", "netns", "exec", self.space, *named, *command], env=dict(environment), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def pull(self) -> None:
        """The cable is out: nothing passes, and nobody is told."""
        _ip("link", "set", self.cable, "down")

    def plug(self) -> None:
        _ip("link", "set", self.cable, "up")

    def close(self) -> None:
        for words in (("link", "del", self.cable), ("netns", "del", self.space)):
            with contextlib.suppress(subprocess.CalledProcessError):
                _ip(*words)


@contextlib.contextmanager
def two_hosts() -> Iterator[tuple[Host, Host]]:
    """Two machines beside this one; where none can be made a test is skipped."""
    if not sys.platform.startswith("linux") or os.getuid() != 0 or not shutil.which("ip"):
        pytest.skip("network namespaces need Linux, root and iproute2; test_link_cut.py cuts a line on loopback")
    hosts: list[Host] = []
    try:
        _ip("address", "replace", f"{HERE}/32", "dev", "lo")
        hosts.extend(Host(number, os.getpid()) for number in (1, 2))
        yield hosts[0], hosts[1]
    except subprocess.CalledProcessError as refused:
        pytest.skip(f"no network namespace can be made here: {refused.stderr}")
    finally:
        for host in hosts:
            host.close()
        with contextlib.suppress(subprocess.CalledProcessError):
            _ip("address", "del", f"{HERE}/32", "dev", "lo")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)
