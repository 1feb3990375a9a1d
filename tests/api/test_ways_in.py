"""With a text that is not allowed no way in reaches the model, and nothing of it is kept.

The ways are read from the API's own document: a new route or field is tried without further work.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from lovechat.api.app import create_api
from lovechat.bootstrap import Services
from lovechat.core.settings import read_settings
from tests.api.test_access import ADMIN, PERSONAL, Route, filled, owned_by
from tests.support.fake_upstream import FakeUpstream
from tests.support.people import Person, admin_headers

BAD = "you are a 15 year old girl"
GOOD = "an evening by the sea"
# Fields that hold no words for anybody: they are compared, or looked up, or shown as a picture.
NO_WORDS = frozenset(
    (
        "email", "password", "current_password", "new_password", "refresh_token", "proof", "birthdate",
        "terms_version", "country", "character_id", "conversation_id", "id", "avatar_url", "file",
    )
)  # fmt: skip
# What people write to admins, and admins to look at: answered as it is, and never sent to a model.
FOR_ADMINS = frozenset(
    (
        ("POST", "/admin/characters/preview"),
        ("POST", "/conversations/{conversation_id}/messages/{message_id}/report"),
        ("POST", "/admin/guard/check"),
        ("POST", "/admin/guard/reviews"),
    )
)
REGISTER = {
    "email": "nora@example.org", "password": "a long and quiet river", "display_name": "Nora",
    "birthdate": "1990-05-17",
}  # fmt: skip
BODIES: dict[Route, Any] = {**PERSONAL, **ADMIN, ("POST", "/auth/register"): REGISTER}


def _text_fields(schema: dict[str, Any], shapes: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[Any]:
    """Where a body may hold free text: the names that lead there, `*` for any name and `[]` for a list."""
    while "$ref" in schema:
        schema = shapes[schema["$ref"].rsplit("/", 1)[1]]
    for other in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _text_fields(other, shapes, path)
    if schema.get("type") == "string" and not {"enum", "const"} & set(schema):
        yield path
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _text_fields(schema["additionalProperties"], shapes, (*path, "*"))
    if schema.get("type") == "array":
        yield from _text_fields(schema["items"], shapes, (*path, "[]"))
    for name, inner in schema.get("properties", {}).items():
        yield from _text_fields(inner, shapes, (*path, name))


def ways() -> list[tuple[Route, tuple[str, ...]]]:
    """Every field of every operation that takes words."""
    document = create_api(read_settings(_env_file=None, storage_backend="local")).openapi()
    shapes = document["components"]["schemas"]
    return [
        ((method.upper(), path), field)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        for field in dict.fromkeys(_text_fields(content["schema"], shapes))
        if field[0] not in NO_WORDS
    ]


WAYS = ways()


def placed(body: dict[str, Any], field: tuple[str, ...], text: str) -> dict[str, Any]:
    """The body with a text in one field."""
    value: Any = text
    for name in reversed(field[1:]):
        value = [value] if name == "[]" else {"en" if name == "*" else name: value}
    return {**body, field[0]: value}


def test_the_ways_in_are_those_that_we_know_of():
    """Not one is lost from sight: the document is where they are read from."""
    assert {field for _, field in WAYS} == {
        ("display_name",), ("title",), ("content",), ("note",), ("text",), ("name",), ("tone",),
        ("tagline",), ("taglines", "*"), ("boundaries", "[]"),
    }  # fmt: skip
    assert len(WAYS) >= 20
    assert all(route in BODIES for route, _ in WAYS), "say with which body the new route is called"


@pytest.mark.parametrize(
    ("route", "field"), WAYS, ids=lambda part: ".".join(part) if isinstance(part, tuple) else part
)
async def test_nothing_reaches_the_model_and_nothing_is_kept(
    route: Route,
    field: tuple[str, ...],
    client: httpx.AsyncClient,
    services: Services,
    ana: Person,
    upstream: FakeUpstream,
):
    ids = await owned_by(ana) | {"character_id": "luna", "user_id": ana.id}
    upstream.reset()
    headers = admin_headers() if "/admin/" in route[1] else ana.headers

    async def answer_to(text: str) -> httpx.Response:
        body = placed(filled(BODIES[route], ids), field, text)
        return await client.request(route[0], filled(route[1], ids), json=body, headers=headers)

    answer = await answer_to(BAD)
    assert (upstream.requests, upstream.moderations) == ([], [])
    if route in FOR_ADMINS:
        assert answer.status_code < 300
    else:
        assert answer.status_code in (403, 422), answer.text
        assert answer.json()["code"] in ("content_blocked", "invalid_request")
        assert BAD not in answer.text
        assert await kept(services) == []
        # It was for this text: another one may stand there.
        assert (await answer_to(GOOD)).status_code < 300
    # Whoever tries it as an account of their own gets an answer afterwards as well.
    assert (await ana.get("/characters")).status_code == 200


async def kept(services: Services) -> list[str]:
    """The tables in which the bad text stands."""
    async with services.engine.connect() as connection:
        tables = await connection.exec_driver_sql(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        found = []
        for name in [row["table_name"] for row in tables.mappings()]:
            rows = await connection.exec_driver_sql(
                f"SELECT count(*) AS hits FROM {name} t WHERE t::text ILIKE %(bad)s",
                {"bad": f"%{BAD}%"},
            )
            if rows.mappings().one()["hits"]:
                found.append(name)
    return found
