"""What the studio adds to the admin API: days, the audit log, search, prompts, pictures of characters."""

from typing import Any

import httpx

from lovechat.bootstrap import Services
from lovechat.core.errors import LoveChatError
from lovechat.schemas.admin import CharacterDraft
from lovechat.services.prompt_builder import PromptMessage
from tests.support.browser import browser
from tests.support.clock import FakeClock
from tests.support.fake_upstream import FakeUpstream, Script, say
from tests.support.people import ADMIN_SECRET, Person, admin_headers, make_person
from tests.support.pictures import picture

DRAFT = {"name": "Nova", "tone": "calm", "dominance": 0.9, "affection": 0.1, "boundaries": ["No spoilers"]}


async def get(client: httpx.AsyncClient, path: str, **query: Any) -> Any:
    answer = await client.get(f"/admin{path}", params=query, headers=admin_headers())
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_days_count_what_happened_on_them(
    client: httpx.AsyncClient, clock: FakeClock, upstream: FakeUpstream
):
    yesterday = clock().date().isoformat()
    early = await make_person(client)
    await early.say(await early.open_conversation(), "Hola")
    clock.advance(days=1)
    late = await make_person(client)
    await early.login()
    upstream.will(say("Hasta aquí", ending="cut"), say("Hasta aquí", ending="cut"))
    for person in (early, late):
        await person.say(await person.open_conversation(), "Hola")

    days = await get(client, "/stats", days=3)

    assert [day["users"] for day in days] == [0, 1, 1]
    assert days[1]["date"] == yesterday
    assert days[1] == {
        "date": yesterday, "users": 1, "conversations": 1, "messages": 1, "replies": 1, "failures": 0,
        "units": days[1]["units"],
    }  # fmt: skip
    assert days[1]["units"] > 0
    assert (days[2]["conversations"], days[2]["messages"], days[2]["failures"]) == (2, 2, 2)


async def test_the_audit_log_is_read_newest_first_and_filtered(client: httpx.AsyncClient, ana: Person):
    await client.post("/admin/characters", json=DRAFT, headers=admin_headers())
    await client.patch("/admin/characters/nova", json={"affection": 1}, headers=admin_headers())
    await client.patch(f"/admin/users/{ana.id}/active", json={"is_active": False}, headers=admin_headers())

    everything = await get(client, "/audit")
    assert [entry["action"] for entry in everything["items"]] == [
        "user.set_active",
        "character.update",
        "character.create",
    ]
    assert everything["items"][1]["changes"] == {"old": {"affection": 0.1}, "new": {"affection": 1.0}}
    assert everything["items"][0]["created_at"].endswith("Z")
    assert (await get(client, "/audit", action="character.update"))["total"] == 1
    assert (await get(client, "/audit", target_id="nova"))["total"] == 2
    assert (await get(client, "/audit", actor="studio"))["total"] == 0
    page = await get(client, "/audit", limit=1, offset=1)
    assert [entry["action"] for entry in page["items"]] == ["character.update"]
    assert page["total"] == 3


async def test_people_are_searched_by_name_address_and_status(client: httpx.AsyncClient):
    ines = await make_person(client, display_name="Inés")
    await make_person(client, display_name="100% Bo_", email="bo@example.org")
    await client.patch(f"/admin/users/{ines.id}/active", json={"is_active": False}, headers=admin_headers())

    async def names(**query: Any) -> list[str]:
        found = await get(client, "/users", **query)
        assert found["total"] == len(found["items"])
        return [user["display_name"] for user in found["items"]]

    assert await names(query="iné") == ["Inés"]
    assert await names(query="BO@EX") == ["100% Bo_"]
    assert await names(query="%") == ["100% Bo_"]
    assert await names(query="_") == ["100% Bo_"]
    assert await names(status="inactive") == ["Inés"]
    assert await names(status="active") == ["100% Bo_"]
    assert await names(status="review") == []
    wrong = await client.get("/admin/users", params={"status": "gone"}, headers=admin_headers())
    assert wrong.status_code == 422


async def test_a_preview_is_the_prompt_that_a_saved_character_gets(
    client: httpx.AsyncClient, ana: Person, upstream: FakeUpstream
):
    answer = await client.post(
        "/admin/characters/preview", json={**DRAFT, "language": "es"}, headers=admin_headers()
    )
    segments = answer.json()["segments"]
    assert [part["source"] for part in segments] == [
        "template", "tone", "dominance", "affection", "explicit_level", "template", "boundaries",
    ]  # fmt: skip
    assert "90/100" in segments[2]["text"]

    await client.post("/admin/characters", json=DRAFT, headers=admin_headers())
    await ana.say(await ana.open_conversation("nova"), "Hola, ¿cómo estás?")
    sent = str(upstream.requests[-1]["body"])
    assert all(repr(part["text"])[1:-1] in sent for part in segments[1:])
    changed = await client.post(
        "/admin/characters/preview", json={**DRAFT, "dominance": 0.1}, headers=admin_headers()
    )
    differing = [
        old["source"] for old, new in zip(segments, changed.json()["segments"], strict=True) if old != new
    ]
    assert differing == ["dominance"]


async def test_a_characters_picture_is_kept_and_removed(client: httpx.AsyncClient, ana: Person):
    file = {"file": ("x.png", picture(), "image/png")}
    changed = await client.patch("/admin/characters/luna/avatar", files=file, headers=admin_headers())
    url = changed.json()["avatar_url"]
    assert (await client.get(url)).headers["content-type"] == "image/webp"
    assert (await ana.get("/characters")).json()[0]["avatar_url"] == url
    nobodys = await client.patch("/admin/characters/nobody/avatar", files=file, headers=admin_headers())
    assert nobodys.status_code == 404
    bad = {"file": ("x.png", b"no picture", "image/png")}
    refused = await client.patch("/admin/characters/luna/avatar", files=bad, headers=admin_headers())
    assert refused.json()["code"] == "unsupported_media"
    for _ in range(2):
        removed = await client.delete("/admin/characters/luna/avatar", headers=admin_headers())
        assert removed.json()["avatar_url"] is None


async def test_the_studios_cookie_opens_what_the_key_opens_and_nothing_from_another_site(
    client: httpx.AsyncClient, ana: Person
):
    url = str(client.base_url)
    async with browser(url) as page, browser(url) as stranger:
        assert (await page.post("/web/studio", json={"key": ADMIN_SECRET})).status_code == 204
        assert (await page.get("/web/admin/stats")).status_code == 200
        body = {"is_active": False}
        elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
        foreign = await page.patch(f"/web/admin/users/{ana.id}/active", json=body, headers=elsewhere)
        assert foreign.json()["code"] == "cross_site"
        assert (await stranger.get("/web/admin/stats")).status_code == 401
        assert (await ana.get("/me")).status_code == 200
        assert (await page.patch(f"/web/admin/users/{ana.id}/active", json=body)).status_code == 200
        entry = (await page.get("/web/admin/audit")).json()["items"][0]
        assert entry["actor"] == "studio"


class TestTryingOut:
    async def test_it_streams_and_costs_and_keeps_nothing(
        self, client: httpx.AsyncClient, services: Services, upstream: FakeUpstream, ana: Person
    ):
        upstream.will(say("Todo en calma por aquí."))
        draft = CharacterDraft.model_validate(DRAFT)
        said = [PromptMessage("user", "¿Qué tal?")]
        pieces = [piece async for piece in services.studio.try_out(draft, "es", said)]
        assert "".join(pieces) == "Todo en calma por aquí."
        assert len(pieces) > 1
        metrics = await get(client, "/metrics")
        assert (metrics["messages"], metrics["units_used_today"]) == (0, 0)
        assert (await ana.usage())["units_used"] == 0

    async def test_the_guard_holds_here_too(self, services: Services, upstream: FakeUpstream):
        draft = CharacterDraft.model_validate(DRAFT)
        bad = CharacterDraft.model_validate({**DRAFT, "name": "Nova, 15 years old"})
        tries = [(bad, "Hola"), (draft, "I am 15 years old")]
        for one, said in tries:
            assert await failure(services, one, said) == "content_blocked"
        assert upstream.requests == []
        upstream.will(say("I am 15 years old, you know."))
        assert await failure(services, draft, "Hola") == "content_blocked"

    async def test_a_model_that_fails_is_named(self, services: Services, upstream: FakeUpstream):
        upstream.will(Script(status=500), Script(status=500))
        assert await failure(services, CharacterDraft.model_validate(DRAFT), "Hola") == "llm_unavailable"


async def failure(services: Services, draft: CharacterDraft, said: str) -> str:
    try:
        async for _ in services.studio.try_out(draft, "es", [PromptMessage("user", said)]):
            pass
    except LoveChatError as error:
        return error.code
    raise AssertionError("it went through")
