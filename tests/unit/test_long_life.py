"""What lives long: every result in another process, threads side by side, memory that stays."""

import gc
import hashlib
import multiprocessing
import pickle
import sys
import tracemalloc
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.support.display import Result

CUSTOMERS = 300


def customers(seed=1):
    return av.synthetic_customers(CUSTOMERS, seed=seed)


@cache
def fitted():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return av.template("retail-terminal").fit(customers())


def results():
    """Every kind of result there is, by the name of its class."""
    model = fitted()
    before, now = model.score(customers()), model.score(customers(2))
    tiers = before.tiers(period="2026Q1")
    later = now.tiers(tiers, period="2026Q2")
    below = now.ids[int(np.flatnonzero(later.level == len(later.names) - 1)[0])]
    asked = model.questions
    return [
        model,
        model.hierarchy,
        model.weights(),
        model.consistency(),
        model.experts.review(),
        model.experts.review().rows[0],
        model.experts.consensus(),
        model.experts.uncertainty(draws=50),
        asked,
        av.design_questions(asked, 2),
        before,
        now.contributions,
        tiers,
        now.compare(before, tiers=later, previous_tiers=tiers),
        now.explain(now.ids[0], tiers=later),
        now.path_up(below, tiers=later),
        now.paths_up(later),
        now.robustness(draws=50),
        now.stability(),
        now.segments(later),
        now.core("monthly_order"),
        now.concentration("monthly_order"),
        now.record("run", "2026Q2", tiers=later),
        model.shift(customers(2)),
        model.sensitivity(customers(2)),
        av.PairwiseMatrix([[1, 3], [1 / 3, 1]], labels=["a", "b"]),
        av.random_index(5),
    ]


def test_every_result_can_be_sent_to_another_process():
    for result in results():
        again = pickle.loads(pickle.dumps(result))
        assert type(again) is type(result)
        if isinstance(result, Result):
            assert str(again) == str(result)
            assert again._repr_html_() == result._repr_html_()


def test_a_history_can_be_sent_to_another_process(tmp_path):
    history = av.History(tmp_path / "history.sqlite")
    scores = fitted().score(customers())
    tiers = scores.tiers(period="2026Q1")
    history.write(scores.record("run", "2026Q1", tiers=tiers))
    again = pickle.loads(pickle.dumps(history))
    assert again.periods() == ["2026Q1"]
    kept = again.tiers("2026Q1", fitted())
    assert list(scores.tiers(kept, period="2026Q2").level) == list(tiers.level)


def bits(seed):
    scores = fitted().score(customers(seed))
    return hashlib.sha256(scores.values("value").tobytes()).hexdigest()


def test_eight_threads_give_what_one_gives():
    seeds = list(range(1, 9)) * 3
    wanted = [bits(seed) for seed in seeds]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(bits, seeds)) == wanted


@pytest.mark.parametrize("way", ["fork", "spawn", "forkserver"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot fork")
def test_a_process_of_its_own_gives_the_same(way):
    model = fitted()
    with multiprocessing.get_context(way).Pool(1) as pool:
        found = pool.apply(_score, (pickle.dumps(model), customers()))
    assert found == model.score(customers()).values("value").tobytes()


def _score(model, table):
    return pickle.loads(model).score(table).values("value").tobytes()


def test_scoring_again_and_again_holds_no_memory():
    """The long run is `python -m tests.reliability.soak`."""
    model, table = fitted(), {name: column[:5] for name, column in customers().items()}
    for _ in range(20):
        model.score(table)
    tracemalloc.start()
    try:
        gc.collect()
        start = tracemalloc.get_traced_memory()[0]
        for _ in range(200):
            model.score(table).tiers()
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - start
    finally:
        tracemalloc.stop()
    assert grown < 50_000
    assert np.isfinite(model.score(table).values("value")).any()
