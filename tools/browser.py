"""Find a Chromium for the browser tests, or install one: `python tools/browser.py`."""

import os
import shutil
import subprocess
import sys

# The headless shell first: it starts no window system and no graphics process, and takes half the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium-headless-shell", "fonts-liberation")


def succeeds(*command: str, output: int | None = None) -> bool:
    return subprocess.run(command, check=False, stdout=output, stderr=output).returncode == 0


def chromium() -> str | None:
    """Return the path of a Chromium on this system; None where Playwright's own has to serve."""
    for path in (os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)):
        if path and succeeds(path, "--version", output=subprocess.DEVNULL):
            return path
    return None


def installed_by_apt() -> bool:
    """Install Chromium with apt-get, where this process is root; whether that worked."""
    return (
        os.geteuid() == 0
        and shutil.which("apt-get") is not None
        and succeeds("apt-get", "update", "-qq")
        and succeeds("apt-get", "install", "-qq", "--no-install-recommends", *PACKAGES)
        and chromium() is not None
    )


def main() -> None:
    if chromium() or installed_by_apt() or succeeds(sys.executable, "-m", "playwright", "install", "chromium"):
        return
    sys.exit("The browser tests need Chromium: install it and run this again, or name it with CHROMIUM=/path/to/it.")


if __name__ == "__main__":
    main()
