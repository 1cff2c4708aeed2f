"""What the library costs, as ratios measured in one run.

``python -m tests.benchmarks [part ...] [--quick] [--write table.md]``; without parts, all of them.
The floor is copying the bytes of input and output once, on one thread, in the same run.
"""

import sys

from tests.benchmarks.draws import draws
from tests.benchmarks.engines import engines
from tests.benchmarks.experts import experts
from tests.benchmarks.loading import command, imports
from tests.benchmarks.matrices import matrices, one_matrix
from tests.benchmarks.measure import machine, write_table
from tests.benchmarks.peers import peers
from tests.benchmarks.scoring import frames, rows, scoring

PARTS = (
    imports,
    command,
    matrices,
    one_matrix,
    experts,
    scoring,
    frames,
    rows,
    engines,
    peers,
    draws,
)


def main(arguments):
    path = None
    if "--write" in arguments:
        at = arguments.index("--write")
        path = arguments[at + 1]
        arguments = arguments[:at] + arguments[at + 2 :]
    wanted = [name for name in arguments if not name.startswith("--")]
    known = {part.__name__: part for part in PARTS}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise SystemExit(f"there is no part {unknown[0]!r}; the parts are {', '.join(known)}")
    print(f"{machine()}\n")
    for name, part in known.items():
        if not wanted or name in wanted:
            part()
    if path is not None:
        write_table(path)


if __name__ == "__main__":
    main(sys.argv[1:])
