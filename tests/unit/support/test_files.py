"""Written files: whole, through their link, with their mode, and never over what is read."""

import errno
import os
from pathlib import Path

import pytest

import ahpvalue as av
from ahpvalue.support.files import made_folder, refuse_overwriting, writing, written_whole


def test_a_link_stays_a_link_and_a_file_keeps_its_mode(tmp_path):
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    real.chmod(0o600)
    link.symlink_to(real)
    with written_whole(link) as unfinished:
        unfinished.write_text("new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert real.stat().st_mode & 0o777 == 0o600


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")

    def write_half():
        with written_whole(path) as unfinished:
            unfinished.write_text("half")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_half()
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("a.csv", "old")]


def test_a_file_that_nobody_may_read_is_never_open_to_others_while_it_is_written(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")
    path.chmod(0o600)
    with written_whole(path) as unfinished:
        assert unfinished.stat().st_mode & 0o777 == 0o600
        unfinished.write_text("new")
    path.chmod(0o440)
    if os.geteuid() == 0:  # whom modes do not bind
        os.chown(path, 12, 34)
        with written_whole(path) as unfinished:
            unfinished.write_text("newer")
        stat = path.stat()
        assert (stat.st_uid, stat.st_gid, stat.st_mode & 0o777) == (12, 34, 0o440)
    else:
        with pytest.raises(av.AhpValueError, match="cannot be written: Permission denied"):
            written_whole(path).__enter__()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (OSError(errno.EROFS, "Read-only file system", "/x/.a.csv.0123.part"), "Read-only file"),
        (OSError("No space left on device (os error 28)"), "No space left on device"),
        (OSError("Read-only file system (os error 30): /x/.a.csv.part"), "Read-only file system"),
        (RuntimeError("parquet: IO error: No space left on device (os error 28)"), "No space left"),
        (RuntimeError("parquet: Invalid thrift: transport error"), "No space left on device"),
        (OSError("something else"), "something else"),
    ],
)
def test_what_the_system_has_against_writing_is_said_of_the_file_that_is_meant(wrong, said):
    match = rf"^a\.csv: cannot be written: {said}"
    with pytest.raises(av.AhpValueError, match=match) as caught, writing(Path("a.csv")):
        raise wrong
    assert ".part" not in str(caught.value)
    assert "None" not in str(caught.value)


def test_what_is_no_error_of_writing_is_left_alone():
    for wrong in (RuntimeError("a bug"), av.CustomerDataError("c.csv: no"), KeyboardInterrupt()):
        with pytest.raises(type(wrong)), writing(Path("a.csv")):
            raise wrong


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(av.AhpValueError, match="a: is a file, not a folder"):
        made_folder(tmp_path / "a")
    with pytest.raises(av.AhpValueError, match="b: cannot be made: Not a directory"):
        made_folder(tmp_path / "a" / "b")


def test_two_writers_of_one_file_have_a_name_each(tmp_path):
    with written_whole(tmp_path / "a") as first, written_whole(tmp_path / "a") as second:
        assert first != second
        first.write_text("1")
        second.write_text("2")
    assert (tmp_path / "a").read_text() == "1"


def test_what_is_read_is_known_under_another_name(tmp_path):
    read, link = tmp_path / "a.csv", tmp_path / "b.csv"
    read.write_text("mine")
    link.symlink_to(read)
    with pytest.raises(av.AhpValueError, match=r"b\.csv: would overwrite what is read; name an"):
        refuse_overwriting(link, [None, read])
