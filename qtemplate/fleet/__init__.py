"""Many registers on several machines: a timer around jobs, nothing else.

Procrastinate decides where and when a register is looked at. That nothing happens twice is not its work: the session
that holds a workspace and the outbox see to it, whatever the timer does.
"""

from __future__ import annotations

from ..errors import ConfigError
from ..texts import make_error


def require_engine() -> None:
    """Raises:
    ConfigError: The engine is not installed.
    """
    try:
        import procrastinate  # noqa: F401 - an extra; only whether it is there
    except ImportError as error:
        raise make_error(ConfigError, "fleet.no_engine", problem=error) from error
