"""Another reply, when the one there did not come to its end."""

import asyncio

from tests.support.fake_upstream import FakeUpstream, Script, say
from tests.support.people import Person
from tests.support.sse import Event, events


async def retry(person: Person, conversation_id: str) -> list[Event]:
    """Ask for another reply and listen to the end."""
    path = f"/conversations/{conversation_id}/retry"
    async with person.client.stream("POST", path, headers=person.headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        return [event async for event in events(answer)]


async def broken(person: Person, upstream: FakeUpstream, text: str = "Half a") -> str:
    """A conversation whose reply broke off after `text`."""
    conversation = await person.open_conversation()
    upstream.will(say(text, ending="cut"))
    assert (await person.say(conversation, "Tell me"))[-1].name == "error"
    return conversation


async def test_the_new_reply_takes_the_place_of_the_broken_one(ana: Person, upstream: FakeUpstream):
    conversation = await broken(ana, upstream)
    assert [message["content"] for message in await ana.history(conversation)] == ["Tell me", "Half a"]
    upstream.will(say("All of it"))
    stream = await retry(ana, conversation)
    assert stream[-1].name == "done"
    question, answer = await ana.history(conversation)
    assert (answer["content"], answer["status"], answer["parent_id"]) == (
        "All of it",
        "complete",
        question["id"],
    )
    assert stream[0].data["user_message_id"] == question["id"]
    # The model was not shown its broken words, and the question only once.
    asked = str(upstream.requests[-1])
    assert "Half a" not in asked
    assert asked.count("Tell me") == 1
    kept = (await ana.get("/me/export")).json()["conversations"][0]["messages"]
    assert [message["content"] for message in kept] == ["Tell me", "Half a", "All of it"]


async def test_what_was_said_is_not_hidden_by_a_retry_that_says_nothing(ana: Person, upstream: FakeUpstream):
    conversation = await broken(ana, upstream)
    upstream.will(Script(status=401))
    assert (await retry(ana, conversation))[-1].name == "error"
    assert [message["content"] for message in await ana.history(conversation)] == ["Tell me", "Half a", ""]
    upstream.will(say("All of it"))
    await retry(ana, conversation)
    assert [message["content"] for message in await ana.history(conversation)] == ["Tell me", "All of it"]


async def test_a_stopped_reply_can_be_asked_for_again(ana: Person, upstream: FakeUpstream):
    conversation = await ana.open_conversation()
    gate = asyncio.Event()
    upstream.will(say("One two three", gate=gate, gate_after=1))
    async with ana.sending(conversation, "Count") as stream:
        reply = (await anext(stream)).data["reply_id"]
        await anext(stream)
        assert (await ana.post(f"/chat/stream/{reply}/stop")).status_code == 202
        assert [event async for event in stream][-1].data["status"] == "stopped"
    gate.set()
    assert (await retry(ana, conversation))[-1].data["status"] == "complete"


async def test_a_whole_reply_is_not_written_again(ana: Person, upstream: FakeUpstream):
    conversation = await ana.open_conversation()
    for _ in range(2):
        answer = await ana.post(f"/conversations/{conversation}/retry")
        assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_retry")
        await ana.say(conversation)
    assert len(upstream.requests) == 2


async def test_it_costs_what_any_reply_costs(ana: Person, ben: Person, upstream: FakeUpstream):
    conversation = await broken(ana, upstream, "x" * 39 + " ")
    before = (await ana.usage())["units_used"]
    upstream.will(say("x" * 40))
    done = (await retry(ana, conversation))[-1].data
    assert done["units"] == 10
    assert (await ana.usage())["units_used"] == before + 10
    assert (await ben.usage())["units_used"] == 0


async def test_somebody_elses_cannot_be_retried(ana: Person, ben: Person, upstream: FakeUpstream):
    conversation = await broken(ana, upstream)
    answer = await ben.post(f"/conversations/{conversation}/retry")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert len(upstream.requests) == 1
