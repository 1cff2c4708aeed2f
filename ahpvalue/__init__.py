"""Customer value by the Analytic Hierarchy Process: experts' judgments in, scores out.

Usage::

    import ahpvalue as av

    model = av.load_model("model.yaml")     # or av.template("retail-terminal")
    model.consistency()                     # how far the experts agree with themselves
    model.weights()                         # what they find important
    fitted = model.fit(last_year)           # freeze what depends on a population
    scores = fitted.score(customers)        # any data frame
    scores.frame                            # the same kind of frame, with the scores
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahpvalue.compiling import ModelConsistency, Weights
    from ahpvalue.demo import synthetic_customers
    from ahpvalue.document import ModelDocument, Questions, json_schema
    from ahpvalue.errors import (
        AhpValueError,
        ConsistencyWarning,
        CustomerDataError,
        CustomerDataWarning,
        DocumentWarning,
        EngineWarning,
        FewCustomersWarning,
        JudgmentError,
        MissingExtraError,
        ModelError,
        Problem,
    )
    from ahpvalue.evaluation.change import Movements
    from ahpvalue.evaluation.concentration import Concentration, concentration
    from ahpvalue.evaluation.core import Core
    from ahpvalue.evaluation.explain import Explanation, PathUp
    from ahpvalue.evaluation.record import History, Record
    from ahpvalue.evaluation.recourse import Paths
    from ahpvalue.evaluation.robustness import Robustness, Sensitivity, Stability
    from ahpvalue.evaluation.segments import Segmentation
    from ahpvalue.evaluation.shift import Shift
    from ahpvalue.evaluation.tiers import Tiers
    from ahpvalue.experts import MatrixReview, ModelConsensus, ModelReview, WeightUncertainty
    from ahpvalue.hierarchy import Hierarchy
    from ahpvalue.judgments import (
        METHODS,
        RANDOM_INDICES,
        SCALES,
        Consistency,
        PairwiseMatrix,
        Priorities,
        aggregate_judgments,
        aggregate_priorities,
        apply_scale,
        consistency_ratio,
        priorities,
        random_index,
        simulate_random_index,
    )
    from ahpvalue.lazy_scores import LazyScores
    from ahpvalue.model import Model, load_model
    from ahpvalue.questionnaires import (
        Collection,
        QuestionDesign,
        collect,
        design_questions,
        load_questions,
        questionnaire,
    )
    from ahpvalue.scores import Scores
    from ahpvalue.scoring import ScoredFiles
    from ahpvalue.support.display import Table
    from ahpvalue.support.periods import season_of
    from ahpvalue.templates import template, template_names
    from ahpvalue.transactions import calendar_periods, from_transactions

__version__ = "0.1.0"

__all__ = [
    "METHODS",
    "RANDOM_INDICES",
    "SCALES",
    "AhpValueError",
    "Collection",
    "Concentration",
    "Consistency",
    "ConsistencyWarning",
    "Core",
    "CustomerDataError",
    "CustomerDataWarning",
    "DocumentWarning",
    "EngineWarning",
    "Explanation",
    "FewCustomersWarning",
    "Hierarchy",
    "History",
    "JudgmentError",
    "LazyScores",
    "MatrixReview",
    "MissingExtraError",
    "Model",
    "ModelConsensus",
    "ModelConsistency",
    "ModelDocument",
    "ModelError",
    "ModelReview",
    "Movements",
    "PairwiseMatrix",
    "PathUp",
    "Paths",
    "Priorities",
    "Problem",
    "QuestionDesign",
    "Questions",
    "Record",
    "Robustness",
    "ScoredFiles",
    "Scores",
    "Segmentation",
    "Sensitivity",
    "Shift",
    "Stability",
    "Table",
    "Tiers",
    "WeightUncertainty",
    "Weights",
    "aggregate_judgments",
    "aggregate_priorities",
    "apply_scale",
    "calendar_periods",
    "collect",
    "concentration",
    "consistency_ratio",
    "design_questions",
    "from_transactions",
    "json_schema",
    "load_model",
    "load_questions",
    "priorities",
    "questionnaire",
    "random_index",
    "season_of",
    "simulate_random_index",
    "synthetic_customers",
    "template",
    "template_names",
]

# The room of every public name. A room is entered on first use, so that whoever only compares
# pays for no document and no scoring.
_ROOMS = {
    "errors": (
        "AhpValueError ConsistencyWarning CustomerDataError CustomerDataWarning "
        "DocumentWarning EngineWarning FewCustomersWarning JudgmentError "
        "MissingExtraError ModelError Problem"
    ),
    "judgments": (
        "aggregate_judgments aggregate_priorities apply_scale Consistency "
        "consistency_ratio METHODS PairwiseMatrix Priorities priorities random_index "
        "RANDOM_INDICES SCALES simulate_random_index"
    ),
    "hierarchy": "Hierarchy",
    "document": "json_schema ModelDocument Questions",
    "transactions": "calendar_periods from_transactions",
    "compiling": "ModelConsistency Weights",
    "scoring": "ScoredFiles",
    "scores": "Scores",
    "lazy_scores": "LazyScores",
    "experts": "MatrixReview ModelConsensus ModelReview WeightUncertainty",
    "evaluation.tiers": "Tiers",
    "evaluation.segments": "Segmentation",
    "evaluation.concentration": "Concentration concentration",
    "evaluation.core": "Core",
    "evaluation.change": "Movements",
    "evaluation.explain": "Explanation PathUp",
    "evaluation.recourse": "Paths",
    "evaluation.robustness": "Robustness Sensitivity Stability",
    "evaluation.shift": "Shift",
    "evaluation.record": "History Record",
    "model": "load_model Model",
    "questionnaires": (
        "collect Collection design_questions load_questions QuestionDesign questionnaire"
    ),
    "templates": "template template_names",
    "demo": "synthetic_customers",
    "support.display": "Table",
    "support.periods": "season_of",
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'ahpvalue' has no attribute {name!r}")
    value: object = getattr(_import_module(f"ahpvalue.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
