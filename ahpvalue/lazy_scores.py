"""`LazyScores`: scores of customers that stay in their engine until somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import CompiledModel
from ahpvalue.errors import CustomerDataError
from ahpvalue.scored import score_customers
from ahpvalue.scores import Scores
from ahpvalue.scoring import (
    STANDINGS,
    LazyCustomers,
    check_inputs,
    check_lazy,
    lazy_contributions,
    lazy_outputs,
    read_lazy,
    score_lazy,
)
from ahpvalue.support.display import Result, Table

__all__ = ["LazyScores"]


class LazyScores(Result):
    """Scores of a lazy table; nothing is computed before the engine is asked for it.

    Attributes
    ----------
    outputs : tuple of str
        The columns of `frame`.

    Notes
    -----
    A table in memory is refused for a missing value where the model refuses it, an infinite
    one, or a category the model does not know. In an engine this cannot be seen before the
    engine runs. Such a customer has no score, and the status *refused*; `check` finds them
    all and raises.

    See Also
    --------
    Model.score : makes it.
    collect : the same as `Scores`, in memory.
    """

    def __init__(
        self, model: CompiledModel, customers: LazyCustomers, outputs: Sequence[str] | None
    ) -> None:
        self._model, self._customers, self._asked = model, customers, outputs
        self.outputs = lazy_outputs(model.plan, outputs)
        check_lazy(model.plan, customers, self.outputs)

    @property
    def model_hash(self) -> str:
        """Which model document gives the scores."""
        return self._model.hash

    @property
    def reference_hash(self) -> str:
        """Which reference population gives them; empty where none is needed."""
        return self._model.reference_hash

    @property
    def engine(self) -> str:
        """The engine that holds the customers, such as ``"duckdb"``."""
        return self._customers.engine

    @cached_property
    def frame(self) -> Any:
        """Ids and outputs as the kind of lazy frame that was given; see `Scores.frame`.

        Ranks and percentiles are there when they were asked for: they need all customers.
        """
        hashes = {"model": self.model_hash, "reference": self.reference_hash}
        return score_lazy(self._model.plan, self._customers, self.outputs, hashes)

    @cached_property
    def contributions(self) -> Any:
        """How many points each indicator gives to the total, as a lazy frame of the same kind."""
        return lazy_contributions(self._model.plan, self._customers)

    def check(self) -> Table:
        """Count on the engine what the columns hold, before or after scoring.

        Returns
        -------
        Table
            Values, missing ones, and those beyond a function's ends; see `Scores.inputs`.

        Raises
        ------
        CustomerDataError
            What a table in memory is refused for, with the first customers: infinite values;
            missing ones where the model refuses them; unknown categories; where ranks are
            asked for, ids that stand in several rows.

        Warns
        -----
        CustomerDataWarning
            What a table in memory is warned of.
        """
        ranked = bool({*STANDINGS} & {*self.outputs})
        return check_inputs(self._model.plan, self._customers, ranked)

    def collect(self) -> Scores:
        """All customers read into memory and scored there: the same numbers, as `Scores`.

        Examples
        --------
        >>> import polars as pl
        >>> from ahpvalue import Model
        >>> model = Model(
        ...     hierarchy={"value": ["sales"]}, indicators={"sales": {"linear": [[0, 0], [9, 100]]}}
        ... )
        >>> lazy = model.score(pl.LazyFrame({"customer": ["C1", "C2"], "sales": [4.5, 9.0]}))
        >>> lazy.collect()["total"]
        array([ 50., 100.])
        """
        return self._in_memory(self._customers.frame.collect(), self._asked)

    def pull(self, ids: Iterable[Any]) -> Scores:
        """Some of the customers, read into memory: all that `Scores` can do, explained included.

        Parameters
        ----------
        ids : iterable
            Values of the id column.

        Returns
        -------
        Scores
            Without ranks and percentiles, which need all customers.
        """
        import narwhals as nw

        column = self._model.plan.customer
        wanted = list(dict.fromkeys(ids))
        here = self._customers.frame.filter(nw.col(column).is_in(wanted)).collect()
        missing = set(wanted) - set(here[column].to_list())
        if missing:
            some = ", ".join(map(str, sorted(missing, key=str)[:3]))
            raise CustomerDataError(f"there is no customer {some} in column {column!r}")
        return self._in_memory(here, [name for name in self.outputs if name not in STANDINGS])

    def _in_memory(self, frame: Any, outputs: Sequence[str] | None) -> Scores:
        return Scores(score_customers(self._model, frame.to_native(), outputs=outputs))

    def read(self, names: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """Scores of nodes and values of the active customers as arrays, in one order.

        Parameters
        ----------
        names : sequence of str
            Criteria, the goal or ``total``, indicators, and columns with numbers.

        Returns
        -------
        dict of str to ndarray, shape (active customers,)
            NaN where there is none. This reads so many numbers per customer into memory.

        Raises
        ------
        CustomerDataError
            There is no such column, or it holds no numbers.
        """
        return read_lazy(self._model.plan, self._customers, names)

    # -- what needs the customers in memory ----------------------------------------------------

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_") or not hasattr(Scores, name):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        raise AttributeError(_needs_memory(f"scores.{name}"))

    def __len__(self) -> NoReturn:
        raise TypeError(_needs_memory("the number of customers"))

    def __getitem__(self, output: str) -> NoReturn:
        raise TypeError(_needs_memory(f"scores[{output!r}]"))

    def __iter__(self) -> NoReturn:
        raise TypeError(_needs_memory("going through the scores"))

    def __bool__(self) -> bool:
        return True

    def to_frame(self, kind: str | None = None) -> Any:
        """`frame`, which is lazy; as another kind of frame only after `collect`."""
        if kind is None:
            return self.frame
        raise CustomerDataError(_needs_memory(f"to_frame({kind!r})"))

    def to_dict(self) -> NoReturn:
        """Refused: the scores are not in memory."""
        raise CustomerDataError(_needs_memory("to_dict()"))

    def table(self) -> Table:
        """What is asked for; no score, since none has been computed."""
        rows = {"column": [self._model.plan.customer, *self.outputs]}
        note = f"Computed when the {self.engine} frame is; see .frame"
        hashes = f"model {self.model_hash}"
        if self.reference_hash:
            hashes += f", reference {self.reference_hash}"
        return Table(f"Scores of a lazy table ({self.engine})", rows, note=f"{note}. {hashes}")


def _needs_memory(what: str) -> str:
    return (
        f"{what} needs the customers in memory: scores.collect() reads all of them, "
        "scores.pull(ids) reads some"
    )
