"""The step that recognises: reply language, fault of the dictionary, earlier feedback about the same fault. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from msgspec import Struct

from ...choices import Language
from ...fields import Field
from ...plan import Phrase, Plan
from ..answers import Same
from ..propose import Cells, missing_mask, propose
from ..situation import Situation
from ..standing import Mask, dates, has, live, ranks, values

CHINESE = re.compile(r"[一-鿿]")
WINDOW = np.timedelta64(90, "D")
"""Two records of one model and fault within this time are a recurrence."""

MOST_RELATED = 5


def recognise(situation: Situation) -> Plan:
    """Suggests language, fault and related for rows that are still open."""
    rows, faults = live(situation) & has(situation, Field.DESCRIPTION), situation.rulebook.faults
    asked = (Field.TITLE, Field.DESCRIPTION, Field.MASTER, Field.CLOSED_AT)
    language, fault = situation.answers.once(Same(faults), asked, lambda: _read(situation, rows))
    plan = propose(situation, Field.LANGUAGE, language, Phrase("because.language"), rows=rows)
    if not faults:
        return plan
    known = rows & ~missing_mask(fault)
    found = propose(situation, Field.FAULT, fault, Phrase("because.fault"), rows=known)
    related = _laid(rows, related_ids(situation.with_edits(found.edits), rows))
    return plan + found + propose(situation, Field.RELATED, related, Phrase("because.related"), rows=rows)


def _read(situation: Situation, rows: Mask) -> tuple[Cells, Cells]:
    """Language and fault by what people wrote; nothing in the other rows."""
    titles, told = (values(situation, key)[rows].tolist() for key in (Field.TITLE, Field.DESCRIPTION))
    texts = [f"{title if isinstance(title, str) else ''} {text}" for title, text in zip(titles, told, strict=True)]
    language = [Language.ZH.value if CHINESE.search(text) else Language.EN.value for text in texts]
    return _laid(rows, language), _laid(rows, _faults(texts, situation.rulebook.faults))


def _laid(rows: Mask, found: Sequence[str | None]) -> Cells:
    """Values of some rows as a whole column; the other rows have none."""
    column = np.full(len(rows), None, dtype=object)
    column[rows] = found
    return column


def _faults(texts: Sequence[str], faults: Mapping[str, Sequence[str]]) -> list[str | None]:
    """For each text the first fault of the dictionary that it names, by any of its synonyms."""
    known = [(fault, [word.lower() for word in (fault, *synonyms) if word]) for fault, synonyms in faults.items()]
    lowered = map(str.lower, texts)
    return [next((fault for fault, words in known if any(map(text.__contains__, words))), None) for text in lowered]


def related_ids(situation: Situation, rows: Mask) -> list[str | None]:
    """Per row of `rows` the earlier records of its model and fault within 90 days: ids, newest first, with `、`."""
    keys = (Field.MODEL, Field.FAULT, Field.RECEIVED_AT, Field.ID, Field.MASTER)
    past = situation.answers.once("past", keys, lambda: _past(situation))
    column = np.full(len(rows), None, dtype=object)
    for at in np.flatnonzero(rows[past.places] & (np.arange(len(past.places)) > past.first)).tolist():
        earlier = past.ids[max(past.first[at], at - MOST_RELATED) : at]
        column[past.places[at]] = "、".join(str(identifier) for identifier in reversed(earlier))
    related: list[str | None] = column[rows].tolist()
    return related


class _Past(Struct, frozen=True):
    """The records of each model and fault one after the other, by receipt.

    `places` are their positions in the frame; `first` is for each the earliest in this order that is recent enough.
    """

    places: npt.NDArray[np.intp]
    ids: npt.NDArray[Any]
    first: npt.NDArray[np.intp]


def _past(situation: Situation) -> _Past:
    usable = has(situation, Field.FAULT) & has(situation, Field.MODEL) & has(situation, Field.ID)
    usable &= has(situation, Field.RECEIVED_AT) & ~has(situation, Field.MASTER)
    (model, _), (fault, faults) = (pd.factorize(values(situation, key)[usable]) for key in (Field.MODEL, Field.FAULT))
    kind = model * len(faults) + fault
    seconds = dates(situation, Field.RECEIVED_AT)[usable].astype(np.int64)
    order = np.lexsort((ranks(values(situation, Field.ID)[usable]), seconds, kind))
    # kinds are laid so far apart on one scale of time that the window of one never reaches into another
    window = int(WINDOW / np.timedelta64(1, "s"))
    apart = int(np.ptp(seconds)) + window + 1 if len(seconds) else 1
    times = (kind * apart + seconds)[order]
    ids = values(situation, Field.ID)[usable][order]
    return _Past(np.flatnonzero(usable)[order], ids, np.searchsorted(times, times - window, side="left"))
