"""On a database that is given, migrated by a command of its own; and without our starter."""

import asyncio
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.conftest import Database
from tests.support.event_socket import greet
from tests.support.fake_upstream import GREETING, FakeUpstream
from tests.support.people import make_person
from tests.support.program import RUN, Program, run_to_end, together
from tests.support.sse import text_of

# As README.md shows it.
PLAIN = (
    "-m", "uvicorn", "lovechat.asgi:app",
    "--no-proxy-headers", "--no-access-log", "--ws", "websockets-sansio", "--port", "{port}",
)  # fmt: skip
PUBLIC = "https://chat.example.org"


@pytest.fixture
def given(database: Database) -> str:
    """An empty database on a server that is not the program's."""
    with database.admin() as connection:
        connection.execute("DROP DATABASE IF EXISTS given WITH (FORCE)")
        connection.execute("CREATE DATABASE given")
    return database.server.url("given").replace("postgresql+psycopg://", "postgres://")


def tables(database: Database) -> set[str]:
    with database.admin("given") as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in rows}


async def test_migrate_then_run_or_plain_uvicorn_serve_from_the_given_database(
    tmp_path: Path, database: Database, given: str, upstream: FakeUpstream, model: dict[str, str]
):
    migrated = await run_to_end(tmp_path, "-m", "lovechat", "migrate", DATABASE_URL=given)
    assert (migrated.code, migrated.stderr) == (0, "")
    assert {"users", "messages", "alembic_version"} <= await asyncio.to_thread(tables, database)

    variables = {"DATABASE_URL": given, "PUBLIC_URL": PUBLIC, "JWT_SECRET": "k" * 40, **model}
    ours, plain = Program(tmp_path, *RUN, **variables), Program(tmp_path, *PLAIN, **variables)
    async with together(ours, plain):
        assert [one["id"] for one in (await ours.client.get("/characters")).json()] == ["luna", "vera"]
        person = await make_person(ours.client, display_name="Ana")
        conversation = await person.open_conversation()
        assert text_of(await person.say(conversation)) == GREETING
        assert not (tmp_path / "data").exists()
        family = ours.family()
        assert await ours.stop() == 0
        assert await ours.left_of(family) == []

        person.client = plain.client
        assert [m["content"] for m in await person.history(conversation)] == ["Hola", GREETING]
        assert text_of(await person.say(conversation)) == GREETING
        assert (await plain.client.get("/", headers={"Accept": "text/html"})).status_code == 200
        assert "sid" in await greet(plain.port, PUBLIC)
        with pytest.raises(InvalidStatus):
            await greet(plain.port, "https://evil.example")
        family = plain.family()
        await plain.stop()
        assert await plain.left_of(family) == []
    assert "users" in await asyncio.to_thread(tables, database)
