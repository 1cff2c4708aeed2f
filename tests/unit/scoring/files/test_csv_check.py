"""CSV that is not whole, or not CSV: refused with its line before a cell is read."""

import csv
import gzip
import io
import warnings
from pathlib import Path

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.scoring.files import csv_check
from ahpvalue.scoring.files.csv_check import BrokenCsvError, check_csv

MODEL = av.Model(
    customer="id",
    hierarchy={"value": ["loyalty", "margin"]},
    judgments={"weights": {"value": {"loyalty": 0.5, "margin": 0.5}}},
    indicators={
        "loyalty": {"linear": [[0, 0], [10, 100]], "missing": "renormalise"},
        "margin": {"linear": [[0, 0], [10, 100]], "missing": "renormalise"},
    },
)
HEAD = "id,loyalty,margin\n"


def packed(text):
    return gzip.compress(text.encode(), mtime=0)  # the same bytes in every process


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    MODEL.save("model.yaml")
    return tmp_path


def refused_alike(ahpvalue, content, name="c.csv"):
    """What a file is refused for; one table and a folder say the same, and nothing is written."""
    Path("in", name).write_bytes(content if isinstance(content, bytes) else content.encode())
    code, out, err = ahpvalue("score", "model.yaml", f"in/{name}", "-o", "one.csv")
    assert (code, out) == (2, "")
    assert not Path("one.csv").exists()
    assert ahpvalue("score", "model.yaml", "in", "-o", "scored")[::2] == (2, err)
    assert not [path for path in Path().glob("scored/*") if path.suffix == ".parquet"]
    assert err.count("\n") == 1
    assert "polars" not in err.lower()
    assert "schema" not in err.lower()
    return err


FEWER, MORE = "fewer cells than there are columns", "more cells than there are columns"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "A,1,2\nB,1\nC,3,4\n", f"line 3 has {FEWER} (2, not 3); complete it"),
        (HEAD + "A,1,2\nB,1,2,3\n", f"line 3 has {MORE} (4, not 3); quote cells that hold commas"),
        (HEAD + "A,1,2\nB,1", f"line 3 has {FEWER} (2, not 3)"),  # cut off
        (HEAD + "A,1,2\nB", f"line 3 has {FEWER} (1, not 3)"),
        (HEAD.replace("\n", "\r\n") + "A,1,2\r\n\r\nB\r\n", f"line 4 has {FEWER}"),
        ("\ufeff" + HEAD + "A,1\n", f"line 2 has {FEWER}"),
        (HEAD + '"A\nB",1,2\n"C,D",1\n', f"line 4 has {FEWER}"),
        (HEAD + 'A,1,"2\nB,1,2\n', "line 2 has a quotation mark that is never closed"),
        (HEAD + 'A,1,"2\nB,1,2\nC,"1",2\n', "line 2 has a quotation mark that is never"),
        (HEAD + 'A,1,"2\nB,1,2\n",1,2\n', f"line 2 has {MORE} (5, not 3), and goes on for 2 more"),
        (HEAD + 'A, "1,5",2\n', "line 2 has a quotation mark inside a cell; write it twice"),
        (HEAD + '"A"x,1,2\n', "line 2 has a quotation mark inside a cell"),
        (HEAD + 'A 5" pipe,1,2\nB,1,2\nC 6" pipe,1,2\n', "line 2 has a quotation mark inside"),
        (HEAD.replace("\n", "\r") + "A,1,2\rB,1,2\r", "line 1 holds a carriage return alone"),
        (HEAD + "A,1,2\r\r\nB,1,2\r\r\n", "line 2 holds a carriage return alone"),
        (HEAD + "A,1,2\nB\0,1,2\n", "line 3 holds a zero byte"),
        (HEAD + "   \nA,1,2\n", f"line 2 has {FEWER}"),
    ],
)
def test_a_line_that_is_not_whole_is_refused_with_its_number(ahpvalue, here, text, said):
    assert f"c.csv: cannot be read: {said}" in refused_alike(ahpvalue, text)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id;loyalty;margin\nA;1,5;2\n", "not separated by commas, but by semicolons; save the"),
        ("id\tloyalty\tmargin\nA\t1\t2\n", "not separated by commas, but by tabs"),
        ("id|loyalty|margin\nA|1|2\n", "not separated by commas, but by bars"),
        ("id，loyalty，margin\nA，1，2\n", "not separated by commas, but by full-width commas"),
        ('id;loyalty;margin;"x, y"\nA;1;2;3\n', "but by semicolons"),
        ("Top customers, 2025\nid;loyalty;margin\nA;1;2\n", "but by semicolons"),
        (
            "sep=,\n" + HEAD + "A,1,2\n",
            "line 1 begins with 'sep=', which is for Excel; remove",
        ),
        ("sep=;\nid;loyalty;margin\nA;1;2\n", "line 1 begins with 'sep='"),
        ("Customers 2025\n" + HEAD + "A,1,2\n", "line 2 names the columns, and something stands"),
        ("Customers 2025,,\n\n" + HEAD + "A,1,2\n", "line 3 names the columns"),
        ('"Customers,\n2025"\n' + HEAD + "A,1,2\n", "line 3 names the columns"),
        ("\n" + HEAD + "A,1,2\n", "line 1 is blank; the first line names the columns"),
        (",,\n", "line 1 is blank"),
        ("", "is empty; its first line names the columns"),
        ("id,loyalty,margin,loyalty\n", "two columns are called loyalty; rename one (columns 2 an"),
        ("id,,loyalty,margin,\n", "two columns have no name; give them one (columns 2 and 5)"),
        ((HEAD + "A,1,2\n张,1,2\n").encode("gbk"), "line 3 is not UTF-8; save the file with the"),
        ("id,loyalty,毛利\nA,1,2\n".encode("gbk"), "line 1 is not UTF-8"),
        ((HEAD + "A,1,2\n").encode("utf-16"), "is text in UTF-16; save it with the encoding UTF-8"),
        ((HEAD + "A,1,2\n").encode("utf-16-be"), "line 1 holds a zero byte"),
        (b"PK\x03\x04rest of a workbook", "is an Excel workbook or another packed file; save the"),
        (b"PAR1", "is a Parquet file; name it .parquet"),
        (packed(HEAD), "is packed with gzip; name it .csv.gz"),
        (b"\x00\x01\x02\xff\xfe" * 20, "line 1"),
    ],
)
def test_what_spreadsheets_make_of_a_table_is_said_with_a_remedy(ahpvalue, here, content, said):
    assert said in refused_alike(ahpvalue, content)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("c.csv.gz", HEAD.encode(), "c.csv.gz: cannot be read: Not a gzipped file"),
        ("c.csv.gz", packed(HEAD * 999)[:-20], "it is packed and cut off"),
        ("c.csv.gz", packed(HEAD + "A,1\n"), "line 2 has fewer cells"),
        ("c.parquet", HEAD.encode(), "c.parquet: cannot be read: it is no Parquet file; write it"),
        ("c.parquet", b"PAR1" + bytes(99), "cannot be read: it is damaged or cut off"),
        ("c.parquet", b"", "cannot be read: it is no Parquet file"),
    ],
)
def test_packed_and_damaged_files_are_said_so(ahpvalue, here, name, content, said):
    assert said in refused_alike(ahpvalue, content, name)


def test_a_last_line_without_an_end_is_warned_of_for_it_may_be_cut_off(ahpvalue, here):
    Path("in/c.csv").write_text(HEAD + "A,1,2\nB,1,2")
    said = "in/c.csv: line 3, the last one, has no line end; if the file was cut off there, its"
    assert said in ahpvalue("score", "model.yaml", "in/c.csv", "-o", "one.csv")[2]
    with pytest.warns(av.CustomerDataWarning, match=said):
        found = MODEL.score_files("in", "scored")
    assert len(found.warnings) == 1
    assert found.rows == 2


@pytest.mark.parametrize(
    "text",
    [
        HEAD + 'Joe "Fat" M,1,2\nB,"1",2\n',
        HEAD + '"x ""y, z"" q",1,2\n"two\r\nlines, and ""more""",1,2\n"""",1,2\n',
        HEAD + '"carriage\rreturn",1,2\n',
        HEAD.replace("\n", "\r\n") + '"A",1,""\r\n\r\n',
        '"id","loyalty","margin","a ""name"""\n"A","1","2","3"\n',
        ",id,loyalty,margin\n0,A,1,2\n",
        HEAD,
    ],
)
def test_csv_as_the_standard_has_it_is_read(ahpvalue, here, text):
    Path("in/c.csv").write_bytes(text.encode())
    code, _, err = ahpvalue("score", "model.yaml", "in/c.csv", "-o", "one.csv")
    assert (code, err) == (0, "")
    assert MODEL.score_files("in", "scored").rows == len(
        list(csv.reader(io.StringIO(text)))
    ) - 1 - (text.endswith("\n\r\n"))


# -- against another reader ------------------------------------------------------------------

PIECES = ["a", "12", "é", "客", "", '"q"', '"a,b"', '"l\nm"', '"x""y"', '""', "\r", " ", '"', "b c"]


def random_bytes(rng, columns):
    """Lines of a table, mostly whole, of pieces that are hard to read."""
    lines = [",".join(f"c{k}" for k in range(columns))]
    odd = rng.random() < 0.3
    allowed = PIECES[:10] if not odd else PIECES
    for _ in range(rng.integers(0, 12)):
        count = columns + (int(rng.integers(-1, 2)) if rng.random() < 0.05 else 0)
        lines.append(",".join(rng.choice(allowed, max(count, 1)).tolist()))
        lines += [""] * int(rng.random() < 0.1)
    end = str(rng.choice(["\n", "\r\n"]))
    return (end.join(lines) + end).encode()


@pytest.mark.parametrize("block", [1, 7, 64, 1 << 17])
def test_what_passes_is_a_table_to_the_reader_of_the_standard_library_too(
    tmp_path, monkeypatch, block
):
    monkeypatch.setattr(csv_check, "_BLOCK", block)
    path, passed, refused = tmp_path / "c.csv", 0, 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        columns = int(rng.integers(2, 5))
        content = random_bytes(rng, columns)
        path.write_bytes(content)
        text = content.decode()
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
        is_table = all(len(row) == columns for row in rows)
        said = ""
        try:
            assert check_csv(path) == ""
        except BrokenCsvError as wrong:
            said = str(wrong)
        passed, refused = passed + (not said), refused + bool(said)
        if not said:
            assert is_table, text
        elif is_table:  # what readers do not agree on
            assert "quotation mark" in said or "carriage return" in said, (text, said)
    assert passed > 100
    assert refused > 100


def test_every_way_to_cut_a_file_off_is_refused_or_warned_of(here):
    whole = (HEAD + "A,1,2\n" + '"B, C",3,44\n' + "D,5,666\n").encode()
    path = Path("in/c.csv")
    for size in range(len(HEAD), len(whole)):
        path.write_bytes(whole[:size])
        if whole[:size].endswith(b"\n"):
            continue  # whole lines: nobody can tell
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                MODEL.score_files("in", f"scored-{size}")
            except av.CustomerDataError as wrong:
                assert "line " in str(wrong)  # noqa: PT017
            else:
                assert "has no line end" in str(caught[0].message)
