"""One's own account in a browser: what changes, what ends, and what is gone."""

import json

from playwright.async_api import FilePayload, Page, expect

from tests.e2e.conftest import Welcome
from tests.e2e.visitor import REFUSED, Visitor
from tests.support.fake_upstream import GREETING
from tests.support.people import PASSWORD
from tests.support.pictures import picture

FILE: FilePayload = {"name": "me.png", "mimeType": "image/png", "buffer": picture()}
NEW_PASSWORD = "a short and loud waterfall"


def toasts(page: Page):
    return page.locator("#toasts")


async def same_person(welcome: Welcome, ana: Visitor) -> Visitor:
    """Ana again, in another browser."""
    other = await welcome("Ana")
    other.email = ana.email
    await other.open("/login?next=/account")
    await other.fill_login()
    await other.where("/account")
    return other


async def test_the_name_is_what_others_call_one(ana: Visitor, ben: Visitor):
    await ana.open("/account")
    name = ana.page.locator("#display_name")
    await expect(name).to_have_value("Ana")
    await name.fill("Anita")
    await ana.page.get_by_role("button", name=ana.t("dialog.save")).click()
    await expect(toasts(ana.page)).to_contain_text(ana.t("account.name.saved"))
    await name.fill("   ")
    await ana.page.get_by_role("button", name=ana.t("dialog.save")).click()
    ana.forgive(REFUSED)
    await expect(ana.page.locator("#display_name-error")).to_have_text(ana.t("mistake.display_name"))
    await expect(name).to_be_focused()
    await ana.open("/discover")
    title = ana.t("discover.title", name="Anita")
    await expect(ana.page.get_by_role("heading", name=title)).to_be_visible()
    await ben.open("/account")
    await expect(ben.page.locator("#display_name")).to_have_value("Ben")


async def test_a_picture_is_cut_sent_shown_and_removed(ana: Visitor, ben: Visitor):
    await ana.open("/account")
    page = ana.page
    chooser = page.locator("input[type=file]")
    await expect(page.locator("#display_name")).to_have_value("Ana")
    await chooser.set_input_files([{"name": "x.txt", "mimeType": "text/plain", "buffer": b"none"}])
    await expect(toasts(page)).to_contain_text(ana.t("account.picture.unreadable"))
    await chooser.set_input_files([FILE])
    stage = page.get_by_role("group", name=ana.t("account.picture.stage"))
    await stage.press("ArrowRight")
    await page.get_by_role("slider", name=ana.t("account.picture.zoom")).fill("2")
    await page.get_by_role("button", name=ana.t("account.picture.use")).click()
    await expect(toasts(page)).to_contain_text(ana.t("account.picture.done"))
    shown = page.locator("[data-picks-picture] img")
    await expect(shown).to_be_visible()
    address = await shown.get_attribute("src")
    assert address is not None
    answer = await ben.context.request.get(ben.url + address)
    assert answer.headers["content-type"] == "image/webp"
    await ben.open("/account")
    await expect(ben.page.locator("#display_name")).to_have_value("Ben")
    await expect(ben.page.locator("[data-picks-picture] img")).to_have_count(0)
    await page.get_by_role("button", name=ana.t("account.picture.remove")).click()
    await expect(shown).to_have_count(0)
    assert (await ben.context.request.get(ben.url + address)).status == 404


async def test_a_new_password_ends_the_other_sign_ins(ana: Visitor, ben: Visitor, welcome: Welcome):
    elsewhere = await same_person(welcome, ana)
    await ana.open("/account")
    page = ana.page
    change = page.get_by_role("button", name=ana.t("account.password.change"))
    await page.locator("#current_password").fill("not my password")
    await page.locator("#new_password").fill(NEW_PASSWORD)
    await change.click()
    ana.forgive(REFUSED)
    wrong = page.locator("#current_password-error")
    await expect(wrong).to_have_text(ana.t("account.password.wrong"))
    await page.locator("#current_password").fill(PASSWORD)
    await change.click()
    await expect(toasts(page)).to_contain_text(ana.t("account.password.changed"))
    await elsewhere.open("/account")
    await elsewhere.where("/login")
    await ana.open("/account")
    await expect(page.get_by_text(ana.email)).to_be_visible()
    elsewhere.forgive(REFUSED)
    await elsewhere.fill_login()
    await expect(elsewhere.page.get_by_role("alert")).to_have_text(ana.t("error.invalid_credentials"))
    await elsewhere.fill_login(NEW_PASSWORD)
    await elsewhere.where("/account")
    await ben.open("/account")
    await expect(ben.page.get_by_text(ben.email)).to_be_visible()


async def test_sign_ins_are_seen_and_ended_one_by_one_or_all(ana: Visitor, ben: Visitor, welcome: Welcome):
    elsewhere = await same_person(welcome, ana)
    await ana.open("/account")
    entries = ana.page.locator("li", has=ana.page.get_by_text("Chrome"))
    await expect(entries).to_have_count(2)
    await expect(entries.filter(has_text=ana.t("account.sessions.here"))).to_have_count(1)
    await entries.get_by_role("button").click()
    await expect(toasts(ana.page)).to_contain_text(ana.t("notice.session_ended"))
    await expect(entries).to_have_count(1)
    await elsewhere.open("/account")
    await elsewhere.where("/login")
    await ben.open("/account")
    await expect(ben.page.locator("li", has_text="Chrome")).to_have_count(1)
    await elsewhere.fill_login()
    await elsewhere.where("/account")
    await ana.page.get_by_role("button", name=ana.t("account.sessions.everywhere")).first.click()
    await (
        ana.page.locator("#log-out-everywhere")
        .get_by_role("button", name=ana.t("account.sessions.everywhere"))
        .click()
    )
    await ana.where("/")
    await elsewhere.open("/account")
    await elsewhere.where("/login")
    await ben.open("/account")
    await expect(ben.page.get_by_text(ben.email)).to_be_visible()


async def test_the_theme_stays_and_the_units_are_counted(ana: Visitor, ben: Visitor):
    await ana.conversation()
    await ana.say("Hola")
    await ana.hears("Hola", GREETING)
    await ana.open("/account")
    used = -(-len(GREETING) // 4)
    await expect(ana.page.get_by_text(ana.t("account.usage.total", total=used))).to_be_visible()
    await expect(ana.page.locator("figure tbody tr")).to_have_count(30)
    await expect(ana.page.locator("figure tbody tr").last.locator("td")).to_have_text(f"{used}")
    await ana.page.get_by_role("button", name=ana.t("preferences.theme.dark")).click()
    await expect(ana.page.locator("html")).to_have_class("dark")
    await ana.open("/account")
    await expect(ana.page.locator("html")).to_have_class("dark")
    await ben.open("/account")
    await expect(ben.page.get_by_text(ben.t("account.usage.total", total=0))).to_be_visible()
    await expect(ben.page.locator("html")).to_have_class("light")


async def test_everything_can_be_taken_along(ana: Visitor, ben: Visitor):
    for person, text in ((ana, "de Ana"), (ben, "de Ben")):
        await person.conversation()
        await person.say(text)
        await person.hears(text, GREETING)
    await ana.open("/account")
    async with ana.page.expect_download() as coming:
        await ana.page.get_by_role("link", name=ana.t("account.data.download")).click()
    download = await coming.value
    assert download.suggested_filename.startswith("love-chat-")
    text = (await download.path()).read_text(encoding="utf-8")
    data = json.loads(text)
    assert [message["content"] for message in data["conversations"][0]["messages"]] == ["de Ana", GREETING]
    assert "de Ben" not in text
    assert ben.email not in text


async def test_an_erased_account_is_gone_and_only_that(ana: Visitor, ben: Visitor):
    await ana.conversation()
    await ana.page.locator("textarea[data-composer]").press_sequentially("un borrador")
    await ana.open("/account")
    page = ana.page
    await page.get_by_role("button", name=ana.t("account.erase"), exact=True).click()
    dialog = page.locator("#erase")
    await expect(dialog).to_contain_text(ana.t("account.erase.help"))
    await dialog.locator("#password").fill("not my password")
    await dialog.get_by_role("button", name=ana.t("account.erase.confirm")).click()
    ana.forgive(REFUSED)
    await expect(dialog.locator("#password-error")).to_have_text(ana.t("account.password.wrong"))
    await dialog.locator("#password").fill(PASSWORD)
    await dialog.get_by_role("button", name=ana.t("account.erase.confirm")).click()
    await ana.where("/")
    assert "borrador" not in await page.evaluate("() => JSON.stringify({...localStorage})")
    await ana.open("/login")
    await ana.fill_login()
    await expect(page.get_by_role("alert")).to_have_text(ana.t("error.invalid_credentials"))
    await ben.open("/account")
    await expect(ben.page.get_by_text(ben.email)).to_be_visible()
