from pathlib import Path

from tests.tour import PAGE, write


async def test_the_tour_of_the_api_shows_what_the_server_says_today(tmp_path: Path):
    page = tmp_path / "api-tour.md"
    await write(page)
    assert page.read_text() == PAGE.read_text(), "docs/api-tour.md is out of date: run python -m tests.tour"
