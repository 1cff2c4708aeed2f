"""Settings for all tests: how many examples, which engines, and who runs beside whom."""

from __future__ import annotations

import importlib.util
import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# What starts slowly and is asked with --all-engines only; polars and DuckDB are always asked.
OTHER_ENGINES = frozenset({"dask", "ibis", "pyspark", "spark"})

SLOW_IS_FINE: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow],
}
settings.register_profile("few", max_examples=3, **SLOW_IS_FINE)
settings.register_profile("dev", max_examples=10, **SLOW_IS_FINE)
settings.register_profile("ci", max_examples=40, **SLOW_IS_FINE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all-engines",
        action="store_true",
        help="ask Dask, Ibis and Spark too, and take every example of the laws",
    )


def pytest_configure(config: pytest.Config) -> None:
    by_default = "ci" if config.getoption("--all-engines") else "dev"
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", by_default))


def engines_named(item: pytest.Item) -> set[str]:
    """The engines a test asks beside polars and DuckDB: by parameter, fixture or marker."""
    given = getattr(item, "callspec", None)
    parameters = (
        {value for value in given.params.values() if isinstance(value, str)} if given else set()
    )
    fixtures = set(getattr(item, "fixturenames", ()))
    return OTHER_ENGINES & (parameters | fixtures | {mark.name for mark in item.iter_markers()})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the other engines; keep a file in one process, and Spark in one of its own."""
    everything = config.getoption("--all-engines")
    for item in items:
        named = engines_named(item)
        if named and not everything:
            item.add_marker(pytest.mark.skip(reason="an engine of --all-engines"))
        group = "spark" if named & {"spark", "pyspark"} else item.nodeid.partition("::")[0]
        if everything or not named:
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Spark in this process, without its page and with the setting the README names."""
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("pyspark or Java is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyspark's own, about pandas
        from pyspark.sql import SparkSession

        here = Path.cwd()
        os.chdir(tmp_path_factory.mktemp("spark"))  # where Java is started, its files go
        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.codegen.hugeMethodLimit", "8000")
            .getOrCreate()
        )
        os.chdir(here)
        session.sparkContext.setLogLevel("OFF")
        yield session
        session.stop()
