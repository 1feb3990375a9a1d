"""The document tells the truth: requests made of it find no fault, and what it says is what is answered."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lovechat.core.version import VERSION
from tests.api.test_me import picture
from tests.support.people import Person, admin_headers
from tests.support.servers import ApiServer

EXAMPLES = {GenerationMode.POSITIVE: 10, GenerationMode.NEGATIVE: 8}
CHECKS: list[Any] = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SIGNED_IN = {"401 not_authenticated", "403 account_inactive"}
ADMIN = {"401 invalid_admin_key", "403 admin_disabled", "429 too_many_attempts"}
EVERYWHERE = {"422 invalid_request", "503 database_unavailable"}
# What the contract says that each route may refuse, beside what is true everywhere.
REFUSALS = {
    "POST /auth/register": {"403 age_restricted", "409 email_taken"},
    "POST /auth/login": {"401 invalid_credentials", "403 account_inactive", "429 too_many_attempts"},
    "POST /auth/refresh": {"401 invalid_refresh_token"},
    "POST /auth/logout": set(),
    "GET /me": SIGNED_IN,
    "PATCH /me": SIGNED_IN,
    "DELETE /me": SIGNED_IN | {"429 too_many_attempts"},
    "PUT /me/password": SIGNED_IN | {"429 too_many_attempts"},
    "DELETE /me/avatar": SIGNED_IN,
    "GET /me/usage/daily": SIGNED_IN,
    "GET /me/sessions": SIGNED_IN,
    "DELETE /me/sessions": SIGNED_IN,
    "DELETE /me/sessions/{session_id}": SIGNED_IN | {"404 not_found"},
    "GET /me/export": SIGNED_IN,
    "PATCH /me/avatar": SIGNED_IN | {"413 file_too_large", "415 unsupported_media"},
    "GET /me/usage": SIGNED_IN,
    "GET /me/age-check": SIGNED_IN,
    "POST /me/age-check": SIGNED_IN
    | {"403 age_restricted", "409 age_check_off", "503 age_check_unavailable"},
    "PUT /me/age-check": SIGNED_IN | {"403 age_restricted", "409 age_check_off", "503 age_check_unavailable"},
    "GET /characters": set(),
    "GET /conversations": SIGNED_IN,
    "POST /conversations": SIGNED_IN | {"404 character_not_found"},
    "GET /conversations/{conversation_id}": SIGNED_IN | {"404 not_found"},
    "PATCH /conversations/{conversation_id}": SIGNED_IN | {"403 content_blocked", "404 not_found"},
    "DELETE /conversations/{conversation_id}": SIGNED_IN | {"404 not_found", "409 reply_in_progress"},
    "POST /conversations/{conversation_id}/retry": SIGNED_IN
    | {"403 age_restricted", "404 not_found", "409 nothing_to_retry", "409 reply_in_progress"}
    | {"409 conversation_closed", "429 rate_limited", "429 quota_exceeded", "503 llm_unavailable"},
    "POST /conversations/{conversation_id}/reset": SIGNED_IN | {"404 not_found", "409 conversation_closed"},
    "POST /conversations/{conversation_id}/messages": SIGNED_IN
    | {"403 age_restricted", "403 content_blocked", "404 not_found", "409 conversation_closed"},
    "GET /conversations/{conversation_id}/messages": SIGNED_IN | {"404 not_found"},
    "POST /chat/stream": SIGNED_IN
    | {"403 age_restricted", "403 content_blocked", "404 not_found", "409 reply_in_progress"}
    | {"409 conversation_closed", "429 rate_limited", "429 quota_exceeded", "503 llm_unavailable"},
    "GET /chat/stream/{reply_id}": SIGNED_IN | {"404 not_found", "410 reply_expired", "403 age_restricted"},
    "POST /chat/stream/{reply_id}/stop": SIGNED_IN | {"404 not_found", "409 reply_finished"},
    "GET /admin/metrics": ADMIN,
    "GET /admin/stats": ADMIN,
    "GET /admin/audit": ADMIN,
    "POST /admin/characters/preview": ADMIN,
    "PATCH /admin/characters/{character_id}/avatar": ADMIN
    | {"404 not_found", "413 file_too_large", "415 unsupported_media", "503 storage_unavailable"},
    "DELETE /admin/characters/{character_id}/avatar": ADMIN | {"404 not_found"},
    "POST /conversations/{conversation_id}/messages/{message_id}/report": SIGNED_IN
    | {"404 not_found", "409 already_reported"},
    "GET /admin/flagged": ADMIN,
    "GET /admin/reports": ADMIN,
    "PATCH /admin/reports/{report_id}": ADMIN | {"404 not_found"},
    "GET /admin/safety/counts": ADMIN,
    "GET /admin/safety/report": ADMIN,
    "POST /admin/guard/check": ADMIN,
    "GET /admin/guard/reviews": ADMIN,
    "POST /admin/guard/reviews": ADMIN,
    "GET /admin/characters": ADMIN,
    "POST /admin/characters": ADMIN | {"403 content_blocked", "409 character_exists"},
    "GET /admin/characters/{character_id}": ADMIN | {"404 not_found"},
    "PATCH /admin/characters/{character_id}": ADMIN | {"403 content_blocked", "404 not_found"},
    "DELETE /admin/characters/{character_id}": ADMIN | {"404 not_found", "409 character_in_use"},
    "GET /admin/users": ADMIN,
    "GET /admin/users/{user_id}": ADMIN | {"404 not_found"},
    "PATCH /admin/users/{user_id}/active": ADMIN | {"404 not_found"},
}


@pytest.fixture
def document(server: ApiServer) -> dict[str, Any]:
    return json.loads(json.dumps(server.app.openapi()))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation under a name such as `GET /me`."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def documented(operation: dict[str, Any]) -> set[str]:
    """The refusals that an operation tells of, such as `404 not_found`."""
    return {
        f"{status} {code}"
        for status, answer in operation["responses"].items()
        if "application/problem+json" in answer.get("content", {})
        for code in re.findall(r"`(\w+)`", answer["description"])
    }


def unwrapped(found: Any) -> Any:
    """An operation that Schemathesis could read."""
    assert isinstance(found, Ok), found
    return found.ok()


def ends_the_sign_in(operation: Any) -> bool:
    """Whether nothing works afterwards, so that it comes last."""
    return operation.method == "delete" and operation.path == "/me/sessions"


@dataclass
class Walk:
    """Sends what was made of the document, with real ids here and there, and keeps count."""

    url: str
    headers: dict[str, str]
    ids: dict[str, str]
    to_close: dict[str, str]  # by route, a conversation of which nothing else is wanted
    document: dict[str, Any]
    seen: dict[str, set[int]] = field(default_factory=dict)

    def all(self) -> None:
        schema = schemathesis.openapi.from_dict(self.document)
        schema.validate()
        with requests.Session() as session:
            for operation in sorted(map(unwrapped, schema.get_all_operations()), key=ends_the_sign_in):
                for mode in GenerationMode:
                    self._one(operation, mode, session)

    def _one(self, operation: Any, mode: GenerationMode, session: requests.Session) -> None:
        name = f"{operation.method.upper()} {operation.path}"
        ids = {**self.ids, **({"conversation_id": self.to_close[name]} if name in self.to_close else {})}
        codes = documented(self.document["paths"][operation.path][operation.method])

        @hypothesis_settings(
            max_examples=EXAMPLES[mode],
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
        def send(case: Any, real: bool) -> None:
            if real:
                for place in (case.path_parameters, case.body):
                    if isinstance(place, dict):
                        place.update({key: value for key, value in ids.items() if key in place})
            # Their own headers would sign them out or in as somebody else.
            answer = case.call(base_url=self.url, headers=self.headers, session=session, timeout=20)
            assert answer.status_code < 500, (name, answer.text)
            is_stream = answer.headers.get("content-type", [""])[0].startswith("text/event-stream")
            # To the document a stream is one text; to Schemathesis each event is an object.
            checks = [check for check in CHECKS if not is_stream or check is not response_schema_conformance]
            case.validate_response(answer, checks=checks)
            if answer.status_code >= 400:
                assert f"{answer.status_code} {answer.json()['code']}" in codes, name
            self.seen.setdefault(name, set()).add(answer.status_code)

        try:
            send()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, name  # some routes take nothing that could be wrong


async def test_requests_made_of_the_document_find_no_fault(
    ana: Person, ben: Person, server: ApiServer, document: dict[str, Any]
):
    conversation = await ana.open_conversation()
    stream = await ana.say(conversation)
    others = [await ana.open_conversation("vera") for _ in range(2)]  # neither character can be removed
    session = (await ana.get("/me/sessions")).json()[0]["id"]
    await ana.login()
    walk = Walk(
        url=server.url,
        headers={**ana.headers, **admin_headers()},
        ids={
            "conversation_id": conversation,
            "reply_id": stream[0].data["reply_id"],
            "session_id": session,
            "character_id": "luna",
            "user_id": ben.id,
        },
        to_close={
            "POST /conversations/{conversation_id}/reset": others[0],
            "DELETE /conversations/{conversation_id}": others[1],
        },
        document=document,
    )
    # In a thread: the server that answers runs in this loop.
    await asyncio.to_thread(walk.all)

    assert set(walk.seen) == {name for name, _ in operations(document)}
    # It walked through the doors, and did not only knock: without this, all could be 404.
    entered = {name for name, statuses in walk.seen.items() if min(statuses) < 300}
    hard_to_guess = {
        "POST /auth/register",
        "POST /auth/login",
        "POST /auth/refresh",
        "PATCH /me/avatar",
        "PATCH /admin/characters/{character_id}/avatar",
        "POST /conversations/{conversation_id}/messages/{message_id}/report",
        "PATCH /admin/reports/{report_id}",
        "PUT /me/password",
        "POST /me/age-check",  # this server goes by birthdates
        "PUT /me/age-check",
        "DELETE /me",
        "POST /conversations/{conversation_id}/retry",
        "DELETE /admin/characters/{character_id}",
        "POST /chat/stream/{reply_id}/stop",
    }
    assert set(walk.seen) - entered <= hard_to_guess


async def test_every_refusal_of_the_contract_is_in_the_document(document: dict[str, Any]):
    found = {name: documented(operation) for name, operation in operations(document)}
    assert set(found) == {*REFUSALS, "GET /health"}
    for name, codes in REFUSALS.items():
        assert codes | EVERYWHERE <= found[name], name


async def test_a_body_that_is_too_large_is_in_the_document(document: dict[str, Any], ana: Person):
    for name, operation in operations(document):
        if "requestBody" in operation:
            assert documented(operation) & {"413 request_too_large", "413 file_too_large"}, name
    answer = await ana.post("/conversations", {"character_id": "x" * 200_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "request_too_large")


async def test_a_refusal_is_described_once_for_all(document: dict[str, Any]):
    problem = document["components"]["schemas"]["Problem"]
    assert set(problem["required"]) == {"type", "title", "status", "detail", "code"}
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) >= 400 and name != "GET /health":
                shape = answer["content"]["application/problem+json"]["schema"]
                assert shape == {"$ref": "#/components/schemas/Problem"}, (name, status)


async def test_each_operation_says_what_it_does_and_each_reference_leads_somewhere(document: dict[str, Any]):
    identifiers = [operation["operationId"] for _, operation in operations(document)]
    assert len(identifiers) == len(set(identifiers))
    tags = {tag["name"] for tag in document["tags"]}
    for name, operation in operations(document):
        assert operation["description"], name
        assert set(operation["tags"]) <= tags, name
    text = json.dumps(document)
    used = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert used == set(document["components"]["schemas"])
    assert document["info"]["version"] == VERSION


class TestDocs:
    async def test_the_page_loads_nothing_from_another_host(self, client: httpx.AsyncClient):
        page = await client.get("/docs")
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert re.findall(r"""(?:https?:)?//[\w.-]+\.\w""", page.text) == []
        files = re.findall(r"""(?:src|href)=["']([^"']+)""", page.text)
        assert len(files) == 3
        for path in files:
            assert path.startswith("/docs/files/")
            answer = await client.get(path)
            assert answer.status_code == 200, path
            if path.endswith(".css"):
                urls = re.findall(r"url\(\s*[\"']?([^)\"']+)", answer.text)
                assert all(url.startswith("data:") for url in urls)
        assert "/openapi.json" in page.text
        assert (await client.get("/openapi.json")).json()["openapi"].startswith("3.1")


class TestPrefix:
    @pytest.fixture
    def overrides(self) -> dict[str, Any]:
        return {"api_prefix": "/api/v1"}

    async def test_it_moves_the_api_and_leaves_health_and_files(self, client: httpx.AsyncClient):
        document = (await client.get("/api/v1/openapi.json")).json()
        assert all(path.startswith("/api/v1/") for path in document["paths"])
        moved = [path.removeprefix("/api/v1") for path in document["paths"]]
        assert "/me" in moved
        for path in ["/openapi.json", "/docs", *(p for p in moved if p != "/health" and "{" not in p)]:
            assert (await client.get(path)).status_code == 404, path
        for path in ("/health", "/api/v1/health"):
            assert (await client.get(path)).json()["status"] == "ok"
        # The pages' way to the documentation follows it.
        page = (await client.get("/web/docs", follow_redirects=True)).text
        for path in re.findall(r"""(?:src|href|url)(?:=|: )["']([^"']+)""", page):
            assert path.startswith("/api/v1/")
            assert (await client.get(path)).status_code == 200

        registered = await client.post(
            "/api/v1/auth/register",
            json={
                "email": "ana@example.org",
                "password": "a long and quiet river",
                "display_name": "Ana",
                "birthdate": "1990-05-17",
            },
        )
        assert registered.status_code == 201
        tokens = await client.post(
            "/api/v1/auth/login", json={"email": "ana@example.org", "password": "a long and quiet river"}
        )
        headers = {"Authorization": f"Bearer {tokens.json()['access_token']}"}
        # Of more bytes than other bodies may have: the limit of pictures moves along.
        data = picture() + b"\0" * 500_000
        changed = await client.patch("/api/v1/me/avatar", files={"file": ("me.png", data)}, headers=headers)
        assert changed.status_code == 200
        assert changed.json()["avatar_url"].startswith("/static/avatars/")
        assert (await client.get(changed.json()["avatar_url"])).status_code == 200


class TestUnknown:
    async def test_an_unknown_path_is_a_problem(self, client: httpx.AsyncClient, ana: Person):
        for path in (
            "/nothing",
            "/me/nothing",
            "/me/",
            "/auth",
            "/admin",
            "/chat",
            "/conversations/",
            "//me",
        ):
            for headers in ({}, ana.headers):
                answer = await client.request("GET", path, headers=headers)
                assert answer.status_code == 404, path
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.json()["code"] == "not_found"
                assert answer.json()["type"] == "urn:lovechat:problem:not_found"

    async def test_a_method_that_a_path_does_not_know_is_405(self, client: httpx.AsyncClient):
        for method, path, allowed in (
            ("PATCH", "/me/usage", "GET"),
            ("GET", "/auth/login", "POST"),
            ("PUT", "/chat/stream", "POST"),
            ("POST", "/health", "GET"),
            ("PATCH", "/admin/metrics", "GET"),
        ):
            answer = await client.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed"), path
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["allow"] == allowed

    async def test_every_problem_has_the_same_members(self, client: httpx.AsyncClient):
        for answer in (
            await client.get("/nothing"),
            await client.get("/me"),
            await client.delete("/me"),
            await client.get("/admin/users"),
        ):
            body = answer.json()
            assert set(body) == {"type", "title", "status", "detail", "code"}
            assert body["status"] == answer.status_code
            assert body["type"] == f"urn:lovechat:problem:{body['code']}"
            assert body["detail"]
            assert answer.headers["content-language"] == "en"
