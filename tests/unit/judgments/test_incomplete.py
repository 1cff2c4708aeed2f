"""Completed judgments are where lambda is least, not where one step happened to stand still."""

import numpy as np

from ahpvalue.judgments.incomplete import completed
from ahpvalue.judgments.prioritization import principal_eigenvector

NAN = np.nan


def test_each_missing_judgment_is_the_ratio_that_makes_lambda_least():
    # Left and right vectors move alike here for a step, so that their ratio stands still.
    given = np.array(
        [
            [1, 1 / 7, 1 / 9, 1, 9],
            [7, 1, NAN, NAN, 1 / 6],
            [9, NAN, 1, 1 / 3, NAN],
            [1, NAN, 3, 1, NAN],
            [1 / 9, 6, NAN, NAN, 1],
        ]
    )
    full = completed(given)
    right, least = principal_eigenvector(full)
    left, _ = principal_eigenvector(full.T)
    r = np.sqrt(right / left)
    wanted = np.clip(r[:, None] / r, 1 / 9, 9)
    assert np.abs(np.log(full / np.where(np.isnan(given), wanted, given))).max() < 1e-10
    assert abs(least - 9.62227342384758) < 1e-12
