"""Who sees what: nobody sees another person's words, and whoever is out is out in every tab."""

import json
import re

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Welcome, finds_nothing
from tests.e2e.visitor import REFUSED, Visitor, lines
from tests.support.fake_upstream import GREETING, FakeUpstream
from tests.support.people import PASSWORD, admin_headers
from tests.support.program import Program, until

SECRET = "mi secreto es un faro"
CHAT = "reflex___state____state.lovechat___ui___states___chat____chat_state"
LIST = "reflex___state____state.lovechat___ui___states___conversations____conversations_state.load"
LISTED = '"items_rx_state_":[]'
# Keeps the sockets of a page within its reach, as any visitor can from the browser's console.
OWN_SOCKETS = """
    window.sockets = [];
    window.WebSocket = class extends WebSocket {
        constructor(...how) { super(...how); window.sockets.push(this); }
    };
"""


async def test_another_persons_conversation_is_not_there(ana: Visitor, ben: Visitor):
    conversation = await ana.conversation()
    await ana.say(SECRET)
    await ana.hears(SECRET, GREETING)
    await finds_nothing(ben, conversation)
    await ben.open("/discover")
    await expect(ben.page.get_by_role("link", name=ben.t("discover.continue"))).to_have_count(0)
    assert not any(SECRET in frame for frame in ben.frames)


async def test_events_with_another_persons_conversation_do_nothing(
    ana: Visitor, ben: Visitor, upstream: FakeUpstream
):
    conversation = await ana.conversation()
    await ana.say(SECRET)
    await ana.hears(SECRET, GREETING)
    before = await ana.history(conversation)
    await ben.context.add_init_script(OWN_SOCKETS)
    await finds_nothing(ben, conversation)
    calls = {
        f"{CHAT}.load": {},
        f"{CHAT}.send": {"form": {"message": "soy Ben", "conversation_id": conversation}},
        f"{CHAT}.rename": {"form": {"title": "de Ben"}},
        **{f"{CHAT}.{name}": {} for name in ("retry", "older", "watch", "stop", "begin_anew", "delete")},
        LIST: {},
    }
    path = f"/c/{conversation}"
    where = {"pathname": path, "asPath": path, "query": {"conversation": conversation}}
    ben.frames.clear()
    for name, payload in calls.items():
        packet = json.dumps(["event", {"name": name, "payload": payload, "router_data": where}])
        await ben.page.evaluate("(frame) => window.sockets.at(-1).send(frame)", f"42/_event,{packet}")
    # A tab's events are answered in their order, and the last one always is.
    await until(lambda: any(LISTED in frame for frame in ben.frames), "Ben's events are answered")
    await finds_nothing(ben, conversation)
    assert await ana.history(conversation) == before
    assert not any(SECRET in frame for frame in ben.frames)
    assert len(upstream.requests) == 1
    await ana.visit(conversation)
    await ana.hears(SECRET, GREETING)
    await expect(ana.page.get_by_role("banner")).to_contain_text(SECRET)


async def test_no_script_can_read_what_signs_somebody_in(ana: Visitor, stranger: Visitor):
    await stranger.open("/signup")
    await stranger.fill_signup()
    await stranger.where("/discover")
    await stranger.begin()
    await stranger.say("Hola")
    await stranger.hears("Hola", GREETING)
    await ana.conversation()
    for person in (ana, stranger):
        cookies = {cookie["name"]: cookie for cookie in await person.context.cookies()}
        session = cookies["lovechat_session"]
        assert session["httpOnly"]
        assert session["sameSite"] == "Lax"
        readable = await person.page.evaluate(
            "() => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])"
        )
        sent = "\n".join(person.frames)
        assert "Luna" in sent
        for secret in (session["value"], PASSWORD):
            assert secret not in readable
            assert secret not in sent
        assert "eyJ" not in readable + sent  # how every JWT begins


@pytest.mark.parametrize("path", ["/discover", "/c/00000000-0000-4000-8000-000000000000"])
async def test_members_pages_ask_who_is_there(ana: Visitor, stranger: Visitor, path: str):
    await stranger.open(path)
    await stranger.where("/login")
    assert f"next={path}" in stranger.page.url
    await ana.page.goto(ana.url + path)
    await expect(ana.page.get_by_role("link", name=ana.t("nav.account")).first).to_be_visible()
    await ana.where(path)


async def test_who_leaves_has_left_every_tab_of_this_browser(ana: Visitor, welcome: Welcome):
    conversation = await ana.conversation()
    behind = await ana.visit(conversation, await ana.another_tab())
    elsewhere = await welcome("Ana")
    elsewhere.email = ana.email
    await elsewhere.open(f"/login?next=/c/{conversation}")
    await elsewhere.fill_login()
    await elsewhere.ready(conversation)
    await ana.sign_out(ana.page)
    await ana.where("/")
    await ana.where("/login", behind)
    await ana.open(f"/c/{conversation}", behind)
    await ana.where("/login", behind)
    # The other browser is another sign-in.
    await elsewhere.say("Aquí sigo")
    await elsewhere.hears("Aquí sigo", GREETING)


async def test_a_session_that_ended_elsewhere_closes_the_open_tab(ana: Visitor, ben: Visitor):
    await ana.conversation()
    await ben.conversation()
    answer = await ana.context.request.delete(f"{ana.url}/me/sessions")
    assert answer.status == 204
    await ana.where("/login")
    await ben.say("Hola")
    await ben.hears("Hola", GREETING)


async def test_a_deactivated_account_is_thrown_out_of_its_open_tab(
    ana: Visitor, ben: Visitor, program: Program
):
    ana.forgive(REFUSED)
    conversation = await ana.conversation()
    await ben.conversation()
    me = await (await ana.context.request.get(f"{ana.url}/me")).json()
    answer = await program.client.patch(
        f"/admin/users/{me['id']}/active", json={"is_active": False}, headers=admin_headers()
    )
    assert answer.status_code == 200
    await ana.where("/login")
    assert f"next=/c/{conversation}" in ana.page.url
    await ana.fill_login()
    await expect(ana.page.get_by_role("alert")).to_have_text(ana.t("error.account_inactive"))
    await ben.say("Hola")
    await ben.hears("Hola", GREETING)


async def test_a_tab_that_changes_hands_keeps_nothing(ana: Visitor, welcome: Welcome):
    """Ben logs in in the very tab where Ana was."""
    conversation = await ana.conversation()
    await ana.say(SECRET)
    await ana.hears(SECRET, GREETING)
    await ana.page.locator("textarea[data-composer]").press_sequentially("otro secreto")
    ben = await (await welcome("Ben")).sign_up()
    await ana.sign_out(ana.page)
    await ana.where("/")
    ana.frames.clear()
    ana.email = ben.email
    await ana.open(f"/login?next=/c/{conversation}")
    await ana.fill_login()
    await expect(ana.page.get_by_role("heading", name=ana.t("chat.missing.title"))).to_be_visible()
    await expect(lines(ana.page)).to_have_count(0)
    assert not re.search("secreto", "".join(ana.frames))
    assert "secreto" not in await ana.page.evaluate("() => JSON.stringify({...localStorage})")
    ana.conversations.clear()
