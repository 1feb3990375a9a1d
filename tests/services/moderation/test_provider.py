"""The provider over the real SDK: what is sent, what is read, and every way to fail."""

import asyncio
from collections.abc import AsyncIterator

import orjson
import pytest

from lovechat.core.settings import read_settings
from lovechat.services.moderation import ModerationError, NoModeration, OpenAIModeration, create_provider
from lovechat.services.moderation.openai_provider import OPENAI_URL, read_scores
from tests.support.fake_upstream import CATEGORIES, FakeUpstream, Judgement

KEY = "sk-moderation-test"
MODEL = "omni-moderation-latest"


@pytest.fixture
async def provider(upstream: FakeUpstream) -> AsyncIterator[OpenAIModeration]:
    opened = OpenAIModeration(KEY, upstream.url, MODEL, 5)
    yield opened
    await opened.close()


def body(**scores: object) -> bytes:
    return orjson.dumps({"results": [{"flagged": True, "category_scores": scores}]})


async def test_it_sends_the_text_and_the_model_and_nothing_else(
    provider: OpenAIModeration, upstream: FakeUpstream
):
    upstream.will_judge(Judgement({"violence": 0.25, "sexual/minors": 0.5}))

    scores = await provider.check("¿Qué tal, 🙂?", "user")

    assert scores == {**dict.fromkeys(CATEGORIES, 0.0), "violence": 0.25, "sexual/minors": 0.5}
    (request,) = upstream.moderations
    assert request["body"] == {"model": MODEL, "input": "¿Qué tal, 🙂?"}
    assert request["headers"]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("judgement", "retryable"),
    [
        (Judgement(status=500), True),
        (Judgement(status=503), True),
        (Judgement(status=429), False),
        (Judgement(status=401), False),
        (Judgement(body=b"<html>"), False),
        (Judgement(body=b""), False),
        (Judgement(body=b"[]"), False),
        (Judgement(body=b'{"results": []}'), False),
        (Judgement(body=b'{"results": [{"flagged": false}]}'), False),
    ],
    ids=["500", "503", "429", "401", "html", "empty", "list", "no result", "no scores"],
)
async def test_a_failure_is_an_error_of_ours(
    provider: OpenAIModeration, upstream: FakeUpstream, judgement: Judgement, retryable: bool
):
    upstream.will_judge(judgement)
    with pytest.raises(ModerationError) as failed:
        await provider.check("private words", "user")
    assert failed.value.retryable is retryable
    assert "private" not in str(failed.value)
    assert len(upstream.moderations) == 1  # the SDK itself asks once


async def test_a_silent_or_absent_server_is_an_error_of_ours(upstream: FakeUpstream):
    upstream.will_judge(Judgement(gate=asyncio.Event()))
    for url in (upstream.url, "http://127.0.0.1:9/v1"):
        provider = OpenAIModeration(KEY, url, MODEL, 0.1)
        with pytest.raises(ModerationError):
            await provider.check("Hola", "user")
        await provider.close()


@pytest.mark.parametrize("score", ["high", -0.1, 1.5, True, [], {}])
def test_a_score_that_is_none_spoils_the_answer(score: object):
    with pytest.raises(ModerationError):
        read_scores(body(violence=score))


def test_the_highest_of_several_results_counts_and_unknown_categories_are_left_out():
    results = [{"category_scores": {"hate": 0.1, "illicit": None}}, {"category_scores": {"hate": 1}}]
    assert read_scores(orjson.dumps({"results": results})) == {"hate": 1.0}


async def test_off_asks_nobody(upstream: FakeUpstream):
    provider = create_provider(read_settings(_env_file=None, openai_api_key="sk-abc"))
    assert isinstance(provider, NoModeration)
    assert await provider.check("Hola", "user") == {}
    assert upstream.moderations == []


async def test_its_own_key_and_address_stand_above_those_of_the_model(monkeypatch: pytest.MonkeyPatch):
    # The SDK would take this one for itself.
    monkeypatch.setenv("OPENAI_BASE_URL", "http://model.example/v1")

    def sdk(**values: str):
        provider = create_provider(read_settings(_env_file=None, moderation="required", **values))
        assert isinstance(provider, OpenAIModeration)
        return provider._sdk

    chosen = sdk(openai_api_key="sk-model")
    assert (chosen.api_key, str(chosen.base_url).rstrip("/")) == ("sk-model", OPENAI_URL)
    chosen = sdk(openai_api_key="sk-model", moderation_api_key=KEY)
    assert chosen.api_key == KEY
    chosen = sdk(moderation_base_url="http://guard.example/v1")
    assert (chosen.api_key, str(chosen.base_url)) == ("none", "http://guard.example/v1/")
