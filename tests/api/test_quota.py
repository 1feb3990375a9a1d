"""Units: what is held, what is settled, and that a day never costs more than its limit."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from lovechat.bootstrap import Services
from tests.support.clock import FakeClock
from tests.support.fake_upstream import FakeUpstream, Script, say
from tests.support.people import Person
from tests.support.sse import text_of


async def stored_cost(services: Services) -> int:
    async with services.engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT coalesce(sum(units), 0) FROM messages")
        return rows.scalar_one()


async def test_usage_begins_at_nothing(ana: Person):
    usage = await ana.usage()
    assert (usage["units_used"], usage["units_limit"], usage["units_remaining"]) == (0, 10_000, 10_000)
    reset = datetime.fromisoformat(usage["reset_at"])
    assert (reset.hour, reset.minute, reset.second) == (0, 0, 0)
    assert 0 < (reset - datetime.now(UTC)).total_seconds() <= 86_400


class TestSmallLimit:
    @pytest.fixture
    def overrides(self) -> dict[str, Any]:
        return {"daily_units_limit": 100}

    async def test_the_cap_is_lowered_and_the_text_cut_at_what_is_left(
        self, ana: Person, upstream: FakeUpstream
    ):
        upstream.will(Script(pieces=["x" * 10] * 100))  # 1,000 characters: 250 units
        conversation = await ana.open_conversation()

        stream = await ana.say(conversation)

        assert upstream.requests[0]["body"]["max_output_tokens"] == 100
        done = stream[-1].data
        assert (done["status"], done["finish_reason"], done["units"]) == ("complete", "quota", 100)
        assert len(text_of(stream)) == 400
        assert (await ana.history(conversation))[-1]["content"] == text_of(stream)
        assert done["usage"]["units_remaining"] == 0
        late = await ana.post("/chat/stream", {"conversation_id": conversation, "content": "¿Más?"})
        assert (late.status_code, late.json()["code"]) == (429, "quota_exceeded")
        assert 0 < int(late.headers["retry-after"]) <= 86_400
        assert len(await ana.history(conversation)) == 2
        assert len(upstream.requests) == 1

    async def test_a_model_that_stops_at_the_lowered_cap_ended_by_quota(
        self, ana: Person, upstream: FakeUpstream
    ):
        upstream.will(say("hasta aquí", ending="length"))
        stream = await ana.say(await ana.open_conversation())
        assert stream[-1].data["finish_reason"] == "quota"

    async def test_with_fewer_than_16_units_nothing_is_begun(
        self, ana: Person, ben: Person, upstream: FakeUpstream, clock: FakeClock
    ):
        upstream.will(Script(pieces=["x" * 340]))  # 85 units: 15 are left
        conversation = await ana.open_conversation()
        await ana.say(conversation)
        late = await ana.post("/chat/stream", {"conversation_id": conversation, "content": "¿Más?"})
        assert (late.status_code, late.json()["code"]) == (429, "quota_exceeded")
        assert (await ben.say(await ben.open_conversation()))[-1].name == "done"
        clock.advance(days=1)
        await ana.login()  # the access token has ended by then
        assert (await ana.usage())["units_used"] == 0
        assert (await ana.say(conversation))[-1].name == "done"

    async def test_however_many_race_the_limit_holds(
        self, ana: Person, upstream: FakeUpstream, services: Services
    ):
        upstream.default = Script(pieces=["x" * 8] * 60, between=0.002)  # 120 units each
        try:
            conversations = [await ana.open_conversation() for _ in range(12)]

            async def chat(conversation: str) -> int:
                spent = 0
                for _ in range(4):
                    body = {"conversation_id": conversation, "content": "Hola"}
                    async with ana.client.stream(
                        "POST", "/chat/stream", json=body, headers=ana.headers
                    ) as answer:
                        await answer.aread()
                        spent += answer.status_code == 200
                return spent

            accepted = sum(await asyncio.gather(*map(chat, conversations)))
        finally:
            upstream.default = Script()
        used = (await ana.usage())["units_used"]
        assert 85 <= used <= 100
        assert used == await stored_cost(services)
        assert 1 <= accepted <= 12

    async def test_a_hold_dies_with_its_reply(self, ana: Person, upstream: FakeUpstream):
        gate = asyncio.Event()
        upstream.will(Script(pieces=["una ", "frase"], gate=gate, gate_after=1))
        first, second = await ana.open_conversation(), await ana.open_conversation()
        async with ana.sending(first) as stream:
            await anext(stream)
            # The first reply holds all that is left; what is settled does not show it.
            held = await ana.post("/chat/stream", {"conversation_id": second, "content": "Hola"})
            assert (held.status_code, held.json()["code"]) == (429, "quota_exceeded")
            assert int(held.headers["retry-after"]) <= 60
            assert (await ana.usage())["units_used"] == 0
            gate.set()
            assert [event async for event in stream][-1].data["units"] == 3
        assert (await ana.say(second))[-1].name == "done"


class TestKnobs:
    @pytest.fixture
    def overrides(self) -> dict[str, Any]:
        return {"units_chars_per_token": 3, "units_multiplier": 2, "units_fixed_per_reply": 5}

    async def test_the_formula_of_the_contract(self, ana: Person, upstream: FakeUpstream):
        upstream.will(Script(pieces=["x" * 100]))
        stream = await ana.say(await ana.open_conversation())
        assert stream[-1].data["units"] == 34 * 2 + 5 == (await ana.usage())["units_used"]

    async def test_a_reply_that_failed_at_once_is_free(self, ana: Person, upstream: FakeUpstream):
        upstream.will(Script(status=401))
        assert (await ana.say(await ana.open_conversation()))[-1].data["units"] == 0
        assert (await ana.usage())["units_used"] == 0


async def test_a_reply_belongs_to_the_day_on_which_it_began(
    ana: Person, upstream: FakeUpstream, clock: FakeClock
):
    noon = datetime.now(UTC).replace(hour=12)
    clock.set(noon.replace(hour=23, minute=59, second=58))
    await ana.login()
    gate = asyncio.Event()
    upstream.will(Script(pieces=["una ", "frase"], gate=gate, gate_after=1))
    conversation = await ana.open_conversation()
    async with ana.sending(conversation) as stream:
        await anext(stream)
        clock.advance(seconds=10)
        gate.set()
        assert [event async for event in stream][-1].name == "done"
    assert (await ana.usage())["units_used"] == 0
    clock.advance(seconds=-30)
    assert (await ana.usage())["units_used"] == 3
