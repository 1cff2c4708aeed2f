"""`PairwiseMatrix`: one expert's comparisons of the items below one node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError
from ahpvalue.judgments import consistency as indices
from ahpvalue.judgments import parse
from ahpvalue.judgments.aggregation import Derivation
from ahpvalue.judgments.connectivity import is_complete, refuse_islands
from ahpvalue.judgments.format import judgment_text
from ahpvalue.judgments.incomplete import COMPLETIONS, completed
from ahpvalue.judgments.random_indices import random_index as look_up
from ahpvalue.judgments.results import Consistency, Priorities, position
from ahpvalue.judgments.scales import apply_scale
from ahpvalue.support.display import Result, Table

__all__ = ["PairwiseMatrix", "measure_consistency"]

Array = NDArray[np.float64]


class PairwiseMatrix(Result):
    """Pairwise comparisons of n items; entry (i, j) says how many times i outweighs j.

    Parameters
    ----------
    judgments : sequence of sequences, ndarray or data frame, shape (n, n)
        Positive numbers, or fractions as text (``"1/3"``, read exactly). None, NaN and
        ``"?"`` are missing and stay missing; a pair given on one side only is given.
    labels : sequence of str, optional
        Names of the items; ``"1"`` to ``"n"`` when left out.
    tolerance : float, optional
        How far a_ij * a_ji may be from 1, relative. Left out: 1e-6, so that 0.33 beside 3
        is refused with the advice to write 1/3. Given: the entry above 1 is kept and the
        other computed from it.

    Raises
    ------
    JudgmentError
        Lists every cell that is not positive, not reciprocal, or not 1 on the diagonal.

    See Also
    --------
    from_triangle, from_judgments : the judgments above the diagonal, or named pairs.

    Examples
    --------
    >>> m = PairwiseMatrix(
    ...     [[1, 3, 5], ["1/3", 1, 3], ["1/5", "1/3", 1]], labels=["sales", "credit", "growth"]
    ... )
    >>> m.priorities()
    Priorities (eigenvector)
    item    priority
    ------  --------
    sales     0.6370
    credit    0.2583
    growth    0.1047
    >>> round(m.consistency(random_index="saaty-1980").cr, 4)
    0.0332
    """

    def __init__(
        self,
        judgments: Any,
        labels: Sequence[str] | None = None,
        *,
        tolerance: float | None = None,
    ) -> None:
        if not isinstance(judgments, (Sequence, np.ndarray)):
            judgments, labels = _from_frame(judgments, labels)
        self._hold(parse.from_full(judgments, tolerance), labels)

    @classmethod
    def from_triangle(
        cls, judgments: Sequence[Any], labels: Sequence[str] | None = None
    ) -> PairwiseMatrix:
        """The judgments above the diagonal, flat or row by row.

        Examples
        --------
        >>> PairwiseMatrix.from_triangle([3, 5, 3]).values[1].round(4)
        array([0.3333, 1.    , 3.    ])
        """
        return cls._holding(
            parse.from_triangle(judgments, None if labels is None else len(labels)), labels
        )

    @classmethod
    def from_judgments(
        cls,
        judgments: Mapping[Any, Any] | Iterable[tuple[str, str, Any]],
        labels: Sequence[str] | None = None,
    ) -> PairwiseMatrix:
        """Named pairs, ``{("sales", "credit"): 3}`` or ``{"sales vs credit": 3}``.

        A pair left out is missing, not 1. A pair given twice, in either direction, is
        refused.

        Examples
        --------
        >>> m = PairwiseMatrix.from_judgments({("a", "b"): 3, ("a", "c"): 5, ("c", "b"): "1/3"})
        >>> m.labels, m.is_complete
        (('a', 'b', 'c'), True)
        """
        found, values = parse.from_pairs(judgments, labels)
        return cls._holding(values, found)

    @classmethod
    def _holding(cls, values: Array, labels: Sequence[str] | None) -> PairwiseMatrix:
        matrix = object.__new__(cls)
        matrix._hold(values, labels)
        return matrix

    def _hold(self, values: Array, labels: Sequence[str] | None) -> None:
        n = len(values)
        if n == 0:
            raise JudgmentError("a matrix compares at least one item")
        names = tuple(map(str, labels)) if labels is not None else _numbered(n)
        if len(names) != n:
            raise JudgmentError(f"{n} items need {n} labels, not {len(names)}")
        if len(set(names)) < n:
            doubles = sorted({name for name in names if names.count(name) > 1})
            raise JudgmentError(f"labels are not unique: {', '.join(doubles)}")
        values.flags.writeable = False
        self._values, self._labels = values, names
        self._complete = is_complete(values)
        self._solved: dict[Derivation, tuple[Array, float]] = {}

    @property
    def values(self) -> Array:
        """The matrix, shape (n, n), read-only; NaN where a judgment is missing."""
        return self._values

    @property
    def labels(self) -> tuple[str, ...]:
        """The items' names."""
        return self._labels

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self._labels)

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """The pairs that have no judgment."""
        rows, columns = np.nonzero(np.triu(np.isnan(self._values)))
        return tuple((self._labels[i], self._labels[j]) for i, j in zip(rows, columns, strict=True))

    @property
    def is_complete(self) -> bool:
        """Whether every pair has a judgment."""
        return self._complete

    def __getitem__(self, pair: tuple[str, str]) -> float:
        """How many times the first item outweighs the second."""
        i, j = (position(name, self._labels) for name in pair)
        return float(self._values[i, j])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """A copy of the values, so that functions of arrays take matrices as well."""
        return self._values.astype(dtype or np.float64, copy=copy is not False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PairwiseMatrix):
            return NotImplemented
        same = np.array_equal(self._values, other._values, equal_nan=True)
        return self._labels == other._labels and same

    def __hash__(self) -> int:
        return hash((self._labels, self._values.tobytes()))

    def connected_values(self) -> Array:
        """The matrix, or a `JudgmentError` naming the islands that no judgment joins."""
        if not self._complete:
            refuse_islands(self._values, self._labels)
        return self._values

    def _ratios(self, scale: str) -> Array:
        """The ratios that the answers are worth."""
        values = self.connected_values()
        return values if scale == "linear" else apply_scale(values, scale)

    def _solve(self, how: Derivation) -> tuple[Array, float]:
        """Weights and lambda, computed once for priorities and consistency."""
        if how not in self._solved:
            weights, lambda_max = how.solve(self._ratios(how.scale))
            weights.flags.writeable = False
            self._solved[how] = weights, float(lambda_max)
        return self._solved[how]

    def completed(self) -> PairwiseMatrix:
        """The matrix with its missing judgments set to those that contradict the rest least.

        They minimise the principal eigenvalue (see `ahpvalue.judgments.incomplete`), and may
        lie beyond the scale; they are computed, nobody's judgments.

        Examples
        --------
        >>> m = PairwiseMatrix([[1, 1, 5, 2], [1, 1, 3, 4], ["1/5", "1/3", 1, None],
        ...                     ["1/2", "1/4", None, 1]])
        >>> m.completed()["3", "4"]  # sqrt(8/15)
        0.7302967433402...
        """
        return PairwiseMatrix._holding(completed(self.connected_values()), self._labels)

    def priorities(
        self,
        method: str = "eigenvector",
        completion: str | None = None,
        scale: str = "linear",
    ) -> Priorities:
        """The priority vector.

        Parameters
        ----------
        method : {"eigenvector", "geometric-mean", "column-mean"}
            See `ahpvalue.priorities`.
        completion : {"lambda-minimal", "harker", "least-squares"}, optional
            What is done about missing judgments. Left out: lambda-minimal, and for the
            geometric mean least squares, which is its own way; harker goes with the
            eigenvector.
        scale : str
            A judgment scale of `ahpvalue.SCALES`, applied to the answers here held.

        Raises
        ------
        JudgmentError
            The judgments leave islands that nothing compares, or the names do not fit.
        """
        way = COMPLETIONS.get(method, (None,))[0] if completion is None else completion
        weights, lambda_max = self._solve(Derivation(method, way, scale))
        used = None if self._complete else way
        return Priorities(weights, self._labels, lambda_max, method, used, scale)

    def consistency(
        self,
        random_index: str = "alonso-lamata",
        method: str = "eigenvector",
        limit: float | str = indices.CR_LIMIT,
        scale: str = "linear",
    ) -> Consistency:
        """Every index of consistency.

        Parameters
        ----------
        random_index : str
            Name of a table in `ahpvalue.RANDOM_INDICES`.
        method : str
            Whose lambda_max is used; see `ahpvalue.consistency_ratio`.
        limit : float or "by-size"
            The largest acceptable CR; ``"by-size"`` is 0.05 for n = 3, 0.08 for n = 4,
            0.10 above.
        scale : str
            A judgment scale of `ahpvalue.SCALES` to judge the ratios of, against an index
            simulated for it; left out, the answers themselves are judged.

        Notes
        -----
        With missing judgments lambda is the least it can be (as `completed`), and RI the one
        for so many missing pairs. Indices of triads use the triads that were answered.
        """
        _, lambda_max = self._solve(Derivation(method, "lambda-minimal", scale))
        how = random_index, method, limit, scale
        return measure_consistency(self._ratios(scale), self._labels, *how, lambda_max)

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        columns = {"": list(self._labels)} | {
            label: ["?" if np.isnan(v) else judgment_text(v) for v in self._values[:, k]]
            for k, label in enumerate(self._labels)
        }
        formats = dict.fromkeys(self._labels, "s")
        note = "? is a missing judgment" if self.missing else ""
        return Table("Pairwise comparisons (row over column)", columns, formats, note=note)

    def to_dict(self) -> dict[str, Any]:
        """Labels and rows; a missing judgment is None."""
        rows = [[None if np.isnan(v) else float(v) for v in row] for row in self._values]
        return {"labels": list(self._labels), "judgments": rows}

    def to_frame(self, kind: str | None = None) -> Any:
        """A frame with the labels in the first column, as `PairwiseMatrix` reads it back."""
        columns: dict[str, Any] = {"item": list(self._labels)}
        columns |= {label: self._values[:, k].tolist() for k, label in enumerate(self._labels)}
        return Table("", columns).to_frame(kind)


def measure_consistency(
    ratios: Array,
    labels: tuple[str, ...],
    random_index: str,
    method: str,
    limit: float | str,
    scale: str,
    lambda_max: float | None = None,
) -> Consistency:
    """Every index of a connected matrix of ratios; see `PairwiseMatrix.consistency`."""
    if lambda_max is None:
        lambda_max = float(Derivation(method, "lambda-minimal", scale).solve(ratios)[1])
    n = len(labels)
    missing = 0 if is_complete(ratios) else int(np.isnan(ratios).sum()) // 2
    ci = (lambda_max - n) / (n - 1) if n > 2 else 0.0
    reference = look_up(n, random_index, missing=missing, scale=scale)
    return Consistency(
        ratios=ratios,
        labels=labels,
        missing=missing,
        lambda_max=lambda_max,
        ci=ci,
        cr=_ratio(ci, reference.value, missing),
        ri=reference.value,
        random_index=reference.table,
        limit=indices.limit_for(n, limit),
        method=method,
        scale=scale,
    )


def _ratio(ci: float, ri: float, missing: int) -> float | None:
    """CI over RI; where RI is 0 it is 0, or None if judgments are missing (not testable)."""
    if ri:
        return ci / ri
    return None if missing else 0.0


def _numbered(n: int) -> tuple[str, ...]:
    return tuple(str(k + 1) for k in range(n))


def _from_frame(frame: Any, labels: Sequence[str] | None) -> tuple[list[list[Any]], Sequence[str]]:
    """Rows and labels of a data frame; a first column of text holds the rows' names."""
    import narwhals as nw

    try:
        table = nw.from_native(frame, eager_only=True)
    except TypeError:
        raise JudgmentError(
            f"a matrix is read from rows, an array or a data frame, not from {type(frame).__name__}"
        ) from None
    columns = [str(name) for name in table.columns]
    rows = [list(row) for row in table.iter_rows()]
    named = len(columns) == len(rows) + 1
    row_names = [str(row[0]) for row in rows] if named else None
    if row_names is None and hasattr(frame, "index"):
        row_names = _index_names(frame)
    if named:
        columns, rows = columns[1:], [row[1:] for row in rows]
    if row_names is not None and row_names != columns:
        raise JudgmentError(
            f"rows ({', '.join(row_names)}) and columns ({', '.join(columns)}) must name the "
            "same items in the same order"
        )
    return rows, labels if labels is not None else columns


def _index_names(frame: Any) -> list[str] | None:
    """The names in a pandas index; None for the plain 0, 1, 2, ..."""
    names = [str(name) for name in frame.index]
    return None if names == [str(k) for k in range(len(names))] else names
