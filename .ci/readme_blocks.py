"""The README's Python blocks by the extras installed before them.

``readme_blocks.py README.md --steps`` prints the extras of each install line in order, Spark's
and those for development apart; with one of these steps, the Python to run once it is there.
"""

import re
import sys
from pathlib import Path

INSTALL = re.compile(r"pip install (?:-e )?\"\.\[([\w,]+)\]\"")
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LEFT_OUT = {"test", "lint", "spark"}


def main() -> None:
    """Print what is asked for."""
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    marks = [(found.start(), found[1]) for found in INSTALL.finditer(text)]
    steps = [(at, extras) for at, extras in marks if extras not in LEFT_OUT]
    if sys.argv[2] == "--steps":
        sys.stdout.write("\n".join(extras for _, extras in steps) + "\n")
        return
    after = next(at for at, extras in steps if extras == sys.argv[2])
    later = [at for at, extras in marks if at > after and extras != "test"]
    end = min(later, default=len(text))
    blocks = [found for found in BLOCK.finditer(text) if found.start() < end]
    sys.stdout.write("\n".join(found[1] for found in blocks))


if __name__ == "__main__":
    main()
