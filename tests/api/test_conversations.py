"""Conversations, messages and characters over HTTP."""

import httpx

from tests.support.fake_upstream import GREETING
from tests.support.people import Person


async def test_the_gallery_needs_no_token_and_speaks_both_languages(client: httpx.AsyncClient):
    english = (await client.get("/characters")).json()
    spanish = (await client.get("/characters", headers={"Accept-Language": "es"})).json()
    luna, vera = english
    assert (luna["id"], luna["tone"], luna["dominance"], luna["affection"]) == ("luna", "playful", 0.6, 0.8)
    assert (vera["id"], vera["tone"], vera["dominance"], vera["affection"]) == ("vera", "romantic", 0.3, 0.9)
    assert luna["avatar_url"] is None
    assert luna["tagline"]
    assert spanish[0]["tagline"] != luna["tagline"]
    assert "boundaries" not in luna


async def test_a_new_conversation(ana: Person):
    answer = await ana.post("/conversations", {"character_id": "luna"})
    conversation = answer.json()
    assert answer.status_code == 201
    assert conversation["character"] == {"id": "luna", "name": "Luna", "avatar_url": None}
    assert conversation["status"] == "active"
    assert conversation["last_message_at"] is None
    unknown = await ana.post("/conversations", {"character_id": "nobody"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "character_not_found")


async def test_the_list_is_by_newest_activity_and_pages(ana: Person, ben: Person):
    first, second, third = [await ana.open_conversation() for _ in range(3)]
    await ben.open_conversation()
    await ana.post(f"/conversations/{first}/messages", {"content": "Hola"})

    page = (await ana.get("/conversations")).json()
    assert [item["id"] for item in page["items"]] == [first, third, second]
    assert (page["total"], page["limit"], page["offset"]) == (3, 20, 0)
    rest = (await ana.get("/conversations", params={"limit": 2, "offset": 2})).json()
    assert [item["id"] for item in rest["items"]] == [second]
    assert rest["total"] == 3
    for bad in ({"limit": 0}, {"limit": 101}, {"offset": -1}, {"limit": "x"}, {"offset": 10**30}):
        answer = await ana.get("/conversations", params=bad)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_reset_closes_the_old_and_begins_anew(ana: Person):
    old = await ana.open_conversation("vera")
    await ana.say(old)
    answer = await ana.post(f"/conversations/{old}/reset")
    new = answer.json()
    assert answer.status_code == 201
    assert new["id"] != old
    assert new["character"]["id"] == "vera"
    assert new["status"] == "active"
    assert await ana.history(new["id"]) == []
    statuses = {item["id"]: item["status"] for item in (await ana.get("/conversations")).json()["items"]}
    assert statuses == {old: "closed", new["id"]: "active"}
    assert len(await ana.history(old)) == 2  # nothing is lost
    again = await ana.post(f"/conversations/{old}/reset")
    assert (again.status_code, again.json()["code"]) == (409, "conversation_closed")


async def test_a_message_without_a_reply(ana: Person):
    conversation = await ana.open_conversation()
    answer = await ana.post(f"/conversations/{conversation}/messages", {"content": " Hola "})
    message = answer.json()
    assert answer.status_code == 201
    assert (message["role"], message["content"], message["status"]) == ("user", " Hola ", "complete")
    assert message["generated_by"] is None
    assert await ana.history(conversation) == [message]
    assert (await ana.get("/conversations")).json()["items"][0]["title"] == "Hola"


async def test_history_pages_backwards_and_reads_forwards(ana: Person):
    conversation = await ana.open_conversation()
    for number in range(7):
        await ana.post(f"/conversations/{conversation}/messages", {"content": f"{number}"})
    path = f"/conversations/{conversation}/messages"

    seen, before = [], None
    sizes = []
    while True:
        page = (await ana.get(path, params={"limit": 3, **({"before": before} if before else {})})).json()
        seen = [item["content"] for item in page["items"]] + seen
        sizes.append(len(page["items"]))
        before = page["next_before"]
        if before is None:
            break
    assert seen == [str(number) for number in range(7)]
    assert sizes == [3, 3, 1]
    parents = [item["parent_id"] for item in await ana.history(conversation)]
    assert parents == [None, *[item["id"] for item in await ana.history(conversation)][:-1]]


async def test_a_reply_follows_messages_that_had_none(ana: Person, upstream):
    conversation = await ana.open_conversation()
    await ana.post(f"/conversations/{conversation}/messages", {"content": "Me llamo Ana."})
    await ana.say(conversation, "¿Cómo me llamo?")
    contents = [message["content"] for message in upstream.requests[-1]["body"]["input"]]
    assert contents == ["Me llamo Ana.", "¿Cómo me llamo?"]
    assert [m["content"] for m in await ana.history(conversation)] == [*contents, GREETING]


async def test_before_must_be_a_message_of_the_conversation(ana: Person):
    one, other = await ana.open_conversation(), await ana.open_conversation()
    message = (await ana.post(f"/conversations/{other}/messages", {"content": "Hola"})).json()
    answer = await ana.get(f"/conversations/{one}/messages", params={"before": message["id"]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "before")
