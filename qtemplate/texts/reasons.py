"""All phrases other than findings, joined from the rooms' tables. key -> (zh, en). Data only."""

from __future__ import annotations

from .errors import SETUP_REASONS
from .reasons_adopt import ADOPT_REASONS
from .reasons_claim import CLAIM_REASONS
from .reasons_clocks import CLOCK_REASONS
from .reasons_commands import COMMAND_REASONS
from .reasons_doctor import DOCTOR_REASONS
from .reasons_forms import FORM_REASONS
from .reasons_incoming import INCOMING_REASONS
from .reasons_mail import MAIL_REASONS
from .reasons_month import MONTH_REASONS
from .reasons_record import RECORD_REASONS
from .reasons_report import REPORT_REASONS
from .reasons_rules import RULE_REASONS
from .reasons_run import RUN_REASONS
from .reasons_smtp import SMTP_REASONS
from .reasons_status import STATUS_REASONS
from .reasons_team import TEAM_REASONS
from .reasons_upgrade import UPGRADE_REASONS

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
}
