"""What the product itself says in a conversation: it stands there at once, once, and after a reload."""

import pytest
from playwright.async_api import Locator, Page, expect

from lovechat.core.i18n import Language
from tests.e2e.conftest import DAILY_UNITS, Welcome
from tests.e2e.visitor import Visitor, composer, own
from tests.support.fake_upstream import GREETING, FakeUpstream, Script, say

HARD: dict[Language, str] = {"es": "Ya no puedo más", "en": "I can't go on"}


def notices(page: Page, kind: str) -> Locator:
    return page.locator(f'[data-notice="{kind}"]')


def announced(page: Page) -> Locator:
    """What a screen reader is told."""
    return page.locator("[aria-live=polite].sr-only")


@pytest.fixture(params=["es", "en"])
async def eva(welcome: Welcome, request: pytest.FixtureRequest) -> Visitor:
    """Somebody who speaks one of our languages."""
    return await (await welcome("Eva", request.param)).sign_up()


async def test_the_disclosure_and_the_card_stand_in_the_thread(eva: Visitor, ben: Visitor):
    page, hard = eva.page, HARD[eva.language]
    conversation = await eva.conversation()
    await eva.say("Hola")
    await eva.hears("Hola", GREETING)
    await eva.say(hard)
    await eva.hears("Hola", GREETING, hard, GREETING)
    for _ in range(2):  # and after a reload
        await expect(notices(page, "ai_disclosure")).to_have_text([eva.t("care.ai_disclosure")])
        card = notices(page, "crisis")
        await expect(card).to_contain_text(eva.t("care.crisis"))
        await expect(card).to_have_attribute("role", "note")
        await expect(card.locator("p")).to_have_attribute("lang", eva.language)
        await expect(card.get_by_role("link", name="findahelpline.com")).to_be_visible()
        await expect(card.locator("xpath=..").locator("[data-own]")).to_have_text(hard)
        await eva.visit(conversation)
    await ben.conversation()
    await ben.say("Hola")
    await expect(notices(ben.page, "crisis")).to_have_count(0)


async def test_a_notice_is_announced_once_and_before_the_reply(ana: Visitor, upstream: FakeUpstream):
    page = ana.page
    upstream.will(say(GREETING, before=1.5))
    await ana.conversation()
    await ana.say("Hello, how are you?")
    await expect(announced(page)).to_have_text(ana.t("care.ai_disclosure"))
    await expect(announced(page)).to_have_text(f"Luna: {GREETING}")
    upstream.will(Script(status=500), Script(status=500))
    await ana.say("What is the time?")
    await expect(page.locator("#retry")).to_be_visible()
    await expect(announced(page)).not_to_contain_text(ana.t("care.ai_disclosure"))


async def test_a_country_is_chosen_and_its_line_is_named(ana: Visitor, ben: Visitor):
    page = ana.page
    await ana.open("/account")
    chosen = page.locator("#where")
    await expect(chosen).to_have_value("")
    await expect(chosen.locator("option")).to_contain_text(
        ["Spain", "Mexico", ana.t("account.country.elsewhere")]
    )
    await chosen.select_option("ES")
    await expect(page.locator("#toasts")).to_contain_text(ana.t("notice.country_saved"))
    await page.reload()
    await expect(chosen).to_have_value("ES")
    for person, lines in ((ana, 1), (ben, 0)):
        await person.conversation()
        await person.say(HARD["en"])
        card = notices(person.page, "crisis")
        await expect(card).to_be_visible()
        await expect(card.get_by_role("link", name="024")).to_have_count(lines)


async def test_used_up_units_are_no_dead_end(ana: Visitor, upstream: FakeUpstream):
    page = ana.page
    upstream.will(say("Largo. " * DAILY_UNITS))
    await ana.conversation()
    behind = await ana.another_tab()
    await ana.conversation(behind)
    await composer(page).fill("Cuéntame")
    await composer(page).press("Enter")
    await expect(page.locator("#quota-stop")).to_be_visible()
    await expect(page.get_by_role("link", name=ana.t("quota.spent.help"))).to_be_visible()
    # A tab that does not know it yet is refused, and shows where help is.
    box = composer(behind)
    await box.fill(HARD["en"])
    await box.press("Enter")
    await expect(notices(behind, "crisis")).to_contain_text(ana.t("care.crisis"))
    await expect(own(behind)).to_have_count(0)
