"""Every code block of the README and the documentation does what it says."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

import ahpvalue as av
from ahpvalue.templates.bundled import template_folder

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def run_commands(example):
    """Each line of a bash block, with the command of the environment the tests run in."""
    for line in example.parsed.splitlines():
        if not line or line.startswith(("python3 -m venv", "pip install")) or "ruff" in line:
            continue  # making environments and linting is .ci/run's business
        name, *arguments = shlex.split(line, comments=True)
        assert name == "ahpvalue", f"not run by the tests: {line}"
        command = [sys.executable, "-m", "ahpvalue", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{line}\n{done.stderr}"


def load_model(example):
    """A whole model must load; an expert's file must do so in the template's place of it."""
    if example.parsed.startswith("version: 2"):
        path = Path("block.yaml")
        path.write_text(example.parsed, encoding="utf-8")
    else:
        folder = Path(shutil.copytree(template_folder("retail-terminal"), "template"))
        path = folder / "model.yaml"
        (folder / "experts" / "credit_officer.yaml").write_text(example.parsed, encoding="utf-8")
    assert av.load_model(path).hash


RUN = {"python": PythonEvaluator(), "bash": run_commands, "yaml": load_model}
PARSERS = [CodeBlockParser(language=name, evaluator=run) for name, run in RUN.items()]


def blocks_of(page):
    return list(Sybil(parsers=PARSERS).parse(page).examples())


def is_python(example):
    return example.region.evaluator is RUN["python"]


def spark_begins_at(page):
    """The line of a page's first block about Spark; the Python from there on needs its session."""
    about = [b.line for b in blocks_of(page) if is_python(b) and "pyspark" in b.parsed]
    return min(about, default=None)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_code_block_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    spark = spark_begins_at(page)
    for example in blocks_of(page):
        if spark is None or example.line < spark or not is_python(example):
            example.evaluate()


@pytest.mark.parametrize("page", [*filter(spark_begins_at, PAGES)], ids=lambda page: page.name)
@pytest.mark.filterwarnings("ignore")  # Spark's own
def test_python_from_the_block_about_spark_on_runs_too(page, tmp_path, monkeypatch, spark):
    monkeypatch.chdir(tmp_path)
    for example in filter(is_python, blocks_of(page)):
        example.evaluate()


def test_the_readme_has_exactly_two_set_up_commands():
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    set_up = [line for line in lines if line.startswith("python3 -m venv")]
    assert len(set_up) == 2
    assert set_up[0].endswith('pip install ".[cli]" && .venv/bin/ahpvalue demo')
    assert set_up[1].endswith('pip install -e ".[test]" && .venv/bin/pytest')


def test_the_readmes_error_messages_are_what_its_model_gives(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    model = readme.split("```yaml\n")[1].split("```")[0]
    shown = readme.split("answered with its place")[1].split("```\n")[1].strip()
    broken = model.replace("{ann: [[1/2]], bo", "{anne: [[1/2]], bo").replace(
        "{lower: p5", "{lowr: p5"
    )
    Path("model.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(av.ModelError) as refused:
        av.load_model("model.yaml")
    assert str(refused.value) == shown
