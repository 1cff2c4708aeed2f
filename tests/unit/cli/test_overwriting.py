"""Nothing is overwritten by surprise: not what is read, and documents only by force."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers
from ahpvalue.templates.bundled import template_folder

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(av.__file__).parents[1])}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a model, fitted and not, customers, and their tiers."""
    shutil.copytree(template_folder("retail-terminal"), tmp_path / "retail")
    table = pl.DataFrame(synthetic_customers(60), nan_to_null=True)
    table.write_csv(tmp_path / "c.csv")
    av.load_model(tmp_path / "retail/model.yaml").fit(table).save(tmp_path / "f.yaml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def contents(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


READ = "would overwrite what is read; name another output"


@pytest.mark.parametrize("by", ["name", "dotted", "absolute", "symlink", "chain", "hard link"])
@pytest.mark.parametrize(
    ("command", "read"),
    [
        ("score f.yaml c.csv -o TARGET", "c.csv"),
        ("score f.yaml c.csv -o s.csv --contributions TARGET", "c.csv"),
        ("score --fit retail/model.yaml c.csv -o TARGET --force", "c.csv"),
        ("tiers f.yaml c.csv -o TARGET", "c.csv"),
        ("tiers f.yaml c.csv --previous t.csv -o TARGET", "t.csv"),
        ("tiers f.yaml c.csv --overrides t.csv -o TARGET", "t.csv"),
        ("compare f.yaml c.csv b.csv -o TARGET", "c.csv"),
        ("compare f.yaml c.csv b.csv -o TARGET", "b.csv"),
        ("compare f.yaml c.csv b.csv --state t.csv -o TARGET", "t.csv"),
        ("compare f.yaml c.csv b.csv --tiers t.csv --previous-tiers t.csv -o TARGET", "t.csv"),
        ("fit retail/model.yaml c.csv -o TARGET --force", "retail/model.yaml"),
        ("fit retail/model.yaml c.csv -o TARGET --force", "retail/experts/credit_officer.yaml"),
        ("accept retail/model.yaml credit_officer value -o TARGET --force", "retail/model.yaml"),
    ],
)  # fmt: skip
def test_no_command_overwrites_what_it_reads_under_any_name(ahpvalue, here, command, read, by):
    shutil.copy("c.csv", "b.csv")
    shutil.copy("c.csv", "t.csv")
    target = Path(f"other{Path(read).suffix}")
    if by == "symlink":
        target.symlink_to(read)
    elif by == "chain":
        Path("between").symlink_to(here / read)
        target.symlink_to("between")
    elif by == "hard link":
        os.link(read, target)
    else:
        folder = {"dotted": "retail/..", "absolute": str(here), "name": "."}[by]
        target = Path(folder, read)
    before = contents(here)
    code, _, err = ahpvalue(*command.replace("TARGET", str(target)).split())
    assert code == 2
    assert READ in err
    assert contents(here) == before


DOCUMENTS = [
    ("fit retail/model.yaml c.csv -o mine.yaml", "mine.yaml"),
    ("fit retail/model.yaml c.csv", "model.fitted.yaml"),
    ("score --fit retail/model.yaml c.csv -o s.csv", "s.model.yaml"),
    ("init new", "new/model.yaml"),
    ("init new", "new/experts/credit_officer.yaml"),
    ("questionnaire retail/model.yaml -o asked", "asked/credit_officer.html"),
    ("questionnaire retail/model.yaml --expert credit_officer -o q.csv", "q.csv"),
    ("accept retail/model.yaml credit_officer value a=2 --by x -o mine.yaml", "mine.yaml"),
    ("upgrade retail/model.yaml -o mine.yaml", "mine.yaml"),
    ("demo d", "d/model.yaml"),
    ("demo d", "d/model.fitted.yaml"),
    ("demo d", "d/customers.csv"),
]


@pytest.mark.parametrize(("command", "document"), DOCUMENTS)
@pytest.mark.parametrize("link", [False, True])
def test_a_document_that_is_there_is_overwritten_by_force_only(
    ahpvalue, here, command, document, link
):
    if command == "demo d":
        ahpvalue("demo", "d")
    path, real = Path(document), here / "real"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if link:
        path.symlink_to(real)
    path.write_text("mine\n")
    before = contents(here)
    code, out, err = ahpvalue(*command.split())
    assert (code, out) == (2, "")
    assert "there already; --force overwrites" in err or "holds other files" in err
    assert contents(here) == before
    if not command.startswith("accept"):
        assert ahpvalue(*command.split(), "--force")[0] == 0
        assert path.read_text(encoding="utf-8") != "mine\n"
        assert path.is_symlink() == link


def test_a_demo_is_made_again_where_nothing_has_changed(ahpvalue, here):
    assert ahpvalue("demo", "d")[0] == 0
    assert ahpvalue("demo", "d")[0] == 0
    assert ahpvalue("demo", "d", "--seed", "8")[0] == 2


def test_a_table_replaces_that_of_a_former_run(ahpvalue, here):
    for command in ("score f.yaml c.csv", "tiers f.yaml c.csv", "compare f.yaml c.csv b.csv"):
        shutil.copy("c.csv", "b.csv")
        assert ahpvalue(*command.split())[0] == 0
        assert ahpvalue(*command.split())[0] == 0


def test_collect_shows_what_changes_and_writes_nothing_in_a_dry_run(ahpvalue, here):
    arguments = ("collect", "retail/experts", "--model", "retail/model.yaml", "-o", "new.yaml")
    arguments += ("--experts", "own")
    before = contents(here)
    code, out, _ = ahpvalue(*arguments, "--dry-run")
    assert code == 0
    assert "nothing is written: --dry-run" in out
    assert contents(here) == before
    assert ahpvalue(*arguments)[0] == 0
    own = Path("own/credit_officer.yaml")
    own.write_text(own.read_text().replace("judgments:", "judgments: # mine", 1))
    changed = own.read_text()
    code, out, _ = ahpvalue(*arguments, "--dry-run")
    assert "-judgments: # mine" in out
    assert "+judgments:" in out
    assert own.read_text() == changed
    assert ahpvalue(*arguments)[0] == 0
    assert own.read_text() != changed


def test_collect_amends_the_model_and_never_the_answers_it_reads(ahpvalue, here):
    arguments = ("collect", "retail/experts", "--model", "retail/model.yaml")
    before = contents(here)
    code, _, err = ahpvalue(*arguments, "--experts", "retail/experts")
    assert code == 2
    assert READ in err
    assert contents(here) == before
    comments = [line for line in Path("retail/model.yaml").read_text().splitlines() if "#" in line]
    code, out, _ = ahpvalue(*arguments, "-o", "retail/model.yaml")
    assert code == 0
    assert set(comments) <= set(Path("retail/model.yaml").read_text().splitlines())
    assert "--- retail/model.yaml" in out
    assert list(av.load_model("retail/model.yaml").comparisons) == list(
        av.template("retail-terminal").comparisons
    )


def test_scoring_a_folder_removes_nothing_of_others(ahpvalue, here):
    Path("out").mkdir()
    for name in ("c.00007.csv", ".c.parquet.part", ".c.parquet.old.part", "c.parquet.bak"):
        Path("out", name).write_text("mine\n")
    assert ahpvalue("score", "f.yaml", "c.csv", "-o", "out/")[0] == 0
    mine = [path for path in Path("out").iterdir() if path.read_bytes() == b"mine\n"]
    assert len(mine) == 4


# -- what the system has against it ----------------------------------------------------------

LIMITED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
sys.argv = ["ahpvalue", *sys.argv[1:]]
runpy.run_module("ahpvalue", run_name="__main__")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are set by resource")
@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("score f.yaml c.csv -o s.csv", "s.csv"),
        ("score f.yaml c.csv -o s.csv.gz", "s.csv.gz"),
        ("score f.yaml c.csv -o s.parquet", "s.parquet"),
        ("score f.yaml c.csv -o scored/", "scored/c.parquet"),
        ("tiers f.yaml c.csv -o t.csv", "t.csv"),
        ("fit retail/model.yaml c.csv -o g.yaml", "g.yaml"),
        ("questionnaire retail/model.yaml -o asked", "asked/"),
    ],
)
def test_a_full_disk_is_a_sentence_that_names_the_users_file(here, command, named):
    before = contents(here)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *command.split()],
        env=ENVIRONMENT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    (line,) = [one for one in done.stderr.splitlines() if not one.startswith("warning")]
    assert line.startswith(named)
    said = "No space left on device" if "parquet" in named else "File too large"
    assert line.endswith(f"cannot be written: {said}")
    assert ".part" not in line
    left = {path: text for path, text in contents(here).items() if path not in before}
    assert {path.name for path in left} <= {"ahpvalue-files.json"}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("score f.yaml c.csv -o folder.csv", "folder.csv: "),
        ("fit retail/model.yaml c.csv -o folder.yaml", "folder.yaml: is a folder, not a file"),
        ("score f.yaml folder.yaml", "several files are scored into a folder; name"),
        ("score folder.yaml c.csv", "folder.yaml"),
        ("tiers f.yaml folder.csv", "folder.csv: is a folder, not a file"),
        ("tiers f.yaml c.csv -o c.csv/t.csv", "c.csv/t.csv: there is no folder c.csv"),
        ("tiers f.yaml c.csv -o pipe.csv", "pipe.csv: is no regular file; name another output"),
        ("tiers f.yaml pipe.csv", "pipe.csv: is no regular file; write its content to one"),
        ("init c.csv/deep", "c.csv/deep"),
        ("demo c.csv", "c.csv: "),
        ("questionnaire retail/model.yaml -o c.csv/deep", "c.csv/deep: cannot be made: Not a dir"),
        ("tiers f.yaml c.csv -o round.csv", "round.csv: "),
    ],
)
def test_what_is_no_file_is_a_sentence(ahpvalue, here, command, said):
    Path("folder.csv").mkdir()
    Path("folder.yaml").mkdir()
    os.mkfifo("pipe.csv")
    Path("round.csv").symlink_to("round.csv")
    code, _, err = ahpvalue(*command.split())
    assert code == 2
    assert said in err
    assert ".part" not in err


def test_a_name_as_long_as_the_system_allows_is_written(ahpvalue, here):
    name = "客" * 80 + ".csv"  # 244 bytes
    assert ahpvalue("score", "f.yaml", "c.csv", "-o", name)[0] == 0
    assert Path(name).exists()


SLOW = """
import sys, time
from pathlib import Path
from ahpvalue.support.files import written_whole
with written_whole(Path(sys.argv[1])) as part:
    part.write_text("half")
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no file that is open")
def test_what_a_killed_run_left_is_removed_and_what_a_live_one_writes_is_not(ahpvalue, here):
    def begun():
        process = subprocess.Popen(
            [sys.executable, "-c", SLOW, "s.csv"], env=ENVIRONMENT, stdout=subprocess.PIPE
        )
        process.stdout.readline()
        return process

    killed = begun()
    (left,) = here.glob(".s.csv.*.part")
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    alive = begun()
    parts = list(here.glob(".s.csv.*.part"))
    assert left not in parts
    assert len(parts) == 1
    other = here / ".s.csv.mine.part"
    other.write_text("mine")
    assert ahpvalue("score", "f.yaml", "c.csv", "-o", "s.csv")[0] == 0
    assert sorted(here.glob(".s.csv.*.part")) == sorted([*parts, other])
    alive.kill()
    alive.communicate()
    assert ahpvalue("score", "f.yaml", "c.csv", "-o", "s.csv")[0] == 0
    assert list(here.glob(".s.csv.*.part")) == [other]


def test_twelve_writers_of_one_file_at_once_leave_it_whole(here):
    program = SLOW.replace('"half"', '"x" * 100_000').replace("time.sleep(60)", "time.sleep(0.05)")
    several = [
        subprocess.Popen(
            [sys.executable, "-c", program, "s.csv"],
            env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
        for _ in range(12)
    ]  # fmt: skip
    assert [process.communicate()[1] for process in several] == [b""] * 12
    assert Path("s.csv").read_text() == "x" * 100_000
    assert not list(here.glob(".s.csv.*"))


# -- the terminal ----------------------------------------------------------------------------


def run(*arguments, **others):
    return subprocess.run(
        [sys.executable, "-m", "ahpvalue", *arguments],
        env=ENVIRONMENT | others.pop("env", {}), check=False, capture_output=True, **others,
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize(
    "command",
    [
        "weights retail/model.yaml --language zh",
        "review retail/model.yaml --language zh --all",
        "explain f.yaml c.csv 00017 --language zh",
        "check 客户.yaml",
        "tiers f.yaml 客户.csv",
        "weights retail/model.yaml --language zh --json",
    ],
)
def test_what_a_terminal_cannot_show_is_replaced(here, command, encoding):
    shutil.copy("c.csv", "客户.csv")
    done = run(*command.split(), env={"PYTHONIOENCODING": encoding})
    assert b"Traceback" not in done.stderr
    assert done.returncode == (2 if "check" in command else 0)
    if "--json" in command and encoding != "utf-8":
        assert "客户".encode("unicode_escape") in done.stdout
    elif "zh" in command:
        assert (b"???" in done.stdout) == (encoding != "utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_an_output_that_is_full_or_closed_is_no_stack_trace(here):
    for command in ("check retail/model.yaml", "weights retail/model.yaml --json", "--help"):
        shell = f'exec "{sys.executable}" -m ahpvalue {command}'
        for end, code, said in (
            (">/dev/full", 2, "standard output: No space left on device\n"),
            (">&-", 0, ""),
            (">&- 2>&-", 0, ""),
        ):
            done = subprocess.run(
                ["sh", "-c", f"{shell} {end}"],
                env=ENVIRONMENT, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert (done.returncode, done.stderr) == (code, said), (command, end)
