"""All phrases other than findings, joined from the rooms' tables. key -> (zh, en). Data only."""

from __future__ import annotations

from .adopt import ADOPT_REASONS
from .board import BOARD_REASONS
from .claim import CLAIM_REASONS
from .clocks import CLOCK_REASONS
from .commands import COMMAND_REASONS
from .doctor import DOCTOR_REASONS
from .fleet import FLEET_REASONS
from .forms import FORM_REASONS
from .idle import IDLE_REASONS
from .incoming import INCOMING_REASONS
from .mail import MAIL_REASONS
from .month import MONTH_REASONS
from .new_page import NEW_PAGE_REASONS
from .record import RECORD_REASONS
from .report import REPORT_REASONS
from .rules import RULE_REASONS
from .run import RUN_REASONS
from .setup import SETUP_REASONS
from .smtp import SMTP_REASONS
from .status import STATUS_REASONS
from .team import TEAM_REASONS
from .upgrade import UPGRADE_REASONS
from .views import VIEW_REASONS
from .web import WEB_REASONS

REASONS: dict[str, tuple[str, str]] = {
    **CLOCK_REASONS,
    **RULE_REASONS,
    **TEAM_REASONS,
    **MAIL_REASONS,
    **FORM_REASONS,
    **RUN_REASONS,
    **REPORT_REASONS,
    **COMMAND_REASONS,
    **DOCTOR_REASONS,
    **UPGRADE_REASONS,
    **SETUP_REASONS,
    **CLAIM_REASONS,
    **STATUS_REASONS,
    **SMTP_REASONS,
    **ADOPT_REASONS,
    **RECORD_REASONS,
    **MONTH_REASONS,
    **INCOMING_REASONS,
    **WEB_REASONS,
    **NEW_PAGE_REASONS,
    **BOARD_REASONS,
    **VIEW_REASONS,
    **FLEET_REASONS,
    **IDLE_REASONS,
}
