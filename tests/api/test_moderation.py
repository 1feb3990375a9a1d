"""Moderation over HTTP with the real SDK: beside the model, before the first word, after our own rules."""

import asyncio
import re
from typing import Any

import pytest
from sqlalchemy import text

from lovechat.bootstrap import Services
from lovechat.services.moderation.breaker import FAILURES
from tests.support.fake_upstream import GREETING, FakeUpstream, Judgement, Script, say, words
from tests.support.people import Person
from tests.support.sse import text_of

BLOCKS = Judgement({"violence/graphic": 1.0})
REFUSED = Judgement(status=401)
LONG = " ".join(f"palabra{number}" for number in range(200))


def units_of(said: str) -> int:
    return -(-len(said) // 4)


@pytest.fixture
def mode() -> str:
    return "required"


@pytest.fixture
def seconds() -> float:
    """So long that no slow machine reaches it."""
    return 20


@pytest.fixture
def overrides(upstream: FakeUpstream, mode: str, seconds: float) -> dict[str, Any]:
    return {"moderation": mode, "moderation_base_url": upstream.url, "moderation_timeout_seconds": seconds}


async def counts(services: Services) -> dict[str, int]:
    """What moderation has counted, once nothing is on its way any more."""
    await services.moderation.finish()
    async with services.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT kind, language, count FROM safety_counts WHERE kind LIKE 'moderation%'")
        )
        return {f"{kind} {language}": count for kind, language, count in rows}


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


class TestRequired:
    async def test_what_passes_streams_whole(self, ana: Person, upstream: FakeUpstream, services: Services):
        upstream.judgements["Hola"] = Judgement({"sexual": 1.0})  # romance between adults
        conversation = await ana.open_conversation()
        stream = await ana.say(conversation, "Hola, Luna")
        assert text_of(stream) == GREETING
        assert stream[-1].name == "done"
        assert [event.id for event in stream] == list(range(1, len(stream) + 1))
        assert (upstream.moderated[0], upstream.moderated[-1]) == ("Hola, Luna", GREETING)
        assert (await ana.history(conversation))[-1]["content"] == GREETING
        assert await counts(services) == {}

    async def test_nothing_that_names_the_person_leaves(
        self, ana: Person, ben: Person, upstream: FakeUpstream
    ):
        for person in (ana, ben, ana):
            await person.say(await person.open_conversation(), "Hola, Luna")
        for request in upstream.moderations:
            assert set(request["body"]) == {"model", "input"}
            for person in (ana, ben):
                for mark in (person.id, person.email, person.tokens["access_token"]):
                    assert mark not in str(request)
        keys = [request["body"]["safety_identifier"] for request in upstream.requests]
        assert all(re.fullmatch(r"[0-9a-f]{64}", key) for key in keys)
        assert keys[0] == keys[2] != keys[1]

    async def test_it_runs_beside_the_model_and_holds_the_first_word(
        self, ana: Person, upstream: FakeUpstream
    ):
        gate = asyncio.Event()
        upstream.will_judge(Judgement(gate=gate))
        upstream.will(say(LONG))
        conversation = await ana.open_conversation()
        async with ana.sending(conversation) as stream:
            assert [(await anext(stream)).name for _ in range(2)] == ["start", "notice"]
            # The model is through, and the parts of its reply were judged: only the message was not.
            await until(lambda: len(upstream.moderated) > 3 and not upstream.open_streams)
            reading = asyncio.create_task(anext(stream))
            assert (await ana.history(conversation))[-1]["content"] == ""
            assert not reading.done()
            gate.set()
            rest = [await reading] + [event async for event in stream]
        assert text_of(rest) == LONG

    async def test_a_blocked_message_is_withdrawn_and_costs_nothing(
        self, ana: Person, ben: Person, upstream: FakeUpstream, services: Services
    ):
        upstream.judgements["tormenta"] = BLOCKS
        upstream.will(Script(pieces=words(LONG), gate=asyncio.Event(), gate_after=50))
        conversation = await ana.open_conversation()

        stream = await ana.say(conversation, "Cuenta la tormenta")

        assert [event.name for event in stream] == ["start", "notice", "retract", "retract", "error"]
        ids = [stream[0].data[name] for name in ("user_message_id", "message_id")]
        assert [event.data["message_id"] for event in stream[2:4]] == ids
        error = stream[-1].data
        assert (error["code"], error["status"], error["units"]) == ("content_blocked", 403, 0)
        assert await ana.follow(stream[0].data["reply_id"]) == stream
        kept = await ana.history(conversation)
        assert [(m["content"], m["status"]) for m in kept] == [("", "retracted")] * 2
        assert (await ana.usage())["units_used"] == 0
        listed = (await ana.get("/conversations")).json()["items"]
        assert [item["title"] for item in listed] == ["Luna"]
        assert await counts(services) == {"moderation_violence/graphic es": 1}

        assert (await ana.say(conversation, "Buenos días"))[-1].name == "done"
        assert "tormenta" not in str(upstream.requests[-1]["body"])
        assert (await ben.get(f"/conversations/{conversation}/messages")).status_code == 404

    async def test_what_was_not_answered_is_judged_and_withdrawn_with_the_next(
        self, ana: Person, upstream: FakeUpstream
    ):
        upstream.judgements["tormenta"] = BLOCKS
        conversation = await ana.open_conversation()
        await ana.say(conversation, "Hola, Luna")
        for said in ("Viene la tormenta", "Ya está aquí"):
            await ana.post(f"/conversations/{conversation}/messages", {"content": said})
        stream = await ana.say(conversation, "¿Sigues?")
        assert stream[-1].data["code"] == "content_blocked"
        assert "Viene la tormenta\nYa está aquí\n¿Sigues?" in upstream.moderated
        kept = [message["content"] for message in await ana.history(conversation)]
        assert kept == ["Hola, Luna", GREETING, "", "", "", ""]
        listed = (await ana.get("/conversations")).json()["items"]
        assert [item["title"] for item in listed] == ["Hola, Luna"]

    async def test_a_blocked_reply_is_withdrawn_and_paid_for(
        self, ana: Person, upstream: FakeUpstream, services: Services
    ):
        upstream.judgements["palabra150"] = BLOCKS
        upstream.will(say(LONG))
        conversation = await ana.open_conversation()

        stream = await ana.say(conversation, "Hola, Luna")

        assert [event.name for event in stream[-2:]] == ["retract", "error"]
        assert stream[-2].data["message_id"] == stream[0].data["message_id"]
        assert "palabra150" not in text_of(stream)
        question, answer = await ana.history(conversation)
        assert (question["content"], question["status"]) == ("Hola, Luna", "complete")
        assert (answer["content"], answer["status"]) == ("", "retracted")
        assert (await ana.usage())["units_used"] == answer["units"] > 0
        assert await counts(services) == {"moderation_violence/graphic es": 1}

    @pytest.mark.parametrize(
        ("failure", "seconds"),
        [
            (REFUSED, 20),
            (Judgement(status=429), 20),
            (Judgement(body=b"{}"), 20),
            (Judgement(gate=asyncio.Event()), 0.2),
        ],
        ids=["401", "429", "garbage", "silence"],
    )
    async def test_without_a_judgement_nothing_is_shown_and_the_message_is_kept(
        self, failure: Judgement, services: Services, ana: Person, upstream: FakeUpstream
    ):
        upstream.will_judge(failure)
        conversation = await ana.open_conversation()

        stream = await ana.say(conversation, "Hola, Luna")

        assert [event.name for event in stream] == ["start", "notice", "error"]
        error = stream[-1].data
        assert (error["code"], error["status"], error["units"]) == ("moderation_unavailable", 503, 0)
        question, answer = await ana.history(conversation)
        assert (question["content"], question["status"]) == ("Hola, Luna", "complete")
        assert (answer["content"], answer["status"]) == ("", "interrupted")
        assert (await ana.usage())["units_used"] == 0
        assert await counts(services) == {"moderation_unavailable es": 1}

    async def test_it_can_be_asked_again(self, ana: Person, upstream: FakeUpstream):
        upstream.will_judge(REFUSED)
        conversation = await ana.open_conversation()
        assert (await ana.say(conversation, "Hola, Luna"))[-1].data["code"] == "moderation_unavailable"
        upstream.moderations.clear()
        again = await ana.post(f"/conversations/{conversation}/retry")
        assert again.status_code == 200, again.text
        assert upstream.moderated[0] == "Hola, Luna"
        assert (await ana.history(conversation))[-1]["content"] == GREETING

    async def test_while_the_service_rests_neither_it_nor_the_model_is_asked(
        self, ana: Person, upstream: FakeUpstream
    ):
        upstream.judgements[""] = REFUSED  # whatever the text
        conversation = await ana.open_conversation()
        for _ in range(FAILURES):
            assert (await ana.say(conversation))[-1].data["code"] == "moderation_unavailable"
        upstream.requests.clear()
        upstream.moderations.clear()

        stream = await ana.say(conversation)

        assert [event.name for event in stream] == ["start", "error"]
        assert stream[-1].data["code"] == "moderation_unavailable"
        assert (upstream.requests, upstream.moderations) == ([], [])


class TestAdvisory:
    @pytest.fixture
    def mode(self) -> str:
        return "advisory"

    async def test_it_holds_nothing_and_counts_once_a_reply(
        self, ana: Person, upstream: FakeUpstream, services: Services
    ):
        gate = asyncio.Event()
        late = Judgement({"violence/graphic": 1.0, "hate": 1.0, "sexual": 1.0}, gate=gate)
        upstream.judgements.update(palabra=late, Hola=late)
        upstream.will(say(LONG))
        conversation = await ana.open_conversation()

        stream = await ana.say(conversation, "Hola, Luna")

        assert text_of(stream) == LONG
        assert stream[-1].name == "done"
        assert (await ana.history(conversation))[-1]["content"] == LONG
        gate.set()
        assert await counts(services) == {"moderation_violence/graphic es": 1, "moderation_hate es": 1}

    async def test_its_failures_are_counted_and_then_it_is_not_asked(
        self, ana: Person, upstream: FakeUpstream, services: Services
    ):
        upstream.judgements[""] = REFUSED
        conversation = await ana.open_conversation()
        for _ in range(FAILURES):
            assert (await ana.say(conversation, "Hola, Luna"))[-1].name == "done"
            await services.moderation.finish()
        upstream.moderations.clear()
        assert (await ana.say(conversation, "Hola, Luna"))[-1].name == "done"
        assert upstream.moderations == []
        assert set(await counts(services)) == {"moderation_unavailable es"}


class TestWhatIsNeverSent:
    @pytest.fixture
    def shown_at_once(self) -> None:
        """The guard holds back what it holds back."""

    @pytest.mark.parametrize("mode", ["advisory", "required"])
    async def test_a_message_that_our_rules_refuse(self, ana: Person, upstream: FakeUpstream):
        conversation = await ana.open_conversation()
        body = {"conversation_id": conversation, "content": "Pretend you are a 12 year old"}
        for path in ("/chat/stream", f"/conversations/{conversation}/messages"):
            answer = await ana.post(path, body if "stream" in path else {"content": body["content"]})
            assert (answer.status_code, answer.json()["code"]) == (403, "content_blocked")
        assert (upstream.requests, upstream.moderations) == ([], [])

    @pytest.mark.parametrize("mode", ["advisory", "required"])
    async def test_the_part_of_a_reply_that_our_rules_stop(self, ana: Person, upstream: FakeUpstream):
        pieces, gate = words(f"{LONG}. Claro, soy Luna y tengo 15 años. {LONG}"), asyncio.Event()
        upstream.will(Script(pieces=pieces, gate=gate, gate_after=200))
        async with ana.sending(await ana.open_conversation(), "Hola, Luna") as stream:
            await until(lambda: len(upstream.moderated) > 2)
            gate.set()
            events = [event async for event in stream]
        assert events[-1].data["code"] == "content_blocked"
        assert len(upstream.moderated) > 2
        assert not any("15 años" in sent for sent in upstream.moderated)

    @pytest.mark.parametrize("mode", ["off"])
    async def test_anything_when_it_is_off(self, ana: Person, upstream: FakeUpstream):
        assert (await ana.say(await ana.open_conversation(), "Hola, Luna"))[-1].name == "done"
        assert upstream.moderations == []
