"""Whole ways through the product."""

from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import Welcome
from tests.e2e.visitor import REFUSED, Visitor, composer, lines, own
from tests.support.fake_upstream import GREETING, FakeUpstream, say

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
UNBROKEN = "https://example.org/" + "a" * 300


async def test_somebody_new_signs_up_and_gets_a_reply(stranger: Visitor, upstream: FakeUpstream):
    await stranger.open("/")
    await stranger.page.get_by_role("link", name=stranger.t("nav.signup")).first.click()
    await stranger.fill_signup()
    await stranger.where("/discover")
    title = stranger.t("discover.title", name="Nora")
    await expect(stranger.page.get_by_role("heading", name=title)).to_be_visible()
    await stranger.begin()
    await stranger.say("Hola")
    await stranger.hears("Hola", GREETING)
    # The fake model answers at once: a reply that is over before anybody looks is shown all the same.
    said = ["Hola", GREETING]
    for number in range(5):
        await stranger.say(f"¿Qué tal {number}?")
        said += [f"¿Qué tal {number}?", GREETING]
        await stranger.hears(*said)
    assert len(upstream.requests) == 6


async def test_the_keyboard_is_enough_for_the_way_to_the_first_reply(stranger: Visitor):
    page, keyboard = stranger.page, stranger.page.keyboard
    await stranger.open("/")
    await keyboard.press("Tab")
    await expect(page.get_by_role("link", name=stranger.t("nav.skip"))).to_be_focused()
    await tab_to(page, page.get_by_role("link", name=stranger.t("nav.signup")).first)
    await keyboard.press("Enter")
    await stranger.where("/signup")
    for name, value in (("display_name", "Nora"), ("email", stranger.email), ("password", "a quiet river")):
        await tab_to(page, page.locator(f"#{name}"))
        await keyboard.type(value)
    await tab_to(page, page.locator("#birthdate"))
    await keyboard.type("05171990")
    await tab_to(page, page.get_by_role("button", name=stranger.t("signup.submit")))
    await keyboard.press("Enter")
    await stranger.where("/discover")
    begin = page.get_by_role("button", name=stranger.t("discover.begin", name="Luna"))
    await expect(begin).to_be_visible()
    await tab_to(page, begin)
    await keyboard.press("Enter")
    await stranger.ready(await stranger.here())
    await expect(composer(page)).to_be_focused()
    await keyboard.type("Hola")
    await keyboard.press("Enter")
    await stranger.hears("Hola", GREETING)


async def tab_to(page: Page, target: Locator) -> None:
    for _ in range(60):
        if await target.evaluate("(element) => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {target}")


async def test_login_leads_to_where_one_was_going(ana: Visitor, welcome: Welcome):
    conversation = await ana.conversation()
    elsewhere = await welcome("Ana")
    elsewhere.email = ana.email
    elsewhere.forgive(REFUSED)
    await elsewhere.open(f"/c/{conversation}")
    await elsewhere.where("/login")
    await elsewhere.fill_login("not her password")
    await expect(elsewhere.page.get_by_role("alert")).to_have_text(elsewhere.t("error.invalid_credentials"))
    await elsewhere.fill_login()
    await elsewhere.where(f"/c/{conversation}")
    await elsewhere.ready(conversation)


async def test_login_leads_nowhere_else(ana: Visitor):
    for target in (
        "//elsewhere.example",
        "https://elsewhere.example/",
        "javascript:alert(1)",
        "/%5Celsewhere",
    ):
        await ana.page.goto(f"{ana.url}/login?next={target}")
        await ana.fill_login()
        await ana.where("/discover")


async def test_the_language_is_chosen_once(welcome: Welcome, onlooker: Visitor):
    nora = await welcome("Nora", "es")
    await nora.open("/")
    await expect(nora.page.locator("html")).to_have_attribute("lang", "es")
    await expect(nora.page.get_by_role("heading", level=1)).to_have_text(nora.t("landing.title"))
    await nora.page.get_by_role("button", name="English").click()
    nora.language = "en"
    await expect(nora.page.locator("html")).to_have_attribute("lang", "en")
    await expect(nora.page.get_by_role("heading", level=1)).to_have_text(nora.t("landing.title"))
    await nora.page.reload()
    await expect(nora.page.get_by_role("heading", level=1)).to_have_text(nora.t("landing.title"))
    await nora.open("/signup")
    await nora.fill_signup()
    await nora.where("/discover")
    await expect(nora.page.get_by_role("heading", level=1)).to_have_text(
        nora.t("discover.title", name="Nora")
    )
    await nora.page.goto(nora.url)
    await nora.page.get_by_role("button", name="Español").click()
    await expect(nora.page.locator("html")).to_have_attribute("lang", "es")
    await onlooker.open("/")
    await expect(onlooker.page.locator("html")).to_have_attribute("lang", "en")


async def test_the_days_end_is_said_kindly(ana: Visitor, ben: Visitor, upstream: FakeUpstream):
    upstream.will(say("palabra " * 500))
    conversation = await ana.conversation()
    await composer(ana.page).fill("Hola")
    await composer(ana.page).press("Enter")
    stop = ana.page.locator("#quota-stop")
    await expect(stop).to_contain_text(ana.t("quota.spent.title"))
    await expect(composer(ana.page)).to_have_count(0)
    await expect(lines(ana.page).last).to_contain_text(ana.t("chat.cut_by_quota"))
    await ana.visit(conversation)
    await expect(stop).to_be_visible()
    await expect(own(ana.page)).to_have_text(["Hola"])
    # Another person's day goes on.
    await ben.conversation()
    await ben.say("Hola")
    await ben.hears("Hola", GREETING)
    await expect(ben.page.locator("#quota-stop")).to_have_count(0)


async def test_a_phone_shows_everything_without_scrolling_sideways(welcome: Welcome, upstream: FakeUpstream):
    ana = await (await welcome("Ana", **PHONE)).sign_up()
    page = ana.page
    await ana.open("/discover")
    conversation = await ana.begin()
    upstream.will(say(f"{UNBROKEN}\n\n```\n{UNBROKEN}\n```\n\n| a | b |\n|---|---|\n| {UNBROKEN} | c |"))
    await ana.say(UNBROKEN)
    await expect(lines(page)).to_have_count(2)
    await expect(composer(page)).to_be_in_viewport(ratio=1)
    await expect(page.locator("#send")).to_be_in_viewport(ratio=1)
    drawer = page.locator("dialog.drawer")
    await expect(drawer).to_be_hidden()
    await page.get_by_role("button", name=ana.t("conversations.open")).click()
    await expect(drawer.get_by_role("link", name="Luna")).to_be_visible()
    await drawer.get_by_role("button", name=ana.t("dialog.close")).click()
    await expect(drawer).to_be_hidden()
    for path in (f"/c/{conversation}", "/", "/signup", "/login", "/safety", "/discover", "/nowhere"):
        if path == "/nowhere":
            ana.forgive(REFUSED)
        await page.set_viewport_size({"width": 390, "height": 844})
        await ana.open(path)
        await expect(page.locator("h1")).to_be_visible()
        await fits(page)
        await page.set_viewport_size({"width": 320, "height": 640})
        await fits(page)


async def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    room = "[document.scrollingElement.scrollWidth, document.documentElement.clientWidth]"
    wide, screen = await page.evaluate(room)
    assert wide <= screen, f"{page.url} is {wide} wide on a screen of {screen}"


async def test_a_conversation_is_renamed_begun_anew_and_deleted(ana: Visitor):
    page = ana.page
    first = await ana.conversation()
    await ana.say("Hola")
    await ana.hears("Hola", GREETING)
    await expect(page.get_by_role("navigation").get_by_role("link", name="Hola")).to_be_visible()
    await ana.menu(ana.t("chat.rename"))
    await page.locator("#title").fill("El faro")
    await page.locator("#title").press("Enter")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await expect(page.get_by_role("navigation").get_by_role("link", name="El faro")).to_be_visible()
    await expect(page.get_by_role("banner")).to_contain_text("El faro")

    await ana.confirm(ana.t("chat.begin_anew"))
    await page.wait_for_url(lambda address: "/c/" in address and first not in address)
    second = await ana.here()
    await ana.ready(second)
    await expect(lines(page)).to_have_count(0)
    await ana.visit(first)
    await ana.hears("Hola", GREETING)
    await expect(page.get_by_text(ana.t("chat.closed"))).to_be_visible()
    await expect(composer(page)).to_have_count(0)

    await ana.visit(second)
    await ana.confirm(ana.t("chat.delete"))
    await ana.where("/discover")
    await page.goto(f"{ana.url}/c/{second}")
    await expect(page.get_by_role("heading", name=ana.t("chat.missing.title"))).to_be_visible()
    await expect(page.get_by_role("navigation").get_by_role("link", name="El faro")).to_be_visible()


async def test_the_search_follows_fast_fingers(ana: Visitor):
    page = ana.page
    cards = page.get_by_role("list", name=ana.t("nav.discover")).get_by_role("heading", level=3)
    await ana.open("/discover")
    await expect(cards.first).to_have_text("Luna")
    everybody = await cards.all_text_contents()
    await page.locator("#search").press_sequentially("vera")
    await expect(cards).to_have_text(["Vera"])
    await page.locator("#search").fill("")
    await expect(cards).to_have_text(everybody)
    # Whoever types and is gone before the search has begun finds the gallery whole at the return.
    await page.locator("#search").press_sequentially("vera")
    await page.get_by_role("button", name=ana.t("discover.begin", name="Vera")).click()
    await page.wait_for_url("**/c/*")
    await ana.ready(await ana.here())
    await page.get_by_role("link", name="Love Chat").first.click()
    await ana.where("/discover")
    await expect(page.locator("#search")).to_have_value("")
    await expect(cards).to_have_text(everybody)
