"""The studio in a browser: what an admin sees and does, and that nobody else does."""

import itertools
import json

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.conftest import Welcome
from tests.e2e.test_access import OWN_SOCKETS
from tests.e2e.test_account import FILE
from tests.e2e.visitor import REFUSED, Visitor
from tests.support.fake_upstream import GREETING, FakeUpstream, say
from tests.support.people import ADMIN_SECRET, admin_headers
from tests.support.program import Program, until

STUDIO = "reflex___state____state.lovechat___ui___states___studio_"
_numbers = itertools.count(1)
PAGES = (
    "/studio",
    "/studio/characters",
    "/studio/characters/luna",
    "/studio/users",
    "/studio/care",
    "/studio/audit",
)


@pytest.fixture
async def eva(welcome: Welcome) -> Visitor:
    """Somebody who has shown the admin key."""
    admin = await welcome("Eva")
    answer = await admin.context.request.post(f"{admin.url}/web/studio", data={"key": ADMIN_SECRET})
    assert answer.status == 204
    return admin


@pytest.fixture
async def nova(program: Program) -> str:
    """A character to be changed, so that Luna stays who she is; gives its id."""
    identifier = f"nova-{next(_numbers)}"
    body = {"id": identifier, "name": identifier.title(), "dominance": 0.2, "boundaries": ["No spoilers"]}
    answer = await program.client.post("/admin/characters", json=body, headers=admin_headers())
    assert answer.status_code == 201, answer.text
    return identifier


def pieces(eva: Visitor, source: str) -> Locator:
    return eva.page.locator(f"#prompt [data-source={source}]")


async def slide(eva: Visitor, name: str, value: int) -> None:
    await eva.page.locator(f"#{name}").fill(f"{value}")


async def test_the_key_opens_the_studio_and_is_kept_nowhere(stranger: Visitor, ana: Visitor):
    stranger.forgive(REFUSED)
    await stranger.open("/studio/users")
    await stranger.where("/studio/login")
    page = stranger.page
    await page.locator("#key").fill("a guess that is wrong")
    await page.locator("#key").press("Enter")
    await expect(page.get_by_role("alert")).to_have_text(stranger.t("studio.login.wrong"))
    await page.locator("#key").fill(ADMIN_SECRET)
    await page.locator("#key").press("Enter")
    await stranger.where("/studio/users")
    await expect(page.locator("#users")).to_be_visible()
    readable = "() => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])"
    assert ADMIN_SECRET not in await page.evaluate(readable) + "\n".join(stranger.frames)
    cookies = {cookie["name"]: cookie for cookie in await stranger.context.cookies()}
    assert (cookies["lovechat_studio"]["httpOnly"], cookies["lovechat_studio"]["sameSite"]) == (
        True,
        "Strict",
    )
    await ana.open("/studio/users")
    await ana.where("/studio/login")
    await page.get_by_role("button", name=stranger.t("studio.leave")).click()
    await stranger.where("/studio/login")
    await stranger.open("/studio")
    await stranger.where("/studio/login")


@pytest.mark.parametrize("path", PAGES)
async def test_a_person_gets_into_no_page_of_the_studio(ana: Visitor, eva: Visitor, path: str):
    await ana.open(path)
    await ana.where("/studio/login")
    await eva.open(path)
    await expect(eva.page.get_by_role("button", name=eva.t("studio.leave"))).to_be_visible()
    await eva.where(path)


async def test_a_persons_events_do_nothing_in_the_studio(ana: Visitor, ben: Visitor, eva: Visitor):
    """Ana, who has no key, calls the studio's handlers with Ben's id."""
    bens = (await (await ben.context.request.get(f"{ben.url}/me")).json())["id"]
    await ana.context.add_init_script(OWN_SOCKETS)
    await ana.open("/discover")
    await expect(ana.page.get_by_role("heading", name="Luna")).to_be_visible()
    users, editor = f"{STUDIO}users____studio_users_state", f"{STUDIO}editor____studio_editor_state"
    calls = {
        f"{users}.load": {},
        f"{users}.choose": {"user_id": bens},
        f"{users}.set_active": {"user_id": bens, "active": False},
        f"{editor}.load": {},
        f"{editor}.slide": {"field": "dominance", "value": 99},
        f"{editor}.save": {},
        f"{editor}.delete": {},
        f"{STUDIO}overview____studio_overview_state.load": {},
        f"{STUDIO}audit____studio_audit_state.load": {},
        f"{STUDIO}try____studio_try_state.send": {"form": {"try": "Hola"}},
    }
    ana.frames.clear()
    where = {"pathname": "/studio/characters/luna", "asPath": "/studio/characters/luna", "query": {}}
    for name, payload in calls.items():
        packet = json.dumps(["event", {"name": name, "payload": payload, "router_data": where}])
        await ana.page.evaluate("(frame) => window.sockets.at(-1).send(frame)", f"42/_event,{packet}")
    await until(lambda: str(ana.frames).count("/studio/login") >= len(calls), "Ana is sent to the door")
    assert ben.email not in str(ana.frames)
    assert (await ben.context.request.get(f"{ben.url}/me")).status == 200
    await eva.open("/studio/characters/luna")
    await expect(eva.page.locator("#dominance")).to_have_value("60")


async def test_a_slider_shows_in_the_prompt_and_then_in_the_next_reply(
    eva: Visitor, ana: Visitor, ben: Visitor, nova: str, upstream: FakeUpstream
):
    for person in (ana, ben):
        await person.open("/discover")
        button = person.page.get_by_role("button", name=person.t("discover.begin", name=nova.title()))
        await button.click()
        await person.ready(await person.here())
    await ana.say("Hola")
    await ana.hears("Hola", GREETING)
    await eva.open(f"/studio/characters/{nova}")
    await expect(pieces(eva, "dominance")).to_contain_text("20/100")
    await expect(eva.page.locator("#save")).to_be_disabled()
    await slide(eva, "dominance", 90)
    await expect(pieces(eva, "dominance")).to_contain_text("90/100")
    await expect(eva.page.locator("#prompt [data-changed=true]")).to_have_count(1)
    # What is not saved is nobody's business yet.
    await ben.say("Hola")
    await ben.hears("Hola", GREETING)
    assert "20/100" in str(upstream.requests[-1]["body"])
    await eva.page.locator("#save").click()
    await expect(eva.page.locator("#toasts")).to_contain_text(eva.t("notice.character_saved"))
    await expect(eva.page.locator("#version")).to_have_text(eva.t("studio.characters.version", version=2))
    await expect(eva.page.locator("#prompt [data-changed=true]")).to_have_count(0)
    await ana.say("¿Y ahora?")
    await ana.hears("Hola", GREETING, "¿Y ahora?", GREETING)
    assert "90/100" in str(upstream.requests[-1]["body"])


async def test_what_is_tried_costs_nobody_and_is_not_kept(
    eva: Visitor, ana: Visitor, nova: str, upstream: FakeUpstream, program: Program
):
    before = (await program.client.get("/admin/metrics", headers=admin_headers())).json()
    await eva.open(f"/studio/characters/{nova}")
    await expect(pieces(eva, "dominance")).to_contain_text("20/100")
    await slide(eva, "dominance", 75)
    await expect(pieces(eva, "dominance")).to_contain_text("75/100")
    box = eva.page.get_by_role("textbox", name=eva.t("studio.try.message"))
    upstream.will(say("Aquí mando yo."))
    await box.fill("¿Quién manda?")
    await box.press("Enter")
    tried = eva.page.locator("#tried")
    await expect(tried).to_contain_text("Aquí mando yo.")
    await expect(tried).to_have_attribute("aria-busy", "false")
    assert "75/100" in str(upstream.requests[-1]["body"])
    await box.fill("tengo 15 años")
    await box.press("Enter")
    await expect(eva.page.get_by_role("alert")).to_have_text(eva.t("studio.try.refused"))
    assert len(upstream.requests) == 1
    after = (await program.client.get("/admin/metrics", headers=admin_headers())).json()
    assert after["messages"] == before["messages"]
    assert after["units_used_today"] == before["units_used_today"]
    await ana.open("/discover")
    await expect(ana.page.get_by_role("heading", name=nova.title())).to_be_visible()
    assert "Aquí mando yo" not in "".join(ana.frames)


async def test_a_character_is_made_pictured_and_deleted(eva: Visitor, ana: Visitor):
    page = eva.page
    await eva.open("/studio/new-character")
    await page.locator("#name").fill("Ciro")
    await page.locator("#tagline_en").fill("Maps and marmalade.")
    await page.get_by_role("button", name=eva.t("studio.editor.add_boundary")).click()
    first = page.get_by_label(eva.t("studio.editor.boundary", number=1))
    await first.fill("No cliffhangers")
    await expect(pieces(eva, "boundaries")).to_contain_text("No cliffhangers")
    await page.locator("#save").click()
    await eva.where("/studio/characters/ciro")
    await expect(first).to_have_value("No cliffhangers")
    await page.locator("input[type=file]").set_input_files([FILE])
    await page.get_by_role("button", name=eva.t("account.picture.use")).click()
    await expect(page.locator("[data-picks-picture] img")).to_be_visible()
    await ana.open("/discover")
    await expect(ana.page.get_by_text("Maps and marmalade.")).to_be_visible()
    await page.get_by_role("button", name=eva.t("studio.editor.remove_boundary", number=1)).click()
    await expect(first).to_have_count(0)
    await page.get_by_role("button", name=eva.t("studio.editor.delete"), exact=True).click()
    dialog = page.locator("#delete-character")
    await expect(dialog).to_contain_text(eva.t("studio.editor.delete.text"))
    await dialog.get_by_role("button", name=eva.t("studio.editor.delete"), exact=True).click()
    await eva.where("/studio/characters")
    await ana.open("/discover")
    await expect(ana.page.get_by_role("heading", name="Luna")).to_be_visible()
    await expect(ana.page.get_by_role("heading", name="Ciro")).to_have_count(0)


async def test_a_character_that_cannot_be_says_why_and_keeps_the_draft(eva: Visitor, ana: Visitor):
    page = eva.page
    await eva.open("/studio/new-character")
    for name, identifier, notice in (
        ("Luna", "", "notice.character_exists"),
        ("Nadia", "Not a slug", "notice.invalid_request"),
        ("Nadia, 15 years old", "nadia", "notice.content_blocked"),
    ):
        await page.locator("#name").fill(name)
        await page.locator("#new_id").fill(identifier)
        await page.locator("#save").click()
        await expect(page.locator("#toasts")).to_contain_text(eva.t(notice))
        await expect(page.locator("#name")).to_have_value(name)
    await ana.open("/discover")
    await expect(ana.page.get_by_role("heading", name="Luna")).to_have_count(1)
    await expect(ana.page.get_by_role("heading", name="Nadia")).to_have_count(0)


async def test_deactivation_throws_out_and_the_log_says_who_did_it(eva: Visitor, ana: Visitor, ben: Visitor):
    for person in (ana, ben):
        await person.conversation()
    page = eva.page
    await eva.open("/studio/users")
    await page.get_by_role("searchbox").fill(ana.email)
    row = page.locator(f"[data-user='{ana.email}']")
    await expect(page.locator("#users li")).to_have_count(1)
    await row.click()
    dialog = page.locator("#chosen-user")
    await expect(dialog).to_contain_text(eva.t("studio.users.deactivate.text", name="Ana"))
    await dialog.get_by_role("button", name=eva.t("studio.users.deactivate")).click()
    await expect(row).to_contain_text(eva.t("studio.users.state.inactive"))
    await ana.where("/login")
    await ben.say("Hola")
    await ben.hears("Hola", GREETING)
    ana.forgive(REFUSED)
    await ana.fill_login()
    await expect(ana.page.get_by_role("alert")).to_have_text(ana.t("error.account_inactive"))
    await page.get_by_label(eva.t("studio.users.status")).select_option("inactive")
    await expect(page.locator("#users li")).to_have_count(1)
    await row.click()
    await dialog.get_by_role("button", name=eva.t("studio.users.activate"), exact=True).click()
    await expect(page.locator("#toasts")).to_contain_text(eva.t("notice.user_activated"))
    await ana.fill_login()
    await ana.ready(ana.conversations[0])
    await eva.open("/studio/audit")
    await page.get_by_label(eva.t("studio.audit.action")).select_option("user.set_active")
    me = await (await ana.context.request.get(f"{ana.url}/me")).json()
    await page.get_by_label(eva.t("studio.audit.target")).fill(me["id"])
    entries = page.locator("#audit > li")
    await expect(entries).to_have_count(2)
    await expect(entries.first).to_contain_text("false → true")
    await expect(entries.first).to_contain_text("studio")


async def test_the_overview_follows_what_happens(eva: Visitor, ana: Visitor, program: Program):
    before = (await program.client.get("/admin/metrics", headers=admin_headers())).json()
    await eva.open("/studio")
    messages = eva.page.locator("#count-messages")
    await expect(messages).to_have_text(f"{before['messages']}")
    await ana.conversation()
    await ana.say("Hola")
    await ana.hears("Hola", GREETING)
    await expect(messages).to_have_text(f"{before['messages'] + 2}")
