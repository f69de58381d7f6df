"""What is to be said of the investigations of open feedback: doubts, options, and the score of an 8D. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...choices import ScoreItem
from ...fields import Field
from ...plan import FactName, Finding, Phrase, Severity
from ..case import Case, case_by_id
from ..rulebook import LogRow
from ..situation import Situation
from ..standing import live
from .honesty import doubts
from .investigation import Investigation, by_feedback, investigation_of
from .options import best_options, nearest_turn
from .score import Summand, score
from .settings import mark_weights, number

Rows = Mapping[str, Sequence[LogRow]]


def evidence_findings(situation: Situation) -> Iterator[Finding]:
    """The findings of every open feedback whose investigation has begun, each as long as it is true."""
    logs = by_feedback(situation)
    reported = set(situation.memory.facts_named(FactName.EIGHT_D))
    if not logs and not reported:
        return
    open_ = live(situation)
    found = {id: investigation_of(case, logs.get(id, {})) for id, case in _cases(situation, {*logs, *reported})}
    texts = {id: one.whys for id, one in found.items() if one.whys}
    for one in found.values():
        if open_[one.case.place]:
            others = {id: text for id, text in texts.items() if _another_fault(one.case, found[id].case)}
            yield from findings_of(one, others)


def findings_of(one: Investigation, others: Mapping[str, str]) -> Iterator[Finding]:
    """Doubts, then options, then the score; see `doubts` for `others`."""
    doubted = tuple(doubts(one, others))
    yield from doubted
    yield from _options(one)
    if one.is_8d:
        summands = score(one, {item.code for item in doubted})
        total = shown(sum(each.points for each in summands))
        yield one.case.finding("QT663", Severity.INFO, Field.ROOT_CAUSE, score=total, parts=parts(summands))


def _cases(situation: Situation, ids: set[str]) -> Iterator[tuple[str, Case]]:
    for id in sorted(ids):
        case = case_by_id(situation, id)
        if case is not None:
            yield id, case


def _another_fault(case: Case, other: Case) -> bool:
    fault, others = case.value(Field.FAULT), other.value(Field.FAULT)
    return case.row != other.row and fault is not None and others is not None and bool(fault != others)


def _options(one: Investigation) -> Iterator[Finding]:
    if len(one.options) < 2:
        return
    scoring = one.case.situation.rulebook.scoring
    weights, veto = mark_weights(scoring), number(scoring, ScoreItem.VETO)
    options = [option for option, _ in one.options]
    best = best_options(options, weights, veto)
    for option, row in one.options:
        if not option.chosen:
            continue
        if vetoed := option.vetoed(veto):
            why = tuple(Phrase(f"evidence.{name}") for name in vetoed)
            yield Finding("QT664", Severity.WARNING, row.where, option.name[:80], (("why", why),), id=one.case.id)
        elif best and option not in best:
            facts = {"total": shown(option.total(weights)), "best": best[0].name, "most": shown(best[0].total(weights))}
            yield Finding("QT665", Severity.WARNING, row.where, option.name[:80], tuple(facts.items()), id=one.case.id)
    turn = nearest_turn(options, weights, veto)
    if turn is not None:
        said: dict[str, object] = {
            "best": best[0].name,
            "other": turn.option,
            "criterion": Phrase(f"evidence.{turn.criterion}"),
            "way": Phrase("evidence.more" if turn.more else "evidence.less"),
            "at": shown(turn.at),
            "now": shown(turn.now),
        }
        where = next(row.where for option, row in one.options if option is best[0])
        yield Finding("QT666", Severity.INFO, where, best[0].name[:80], tuple(said.items()), id=one.case.id)


def shown(number: float) -> str:
    """A number with two decimals at the most."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def parts(summands: Sequence[Summand]) -> tuple[Phrase, ...]:
    """`D4 12.5/25` for each part."""
    return tuple(
        Phrase.of("evidence.part", part=each.part.value.upper(), points=shown(each.points), most=shown(each.most))
        for each in summands
    )
