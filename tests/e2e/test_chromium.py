"""Where the browser comes from, and what is said when there is none."""

from pathlib import Path

import pytest

from tests.e2e import chromium
from tests.e2e.chromium import find_chromium


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without a browser, and without a way to get one."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "OF_MAC", tmp_path / "Chrome.app")
    monkeypatch.setattr(chromium, "_install", lambda: None)
    return tmp_path


def program(path: Path) -> str:
    path.touch(mode=0o755)
    return str(path)


def test_the_variable_comes_first(bare: Path, monkeypatch: pytest.MonkeyPatch):
    program(bare / "chromium")
    given = program(bare / "mine")
    monkeypatch.setenv("CHROMIUM", given)
    assert find_chromium("") == given
    monkeypatch.setenv("CHROMIUM", str(bare / "nowhere"))
    with pytest.raises(RuntimeError, match=r"CHROMIUM names no program: .*nowhere"):
        find_chromium("")


def test_the_systems_comes_before_playwrights_own(bare: Path):
    own = program(bare / "own")
    assert find_chromium(own) == own
    system = program(bare / "google-chrome")
    assert find_chromium(own) == system


def test_one_that_had_to_be_installed_is_found(bare: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(chromium, "_install", lambda: program(bare / "chromium"))
    assert find_chromium(str(bare / "own")) == str(bare / "chromium")


def test_without_any_the_message_says_what_to_do(bare: Path):
    with pytest.raises(RuntimeError, match="install your system's `chromium` package"):
        find_chromium(str(bare / "own"))
