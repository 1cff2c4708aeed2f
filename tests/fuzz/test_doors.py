"""The first cases of every door; ``python -m tests.fuzz`` runs as many as there is time for."""

import pytest

from tests.fuzz.doors import DOORS
from tests.fuzz.harness import run_case

CASES = {"documents": 60, "command_line": 8, "answers": 25}


@pytest.mark.parametrize("name", DOORS)
def test_a_door_answers_bad_input_with_a_sentence(name):
    found = [run_case(DOORS[name], number) for number in range(CASES.get(name, 40))]
    assert not any(found), "\n".join(str(one) for one in found if one)
