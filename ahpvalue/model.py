"""`Model`: the front over a checked document, with everything that can be asked of it.

Each verb enters its room on first use, so that whoever only loads a model pays nothing for the
rest.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

import ahpvalue as av
from ahpvalue.compiling import (
    DECIDE_WEIGHTS,
    Comparison,
    CompiledModel,
    ModelConsistency,
    Weights,
    check_consistency,
    column_types,
    compile_model,
    fitted_data,
    objective_table,
    thaw_weights,
)
from ahpvalue.document import (
    AllowOutside,
    Draft,
    ModelDocument,
    Origin,
    Questions,
    changed_files,
    document_text,
    in_reading_order,
    list_questions,
    make_draft,
    plain,
    read_draft,
    save_document,
)
from ahpvalue.errors import CustomerDataError, ModelError
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.model_experts import Experts
from ahpvalue.scored import score_customers
from ahpvalue.scoring import (
    FileScoring,
    LazyCustomers,
    LazyTable,
    Plan,
    ScoredFile,
    lazy_frame,
    plan_as_sql,
    score_files,
)
from ahpvalue.support.defaults import SEED
from ahpvalue.support.display import Result, Table

__all__ = ["Model", "load_model"]


class Model(Result):
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

    compiled: CompiledModel
    origin: Origin | None = None

    def __init__(self, **sections: Any) -> None:
        self._adopt(make_draft(sections))

    def _adopt(self, draft: Draft) -> None:
        self.compiled = compile_model(draft)
        self.origin = draft.origin
        check_consistency(self.compiled, draft)

    # -- what was written, and what follows from it --------------------------------------------

    @property
    def document(self) -> ModelDocument:
        """What was written, typed and frozen."""
        return self.compiled.document

    @property
    def hierarchy(self) -> Hierarchy:
        """Goal, criteria and indicators."""
        return self.compiled.hierarchy

    @property
    def comparisons(self) -> Mapping[str, Comparison]:
        """The experts' matrices per node."""
        return self.compiled.comparisons

    @property
    def local_priorities(self) -> Mapping[str, NDArray[np.float64]]:
        """Criterion -> its children's priorities, shape (children,)."""
        return self.compiled.local_priorities

    @property
    def hash(self) -> str:
        """Sixteen hexadecimal digits of the document; every score carries them."""
        return self.compiled.hash

    @property
    def reference_hash(self) -> str:
        """Hash of the reference population; empty for a model that was not fitted."""
        return self.compiled.reference_hash

    @property
    def is_fitted(self) -> bool:
        """Whether nothing depends on a reference population (any more)."""
        return self.compiled.is_fitted

    @property
    def plan(self) -> Plan:
        """The model as plain numbers, ready for an engine."""
        return self.compiled.plan

    @property
    def questions(self) -> Questions:
        """What this model asks its experts."""
        return list_questions(self.document, self.hierarchy.children)

    def label(self, node: str, *, language: str | None = None) -> str:
        """What a node is called in a language; its name when nothing else is known."""
        return self.compiled.label(node, language=language)

    # -- what the judgments say ----------------------------------------------------------------

    @property
    def experts(self) -> Experts:
        """What the experts are told and asked: review, consensus, uncertainty, accept."""
        return Experts(self)

    def consistency(self) -> ModelConsistency:
        """Every index of consistency, per node and expert, and of the group's matrices."""
        return self.compiled.consistency()

    def weights(self, synthesis: str = "distributive", *, language: str | None = None) -> Weights:
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
        return self.compiled.weights(synthesis, language)

    def objective(self) -> Table:
        """Where customers' values help to decide weights: the experts', the values', together."""
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
            but that customer's values.

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

        Examples
        --------
        >>> model = Model(hierarchy={"value": ["sales"]}, indicators={"sales": {"percentile": {}}})
        >>> fitted = model.fit({"customer": ["C1", "C2", "C3"], "sales": [1.0, 2.0, 9.0]})
        >>> fitted.document.indicators["sales"].percentile.knots
        [(1.0, 0.0), (2.0, 50.0), (9.0, 100.0)]
        """
        self.compiled.need_indicators("fit")
        if self.document.reference is not None:
            raise ModelError(
                f"this model is fitted already (reference {self.reference_hash}); fit the model "
                f"it was made from (hash {self.document.reference.model})"
            )
        data = fitted_data(self.document, self.hierarchy, self.comparisons, reference, periods)
        return self._remade(data, self.origin and self.origin.without_files())

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
            polars, pyarrow and other eager frames narwhals knows, a mapping of column to NumPy
            array, or a structured array; or a lazy frame: a polars LazyFrame, a DuckDB
            relation, a Spark, Dask or Ibis table.
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
            Lists the columns that are not there, hold something else than values, are
            infinite, or are missing where the model refuses it, with the customers.

        Examples
        --------
        >>> model = Model(
        ...     hierarchy={"value": ["sales"]}, indicators={"sales": {"linear": [[0, 0], [9, 100]]}}
        ... )
        >>> scores = model.score({"customer": ["C1", "C2"], "sales": [4.5, 9.0]})
        >>> scores["total"], scores["rank"]
        (array([ 50., 100.]), array([2, 1]))
        """
        lazy = lazy_frame(customers)
        if lazy is not None:
            return av.LazyScores(self.compiled, LazyCustomers(lazy), outputs)
        found = score_customers(
            self.compiled, customers, outputs=outputs, threads=threads, progress=progress
        )
        return av.Scores(found)

    def score_files(
        self,
        paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        output: str | os.PathLike[str],
        *,
        outputs: Sequence[str] | None = None,
        format: str = "parquet",  # noqa: A002 - the word of everybody
        progress: Callable[[ScoredFile], None] | None = None,
    ) -> av.ScoredFiles:
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
            a value that is refused has no score and the status *refused*; one without an id is
            left out.
        """
        types = column_types(self.document)
        scoring = FileScoring(self.plan, types, self.hash, self.reference_hash)
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
            The table or view of customers, as it stands behind FROM: names joined by points, in
            quotation marks (Spark: backticks) where they hold more than letters, digits and _.
        outputs : sequence of str, optional
            The columns wanted; left out, all but ranks and percentiles. See `score`.

        Returns
        -------
        str
            The same numbers as `score`, as long as the database computes in double precision.
            Values are cast to it; categories are compared as text.

        Raises
        ------
        ModelError
            The model must be fitted first, the dialect is not known, or the table is no name.
        MissingExtraError
            sqlglot is needed and not installed.

        Notes
        -----
        A customer with a value that an eager table would be refused for has no score and the
        status *refused*; see `LazyScores`.

        Examples
        --------
        >>> from ahpvalue import Model
        >>> model = Model(
        ...     hierarchy={"value": ["sales"]}, indicators={"sales": {"linear": [[0, 0], [9, 100]]}}
        ... )
        >>> print(model.to_sql(outputs=["total"]).splitlines()[0])
        WITH "step_1_values" AS (
        """
        hashes = {"model": self.hash, "reference": self.reference_hash}
        return plan_as_sql(self.plan, dialect, table, outputs, hashes)

    def shift(self, customers: Any) -> av.Shift:
        """How far a population has moved away from the reference.

        Per indicator the population stability index, the share of values outside the
        reference's range, what is missing then and now, and what appeared or vanished.

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

    # -- the document --------------------------------------------------------------------------

    def to_yaml(self) -> str:
        """The document as YAML, experts' own files taken in; `save` keeps comments as well."""
        return document_text(self.document)

    def to_dict(self) -> dict[str, Any]:
        """The sections of the document as plain data, experts' own files taken in.

        Returns
        -------
        dict
            ``Model(**model.to_dict()) == model``. What is at its default is left out.
        """
        return plain(self.document)

    def with_sections(self, **sections: Any) -> Model:
        """The model with sections of its document exchanged for others.

        Parameters
        ----------
        **sections
            As plain Python data; None takes a section out. With other judgments, hierarchy or
            indicators the weights that `fit` wrote are taken out, too.

        Returns
        -------
        Model
            It remembers the text and the files this model was read from, for `save`.

        Examples
        --------
        >>> from ahpvalue import template
        >>> template("retail-terminal").with_sections(name="Outlets 2027").document.name
        'Outlets 2027'
        """
        data = {k: v for k, v in {**self.to_dict(), **sections}.items() if v is not None}
        if "reference" not in sections and sections.keys() & DECIDE_WEIGHTS:
            data = thaw_weights(data)
        return self._remade(in_reading_order(data, self.origin), self.origin)

    def _remade(self, data: Mapping[str, Any], origin: Origin | None) -> Model:
        """A model of other data that keeps the comments of a text."""
        model = Model(**data)
        model.origin = origin
        return model

    def save(self, path: str | os.PathLike[str] | None = None) -> None:
        """Write the document; `load_model` reads back the same model, hash included.

        The comments, the order and the layout of the text the model was read from stay where
        what they are about stays; so do those of the model that was fitted.

        Parameters
        ----------
        path : str or path, optional
            One file with everything, experts' own files taken in. Left out, or the file the
            model was read from: back into its files, each answer into the file that holds it,
            and only files whose text changes.

        Raises
        ------
        ModelError
            The model was read from no file, or a file has changed since it was read.
        """
        target = None if path is None else Path(path)
        self.origin = save_document(self.document, self.origin, target)

    def unsaved(self) -> dict[Path, str]:
        """The files that `save()` would write, with their new text; empty when nothing changed.

        Raises
        ------
        ModelError
            The model was read from no file.
        """
        return changed_files(self.document, self.origin)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Model) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def to_frame(self, kind: str | None = None) -> Any:
        """The weights as a frame, a row per node and parent; see `Weights.to_frame`."""
        return self.weights().to_frame(kind)

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        shown = self.weights().table()
        reference = f", reference {self.reference_hash}" if self.reference_hash else ""
        fitted = "" if self.is_fitted else "; to be fitted before it can score"
        before = f"{shown.note}. " if shown.note else ""
        accuracy = f", {self.compiled.accuracy}" if self.compiled.accuracy else ""
        return Table(
            self.document.name or "Model",
            shown.columns,
            shown.formats,
            shown.bars,
            shown.indents,
            f"{before}model {self.hash}{reference}{accuracy}{fitted}",
        )


def _from_draft(draft: Draft) -> Model:
    model = object.__new__(Model)
    model._adopt(draft)
    return model


def load_model(path: str | os.PathLike[str], *, allow_outside: AllowOutside = False) -> Model:
    """Read a model document, and the experts' own files it names.

    Parameters
    ----------
    path : path
    allow_outside : bool or path
        The experts' own files lie in the document's folder or below it, links followed. True
        reads them anywhere; a path names another folder they may lie in instead.

    Raises
    ------
    ModelError
        Lists every problem with its file, line and path.

    Warns
    -----
    ConsistencyWarning
        For matrices over the document's consistency limit.
    DocumentWarning
        For a document of version 1 whose keys have other names now.
    """
    return _from_draft(read_draft(path, allow_outside=allow_outside))
