"""Who may call what. Every route of the table must be in a list here: a new one fails until it is."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from lovechat.bootstrap import Services
from tests.support.people import ADMIN_SECRET, Person, admin_headers
from tests.support.servers import ApiServer

Route = tuple[str, str]

OPEN: set[Route] = {
    ("GET", "/health"),
    ("POST", "/auth/register"),
    ("POST", "/auth/login"),
    ("POST", "/auth/refresh"),
    ("POST", "/auth/logout"),
    ("GET", "/characters"),
    ("GET", "/docs"),
    ("GET", "/openapi.json"),
    ("*", "/docs/files"),
    ("*", "/static"),
    ("POST", "/web/session"),
    ("DELETE", "/web/session"),
    ("POST", "/web/signup"),
    ("POST", "/web/studio"),
    ("DELETE", "/web/studio"),
    ("GET", "/web/docs"),
}
UNDOCUMENTED = {route for route in OPEN if route[1].startswith(("/docs", "/openapi", "/static", "/web"))}
# Routes for a person, with a body that would do. `{…}` stands for an id of that person's.
PERSONAL: dict[Route, Any] = {
    ("GET", "/me"): None,
    ("PATCH", "/me"): {"display_name": "Other"},
    ("DELETE", "/me"): {"password": "not the password"},
    ("PUT", "/me/password"): {"current_password": "not it", "new_password": "another long river"},
    ("PATCH", "/me/avatar"): None,
    ("DELETE", "/me/avatar"): None,
    ("GET", "/me/age-check"): None,
    ("POST", "/me/age-check"): None,
    ("PUT", "/me/age-check"): {"proof": "none"},
    ("GET", "/me/usage"): None,
    ("GET", "/me/usage/daily"): None,
    ("GET", "/me/sessions"): None,
    ("DELETE", "/me/sessions/{session_id}"): None,
    ("GET", "/me/export"): None,
    ("GET", "/conversations"): None,
    ("POST", "/conversations"): {"character_id": "luna"},
    ("GET", "/conversations/{conversation_id}"): None,
    ("PATCH", "/conversations/{conversation_id}"): {"title": "Another"},
    ("DELETE", "/conversations/{conversation_id}"): None,
    ("POST", "/conversations/{conversation_id}/reset"): None,
    ("POST", "/conversations/{conversation_id}/retry"): None,
    ("POST", "/conversations/{conversation_id}/messages"): {"content": "Hola"},
    ("GET", "/conversations/{conversation_id}/messages"): None,
    ("POST", "/conversations/{conversation_id}/messages/{message_id}/report"): {"reason": "other"},
    ("POST", "/chat/stream"): {"conversation_id": "{conversation_id}", "content": "Hola"},
    ("GET", "/chat/stream/{reply_id}"): None,
    ("POST", "/chat/stream/{reply_id}/stop"): None,
    ("DELETE", "/me/sessions"): None,  # last: it ends what the others need
}
ADMIN: dict[Route, Any] = {
    ("GET", "/admin/metrics"): None,
    ("GET", "/admin/characters"): None,
    ("POST", "/admin/characters"): {"name": "Nova"},
    ("GET", "/admin/characters/{character_id}"): None,
    ("PATCH", "/admin/characters/{character_id}"): {"affection": 1},
    ("DELETE", "/admin/characters/{character_id}"): None,
    ("GET", "/admin/users"): None,
    ("GET", "/admin/users/{user_id}"): None,
    ("PATCH", "/admin/users/{user_id}/active"): {"is_active": False},
    ("GET", "/admin/stats"): None,
    ("GET", "/admin/audit"): None,
    ("POST", "/admin/characters/preview"): {"name": "Nova"},
    ("PATCH", "/admin/characters/{character_id}/avatar"): None,
    ("DELETE", "/admin/characters/{character_id}/avatar"): None,
    ("GET", "/admin/reports"): None,
    ("GET", "/admin/flagged"): None,
    ("PATCH", "/admin/reports/{report_id}"): {"outcome": "upheld"},
    ("GET", "/admin/safety/counts"): None,
    ("GET", "/admin/safety/report"): None,
    ("POST", "/admin/guard/check"): {"text": "Hola"},
    ("GET", "/admin/guard/reviews"): None,
    ("POST", "/admin/guard/reviews"): {"text": "Hola"},
}
# The same handlers under the address that our own pages use.
MIRRORED = {
    (method, f"/web{path}") for method, path in (*PERSONAL, *ADMIN) if path.startswith(("/me", "/admin"))
}
# What people own, and so what another person must not find.
OWNED = ("conversation_id", "reply_id", "session_id")
OWNED_ROUTES = [
    (route, body) for route, body in PERSONAL.items() if any(name in route[1] + str(body) for name in OWNED)
]
MALFORMED = ("x", "1", "null", "00000000-0000-0000-0000-00000000000g", "%00", "' OR 1=1 --", "x" * 5000)


def filled(text: Any, ids: dict[str, str]) -> Any:
    """A path or body with ids in their places."""
    if isinstance(text, dict):
        return {key: filled(value, ids) for key, value in text.items()}
    if isinstance(text, str):
        for name, value in ids.items():
            text = text.replace(f"{{{name}}}", value)
    return text


def absent() -> dict[str, str]:
    """Ids of nothing."""
    return {
        "conversation_id": str(uuid4()),
        "reply_id": str(uuid4()),
        "session_id": str(uuid4()),
        "user_id": str(uuid4()),
        "character_id": "nobody",
        "message_id": str(uuid4()),
        "report_id": str(uuid4()),
    }


async def owned_by(person: Person) -> dict[str, str]:
    """Ids of things that a person owns."""
    conversation = await person.open_conversation()
    stream = await person.say(conversation)
    session = (await person.get("/me/sessions")).json()[0]["id"]
    return {
        "conversation_id": conversation,
        "reply_id": stream[0].data["reply_id"],
        "session_id": session,
        "message_id": stream[0].data["message_id"],
    }


async def call(
    client: httpx.AsyncClient, route: Route, body: Any, ids: dict[str, str], headers: dict[str, str]
) -> httpx.Response:
    method, path = route
    how = {"json": filled(body, ids)} if body is not None else {}
    return await client.request(method, filled(path, ids), headers=headers, **how)


def shown(answer: httpx.Response) -> tuple[int, str, dict[str, str]]:
    """All that a caller sees of an answer, but the time."""
    headers = {name: value for name, value in answer.headers.items() if name != "date"}
    return answer.status_code, answer.text, headers


def table(app: FastAPI) -> set[Route]:
    """Every route there is, also those that are in no document, and whole folders."""
    found = set()
    for route in iter_route_contexts(app.routes):
        assert route.path is not None
        found |= {(method, route.path) for method in route.methods or ("*",) if method != "HEAD"}
    return found


@pytest.fixture
def app(server: ApiServer) -> FastAPI:
    return server.app


async def test_every_route_is_in_one_list(app: FastAPI):
    listed = [*OPEN, *PERSONAL, *ADMIN, *MIRRORED]
    assert len(listed) == len(set(listed))
    assert table(app) == set(listed), "a new route: put it into a list, so that its access is tested"


async def test_the_document_holds_every_route_of_the_api(app: FastAPI):
    paths = app.openapi()["paths"]
    document = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert document == {*OPEN, *PERSONAL, *ADMIN} - UNDOCUMENTED


async def test_the_document_says_which_key_a_route_wants(app: FastAPI):
    for path, methods in app.openapi()["paths"].items():
        for name, operation in methods.items():
            route = (name.upper(), path)
            schemes = {scheme for entry in operation.get("security", []) for scheme in entry}
            wanted = {"HTTPBearer"} if route in PERSONAL else {"APIKeyHeader"} if route in ADMIN else set()
            assert schemes == wanted, route


async def test_open_routes_ask_for_nobody(client: httpx.AsyncClient):
    for method, path in sorted(OPEN - {("*", "/docs/files"), ("*", "/static")}):
        answer = await client.request(method, path, json={} if method == "POST" else None)
        assert answer.status_code in (200, 204, 307, 422), path


async def test_a_personal_route_needs_a_token_of_a_person(client: httpx.AsyncClient):
    keys = {
        "none": {},
        "the admin's key": admin_headers(),
        "the admin's key as a token": {"Authorization": f"Bearer {ADMIN_SECRET}"},
        "a token of nobody's": {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."},
        "another scheme": {"Authorization": "Basic YTpi"},
    }
    for route, body in PERSONAL.items():
        for name, headers in keys.items():
            answer = await call(client, route, body, absent(), headers)
            assert answer.status_code == 401, (route, name)
            assert answer.json()["code"] == "not_authenticated"
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_an_admin_route_needs_the_admins_key(ana: Person, services: Services):
    keys = {
        "none": {},
        "a token": ana.headers,
        "the key as a token": {"Authorization": f"Bearer {ADMIN_SECRET}"},
        "the key as basic": {"Authorization": f"Basic {ADMIN_SECRET}"},
    }
    for route, body in ADMIN.items():
        for name, headers in keys.items():
            answer = await call(ana.client, route, body, {"user_id": ana.id, "character_id": "vera"}, headers)
            assert answer.status_code == 401, (route, name)
            assert answer.json()["code"] == "invalid_admin_key"
        in_query = await ana.client.request(
            route[0], filled(route[1], absent()), params={"X-Admin-Key": ADMIN_SECRET}
        )
        assert in_query.status_code == 401
    assert (await ana.get("/me")).status_code == 200


@pytest.mark.parametrize(("route", "body"), OWNED_ROUTES, ids=lambda value: str(value)[:60])
async def test_what_is_somebody_elses_looks_like_what_is_not_there(
    route: Route, body: Any, ana: Person, ben: Person
):
    anas = await owned_by(ana)
    before = await ana.history(anas["conversation_id"])

    theirs = await call(ben.client, route, body, anas, ben.headers)
    nobodys = await call(ben.client, route, body, absent(), ben.headers)

    assert (theirs.status_code, theirs.json()["code"]) == (404, "not_found")
    assert shown(theirs) == shown(nobodys)
    assert await ana.history(anas["conversation_id"]) == before
    assert (await ana.get("/conversations")).json()["items"][0]["status"] == "active"
    own = await call(ana.client, route, body, anas, ana.headers)
    assert own.status_code in (200, 201, 204) or own.json()["code"] in ("reply_finished", "nothing_to_retry")


@pytest.mark.parametrize("path", ["/conversations", "/me", "/me/usage", "/me/usage/daily", "/me/sessions"])
async def test_lists_hold_nothing_of_others(path: str, ana: Person, ben: Person):
    untouched = (await ben.get(path)).json()
    anas = await owned_by(ana)
    answer = await ben.get(path)
    assert answer.json() == untouched
    assert not any(value in answer.text for value in (*anas.values(), ana.id, ana.email))


async def test_a_page_of_messages_does_not_begin_at_somebody_elses(ana: Person, ben: Person):
    anas, bens = await owned_by(ana), await owned_by(ben)
    message = (await ana.history(anas["conversation_id"]))[-1]["id"]
    path = f"/conversations/{bens['conversation_id']}/messages"
    theirs = await ben.get(path, params={"before": message})
    nobodys = await ben.get(path, params={"before": str(uuid4())})
    assert theirs.status_code == nobodys.status_code == 422
    assert theirs.json() == nobodys.json()


async def test_a_malformed_id_is_422_everywhere(ana: Person):
    lists = ((PERSONAL, ana.headers), (ADMIN, admin_headers()))
    for routes, headers in lists:
        for route, body in routes.items():
            names = [name for name in absent() if f"{{{name}}}" in f"{route[1]}{body}"]
            for bad in MALFORMED:
                if not names or (names == ["character_id"] and bad in ("x", "1", "null", MALFORMED[3])):
                    continue  # these are slugs
                answer = await call(ana.client, route, body, {**absent(), names[0]: bad}, headers)
                assert answer.status_code == 422, (route, bad)
                assert answer.json()["code"] == "invalid_request"
                assert answer.json()["errors"][0]["field"] == names[0]


async def test_an_answer_says_nothing_of_the_inside(ana: Person):
    """No stack, no SQL, no path, no rejected secret."""
    for routes, headers in ((PERSONAL, ana.headers), (ADMIN, admin_headers("a-wrong-key-that-is-secret"))):
        for route, body in routes.items():
            text = (await call(ana.client, route, body, absent(), headers)).text
            for word in ("Traceback", "SELECT ", "lovechat/", "psycopg", "a-wrong-key-that-is-secret"):
                assert word not in text, route
