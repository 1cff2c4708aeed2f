"""Written files: whole, through their link, with their mode, and never over what is read."""

import pytest

import ahpvalue as av
from ahpvalue.support.files import refuse_overwriting, written_whole


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
