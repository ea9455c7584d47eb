"""Print what a run of the tests came to: `python tools/total.py BEGAN RESULT.xml…`, BEGAN in seconds since 1970."""

import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET


def passed_in(result: Path) -> int:
    """Return how many tests passed, by the JUnit file that pytest has written."""
    [suite] = ET.parse(result).getroot().iter("testsuite")  # noqa: S314 - the file is our own
    return int(suite.attrib["tests"]) - sum(int(suite.attrib[name]) for name in ("failures", "errors", "skipped"))


def total(began: float, results: list[Path], now: float) -> str:
    passed = [passed_in(result) for result in results]
    parts = f" ({' + '.join(map(str, passed))})" if len(passed) > 1 else ""
    minutes, seconds = divmod(round(now - began), 60)
    return f"{sum(passed)} tests passed{parts} in {minutes} min {seconds} s"


if __name__ == "__main__":
    print(total(float(sys.argv[1]), [Path(name) for name in sys.argv[2:]], time.time()))
