"""Which pairs to ask when all of them are too many.

Twelve items make 66 pairs, and nobody answers 66 questions with care. A connected part of
them gives priorities as well, and loses little accuracy when it is chosen well: every item
in about as many questions, no item far from another (Kadenko, Tsyganok, Szadoczki, Bozoki,
Juhasz and Andriichuk 2021, CEUR Workshop Proceedings 3241, paper 5).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError
from ahpvalue.judgments.connectivity import resistances
from ahpvalue.judgments.incomplete import least_squares
from ahpvalue.judgments.scales import nearest_answer
from ahpvalue.support.defaults import SEED

__all__ = ["Accuracy", "choose_pairs", "expected_accuracy"]

Array = NDArray[np.float64]
Pairs = tuple[tuple[int, int], ...]


def choose_pairs(n: int, questions: int) -> Pairs:
    """A connected choice of pairs in which every item stands about equally often.

    Starts with a ring (for n - 1 questions a chain) and adds, one by one, the pair between
    the least asked items whose distance by the questions so far is greatest (the effective
    resistance, which is the variance of the logarithmic least squares ratio of the two).

    Parameters
    ----------
    n : int
        Items.
    questions : int
        Pairs to ask: n - 1, which leaves no contradiction to be seen, to n (n-1) / 2.

    Returns
    -------
    tuple of (int, int)
        In order of the items.

    Examples
    --------
    >>> choose_pairs(5, 6)
    ((0, 1), (0, 2), (0, 4), (1, 2), (2, 3), (3, 4))
    """
    every = n * (n - 1) // 2
    if n < 2 or not n - 1 <= questions <= every:
        raise JudgmentError(
            f"{n} items are compared by {max(n - 1, 1)} to {max(every, 1)} questions, "
            f"not by {questions}"
        )
    asked = np.zeros((n, n), dtype=bool)
    for i in range(n - 1):
        asked[i, i + 1] = asked[i + 1, i] = True
    if questions >= n > 2:
        asked[0, n - 1] = asked[n - 1, 0] = True
    while int(asked.sum()) // 2 < questions:
        i, j = _next(asked)
        asked[i, j] = asked[j, i] = True
    return tuple((int(i), int(j)) for i, j in zip(*np.nonzero(np.triu(asked)), strict=True))


def _next(asked: NDArray[np.bool_]) -> tuple[int, int]:
    times = asked.sum(axis=1)
    distance = resistances(asked | np.eye(len(asked), dtype=bool))
    rows, columns = np.nonzero(np.triu(~asked, 1))
    often = times[rows] + times[columns]
    most = np.maximum(times[rows], times[columns])
    # Rounded, so that equal distances are equal and the first pair is taken.
    best = np.lexsort((columns, rows, -distance[rows, columns].round(9), often, most))[0]
    return int(rows[best]), int(columns[best])


@dataclass(frozen=True)
class Accuracy:
    """What a choice of pairs can be expected to find out, by simulation.

    Attributes
    ----------
    questions : int
    error : float
        Mean absolute difference of a priority from the true one.
    first : float
        How often the item that truly weighs most comes first.
    order : float
        Share of pairs of items put in the true order.
    """

    questions: int
    error: float
    first: float
    order: float


def expected_accuracy(
    n: int, pairs: Pairs, noise: float = 0.3, draws: int = 2_000, seed: int = SEED
) -> Accuracy:
    """Ask simulated experts the chosen pairs and compare what follows with what they meant.

    True priorities are drawn uniformly from all there are; an expert answers the true ratio
    times exp(noise times a standard normal draw), as the nearest of the 17 answers. A noise
    of 0.3 gives complete matrices of seven items a CR of about 0.05. True ratios beyond 9
    are answered 9. Priorities by logarithmic least squares.

    Parameters
    ----------
    n : int
    pairs : sequence of (int, int)
        Connected.
    noise : float
    draws : int
    seed : int
    """
    rng = np.random.default_rng(seed)
    true = rng.dirichlet(np.ones(n), draws)
    rows, columns = np.triu_indices(n, 1)
    # Every pair gets its noise, asked or not: designs are compared on the same experts.
    logs = np.log(true[:, rows] / true[:, columns]) + noise * rng.standard_normal(
        (draws, len(rows))
    )
    answers = nearest_answer(np.exp(logs))
    wanted = set(pairs)
    asked = np.array([pair in wanted for pair in zip(rows.tolist(), columns.tolist(), strict=True)])
    matrices = np.ones((draws, n, n))
    matrices[:, rows, columns] = np.where(asked, answers, np.nan)
    matrices[:, columns, rows] = np.where(asked, 1 / answers, np.nan)
    found = least_squares(matrices)
    same = (found[:, rows] > found[:, columns]) == (true[:, rows] > true[:, columns])
    return Accuracy(
        questions=len(pairs),
        error=float(np.abs(found - true).mean()),
        first=float((found.argmax(axis=1) == true.argmax(axis=1)).mean()),
        order=float(same.mean()),
    )
