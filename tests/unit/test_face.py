"""The public face: its names, what importing costs, and how results show themselves."""

import json
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

import ahpvalue as av
from ahpvalue.support.display import Table


def python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_the_public_names_are_these():
    stored = (Path(__file__).parent / "public_names.txt").read_text(encoding="utf-8")
    assert av.__all__ == stored.split()
    assert av.__all__ == sorted(
        av.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name)
    )
    assert {name for name in av.__all__ if getattr(av, name, None) is None} == set()
    assert set(av.__all__) <= set(dir(av))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = av.nothing


def test_the_annotations_name_what_is_loaded_on_first_use():
    with open(av.__file__, encoding="utf-8") as source:  # noqa: PTH123
        typed = source.read().split("if TYPE_CHECKING:")[1].split("__version__")[0]
    assert {
        word.strip(", \n()") for word in typed.split() if word.strip(",()").isidentifier()
    } >= set(av.__all__)


@pytest.mark.parametrize(
    "use",
    [
        "import ahpvalue",
        "import ahpvalue; ahpvalue.PairwiseMatrix([[1, 3], ['1/3', 1]]).consistency()",
        "import ahpvalue; ahpvalue.Model",
        "import ahpvalue; ahpvalue.template('retail-terminal').weights()",
    ],
)
def test_importing_and_weighing_load_nothing_heavy(use):
    loaded = set(
        json.loads(python(f"{use}; import sys, json; print(json.dumps(list(sys.modules)))"))
    )
    heavy = {
        "scipy",
        "narwhals",
        "pandas",
        "polars",
        "pyarrow",
        "matplotlib",
        "typer",
        "rich",
        "duckdb",
    }
    assert not loaded & heavy


def test_importing_loads_no_more_than_numpy_pydantic_and_yaml():
    """Counted in modules, which do not depend on what else the machine is doing."""
    count = "import sys; print(len(sys.modules))"
    ours = int(python(f"import ahpvalue; {count}"))
    base = int(python(f"import numpy, pydantic, yaml; {count}"))
    assert ours <= base


def test_a_missing_frame_package_is_named_with_its_extra():
    code = (
        "import sys\nfor name in ('pandas', 'polars', 'pyarrow'): sys.modules[name] = None\n"
        "import ahpvalue as av\n"
        "try: av.priorities([[1, 2], [.5, 1]]); av.PairwiseMatrix([[1]]).to_frame('pandas')\n"
        "except av.MissingExtraError as e: print(e, isinstance(e, ImportError))"
    )
    assert python(code) == (
        "a pandas data frame needs pandas, which is not installed: "
        'pip install "ahpvalue[engines]" True\n'
    )


def test_numpy_is_enough_to_score():
    code = (
        "import sys\nfor name in ('pandas', 'polars', 'pyarrow'): sys.modules[name] = None\n"
        "import ahpvalue as av; from ahpvalue.demo import synthetic_customers\n"
        "c = synthetic_customers(50); s = av.template('retail-terminal').fit(c).score(c)\n"
        "print(len(s.frame['total']), round(float(sum(s['total'] <= 100))))"
    )
    assert python(code) == "50 50\n"


# -- displays --------------------------------------------------------------------------------

EVIL = "<script>alert('x')</script>"


def results():
    model = av.Model(
        hierarchy={"value": ["sales", "loyalty"]},
        labels={"sales": {"en": EVIL}},
        judgments={"experts": {"ann": {}}, "comparisons": {"value": {"ann": [[3]]}}},
        indicators={
            "sales": {"linear": [[0, 0], [9, 100]]},
            "loyalty": {"linear": [[0, 0], [9, 100]]},
        },
        name=EVIL,
    )
    matrix = av.PairwiseMatrix([[1, 3], ["1/3", 1]], labels=[EVIL, "b"])
    scores = model.score({"customer": [EVIL, "C2"], "sales": [1, 2], "loyalty": [3, 4]})
    return {
        "matrix": matrix,
        "priorities": matrix.priorities(),
        "consistency": matrix.consistency(),
        "model": model,
        "model consistency": model.consistency(),
        "weights": model.weights(language="en"),
        "indicators": model.weights(language="en").indicators,
        "scores": scores,
        "inputs": scores.inputs,
    }


@pytest.mark.parametrize("name", results())
def test_every_result_shows_itself_as_text_html_frame_and_dict(name):
    result = results()[name]
    html = result._repr_html_()
    assert html == results()[name]._repr_html_()
    assert "<script" not in html
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")
    assert html.count("<table") == html.count("</table>") == 1
    assert str(result) == repr(result)
    assert len(str(result).splitlines()) >= 3
    assert json.dumps(result.to_dict(), default=str)
    for package in ("pandas", "polars", "pyarrow"):
        assert type(result.to_frame(package)).__module__.startswith(package)


def test_an_evil_label_is_shown_as_text():
    html = results()["weights"]._repr_html_()
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;" in html


def test_results_are_frozen():
    shown = results()
    for name in ("priorities", "consistency", "weights", "model consistency"):
        with pytest.raises(AttributeError):
            shown[name].method = "x"
    with pytest.raises(ValueError, match="read-only"):
        shown["matrix"].values[0, 1] = 5
    with pytest.raises(ValueError, match="read-only"):
        shown["priorities"].weights[0] = 5


def test_wide_characters_keep_columns_straight():
    text = Table("", {"名称": ["客户", "ab"], "n": [1.0, 22.0]}, {"n": ".1f"}).text()
    assert text.splitlines() == ["名称     n", "----  ----", "客户   1.0", "ab    22.0"]


def test_a_narrow_place_leaves_out_details_and_nothing_else():
    table = av.template("retail-terminal").consistency().table()
    assert table.within(500) is table
    assert list(table.within(60).columns) == ["node", "expert", "n", "CR", "verdict"]
    assert list(table.within(5).columns) == ["node", "expert", "n", "CR", "verdict"]


def test_bars_never_leave_their_frame():
    html = Table(
        "t", {"x": [-5.0, 50.0, 500.0, float("nan"), None]}, {"x": ".0f"}, {"x": 100.0}
    ).html()
    widths = [float(part.split('"')[0]) for part in html.split('<rect width="')[2::2]]
    assert widths == [0.0, 40.0, 80.0]
    assert statistics.mean(widths) == 40
