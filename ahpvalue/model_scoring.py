"""The methods of `Model` about its customers: fitting to them and scoring them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from ahpvalue.compiling import build_plan, column_types, fitted_data, unfitted, waiting
from ahpvalue.document import draft_of
from ahpvalue.errors import CustomerDataError, ModelError
from ahpvalue.scoring import (
    FileScoring,
    LazyCustomers,
    LazyScores,
    Plan,
    ScoredFile,
    ScoredFiles,
    Scores,
    lazy_frame,
    plan_as_sql,
    score_customers,
    score_files,
)

if TYPE_CHECKING:
    from ahpvalue.evaluation import Sensitivity, Shift
    from ahpvalue.model import Model

__all__ = ["ModelScoring"]


class ModelScoring:
    """How a model meets customers; `Model` has these methods."""

    @property
    def _model(self) -> Model:
        return cast("Model", self)

    @property
    def is_fitted(self) -> bool:
        """Whether nothing depends on a reference population (any more)."""
        return not (unfitted(self._model.document) or waiting(self._model.document))

    @property
    def reference_hash(self) -> str:
        """Hash of the reference population; empty for a model that was not fitted."""
        return "" if self._model.document.reference is None else self._model.document.reference.hash

    def fit(self, reference: Any, *, periods: Sequence[str] = ()) -> Model:
        """Freeze everything that depends on a population.

        Parameters
        ----------
        reference : data frame or mapping of str to array
            The reference population: one row per customer, such as last year's customers. A
            list of tables, one per period, is a reference over several periods (so that the
            season is not read as a change).
        periods : sequence of str
            What these periods are called; kept in the fitted model.

        Returns
        -------
        Model
            The same model with explicit numbers for percentiles, bounds and medians, and a
            summary of the population. From then on a customer's score depends on nothing
            but that customer's figures.

        Raises
        ------
        CustomerDataError
            Lists what of the population cannot be used.
        ModelError
            The model is fitted already, or has no indicators.

        Warns
        -----
        CustomerDataWarning
            For columns that are wholly missing, hold one value only, or leave the range one
            would expect.
        """
        self._need_indicators("fit")
        if self._model.document.reference is not None:
            raise ModelError(
                f"this model is fitted already (reference {self.reference_hash}); fit the model "
                f"it was made from (hash {self._model.document.reference.model})"
            )
        data = fitted_data(
            self._model.document, self._model.hierarchy, self._model.comparisons, reference, periods
        )
        return self._model.from_draft(draft_of(data))

    def score(
        self,
        customers: Any,
        *,
        outputs: Sequence[str] | None = None,
        threads: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Scores:
        """Score customers.

        Parameters
        ----------
        customers : data frame or mapping of str to array
            One row per customer, with the id column and every indicator's column. pandas,
            polars, pyarrow and other eager frames narwhals knows, or NumPy arrays; or a lazy
            frame: a polars LazyFrame, a DuckDB relation, a Spark, Dask or Ibis table.
        outputs : sequence of str, optional
            The columns wanted; left out, all of them: total, every criterion, coverage (in
            total and per criterion), rank, percentile, status, hashes. For a lazy frame ranks
            and percentiles are made only when named here: they need all customers.
        threads : int, optional
            How many threads to use; left out, one per processor for large tables. An engine
            of a lazy frame has its own.
        progress : callable, optional
            Called with the number of customers scored since the last call; never for a lazy
            frame.

        Returns
        -------
        Scores
            `Scores.frame` is the kind of table that was given. For a lazy frame `LazyScores`,
            whose frame is lazy too: nothing is computed and nothing is pulled to this machine.

        Raises
        ------
        ModelError
            The model must be fitted first.
        CustomerDataError
            Lists the columns that are not there, hold something else than figures, are
            infinite, or are missing where the model refuses it, with the customers.
        """
        lazy = lazy_frame(customers)
        if lazy is not None:
            found = LazyScores(
                self.plan,
                LazyCustomers(lazy),
                outputs,
                self._model.hash,
                self.reference_hash,
                self._model,
            )
            return cast("Scores", found)  # type checkers see Scores: most tables are in memory
        return score_customers(
            self.plan,
            customers,
            outputs=outputs,
            model_hash=self._model.hash,
            reference_hash=self.reference_hash,
            threads=threads,
            progress=progress,
            model=self._model,
        )

    def score_files(
        self,
        paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        output: str | os.PathLike[str],
        *,
        outputs: Sequence[str] | None = None,
        format: str = "parquet",  # noqa: A002 - the word of everybody
        progress: Callable[[ScoredFile], None] | None = None,
    ) -> ScoredFiles:
        """Score files of any size into a folder, one file of scores per file of customers.

        Parameters
        ----------
        paths : path, pattern such as ``"big/*.parquet"``, folder, or several of them
            Customers as ``.parquet``, ``.csv`` or ``.csv.gz``.
        output : path
            The folder; it is made if it is not there. ``ahpvalue-files.json`` in it records what
            was scored. Files whose scores are there, of the same bytes and the same model, are
            not scored again.
        outputs : sequence of str, optional
            The columns wanted; left out, all but ranks and percentiles, which need all customers.
        format : {"parquet", "csv"}
            Of the scores.
        progress : callable, optional
            Called after every file with what it came to.

        Returns
        -------
        ScoredFiles
            Per file how many customers there are, are refused, are warned of.

        Raises
        ------
        ModelError
            The model must be fitted first.
        CustomerDataError
            A file cannot be read, lacks a column, or changes while it is read.
        AhpValueError
            Something is in the folder that the record does not list.

        Warns
        -----
        CustomerDataWarning
            What a table in memory is refused or warned for, once for all files. A customer with
            a figure that is refused has no score and the status *refused*; one without an id is
            left out.
        """
        types = column_types(self._model.document)
        scoring = FileScoring(self.plan, types, self._model.hash, self.reference_hash)
        return score_files(
            scoring, paths, output, outputs=outputs, format=format, progress=progress
        )

    def to_sql(
        self,
        dialect: str = "duckdb",
        table: str = "customers",
        outputs: Sequence[str] | None = None,
    ) -> str:
        """The scoring of customers as one SELECT, to run where the customers are.

        Parameters
        ----------
        dialect : {"duckdb", "spark", "databricks", "postgres", "bigquery", "snowflake"}
            DuckDB's and Spark's are what `score` runs there; the others are made of DuckDB's and
            read back by sqlglot (``pip install "ahpvalue[sql]"``).
        table : str
            The table or view of customers, as it stands behind FROM.
        outputs : sequence of str, optional
            The columns wanted; left out, all but ranks and percentiles. See `score`.

        Returns
        -------
        str
            The same numbers as `score`, as long as the database computes in double precision.
            Figures are cast to it; categories are compared as text.

        Raises
        ------
        ModelError
            The model must be fitted first, or the dialect is not known.
        MissingExtraError
            sqlglot is needed and not installed.

        Notes
        -----
        A customer with a figure that an eager table would be refused for has no score and the
        status *refused*; see `LazyScores`.

        Examples
        --------
        >>> from ahpvalue import Model
        >>> model = Model(
        ...     hierarchy={"value": ["sales"]}, indicators={"sales": {"linear": [[0, 0], [9, 100]]}}
        ... )
        >>> print(model.to_sql(outputs=["total"]).splitlines()[0])
        WITH "step_1_figures" AS (
        """
        hashes = {"model": self._model.hash, "reference": self.reference_hash}
        return plan_as_sql(self.plan, dialect, table, outputs, hashes)

    def shift(self, customers: Any) -> Shift:
        """How far a population has moved away from the reference.

        Per indicator the population stability index, the share of figures outside the
        reference's range, what is missing then and now, and what came alive or died.

        Parameters
        ----------
        customers : data frame or mapping of str to array

        Raises
        ------
        ModelError
            The model was not fitted.
        """
        from ahpvalue.evaluation import shift_of

        return shift_of(self._model, customers)

    def sensitivity(self, customers: Any, share: float = 0.2, *, seed: int = 1) -> Sensitivity:
        """How much of the core stays under other weights, and under other value functions.

        Parameters
        ----------
        customers : data frame or mapping of str to array
            Scored by this model, and the reference of the exchanged value functions.
        share : float
            How much of the customers a core is.
        seed : int
            Of the random weights.
        """
        from ahpvalue.evaluation import sensitivity_of

        if lazy_frame(customers) is not None:
            raise CustomerDataError(
                "a sensitivity needs the customers in memory; collect the table"
            )
        return sensitivity_of(self._model, customers, share, seed)

    @cached_property
    def plan(self) -> Plan:
        """The model as plain numbers, ready for an engine."""
        self._need_indicators("score")
        waiting = unfitted(self._model.document)
        if waiting:
            raise ModelError(
                f"{', '.join(waiting)} depend on a reference population: fit the model first "
                "(model.fit(reference); on the command line 'ahpvalue fit' or 'score --fit')"
            )
        return build_plan(
            self._model.document,
            self._model.hierarchy,
            self._model.local_priorities,
            self._model.comparisons,
        )

    def _need_indicators(self, verb: str) -> None:
        if not self._model.document.indicators:
            raise ModelError(
                f"this model has no section indicators, which says how to {verb} customers"
            )
