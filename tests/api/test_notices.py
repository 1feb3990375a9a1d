"""Notices by the server's clock: in the stream, in the history, for everybody on their own clock."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from lovechat.api.app import serve
from lovechat.bootstrap import Services, build_services
from lovechat.core.i18n import translate
from lovechat.core.settings import Settings
from lovechat.services.guardrails import GUARD_VERSION
from tests.conftest import BCRYPT_ROUNDS
from tests.support.clock import FakeClock
from tests.support.fake_upstream import FakeUpstream, Script, say
from tests.support.people import Person, make_person
from tests.support.servers import ApiServer
from tests.support.sse import Event


@pytest.fixture(autouse=True)
def morning(clock: FakeClock) -> Iterator[None]:
    """Far from midnight, so that nothing is due because of a new day."""
    clock.set(datetime(2030, 5, 6, 9, tzinfo=UTC))
    yield
    clock.reset()


@pytest.fixture
def overrides() -> dict[str, Any]:
    """Nobody signs in anew in the course of a day."""
    return {"access_token_exp_minutes": 24 * 60}


def kinds(stream: list[Event]) -> list[str]:
    return [event.data["kind"] for event in stream if event.name == "notice"]


async def talk_on(person: Person, clock: FakeClock, conversation: str, minutes: int) -> list[str]:
    """Say something every ten minutes; gives the notices that came."""
    told = []
    for _ in range(minutes // 10):
        clock.advance(minutes=10)
        told += kinds(await person.say(conversation))
    return told


async def test_a_conversation_begins_with_the_disclosure_before_any_text(ana: Person):
    stream = await ana.say(await ana.open_conversation(), "Hola, Luna")
    assert [event.name for event in stream[:3]] == ["start", "notice", "delta"]
    assert [event.id for event in stream] == list(range(1, len(stream) + 1))
    assert stream[1].data == {
        "kind": "ai_disclosure", "text": translate("care.ai_disclosure", "es"),
        "language": "es", "resources": [],
    }  # fmt: skip
    assert kinds(await ana.say(await ana.open_conversation())) == ["ai_disclosure"]


async def test_a_break_comes_after_an_hour_of_use(ana: Person, clock: FakeClock):
    conversation = await ana.open_conversation()
    assert kinds(await ana.say(conversation)) == ["ai_disclosure"]
    assert await talk_on(ana, clock, conversation, 50) == []
    clock.advance(minutes=9)
    assert kinds(await ana.say(conversation)) == []
    clock.advance(minutes=1)
    stream = await ana.say(conversation)
    assert kinds(stream) == ["break"]
    for word in ("pausa", "no una persona", "no es terapeuta"):
        assert word in stream[1].data["text"]


async def test_the_clock_survives_another_conversation_sign_in_and_a_restart(
    ana: Person, clock: FakeClock, server: ApiServer, settings: Settings, shared_database: str
):
    await ana.say(await ana.open_conversation())
    clock.advance(minutes=20)
    assert kinds(await ana.say(await ana.open_conversation("vera"))) == ["ai_disclosure"]
    clock.advance(minutes=20)
    await ana.login()
    conversation = await ana.open_conversation()
    assert kinds(await ana.say(conversation)) == ["ai_disclosure"]
    restarted = build_services(settings, shared_database, clock=clock, bcrypt_rounds=BCRYPT_ROUNDS)
    await restarted.open()
    try:
        serve(server.app, restarted)
        clock.advance(minutes=20)
        assert kinds(await ana.say(conversation)) == ["break"]
    finally:
        await restarted.close(drain_seconds=0)


async def test_two_people_never_share_a_clock(ana: Person, ben: Person, clock: FakeClock):
    anas, bens = await ana.open_conversation(), await ben.open_conversation()
    await ana.say(anas)
    assert await talk_on(ana, clock, anas, 50) == []
    assert kinds(await ben.say(bens)) == ["ai_disclosure"]
    clock.advance(minutes=10)
    assert kinds(await ana.say(anas)) == ["break"]
    assert kinds(await ben.say(bens)) == []
    assert await talk_on(ben, clock, bens, 50) == ["break"]


async def test_a_new_day_discloses_again(ana: Person, clock: FakeClock):
    conversation = await ana.open_conversation()
    await ana.say(conversation)
    clock.set(datetime(2030, 5, 6, 23, 50, tzinfo=UTC))
    assert kinds(await ana.say(conversation)) == []
    clock.advance(minutes=11)
    assert kinds(await ana.say(conversation)) == ["ai_disclosure"]


async def test_the_history_and_the_export_have_them_in_place(ana: Person, ben: Person):
    conversation = await ana.open_conversation()
    stream = await ana.say(conversation)
    question, answer = await ana.history(conversation)
    assert question["notices"] == [stream[1].data]
    assert answer["notices"] == []
    exported = (await ana.get("/me/export")).json()
    assert exported["conversations"][0]["messages"][0]["notices"] == [stream[1].data]
    assert exported["notice_clock"]["disclosed_on"] == "2030-05-06"
    assert (await ben.get("/me/export")).json()["notice_clock"] is None
    assert (await ben.get(f"/conversations/{conversation}/messages")).status_code == 404


async def test_whoever_comes_back_gets_them_with_the_same_numbers(ana: Person, ben: Person):
    stream = await ana.say(await ana.open_conversation())
    reply = stream[0].data["reply_id"]
    assert await ana.follow(reply) == stream
    assert await ana.follow(reply, after=1) == stream[1:]
    assert (await ben.get(f"/chat/stream/{reply}")).status_code == 404


async def test_another_attempt_takes_nothing_away(ana: Person, clock: FakeClock, upstream: FakeUpstream):
    conversation = await ana.open_conversation()
    upstream.will(Script(status=500), Script(status=500))
    stream = await ana.say(conversation)
    assert [event.name for event in stream] == ["start", "notice", "error"]
    clock.advance(minutes=10)
    async with ana.client.stream(
        "POST", f"/conversations/{conversation}/retry", headers=ana.headers
    ) as answer:
        assert "event: notice" not in (await answer.aread()).decode()
    question, _ = await ana.history(conversation)
    assert question["notices"] == [stream[1].data]


async def test_the_model_is_told_nothing_of_them(ana: Person, upstream: FakeUpstream):
    conversation = await ana.open_conversation()
    await ana.say(conversation, "Hola")
    upstream.will(say("Bien."))
    await ana.say(conversation, "¿Y bien?")
    assert translate("care.ai_disclosure", "es") not in str(
        [request["body"] for request in upstream.requests]
    )


async def test_they_speak_the_persons_language(client, ana: Person):
    eva = await make_person(client, language="en")
    stream = await eva.say(await eva.open_conversation(), "Hola, ¿qué tal estás?")
    assert (stream[1].data["language"], stream[1].data["text"]) == (
        "en",
        translate("care.ai_disclosure", "en"),
    )
    stream = await ana.say(await ana.open_conversation(), "Hello, how are you today?")
    assert stream[1].data["language"] == "en"  # her profile names none: that of her words


async def test_they_are_counted_without_a_word_of_whom(ana: Person, services: Services, clock: FakeClock):
    conversation = await ana.open_conversation()
    await ana.say(conversation)
    await talk_on(ana, clock, conversation, 60)
    async with services.engine.connect() as connection:
        rows = [
            tuple(row) for row in await connection.execute(text("SELECT * FROM safety_counts ORDER BY kind"))
        ]
    day = clock().date()
    assert rows == [(day, "ai_notice", "es", GUARD_VERSION, 1), (day, "break_notice", "es", GUARD_VERSION, 1)]


@pytest.mark.parametrize("overrides", [{"notice_interval_minutes": 15}])
async def test_the_interval_is_a_setting(ana: Person, clock: FakeClock):
    conversation = await ana.open_conversation()
    await ana.say(conversation)
    clock.advance(minutes=15)
    assert kinds(await ana.say(conversation)) == ["break"]
