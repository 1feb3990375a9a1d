"""People who use the API, each with their own tokens."""

import itertools
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.support.sse import Event, events

PASSWORD = "a long and quiet river"
ADULT = "1990-05-17"
ADMIN_SECRET = "an-admin-key-for-tests-0123456789abcdef"

_numbers = itertools.count(1)


class Person:
    """A signed-in person, and what they do."""

    def __init__(self, client: httpx.AsyncClient, email: str, user: dict[str, Any]) -> None:
        self.client = client
        self.email = email
        self.user = user
        self.id = user["id"]
        self.tokens: dict[str, Any] = {}

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    async def login(self) -> "Person":
        answer = await self.client.post("/auth/login", json={"email": self.email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.tokens = answer.json()
        return self

    async def get(self, path: str, **how: Any) -> httpx.Response:
        return await self.client.get(path, headers=self.headers, **how)

    async def post(self, path: str, json: Any = None, **how: Any) -> httpx.Response:
        return await self.client.post(
            path, json=json, headers={**self.headers, **how.pop("headers", {})}, **how
        )

    async def open_conversation(self, character: str = "luna") -> str:
        answer = await self.post("/conversations", {"character_id": character})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    @asynccontextmanager
    async def sending(self, conversation_id: str, content: str = "Hola"):
        """Say something; gives the iterator of the reply's events while the stream is open."""
        body = {"conversation_id": conversation_id, "content": content}
        async with self.client.stream("POST", "/chat/stream", json=body, headers=self.headers) as answer:
            assert answer.status_code == 200, await answer.aread()
            yield events(answer)

    async def say(self, conversation_id: str, content: str = "Hola") -> list[Event]:
        """Say something and listen to the end."""
        async with self.sending(conversation_id, content) as stream:
            return [event async for event in stream]

    async def follow(self, reply_id: str, after: int | None = None, **headers: str) -> list[Event]:
        """Attach to a reply and listen to the end."""
        query = {} if after is None else {"after": after}
        path = f"/chat/stream/{reply_id}"
        async with self.client.stream(
            "GET", path, params=query, headers={**self.headers, **headers}
        ) as answer:
            assert answer.status_code == 200, await answer.aread()
            return [event async for event in events(answer)]

    async def history(self, conversation_id: str) -> list[dict[str, Any]]:
        return (await self.get(f"/conversations/{conversation_id}/messages")).json()["items"]

    async def usage(self) -> dict[str, Any]:
        return (await self.get("/me/usage")).json()


async def register(client: httpx.AsyncClient, **fields: Any) -> httpx.Response:
    """Ask for an account; fields that are not given are good ones."""
    number = next(_numbers)
    body = {
        "email": f"person{number}@example.org",
        "password": PASSWORD,
        "display_name": f"Person {number}",
        "birthdate": ADULT,
        "gender": "undisclosed",
        **fields,
    }
    return await client.post("/auth/register", json=body)


async def make_person(client: httpx.AsyncClient, **fields: Any) -> Person:
    """A new person who has signed in."""
    answer = await register(client, **fields)
    assert answer.status_code == 201, answer.text
    user = answer.json()["user"]
    return await Person(client, user["email"], user).login()


def admin_headers(key: str = ADMIN_SECRET) -> dict[str, str]:
    return {"X-Admin-Key": key}
