"""Scoring: the plan, the NumPy kernel, customers' tables in and out, and the scores."""

from ahpvalue.scoring.frames import Customers, Wanted, read_customers
from ahpvalue.scoring.kernel import score_figures
from ahpvalue.scoring.plan import Levels, Plan, PlanIndicator, PlanNode, Segments
from ahpvalue.scoring.scores import Scores, score_customers

__all__ = [
    "Customers",
    "Levels",
    "Plan",
    "PlanIndicator",
    "PlanNode",
    "Scores",
    "Segments",
    "Wanted",
    "read_customers",
    "score_customers",
    "score_figures",
]
