"""Earlier cases that tell much the same trouble, with what was found and done then. Pure.

They are shown to whoever assesses or takes a case, to be looked at; nothing is merged, suppressed or filled in because
of them. Only cases that teach something are looked for: those with a cause or a solution.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from ...fields import Field
from ..case import Case, case_at
from ..situation import Situation
from .near_texts import NearTexts
from .opposites import contradicts
from .similar_texts import normalised, shared_parts

LEAST = 0.08
"""From here on a text counts as near: on short complaints a paraphrase shares few words, all of them rare."""

MOST = 3
LOOKED_THROUGH = 12
"""So many are looked at before the opposites and those of the same case are taken out."""

MOST_TAUGHT = 5_000
"""So many cases are looked through, the newest ones: what an older one taught stands in those that followed it."""

TOLD = (Field.TITLE, Field.DESCRIPTION, Field.FAULT)
"""What a case says; the fault code says it in the same word in every language."""

ASKED = (*map(str, TOLD), Field.ROOT_CAUSE, Field.SOLUTION, Field.ID, Field.RECEIVED_AT)


class SimilarCase(Struct, frozen=True):
    """An earlier case, and the longest stretches of words that both share."""

    case: Case
    shared: tuple[str, ...]


def similar_cases(case: Case) -> tuple[SimilarCase, ...]:
    """At most three, the most similar first; of any model and in any language of the register."""
    situation = case.situation
    found = situation.answers.once(("similar", case.row), (*ASKED, Field.MASTER), lambda: _found(case))
    return tuple(SimilarCase(case_at(situation, place), shared) for place, shared in found)


def _found(case: Case) -> list[tuple[int, tuple[str, ...]]]:
    """Where they stand, and what they share: a mail and its forms ask for the same ones."""
    situation, text = case.situation, _told(case)
    places, near, texts = _teaching(situation)
    found: list[tuple[int, tuple[str, ...]]] = []
    for at, _ in near.nearest(text, LEAST, LOOKED_THROUGH):
        other = case_at(situation, places[at])
        if other.row != case.row and not _of_one(case, other) and not contradicts(text, texts[at]):
            one, two = normalised([text, texts[at]])
            found.append((other.place, tuple(shared_parts(one, two, text))))
            if len(found) == MOST:
                break
    return found


def _teaching(situation: Situation) -> tuple[Sequence[int], NearTexts, Sequence[str]]:
    """The places of the cases that teach something, and their texts."""

    def look() -> tuple[Sequence[int], NearTexts, Sequence[str]]:
        frame = situation.frame
        known = frame[Field.ID].notna() & (frame[Field.ROOT_CAUSE].notna() | frame[Field.SOLUTION].notna())
        received = frame[Field.RECEIVED_AT].to_numpy()
        places = known.to_numpy(dtype=bool).nonzero()[0]
        places = places[np.argsort(received[places], kind="stable")][-MOST_TAUGHT:].tolist()
        texts = [_told(case_at(situation, place)) for place in places]
        return places, NearTexts(texts), texts

    return situation.answers.once("cases that teach", ASKED, look)


def _told(case: Case) -> str:
    return " ".join(str(case.value(field)) for field in TOLD if case.value(field) is not None)


def _of_one(case: Case, other: Case) -> bool:
    """Whether one follows the other, or both the same."""
    heads = [each.value(Field.MASTER) or each.id for each in (case, other)]
    return bool(heads[0] == heads[1])
