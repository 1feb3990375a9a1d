"""The documents say what is so: variables and their defaults, links, numbers, sizes."""

import re
from pathlib import Path

import pytest

from lovechat.core.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
LONGEST = {"docs/architecture.md": 150, "docs/operations.md": 200}


def written(value: object) -> str:
    """A default as the documents write it."""
    if value is None or value in ("", []):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


DEFAULTS = {name.upper(): written(field.default) for name, field in Settings.model_fields.items()}


def test_the_readme_lists_every_variable_with_its_default():
    rows = re.findall(
        r"^\| `([A-Z0-9_]+)` \| (`([^`]*)`|unset|empty|[^|]*) \|",
        (ROOT / "README.md").read_text(),
        re.MULTILINE,
    )
    listed = {name: quoted for name, _, quoted in rows if name in DEFAULTS}
    assert listed == DEFAULTS


def test_the_sample_lists_every_variable_with_its_default():
    rows = re.findall(r"^# ([A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert dict(rows) == DEFAULTS


def anchors(page: Path) -> set[str]:
    """The addresses of a page's headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_decisions_are_numbered_without_gaps_and_short():
    numbers = [int(page.name[:4]) for page in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    for page in DECISIONS:
        lines = page.read_text().splitlines()
        assert lines[0].startswith(f"# {int(page.name[:4])}. ")
        assert len(lines) <= 40, page.name


@pytest.mark.parametrize("name", LONGEST)
def test_long_pages_stay_readable(name: str):
    assert len((ROOT / name).read_text().splitlines()) <= LONGEST[name]
