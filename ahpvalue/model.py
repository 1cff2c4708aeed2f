"""`Model`: the front over a checked document, with everything that can be asked of it.

Each verb enters its room on first use, so that whoever only loads a model pays nothing for the
rest.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, overload

import ahpvalue as av
from ahpvalue.compiling import (
    ModelConsistency,
    Weights,
    fitted_data,
    objective_table,
)
from ahpvalue.document import (
    read_draft,
)
from ahpvalue.errors import CustomerDataError, ModelError
from ahpvalue.model_experts import Experts
from ahpvalue.model_written import WrittenModel, model_of
from ahpvalue.scored import score_customers
from ahpvalue.scoring import LazyCustomers, LazyTable, lazy_frame, plan_as_sql
from ahpvalue.support.defaults import SEED
from ahpvalue.support.display import Table

__all__ = ["Model", "load_model"]


class Model(WrittenModel):
    """A hierarchy, the experts' judgments on it, and the indicators that measure customers.

    Parameters
    ----------
    **sections
        The sections of a model document as plain Python data: ``hierarchy`` (required),
        ``judgments``, ``indicators``, ``missing``, ``labels``, ``name``, ``customer``. See
        docs/model-yaml.md, or use `load_model` to read a file.

    Raises
    ------
    ModelError
        Lists every problem of the document, each with its place.

    Warns
    -----
    ConsistencyWarning
        For matrices over the document's consistency limit.

    Attributes
    ----------
    compiled : CompiledModel
        The checked document and everything that follows from it, as frozen data.
    origin : Origin or None
        The text it was read from, whose comments `save` keeps, and its files.

    Examples
    --------
    >>> model = Model(
    ...     hierarchy={"value": ["sales", "loyalty"]},
    ...     judgments={"experts": {"ann": {}}, "comparisons": {"value": {"ann": [[3]]}}},
    ...     indicators={
    ...         "sales": {"bands": {"edges": [100], "scores": [20, 100], "closed": "left"}},
    ...         "loyalty": {"linear": [[0, 0], [10, 100]]},
    ...     },
    ... )
    >>> model.score({"customer": ["C1", "C2"], "sales": [40, 250], "loyalty": [8, 4]})["total"]
    array([35., 85.])
    """

    # -- what the judgments say ----------------------------------------------------------------

    @property
    def experts(self) -> Experts:
        """What the experts are told and asked: review, consensus, uncertainty, accept."""
        return Experts(self)

    def consistency(self) -> ModelConsistency:
        """Every index of consistency, per node and expert, and of the group's matrices."""
        return self.compiled.consistency()

    def weights(self, synthesis: str = "distributive", language: str | None = None) -> Weights:
        """Local and global priorities, and every indicator's effective weight.

        Parameters
        ----------
        synthesis : {"distributive", "ideal"}
            For classic AHP with compared alternatives: whether their priorities are taken
            as they are or divided by the best under each criterion. Scores of customers
            always use the distributive weights.
        language : str, optional
            Language of the labels shown; left out, the names are shown.
        """
        total = self.hierarchy.global_priorities(self.local_priorities, synthesis)
        return Weights(
            self.hierarchy,
            {
                node: dict(zip(self.hierarchy.children[node], weights.tolist(), strict=True))
                for node, weights in self.local_priorities.items()
            },
            {node: float(weight) for node, weight in total.items()},
            synthesis,
            {node: self.label(node, language) for node in self.hierarchy.nodes},
        )

    def objective(self) -> Table:
        """Where customers' figures help to decide weights: the experts', the figures', together."""
        return objective_table(self.document, self.hierarchy, self.comparisons)

    # -- customers -----------------------------------------------------------------------------

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
        self.compiled.need_indicators("fit")
        if self.document.reference is not None:
            raise ModelError(
                f"this model is fitted already (reference {self.reference_hash}); fit the model "
                f"it was made from (hash {self.document.reference.model})"
            )
        data = fitted_data(self.document, self.hierarchy, self.comparisons, reference, periods)
        return self.made_of(data, self.origin and self.origin.without_files())

    @overload
    def score(
        self, customers: LazyTable, *, outputs: Sequence[str] | None = None
    ) -> av.LazyScores: ...
    @overload
    def score(
        self,
        customers: Any,
        *,
        outputs: Sequence[str] | None = None,
        threads: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> av.Scores: ...
    def score(
        self,
        customers: Any,
        *,
        outputs: Sequence[str] | None = None,
        threads: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> av.Scores | av.LazyScores:
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
        Scores or LazyScores
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
            return av.LazyScores(self.compiled, LazyCustomers(lazy), outputs)
        found = score_customers(
            self.compiled, customers, outputs=outputs, threads=threads, progress=progress
        )
        return av.Scores(found)

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
        hashes = {"model": self.hash, "reference": self.reference_hash}
        return plan_as_sql(self.plan, dialect, table, outputs, hashes)

    def shift(self, customers: Any) -> av.Shift:
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
        from ahpvalue.evaluation.shift import measure_shift

        return measure_shift(self.compiled, customers)

    def sensitivity(
        self, customers: Any, share: float = 0.2, *, seed: int = SEED
    ) -> av.Sensitivity:
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
        from ahpvalue.evaluation.robustness import measure_sensitivity

        if lazy_frame(customers) is not None:
            raise CustomerDataError(
                "a sensitivity needs the customers in memory; collect the table"
            )
        return measure_sensitivity(self.compiled, customers, share, seed)

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        shown = self.weights().table()
        reference = f", reference {self.reference_hash}" if self.reference_hash else ""
        fitted = "" if self.is_fitted else "; to be fitted before it can score"
        return Table(
            self.document.name or "Model",
            shown.columns,
            shown.formats,
            shown.bars,
            shown.indents,
            f"{shown.note + '. ' if shown.note else ''}model {self.hash}{reference}{fitted}",
        )


def load_model(path: str | os.PathLike[str]) -> Model:
    """Read a model document, and the experts' own files it names.

    Raises
    ------
    ModelError
        Lists every problem with its file, line and path.

    Warns
    -----
    ConsistencyWarning
        For matrices over the document's consistency limit.
    DocumentVersionWarning
        For a document of version 1 whose keys have other names now.
    """
    return model_of(read_draft(Path(path)), Model)
