"""The scoring query as text gives the numbers of `score`, and every dialect can read its own."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers
from ahpvalue.scoring.lazy.sql import DIALECTS

from .conftest import _plain, collected
from .test_every_engine import (  # noqa: F401 - the generator is set back before every test
    FUNCTIONS,
    KNOTS,
    RNG,
    ROWS,
    figures,
    model,
    same,
    table,
)

pytestmark = pytest.mark.filterwarnings("ignore::ahpvalue.CustomerDataWarning")


def everything() -> tuple[av.Model, pa.Table]:
    """Every value function, every policy, categories, too little data, two who are not active."""
    policies = ["renormalise", "worst", {"score": 41.3}]
    indicators: dict[str, Any] = {
        f"x{k}": f | {"missing": policies[k % 3]} for k, f in enumerate(FUNCTIONS.values())
    }
    columns = {name: pa.array(figures(KNOTS, 0.4), pa.float64()) for name in indicators}
    indicators["kind"] = {"categories": {"A": 100, "it's": 31.7}, "missing": "renormalise"}
    columns["kind"] = pa.array([["A", "it's", None][k % 3] for k in range(ROWS)])
    columns["state"] = pa.array(["open" if k > 1 else "closed" for k in range(ROWS)])
    scored = model(
        indicators,
        missing={"minimum_coverage": 0.5},
        active={"when": {"state": {"equals": "open"}}},
    )
    return scored, table(columns)


NAMES = ["total", "a", "b", "coverage", "coverage_a", "rank", "percentile", "status", "model"]


def test_the_text_for_duckdb_gives_the_same_bits():
    scored, customers = everything()
    connection = duckdb.connect()
    connection.from_arrow(customers).create("outlets")
    got = connection.sql(scored.to_sql(table="outlets", outputs=NAMES))
    same(
        collected("duckdb", got), collected("pyarrow", scored.score(customers, outputs=NAMES).frame)
    )


def test_the_text_for_spark_gives_the_same_bits(spark, tmp_path):
    import pyarrow.parquet as pq

    scored, customers = everything()
    pq.write_table(customers, tmp_path / "customers.parquet")
    spark.read.parquet(str(tmp_path / "customers.parquet")).createOrReplaceTempView("outlets")
    got = collected("pyspark", spark.sql(scored.to_sql("spark", "outlets", NAMES)))
    same(got, collected("pyarrow", scored.score(customers, outputs=NAMES).frame))


@pytest.fixture(scope="module")
def postgres() -> Iterator[list[str]]:
    """A PostgreSQL server of its own, and the command that speaks to it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        pytest.skip("PostgreSQL's server is not installed")
    as_user: list[str] = []
    home = Path(tempfile.mkdtemp())  # pytest's own folders are for one user, who may be root
    if os.geteuid() == 0:  # the server refuses to run as root
        if shutil.which("runuser") is None:
            pytest.skip("PostgreSQL does not run as root, and there is no runuser")
        shutil.chown(home, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(*command: str) -> None:
        nothing = subprocess.DEVNULL  # a pipe would stay open as long as the server runs
        call = [*as_user, *command]
        subprocess.run(call, check=True, stdout=nothing, stderr=nothing, cwd="/", timeout=60)

    data = str(home / "data")
    run(str(found[-1] / "initdb"), "-D", data, "-A", "trust", "-U", "ahpvalue", "-E", "UTF8")
    options = f"-c listen_addresses='' -c unix_socket_directories='{home}'"
    run(str(found[-1] / "pg_ctl"), "-D", data, "-w", "-o", options, "-l", f"{data}.log", "start")
    speak = ["-h", str(home), "-U", "ahpvalue", "-d", "postgres", "-q", "-v", "ON_ERROR_STOP=1"]
    yield [*as_user, str(found[-1] / "psql"), *speak]
    run(str(found[-1] / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(home, ignore_errors=True)


def test_the_text_for_postgresql_gives_the_same_bits(postgres):
    scored, customers = everything()
    numbers = [name for name in customers.column_names if name.startswith("x")]
    kinds = ", ".join(
        f'"{n}" {"float8" if n in numbers else "text"}' for n in customers.column_names
    )
    rows = "\n".join(
        ",".join("" if value is None else str(value) for value in row.values())
        for row in customers.to_pylist()
    )
    query = scored.to_sql("postgres", "outlets", NAMES)
    script = (
        f"create table outlets ({kinds});\ncopy outlets from stdin csv;\n{rows}\n\\.\n"
        f"copy ({query}) to stdout csv header;\n"
    )
    done = subprocess.run(
        postgres, input=script, text=True, capture_output=True, check=False, cwd="/"
    )
    assert done.returncode == 0, done.stderr
    read = list(csv.DictReader(done.stdout.splitlines()))
    read.sort(key=lambda row: row["customer"])
    texts = ("customer", "status", "model")
    got = {
        name: _plain([_value(row[name], name in texts) for row in read])
        for name in ["customer", *NAMES]
    }
    same(got, collected("pyarrow", scored.score(customers, outputs=NAMES).frame))


def _has_no_precision(number: Any) -> bool:
    """Whether it is the zero of OFFSET 0, or of NULLIF(divisor, 0), which older sqlglots write."""
    return type(number.parent).__name__ in ("Offset", "Nullif") and number.this == "0"


def _value(text: str, is_text: bool) -> Any:
    if is_text or not text:
        return text or None
    return float(text)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_can_read_its_own(dialect):
    sqlglot = pytest.importorskip("sqlglot")
    customers = synthetic_customers(200)
    fitted = av.template("retail-terminal").fit(customers)
    for scored in (fitted, everything()[0]):
        text = scored.to_sql(dialect, "schema_of.outlets")
        tree = sqlglot.parse_one(text, read=dialect)
        assert tree.named_selects[1] == "total"
        assert "outlets" in {found.name for found in tree.find_all(sqlglot.exp.Table)}
        # Every number is in double precision: none is left to be DECIMAL.
        for number in tree.find_all(sqlglot.exp.Literal):
            assert number.is_string or "e" in number.this or _has_no_precision(number)


def test_numbers_are_cast_where_an_exponent_does_not_make_them_doubles():
    sqlglot = pytest.importorskip("sqlglot")
    for dialect in ("postgres", "snowflake"):
        tree = sqlglot.parse_one(everything()[0].to_sql(dialect), read=dialect)
        for number in tree.find_all(sqlglot.exp.Literal):
            is_cast = isinstance(number.parent, sqlglot.exp.Cast)
            assert number.is_string or is_cast or _has_no_precision(number)


def test_an_unknown_dialect_is_refused_with_those_there_are():
    with pytest.raises(av.ModelError, match="no dialect 'postgress' here; did you mean 'postgres'"):
        everything()[0].to_sql("postgress")


def test_a_model_that_waits_for_customers_has_no_query_yet():
    with pytest.raises(av.ModelError, match="fit the model first"):
        av.template("retail-terminal").to_sql()
