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

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ahpvalue.document import Questions
    from ahpvalue.errors import (
        AhpValueError,
        ConsistencyWarning,
        CustomerDataError,
        CustomerDataWarning,
        EngineWarning,
        JudgmentError,
        MissingExtraError,
        ModelError,
        Problem,
    )
    from ahpvalue.evaluation import History, concentration, season_of
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
    from ahpvalue.model import Model, load_model
    from ahpvalue.questionnaires import (
        Collection,
        QuestionDesign,
        collect,
        design_questions,
        load_questions,
        questionnaire,
    )
    from ahpvalue.ready import template, template_names
    from ahpvalue.results import ModelConsistency, Weights
    from ahpvalue.scoring import LazyScores, Scores
    from ahpvalue.tables import Table

__version__ = "0.1.0"

__all__ = [
    "METHODS",
    "RANDOM_INDICES",
    "SCALES",
    "AhpValueError",
    "Collection",
    "Consistency",
    "ConsistencyWarning",
    "CustomerDataError",
    "CustomerDataWarning",
    "EngineWarning",
    "Hierarchy",
    "History",
    "JudgmentError",
    "LazyScores",
    "MissingExtraError",
    "Model",
    "ModelConsistency",
    "ModelError",
    "PairwiseMatrix",
    "Priorities",
    "Problem",
    "QuestionDesign",
    "Questions",
    "Scores",
    "Table",
    "Weights",
    "aggregate_judgments",
    "aggregate_priorities",
    "apply_scale",
    "collect",
    "concentration",
    "consistency_ratio",
    "design_questions",
    "load_model",
    "load_questions",
    "priorities",
    "questionnaire",
    "random_index",
    "season_of",
    "simulate_random_index",
    "template",
    "template_names",
]

# Rooms are entered on first use, so that whoever only compares pays for no document and no
# scoring. In this order; a name's room is the first that has it.
_ROOMS = (
    "errors",
    "judgments",
    "hierarchy",
    "model",
    "ready",
    "results",
    "scoring",
    "tables",
    "document",
    "questionnaires",
    "evaluation",
)


def __getattr__(name: str) -> Any:
    if name in __all__:
        for room in _ROOMS:
            value = getattr(import_module(f"ahpvalue.{room}"), name, None)
            if value is not None:
                globals()[name] = value
                return value
    raise AttributeError(f"module 'ahpvalue' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
