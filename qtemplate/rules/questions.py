"""What the reporter is asked for, in a mail or on the telephone. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..fields import Field
from ..plan import Phrase
from ..texts import say, show
from .gaps import ONE_OF_SEVERAL

ASKED_OF_REPORTER = frozenset(
    {
        Field.PRODUCT,
        Field.MODEL,
        Field.VERSION,
        Field.BATCH,
        Field.DESCRIPTION,
        Field.SCENE,
        Field.ORGANISATION,
    }
)
"""What only the reporter can tell; anything else is asked of the person who recorded the row."""

HINTED = ASKED_OF_REPORTER | {
    Field.RECEIVED_AT,
    Field.CHANNEL,
    Field.REPORTER_TYPE,
    Field.REPORTER,
    Field.PHONE,
    Field.TITLE,
    Field.CATEGORY,
}
"""Fields of which the catalogue says what is expected."""


def asked_for(fields: Sequence[Field], language: str) -> list[dict[str, str]]:
    """Each field by its header, `label`, and what is expected there, `hint`."""
    return [
        {
            "label": show(ONE_OF_SEVERAL.get(field, field), language),
            "hint": say(Phrase(f"hint.{field.value}"), language) if field in HINTED else "",
        }
        for field in fields
    ]
