"""Questionnaires out to the experts, and their answers in.

Out: a page, a workbook or a table, all made from one `Form`. In: whatever came back, checked
answer by answer against what was asked.
"""

from ahpvalue.questionnaires.collect_answers import collect
from ahpvalue.questionnaires.collection import Answered, Collection
from ahpvalue.questionnaires.design import QuestionDesign, design_questions
from ahpvalue.questionnaires.make_questionnaire import FORMS, load_questions, questionnaire

__all__ = [
    "FORMS",
    "Answered",
    "Collection",
    "QuestionDesign",
    "collect",
    "design_questions",
    "load_questions",
    "questionnaire",
]
