"""Step 3, recognise: reply language, fault of the dictionary, and earlier feedback about the same fault. Pure."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pandas as pd

from ..choices import Language
from ..fields import Field
from ..plan import Memory, Phrase, Plan
from ..register import Register
from .propose import propose
from .rulebook import RuleBook
from .standing import Mask, has, live

CHINESE = re.compile(r"[一-鿿]")
WINDOW = np.timedelta64(90, "D")
"""Two records of one model and fault within this time are a recurrence."""

MOST_RELATED = 5


def recognise(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """Suggests language, fault and related for rows that are still open."""
    rows = live(register) & has(register, Field.DESCRIPTION)
    frame = register.frame
    text = frame[Field.TITLE].fillna("").astype(object) + " " + frame[Field.DESCRIPTION].fillna("").astype(object)
    language = text.where(rows).map(
        lambda words: Language.ZH.value if CHINESE.search(words) else Language.EN.value, na_action="ignore"
    )
    plan = propose(register, memory, Field.LANGUAGE, language, Phrase("because.language"), rows=rows)
    if not rulebook.faults:
        return plan
    fault = _faults(text, rows, rulebook)
    found = propose(register, memory, Field.FAULT, fault, Phrase("because.fault"), rows=rows & fault.notna().to_numpy())
    updated = register.with_values({Field.FAULT: {edit.row: edit.after for edit in found.edits}} if found.edits else {})
    related = related_ids(updated, rows)
    return plan + found + propose(register, memory, Field.RELATED, related, Phrase("because.related"), rows=rows)


def _faults(text: pd.Series, rows: Mask, rulebook: RuleBook) -> pd.Series:
    """The first fault of the dictionary one of whose synonyms stands in the title or description."""
    result = pd.Series([None] * len(text), index=text.index, dtype=object)
    left = rows.copy()
    for fault, synonyms in rulebook.faults.items():
        words = [word.lower() for word in (fault, *synonyms) if word]
        if not words or not left.any():
            continue
        lowered = text[left].str.lower()
        hits = lowered.map(lambda line, words=words: any(word in line for word in words)).to_numpy(
            dtype=bool, copy=True
        )
        positions = np.flatnonzero(left)[hits]
        result.iloc[positions] = fault
        left[positions] = False
    return result


def related_ids(register: Register, rows: Mask) -> pd.Series:
    """Per row the ids of earlier records of the same model and fault within 90 days, newest first, joined by `、`."""
    frame = register.frame
    result = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    usable = has(register, Field.FAULT) & has(register, Field.MODEL) & has(register, Field.ID)
    usable &= frame[Field.RECEIVED_AT].notna().to_numpy() & ~has(register, Field.MASTER)
    part = frame.loc[usable, [Field.MODEL, Field.FAULT, Field.RECEIVED_AT, Field.ID]]
    wanted = pd.Series(rows, index=frame.index)
    kinds = [Field.MODEL, Field.FAULT]
    asked = wanted.loc[part.index].groupby([part[key] for key in kinds], sort=False).transform("any")
    for _, group in part[asked].sort_values([Field.RECEIVED_AT, Field.ID]).groupby(kinds, sort=False):
        if len(group) < 2:
            continue
        times, ids = group[Field.RECEIVED_AT].to_numpy(), group[Field.ID].to_numpy()
        first = np.searchsorted(times, times - WINDOW, side="left")
        for place, row in enumerate(group.index):
            if place > first[place] and wanted.at[row]:
                earlier = ids[max(first[place], place - MOST_RELATED) : place]
                result.at[row] = "、".join(str(identifier) for identifier in reversed(earlier))
    return result
