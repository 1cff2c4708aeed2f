"""Laws of judgments, priorities and hierarchies that hold whatever the experts answer."""

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ahpvalue as av

METHODS = sorted(av.METHODS)
INDICES = ("ci", "cr", "gci", "koczkodaj", "hci", "congruence", "dissonance")

SCALE = [Fraction(1, k) for k in range(9, 1, -1)] + [Fraction(k) for k in range(1, 10)]
IN_BETWEEN = sorted({Fraction(p, q) for p in range(1, 60) for q in range(1, 60)})
saaty = st.sampled_from(SCALE)
judgments = saaty | st.sampled_from([x for x in IN_BETWEEN if SCALE[0] <= x <= SCALE[-1]])
sizes = st.integers(1, 9)


def reciprocal(n, upper):
    matrix = np.ones((n, n))
    rows, columns = np.triu_indices(n, 1)
    matrix[rows, columns] = upper
    matrix[columns, rows] = 1 / matrix[rows, columns]
    return matrix


@st.composite
def matrices(draw, n=sizes, values=judgments):
    n = n if isinstance(n, int) else draw(n)
    count = n * (n - 1) // 2
    return reciprocal(n, [float(x) for x in draw(st.lists(values, min_size=count, max_size=count))])


@st.composite
def batches(draw, least=1, n=sizes, values=judgments):
    n = draw(n)
    return np.array(draw(st.lists(matrices(n, values), min_size=least, max_size=4)))


contradictory = st.floats(-7, 7).map(np.exp)  # from a thousandth to a thousand, any direction
positive = st.floats(0.01, 100)


def near(value, tolerance=1e-12):
    return pytest.approx(value, rel=tolerance, abs=tolerance)


# -- one matrix ------------------------------------------------------------------------------


@given(st.lists(positive, min_size=1, max_size=12), st.sampled_from(METHODS))
def test_a_consistent_matrix_gives_back_its_weights_by_every_method(weights, method):
    w = np.array(weights) / sum(weights)
    matrix = av.PairwiseMatrix(w[:, None] / w)
    assert matrix.priorities(method).weights == near(w)
    assert matrix.priorities(method).lambda_max == near(len(w))


@given(st.lists(positive, min_size=1, max_size=12), st.sampled_from(METHODS))
def test_a_consistent_matrix_is_0_in_every_index(weights, method):
    w = np.array(weights)
    found = av.PairwiseMatrix(w[:, None] / w).consistency(method=method)
    assert {name: getattr(found, name) for name in INDICES} == near(dict.fromkeys(INDICES, 0.0))
    assert found.acceptable
    assert found.cycles == ()
    assert found.worst is None


@given(matrices(st.integers(1, 2), contradictory), st.sampled_from(METHODS))
def test_one_or_two_items_are_never_inconsistent(matrix, method):
    found = av.PairwiseMatrix(matrix).consistency(method=method)
    assert all(getattr(found, name) == 0 for name in ("ci", "cr", "ri", "gci", "koczkodaj", "hci"))
    assert found.acceptable
    for table in av.RANDOM_INDICES:
        assert av.consistency_ratio(matrix, table, method) == 0


@given(matrices(), st.randoms(use_true_random=False), st.sampled_from(METHODS))
def test_naming_the_items_in_another_order_changes_nothing(matrix, random, method):
    order = list(range(len(matrix)))
    random.shuffle(order)
    before = av.PairwiseMatrix(matrix)
    after = av.PairwiseMatrix(matrix[np.ix_(order, order)], [before.labels[k] for k in order])
    old, new = before.priorities(method), after.priorities(method)
    assert {name: new[name] for name in before.labels} == near(
        {name: old[name] for name in before.labels}
    )
    one, other = before.consistency(method=method), after.consistency(method=method)
    for name in ("lambda_max", *INDICES):
        assert getattr(other, name) == near(getattr(one, name)), name
    assert {frozenset(c) for c in other.cycles} == {frozenset(c) for c in one.cycles}


@given(matrices(st.integers(2, 9)))
def test_asking_the_other_way_round_inverts_geometric_mean_weights(matrix):
    inverse = 1 / av.priorities(matrix, "geometric-mean")
    assert av.priorities(matrix.T, "geometric-mean") == near(inverse / inverse.sum())


@given(matrices(st.integers(3, 9), judgments | contradictory))
def test_the_eigenvector_is_an_eigenvector_however_contradictory_the_judgments(matrix):
    found = av.PairwiseMatrix(matrix).priorities()
    left = matrix @ found.weights - found.lambda_max * found.weights
    assert np.abs(left).max() <= 1e-10 * found.lambda_max
    assert (found.weights > 0).all()
    largest = np.linalg.eigvals(matrix).real.max()
    assert found.lambda_max == pytest.approx(largest, rel=1e-9)


@given(matrices(values=judgments | contradictory), st.sampled_from(METHODS))
def test_weights_are_positive_and_sum_to_1(matrix, method):
    weights = av.priorities(matrix, method)
    assert (weights > 0).all()
    assert weights.sum() == near(1.0)


@given(matrices(st.integers(3, 9), judgments | contradictory))
def test_indices_stay_within_their_bounds(matrix):
    found = av.PairwiseMatrix(matrix).consistency()
    assert found.lambda_max >= found.n
    assert min(found.ci, found.cr, found.gci, found.hci, found.congruence) >= 0
    assert 0 <= found.koczkodaj <= 1
    assert 0 <= found.dissonance <= 1
    assert found.acceptable == (found.cr <= 0.10)


@given(matrices(st.just(3)))
def test_three_items_have_the_same_weights_by_eigenvector_and_geometric_mean(matrix):
    assert av.priorities(matrix) == near(av.priorities(matrix, "geometric-mean"))


# -- many matrices ---------------------------------------------------------------------------


@given(batches(values=judgments | contradictory), st.sampled_from(METHODS))
def test_a_batch_equals_its_matrices_one_by_one_to_the_last_bit(batch, method):
    together = av.priorities(batch, method)
    alone = np.array([av.priorities(matrix, method) for matrix in batch])
    assert np.array_equal(together, alone)
    read = [av.PairwiseMatrix(matrix) for matrix in batch]
    objects = np.array([matrix.priorities(method).weights for matrix in read])
    assert np.array_equal(av.priorities([matrix.values for matrix in read], method), objects)
    ratios = av.consistency_ratio(batch, method=method)
    assert np.array_equal(ratios, [av.consistency_ratio(m, method=method) for m in batch])


def many(count=1_200, n=9):
    """As many as take several turns through the cache, a tenth of them past all reason."""
    rng = np.random.default_rng(6)
    spread = np.where(np.arange(count) % 10, 0.3, 3.0)[:, None, None]
    upper = np.triu(rng.normal(0, spread, (count, n, n)), 1)
    return np.exp(upper - upper.swapaxes(1, 2))


def test_a_matrix_among_thousands_has_the_bits_it_has_alone():
    batch = many()
    weights, ratios = av.priorities(batch), av.consistency_ratio(batch)
    for k in (0, 1, 492, 493, 494, 700, 990, 1_199):
        assert av.priorities(batch[k]).tobytes() == weights[k].tobytes()
        assert av.consistency_ratio(batch[k]) == ratios[k]


def test_a_fault_is_named_wherever_among_thousands_it_stands():
    faults = {np.inf: "inf is not finite", -2.0: "-2 is not above 0", 7.0: "not reciprocal"}
    for value, said in faults.items():
        batch = many()
        batch[1_000, 2, 5] = value
        with pytest.raises(av.JudgmentError, match=rf"row 3, column 6: matrix 1000: .*{said}"):
            av.consistency_ratio(batch)
    batch = many()
    batch[1_000, 4, 4] = 1.5
    with pytest.raises(av.JudgmentError, match=r"row 5, column 5: matrix 1000: 1\.5 stands on"):
        av.priorities(batch)


def test_judgments_without_a_fourth_power_have_their_weights_all_the_same():
    huge = np.array([[1, 1e100, 1e-100], [1e-100, 1, 1e100], [1e100, 1e-100, 1]])
    np.testing.assert_allclose(av.priorities(huge), np.full(3, 1 / 3))


@given(batches(values=judgments | contradictory), st.sampled_from(METHODS))
def test_a_batch_may_have_any_number_of_leading_axes(batch, method):
    stacked = np.array([batch, batch])
    flat = av.priorities(batch, method)
    assert np.array_equal(av.priorities(stacked, method), np.array([flat, flat]))


@given(batches(n=st.integers(2, 9)), st.sampled_from(METHODS))
def test_weights_do_not_depend_on_how_the_numbers_lie_in_memory(batch, method):
    assert np.array_equal(
        av.priorities(np.asfortranarray(batch), method), av.priorities(batch, method)
    )


# -- groups ----------------------------------------------------------------------------------

shares = st.lists(positive, min_size=4, max_size=4)


@given(batches(), shares)
def test_aggregated_judgments_stay_reciprocal(batch, expert_weights):
    group = av.aggregate_judgments(batch, expert_weights[: len(batch)])
    assert group * group.T == near(np.ones_like(group))
    assert np.array_equal(np.diagonal(group), np.ones(len(group)))
    av.PairwiseMatrix(group)  # which refuses what is not reciprocal


@given(batches(), shares)
def test_aij_is_geometric_aip_under_row_geometric_means(batch, expert_weights):
    u = expert_weights[: len(batch)]
    joint = av.priorities(av.aggregate_judgments(batch, u), "geometric-mean")
    separate = av.aggregate_priorities(av.priorities(batch, "geometric-mean"), u)
    assert joint == near(separate)


@given(matrices(), shares)
def test_experts_who_agree_are_one_expert(matrix, expert_weights):
    batch = np.array([matrix] * len(expert_weights))
    assert av.aggregate_judgments(batch, expert_weights) == near(matrix)
    weights = av.priorities(batch)
    for mean in ("geometric", "arithmetic"):
        assert av.aggregate_priorities(weights, expert_weights, mean) == near(weights[0])


@given(batches(least=2), shares)
def test_only_the_proportions_of_expert_weights_count_and_not_the_order(batch, expert_weights):
    u = np.array(expert_weights[: len(batch)])
    group = av.aggregate_judgments(batch, u)
    assert av.aggregate_judgments(batch, 7 * u) == near(group)
    assert av.aggregate_judgments(batch[::-1], u[::-1]) == near(group)


@given(
    batches(least=2, n=st.just(3)),
    st.sampled_from(["judgments", "priorities", "priorities-arithmetic"]),
)
def test_an_expert_of_weight_2_counts_like_two_who_agree(batch, aggregation):
    first, second = (matrix.tolist() for matrix in batch[:2])

    def weights(experts, answers):
        model = av.Model(
            hierarchy={"goal": ["a", "b", "c"]},
            judgments={
                "aggregation": aggregation,
                "consistency": {"limit": 100},
                "experts": {name: {"weight": weight} for name, weight in experts.items()},
                "comparisons": {"goal": answers},
            },
        )
        return [model.weights()[name] for name in "abc"]

    assert weights({"ann": 2, "bob": 1}, {"ann": first, "bob": second}) == near(
        weights({"ann": 1, "eve": 1, "bob": 1}, {"ann": first, "eve": first, "bob": second})
    )


# -- hierarchies -----------------------------------------------------------------------------


@st.composite
def hierarchies(draw):
    """A goal, criteria that each serve some earlier ones, and leaves that several may share."""
    names = [f"c{k}" for k in range(draw(st.integers(0, 5)))]
    inner = ["goal", *draw(st.permutations(names))]  # their order says nothing of their place
    children = {node: [] for node in inner}
    for k, node in enumerate(inner[1:], start=1):
        for parent in draw(st.sets(st.sampled_from(inner[:k]), min_size=1, max_size=3)):
            children[parent].append(node)
    for k in range(draw(st.integers(1, 6))):
        for parent in draw(st.sets(st.sampled_from(inner), min_size=1, max_size=4)):
            children[parent].append(f"leaf{k}")
    for k, below in enumerate(children.values()):
        if not below:
            below.append(f"own{k}")
    local = {}
    for node, below in children.items():
        raw = draw(st.lists(positive, min_size=len(below), max_size=len(below)))
        local[node] = np.array(raw) / sum(raw)
    return {node: tuple(below) for node, below in children.items()}, local


def along_every_path(children, local, node="goal", reach=1.0):
    """Leaf by leaf, the product of the local priorities on the way down."""
    if node not in children:
        return {node: reach}
    found = {}
    for child, weight in zip(children[node], local[node], strict=True):
        for leaf, part in along_every_path(children, local, child, reach * weight).items():
            found[leaf] = found.get(leaf, 0.0) + part
    return found


@given(hierarchies())
def test_global_priorities_are_the_sum_over_every_path_from_the_goal(drawn):
    children, local = drawn
    hierarchy = av.Hierarchy(children)
    total = hierarchy.global_priorities(local)
    assert {leaf: float(total[leaf]) for leaf in hierarchy.leaves} == near(
        along_every_path(children, local)
    )
    assert sum(float(total[leaf]) for leaf in hierarchy.leaves) == near(1.0)
    assert total["goal"] == 1


@given(hierarchies())
def test_ideal_synthesis_divides_leaves_by_the_best_beside_them_and_sums_to_1(drawn):
    children, local = drawn
    ideal = {}
    for node, below in children.items():
        at_leaf = np.array([child not in children for child in below])
        best = local[node][at_leaf].max() if at_leaf.any() else 1.0
        ideal[node] = np.where(at_leaf, local[node] / best, local[node])
    expected = along_every_path(children, ideal)
    whole = sum(expected.values())
    total = av.Hierarchy(children).global_priorities(local, "ideal")
    assert {leaf: float(total[leaf]) for leaf in expected} == near(
        {leaf: part / whole for leaf, part in expected.items()}
    )


@given(hierarchies(), st.randoms(use_true_random=False))
def test_the_order_in_which_nodes_are_named_changes_no_priority(drawn, random):
    children, local = drawn
    nodes = list(children)
    random.shuffle(nodes)
    orders = {
        node: random.sample(range(len(children[node])), len(children[node])) for node in nodes
    }
    shuffled = av.Hierarchy({n: [children[n][k] for k in orders[n]] for n in nodes})
    moved = {n: local[n][orders[n]] for n in nodes}
    for synthesis in ("distributive", "ideal"):
        before = av.Hierarchy(children).global_priorities(local, synthesis)
        after = shuffled.global_priorities(moved, synthesis)
        assert {n: float(w) for n, w in after.items()} == near(
            {n: float(w) for n, w in before.items()}
        )


@given(hierarchies())
def test_experts_are_carried_through_a_hierarchy_one_by_one_to_the_last_bit(drawn):
    children, local = drawn
    hierarchy = av.Hierarchy(children)
    both = {node: np.array([w, w[::-1]]) for node, w in local.items()}
    together = hierarchy.global_priorities(both)
    for expert in range(2):
        alone = hierarchy.global_priorities({node: w[expert] for node, w in both.items()})
        assert {n: float(w[expert]) for n, w in together.items()} == {
            n: float(w) for n, w in alone.items()
        }


def outline(children, node="goal", described=None):
    """As a document writes it: a shared criterion is described once and named elsewhere."""
    described = set() if described is None else described
    if node not in children or node in described:
        return None
    described.add(node)
    return {child: outline(children, child, described) for child in children[node]}


@given(hierarchies())
def test_a_model_has_local_and_global_priorities_that_sum_to_1(drawn):
    children, local = drawn
    model = av.Model(
        hierarchy={"goal": outline(children)},
        judgments={
            "weights": {
                node: dict(zip(below, local[node].tolist(), strict=True))
                for node, below in children.items()
            }
        },
    )
    weights = model.weights()
    for node, below in children.items():
        assert tuple(weights.local[node]) == below
        assert sum(weights.local[node].values()) == near(1.0)
    expected = along_every_path(children, local)
    assert {leaf: weights[leaf] for leaf in model.hierarchy.leaves} == near(expected)
    for leaf in expected:
        assert sum(weights.sources(leaf).values()) == near(weights[leaf])


LAYERED = """
import ahpvalue as av
layers = [["goal"], *([f"a{k}", f"b{k}"] for k in range(60)), ["leaf"]]
children = {node: below for layer, below in zip(layers, layers[1:]) for node in layer}
hierarchy = av.Hierarchy(children)
half = {node: [1 / len(below)] * len(below) for node, below in children.items()}
print(len(hierarchy.nodes), float(hierarchy.global_priorities(half)["leaf"]))
"""


def test_shared_criteria_are_visited_once_and_not_once_for_every_path():
    # Two criteria a layer, each serving both above: 122 nodes, 2**60 paths.
    done = subprocess.run(
        [sys.executable, "-c", LAYERED], capture_output=True, text=True, timeout=15, check=True
    )
    assert done.stdout.split() == ["122", "1.0"]


# -- reading ---------------------------------------------------------------------------------


@st.composite
def written(draw, values=judgments):
    """Labels, and the judgments above the diagonal as an expert writes them."""
    n = draw(st.integers(2, 6))
    labels = [f"item {chr(97 + k)}" for k in range(n)]
    order = draw(st.permutations(labels))
    count = n * (n - 1) // 2
    return list(order), draw(st.lists(values, min_size=count, max_size=count))


def full_rows(n, upper):
    rows = [[Fraction(1)] * n for _ in range(n)]
    for i, j, value in zip(*np.triu_indices(n, 1), upper, strict=True):
        rows[i][j], rows[j][i] = value, 1 / value
    return rows


def assert_all_ways_of_writing_agree(labels, upper):
    n = len(labels)
    rows = full_rows(n, upper)
    texts = [[str(value) for value in row] for row in rows]
    numbers = [[float(value) for value in row] for row in rows]
    by_row = [row[i + 1 :] for i, row in enumerate(rows[:-1])]
    pairs = {
        (labels[i], labels[j]): rows[i][j] for i, j in zip(*np.triu_indices(n, 1), strict=True)
    }
    expected = av.PairwiseMatrix(rows, labels)
    assert av.PairwiseMatrix(texts, labels) == expected
    assert av.PairwiseMatrix(numbers, labels) == expected
    assert av.PairwiseMatrix(np.array(numbers), labels) == expected
    assert av.PairwiseMatrix.from_triangle(upper, labels) == expected
    assert av.PairwiseMatrix.from_triangle(by_row, labels) == expected
    assert av.PairwiseMatrix.from_judgments(pairs, labels) == expected
    spoken = {f"{a} vs {b}": value for (a, b), value in pairs.items()}
    assert av.PairwiseMatrix.from_judgments(spoken, labels) == expected
    listed = [(a, b, value) for (a, b), value in pairs.items()]
    assert av.PairwiseMatrix.from_judgments(listed, labels) == expected
    turned = {(b, a): 1 / value for (a, b), value in pairs.items()}
    assert av.PairwiseMatrix.from_judgments(turned, labels) == expected


@given(written(saaty))
def test_a_matrix_on_the_scale_is_the_same_however_it_is_written(drawn):
    assert_all_ways_of_writing_agree(*drawn)


@given(written())
def test_a_matrix_of_any_fractions_is_the_same_however_it_is_written(drawn):
    assert_all_ways_of_writing_agree(*drawn)


@given(written())
def test_a_matrix_is_the_same_from_an_array_and_from_a_data_frame(drawn):
    labels, upper = drawn
    rows = full_rows(len(labels), upper)
    expected = av.PairwiseMatrix(rows, labels)
    columns = {label: [float(row[k]) for row in rows] for k, label in enumerate(labels)}
    texts = {label: [str(row[k]) for row in rows] for k, label in enumerate(labels)}
    assert av.PairwiseMatrix(pd.DataFrame(columns)) == expected
    assert av.PairwiseMatrix(pd.DataFrame(columns, index=labels)) == expected
    assert av.PairwiseMatrix(pd.DataFrame(texts, index=labels)) == expected
    assert av.PairwiseMatrix(pl.DataFrame(columns)) == expected
    assert av.PairwiseMatrix(pl.DataFrame({"item": labels} | texts)) == expected


@given(written(saaty), st.data())
def test_a_matrix_on_the_scale_comes_back_from_its_data_frame_gaps_included(drawn, data):
    assert_comes_back(*drawn, data)


@given(written(), st.data())
def test_a_matrix_of_any_fractions_comes_back_from_its_data_frame(drawn, data):
    assert_comes_back(*drawn, data)


def assert_comes_back(labels, upper, data):
    gaps = data.draw(st.sets(st.integers(0, len(upper) - 1)))
    values = [None if k in gaps else value for k, value in enumerate(upper)]
    matrix = av.PairwiseMatrix.from_triangle(values, labels)
    assert len(matrix.missing) == len(gaps)
    for backend in ("pandas", "polars", "pyarrow"):
        assert av.PairwiseMatrix(matrix.to_frame(backend)) == matrix, backend
    again = matrix.to_dict()
    assert av.PairwiseMatrix(again["judgments"], again["labels"]) == matrix


@given(matrices(st.integers(2, 6)), st.floats(-5e-7, 5e-7))
def test_of_two_entries_the_one_above_1_is_kept_and_the_other_follows_from_it(matrix, rounding):
    rounded = np.where(matrix < 1, matrix * (1 + rounding), matrix)
    values = av.PairwiseMatrix(rounded).values
    assert np.array_equal(values[matrix >= 1], matrix[matrix >= 1])
    assert np.array_equal(values[matrix < 1], 1 / matrix.T[matrix < 1])


@given(
    matrices(n=st.integers(1, 6), values=judgments | st.floats(1e-13, 1e13)),
    st.sampled_from([None, 0.0, 1e-3]),
    st.integers(3, 17),
)
def test_plain_numbers_give_what_they_give_read_one_by_one(matrix, tolerance, digits):
    """The same bits or the same refusal; numbers of NumPy's are read one by one."""
    plain = [[float(f"{value:.{digits}g}") for value in row] for row in matrix]
    plain = [[int(value) if value.is_integer() else value for value in row] for row in plain]
    found = []
    for rows in (plain, [[np.float64(value) for value in row] for row in plain]):
        try:
            found.append(av.PairwiseMatrix(rows, tolerance=tolerance).values.tobytes())
        except av.JudgmentError as refused:
            found.append(str(refused))
    assert found[0] == found[1]
