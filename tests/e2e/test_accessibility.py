"""axe finds nothing to complain about on any page, in either theme."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.e2e.conftest import Welcome
from tests.e2e.visitor import REFUSED, Visitor, composer, lines
from tests.support.fake_upstream import FakeUpstream, Script, say
from tests.support.people import ADMIN_SECRET
from tests.support.program import Program

Who = Literal["visitor", "member", "admin"]
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")

MARKDOWN = "## Un faro\n\n- uno\n- dos\n\n[un enlace](https://example.org/) y `código`\n\n```\nbloque\n```"


@dataclass(frozen=True)
class Look:
    """A page, who looks at it, and what must be visible before it is judged (a CSS selector)."""

    path: str
    who: Who
    shows: str


# `{conversation}` is one with messages, a picture left out, notices, a card for a crisis and a retry.
PAGES = (
    Look("/", "visitor", "h3:has-text('Luna')"),
    Look("/signup", "visitor", "form"),
    Look("/login", "visitor", "form"),
    Look("/safety", "visitor", "h2"),
    Look("/nowhere", "visitor", "h1"),
    Look("/discover", "member", "h3:has-text('Luna')"),
    Look("/c/{conversation}", "member", "#retry"),
    Look("/c/00000000-0000-4000-8000-000000000000", "member", "h2"),
    Look("/account", "member", "figure"),
    Look("/studio/login", "visitor", "form"),
    Look("/studio", "admin", "figure"),
    Look("/studio/characters", "admin", "main li"),
    Look("/studio/characters/luna", "admin", "#prompt li"),
    Look("/studio/new-character", "admin", "#prompt"),
    Look("/studio/users", "admin", "#users"),
    Look("/studio/care", "admin", "#counts"),
    Look("/studio/audit", "admin", "select"),
)


@pytest.fixture(scope="module")
async def eyes(
    enter: Welcome, program: Program, shared_upstream: FakeUpstream
) -> AsyncIterator[dict[Who, Visitor]]:
    """Nobody in particular, a member with a conversation, and an admin."""
    shared_upstream.reset()
    people: dict[Who, Visitor] = {
        "visitor": await enter("Nora"),
        "member": await (await enter("Ana")).sign_up(),
        "admin": await enter("Eva"),
    }
    member = people["member"]
    await member.conversation()
    shared_upstream.will(say(MARKDOWN), Script(status=500), Script(status=500))
    await member.say("Hola")
    await expect(lines(member.page)).to_have_count(2)
    await expect(member.page.locator("#live-reply")).to_have_count(0)
    await member.say("Ya no puedo más")
    await expect(member.page.locator("#retry")).to_be_visible()
    answer = await people["admin"].context.request.post(
        f"{program.url}/web/studio", data={"key": ADMIN_SECRET}
    )
    assert answer.status == 204
    yield people
    for person in people.values():
        await person.context.close()
    people["visitor"].forgive(REFUSED)  # the unknown address
    for person in people.values():
        person.assert_calm()


@pytest.mark.parametrize("look", PAGES, ids=lambda look: f"{look.path} {look.who}")
async def test_axe_finds_nothing_and_nothing_sticks_out_of_the_narrowest_phone(
    eyes: dict[Who, Visitor], look: Look
):
    """320 pixels are also what 1280 are at 400 % (WCAG 2.2, 1.4.10)."""
    person = eyes[look.who]
    page = person.page
    conversations = {"conversation": person.conversations[0]} if person.conversations else {}
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    await person.open(look.path.format(**conversations))
    await expect(page.locator(look.shows).first).to_be_visible()
    for theme in THEMES:
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        await expect(page.locator("html")).to_have_class(theme)
        await judge(page)
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= 320
    await page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.parametrize("theme", THEMES)
async def test_axe_finds_nothing_in_what_opens(eyes: dict[Who, Visitor], theme: Theme):
    member = eyes["member"]
    page = member.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    await member.visit(member.conversations[0])
    await expect(page.locator("html")).to_have_class(theme)
    await page.get_by_role("button", name=member.t("conversations.open")).click()
    await expect(page.locator("dialog[open]").get_by_role("link", name="Luna")).to_be_visible()
    await judge(page)
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await member.menu(member.t("chat.rename"))
    await judge(page)
    await page.keyboard.press("Escape")
    # The focus is where it was before the first dialog.
    await expect(page.get_by_role("button", name=member.t("chat.menu"))).to_be_focused()
    await page.set_viewport_size({"width": 1280, "height": 720})


async def test_dialogs_hold_the_keyboard(eyes: dict[Who, Visitor]):
    member = eyes["member"]
    page = member.page
    await member.visit(member.conversations[0])
    await expect(composer(page)).to_be_focused()
    await member.menu(member.t("chat.delete"))
    await expect(page.get_by_role("button", name=member.t("dialog.cancel"))).to_be_focused()
    for _ in range(6):
        await page.keyboard.press("Tab")
        inside = (
            "() => document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert await page.evaluate(inside)
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await expect(page.locator("#retry")).to_be_visible()


async def judge(page: Page) -> None:
    """Fail with the names of the rules and the elements that break them."""
    found = (await Axe().run(page)).response["violations"]
    told = [
        f"{one['id']} ({one['impact']}): {', '.join(str(node['target']) for node in one['nodes'])}"
        for one in found
    ]
    assert not told, f"{page.url}:\n" + "\n".join(told)
