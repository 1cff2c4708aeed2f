"""Text for spreadsheets: never a formula, and the same text when it comes back."""

import csv

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ahpvalue as av
from ahpvalue.questionnaires import questionnaire
from ahpvalue.support.formula_guard import guarded, unguarded

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.mark.parametrize("start", STARTS)
def test_what_starts_like_a_formula_is_guarded(start):
    assert guarded(f"{start}cmd|' /c calc'!A1") == f"'{start}cmd|' /c calc'!A1"


@given(st.text() | st.tuples(st.sampled_from([*STARTS, "'", "''"]), st.text()).map("".join))
def test_every_text_comes_back_as_it_was(text):
    assert not guarded(text).startswith(STARTS)
    assert unguarded(guarded(text)) == text


def labelled(label):
    """A model one of whose criteria has this label."""
    return av.Model(
        hierarchy={"value": ["a", "b"]},
        labels={"a": {"en": label}},
        judgments={"experts": {"ann": {}}, "comparisons": {"value": {"ann": [["3"]]}}},
    )


@pytest.mark.parametrize("start", STARTS[:5])
def test_no_cell_of_a_questionnaire_is_a_formula(tmp_path, start):
    label = f"{start}1+1"
    table = questionnaire(labelled(label), "ann", "csv").decode("utf-8-sig")
    for row in csv.reader(table.splitlines()):
        assert not [cell for cell in row if cell.startswith(STARTS)]
    if start in "\t\r":
        return  # no workbook holds these
    (tmp_path / "a.xlsx").write_bytes(questionnaire(labelled(label), "ann", "xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert label in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
