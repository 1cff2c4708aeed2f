"""What a person reads of questions, of answers that came back, and of one mistake per door.

The texts lie beside this file; see test_displays.py for how to write them anew.
"""

import os
from pathlib import Path

import openpyxl
import pytest

import ahpvalue as av

HERE = Path(__file__).parent


def with_one_mistake_each(folder):
    """The template's three experts answer in three forms, each with a mistake of its own."""
    model = av.template("retail-terminal")
    table = av.questionnaire(model, "credit_officer", "csv", with_answers=True).decode("utf-8-sig")
    table = table.replace(",integrity,cooperation,5,", ",integrity,cooperation,5-Jan,")
    (folder / "credit_officer.csv").write_text(table, encoding="utf-8-sig", newline="")
    book = folder / "field_representative.xlsx"
    book.write_bytes(av.questionnaire(model, "field_representative", "xlsx", with_answers=True))
    opened = openpyxl.load_workbook(book)
    opened.worksheets[0]["F6"] = 0.33
    opened.save(book)
    (folder / "regional_manager.yaml").write_text(
        f'expert: "regional_manager"\nmodel: "{model.questions.hash}"\njudgments:\n'
        "  growth:\n"
        "    sales_growth vs management: 3\n"
        "    sales_growth vs informatisation: 9\n"
        "    management vs informatisation: 5\n"
        "    informatisation vs resource: 2\n"
        "    sales_growth vs resources: 1/9\n",
        encoding="utf-8",
    )
    return av.collect(folder, model)


def displays(folder):
    found = with_one_mistake_each(folder)
    refused = "\n".join(map(str, found.refused)).replace(f"{folder}/", "")
    return {
        "questions.txt": str(av.template("retail-terminal").questions),
        "collection.txt": str(found),
        "refused_answers.txt": refused,
    }


@pytest.mark.parametrize("name", ["questions.txt", "collection.txt", "refused_answers.txt"])
def test_a_display_is_what_it_was(name, tmp_path):
    shown, kept = displays(tmp_path)[name] + "\n", HERE / name
    if os.environ.get("AHPVALUE_RENEW"):
        kept.write_text(shown, encoding="utf-8")
    assert shown == kept.read_text(encoding="utf-8")
