"""One door of the library per extra, used as somebody would who installed this extra alone."""

import subprocess
import sys
import tempfile
from pathlib import Path

import ahpvalue as av

CUSTOMERS = av.synthetic_customers(50)


def plain():
    """Load, fit, score, ask; what needs an extra says which."""
    model = av.template("retail-terminal").fit(CUSTOMERS)
    scores = model.score(CUSTOMERS)
    assert len(str(scores)) > 100
    assert scores.tiers(period="2022Q1").table()
    for extra, call in {
        "engines": lambda: scores.frame,
        "sql": lambda: model.to_sql("postgres"),
        "xlsx": lambda: av.questionnaire(model, "credit_officer", "xlsx"),
        "plot": lambda: scores.concentration("monthly_order").plot(),
    }.items():
        try:
            call()
        except av.MissingExtraError as missing:
            assert f"ahpvalue[{extra}]" in str(missing), missing  # noqa: PT017
    asked = [sys.executable, "-m", "ahpvalue", "check", "x"]
    done = subprocess.run(asked, capture_output=True, check=False)
    assert b"ahpvalue[cli]" in done.stderr, done.stderr


def cli():
    """The demo, start to end."""
    command = [sys.executable, "-m", "ahpvalue", "demo"]
    subprocess.run(command, check=True, capture_output=True, cwd=tempfile.mkdtemp())


def engines():
    """Every kind of frame."""
    import duckdb
    import pandas
    import polars

    model = av.template("retail-terminal").fit(CUSTOMERS)
    arrow = polars.DataFrame(CUSTOMERS).to_arrow()
    total = model.score(CUSTOMERS)["total"]
    for frame in (pandas.DataFrame(CUSTOMERS), polars.DataFrame(CUSTOMERS), arrow):
        assert (model.score(frame)["total"] == total).all()
    assert (model.score(duckdb.from_arrow(arrow)).collect()["total"] == total).all()


def notebook():
    """What a notebook shows."""
    import ipykernel  # noqa: F401
    import pandas

    model = av.template("retail-terminal").fit(CUSTOMERS)
    assert "<table" in model._repr_html_()
    assert len(model.score(pandas.DataFrame(CUSTOMERS)).frame) == 50


def database():
    """A record through SQLAlchemy."""
    import sqlalchemy

    scores = av.template("retail-terminal").fit(CUSTOMERS).score(CUSTOMERS)
    history = av.History(sqlalchemy.create_engine(f"sqlite:///{tempfile.mkdtemp()}/h.db"))
    history.write(scores.record("run", "2022Q1"))


def plot():
    """The one plot."""
    scores = av.template("retail-terminal").fit(CUSTOMERS).score(CUSTOMERS)
    scores.concentration("monthly_order").plot().savefig(Path(tempfile.mkdtemp()) / "plot.png")


def sql():
    """The query for another database."""
    assert "SELECT" in av.template("retail-terminal").fit(CUSTOMERS).to_sql("postgres")


def xlsx():
    """A questionnaire as a workbook."""
    from ahpvalue.questionnaires import questionnaire

    assert questionnaire(av.template("retail-terminal"), "credit_officer", "xlsx")[:2] == b"PK"


if __name__ == "__main__":
    globals()[sys.argv[1]]()
