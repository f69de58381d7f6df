"""The search behind the static checks: a place that no rule covers, and which rules overlap.

Pure. Works on the pieces of `table_atoms` and on bitsets of rules; what is said about a table is up to `table_checks`.

Rule 0 wants x, rule 1 wants y, both columns of yes and no. The search finds the case that neither of them covers, and
that they share one (yes and yes):

    >>> yes, no = Literal.of(True), Literal.of(False)
    >>> x = Dimension(0, (Piece(yes, 0b11, 0b11), Piece(no, 0b10, 0b10)))
    >>> y = Dimension(1, (Piece(yes, 0b11, 0b11), Piece(no, 0b01, 0b01)))
    >>> [(index, piece.value.value) for index, piece in find_uncovered([x, y], rules=0b11)]
    [(0, False), (1, False)]
    >>> overlap_matrix([x, y], rules=2).tolist()
    [[True, True], [True, True]]

Source: Calvanese et al. 2018 (see `table_atoms`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .table_atoms import Dimension, Piece

STATE_CAP = 200_000


class TooLarge(Exception):
    """A search passed its cap of states and decided nothing."""


def find_uncovered(
    dimensions: list[Dimension], rules: int, box: int = 0, cap: int = STATE_CAP
) -> tuple[tuple[int, Piece], ...] | None:
    """A place that none of the given rules covers.

    Goes through the dimensions depth first. The state is the set of rules still alive; the piece that leaves fewest
    alive is tried first. A state is dropped when a live rule has nothing but `-` left, when it was visited before, or
    when a sibling with fewer rules alive led nowhere: where more rules may cover, there is no gap either.

    Args:
        dimensions: As from `table_atoms.cut_into_pieces`.
        rules: Bitset of the rules that may cover.
        box: Bitset of one rule whose cells the place must satisfy; 0 = anywhere.
        cap: Most states to keep.

    Returns:
        Per dimension that matters its index and the piece of it; None when everything is covered.

    Raises:
        TooLarge: There were more states than `cap`.
    """
    steps: list[tuple[int, list[tuple[Piece, int]], int]] = []
    for index, dimension in enumerate(dimensions):
        found = _different_pieces(dimension, rules, box)
        if not found:
            return None
        if len(found) == 1 and found[0][1] == rules:
            continue
        common = rules
        for _, alive in found:
            common &= alive
        steps.append((index, found, common))
    steps.sort(key=lambda step: len(step[1]))
    ahead = [rules] * (len(steps) + 1)  # rules that all remaining pieces leave alive
    for number in range(len(steps) - 1, -1, -1):
        ahead[number] = ahead[number + 1] & steps[number][2]
    if rules & ahead[0]:
        return None
    hopeless: list[set[int]] = [set() for _ in steps]
    budget = cap

    def search(number: int, alive: int) -> tuple[tuple[int, Piece], ...] | None:
        nonlocal budget
        if not alive:
            return ()
        index, pieces, _ = steps[number]
        failed: list[int] = []
        following = {alive & holding: piece for piece, holding in reversed(pieces)}
        for left in sorted(following, key=int.bit_count):
            if left & ahead[number + 1] or (number + 1 < len(steps) and left in hopeless[number + 1]):
                continue
            if any(less & left == less for less in failed):
                continue  # fewer rules alive were already too many
            path = search(number + 1, left)
            if path is not None:
                return ((index, following[left]), *path)
            failed.append(left)
        hopeless[number].add(alive)
        budget -= 1
        if budget < 0:
            raise TooLarge
        return None

    return search(0, rules)


def _different_pieces(dimension: Dimension, rules: int, box: int) -> list[tuple[Piece, int]]:
    """The pieces inside a box, with the rules that hold there; pieces with the same rules are one."""
    found: dict[int, Piece] = {}
    for piece in dimension.pieces:
        if not box or piece.maybe & box:
            found.setdefault((piece.rules if box else piece.maybe) & rules, piece)
    return [(piece, alive) for alive, piece in found.items()]


def overlap_matrix(dimensions: list[Dimension], rules: int) -> NDArray[np.bool_]:
    """Which rules overlap, sharing a piece in every dimension; shape (rules, rules), symmetric."""
    shared = np.ones((rules, rules), np.bool_)
    for dimension in dimensions:
        size = (rules + 7) // 8
        packed = [np.frombuffer(piece.rules.to_bytes(size, "little"), np.uint8) for piece in dimension.pieces]
        if not packed:
            return np.zeros_like(shared)
        holds = np.unpackbits(np.stack(packed), axis=1, count=rules, bitorder="little")
        distinct, which = np.unique(holds, axis=1, return_inverse=True)
        counted = distinct.astype(np.float32)
        meets = counted.T @ counted > 0
        shared &= meets[np.ix_(which.reshape(-1), which.reshape(-1))]
    return shared
