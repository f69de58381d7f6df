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
from ..propose import propose
from ..situation import Situation
from ..standing import Mask, has, live

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
    known = rows & fault.notna().to_numpy()
    found = propose(situation, Field.FAULT, fault, Phrase("because.fault"), rows=known)
    related = _laid(situation, rows, related_ids(situation.with_edits(found.edits), rows))
    return plan + found + propose(situation, Field.RELATED, related, Phrase("because.related"), rows=rows)


def _read(situation: Situation, rows: Mask) -> tuple[pd.Series, pd.Series]:
    """Language and fault by what people wrote; nothing in the other rows."""
    part = situation.frame.loc[rows, [Field.TITLE, Field.DESCRIPTION]]
    texts = [f"{title if isinstance(title, str) else ''} {text}" for title, text in part.itertuples(index=False)]
    language = [Language.ZH.value if CHINESE.search(text) else Language.EN.value for text in texts]
    return _laid(situation, rows, language), _laid(situation, rows, _faults(texts, situation.rulebook.faults))


def _laid(situation: Situation, rows: Mask, values: Sequence[str | None]) -> pd.Series:
    """Values of some rows as a whole column; the other rows have none."""
    column = np.full(len(rows), None, dtype=object)
    column[rows] = values
    return pd.Series(column, index=situation.frame.index)


def _faults(texts: Sequence[str], faults: Mapping[str, Sequence[str]]) -> list[str | None]:
    """For each text the first fault of the dictionary that it names, by any of its synonyms."""
    known = [(fault, [word.lower() for word in (fault, *synonyms) if word]) for fault, synonyms in faults.items()]
    lowered = map(str.lower, texts)
    return [next((fault for fault, words in known if any(word in text for word in words)), None) for text in lowered]


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
    frame, keys = situation.frame, (Field.MODEL, Field.FAULT, Field.RECEIVED_AT, Field.ID)
    usable = has(situation, Field.FAULT) & has(situation, Field.MODEL) & has(situation, Field.ID)
    usable &= frame[Field.RECEIVED_AT].notna().to_numpy() & ~has(situation, Field.MASTER)
    part = frame.loc[usable, list(keys)]
    kind = part.groupby([Field.MODEL, Field.FAULT], sort=False).ngroup().to_numpy()
    seconds = part[Field.RECEIVED_AT].to_numpy(dtype="M8[s]").astype(np.int64)
    order = np.lexsort((pd.factorize(part[Field.ID], sort=True)[0], seconds, kind))
    # kinds are laid so far apart on one scale of time that the window of one never reaches into another
    window = int(WINDOW / np.timedelta64(1, "s"))
    apart = int(np.ptp(seconds)) + window + 1 if len(seconds) else 1
    times = (kind * apart + seconds)[order]
    ids = part[Field.ID].to_numpy(dtype=object)[order]
    return _Past(np.flatnonzero(usable)[order], ids, np.searchsorted(times, times - window, side="left"))
