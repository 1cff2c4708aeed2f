"""The same model written by hand for polars lazy and for DuckDB, in the best form known of each.

Both compute the same outputs; they are compared with ours before they are measured. All use
the same number of threads: polars' own.
"""

from functools import reduce
from operator import add

import numpy as np

from tests.benchmarks.measure import ROWS, report, side_by_side
from tests.benchmarks.models import CRITERIA, FUNCTIONS, OUTPUTS, SIDES, WEIGHTS, customers, model

__all__ = ["engines"]

NODES = CRITERIA | SIDES | {"value": list(SIDES)}


def curve(function):
    """Edges, and start, score and slope of each segment, as one would take them from the model."""
    if "bands" in function:
        bands = function["bands"]
        return bands["edges"], None, bands["scores"], None
    knots = function["linear"] if "linear" in function else function["percentile"]["knots"]
    x, y = np.array(knots, dtype=float).T
    slopes = np.append(np.diff(y) / np.diff(x), 0.0)
    return x[1:].tolist(), x.tolist(), y.tolist(), slopes.tolist()


def polars_forms(function, gaps):
    """Lazy queries: chained conditions, clipped ramps, binary search and gather."""
    import polars as pl

    edges, x0, y0, slope = curve(function)

    def chained(x):
        scores = [pl.lit(float(y)) for y in y0]
        if x0 is not None:
            x = x.clip(x0[0], x0[-1])
            scores = [y + (x - a) * s for a, y, s in zip(x0, y0, slope, strict=True)]
        found = scores[-1]
        for edge, score in zip(reversed(edges), reversed(scores[:-1]), strict=True):
            found = pl.when(x < edge).then(score).otherwise(found)
        return found

    def ramps(x):
        if x0 is None:
            jumps = zip(edges, np.diff(y0), strict=True)
            return reduce(add, [(x >= e).cast(pl.Float64) * j for e, j in jumps], pl.lit(y0[0]))
        parts = zip(x0[:-1], x0[1:], slope[:-1], strict=True)
        return reduce(add, [(x.clip(a, b) - a) * s for a, b, s in parts], pl.lit(float(y0[0])))

    def searched(x):
        at = pl.lit(pl.Series(edges, dtype=pl.Float64)).search_sorted(x, side="right")
        tables = [None if t is None else pl.lit(pl.Series(t)) for t in (x0, y0, slope)]
        if x0 is None:
            return tables[1].gather(at).cast(pl.Float64)
        x = x.clip(x0[0], x0[-1])
        return tables[1].gather(at) + (x - tables[0].gather(at)) * tables[2].gather(at)

    forms = [chained, ramps, searched] if len(edges) < 20 else [searched]
    return [lambda frame, form=form: polars_query(frame, form, gaps) for form in forms]


def polars_query(frame, form, gaps):
    import polars as pl

    query = frame.lazy().with_columns(
        (pl.when(pl.col(x).is_not_null()).then(form(pl.col(x))) if gaps else form(pl.col(x))).alias(
            x
        )
        for below in CRITERIA.values()
        for x in below
    )
    for level in (CRITERIA, SIDES, {"value": list(SIDES)}):
        query = query.with_columns(polars_node(name, gaps) for name in level)
    return query.select(pl.col("value").alias("total"), *OUTPUTS[1:]).collect()


def polars_node(name, gaps):
    import polars as pl

    weights = WEIGHTS[name]
    if not gaps:
        return reduce(add, [pl.col(x) * w for x, w in weights.items()]).alias(name)
    total = reduce(add, [pl.col(x).fill_null(0.0) * w for x, w in weights.items()])
    left = reduce(add, [pl.col(x).is_not_null().cast(pl.Float64) * w for x, w in weights.items()])
    return pl.when(left > 0).then(total / left).alias(name)


def number(value):
    return format(float(value), ".17e")


def duckdb_query(function, gaps):
    """One SELECT per level; conditions as a tree, so that a hundred knots are seven questions."""
    edges, x0, y0, slope = curve(function)
    if x0 is None:
        scores = [number(y) for y in y0]
        outer = "{x}"
    else:
        parts = zip(x0, y0, slope, strict=True)
        scores = [f"{number(y)} + ({{x}} - {number(a)}) * {number(s)}" for a, y, s in parts]
        outer = f"least(greatest({{x}}, {number(x0[0])}), {number(x0[-1])})"

    def tree(low, high):
        if low == high:
            return scores[low]
        middle = (low + high) // 2
        below, above = tree(low, middle), tree(middle + 1, high)
        return f"CASE WHEN {{x}} < {number(edges[middle])} THEN {below} ELSE {above} END"

    def chain():
        cases = zip(edges, scores, strict=False)
        whens = " ".join(f"WHEN {{x}} < {number(e)} THEN {s}" for e, s in cases)
        return f"CASE {whens} ELSE {scores[-1]} END"

    body = chain() if len(edges) < 8 else tree(0, len(edges))
    names = [x for below in CRITERIA.values() for x in below]
    null = "WHEN {x} IS NULL THEN NULL"
    form = f"CASE {null} ELSE {body} END" if gaps else body
    clipped = ", ".join(f"{outer.format(x=x)} AS {x}" for x in names)
    query = f"(SELECT {', '.join(f'{form.format(x=x)} AS {x}' for x in names)} FROM "
    query += f"(SELECT {clipped} FROM t))" if x0 is not None and not gaps else "t)"
    if x0 is not None and gaps:
        nullable = [f"CASE WHEN {x} IS NOT NULL THEN {outer.format(x=x)} END AS {x}" for x in names]
        query = query[:-2] + f"(SELECT {', '.join(nullable)} FROM t))"
    for level in (CRITERIA, SIDES, {"value": list(SIDES)}):
        query = f"(SELECT *, {', '.join(duckdb_node(name, gaps) for name in level)} FROM {query})"
    return f"SELECT value AS total, {', '.join(OUTPUTS[1:])} FROM {query}"


def duckdb_node(name, gaps):
    weights = WEIGHTS[name]
    if not gaps:
        return " + ".join(f"{x} * {number(w)}" for x, w in weights.items()) + f" AS {name}"
    total = " + ".join(f"coalesce({x}, 0) * {number(w)}" for x, w in weights.items())
    left = " + ".join(
        f"CASE WHEN {x} IS NULL THEN 0e0 ELSE {number(w)} END" for x, w in weights.items()
    )
    return f"({total}) / nullif({left}, 0) AS {name}"


def agree(ours, theirs):
    for name in OUTPUTS:
        np.testing.assert_allclose(np.asarray(theirs[name], float), ours[name], atol=1e-9, rtol=0)


def engines():
    import duckdb
    import polars as pl

    threads = pl.thread_pool_size()
    for words, gaps in (("", 0.0), (", 2 % missing", 0.02)):
        table = customers(ROWS, gaps)
        frame = pl.DataFrame(table, nan_to_null=True).rechunk()
        connection = duckdb.connect(config={"threads": threads})
        connection.register("given", frame.to_arrow())
        connection.execute("CREATE TABLE t AS SELECT * FROM given")
        for name, function in FUNCTIONS.items():
            ours = model(name)

            def mine(ours=ours):
                return ours.score(frame, outputs=OUTPUTS, threads=threads).frame

            wanted = {one: mine()[one].to_numpy() for one in OUTPUTS}
            label = f"{ROWS:,} x 12, {name}{words}"
            forms = [lambda f=f: f(frame) for f in polars_forms(function, gaps)]
            for form in forms:
                found = form()
                agree(wanted, {one: found[one].to_numpy() for one in OUTPUTS})
            seconds, *others = side_by_side(mine, *forms)
            report(label, seconds, "polars lazy, the best of its forms", min(others), 1)
            query = duckdb_query(function, gaps)

            def theirs(query=query):
                return connection.sql(query).to_arrow_table()

            found = theirs()
            agree(wanted, {one: found[one].to_numpy() for one in OUTPUTS})
            seconds, other = side_by_side(mine, theirs, repeats=3)
            report(label, seconds, "DuckDB", other, 1)
        connection.close()
