"""Scoring: the plan, the NumPy kernel, customers' tables in and out, and the scores."""

from ahpvalue.scoring.active import active_customers
from ahpvalue.scoring.answers import STANDINGS, columns_read
from ahpvalue.scoring.conditions import Activity, Requirement, Rule, holds
from ahpvalue.scoring.frames import Customers, Wanted
from ahpvalue.scoring.kernel import score_figures
from ahpvalue.scoring.lazy import LazyCustomers, LazyScores, lazy_frame, plan_as_sql
from ahpvalue.scoring.lazy_check import LazyCheck, tally
from ahpvalue.scoring.peers import peer_values, prefixes
from ahpvalue.scoring.plan import Levels, PeerPlan, Plan, PlanIndicator, PlanNode, Segments
from ahpvalue.scoring.readers import category_names, read_customers
from ahpvalue.scoring.run import chosen_outputs, output_names, refuse_doubtful_ids
from ahpvalue.scoring.scores import Scores, inputs_table, score_customers

__all__ = [
    "STANDINGS",
    "Activity",
    "Customers",
    "LazyCheck",
    "LazyCustomers",
    "LazyScores",
    "Levels",
    "PeerPlan",
    "Plan",
    "PlanIndicator",
    "PlanNode",
    "Requirement",
    "Rule",
    "Scores",
    "Segments",
    "Wanted",
    "active_customers",
    "category_names",
    "chosen_outputs",
    "columns_read",
    "holds",
    "inputs_table",
    "lazy_frame",
    "output_names",
    "peer_values",
    "plan_as_sql",
    "prefixes",
    "read_customers",
    "refuse_doubtful_ids",
    "score_customers",
    "score_figures",
    "tally",
]
