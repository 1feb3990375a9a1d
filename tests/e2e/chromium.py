"""Finds the Chromium that the tests drive, and gets one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OF_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NONE = (
    "tests/e2e need Chromium: install your system's `chromium` package or Google Chrome, "
    "or set CHROMIUM to the path of one that you have"
)


def find_chromium(own: str) -> str:
    """The path of a browser; `own` is where Playwright keeps the one that it downloads.

    Raises:
        RuntimeError: there is none and none can be had; the message says what to do.
    """
    if given := os.environ.get("CHROMIUM"):
        if shutil.which(given) is None:
            raise RuntimeError(f"CHROMIUM names no program: {given}")
        return given
    found = _installed(own)
    if found is None:
        _install()
        found = _installed(own)
    if found is None:
        raise RuntimeError(NONE)
    return found


def _installed(own: str) -> str | None:
    named = next((path for path in map(shutil.which, NAMES) if path), None)
    return named or next((str(path) for path in (OF_MAC, Path(own)) if path.is_file()), None)


def _install() -> None:
    """Ask the system's packages as root, else Playwright. Whether it worked is seen afterwards."""
    commands: list[list[str]] = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        commands = [
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
        ]
    print("Getting Chromium for the tests in a browser …", file=sys.stderr, flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in commands:
        subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
