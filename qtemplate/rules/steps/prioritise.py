"""The step that prioritises: P1 to P4 by the table, and each row's place in its department's queue. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from ...dmn.decision_table import Evaluation
from ...fields import Field
from ...plan import Finding, Phrase, Plan, Severity
from ..propose import Cells, findings_at, missing_mask, propose
from ..queue_order import capacity_of, computed_inputs, places_in_queue, points_of, present_for_queue
from ..situation import Situation
from ..standing import Mask, decided_with, examples, has, live, values


def prioritise(situation: Situation) -> Plan:
    """Priority (A) of graded rows, and queue (A): 1, 2, 3 … per department by priority, points, arrival.

    QT312 where a table gives a row nothing; QT354 for a queue beyond its department's capacity.
    """
    rulebook = situation.rulebook
    if rulebook.priority is None:
        return Plan()
    computed = computed_inputs(situation)
    evaluation = decided_with(situation, rulebook.priority, computed)
    outputs = np.array([_single(result.output) for result in evaluation.results] + [None], dtype=object)
    graded, priority = has(situation, Field.LEVEL) & ~has(situation, Field.MASTER), outputs[evaluation.pattern]
    priority[~graded] = None
    plan = propose(situation, Field.PRIORITY, priority, Phrase("because.priority"))
    plan += _nothing(situation, evaluation, rulebook.priority.sheet, graded & live(situation), Field.PRIORITY)
    waiting = live(situation) & has(situation, Field.DEPARTMENT) & ~missing_mask(priority)
    waiting &= ~has(situation, Field.IMPLEMENTED_AT) & ~examples(situation)
    points, because = None, Phrase("because.queue")
    if rulebook.points is not None:
        # the table may ask for it, and must not see the one of the last run
        summed = decided_with(situation, rulebook.points, computed | {Field.PRIORITY.value: priority})
        points, because = points_of(summed), Phrase("because.queue_points")
        plan += _nothing(situation, summed, rulebook.points.sheet, waiting, Field.QUEUE)
    places = places_in_queue(situation, priority, points, waiting)
    plan += propose(situation, Field.QUEUE, places, because)
    return plan + Plan(tuple(_too_long(situation, priority, waiting)))


def _single(output: object) -> object:
    return next(iter(output.values()), None) if isinstance(output, dict) else output


def _nothing(situation: Situation, evaluation: Evaluation, sheet: str, rows: Mask, key: Field) -> Plan:
    """A warning for each of these rows that a table could not decide; a row without points is no problem."""
    plan = Plan()
    for number, result in enumerate(evaluation.results):
        if result.problem is None or (key is Field.QUEUE and result.problem.code == "no_rule"):
            continue
        said = result.problem.sentence(situation.register.language)
        mask = rows & (evaluation.pattern == number)
        plan += Plan(tuple(findings_at(situation, "QT312", Severity.WARNING, mask, key, table=sheet, problem=said)))
    return plan


def _too_long(situation: Situation, priority: Cells, waiting: Mask) -> Iterable[Finding]:
    """One finding per department whose queue exceeds the capacity of those present, with what it is made of."""
    queues: dict[object, list[object]] = {}
    for name, each in zip(values(situation, Field.DEPARTMENT)[waiting], priority[waiting], strict=True):
        queues.setdefault(name, []).append(each)
    for name, queue in sorted(queues.items()):
        people = present_for_queue(situation.rulebook, str(name), situation.now.date())
        capacity = capacity_of(people)
        if capacity is None or len(queue) <= capacity:
            continue
        counts = sorted(Counter(queue).items())
        levels = tuple(Phrase.of("queue.levels", priority=key, count=count) for key, count in counts)
        names = tuple(Phrase.of("queue.person", person=one.name, capacity=one.capacity) for one in people)
        facts = {"department": name, "load": len(queue), "capacity": capacity, "over": len(queue) - capacity}
        yield Finding("QT354", Severity.WARNING, facts=(*facts.items(), ("levels", levels), ("people", names)))
