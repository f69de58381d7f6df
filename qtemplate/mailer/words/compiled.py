"""What was compiled of mail templates: kept in this process, and beside those that ship, as Python keeps its own.

A kept file holds for the very words, rules and versions it was made of; any other content is compiled anew. Beside a
team's own templates nothing is written and nothing read: whoever may write there must not give us code.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import sys
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from types import CodeType
from typing import ClassVar

import jinja2
from jinja2.bccache import Bucket, BytecodeCache


class CompiledTemplates(BytecodeCache):
    """Asked before a template is compiled, and told afterwards.

    Args:
        rules: Whatever else the code depends on: the settings of the environment and its filters.
        shipped: The folder of the templates beside which code is kept.
    """

    _code: ClassVar[dict[tuple[str, str], CodeType]] = {}
    """A watch, and whoever plans before running, compiles once."""

    def __init__(self, rules: bytes, shipped: Path) -> None:
        self._rules = hashlib.sha256(rules + MAGIC_NUMBER + jinja2.__version__.encode("ascii")).digest()
        self._shipped = shipped

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The file, which the code names where something goes wrong."""
        return filename or name

    def get_source_checksum(self, source: str) -> str:
        """By what the words and the rules are known."""
        return hashlib.sha256(self._rules + source.encode("utf-8", "surrogatepass")).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Gives the code of these very words, if they were compiled."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))
        if bucket.code is None and (path := self._beside(bucket)) is not None:
            with contextlib.suppress(OSError):
                seal, code = _parted(path.read_bytes())
                if seal == _seal(bucket, code):
                    bucket.code = self._code[bucket.key, bucket.checksum] = marshal.loads(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps it; where nothing may be written, in this process only."""
        if bucket.code is None:
            return
        self._code[bucket.key, bucket.checksum] = bucket.code
        path = self._beside(bucket)
        if path is None or sys.dont_write_bytecode:
            return
        part = path.with_name(f"{path.name}.{os.getpid()}")  # two that start at once write the same
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            code = marshal.dumps(bucket.code)
            part.write_bytes(_seal(bucket, code) + code)
            part.replace(path)

    def _beside(self, bucket: Bucket) -> Path | None:
        """Where the code of a template that ships is kept."""
        file = Path(bucket.key)
        return Path(cache_from_source(f"{file}.py")) if file.is_relative_to(self._shipped) else None


def _seal(bucket: Bucket, code: bytes) -> bytes:
    return hashlib.sha256(f"{bucket.key}\n{bucket.checksum}\n".encode() + code).digest()


def _parted(data: bytes) -> tuple[bytes, bytes]:
    size = hashlib.sha256().digest_size
    return data[:size], data[size:]
