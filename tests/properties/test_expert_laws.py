"""Laws of missing judgments, scales, groups, repair and uncertainty."""

from itertools import combinations, pairwise

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import ahpvalue as av
from ahpvalue.judgments import Derivation
from ahpvalue.judgments.agreement import clusters, compatibility, consensus, homogeneity, spread
from ahpvalue.judgments.connectivity import compared, connected, is_tree, islands
from ahpvalue.judgments.consistency import geometric_consistency_index
from ahpvalue.judgments.incomplete import COMPLETIONS, completed, least_squares
from ahpvalue.judgments.pair_choice import choose_pairs
from ahpvalue.judgments.prioritization import principal_eigenvector
from ahpvalue.judgments.repair_search import Measure, repair, xu_wei
from ahpvalue.judgments.revision import influences
from ahpvalue.judgments.sampling import draw_answers, resample_experts, tomashevskii_errors
from ahpvalue.judgments.scales import ANSWERS, SCALES, nearest_answer
from ahpvalue.value_functions import combine_weights, critic_weights, entropy_weights

from .test_judgment_laws import METHODS, batches, matrices, near

WAYS = [(method, way) for method, ways in COMPLETIONS.items() for way in ways]
answers = st.sampled_from([float(x) for x in ANSWERS])
seeds = st.integers(0, 2**32 - 1)


@st.composite
def gappy(draw, least=3, most=8, values=answers):
    """A connected matrix of answers of which any that are not needed may be missing."""
    n = draw(st.integers(least, most))
    matrix = draw(matrices(n, values))
    pairs = list(combinations(range(n), 2))
    order = draw(st.permutations(pairs))
    wanted = draw(st.integers(0, len(pairs) - (n - 1)))
    for i, j in order:
        if np.isnan(matrix).sum() // 2 == wanted:
            break
        kept = matrix[i, j], matrix[j, i]
        matrix[i, j] = matrix[j, i] = np.nan
        if not connected(compared(matrix)):
            matrix[i, j], matrix[j, i] = kept
    return matrix


weights_of = st.lists(st.floats(0.02, 1), min_size=3, max_size=8).map(
    lambda w: np.array(w) / sum(w)
)


# -- missing judgments -----------------------------------------------------------------------


@given(gappy(), st.sampled_from(WAYS))
def test_priorities_of_incomplete_judgments_are_shares_and_follow_the_labels(matrix, how):
    w = av.priorities(matrix, *how)
    assert w.sum() == near(1)
    assert (w > 0).all()
    turned = np.arange(len(w))[::-1]
    assert av.priorities(matrix[np.ix_(turned, turned)], *how) == near(w[turned], 1e-7)


@given(weights_of, seeds, st.sampled_from(WAYS))
def test_judgments_without_contradiction_give_their_weights_whatever_is_missing(w, seed, how):
    w = w**3 / (w**3).sum()  # ratios far beyond the scale, too
    n = len(w)
    full = w[:, None] / w[None, :]
    rng = np.random.default_rng(seed)
    questions = int(rng.integers(n - 1, n * (n - 1) // 2 + 1))
    asked = np.eye(n, dtype=bool)
    for i, j in choose_pairs(n, questions):
        asked[i, j] = asked[j, i] = True
    matrix = np.where(asked, full, np.nan)
    assert av.priorities(matrix, *how) == near(w, 1e-7)
    held = av.PairwiseMatrix(matrix).consistency()
    assert held.ci == near(0, 1e-9)
    assert held.gci == near(0, 1e-9)
    assert held.worst is None or held.cr == near(0, 1e-6)


@given(st.lists(answers, min_size=2, max_size=11), st.sampled_from(WAYS))
def test_a_chain_of_judgments_is_answered_exactly_however_extreme(chain, how):
    n = len(chain) + 1
    matrix = np.full((n, n), np.nan)
    np.fill_diagonal(matrix, 1)
    for k, answer in enumerate(chain):
        matrix[k, k + 1], matrix[k + 1, k] = answer, 1 / answer
    w = av.priorities(matrix, *how)
    assert w[:-1] / w[1:] == near(np.array(chain), 1e-10)
    assert np.isnan(av.consistency_ratio(matrix))
    assert av.PairwiseMatrix(matrix).consistency().verdict == "not testable"


def test_nine_nines_over_ten_items_are_exact():
    """A peer's search for the same answer does not end in ten minutes."""
    chain = {(f"i{k}", f"i{k + 1}"): 9 for k in range(9)}
    w = av.PairwiseMatrix.from_judgments(chain).priorities().weights
    assert w == near(9.0 ** -np.arange(10) / (9.0 ** -np.arange(10)).sum())


@given(gappy())
def test_completion_keeps_what_was_given_and_nothing_contradicts_less(matrix):
    known = compared(matrix)
    assume(not is_tree(known))
    full = completed(matrix)
    assert (full[known] == matrix[known]).all()
    assert full * full.T == near(np.ones_like(full), 1e-14)
    # lambda is convex in the logarithms: no small step may lower it.
    least = principal_eigenvector(full)[1]
    for i, j in np.argwhere(np.triu(~known)):
        for factor in (0.99, 1.01):
            other = full.copy()
            other[i, j] = full[i, j] * factor
            other[j, i] = 1 / other[i, j]
            assert principal_eigenvector(other)[1] >= least - 1e-9


@given(gappy(), st.floats(-1e-4, 1e-4))
def test_weights_move_no_further_than_the_answers(matrix, step):
    """No jump: a change of one answer by a factor e^t moves the logarithms by some t."""
    known = np.argwhere(np.triu(compared(matrix), 1))
    i, j = known[0]
    moved = matrix.copy()
    moved[i, j] *= np.exp(step)
    moved[j, i] /= np.exp(step)
    before, after = (np.log(principal_eigenvector(completed(m))[0]) for m in (matrix, moved))
    assert np.abs(after - before).max() <= 5 * abs(step) + 1e-9


@given(gappy())
def test_least_squares_is_the_least_sum_of_squares(matrix):
    logs = np.log(least_squares(matrix))

    def squares(y):
        return np.nansum((np.log(matrix) - (y[:, None] - y[None, :])) ** 2)

    best = squares(logs)
    for k in range(len(logs)):
        for step in (-0.01, 0.01):
            other = logs.copy()
            other[k] += step
            assert squares(other) >= best - 1e-12


@given(batches(2, n=st.integers(3, 7), values=answers), gappy(5, 5), st.sampled_from(WAYS))
def test_a_result_does_not_depend_on_the_batch(batch, matrix, how):
    n = batch.shape[-1]
    mixed = np.concatenate([batch, batch[:1]])
    mixed[0, 0, n - 1] = mixed[0, n - 1, 0] = np.nan
    together = av.priorities(mixed, *how)
    for one, w in zip(mixed, together, strict=True):
        assert (av.priorities(one, *how) == w).all()
    pair = np.array([matrix, np.ones((5, 5))])
    assert (av.priorities(pair, *how)[0] == av.priorities(matrix, *how)).all()


@given(gappy(2, 7), seeds)
def test_a_graph_is_connected_when_it_has_one_island(matrix, seed):
    rng = np.random.default_rng(seed)
    known = compared(matrix) & (rng.random(matrix.shape) < 0.7)
    known = (known & known.T) | np.eye(len(known), dtype=bool)
    found = islands(known)
    assert connected(known) == (len(found) == 1)
    assert sorted(k for island in found for k in island) == list(range(len(known)))
    for one, other in combinations(found, 2):
        assert not known[np.ix_(one, other)].any()


@given(gappy())
def test_the_random_index_falls_with_every_missing_judgment(matrix):
    n = len(matrix)
    for table in ("alonso-lamata", "simulated"):
        series = [av.random_index(n, table, missing=m).value for m in range((n - 1) * (n - 2) // 2)]
        assert all(later < before for before, later in pairwise(series))
        assert all(value > 0 for value in series)


# -- scales ----------------------------------------------------------------------------------


@given(matrices(values=answers), st.sampled_from(sorted(SCALES)))
def test_a_scale_keeps_the_order_of_the_answers_and_their_reciprocity(matrix, scale):
    ratios = av.apply_scale(matrix, scale)
    assert ratios * ratios.T == near(np.ones_like(ratios), 1e-14)
    assert ((ratios > 1) == (matrix > 1)).all()
    order = np.argsort(matrix, axis=None, kind="stable")
    assert (np.diff(ratios.ravel()[order]) >= -1e-12).all()


@given(st.floats(1 / 9, 9))
def test_the_nearest_answer_is_one_and_turns_with_the_ratio(ratio):
    answer = float(nearest_answer(ratio))
    assert answer in ANSWERS
    above, found = max(ratio, 1 / ratio), max(answer, 1 / answer)
    assert abs(above - found) <= 0.5 + 1e-12
    if abs(above - found) < 0.5 - 1e-9:
        assert float(nearest_answer(1 / ratio)) == near(1 / answer)


# -- groups ----------------------------------------------------------------------------------


@given(batches(2, n=st.integers(2, 6), values=answers))
def test_the_group_weights_are_the_same_both_ways_for_geometric_means(batch):
    aij = av.priorities(av.aggregate_judgments(batch), "geometric-mean")
    aip = av.aggregate_priorities(av.priorities(batch, "geometric-mean"))
    assert aij == near(aip, 1e-11)


@given(batches(2, n=st.integers(3, 6), values=answers), st.data())
def test_who_did_not_answer_a_pair_does_not_count_there(batch, data):
    k = data.draw(st.integers(0, len(batch) - 1))
    gap = batch.copy()
    gap[k, 0, 1] = gap[k, 1, 0] = np.nan
    others = np.delete(batch, k, axis=0)
    group = av.aggregate_judgments(gap)
    assert group[0, 1] == near(av.aggregate_judgments(others)[0, 1])
    assert group[0, 2] == near(av.aggregate_judgments(batch)[0, 2])
    assert group * group.T == near(np.ones_like(group), 1e-14)
    nobody = batch.copy()
    nobody[:, 0, 1] = nobody[:, 1, 0] = np.nan
    assert np.isnan(av.aggregate_judgments(nobody)[0, 1])


@given(weights_of, st.integers(2, 5))
def test_experts_who_say_the_same_agree_wholly(w, experts):
    same = np.tile(w, (experts, 1))
    assert consensus(same) == near(1)
    assert homogeneity(same) == near(1)
    ratios = same[:, :, None] / same[:, None, :]
    assert spread(ratios) == near(np.ones((len(w), len(w))), 1e-7)
    assert compatibility(ratios, w) == near(np.zeros(experts), 1e-12)


@given(batches(2, n=st.integers(2, 6), values=answers), st.randoms())
def test_consensus_lies_between_and_does_not_see_who_is_who(batch, random):
    weights = av.priorities(batch)
    found = consensus(weights)
    assert -0.3 < found <= 1 + 1e-12
    assert -1e-12 <= homogeneity(weights) <= 1 + 1e-12
    order = list(range(len(batch)))
    random.shuffle(order)
    assert consensus(weights[order]) == near(found, 1e-9)


@given(batches(3, n=st.integers(3, 5), values=answers))
def test_every_expert_is_in_one_cluster_or_left_out(batch):
    found = clusters(av.priorities(batch), 9.0)
    members = [k for group in found.groups for k in group] + list(found.left_out)
    assert sorted(members) == list(range(len(batch)))
    assert all(len(group) > 1 for group in found.groups)


def test_two_camps_are_found():
    camp = np.array([[0.6, 0.3, 0.1], [0.62, 0.28, 0.1], [0.1, 0.3, 0.6], [0.12, 0.3, 0.58]])
    found = clusters(camp, 9.0)
    assert found.groups == ((0, 1), (2, 3))
    assert found.left_out == ()


@given(gappy(), st.data())
def test_an_experts_gcompi_is_least_for_the_own_least_squares_weights(matrix, data):
    own = least_squares(matrix)
    best = compatibility(matrix[None], own)[0]
    other = np.array(data.draw(st.lists(st.floats(0.05, 1), min_size=len(own), max_size=len(own))))
    assert compatibility(matrix[None], other / other.sum())[0] >= best - 1e-12


# -- review and repair -----------------------------------------------------------------------


@given(gappy())
def test_the_gain_of_changing_one_judgment_is_exact(matrix):
    assume(not is_tree(compared(matrix)))
    before = float(geometric_consistency_index(matrix))
    for one in influences(matrix):
        if np.isnan(one.best):
            assert one.gain == one.most == 0
            continue
        for value, gain in ((one.fitting, one.gain), (one.best, one.most)):
            other = matrix.copy()
            other[one.i, one.j], other[one.j, one.i] = value, 1 / value
            assert before - float(geometric_consistency_index(other)) == near(gain, 1e-9)


@settings(max_examples=25)
@given(gappy(3, 6))
def test_a_repair_brings_cr_within_the_limit_with_answers_of_the_scale(matrix):
    assume(not is_tree(compared(matrix)))
    found = repair(matrix)
    before = float(Measure().cr(matrix))
    if before <= 0.10:
        assert found.changes == ()
        return
    if found is None:
        return
    assert found.changes
    other = matrix.copy()
    for change in found.changes:
        assert min(abs(change.new - ANSWERS)) == 0
        assert other[change.i, change.j] == change.old
        other[change.i, change.j], other[change.j, change.i] = change.new, 1 / change.new
    assert av.consistency_ratio(other) == near(found.cr, 1e-9)
    assert found.cr <= 0.10


@settings(max_examples=25)
@given(gappy(3, 5), st.sampled_from(["balanced", "geometric"]), st.sampled_from(METHODS))
def test_a_repair_keeps_its_promise_by_the_measure_it_was_made_with(matrix, scale, method):
    assume(not is_tree(compared(matrix)))
    found = repair(matrix, 0.10, Measure("alonso-lamata", method, scale))
    if found is None or not found.changes:
        return
    other = matrix.copy()
    for change in found.changes:
        other[change.i, change.j], other[change.j, change.i] = change.new, 1 / change.new
    held = av.PairwiseMatrix(other).consistency(method=method, scale=scale)
    assert held.cr == near(found.cr, 1e-9)
    assert held.acceptable


@settings(max_examples=15)
@given(matrices(4, answers))
def test_no_smaller_repair_exists_when_it_says_so(matrix):
    """Against brute force over every single answer."""
    found = repair(matrix)
    if found is None or len(found.changes) < 2 or not found.fewest:
        return
    for i, j in combinations(range(4), 2):
        for answer in ANSWERS:
            other = matrix.copy()
            other[i, j], other[j, i] = answer, 1 / answer
            assert av.consistency_ratio(other) > 0.10


@settings(max_examples=25)
@given(gappy(3, 6), st.sampled_from([0.5, 0.9]))
def test_the_compromise_keeps_the_direction_of_nearly_everything_and_reaches_the_limit(
    matrix, keep
):
    assume(not is_tree(compared(matrix)))
    values, steps = xu_wei(matrix, keep=keep)
    assert (np.isnan(values) == np.isnan(matrix)).all()
    assert Measure().cr(values) < 0.10
    known = compared(matrix)
    assert (values * values.T)[known] == near(1, 1e-12)
    if steps == 0:
        assert values is matrix


# -- uncertainty and design ------------------------------------------------------------------


@given(gappy(), seeds)
def test_drawn_answers_stay_within_half_a_step_and_keep_the_gaps(matrix, seed):
    drawn = draw_answers(matrix, 20, np.random.default_rng(seed))
    assert (np.isnan(drawn) == np.isnan(matrix)).all()
    known = compared(matrix)
    assert (drawn * np.swapaxes(drawn, 1, 2))[:, known] == near(1, 1e-12)
    position = np.where(matrix >= 1, matrix - 1, 1 - 1 / matrix)
    moved = np.where(drawn >= 1, drawn - 1, 1 - 1 / drawn)
    assert (np.abs(moved - position)[:, known] <= 0.5 + 1e-9).all()
    assert np.nanmax(drawn) <= 9 + 1e-9
    assert (
        draw_answers(matrix, 20, np.random.default_rng(seed))[:, known] == drawn[:, known]
    ).all()


@given(st.integers(1, 8), seeds)
def test_resampled_experts_keep_their_mean(experts, seed):
    factors = resample_experts(experts, 50, np.random.default_rng(seed))
    assert factors.mean(axis=1) == near(np.ones(50), 1e-9)
    assert (factors > 0).all()


@given(weights_of)
def test_a_consistent_matrix_has_no_error(w):
    matrix = w[:, None] / w[None, :]
    assert tomashevskii_errors(matrix, w, np.float64(len(w))) == near(np.zeros(len(w)), 1e-9)


@given(st.integers(2, 14), st.data())
def test_chosen_pairs_join_all_items_and_ask_each_about_as_often(n, data):
    questions = data.draw(st.integers(n - 1, n * (n - 1) // 2))
    pairs = choose_pairs(n, questions)
    assert len(set(pairs)) == len(pairs) == questions
    asked = np.eye(n, dtype=bool)
    for i, j in pairs:
        assert i < j
        asked[i, j] = asked[j, i] = True
    assert connected(asked)
    times = asked.sum(axis=1)
    assert times.max() - times.min() <= 2
    assert choose_pairs(n, questions) == pairs


@given(st.lists(st.lists(st.floats(0, 100), min_size=3, max_size=3), min_size=2, max_size=9))
def test_objective_weights_are_shares_and_follow_their_columns(rows):
    values = np.array(rows)
    for method in (entropy_weights, critic_weights):
        w = method(values)
        assert w.sum() == near(1)
        assert (w >= 0).all()
        assert method(values[:, [2, 0, 1]]) == near(w[[2, 0, 1]], 1e-6)


@given(weights_of, st.floats(0, 1))
def test_the_two_ends_of_a_combination_are_its_parts(w, share):
    other = w[::-1]
    for combination in ("linear", "least-entropy"):
        assert combine_weights(w, other, 0, combination) == near(w)
        assert combine_weights(w, other, 1, combination) == near(other)
        assert combine_weights(w, w, share, combination) == near(w)


@given(batches(2, n=st.integers(3, 5), values=answers), st.sampled_from(sorted(SCALES)))
def test_a_derivation_gives_one_group_what_it_gives_many(batch, scale):
    for aggregation in ("judgments", "priorities", "priorities-arithmetic"):
        how = Derivation(scale=scale, aggregation=aggregation)
        shares = np.arange(1.0, len(batch) + 1)
        one = how.priorities(batch, shares)
        many = how.priorities(np.array([batch, batch[::-1]]), np.array([shares, shares[::-1]]))
        assert (many[0] == one).all()
        assert many[1] == near(one, 1e-9)
        assert one.sum() == near(1)
