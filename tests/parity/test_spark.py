"""What is special about Spark: no Python in its plan, and a setting that is named, not set."""

import pytest

import ahpvalue as av

LIMIT = "spark.sql.codegen.hugeMethodLimit"


def model(size):
    linear = {"linear": [[0, 0], [1, 100]], "missing": "renormalise"}
    return av.Model(
        hierarchy={"value": [f"x{k}" for k in range(size)]},
        judgments={"weights": {"value": {f"x{k}": 1 / size for k in range(size)}}},
        indicators={f"x{k}": linear for k in range(size)},
    )


@pytest.fixture
def customers(spark):
    columns = ", ".join(f"rand({k}) AS x{k}" for k in range(9))
    return spark.sql(f"SELECT id AS customer, {columns} FROM range(100)")


def plan_of(frame):
    return frame._jdf.queryExecution().explainString(
        frame.sparkSession._jvm.org.apache.spark.sql.execution.ExplainMode.fromString("extended")
    )


def test_rows_are_scored_where_they_lie_without_python(customers):
    plan = plan_of(model(3).score(customers).frame)
    assert "Project" in plan
    assert "Exchange" not in plan
    assert "Python" not in plan
    ranked = model(3).score(customers, outputs=["total", "rank"]).frame
    assert "Exchange" in plan_of(ranked)  # ranks need all customers in one order


def test_long_models_name_the_setting_and_leave_it_alone(spark, customers):
    model(9).score(customers)  # the session of these tests has it set: no warning
    spark.conf.unset(LIMIT)
    try:
        with pytest.warns(av.EngineWarning, match=r'spark\.conf\.set\("spark\.sql\.codegen\.huge'):
            model(9).score(customers)
        model(8).score(customers)
        assert spark.conf.get(LIMIT) == "65535"
    finally:
        spark.conf.set(LIMIT, "8000")
