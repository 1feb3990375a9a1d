"""Accounts that an admin should look at: who comes onto the list, why, and how they leave it."""

import asyncio
from typing import Any

import httpx
import pytest

from lovechat.services import guardrails
from lovechat.services.conduct import HINTS, SCENES, SPAN
from lovechat.services.guardrails import Action, Verdict
from tests.support.clock import FakeClock
from tests.support.fake_upstream import FakeUpstream, say
from tests.support.people import PASSWORD, Person, admin_headers

HINT, SCENE = "una pista", "una escena"
VERDICTS = {
    HINT: Verdict(Action.NOTE, "age_unclear"),
    SCENE: Verdict(Action.BLOCK, "minor_scene"),
}


@pytest.fixture(autouse=True)
def judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two texts get verdicts that are certain; what the rules say of real ones is tested elsewhere."""
    rules = guardrails.check_message

    def check(text: str, *rest: Any, **how: Any) -> Verdict:
        return VERDICTS.get(text) or rules(text, *rest, **how)

    monkeypatch.setattr(guardrails, "check_message", check)


async def flagged(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await client.get("/admin/flagged", headers=admin_headers())
    assert answer.status_code == 200
    assert answer.json()["total"] == len(answer.json()["items"])
    return answer.json()["items"]


async def note(person: Person, text: str) -> httpx.Response:
    return await person.post(f"/conversations/{await person.open_conversation()}/messages", {"content": text})


async def decide(client: httpx.AsyncClient, person: Person, *, is_active: bool) -> None:
    answer = await client.patch(
        f"/admin/users/{person.id}/active", json={"is_active": is_active}, headers=admin_headers()
    )
    assert answer.status_code == 200


async def test_who_says_to_be_a_minor_waits_until_an_admin_decides(
    client: httpx.AsyncClient, ana: Person, ben: Person
):
    assert (await note(ana, "la verdad es que tengo 15 años")).json()["code"] == "age_restricted"
    [one] = await flagged(client)
    assert one == {
        "user_id": ana.id,
        "email": ana.email,
        "display_name": "Ana",
        "reason": "age_said",
        "shut": True,
        "times": 1,
        "since": one["since"],
    }
    assert (await ben.get("/me")).status_code == 200
    await decide(client, ana, is_active=True)
    assert await flagged(client) == []
    await ana.login()


async def test_several_hints_put_an_open_account_onto_the_list(
    client: httpx.AsyncClient, ana: Person, ben: Person, clock: FakeClock
):
    for number in range(HINTS):
        assert await flagged(client) == []
        assert (await note(ana, HINT)).status_code == 201
        await note(ben, "hola")
        clock.advance(minutes=number)
    [one] = await flagged(client)
    assert (one["user_id"], one["reason"], one["shut"]) == (ana.id, "age_hint", False)
    assert (await ana.get("/me")).status_code == 200
    await decide(client, ana, is_active=True)
    assert await flagged(client) == []


async def test_old_hints_do_not_count(client: httpx.AsyncClient, ana: Person, clock: FakeClock):
    for _ in range(HINTS):
        await note(ana, HINT)
        clock.advance(seconds=SPAN.total_seconds() / (HINTS - 1) + 60)
        await ana.login()
    assert await flagged(client) == []


async def test_a_hint_in_a_turn_that_is_refused_is_no_hint(
    client: httpx.AsyncClient, ana: Person, upstream: FakeUpstream
):
    gate = asyncio.Event()
    upstream.will(say("hola", gate=gate))
    conversation = await ana.open_conversation()
    async with ana.sending(conversation) as reply:
        await anext(reply)
        for _ in range(HINTS):
            answer = await ana.post("/chat/stream", {"conversation_id": conversation, "content": HINT})
            assert answer.json()["code"] == "reply_in_progress"
        gate.set()
    assert await flagged(client) == []


async def test_what_is_said_last_does_not_hide_why_an_account_is_listed(
    client: httpx.AsyncClient, ana: Person
):
    for text in (SCENE, *[HINT] * HINTS, SCENE):
        await note(ana, text)
    [one] = await flagged(client)
    assert (one["reason"], one["shut"], one["times"]) == ("age_hint", False, HINTS + 2)
    await note(ana, "la verdad es que tengo 15 años")
    [one] = await flagged(client)
    assert (one["reason"], one["shut"]) == ("age_said", True)


async def test_two_at_once_count_each_other(client: httpx.AsyncClient, ana: Person):
    await asyncio.gather(*(note(ana, SCENE) for _ in range(SCENES)))
    [one] = await flagged(client)
    assert (one["reason"], one["shut"]) == ("minor_scene", True)


async def test_who_asks_for_such_a_scene_again_and_again_is_shut_out(
    client: httpx.AsyncClient, ana: Person, ben: Person
):
    for _ in range(SCENES):
        assert await flagged(client) == []
        assert (await note(ana, SCENE)).json()["code"] == "content_blocked"
        await note(ben, HINT)
    [one] = [one for one in await flagged(client) if one["user_id"] != ben.id]
    assert (one["user_id"], one["reason"], one["shut"]) == (ana.id, "minor_scene", True)
    assert (await ana.get("/me")).status_code in (401, 403)
    answer = await client.post("/auth/login", json={"email": ana.email, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (403, "account_inactive")
    await decide(client, ana, is_active=False)
    assert [one["user_id"] for one in await flagged(client)] == [ben.id]


async def test_nobody_but_an_admin_reads_the_list(client: httpx.AsyncClient, ana: Person):
    assert (await ana.get("/admin/flagged")).status_code == 401
    assert (await client.get("/admin/flagged")).status_code == 401


async def test_what_was_noticed_is_in_the_export_and_gone_with_the_account(
    client: httpx.AsyncClient, ana: Person, ben: Person
):
    for person in (ana, ben):
        for _ in range(HINTS):
            await note(person, HINT)
    marks = (await ana.get("/me/export")).json()["marks"]
    assert [mark["kind"] for mark in marks] == ["age_hint"] * HINTS
    answer = await ana.client.request("DELETE", "/me", json={"password": PASSWORD}, headers=ana.headers)
    assert answer.status_code == 204
    assert [one["user_id"] for one in await flagged(client)] == [ben.id]
