"""A conversation on screen: replies that grow, break off, are stopped, missed and caught up with."""

import asyncio
import re
from typing import Any

from playwright.async_api import Page, WebSocketRoute, expect

from tests.e2e.visitor import UNREACHABLE, Visitor, becomes, composer, lines, own, said
from tests.support.fake_upstream import GREETING, FakeUpstream, Script, say
from tests.support.program import until

# What comes before the pause is longer than what the guard holds back, so that its beginning is shown.
BEFORE = (
    "Había una vez un faro que temía la noche. Vivía en una isla pequeña con una cabra, dos gaviotas"
    " y un reloj que siempre llegaba tarde. Cada tarde miraba el horizonte y contaba las barcas que"
    " volvían a puerto, y cuando la última estaba en casa suspiraba y pensaba en lo largo que iba a ser"
    " todo aquello."
)
STORY = f"{BEFORE}\n\nPor eso la encendía. Y así, cada día, hasta hoy."
START = "Había una vez un faro"


def story(**how: Any) -> tuple[Script, asyncio.Event]:
    """A reply that pauses after its first words, and the event that lets it go on."""
    gate = asyncio.Event()
    return say(STORY, gate=gate, gate_after=len(BEFORE.split()), **how), gate


async def hears_story(person: Visitor, page: Page | None = None) -> None:
    """The story stands there once and whole."""
    await person.hears(
        "Cuéntame", re.compile(r"Había una vez.*todo aquello\.\s*Por eso.*hasta hoy\."), page=page
    )


async def test_a_reply_goes_on_while_the_page_reloads(ana: Visitor, upstream: FakeUpstream):
    script, gate = story()
    upstream.will(script)
    conversation = await ana.conversation()
    await ana.say("Cuéntame")
    live = ana.page.locator("#live-reply")
    await expect(live).to_contain_text(START)
    await ana.visit(conversation)
    await expect(live).to_contain_text(START)
    await expect(own(ana.page)).to_have_text(["Cuéntame"])
    gate.set()
    await hears_story(ana)
    assert len(upstream.requests) == 1


async def test_two_tabs_show_the_same(ana: Visitor, ben: Visitor, upstream: FakeUpstream):
    script, gate = story()
    upstream.will(script)
    conversation = await ana.conversation()
    behind = await ana.visit(conversation, await ana.another_tab())
    await ben.conversation()
    await ana.say("Cuéntame")
    await expect(own(behind)).to_have_text(["Cuéntame"])
    await expect(behind.locator("#live-reply")).to_contain_text(START)
    # Either tab may end it or go on.
    gate.set()
    await hears_story(ana)
    await hears_story(ana, behind)
    await expect(behind.get_by_role("navigation").get_by_role("link", name="Cuéntame")).to_be_visible()
    await expect(lines(ben.page)).to_have_count(0)
    assert not any("Cuéntame" in frame for frame in ben.frames)


async def test_a_reply_is_stopped_where_it_is(ana: Visitor, upstream: FakeUpstream):
    script, _ = story()
    upstream.will(script)
    conversation = await ana.conversation()
    await ana.say("Cuéntame")
    await expect(ana.page.locator("#live-reply")).to_contain_text(START)
    await ana.page.get_by_role("button", name=ana.t("chat.stop")).click()
    kept = re.compile(re.escape(START))
    await ana.hears("Cuéntame", kept)
    await expect(lines(ana.page).last).to_contain_text(ana.t("chat.stopped"))
    await ana.say("Otra cosa")
    await ana.hears("Cuéntame", kept, "Otra cosa", GREETING)
    assert [line["status"] for line in await ana.history(conversation)][1] == "stopped"


async def test_a_reply_that_breaks_off_is_tried_again(ana: Visitor, upstream: FakeUpstream):
    page = ana.page
    upstream.will(say("Había una vez ", between=0.05, ending="cut"), Script(status=500), Script(status=500))
    await ana.conversation()
    await ana.say("Cuéntame")
    await ana.hears("Cuéntame", "Había una vez")
    await expect(lines(page).last).to_contain_text(ana.t("chat.interrupted"))
    retry = page.get_by_role("button", name=ana.t("chat.retry"))
    await retry.click()
    await until(lambda: len(upstream.requests) == 3, "the model has refused twice")
    # Another reply without a word takes nothing away.
    await expect(retry).to_be_visible()
    await ana.hears("Cuéntame", "Había una vez")
    await retry.click()
    await ana.hears("Cuéntame", GREETING)
    await expect(retry).to_have_count(0)
    await expect(page.get_by_text(ana.t("chat.interrupted"))).to_have_count(0)


async def test_who_reads_further_up_is_told_and_not_moved(ana: Visitor, upstream: FakeUpstream):
    page = ana.page
    script, gate = story()
    script.pieces.extend(["\n\nMás."] * 40)
    upstream.will(script)
    conversation = await ana.conversation()
    for number in range(30):
        await ana.note(conversation, f"línea {number}")
    await ana.visit(conversation)
    await expect(lines(page).last).to_be_in_viewport()
    pill = page.get_by_role("button", name=ana.t("chat.new_messages"))
    await ana.say("Cuéntame")
    await expect(page.locator("#live-reply")).to_contain_text(START)
    await expect(page.locator("#live-reply")).to_be_in_viewport()
    thread = page.locator("[data-thread]")
    await thread.hover()
    await page.mouse.wheel(0, -700)
    await becomes(thread, "e.scrollHeight - e.scrollTop - e.clientHeight > 600")
    read = await lines(page).nth(15).bounding_box()
    await expect(pill).to_be_hidden()
    gate.set()
    await expect(pill).to_be_visible()
    await expect(page.locator("#live-reply")).to_have_count(0)
    assert await lines(page).nth(15).bounding_box() == read
    await pill.click()
    await expect(lines(page).last).to_contain_text("Más.")
    await expect(pill).to_be_hidden()
    await becomes(thread, "e.scrollHeight - e.scrollTop - e.clientHeight < 2")


async def test_a_long_history_is_read_upwards(ana: Visitor):
    page = ana.page
    conversation = await ana.conversation()
    for number in range(110):
        await ana.note(conversation, f"línea {number}")
    await ana.visit(conversation)
    thread = page.locator("[data-thread]")
    await expect(lines(page)).to_have_count(50)
    await expect(lines(page).last).to_be_in_viewport()
    for first, count in ((60, 100), (10, 110)):
        line = lines(page).filter(has_text=re.compile(f"línea {first}$"))
        await thread.evaluate("(box) => { box.scrollTop = 0; }")
        await expect(lines(page)).to_have_count(count)
        # What was read a moment ago is still on screen.
        await expect(line).to_be_in_viewport()
    await expect(lines(page).first).to_have_text(re.compile("línea 0$"))
    await expect(page.get_by_text(ana.t("chat.opening", name="Luna"))).to_be_attached()


async def test_markdown_is_inert(ana: Visitor, upstream: FakeUpstream):
    page = ana.page
    hostile = (
        "# Un título\n\n**fuerte** <b onclick='bad()'>crudo</b> <script>bad()</script>\n\n"
        "<img src=x onerror=bad()>\n\n<iframe srcdoc='<script>top.bad()</script>'></iframe>\n\n"
        "![foto](https://elsewhere.example/x.png)\n\n[malo](javascript:bad()) [bueno](https://example.org/)\n\n"
        "<style>body{display:none}</style>\n\n```\n<script>bad()</script>\n```"
    )
    upstream.will(say(hostile))
    conversation = await ana.conversation()
    await page.evaluate("() => { window.bad = () => { window.hit = true; }; }")
    await ana.say("<img src=x onerror=bad()> <script>bad()</script> **no**")
    await expect(lines(page)).to_have_count(2)
    await expect(page.locator("#live-reply")).to_have_count(0)
    await expect(own(page)).to_have_text(["<img src=x onerror=bad()> <script>bad()</script> **no**"])
    reply = said(page).last
    await expect(reply.locator("strong")).to_have_text("fuerte")
    await expect(reply).to_contain_text("<script>bad()</script>")
    await expect(reply).to_contain_text(ana.t("chat.picture_left_out"))
    await expect(reply.locator("img, script, iframe, style, [onclick], [onerror]")).to_have_count(0)
    good = reply.get_by_role("link", name="bueno")
    await expect(good).to_have_attribute("href", "https://example.org/")
    await expect(good).to_have_attribute("rel", re.compile("noopener"))
    await expect(reply.get_by_text("malo")).to_be_visible()
    await expect(reply.get_by_role("link")).to_have_count(1)
    await reply.get_by_text("malo").click()
    assert await page.evaluate("() => window.hit") is None
    assert len(ana.context.pages) == 1
    await ana.where(f"/c/{conversation}")


async def test_without_a_connection_nothing_is_lost(ana: Visitor, upstream: FakeUpstream):
    page = ana.page
    ana.forgive(UNREACHABLE)
    script, gate = story()
    upstream.will(script)
    sockets = await breakable(page)
    conversation = await ana.conversation()
    banner = page.get_by_text(ana.t("offline.banner"))
    await ana.say("Cuéntame")
    await expect(page.locator("#live-reply")).to_contain_text(START)
    await ana.context.set_offline(True)
    await sockets[-1].close()
    await expect(banner).to_be_visible()
    gate.set()
    await composer(page).fill("¿Me oyes?")
    await composer(page).press("Enter")
    await expect(composer(page)).to_have_value("¿Me oyes?")
    await expect(page.locator("#live-reply")).to_contain_text(START)
    await ana.context.set_offline(False)
    await expect(banner).to_be_hidden()
    await hears_story(ana)
    await composer(page).press("Enter")
    await expect(said(page)).to_have_count(4)
    await expect(said(page).last).to_have_text(GREETING)
    assert len(await ana.history(conversation)) == 4


async def test_a_broken_socket_is_caught_up_with(ana: Visitor, upstream: FakeUpstream):
    page = ana.page
    script, gate = story()
    upstream.will(script)
    sockets = await breakable(page)
    await ana.conversation()
    await ana.say("Cuéntame")
    await expect(page.locator("#live-reply")).to_contain_text(START)
    async with page.expect_websocket():
        await sockets[-1].close()
    await expect(page.locator("#live-reply")).to_contain_text(START)
    gate.set()
    await hears_story(ana)
    assert len(sockets) == 2
    assert len(upstream.requests) == 1


async def breakable(page: Page) -> list[WebSocketRoute]:
    """The sockets of a page, oldest first, for a test that closes them."""
    sockets: list[WebSocketRoute] = []

    def pass_on(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        socket.connect_to_server()

    await page.route_web_socket(re.compile("/_event"), pass_on)
    return sockets
