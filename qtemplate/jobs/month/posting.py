"""`report --mail`: puts the month into the outbox for everybody whom 人员 names, whatever the day."""

from __future__ import annotations

import datetime as dt

from ...config import Config
from ...mailer.compose import compose, render_message, workspace_templates
from ...mailer.outbox.entry import OutboxEntry
from ...rules.month.look import MonthLook
from ...rules.month.news import month_message, readers
from ..workspace import holding


def queue_month(config: Config, look: MonthLook, now: dt.datetime) -> tuple[OutboxEntry, ...]:
    """Queues M26; `outbox send` or the next run sends it.

    Returns:
        The entries that are new: who was told of the month before is not told again.

    Raises:
        RegisterLocked: A run of the workspace is under way.
    """
    templates = workspace_templates(config, look.situation.register.own_headers)
    queued = []
    with holding(config) as workspace:
        for to in readers(look.situation):
            message = month_message(look, to)
            rendered = render_message(message, templates, config, now)
            if workspace.outbox.put(compose(message, rendered, config, now, {}), actor="person"):
                queued.append(workspace.outbox.show(message.key))
    return tuple(queued)
