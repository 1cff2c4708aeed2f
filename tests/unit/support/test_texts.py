"""The texts people read: the same in every language, and no others."""

from string import Formatter

import pytest

import ahpvalue as av
from ahpvalue.support.texts import LANGUAGES, catalogue, check_language, say

CATALOGUES = ("REVIEW", "QUESTIONNAIRE", "CUSTOMER", "STATUS")


def placeholders(text):
    """Every placeholder of a text, or of each text of a list."""
    texts = [text] if isinstance(text, str) else text
    return [sorted(name for _, name, *_ in Formatter().parse(one) if name) for one in texts]


@pytest.mark.parametrize("name", CATALOGUES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_placeholders(name, language):
    english, other = catalogue(name, "en"), catalogue(name, language)
    assert list(other) == list(english)
    for key, text in english.items():
        assert placeholders(other[key]) == placeholders(text), key


def test_english_and_chinese_are_there():
    assert set(LANGUAGES) >= {"en", "zh"}


def test_a_text_has_its_parts_filled_in():
    assert say("REVIEW", "en", "pair", a="sales", b="credit") == "sales vs credit"


@pytest.mark.parametrize("language", ["fr", "EN", "", None, 3])
def test_an_unknown_language_is_refused_with_those_there_are(language):
    with pytest.raises(av.AhpValueError, match="the languages are en and zh"):
        check_language(language)


def test_one_sentence_refuses_an_unknown_language_wherever_it_is_asked_for():
    model = av.template("retail-terminal")
    doors = (
        lambda: model.review().sentences(language="fr"),
        lambda: model.review().rows[0].sentences(language="fr"),
        lambda: av.questionnaire(model, "credit_officer", language="fr"),
    )
    said = set()
    for door in doors:
        with pytest.raises(av.AhpValueError) as refused:
            door()
        said.add(str(refused.value))
    assert said == {"there are no texts in the language 'fr'; the languages are en and zh"}


def test_a_language_is_given_by_name():
    review = av.template("retail-terminal").review()
    with pytest.raises(TypeError):
        review.sentences("credit_officer", "zh")
