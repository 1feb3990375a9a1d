"""The built front end: whether it is current, and how it is made."""

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
# What we write and the bundle is made of; a change in any of these makes it stale …
SOURCES = (
    "assets",
    "lovechat/core/i18n.py",
    "lovechat/front_end_plugin.py",
    "lovechat/locales",
    "lovechat/lovechat.py",
    "lovechat/services/guardrails/quality.json",
    "lovechat/ui",
    "rxconfig.py",
)
# … and so does one in the packages' lock, which a build may put into another order.
LOCK = "reflex.lock"


class FrontEndError(Exception):
    """The front end is missing, stale, or could not be built; the message says what to do."""


def web_folder() -> Path:
    """Where Reflex keeps what it generates."""
    return Path(os.environ.get("REFLEX_WEB_WORKDIR") or ROOT / ".web")


def client_folder() -> Path:
    """Where the files for browsers are."""
    return web_folder() / "build" / "client"


def fingerprint(*more: str) -> str:
    """A digest of our sources, and of `more` folders or files of the project."""
    whole = hashlib.sha256(version("reflex").encode())
    for source in (*SOURCES, *more):
        path = ROOT / source
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        for file in files:
            if "__pycache__" in file.parts:
                continue
            whole.update(f"\0{file.relative_to(ROOT)}\0".encode())
            whole.update(file.read_bytes())
    return whole.hexdigest()


def is_current() -> bool:
    """Whether the bundle was made from the sources as they are now."""
    stamp = _stamp()
    return stamp.is_file() and stamp.read_text() == fingerprint(LOCK)


def require_current_build() -> None:
    """Raise `FrontEndError` unless the bundle fits the sources."""
    if not client_folder().is_dir():
        raise FrontEndError("the front end is not built; run: python -m lovechat build")
    if (ROOT / "lovechat" / "ui").is_dir() and not is_current():
        raise FrontEndError("the front end is older than its sources; run: python -m lovechat build")


def build_if_stale() -> None:
    """Build the bundle unless it is current. Raises `FrontEndError` with the end of the build's output."""
    if is_current():
        return
    with _alone():
        if not is_current():
            _build()


def _build() -> None:
    print("Building the front end (about a minute the first time) …", file=sys.stderr, flush=True)
    # Node and npm come from a Python package, beside this interpreter.
    path = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {
        **os.environ,
        "PATH": path,
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        # The bundle does not depend on these, so a wrong one must not stop the build.
        "APP_ENV": "development",
        "WORKERS": "1",
    }
    if "NPM_CONFIG_REGISTRY" not in environment:
        # Named, so that Reflex does not look for a nearer mirror by itself.
        found = subprocess.run(
            ["npm", "config", "get", "registry"],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if found.returncode == 0 and found.stdout.startswith("http"):
            environment["NPM_CONFIG_REGISTRY"] = found.stdout.strip()
    wanted = fingerprint()
    done = subprocess.run(
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
        cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode or not client_folder().is_dir():
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise FrontEndError(f"the front end could not be built:\n{tail}")
    # Sources that changed while they were compiled are not in the bundle.
    _stamp().write_text(fingerprint(LOCK) if fingerprint() == wanted else "")


def _stamp() -> Path:
    return web_folder() / "build" / "sources.sha256"


@contextmanager
def _alone() -> Generator[None]:
    """Wait while another process builds the same copy."""
    name = hashlib.sha256(str(web_folder().resolve()).encode()).hexdigest()[:16]
    with (Path(tempfile.gettempdir()) / f"lovechat-build-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
