"""What the tests in a browser share: one browser, one program, and people with a browser each."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright, expect

from lovechat.bootstrap import Services, build_services
from lovechat.core.i18n import Language
from lovechat.core.settings import read_settings
from lovechat.front_end import build_if_stale
from tests.conftest import BCRYPT_ROUNDS, Database
from tests.e2e.chromium import FLAGS, find_chromium
from tests.e2e.visitor import Visitor, lines
from tests.support.fake_upstream import FakeUpstream
from tests.support.people import ADMIN_SECRET
from tests.support.program import Program

# Not how long things take, but how long a very busy machine is waited for.
PATIENCE_MS = 20_000
DAILY_UNITS = 600

expect.set_options(timeout=PATIENCE_MS)

Welcome = Callable[..., Awaitable[Visitor]]


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser of all tests."""
    async with async_playwright() as playwright:
        path = await asyncio.to_thread(find_chromium, playwright.chromium.executable_path)
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def program_database(database: Database) -> str:
    return database.copy()


@pytest.fixture(scope="session")
async def program(
    tmp_path_factory: pytest.TempPathFactory, program_database: str, shared_upstream: FakeUpstream
) -> AsyncIterator[Program]:
    """The server of all tests. A day's units are few, so that one long reply uses them up."""
    await asyncio.to_thread(build_if_stale)
    variables = {
        "DATABASE_URL": program_database,
        "OPENAI_API_KEY": "sk-test",
        "OPENAI_BASE_URL": shared_upstream.url,
        "LLM_TIMEOUT_SECONDS": "30",
        "ADMIN_SECRET": ADMIN_SECRET,
        "DAILY_UNITS_LIMIT": str(DAILY_UNITS),
        "CHAT_RATE_LIMIT": "1000/minute",
        # Browsers that say where they come from are believed; the others come from this machine.
        "TRUSTED_PROXY_HOPS": "1",
    }
    async with Program(tmp_path_factory.mktemp("e2e"), **variables) as running:
        yield running


@pytest.fixture(scope="session")
async def reception(program: Program, program_database: str) -> AsyncIterator[Services]:
    """Our own hand on the program's database: makes accounts whose passwords cost little to check."""
    settings = read_settings(_env_file=None, app_env="test")
    services = build_services(settings, program_database, bcrypt_rounds=BCRYPT_ROUNDS)
    yield services
    await services.close(drain_seconds=0)


@pytest.fixture(scope="session")
def enter(chromium: Browser, program: Program, reception: Services) -> Welcome:
    """Lets somebody in with an empty browser, on our first tab and without an account."""

    async def let_in(name: str, language: Language = "en", **options: Any) -> Visitor:
        locale = {"en": "en-US", "es": "es-ES"}[language]
        context = await chromium.new_context(locale=locale, reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE_MS)
        return await Visitor(name, language, context, program.url, reception).arrive()

    return let_in


@pytest.fixture(scope="session")
async def onlooker(enter: Welcome) -> AsyncIterator[Visitor]:
    """Ben, who has an account of his own and looks wherever Ana has been."""
    ben = await (await enter("Ben")).sign_up()
    yield ben
    await ben.context.close()
    ben.assert_calm()


@pytest.fixture
async def welcome(enter: Welcome, upstream: FakeUpstream, onlooker: Visitor) -> AsyncIterator[Welcome]:
    """Lets people in. At the end of the test their browsers must be calm, and Ben finds nothing of theirs."""
    present: list[Visitor] = []

    async def let_in(name: str, language: Language = "en", **options: Any) -> Visitor:
        visitor = await enter(name, language, **options)
        present.append(visitor)
        return visitor

    yield let_in
    for visitor in present:
        await visitor.context.close()
    for visitor in present:
        visitor.assert_calm()
    for conversation in [one for visitor in present for one in visitor.conversations]:
        answer = await onlooker.context.request.get(f"{onlooker.url}/conversations/{conversation}/messages")
        assert answer.status == 404


async def finds_nothing(ben: Visitor, conversation: str) -> None:
    """Ben opens somebody else's conversation by its address."""
    await ben.page.goto(f"{ben.url}/c/{conversation}")
    await expect(ben.page.get_by_role("heading", name=ben.t("chat.missing.title"))).to_be_visible()
    await expect(lines(ben.page)).to_have_count(0)
    await expect(ben.page.get_by_role("link", name="Luna")).to_have_count(0)


@pytest.fixture
async def ana(welcome: Welcome) -> Visitor:
    """A person with an account."""
    return await (await welcome("Ana")).sign_up()


@pytest.fixture
async def ben(welcome: Welcome) -> Visitor:
    """Another person with an account."""
    return await (await welcome("Ben")).sign_up()


@pytest.fixture
async def stranger(welcome: Welcome) -> Visitor:
    """Somebody without an account."""
    return await welcome("Nora")
