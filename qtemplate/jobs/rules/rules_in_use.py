"""How the rules of a table did in twelve months: which matched how often, and how often people decided otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...choices import Level
from ...config import Config
from ...errors import RegisterUnreadable
from ...figures.rule_quality import RuleQuality
from ...plan import Phrase
from ...report.answer import Section
from ...report.month.as_json import rule_data
from ...rules.month.rows import JUDGED
from ..month.gather import gather
from ..workspace import looking
from ..world import read_world

__all__ = ["JUDGED", "rules_in_use", "use_data", "use_section"]


def rules_in_use(config: Config, now: dt.datetime) -> Mapping[str, tuple[RuleQuality, ...]]:
    """Table -> its rules in order, over the rows received in the twelve months up to now; none without a register."""
    try:
        with looking(config) as workspace:
            return gather(workspace, read_world(config), now, now.date()).month.rules
    except RegisterUnreadable:
        return {}


def use_section(rules: Sequence[RuleQuality]) -> Section:
    """A line a rule that matched, and one that names those that never did; nothing where none has matched yet."""
    if not any(rule.hits.n for rule in rules):
        return Section(None, ())
    return Section.of(Phrase("rules.in_use"), _lines(rules))


def _lines(rules: Sequence[RuleQuality]) -> Iterator[Phrase]:
    for rule in rules:
        if rule.hits.n:
            instead = [Phrase.of("rules.instead", name=_choice(name), n=n) for name, n in rule.instead]
            facts = {"rule": rule.rule, "n": rule.hits.n, "other": int(rule.overruled.numerator or 0)}
            yield Phrase.of("rules.used_otherwise" if instead else "rules.used", instead=instead, **facts)
    if never := [rule.rule for rule in rules if not rule.hits.n]:
        yield Phrase.of("rules.never_used", rules=never)


def _choice(name: str) -> object:
    """A level, which has a label in either language; a department as it is."""
    return Level._value2member_map_.get(name, name)


def use_data(rules: Sequence[RuleQuality] | None) -> dict[str, Any]:
    """What `--json` adds to a table that people may overrule."""
    return {} if rules is None else {"in_use": [rule_data(rule) for rule in rules]}
