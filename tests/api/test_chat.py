"""Replies over HTTP: started, followed, resumed, stopped, refused."""

from tests.support.fake_upstream import GREETING, MODEL, FakeUpstream
from tests.support.people import Person
from tests.support.sse import text_of


async def test_a_reply_streams_from_start_to_done_and_is_saved(ana: Person, upstream: FakeUpstream):
    conversation = await ana.open_conversation()

    stream = await ana.say(conversation, "Hola, Luna")

    assert [event.id for event in stream] == list(range(1, len(stream) + 1))
    assert stream[0].name == "start"
    assert text_of(stream) == GREETING
    done = stream[-1]
    assert done.name == "done"
    assert done.data["status"] == "complete"
    assert done.data["finish_reason"] == "stop"
    assert done.data["generated_by"] == "ai"
    assert done.data["model"] == MODEL
    assert done.data["units"] == -(-len(GREETING) // 4)
    question, answer = await ana.history(conversation)
    assert (question["role"], question["content"]) == ("user", "Hola, Luna")
    assert question["id"] == stream[0].data["user_message_id"]
    assert (answer["role"], answer["content"], answer["status"]) == ("assistant", GREETING, "complete")
    assert answer["id"] == stream[0].data["message_id"] == done.data["message_id"]
    assert answer["parent_id"] == question["id"]
    assert answer["generated_by"] == "ai"
    assert (await ana.usage())["units_used"] == done.data["units"]
