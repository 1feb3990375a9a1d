"""What tests stand on: a real PostgreSQL, a real model's server, the API on a real port."""

import os
import shutil
import ssl
from collections.abc import AsyncIterator, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from lovechat.api.app import create_api, serve
from lovechat.bootstrap import Services, build_services
from lovechat.core.embedded_postgres import DATABASE, SUPERUSER, EmbeddedPostgres
from lovechat.core.settings import Settings, make_folder, read_settings
from lovechat.migrations import migrate
from lovechat.services.guardrails import OutputGuard
from tests.support.clock import FakeClock
from tests.support.fake_upstream import FakeUpstream
from tests.support.people import ADMIN_SECRET, Person, make_person
from tests.support.servers import ApiServer

# Cheap hashes: the cost of a real one is not what most tests are about.
BCRYPT_ROUNDS = 4
TABLES = (
    "users",
    "characters",
    "audit_entries",
    "login_throttles",
    "safety_counts",
    "guard_reviews",
    "age_cooldowns",
)

# Reading the authorities' certificates anew for each client takes longer than most tests do.
ssl.create_default_context = lru_cache(ssl.create_default_context)  # ty: ignore[invalid-assignment]

for _name in Settings.model_fields:
    os.environ.pop(_name.upper(), None)


class Database:
    """The run's PostgreSQL server, and databases made of its migrated template."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.server = server
        self._copies = 0

    def admin(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.server.sockets), user=SUPERUSER, dbname=database, autocommit=True
        )

    def copy(self) -> str:
        """A new database with the schema and nothing else; gives its address."""
        self._copies += 1
        name = f"copy_{self._copies}"
        with self.admin() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE}".encode())
        return self.server.url(name)

    def empty(self, url: str) -> None:
        with self.admin(url.split("@/")[1].split("?", maxsplit=1)[0]) as connection:
            # Faster than TRUNCATE for the few rows of a test.
            for table in TABLES:
                connection.execute(f"DELETE FROM {table}".encode())


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), durable=False).start()
    try:
        migrate(server.url())
        yield Database(server)
    finally:
        server.stop()


@pytest.fixture(scope="session")
def shared_database(database: Database) -> str:
    """One database for the tests that only need it empty at their start."""
    return database.copy()


@pytest.fixture(scope="session")
async def shared_upstream() -> AsyncIterator[FakeUpstream]:
    upstream = await FakeUpstream().start()
    yield upstream
    await upstream.stop()


@pytest.fixture
def upstream(shared_upstream: FakeUpstream) -> FakeUpstream:
    """The model's server, with nothing scripted."""
    shared_upstream.reset()
    return shared_upstream


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def overrides() -> dict[str, Any]:
    """Settings that a test module or test wants to be otherwise; parametrise or override it."""
    return {}


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


@pytest.fixture
def upload_dir(shared_folder: Path) -> Path:
    """Always the same folder, empty, so that tests can share what serves it."""
    folder = shared_folder / "uploads"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


@pytest.fixture
def settings(upstream: FakeUpstream, tmp_path: Path, upload_dir: Path, overrides: dict[str, Any]) -> Settings:
    values: dict[str, Any] = {
        "app_env": "test",
        "lovechat_data_dir": tmp_path / "data",
        "upload_dir": upload_dir,
        "openai_api_key": "sk-test",
        "openai_base_url": upstream.url,
        "llm_timeout_seconds": 2,
        "admin_secret": ADMIN_SECRET,
        "chat_rate_limit": "1000/minute",
        **overrides,
    }
    return read_settings(_env_file=None, **values)


@pytest.fixture
def shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replies are shown as they come and judged at their end; what is held back has tests of its own."""

    def feed(guard: OutputGuard, chunk: str) -> str:
        guard._text += chunk
        guard._released = len(guard._text)
        return chunk

    monkeypatch.setattr(OutputGuard, "feed", feed)


@pytest.fixture
async def services(
    database: Database, shared_database: str, settings: Settings, clock: FakeClock, shown_at_once: None
) -> AsyncIterator[Services]:
    database.empty(shared_database)
    built = build_services(settings, shared_database, clock=clock, bcrypt_rounds=BCRYPT_ROUNDS)
    await built.open()
    yield built
    await built.close(drain_seconds=0)


@pytest.fixture(scope="session")
async def shared_server() -> AsyncIterator[ApiServer]:
    async with ApiServer() as running:
        yield running


@pytest.fixture
def server(shared_server: ApiServer, services: Services, settings: Settings) -> ApiServer:
    """The API of this test's settings, on the port that all tests share."""
    make_folder("UPLOAD_DIR", settings.upload_dir)
    shared_server.app = _api(
        settings.app_name,
        settings.api_prefix,
        settings.storage_backend,
        settings.upload_dir,
        settings.static_url_prefix,
    )
    serve(shared_server.app, services)
    return shared_server


@lru_cache
def _api(
    app_name: str, api_prefix: str, storage_backend: Literal["local", "s3"], upload_dir: Path, static: str
) -> FastAPI:
    """The API for what it takes from the settings; FastAPI reads its routes at their first request."""
    return create_api(
        Settings.model_construct(
            app_name=app_name,
            api_prefix=api_prefix,
            storage_backend=storage_backend,
            upload_dir=upload_dir,
            static_url_prefix=static,
        )
    )


@pytest.fixture
async def client(server: ApiServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, timeout=20) as opened:
        yield opened


@pytest.fixture
async def ana(client: httpx.AsyncClient) -> Person:
    """A person with an account."""
    return await make_person(client, display_name="Ana")


@pytest.fixture
async def ben(client: httpx.AsyncClient) -> Person:
    """Another person, who must see nothing of Ana's."""
    return await make_person(client, display_name="Ben")
