"""A dozen rows in every state of the process, for runs that are to do a little of everything."""

from __future__ import annotations

import datetime as dt
from typing import Any

from registers import ASSESSED, WHOLE

DAY = dt.timedelta(days=1)
EARLIER = dt.datetime(2026, 7, 6, 10)


def scene_rows() -> list[dict[str, Any]]:
    """Rows without ids at different stages; a run acknowledges, transfers, reminds, replies, asks and closes."""
    taken = ASSESSED | {"received_at": EARLIER, "department": "生产部", "owner": "孙浩", "accepted_at": EARLIER + DAY}
    worked = taken | {
        "root_cause": "排线松脱",
        "cause_code": "process",
        "solution": "重新压接排线",
        "containment": "停用该批次",
        "prevention": "增加压接检查",
        "implemented_at": EARLIER + 3 * DAY,
    }
    verified = worked | {
        "verify_method": "lab",
        "verifier": "蒋欣",
        "verified_at": EARLIER + 4 * DAY,
        "verify_result": "passed",
    }
    solved = verified | {"reply_type": "solved", "cause_for_reporter": "排线松动", "contact_way": "email"}
    return [
        dict(WHOLE),
        dict(ASSESSED),
        ASSESSED | {"severity": 5, "workaround": "no", "title": "插头冒烟有焦味", "safety": "yes"},
        WHOLE | {"scene": None, "title": "缺少使用场景的反馈"},
        WHOLE | {"description": "坏了"},
        ASSESSED | {"category": "software", "product": "家居助手", "model": "APP", "version": "3.1", "severity": 2},
        dict(taken),
        dict(worked),
        verified | {"verify_result": "failed"},
        dict(solved),
        solved | {"reply_approval": "approved"},
        solved | {"reply_approval": "approved", "replied_at": EARLIER + 5 * DAY, "responded_at": EARLIER + DAY},
        solved
        | {
            "reply_approval": "approved",
            "replied_at": EARLIER + 5 * DAY,
            "responded_at": EARLIER + DAY,
            "confirmation": "solved",
            "satisfaction": 5,
            "close_type": "solved",
        },
        taken | {"status": "waiting_external"},
        ASSESSED | {"authenticity": "misuse", "reply_type": "declined", "reply_text": "请按说明书使用"},
    ]
