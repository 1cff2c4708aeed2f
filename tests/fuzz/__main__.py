"""See the package."""

import argparse
import sys
import time

from tests.fuzz.doors import DOORS
from tests.fuzz.harness import run_case


def main() -> int:
    """Run doors in turn until the time is over; 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("doors", nargs="*", help=f"of {', '.join(DOORS)}; left out, all")
    parser.add_argument("--minutes", type=float, default=1.0, help="per call, over all doors")
    parser.add_argument("--case", type=int, help="this one only")
    parser.add_argument("--first", type=int, default=0, help="the number to start from")
    asked = parser.parse_args()
    doors = [DOORS[name] for name in asked.doors or DOORS]
    if asked.case is not None:
        found = [run_case(door, asked.case) for door in doors]
        sys.stdout.write("\n".join(str(one) for one in found) + "\n")
        return int(any(found))
    end, number, findings = time.monotonic() + 60 * asked.minutes, asked.first, {}
    while time.monotonic() < end:
        for door in doors:
            found = run_case(door, number)
            if found is not None and (found.door, found.what[:60]) not in findings:
                findings[found.door, found.what[:60]] = found
                sys.stdout.write(f"{found}\n")
                sys.stdout.flush()
        number += 1
    count = (number - asked.first) * len(doors)
    sys.stdout.write(f"{count:,} cases, {len(findings)} kinds of findings\n")
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main())
