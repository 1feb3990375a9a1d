"""A reply is shown after the guard has read on: what breaks a rule reaches no watcher."""

import asyncio

import pytest

from lovechat.bootstrap import Services
from lovechat.repos.accounts import Person
from tests.services.replies.conftest import listen, talk
from tests.support.fake_upstream import FakeUpstream, Script, say, words

LONG = " ".join(f"palabra{number}" for number in range(90))


@pytest.fixture
def shown_at_once() -> None:
    """Here the guard holds back as it does in earnest."""


async def test_no_event_holds_a_character_of_a_violation(
    services: Services, ana: Person, upstream: FakeUpstream
):
    harmless = f"{LONG} De acuerdo, "
    upstream.will(say(f"{harmless}tengo 15 años. {LONG}"))
    live = await services.chat.send(ana, await talk(services, ana), "Hola")
    events = await listen(live.follow())
    shown = "".join(event.data["text"] for event in events if event.name == "delta")
    assert shown
    assert harmless.startswith(shown)
    assert [event.name for event in events[-2:]] == ["retract", "error"]
    # What the model wrote is paid for, though nothing of it is kept.
    assert events[-1].data["units"] > len(shown) // 4


async def test_what_is_held_back_is_shown_when_the_reply_ends(
    services: Services, ana: Person, upstream: FakeUpstream
):
    upstream.will(say(LONG), say(LONG, ending="cut"))
    conversation = await talk(services, ana)
    for ending in ("done", "error"):
        live = await services.chat.send(ana, conversation, "Hola")
        events = await listen(live.follow())
        assert "".join(event.data["text"] for event in events if event.name == "delta") == LONG
        assert events[-1].name == ending


async def test_a_stopped_reply_keeps_what_the_model_had_said(
    services: Services, ana: Person, upstream: FakeUpstream
):
    upstream.will(Script(pieces=words(LONG), gate=asyncio.Event(), gate_after=60))
    live = await services.chat.send(ana, await talk(services, ana), "Hola")
    said = len(" ".join(LONG.split(" ")[:60])) + 1
    last = len("palabra58 palabra59 ")
    while not live.length:
        await asyncio.sleep(0.005)
    assert live.length <= said - last
    await services.chat.stop(ana, live.ids.reply_id)
    events = await listen(live.follow())
    assert events[-1].data["status"] == "stopped"
    assert LONG.startswith(live.text.strip())
