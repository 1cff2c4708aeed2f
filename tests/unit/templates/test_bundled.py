"""The ready models that come with the package."""

import pytest

import ahpvalue as av
from ahpvalue.templates import template_folder, template_names


def test_every_template_loads_and_its_judgments_hold_together():
    assert template_names() == ["retail-terminal"]
    for name in template_names():
        model = av.template(name)
        assert all(found.cr < 0.10 for *_, found in model.consistency().rows)
        assert sum(model.weights()[x] for x in model.hierarchy.leaves) == pytest.approx(1)


def test_a_template_says_that_its_judgments_are_invented():
    for name in template_names():
        experts = av.template(name).document.judgments.experts
        assert all("invented" in expert.name for expert in experts.values())


def test_a_name_that_is_not_there_is_refused_with_the_nearest_one():
    with pytest.raises(av.AhpValueError, match="did you mean 'retail-terminal'"):
        template_folder("retail-terminals")
