"""Count instructions with valgrind's callgrind. Counting is off while the program starts, on for the requests."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.pages.cases import Case

REQUESTS, WARM = 10, 5
SELF = [sys.executable, "-m", "bench.pages", "--step"]
COUNT = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=counts.%p"]


def serve(all_cases: list["Case"]) -> None:
    """Ask for one page after the other, as the process that valgrind measures.

    It prints "ready", waits for a line on standard input, asks for the page, prints "done" and waits again.
    """
    for case in all_cases:
        for _ in range(WARM):
            case.send(case.prepare())
        asks = [case.prepare() for _ in range(REQUESTS)]
        print("ready", flush=True)
        sys.stdin.readline()
        for ask in asks:
            case.send(ask)
        print("done", flush=True)
        sys.stdin.readline()


def count_instructions(names: list[str]) -> dict[str, float]:
    """Return the instructions of one request of each page; empty where valgrind is not installed."""
    if not shutil.which("valgrind"):
        print("Install valgrind to count instructions.")
        return {}
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "PYTHONHASHSEED": "0",
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        subprocess.run([*SELF, "build"], env=environment, check=True)
        child = subprocess.Popen(
            [*COUNT, *SELF, "serve"],
            env=environment,
            cwd=folder,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            return {name: counted(child, Path(folder)) for name in names}
        finally:
            child.kill()
            child.wait()


def wait_for(child: subprocess.Popen[str], word: str) -> None:
    """Read the output of the measured process up to this word. Raises RuntimeError when the process has ended."""
    for line in child.stdout or ():
        if line.strip() == word:
            return
    raise RuntimeError("The measured process ended.")


def control(child: subprocess.Popen[str], *arguments: str) -> None:
    """Send a command to callgrind."""
    subprocess.run(["callgrind_control", *arguments, str(child.pid)], check=True, capture_output=True)


def counted(child: subprocess.Popen[str], folder: Path) -> float:
    """Return the instructions of one request of the next page."""
    wait_for(child, "ready")
    control(child, "-i", "on")
    print(file=child.stdin, flush=True)
    wait_for(child, "done")
    control(child, "-i", "off")
    control(child, "-d")
    newest = max(folder.glob("counts.*"), key=lambda path: path.stat().st_mtime)
    control(child, "-z")
    print(file=child.stdin, flush=True)
    return int(re.findall(r"^(?:summary|totals): (\d+)", newest.read_text(), re.MULTILINE)[-1]) / REQUESTS
