"""The way in: what one agrees to, and who is not let in."""

from typing import Any

from playwright.async_api import expect

from tests.e2e.conftest import Welcome
from tests.e2e.visitor import REFUSED, Visitor
from tests.support.people import ADULT

# A network of their own: the others of the suite come from this machine.
AT_HOME: dict[str, Any] = {"extra_http_headers": {"X-Forwarded-For": "203.0.113.7"}}
ELSEWHERE: dict[str, Any] = {"extra_http_headers": {"X-Forwarded-For": "198.51.100.9"}}
YOUNG = "2020-01-01"


async def test_a_fresh_browser_does_not_change_the_answer(welcome: Welcome):
    kid = await welcome("Sam", **AT_HOME)
    kid.forgive(REFUSED)
    await kid.open("/signup")
    await kid.fill_signup(birthdate=YOUNG)
    answer = kid.page.get_by_role("alert")
    await expect(answer).to_have_text(kid.t("error.age_restricted"))
    await kid.fill_signup(birthdate=ADULT)
    await expect(answer).to_have_text(kid.t("error.age_restricted"))
    for home, email in ((AT_HOME, None), (ELSEWHERE, kid.email)):
        fresh = await welcome("Sam", **home)
        fresh.forgive(REFUSED)
        fresh.email = email or fresh.email
        await fresh.open("/signup")
        await fresh.fill_signup()
        await expect(fresh.page.get_by_role("alert")).to_have_text(fresh.t("error.age_restricted"))
        await fresh.where("/signup")
    other = await welcome("Nora", **ELSEWHERE)
    await other.open("/signup")
    await other.fill_signup()
    await other.where("/discover")


async def test_what_one_agrees_to_stands_before_the_button(stranger: Visitor):
    await stranger.open("/signup")
    terms = stranger.page.locator("#terms")
    for part in ("ai", "stored", "act"):
        await expect(terms).to_contain_text(stranger.t(f"signup.terms.{part}"))
    button = stranger.page.get_by_role("button", name=stranger.t("signup.submit"))
    above, below = await terms.bounding_box(), await button.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"]
    # A tab that was opened before the text changed.
    stranger.forgive(REFUSED)
    await terms.locator("input").evaluate("(input) => { input.value = '0' }")
    await stranger.fill_signup()
    await expect(terms).to_contain_text(stranger.t("mistake.terms"))
    await stranger.page.reload()
    await stranger.fill_signup()
    await stranger.where("/discover")
