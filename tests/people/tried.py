"""Properties that every run of the tests tries on a few examples, and a campaign on many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

Property = Callable[..., None]


def tried(
    *strategies: SearchStrategy[Any], few: int, many: int, quiet: tuple[HealthCheck, ...] = ()
) -> Callable[[Property], Property]:
    """Makes a test of a property, which takes one argument of each strategy; `quiet` are health checks left out."""

    def make(holds: Property) -> Property:
        def test(examples: int) -> None:
            often = settings(max_examples=examples, deadline=None, suppress_health_check=quiet)
            often(given(*strategies)(holds))()

        test.__doc__ = holds.__doc__
        numbers = [pytest.param(few, id="few"), pytest.param(many, id="many", marks=pytest.mark.campaign)]
        return pytest.mark.parametrize("examples", numbers)(test)

    return make
