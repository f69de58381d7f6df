"""The shape of a finding's words. Data only."""

from __future__ import annotations

from msgspec import Struct


class Entry(Struct, frozen=True):
    """Expected and action of one code in zh and en; expected may be empty, action never is.

    `{field}` and `{found}` are always available; other names are the finding's own facts.
    """

    expected_zh: str
    action_zh: str
    expected_en: str
    action_en: str

    def expected(self, language: str) -> str:
        return self.expected_zh if language == "zh" else self.expected_en

    def action(self, language: str) -> str:
        return self.action_zh if language == "zh" else self.action_en
