"""``python -m ahpvalue`` and the ``ahpvalue`` command."""

from __future__ import annotations

import sys

from ahpvalue.support.extras import command_needs

__all__ = ["main"]


def main() -> None:
    """Run the command line, or say how to get it."""
    try:
        from ahpvalue.cli.app import run
    except ImportError as missing:
        sys.stderr.write(f"{command_needs(missing.name)}\n")
        sys.exit(2)
    sys.exit(run())


if __name__ == "__main__":
    main()
