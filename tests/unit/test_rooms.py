"""The tests of a room stand in a folder of the room's name."""

from pathlib import Path

import ahpvalue as av

HERE = Path(__file__).parent
PACKAGE = Path(av.__file__).parent


def folders(top: Path) -> set[str]:
    return {path.parent.relative_to(top).as_posix() for path in top.rglob("*.py")} - {"."}


def test_every_room_has_a_folder_of_tests_and_every_folder_is_a_room():
    # Templates hold their documents, and texts their catalogues, in folders without code.
    assert folders(HERE) == folders(PACKAGE) - {"support/texts"}
