"""What a run writes for pages that belong to no feedback: what the form offers on which anybody reports something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plan.new_page import FORM_FILE

if TYPE_CHECKING:
    from ...config import Config
    from ...rules.rulebook import RuleBook

Exports = tuple[tuple[str, bytes], ...]


def exports_of(config: Config, rulebook: RuleBook) -> Exports:
    """Name in `web/export/` and bytes of each file; none where there are no pages."""
    if not config.web.base_url:
        return ()
    from ...mailer.compose import team_name
    from ...received.records import record_bytes
    from ...rules.pages.new import new_page

    return ((FORM_FILE, record_bytes(new_page(rulebook, team_name(config)).to_json())),)
