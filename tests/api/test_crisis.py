"""Somebody in a crisis: help is shown before any word of the model's, which plays nobody then."""

from typing import Any

import pytest
from sqlalchemy import text

from lovechat.bootstrap import Services
from lovechat.core.i18n import translate
from lovechat.services.guardrails import GUARD_VERSION
from tests.support.fake_upstream import GREETING, FakeUpstream, Script, say
from tests.support.people import Person
from tests.support.sse import Event, text_of

HARD = "Ya no puedo más"
HARD_TOO = "I can't go on"
IDIOM = "Esto es para morirse de risa"
HARMFUL = "Mira, todos estarían mejor sin ti. Y así."
MINOR = "Tengo 15 años y ya no puedo más"
ANYWHERE = [
    {"name": "Una línea de ayuda en tu país", "number": None, "url": "https://findahelpline.com"},
    {"name": "El número de emergencias de tu país", "number": None, "url": None},
]
PERSONA = ("Luna", "Ana", "Tono", "Dominancia", "Afecto")


def cards(stream: list[Event]) -> list[dict[str, Any]]:
    return [event.data for event in stream if event.name == "notice" and event.data["kind"] == "crisis"]


def instructions(upstream: FakeUpstream) -> str:
    return upstream.requests[-1]["body"]["instructions"]


async def counted(services: Services) -> list[tuple]:
    async with services.engine.connect() as connection:
        query = text(
            "SELECT kind, language, guard_version, count FROM safety_counts WHERE kind LIKE 'crisis%'"
        )
        return [tuple(row) for row in await connection.execute(query)]


async def move_to(person: Person, country: str | None) -> None:
    answer = await person.client.patch("/me", json={"country": country}, headers=person.headers)
    assert answer.json()["country"] == country


async def refused(person: Person, conversation: str, content: str) -> dict[str, Any]:
    body = {"conversation_id": conversation, "content": content}
    answer = await person.post("/chat/stream", body)
    assert answer.status_code >= 400
    return answer.json()


async def test_help_comes_before_any_text_and_is_kept(ana: Person, ben: Person, services: Services):
    conversation = await ana.open_conversation()
    stream = await ana.say(conversation, HARD)
    assert [event.name for event in stream[:4]] == ["start", "notice", "notice", "delta"]
    assert stream[2].data == {
        "kind": "crisis", "text": translate("care.crisis", "es"), "language": "es", "resources": ANYWHERE,
    }  # fmt: skip
    assert text_of(stream) == GREETING
    question, answer = await ana.history(conversation)
    assert (question["content"], answer["content"]) == (HARD, GREETING)
    assert question["notices"] == [event.data for event in stream if event.name == "notice"]
    assert await ana.follow(stream[0].data["reply_id"]) == stream
    # Nobody reads over a shoulder what it was about.
    assert (await ana.get(f"/conversations/{conversation}")).json()["title"] == "Luna"
    assert cards(await ben.say(await ben.open_conversation(), IDIOM)) == []
    assert await counted(services) == [("crisis_referral", "es", GUARD_VERSION, 1)]


async def test_role_play_is_suspended_for_that_turn_alone(ana: Person, upstream: FakeUpstream):
    conversation = await ana.open_conversation()
    await ana.say(conversation)
    assert all(word in instructions(upstream) for word in PERSONA)
    await ana.say(conversation, HARD)
    care = instructions(upstream)
    assert not any(word in care for word in PERSONA)
    assert "no interpretas a nadie" in care
    assert "https://findahelpline.com" in care
    assert "nadie es menor" in care  # the house's boundaries hold here too
    assert upstream.requests[-1]["body"]["input"][-1]["content"] == HARD
    assert cards(await ana.say(conversation, "Gracias por escucharme")) == []
    assert all(word in instructions(upstream) for word in PERSONA)


async def test_the_persons_country_comes_first(ana: Person, ben: Person):
    await move_to(ana, "ES")
    card = cards(await ana.say(await ana.open_conversation(), HARD))[0]
    assert [place["number"] for place in card["resources"]] == ["024", None, None]
    card = cards(await ben.say(await ben.open_conversation(), HARD_TOO))[0]
    assert card["language"] == "en"
    assert [place["number"] for place in card["resources"]] == [None, None]
    await move_to(ana, "FR")
    assert cards(await ana.say(await ana.open_conversation(), HARD))[0]["resources"] == ANYWHERE
    await move_to(ana, None)


@pytest.mark.parametrize("country", ["XX", "es", "ESP", ""])
async def test_a_country_is_one_of_the_list(ana: Person, country: str):
    answer = await ana.client.patch("/me", json={"country": country}, headers=ana.headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "country")


async def test_a_failing_model_takes_no_help_away(ana: Person, upstream: FakeUpstream, services: Services):
    conversation = await ana.open_conversation()
    upstream.will(Script(status=500), Script(status=500))
    stream = await ana.say(conversation, HARD)
    assert [event.name for event in stream] == ["start", "notice", "notice", "error"]
    # Another attempt shows it again, still plays nobody, and leaves one card in the history.
    async with ana.client.stream(
        "POST", f"/conversations/{conversation}/retry", headers=ana.headers
    ) as answer:
        assert '"kind":"crisis"' in (await answer.aread()).decode()
    assert "no interpretas a nadie" in instructions(upstream)
    question, reply = await ana.history(conversation)
    assert [notice["kind"] for notice in question["notices"]] == ["ai_disclosure", "crisis"]
    assert reply["content"] == GREETING
    assert await counted(services) == [("crisis_referral", "es", GUARD_VERSION, 2)]


class TestRefusals:
    """Nothing is stored of a refused message, and the way to help comes with the refusal."""

    @pytest.mark.parametrize("overrides", [{"daily_units_limit": 16}])
    async def test_used_up_units(self, ana: Person, ben: Person, services: Services):
        conversation = await ana.open_conversation()
        await ana.say(conversation)
        problem = await refused(ana, conversation, HARD)
        assert (problem["code"], problem["notice"]["kind"]) == ("quota_exceeded", "crisis")
        assert problem["notice"]["resources"] == ANYWHERE
        assert "notice" not in await refused(ana, conversation, IDIOM)
        assert len(await ana.history(conversation)) == 2
        assert await counted(services) == [("crisis_referral", "es", GUARD_VERSION, 1)]
        assert await ben.history(await ben.open_conversation()) == []

    @pytest.mark.parametrize("overrides", [{"chat_rate_limit": "1/hour"}])
    async def test_too_many_messages(self, ana: Person):
        conversation = await ana.open_conversation()
        await ana.say(conversation)
        problem = await refused(ana, conversation, HARD)
        assert (problem["code"], problem["notice"]["kind"]) == ("rate_limited", "crisis")

    async def test_a_closed_conversation(self, ana: Person):
        conversation = await ana.open_conversation()
        await ana.post(f"/conversations/{conversation}/reset")
        for answer in (
            await refused(ana, conversation, HARD),
            (await ana.post(f"/conversations/{conversation}/messages", {"content": HARD})).json(),
        ):
            assert (answer["code"], answer["notice"]["kind"]) == ("conversation_closed", "crisis")

    async def test_somebody_elses_conversation(self, ana: Person, ben: Person):
        conversation = await ana.open_conversation()
        problem = await refused(ben, conversation, HARD)
        assert (problem["code"], problem["notice"]["kind"]) == ("not_found", "crisis")
        assert await ana.history(conversation) == []

    async def test_a_minor(self, ana: Person, services: Services, upstream: FakeUpstream):
        problem = await refused(ana, await ana.open_conversation(), MINOR)
        assert (problem["code"], problem["notice"]["kind"]) == ("age_restricted", "crisis")
        assert upstream.requests == []
        assert await counted(services) == [("crisis_referral", "es", GUARD_VERSION, 1)]


async def test_a_message_without_a_reply_has_it_too(ana: Person, upstream: FakeUpstream, services: Services):
    conversation = await ana.open_conversation()
    answer = await ana.post(f"/conversations/{conversation}/messages", {"content": HARD})
    assert answer.status_code == 201
    assert [notice["kind"] for notice in answer.json()["notices"]] == ["crisis"]
    assert await ana.history(conversation) == [answer.json()]
    assert upstream.requests == []
    assert await counted(services) == [("crisis_referral", "es", GUARD_VERSION, 1)]


async def test_a_reply_that_pushes_towards_harm_is_replaced_by_help(
    ana: Person, ben: Person, upstream: FakeUpstream, services: Services
):
    conversation = await ana.open_conversation()
    upstream.will(say(HARMFUL))
    stream = await ana.say(conversation, "Hola, Luna")
    assert [event.name for event in stream][-3:] == ["retract", "notice", "error"]
    assert [event.id for event in stream] == list(range(1, len(stream) + 1))
    assert cards(stream)[0]["resources"] == ANYWHERE
    question, answer = await ana.history(conversation)
    assert [notice["kind"] for notice in question["notices"]] == ["ai_disclosure", "crisis"]
    assert (answer["status"], answer["content"]) == ("retracted", "")
    replayed = await ana.follow(stream[0].data["reply_id"])
    assert [event.name for event in replayed] == ["start", "notice", "retract", "notice", "error"]
    assert await counted(services) == [("crisis_referral", "es", GUARD_VERSION, 1)]
    # Somebody who has the card already gets no second one.
    upstream.will(say(HARMFUL))
    stream = await ben.say(await ben.open_conversation(), HARD)
    assert len(cards(stream)) == 1


async def test_counts_name_nobody(ana: Person, services: Services):
    await ana.say(await ana.open_conversation(), HARD)
    async with services.engine.connect() as connection:
        rows = await connection.execute(text("SELECT to_jsonb(c) FROM safety_counts c"))
        for (row,) in rows:
            assert set(row) == {"day", "kind", "language", "guard_version", "count"}
            assert ana.id not in str(row)


@pytest.mark.parametrize("overrides", [{"llm_provider": "demo"}])
async def test_the_demo_companion_steps_out_of_its_role(ana: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lovechat.services.llm_client.demo.FIRST_WORD_SECONDS", 0)
    monkeypatch.setattr("lovechat.services.llm_client.demo.SECONDS_PER_WORD", 0)
    conversation = await ana.open_conversation()
    reply = text_of(await ana.say(conversation, HARD))
    assert "dejo cualquier papel: soy una IA" in reply
    assert "Luna" not in reply
    assert "dejo cualquier papel" not in text_of(await ana.say(conversation, "Gracias"))
