"""Finding what a person named on the command line, and the nearest names when it is nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import NotFound
from ..fields import Field
from ..plan import Phrase
from ..register import Register
from ..texts import make_error


def row_of(register: Register, id: str) -> int:
    """The worksheet row of a feedback.

    Raises:
        NotFound: No row has this id; names the nearest.
    """
    ids = register.frame[Field.ID]
    wanted = id.strip().upper()
    rows = register.frame.index[(ids.str.upper() == wanted).fillna(False).to_numpy(dtype=bool)]
    if len(rows) == 0:
        book = register.path or register.sheet
        raise make_error(NotFound, "none.row", book=book, id=id, near=near(wanted, list_of(ids)))
    return int(rows[0])


def list_of(values: object) -> list[str]:
    """The texts of a column."""
    return [str(value) for value in values.dropna()]  # type: ignore[attr-defined] # a pandas column of any type


def near(name: str, known: Sequence[str]) -> Phrase:
    """`the nearest are …`, or what there is when nothing is near."""
    import difflib

    found = difflib.get_close_matches(name, known, 3, 0.6)
    if found:
        return Phrase.of("near.names", names=found)
    return Phrase.of("near.known", names=known[:3]) if known else Phrase("near.none")
