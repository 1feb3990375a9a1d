"""What the tests of whole programs share: the built front end, and a program with the demo companion."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from lovechat.front_end import build_if_stale
from tests.support.fake_upstream import FakeUpstream
from tests.support.people import ADMIN_SECRET
from tests.support.program import Program


@pytest.fixture(scope="session", autouse=True)
async def front_end() -> None:
    """The checkout's front end, built at most once: programs that find it current build nothing."""
    await asyncio.to_thread(build_if_stale)


@pytest.fixture(scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    """A program for tests that leave it as it is."""
    async with Program(tmp_path_factory.mktemp("demo"), ADMIN_SECRET=ADMIN_SECRET) as program:
        yield program


@pytest.fixture
def model(upstream: FakeUpstream) -> dict[str, str]:
    """The variables of a program whose characters speak through the model's server of the tests."""
    return {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": upstream.url, "LLM_TIMEOUT_SECONDS": "30"}
