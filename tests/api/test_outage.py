"""The database goes away and comes back."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lovechat.bootstrap import Services
from tests.conftest import Database
from tests.support.fake_upstream import FakeUpstream, Script
from tests.support.people import ADULT, PASSWORD, Person, admin_headers
from tests.support.sse import text_of

SECRET_WORDS = "palabras que nadie mas lee"


@pytest.fixture(scope="module")
def shared_database(database: Database) -> str:
    """A database of this module's own, which it may shut."""
    return database.copy()


class Door:
    """Shuts a database, and opens it again."""

    def __init__(self, database: Database, url: str) -> None:
        self._database = database
        self._name = url.split("@/")[1].split("?", maxsplit=1)[0]

    @contextmanager
    def shut(self) -> Generator[None]:
        self._allow("false")
        try:
            self.cut()
            yield
        finally:
            self._allow("true")

    def cut(self) -> None:
        """End every connection, as a restart does."""
        with self._database.admin() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                (self._name,),
            )

    def _allow(self, how: str) -> None:
        with self._database.admin() as connection:
            connection.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS {how}".encode())


@pytest.fixture
def door(database: Database, shared_database: str) -> Door:
    return Door(database, shared_database)


def calls(person: Person, conversation: str) -> list[tuple[str, str, dict]]:
    """One request for each way into the database."""
    message = {"conversation_id": conversation, "content": SECRET_WORDS}
    newcomer = {
        "email": "new@example.org",
        "password": PASSWORD,
        "display_name": "New",
        "birthdate": ADULT,
    }
    login = {"email": person.email, "password": PASSWORD}
    refresh = {"refresh_token": person.tokens["refresh_token"]}
    return [
        ("GET", "/me", {"headers": person.headers}),
        ("GET", "/characters", {}),
        ("GET", "/conversations", {"headers": person.headers}),
        ("POST", "/auth/register", {"json": newcomer}),
        ("POST", "/auth/login", {"json": login}),
        ("POST", "/auth/refresh", {"json": refresh}),
        ("POST", "/chat/stream", {"json": message, "headers": person.headers}),
        ("GET", "/admin/metrics", {"headers": admin_headers()}),
    ]


async def test_without_its_database_every_route_says_so_and_works_again_afterwards(
    ana: Person, door: Door, upstream: FakeUpstream, caplog: pytest.LogCaptureFixture
):
    conversation = await ana.open_conversation()
    healthy = (await ana.client.get("/health")).json()
    assert (healthy["status"], healthy["database"]) == ("ok", "ok")

    with door.shut():
        for method, path, how in calls(ana, conversation):
            answer = await ana.client.request(method, path, **how)
            assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable"), path
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["retry-after"]) >= 1
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "no-store"
            for word in ("psycopg", "copy_", "connection", "SELECT"):
                assert word not in answer.text
        health = await ana.client.get("/health")
        assert health.status_code == 503
        assert health.json() == {**healthy, "status": "unavailable", "database": "unavailable"}
        assert (await ana.client.get("/docs")).status_code == 200

    assert (await ana.client.get("/health")).json() == healthy
    for method, path, how in calls(ana, conversation):
        answer = await ana.client.request(method, path, **how)
        assert answer.status_code in (200, 201), (path, answer.text)
    assert (await ana.history(conversation))[0]["content"] == SECRET_WORDS
    assert len(upstream.requests) == 1
    assert SECRET_WORDS not in caplog.text
    assert ana.email not in caplog.text


async def test_a_restart_between_two_requests_is_noticed_by_nobody(ana: Person, door: Door):
    conversation = await ana.open_conversation()
    door.cut()
    answers = await asyncio.gather(*(ana.get("/me") for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    door.cut()
    assert (await ana.say(conversation))[-1].name == "done"


async def test_a_reply_that_ends_while_the_database_is_away_is_saved_when_it_is_back(
    ana: Person, door: Door, upstream: FakeUpstream, caplog: pytest.LogCaptureFixture
):
    gate = asyncio.Event()
    pieces: list[str] = [word + " " for word in SECRET_WORDS.split()]
    upstream.will(Script(pieces=pieces, gate=gate, gate_after=1))
    conversation = await ana.open_conversation()
    async with ana.sending(conversation) as stream:
        seen = [await anext(stream), await anext(stream)]
        with door.shut():
            gate.set()
            while len(seen) < len(pieces) + 1:  # the text goes on
                seen.append(await anext(stream))
            await asyncio.sleep(0.2)
        seen += [event async for event in stream]

    assert text_of(seen) == "".join(pieces)
    assert seen[-1].name == "done"
    kept = (await ana.history(conversation))[-1]
    assert (kept["status"], kept["content"]) == ("complete", "".join(pieces))
    assert (await ana.usage())["units_used"] == kept["units"] == seen[-1].data["units"]
    assert "could not be saved" in caplog.text
    assert SECRET_WORDS not in caplog.text


async def test_a_statement_that_fails_keeps_its_values_to_itself(services: Services):
    async with services.engine.connect() as connection:
        with pytest.raises(DBAPIError) as failed:
            await connection.execute(text("SELECT 1 / (:words = '')::int"), {"words": SECRET_WORDS})
    assert SECRET_WORDS not in str(failed.value)


async def test_a_fault_of_ours_is_500_and_tells_nothing(
    ana: Person, services: Services, caplog: pytest.LogCaptureFixture
):
    async with services.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE user_daily_usage RENAME TO away"))
    try:
        broken = await ana.get("/me/usage")
    finally:
        async with services.engine.begin() as connection:
            await connection.execute(text("ALTER TABLE away RENAME TO user_daily_usage"))
    assert (broken.status_code, broken.json()["code"]) == (500, "internal_error")
    assert broken.headers["content-type"] == "application/problem+json"
    assert broken.headers["x-content-type-options"] == "nosniff"
    assert broken.headers["cache-control"] == "no-store"
    assert "usage" not in broken.text
    assert "UndefinedTable" in caplog.text  # those who run the server are told
