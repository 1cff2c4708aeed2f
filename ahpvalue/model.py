"""`Model`: the document, checked, with everything that follows from it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.build import build_plan, unfitted
from ahpvalue.comparisons import Comparison, comparisons_of, local_priorities
from ahpvalue.decisions import waiting, with_lines
from ahpvalue.document import (
    Draft,
    ModelDocument,
    Questions,
    document_hash,
    draft_of,
    plain,
    questions_of,
    read_draft,
    to_yaml,
    yaml_of,
)
from ahpvalue.errors import (
    AhpValueError,
    ConsistencyWarning,
    CustomerDataWarning,
    ModelError,
    Problem,
    did_you_mean,
    warn,
)
from ahpvalue.files import written_whole
from ahpvalue.fit import fitted_document, tables_of
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.objective import objective_table, objective_weights
from ahpvalue.results import ModelConsistency, Weights
from ahpvalue.scoring import Plan, Scores, score_customers
from ahpvalue.tables import Result, Table

if TYPE_CHECKING:
    from ahpvalue.evaluation.sensitivity import Sensitivity
    from ahpvalue.evaluation.shift import Shift
    from ahpvalue.experts import ModelConsensus, ModelReview, WeightUncertainty

__all__ = ["Model", "load_model", "template", "template_names"]

_TEMPLATES = FilePath(__file__).parent / "templates"


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
    document : ModelDocument
        What was written, typed and frozen.
    hierarchy : Hierarchy
    comparisons : dict of str to Comparison
        The experts' matrices per node.
    hash : str
        Sixteen hexadecimal digits of the document; every score carries them.

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

    def __init__(self, **sections: Any) -> None:
        self._adopt(draft_of(sections))

    @classmethod
    def _from_draft(cls, draft: Draft) -> Model:
        model = object.__new__(cls)
        model._adopt(draft)
        return model

    def _adopt(self, draft: Draft) -> None:
        if draft.document is not None:
            draft.problems += _left_files(draft.document)
        if draft.document is not None and draft.outline_is_sound:
            try:
                self.hierarchy = Hierarchy(draft.children)
            except ModelError as wrong:
                draft.problems += [problem.under("hierarchy") for problem in wrong.problems]
            self.comparisons, problems = comparisons_of(draft.document, draft.children)
            draft.problems += problems
        self.document: ModelDocument = draft.refuse_problems()
        self._local = local_priorities(self.document, self.hierarchy, self.comparisons)
        self.hash = document_hash(self.document)
        self._judge(draft)

    hierarchy: Hierarchy
    comparisons: dict[str, Comparison]

    def _judge(self, draft: Draft) -> None:
        """Warn of matrices over the limit, or refuse them, as the document wants it."""
        rule = self.document.judgments.consistency
        problems = [
            draft.marks.locate(
                Problem(
                    f"CR {found.cr:.3f} ({found.random_index}) is over the limit "
                    f"{found.limit:g}; look at {' vs '.join(found.worst or ())} first",
                    (*self.comparisons[node].path, expert),
                )
            )
            for node, expert, found in self.consistency().exceeding
        ]
        if problems and rule.on_exceed == "refuse":
            raise ModelError(problems)
        for problem in problems:
            warn(str(problem), ConsistencyWarning)

    @property
    def questions(self) -> Questions:
        """What this model asks its experts."""
        return questions_of(self.document, self.hierarchy.children)

    # -- what the judgments say --------------------------------------------------------------

    def consistency(self) -> ModelConsistency:
        """Every index of consistency, per node and expert, and of the group's matrices."""
        return ModelConsistency(
            tuple(
                (node, expert, found)
                for node, comparison in self.comparisons.items()
                for expert, found in comparison.consistency(self.document).items()
            )
        )

    def review(self) -> ModelReview:
        """Which judgments to take back to which expert, and the smallest change that would do.

        Examples
        --------
        >>> model = Model(
        ...     hierarchy={"value": ["sales", "credit", "growth"]},
        ...     judgments={
        ...         "consistency": {"limit": 0.2},
        ...         "experts": {"ann": {}},
        ...         "comparisons": {"value": {"ann": [[2, 4], [4]]}},
        ...     },
        ... )
        >>> model.review().of("ann", "value")
        Judgments of ann on value
        judgment          given  would fit  exactly  GCI falls by  at most by
        ----------------  -----  ---------  -------  ------------  ----------
        sales vs credit       2          1    1.000        0.1602      0.1602
        sales vs growth       4          8    8.000        0.1602      0.1602
        credit vs growth      4          2    2.000        0.1602      0.1602
        GCI 0.1602 (limit 0.31)
        """
        from ahpvalue.experts import review_of

        return review_of(self.document, self.comparisons)

    def accept(
        self,
        expert: str,
        node: str,
        answers: Mapping[Any, Any],
        *,
        by: str,
        day: date | str | None = None,
        note: str = "",
    ) -> Model:
        """The model with an expert's answers changed, and the change on record.

        Parameters
        ----------
        expert, node : str
        answers : mapping
            Pair to new answer, ``{"sales vs credit": "1/2"}``, such as `MatrixReview.proposal`.
        by : str
            Who agreed to it.
        day : date or str, optional
            When; today when left out.
        note : str
            Why.

        Returns
        -------
        Model
            Its document holds, under ``judgments.changes``, the old answer, the new one, who
            and when. `save` writes it, `save_expert` the expert's own file.

        Raises
        ------
        ModelError, JudgmentError
            The expert did not answer that node, an answer is no judgment, nobody is named, or
            nothing changes.
        """
        from ahpvalue.experts import accepted

        comparison = self.comparisons.get(node)
        data = accepted(self.document, comparison, node, expert, answers, by=by, day=day, note=note)
        return Model._from_draft(draft_of(data))

    def expert_yaml(self, expert: str) -> str:
        """An expert's own file: the answers as they stand, and what was changed in them."""
        from ahpvalue.experts import expert_data

        return yaml_of(expert_data(self.document, self.comparisons, expert))

    def save_expert(self, expert: str, path: str | os.PathLike[str]) -> None:
        """Write an expert's own file, which a model names under ``judgments.experts``."""
        with written_whole(FilePath(path)) as unfinished:
            unfinished.write_text(self.expert_yaml(expert), encoding="utf-8")

    def consensus(self) -> ModelConsensus:
        """How far the experts agree, per node and over the hierarchy, and who with whom.

        Examples
        --------
        >>> template("retail-terminal").consensus().nodes[0].experts
        ('regional_manager', 'credit_officer', 'field_representative')
        """
        from ahpvalue.experts import consensus_of

        return consensus_of(self.document, self.hierarchy, self.comparisons, self._local)

    def uncertainty(
        self,
        draws: int = 1_000,
        seed: int = 20261122,
        *,
        within: float = 0.5,
        experts: bool = True,
        quantiles: Sequence[float] = (0.05, 0.5, 0.95),
    ) -> WeightUncertainty:
        """How sure the weights are: quantiles over judgments and experts drawn at random.

        Parameters
        ----------
        draws, seed : int
            The same seed gives the same numbers.
        within : float
            Every judgment is drawn uniformly within so many steps of the scale, all nodes
            and experts at once: an answer of 3 stands for what is rounded to 3.
        experts : bool
            Whether experts are resampled as well (Bayesian bootstrap, Rubin 1981).
        quantiles : sequence of float

        Examples
        --------
        >>> found = template("retail-terminal").uncertainty(draws=200)
        >>> bool(found["integrity"][0] < found.weights["integrity"] < found["integrity"][-1])
        True
        """
        from ahpvalue.experts import Sources, uncertainty_of

        return uncertainty_of(
            self.document,
            self.hierarchy,
            self.comparisons,
            self._local,
            draws,
            seed,
            Sources(within, experts),
            quantiles,
        )

    def weight_draws(
        self,
        draws: int = 1_000,
        seed: int = 20261122,
        *,
        within: float = 0.5,
        experts: bool = True,
    ) -> Iterator[dict[str, NDArray[np.float64]]]:
        """The draws behind `uncertainty`, a batch at a time.

        Yields
        ------
        dict of str to ndarray, shape (draws of the batch, children)
            Criterion -> local priorities of its children, in the order of the hierarchy.
        """
        from ahpvalue.experts import Sources, weight_draws

        return weight_draws(
            self.document,
            self.hierarchy,
            self.comparisons,
            self._local,
            draws,
            seed,
            Sources(within, experts),
        )

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
        total = self.hierarchy.global_priorities(self._local, synthesis)
        return Weights(
            self.hierarchy,
            {
                node: dict(zip(self.hierarchy.children[node], weights.tolist(), strict=True))
                for node, weights in self._local.items()
            },
            {node: float(weight) for node, weight in total.items()},
            synthesis,
            {node: self.label(node, language) for node in self.hierarchy.nodes},
        )

    def objective(self) -> Table:
        """Where customers' figures help to decide weights: the experts', the figures', together."""
        return objective_table(self.document, self.hierarchy, self.comparisons)

    def label(self, node: str, language: str | None = None) -> str:
        """What a node is called in a language; its name when nothing else is known."""
        return self.document.labels.get(node, {}).get(language or "", node)

    # -- scoring -----------------------------------------------------------------------------

    @property
    def is_fitted(self) -> bool:
        """Whether nothing depends on a reference population (any more)."""
        return not (unfitted(self.document) or waiting(self.document))

    @property
    def reference_hash(self) -> str:
        """Hash of the reference population; empty for a model that was not fitted."""
        return "" if self.document.reference is None else self.document.reference.hash

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
        if self.document.reference is not None:
            raise ModelError(
                f"this model is fitted already (reference {self.reference_hash}); fit the model "
                f"it was made from (hash {self.document.reference.model})"
            )
        fitted = fitted_document(self.document, reference, periods)
        fitted = self._with_objective_weights(fitted, reference)
        return Model._from_draft(draft_of(self._with_lines(fitted, reference)))

    def _with_objective_weights(self, fitted: ModelDocument, reference: Any) -> ModelDocument:
        if fitted.judgments.objective is None:
            return fitted
        data = plain(fitted)
        data["judgments"]["objective"]["weights"] = objective_weights(
            fitted, self.hierarchy, self._plan_of(fitted), tables_of(reference)
        )
        return draft_of(data).refuse_problems()

    def _with_lines(self, fitted: ModelDocument, reference: Any) -> dict[str, Any]:
        """A fitted document's data with the lines of tiers and grids drawn."""
        data = plain(fitted)
        if fitted.tiers is None and fitted.segments is None:
            return data
        plan = self._plan_of(fitted)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CustomerDataWarning)  # said by fit already
            scores = [score_customers(plan, table) for table in tables_of(reference)]
        return with_lines(
            fitted,
            data,
            lambda name: np.concatenate([one.active.pick(one.figures(name)) for one in scores]),
        )

    def _plan_of(self, fitted: ModelDocument) -> Plan:
        local = local_priorities(fitted, self.hierarchy, self.comparisons)
        return build_plan(fitted, self.hierarchy, local, self.comparisons)

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
            polars, pyarrow and other eager frames narwhals knows, or NumPy arrays.
        outputs : sequence of str, optional
            The columns wanted; left out, all of them: total, every criterion, coverage (in
            total and per criterion), rank, percentile, status, hashes.
        threads : int, optional
            How many threads to use; left out, one per processor for large tables.
        progress : callable, optional
            Called with the number of customers scored since the last call.

        Returns
        -------
        Scores
            `Scores.frame` is the kind of table that was given.

        Raises
        ------
        ModelError
            The model must be fitted first.
        CustomerDataError
            Lists the columns that are not there, hold something else than figures, are
            infinite, or are missing where the model refuses it, with the customers.
        """
        return score_customers(
            self.plan,
            customers,
            outputs=outputs,
            model_hash=self.hash,
            reference_hash=self.reference_hash,
            threads=threads,
            progress=progress,
            model=self,
        )

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
        from ahpvalue.evaluation.shift import shift_of

        return shift_of(self, customers)

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
        from ahpvalue.evaluation.sensitivity import sensitivity_of

        return sensitivity_of(self, customers, share, seed)

    @cached_property
    def plan(self) -> Plan:
        """The model as plain numbers, ready for an engine."""
        self._need_indicators("score")
        waiting = unfitted(self.document)
        if waiting:
            raise ModelError(
                f"{', '.join(waiting)} depend on a reference population: fit the model first "
                "(model.fit(reference); on the command line 'ahpvalue fit' or 'score --fit')"
            )
        return build_plan(self.document, self.hierarchy, self._local, self.comparisons)

    def _need_indicators(self, verb: str) -> None:
        if not self.document.indicators:
            raise ModelError(
                f"this model has no section indicators, which says how to {verb} customers"
            )

    # -- the document ------------------------------------------------------------------------

    def to_yaml(self) -> str:
        """The model document as YAML, experts' own files taken in."""
        return to_yaml(self.document)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the document; `load_model` reads back the same model, hash included."""
        with written_whole(FilePath(path)) as unfinished:
            unfinished.write_text(self.to_yaml(), encoding="utf-8")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Model) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

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


def _left_files(document: ModelDocument) -> list[Problem]:
    return [
        Problem(
            "an expert's own file is read by load_model, beside the model's file",
            ("judgments", "experts", name, "file"),
        )
        for name, expert in document.judgments.experts.items()
        if expert.file
    ]


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
    """
    return Model._from_draft(read_draft(FilePath(path)))


def template_names() -> list[str]:
    """The ready models that come with the package."""
    return sorted(folder.name for folder in _TEMPLATES.iterdir() if folder.is_dir())


def template(name: str) -> Model:
    """A ready model; its judgments are invented and labelled so.

    Examples
    --------
    >>> template("retail-terminal").hierarchy.goal
    'value'
    """
    return load_model(template_folder(name) / "model.yaml")


def template_folder(name: str) -> FilePath:
    """Where a template's files are."""
    if name not in template_names():
        raise AhpValueError(f"there is no template {name!r}{did_you_mean(name, template_names())}")
    return _TEMPLATES / name
