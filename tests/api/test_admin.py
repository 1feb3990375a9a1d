"""What those who run the server may do, and what keeps everybody else out."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from lovechat.bootstrap import Services
from lovechat.core.settings import Settings
from lovechat.core.version import VERSION
from tests.support.clock import FakeClock
from tests.support.fake_upstream import FakeUpstream, Script, say
from tests.support.people import ADMIN_SECRET, PASSWORD, Person, admin_headers, make_person
from tests.support.servers import ApiServer
from tests.support.sse import events, text_of

NOBODY = "00000000-0000-4000-8000-000000000000"
# Every admin route, with a body that would do.
CALLS: list[tuple[str, str, Any]] = [
    ("GET", "/admin/metrics", None),
    ("GET", "/admin/characters", None),
    ("POST", "/admin/characters", {"name": "Nova"}),
    ("GET", "/admin/characters/luna", None),
    ("PATCH", "/admin/characters/luna", {"dominance": 0.9}),
    ("DELETE", "/admin/characters/luna", None),
    ("GET", "/admin/users", None),
    ("GET", f"/admin/users/{NOBODY}", None),
    ("PATCH", f"/admin/users/{NOBODY}/active", {"is_active": False}),
    ("GET", "/admin/stats", None),
    ("GET", "/admin/audit", None),
    ("POST", "/admin/characters/preview", {"name": "Nova"}),
    ("PATCH", "/admin/characters/luna/avatar", None),
    ("DELETE", "/admin/characters/luna/avatar", None),
]
Call = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def admin(client: httpx.AsyncClient) -> Call:
    """Calls an admin route with the key."""

    async def call(method: str, path: str, json: Any = None, **how: Any) -> httpx.Response:
        return await client.request(method, f"/admin{path}", json=json, headers=admin_headers(), **how)

    return call


async def audit(services: Services) -> list[dict[str, Any]]:
    """The audit log, oldest first."""
    async with services.engine.connect() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT actor, action, target_kind, target_id, changes, address"
            " FROM audit_entries ORDER BY created_at"
        )
        return [dict(row._mapping) for row in rows]


def outcome(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


class TestTheDoor:
    async def test_without_a_key_every_route_is_shut(self, client: httpx.AsyncClient, services: Services):
        for method, path, body in CALLS:
            answer = await client.request(method, path, json=body)
            assert outcome(answer) == (401, "invalid_admin_key"), path
        assert await audit(services) == []
        assert [c["id"] for c in (await client.get("/characters")).json()] == ["luna", "vera"]

    async def test_with_a_wrong_key_every_route_is_shut(
        self, client: httpx.AsyncClient, services: Services, clock: FakeClock
    ):
        for wrong in (ADMIN_SECRET[:-1], ADMIN_SECRET.upper(), "", "é"):
            for method, path, body in CALLS:
                answer = await client.request(
                    method, path, json=body, headers={b"X-Admin-Key": wrong.encode()}
                )
                assert outcome(answer) == (401, "invalid_admin_key"), path
                assert ADMIN_SECRET[:-1] not in answer.text
                clock.advance(hours=1)  # each is the only guess of its hour
        assert await audit(services) == []
        assert [c["id"] for c in (await client.get("/characters")).json()] == ["luna", "vera"]

    async def test_a_persons_token_opens_nothing(self, ana: Person):
        for method, path, body in CALLS:
            answer = await ana.client.request(method, path, json=body, headers=ana.headers)
            assert outcome(answer) == (401, "invalid_admin_key"), path

    async def test_guessing_is_slowed_down_and_the_right_key_waits_too(
        self, client: httpx.AsyncClient, ana: Person, clock: FakeClock
    ):
        async def knock(key: str) -> httpx.Response:
            return await client.get("/admin/metrics", headers=admin_headers(key))

        guesses = [await knock(f"guess-{number}") for number in range(5)]
        assert [outcome(answer) for answer in guesses] == [(401, "invalid_admin_key")] * 5
        for late in (await knock("one more"), await knock(ADMIN_SECRET)):
            assert outcome(late) == (429, "too_many_attempts")
            assert 1 <= int(late.headers["retry-after"]) <= 30
        assert (await ana.get("/me")).status_code == 200
        clock.advance(seconds=31)
        assert (await knock(ADMIN_SECRET)).status_code == 200

    async def test_parallel_guesses_are_no_better(self, client: httpx.AsyncClient):
        answers = await asyncio.gather(
            *(client.get("/admin/metrics", headers=admin_headers(f"guess-{number}")) for number in range(25))
        )
        codes = [outcome(answer)[1] for answer in answers]
        assert codes.count("invalid_admin_key") <= 5
        assert set(codes) == {"invalid_admin_key", "too_many_attempts"}

    @pytest.mark.parametrize("overrides", [{}, {"trusted_proxy_hops": 1}], ids=["no proxy", "one proxy"])
    async def test_an_address_is_only_believed_from_a_trusted_proxy(
        self, server: ApiServer, settings: Settings
    ):
        # Without a server in between, which might read the header by itself.
        direct = httpx.ASGITransport(server.app, client=("198.51.100.1", 5000))
        async with httpx.AsyncClient(transport=direct, base_url="http://api") as client:
            codes = []
            for number in range(6):
                # What stands left of the proxy's own entry is the caller's invention.
                said = f"203.0.113.{number}, 192.0.2.7"
                headers = {**admin_headers("guess"), "X-Forwarded-For": said}
                codes.append(outcome(await client.get("/admin/metrics", headers=headers))[1])
            assert codes == ["invalid_admin_key"] * 5 + ["too_many_attempts"]
            other = await client.get(
                "/admin/metrics", headers={**admin_headers(), "X-Forwarded-For": "192.0.2.8"}
            )
            assert other.status_code == (200 if settings.trusted_proxy_hops else 429)

    async def test_a_forgotten_key_is_no_guess(self, client: httpx.AsyncClient, admin: Call):
        for _ in range(8):
            assert outcome(await client.get("/admin/metrics")) == (401, "invalid_admin_key")
        assert (await admin("GET", "/metrics")).status_code == 200


@pytest.mark.parametrize("overrides", [{"admin_secret": None}])
async def test_without_admin_secret_there_are_no_admins(client: httpx.AsyncClient, services: Services):
    for key in ({}, admin_headers(), admin_headers("None"), admin_headers("")):
        for method, path, body in CALLS:
            answer = await client.request(method, path, json=body, headers=key)
            assert outcome(answer) == (403, "admin_disabled"), path
    assert [c["id"] for c in (await client.get("/characters")).json()] == ["luna", "vera"]
    assert await audit(services) == []


class TestPeople:
    async def test_people_are_listed_newest_first_page_by_page(
        self, client: httpx.AsyncClient, admin: Call, clock: FakeClock
    ):
        people = []
        for number in range(5):
            clock.advance(minutes=1)
            people.append(await make_person(client, display_name=f"Person {number}"))
        newest_first = [person.id for person in reversed(people)]

        page = (await admin("GET", "/users", params={"limit": 2, "offset": 1})).json()

        assert [item["id"] for item in page["items"]] == newest_first[1:3]
        assert (page["total"], page["limit"], page["offset"]) == (5, 2, 1)
        whole = (await admin("GET", "/users")).json()
        assert [item["id"] for item in whole["items"]] == newest_first
        assert (whole["limit"], whole["offset"]) == (20, 0)
        behind = (await admin("GET", "/users", params={"offset": 5})).json()
        assert (behind["items"], behind["total"]) == ([], 5)

    async def test_bad_pages_are_422(self, admin: Call):
        for path in ("/users", "/characters"):
            for query in ("limit=0", "limit=101", "limit=x", "offset=-1", "offset=99999999999999999999"):
                answer = await admin("GET", f"{path}?{query}")
                assert outcome(answer) == (422, "invalid_request")
                assert [error["field"] for error in answer.json()["errors"]] == [query.split("=")[0]]

    async def test_one_person_with_what_they_spent_today(
        self, ana: Person, ben: Person, admin: Call, upstream: FakeUpstream, clock: FakeClock
    ):
        upstream.will(say("x" * 40))
        await ana.say(await ana.open_conversation())

        seen = (await admin("GET", f"/users/{ana.id}")).json()

        assert seen == {**ana.user, "is_active": True, "review_reason": None, "units_used_today": 10}
        assert (await admin("GET", f"/users/{ben.id}")).json()["units_used_today"] == 0
        listed = {u["id"]: u["units_used_today"] for u in (await admin("GET", "/users")).json()["items"]}
        assert listed == {ana.id: 10, ben.id: 0}
        clock.advance(days=1)
        assert (await admin("GET", f"/users/{ana.id}")).json()["units_used_today"] == 0

    async def test_nobodys_id_is_404_and_a_malformed_one_422(self, admin: Call, services: Services):
        for method, rest, body in (("GET", "", None), ("PATCH", "/active", {"is_active": False})):
            assert outcome(await admin(method, f"/users/{NOBODY}{rest}", body)) == (404, "not_found")
            assert outcome(await admin(method, f"/users/x{rest}", body)) == (422, "invalid_request")
        assert await audit(services) == []

    async def test_whether_an_account_is_open_must_be_said_clearly(self, ana: Person, admin: Call):
        for body in (None, {}, {"is_active": None}, {"is_active": False, "role": "admin"}, []):
            answer = await admin("PATCH", f"/users/{ana.id}/active", body)
            assert outcome(answer) == (422, "invalid_request"), body
        assert (await ana.get("/me")).status_code == 200


class TestShuttingAnAccount:
    async def test_everything_is_shut_at_once_and_opened_again(
        self, ana: Person, ben: Person, admin: Call, services: Services
    ):
        conversation = await ana.open_conversation()
        shut = await admin("PATCH", f"/users/{ana.id}/active", {"is_active": False})
        assert (shut.status_code, shut.json()["is_active"]) == (200, False)

        message = {"conversation_id": conversation, "content": "Hola"}
        login = {"email": ana.email, "password": PASSWORD}
        refresh = {"refresh_token": ana.tokens["refresh_token"]}
        for path in ("/me", "/me/usage", "/conversations", f"/conversations/{conversation}/messages"):
            assert outcome(await ana.get(path)) == (403, "account_inactive"), path
        assert outcome(await ana.post("/chat/stream", message)) == (403, "account_inactive")
        assert outcome(await ana.client.post("/auth/login", json=login)) == (403, "account_inactive")
        refused = await ana.client.post("/auth/refresh", json=refresh)
        assert outcome(refused) == (401, "invalid_refresh_token")
        assert (await ben.get("/me")).status_code == 200
        assert (await ben.say(await ben.open_conversation()))[-1].name == "done"

        opened = await admin("PATCH", f"/users/{ana.id}/active", {"is_active": True})
        assert opened.json()["is_active"] is True
        # What was ended stays ended: a stolen token does not come back to life.
        assert outcome(await ana.get("/me")) == (401, "not_authenticated")
        refused = await ana.client.post("/auth/refresh", json=refresh)
        assert outcome(refused) == (401, "invalid_refresh_token")
        await ana.login()
        assert (await ana.say(conversation))[-1].name == "done"

        rows = await audit(services)
        assert [(row["action"], row["target_id"], row["changes"]["new"]) for row in rows] == [
            ("user.set_active", ana.id, {"is_active": False}),
            ("user.set_active", ana.id, {"is_active": True}),
        ]
        assert rows[0]["changes"]["old"] == {"is_active": True, "review_reason": None}

    async def test_a_wrong_password_does_not_tell_that_an_account_is_shut(self, ana: Person, admin: Call):
        await admin("PATCH", f"/users/{ana.id}/active", {"is_active": False})
        answer = await ana.client.post("/auth/login", json={"email": ana.email, "password": "not this one"})
        assert outcome(answer) == (401, "invalid_credentials")

    async def test_open_streams_of_that_person_end_and_no_others(
        self, ana: Person, ben: Person, admin: Call, upstream: FakeUpstream
    ):
        gate = asyncio.Event()
        upstream.will(*(Script(pieces=["una ", "frase"], gate=gate, gate_after=1) for _ in range(2)))
        anas, bens = await ana.open_conversation(), await ben.open_conversation()
        async with ana.sending(anas) as stream, ben.sending(bens) as other, AsyncExitStack() as stack:
            begun, bens_begun = [[await anext(each) for _ in range(3)] for each in (stream, other)]
            path = f"/chat/stream/{begun[0].data['reply_id']}"
            watching = events(
                await stack.enter_async_context(ana.client.stream("GET", path, headers=ana.headers))
            )
            assert [await anext(watching) for _ in range(3)] == begun
            began = time.monotonic()

            await admin("PATCH", f"/users/{ana.id}/active", {"is_active": False})
            ending = [event async for event in stream]

            assert time.monotonic() - began < 5
            assert [event.name for event in ending] == ["error"]
            assert (ending[0].data["code"], ending[0].data["status"]) == ("account_inactive", 403)
            assert ending[0].data["units"] == 1  # of the four characters that were written
            assert [event async for event in watching] == ending
            gate.set()
            rest = [event async for event in other]
        assert text_of(bens_begun + rest) == "una frase"
        assert rest[-1].name == "done"
        await admin("PATCH", f"/users/{ana.id}/active", {"is_active": True})
        await ana.login()
        kept = (await ana.history(anas))[-1]
        assert (kept["status"], kept["content"]) == ("interrupted", "una ")

    async def test_a_review_is_ended_by_opening_the_account(self, ana: Person, admin: Call):
        body = {"conversation_id": await ana.open_conversation(), "content": "la verdad es que tengo 15 años"}
        assert outcome(await ana.post("/chat/stream", body)) == (403, "age_restricted")
        seen = (await admin("GET", f"/users/{ana.id}")).json()
        assert (seen["is_active"], seen["review_reason"]) == (True, "age_review")
        seen = (await admin("PATCH", f"/users/{ana.id}/active", {"is_active": True})).json()
        assert (seen["is_active"], seen["review_reason"]) == (True, None)
        await ana.login()


class TestCharacters:
    async def test_a_character_is_made_read_changed_and_removed(
        self, client: httpx.AsyncClient, admin: Call, services: Services
    ):
        given = {
            "name": "María José",
            "tone": "calm",
            "tagline": "Tea at five.",
            "taglines": {"es": "Té a las cinco."},
            "avatar_url": "https://example.org/mj.webp",
            "dominance": 0.1,
            "affection": 1,
            "explicit_level": 0,
            "boundaries": ["No shouting"],
        }
        made = await admin("POST", "/characters", given)
        assert made.status_code == 201, made.text
        character = made.json()
        assert character == {
            **given,
            "id": "maria-jose",
            "version": 1,
            "created_at": character["created_at"],
            "updated_at": character["updated_at"],
        }
        assert (await admin("GET", "/characters/maria-jose")).json() == character
        page = (await admin("GET", "/characters", params={"limit": 1, "offset": 2})).json()
        assert (page["items"], page["total"]) == ([character], 3)
        shown = next(c for c in (await client.get("/characters")).json() if c["id"] == "maria-jose")
        assert not {"explicit_level", "boundaries"} & set(shown)

        changed = await admin("PATCH", "/characters/maria-jose", {"affection": 0.4, "avatar_url": None})
        assert changed.status_code == 200
        assert changed.json() == {
            **character,
            "affection": 0.4,
            "avatar_url": None,
            "version": 2,
            "updated_at": changed.json()["updated_at"],
        }
        assert changed.json()["updated_at"] > character["updated_at"]
        same = await admin("PATCH", "/characters/maria-jose", {"affection": 0.4})
        assert same.json() == changed.json()

        removed = await admin("DELETE", "/characters/maria-jose")
        assert (removed.status_code, removed.content) == (204, b"")
        for method, body in (("GET", None), ("PATCH", {"affection": 1}), ("DELETE", None)):
            assert outcome(await admin(method, "/characters/maria-jose", body)) == (404, "not_found")

        rows = await audit(services)
        assert [row["action"] for row in rows] == ["character.create", "character.update", "character.delete"]
        for row in rows:
            assert (row["actor"], row["address"]) == ("admin-key", "127.0.0.1")
            assert (row["target_kind"], row["target_id"]) == ("character", "maria-jose")
        assert rows[0]["changes"]["new"]["boundaries"] == ["No shouting"]
        assert rows[1]["changes"] == {
            "old": {"affection": 1, "avatar_url": given["avatar_url"]},
            "new": {"affection": 0.4, "avatar_url": None},
        }
        assert rows[2]["changes"]["old"]["name"] == "María José"
        assert ADMIN_SECRET not in str(rows)

    async def test_what_is_left_out_has_a_default(self, admin: Call):
        made = (await admin("POST", "/characters", {"name": "Nova", "id": "n-1"})).json()
        assert (made["id"], made["boundaries"], made["avatar_url"]) == ("n-1", [], None)
        assert (made["dominance"], made["affection"], made["explicit_level"]) == (0.5, 0.5, 0)

    async def test_a_slug_is_taken_once(self, admin: Call, services: Services):
        for body in ({"name": "Luna"}, {"name": "Another", "id": "luna"}):
            assert outcome(await admin("POST", "/characters", body)) == (409, "character_exists")
        answers = await asyncio.gather(*(admin("POST", "/characters", {"name": "Nova"}) for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
        assert len(await audit(services)) == 1

    async def test_a_character_with_conversations_stays(self, ana: Person, admin: Call, services: Services):
        await ana.open_conversation("luna")
        assert outcome(await admin("DELETE", "/characters/luna")) == (409, "character_in_use")
        assert (await admin("GET", "/characters/luna")).status_code == 200
        assert await audit(services) == []
        assert (await admin("DELETE", "/characters/vera")).status_code == 204
        gone = await ana.post("/conversations", {"character_id": "vera"})
        assert outcome(gone) == (404, "character_not_found")

    @pytest.mark.parametrize("made_before", [False, True], ids=["create", "update"])
    async def test_a_bad_field_is_named_and_nothing_changes(
        self, made_before: bool, admin: Call, services: Services
    ):
        before = (await admin("GET", "/characters")).json()
        bad: list[tuple[str, Any]] = [
            ("name", ""),
            ("name", "   "),
            ("name", "x" * 51),
            ("name", None),
            ("tone", 7),
            ("tone", "x" * 41),
            ("tagline", "x" * 141),
            ("tagline", "a\0b"),
            ("taglines", {"xx": "?"}),
            ("avatar_url", "javascript:alert(1)"),
            ("avatar_url", "//evil.example"),
            ("dominance", -0.01),
            ("affection", 1.01),
            ("explicit_level", "much"),
            ("boundaries", "none"),
            ("boundaries", [""]),
            ("boundaries", ["x"] * 31),
            ("version", 9),
        ]
        for field, value in bad:
            if made_before:
                answer = await admin("PATCH", "/characters/luna", {field: value})
            else:
                answer = await admin("POST", "/characters", {"name": "Nova", field: value})
            assert outcome(answer) == (422, "invalid_request"), (field, value)
            if (field, value) != ("name", None):  # what may not be null is told of the body as a whole
                assert answer.json()["errors"][0]["field"].split(".")[0] == field
        assert (await admin("GET", "/characters")).json() == before
        assert await audit(services) == []

    async def test_a_slug_must_be_one(self, admin: Call):
        for body in ({"name": "Nova", "id": "No Va"}, {"name": "Nova", "id": "-"}, {"name": "月"}, {}):
            assert outcome(await admin("POST", "/characters", body)) == (422, "invalid_request"), body
        for method, body in (("GET", None), ("PATCH", {"affection": 1}), ("DELETE", None)):
            for path in ("/characters/LUNA", "/characters/lu na", "/characters/" + "x" * 65):
                assert outcome(await admin(method, path, body)) == (422, "invalid_request")
        for method in ("PATCH", "DELETE"):
            body = {"id": "luna"} if method == "PATCH" else None
            assert (await admin(method, "/characters/nobody", body)).status_code in (404, 422)

    async def test_not_a_number_is_no_slider(self, client: httpx.AsyncClient, admin: Call):
        headers = {**admin_headers(), "content-type": "application/json"}
        for value in (b"NaN", b"Infinity", b"1e400"):
            answer = await client.patch(
                "/admin/characters/luna", content=b'{"dominance": %s}' % value, headers=headers
            )
            assert outcome(answer) == (422, "invalid_request")
        assert (await admin("GET", "/characters/luna")).json()["dominance"] == 0.6

    async def test_a_persona_of_a_minor_is_not_taken(self, admin: Call, services: Services):
        bad = {"tagline": "Tiene 15 años."}
        made = await admin("POST", "/characters", {"name": "Nova", **bad})
        assert outcome(made) == (403, "content_blocked")
        assert outcome(await admin("PATCH", "/characters/luna", bad)) == (403, "content_blocked")
        assert (await admin("GET", "/characters/luna")).json()["tagline"] != bad["tagline"]
        assert await audit(services) == []

    async def test_a_moved_slider_shapes_the_next_reply(
        self, ana: Person, admin: Call, upstream: FakeUpstream
    ):
        conversation = await ana.open_conversation("luna")
        await ana.say(conversation)
        changes = {"dominance": 0.93, "boundaries": ["No talk of the sea"], "tone": "dry and brief"}
        assert (await admin("PATCH", "/characters/luna", changes)).status_code == 200
        await ana.say(conversation)

        before, after = (request["body"]["instructions"] for request in upstream.requests)
        for words in ("93/100", "No talk of the sea", "dry and brief"):
            assert words not in before
            assert words in after


async def test_metrics_count_everything(ana: Person, ben: Person, admin: Call, upstream: FakeUpstream):
    gate = asyncio.Event()
    upstream.will(say("x" * 40), say("a medias", ending="cut"), Script(pieces=["x"], gate=gate, gate_after=0))
    await ana.say(await ana.open_conversation())
    await ana.say(await ana.open_conversation())
    await admin("PATCH", f"/users/{ben.id}/active", {"is_active": False})
    async with ana.sending(await ana.open_conversation()) as stream:
        await anext(stream)
        counted = (await admin("GET", "/metrics")).json()
        gate.set()
        assert [event async for event in stream][-1].name == "done"
    assert counted == {
        "users": 2,
        "active_users": 1,
        "characters": 2,
        "conversations": 3,
        "messages": 6,
        "replies_streaming": 1,
        "replies_interrupted": 1,
        "units_used_today": 12,
        "version": VERSION,
    }
