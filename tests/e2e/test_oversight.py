"""Oversight in a browser: a reply is reported, an account waits for a look, the guard is asked."""

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Welcome
from tests.e2e.visitor import REFUSED, Visitor, lines
from tests.support.fake_upstream import GREETING
from tests.support.people import ADMIN_SECRET


@pytest.fixture
async def eva(welcome: Welcome) -> Visitor:
    """Somebody who has shown the admin key."""
    admin = await welcome("Eva")
    answer = await admin.context.request.post(f"{admin.url}/web/studio", data={"key": ADMIN_SECRET})
    assert answer.status == 204
    return admin


async def test_a_reported_reply_is_seen_without_its_reporter(ana: Visitor, ben: Visitor, eva: Visitor):
    await ana.conversation()
    await ana.say("No se lo digas a nadie")
    await ana.hears("No se lo digas a nadie", GREETING)
    await ana.page.get_by_role("button", name=ana.t("report.open")).click()
    dialog = ana.page.locator("#report")
    await expect(dialog).to_contain_text(ana.t("report.text"))
    await dialog.get_by_label(ana.t("report.reason.pressure")).check()
    await dialog.get_by_label(ana.t("report.note")).fill("It did not let me go.")
    await dialog.get_by_role("button", name=ana.t("report.send")).click()
    await expect(ana.page.locator("#toasts")).to_contain_text(ana.t("notice.reported"))
    await expect(dialog).to_be_hidden()

    await eva.open("/studio/care")
    report = eva.page.locator("#reports li").filter(has_text="It did not let me go.")
    await expect(report).to_contain_text(GREETING)
    await expect(report).to_contain_text(eva.t("report.reason.pressure"))
    sent = "\n".join(eva.frames)
    assert ana.email not in sent
    assert "No se lo digas a nadie" not in sent
    await report.get_by_role("button", name=eva.t("studio.care.reports.dismissed")).click()
    await expect(eva.page.locator("#toasts")).to_contain_text(eva.t("notice.report_closed"))
    await expect(report).to_have_count(0)
    await ben.open("/studio/care")
    await ben.where("/studio/login")


async def test_who_says_to_be_a_minor_waits_in_the_queue(ana: Visitor, ben: Visitor, eva: Visitor):
    for person in (ana, ben):
        await person.conversation()
    ana.forgive(REFUSED)
    box = ana.page.locator("textarea[data-composer]")
    await box.fill("tengo 15 años")
    await box.press("Enter")
    await ana.where("/login")
    await ana.fill_login()
    await expect(ana.page.get_by_role("alert")).to_have_text(ana.t("error.account_inactive"))
    await ben.say("Hola")
    await ben.hears("Hola", GREETING)

    await eva.open("/studio/care")
    entry = eva.page.locator("#queue li").filter(has_text=ana.email)
    await expect(entry).to_have_count(1)
    await expect(eva.page.locator("#queue li").filter(has_text=ben.email)).to_have_count(0)
    await entry.get_by_role("button", name=eva.t("studio.care.queue.open")).click()
    dialog = eva.page.locator("#queue-open")
    await expect(dialog).to_contain_text(eva.t("studio.care.queue.open.text", name="Ana"))
    await dialog.get_by_role("button", name=eva.t("studio.care.queue.open")).click()
    await expect(entry).to_have_count(0)
    await ana.fill_login()
    await ana.ready(ana.conversations[0])
    await expect(lines(ana.page)).to_have_count(0)


async def test_the_guard_says_what_fired_and_a_doubt_is_kept(eva: Visitor, ana: Visitor):
    page = eva.page
    await eva.open("/studio/care")
    await page.get_by_label(eva.t("studio.care.tester.sentence")).fill("I am 15 years old")
    await page.get_by_role("button", name=eva.t("studio.care.tester.check")).click()
    verdict = page.locator("#verdict")
    await expect(verdict).to_contain_text(eva.t("studio.care.action.lock"))
    await expect(verdict).to_contain_text("minor_speaker")
    await page.get_by_label(eva.t("studio.care.tester.sentence")).fill("Nova, 15 years old, of course")
    await page.get_by_label(eva.t("studio.care.tester.kind")).select_option("persona")
    await page.get_by_role("button", name=eva.t("studio.care.tester.check")).click()
    await expect(verdict).to_contain_text(eva.t("studio.care.action.block"))
    await verdict.get_by_role("button", name=eva.t("studio.care.tester.wrong")).click()
    await expect(page.locator("#toasts")).to_contain_text(eva.t("notice.review_added"))
    await expect(page.locator("#reviews")).to_contain_text("Nova, 15 years old, of course")
    await expect(verdict).to_have_count(0)
    await ana.open("/safety")
    await expect(ana.page.get_by_role("heading", name=ana.t("safety.quality.title"))).to_be_visible()
    assert not any("of course" in frame for frame in ana.frames)
