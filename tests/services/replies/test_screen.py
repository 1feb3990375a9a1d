"""What stands between a reply and its watchers: windows in order, and nothing shown without a judgement."""

import asyncio
from typing import Any

import pytest

from lovechat.bootstrap import Services
from lovechat.repos.accounts import Person
from lovechat.services.replies import LiveReply
from lovechat.services.replies.screen import OVERLAP, SECOND, WINDOW
from tests.services.replies.conftest import listen, talk
from tests.support.fake_upstream import FakeUpstream, Judgement, Script, say, words

LONG = " ".join(f"palabra{number}" for number in range(400))
QUESTION = "Hola, Luna"
HELP = Judgement({"self-harm/intent": 0.9})


@pytest.fixture
def mode() -> str:
    return "required"


@pytest.fixture
def overrides(upstream: FakeUpstream, mode: str) -> dict[str, Any]:
    return {"moderation": mode, "moderation_base_url": upstream.url, "moderation_timeout_seconds": 20}


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def end_of(live: LiveReply) -> tuple[str, str]:
    """The last event's name, with its code or status."""
    last = (await listen(live.follow()))[-1]
    return last.name, last.data.get("code") or last.data["status"]


@pytest.mark.parametrize("pieces", [words(LONG), [LONG], list(LONG)], ids=["words", "whole", "letters"])
async def test_windows_cover_the_reply_overlap_and_grow(
    pieces: list[str], services: Services, ana: Person, upstream: FakeUpstream
):
    upstream.will(Script(pieces=pieces))
    live = await services.chat.send(ana, await talk(services, ana), QUESTION)
    assert await end_of(live) == ("done", "complete")
    assert live.text == LONG

    windows = sorted((sent for sent in upstream.moderated if sent != QUESTION), key=LONG.index)
    assert all(len(window) <= WINDOW for window in windows)
    covered = 0
    for window in windows:
        begin = LONG.index(window)
        assert begin == max(0, covered - OVERLAP)
        covered = begin + len(window)
    assert covered == len(LONG)
    if len(pieces) > 1:
        assert windows[0] in ("p", "palabra0 ")
        assert SECOND < len(windows[1]) < 2 * SECOND
        assert len(windows) < len(LONG) / (WINDOW - OVERLAP) + 5


async def test_a_window_waits_for_those_before_it(services: Services, ana: Person, upstream: FakeUpstream):
    gate = asyncio.Event()
    upstream.judgements["palabra0 "] = Judgement(gate=gate)
    upstream.will(say(LONG))
    live = await services.chat.send(ana, await talk(services, ana), QUESTION)
    await until(lambda: len(upstream.moderated) > 5 and not upstream.open_streams)
    assert live.length == 0
    gate.set()
    assert await end_of(live) == ("done", "complete")
    assert live.text == LONG


@pytest.mark.parametrize(
    ("last", "end"),
    [
        (Judgement(status=401), ("error", "moderation_unavailable")),
        (Judgement({"illicit/violent": 0.9}), ("error", "content_blocked")),
    ],
    ids=["fails", "is blocked"],
)
async def test_the_last_part_is_not_shown_unless_it_passes(
    last: Judgement, end: tuple[str, str], services: Services, ana: Person, upstream: FakeUpstream
):
    gate = asyncio.Event()
    upstream.judgements["palabra399"] = last
    upstream.will(Script(pieces=words(LONG), gate=gate, gate_after=390))
    live = await services.chat.send(ana, await talk(services, ana), QUESTION)
    await until(lambda: live.length > len(LONG) / 2)
    gate.set()
    assert await end_of(live) == end
    assert "palabra399" not in live.text
    assert LONG.startswith(live.text)
    units = (await services.usage.today(ana.id)).units_used
    # What was judged and shown is paid for; of a withdrawn reply all that was written is.
    assert units == -(-live.length // 4) if end[1] == "moderation_unavailable" else units > live.length / 4


async def test_who_stops_a_reply_keeps_what_was_judged(
    services: Services, ana: Person, ben: Person, upstream: FakeUpstream
):
    gate = asyncio.Event()
    upstream.judgements["palabra60"] = Judgement(gate=gate)
    upstream.will(Script(pieces=words(LONG), gate=asyncio.Event(), gate_after=200))
    live = await services.chat.send(ana, await talk(services, ana), QUESTION)
    other = await services.chat.send(ben, await talk(services, ben), QUESTION)
    await until(lambda: live.length and any("palabra60" in sent for sent in upstream.moderated))
    shown = live.text

    await services.chat.stop(ana, live.ids.reply_id)
    await asyncio.sleep(0.05)
    assert live.text == shown  # the rest still waits for its judgement
    gate.set()

    assert await end_of(live) == ("done", "stopped")
    assert len(live.text) > len(shown)
    assert LONG.startswith(live.text)
    assert await end_of(other) == ("done", "complete")


async def test_stopping_does_not_save_a_blocked_message(
    services: Services, ana: Person, upstream: FakeUpstream
):
    gate = asyncio.Event()
    upstream.will_judge(Judgement({"hate/threatening": 1.0}, gate=gate))
    upstream.will(Script(pieces=words(LONG), gate=asyncio.Event()))
    live = await services.chat.send(ana, await talk(services, ana), QUESTION)
    await until(lambda: upstream.moderations)
    await services.chat.stop(ana, live.ids.reply_id)
    gate.set()
    assert await end_of(live) == ("error", "content_blocked")
    assert live.text == ""


@pytest.mark.parametrize("mode", ["advisory", "required"])
async def test_a_sign_of_a_crisis_is_told_and_refuses_nothing(
    services: Services, ana: Person, upstream: FakeUpstream
):
    upstream.judgements.update({QUESTION: HELP, "palabra1": HELP})
    upstream.will(say("palabra1"))
    live = await services.chat.send(ana, await talk(services, ana), QUESTION)
    assert await end_of(live) == ("done", "complete")
    await services.moderation.finish()
    assert live.needs_help

    # The same words out of the character's mouth are no such sign.
    upstream.will(say("palabra1"))
    live = await services.chat.send(ana, live.ids.conversation_id, "Buenos días")
    assert await end_of(live) == ("done", "complete")
    await services.moderation.finish()
    assert not live.needs_help


async def test_a_check_that_breaks_denies(
    services: Services, ana: Person, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
):
    async def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(services.moderation._provider, "check", breaks)
    live = await services.chat.send(ana, await talk(services, ana), QUESTION)
    assert await end_of(live) == ("error", "moderation_unavailable")
    assert live.text == ""


async def test_a_server_that_goes_down_waits_for_what_was_written(
    services: Services, ana: Person, upstream: FakeUpstream
):
    gate = asyncio.Event()
    upstream.will_judge(Judgement(gate=gate))
    upstream.will(Script(pieces=words(LONG), gate=asyncio.Event(), gate_after=100))
    live = await services.chat.send(ana, await talk(services, ana), QUESTION)
    await until(lambda: len(upstream.moderated) > 2)
    draining = asyncio.create_task(services.keeper.drain(0))
    await asyncio.sleep(0.05)
    assert live.length == 0
    gate.set()
    await draining
    assert await end_of(live) == ("error", "reply_interrupted")
    assert live.text
    assert LONG.startswith(live.text)
