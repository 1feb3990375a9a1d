"""`python -m tests.screenshots FOLDER`: every page on phone and desktop, light and dark, in both languages.

The names are `<page>-<phone|desktop>-<light|dark>-<es|en>.png`. With page names after the folder, only those.
"""

import asyncio
import json
import random
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, Literal

import psycopg
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from lovechat.core.embedded_postgres import EmbeddedPostgres
from lovechat.core.i18n import LANGUAGES, Language
from lovechat.front_end import build_if_stale
from lovechat.migrations import migrate
from tests.e2e.chromium import FLAGS, find_chromium
from tests.support.fake_upstream import FakeUpstream, say
from tests.support.people import ADMIN_SECRET, PASSWORD, Person, admin_headers, make_person
from tests.support.program import Program

DEVICES: dict[str, Any] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "desktop": {"viewport": {"width": 1440, "height": 900}},
}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# What is said on the pictures, and what comes back, by language.
TALK = json.loads((Path(__file__).parent / "support" / "talk.json").read_text(encoding="utf-8"))
NAMES = ("Inés", "Marco", "Lucía", "Tom", "Noor", "Pau", "Greta", "Iván", "Carmen", "Leo", "Aya")


@dataclass(frozen=True)
class Shot:
    """A page, where it is, and what must be visible.

    `inside` means signed in, and `whole` from top to bottom.
    """

    name: str
    path: str
    shows: str
    inside: bool = True
    whole: bool = True


SHOTS = (
    Shot("landing", "/", "h3", inside=False),
    Shot("signup", "/signup", "form", inside=False),
    Shot("login", "/login", "form", inside=False),
    Shot("safety", "/safety", "h2", inside=False),
    Shot("lost", "/nowhere", "h1", inside=False),
    Shot("discover", "/discover", "h3"),
    Shot("chat", "/c/{conversation}", "[data-message]", whole=False),
    Shot("chat-hard", "/c/{hard}", "[data-notice=crisis]", whole=False),
    Shot("account", "/account", "figure"),
    Shot("studio-login", "/studio/login", "form", inside=False),
    Shot("studio", "/studio", "figure"),
    Shot("studio-characters", "/studio/characters", "main li"),
    Shot("studio-character", "/studio/characters/luna", "#prompt li"),
    Shot("studio-users", "/studio/users", "#users"),
    Shot("studio-care", "/studio/care", "#queue"),
    Shot("studio-audit", "/studio/audit", "#audit"),
)


async def main(folder: Path, wanted: list[str]) -> None:
    """Start everything and take the pictures."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(build_if_stale)
    with tempfile.TemporaryDirectory() as home:
        server = EmbeddedPostgres(Path(home) / "postgres", durable=False).start()
        try:
            migrate(server.url())
            await take_all(Path(home) / "program", server.url(), folder, wanted)
        finally:
            server.stop()


async def take_all(home: Path, database: str, folder: Path, wanted: list[str]) -> None:
    """Run the program on this database, fill it with life, and take the pictures."""
    upstream = await FakeUpstream().start()
    variables = {
        "DATABASE_URL": database,
        "OPENAI_API_KEY": "sk-test",
        "OPENAI_BASE_URL": upstream.url,
        "ADMIN_SECRET": ADMIN_SECRET,
        "CHAT_RATE_LIMIT": "1000/minute",
    }
    async with Program(home, **variables) as program, async_playwright() as playwright:
        people = {language: await a_life(program, upstream, language) for language in LANGUAGES}
        await asyncio.to_thread(a_month, database)
        path = await asyncio.to_thread(find_chromium, playwright.chromium.executable_path)
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        for device, theme, language in product(DEVICES, THEMES, LANGUAGES):
            person, places = people[language]
            for inside in (False, True):
                context = await a_browser(browser, program, device, theme, language)
                if inside:
                    await sign_in(context, program, person)
                page = await context.new_page()
                for shot in SHOTS:
                    if shot.inside == inside and (not wanted or shot.name in wanted):
                        target = folder / f"{shot.name}-{device}-{theme}-{language}.png"
                        address = program.url + shot.path.format(**places)
                        await take(page, address, shot, target)
                await context.close()
        await browser.close()
    await upstream.stop()


async def a_life(
    program: Program, upstream: FakeUpstream, language: Language
) -> tuple[Person, dict[str, str]]:
    """Somebody with conversations, one of them in a hard hour; gives them and those to be shown."""
    person = await make_person(program.client, display_name="Ana", language=language)
    turns = TALK[language]["turns"]
    other = await person.open_conversation("vera")
    upstream.will(say(turns[1][1]))
    await person.say(other, turns[1][0])
    shown = await person.open_conversation("luna")
    for said, answer in turns:
        upstream.will(say(answer))
        await person.say(shown, said)
    answer = await program.client.patch(
        f"/conversations/{shown}", json={"title": TALK[language]["title"]}, headers=person.headers
    )
    assert answer.status_code == 200, answer.text
    reply = (await person.history(shown))[-1]["id"]
    await person.post(f"/conversations/{shown}/messages/{reply}/report", {"reason": "pressure"})
    change = {"affection": 0.8 if language == "en" else 0.85}
    await program.client.patch("/admin/characters/luna", json=change, headers=admin_headers())
    await person.client.patch("/me", json={"country": "ES"}, headers=person.headers)
    hard = await person.open_conversation("luna")
    asked, answer = TALK[language]["hard"]
    upstream.will(say(answer))
    await person.say(hard, asked)
    return person, {"conversation": shown, "hard": hard}


def a_month(url: str) -> None:
    """People, conversations and units of the last 30 days, so that charts have something to show."""
    dice = random.Random(7)
    today = datetime.now(UTC)
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        users = [row[0] for row in connection.execute("SELECT id FROM users")]
        for number, name in enumerate(NAMES):
            moment = today - timedelta(days=dice.randrange(29), hours=dice.randrange(5))
            row = connection.execute(
                "INSERT INTO users (id, email, password_hash, created_at)"
                " VALUES (gen_random_uuid(), %s, '', %s) RETURNING id",
                (f"person{number}@example.net", moment),
            ).fetchone()
            assert row is not None
            connection.execute(
                "INSERT INTO user_profiles (user_id, display_name, birthdate, gender, created_at, updated_at)"
                " VALUES (%s, %s, '1988-03-02', 'undisclosed', now(), now())",
                (row[0], name),
            )
            users.append(row[0])
        connection.execute("UPDATE users SET review_reason = 'age_review' WHERE email LIKE 'person7@%'")
        for number, kind in enumerate(("minor_participant", "crisis_referral", "underage_refusal")):
            connection.execute(
                "INSERT INTO safety_counts (day, kind, language, guard_version, count)"
                " VALUES (%s, %s, 'es', '2', %s) ON CONFLICT DO NOTHING",
                (today.date(), kind, 3 + 2 * number),
            )
        for user, day in product(users, range(1, 30)):
            if dice.random() < 0.6:
                connection.execute(
                    "INSERT INTO user_daily_usage (user_id, date, units_used) VALUES (%s, %s, %s)",
                    (user, (today - timedelta(days=day)).date(), dice.randrange(120, 4200)),
                )


async def a_browser(
    browser: Browser,
    program: Program,
    device: str,
    theme: Literal["light", "dark"],
    language: Language,
) -> BrowserContext:
    """An empty browser."""
    context = await browser.new_context(
        **DEVICES[device],
        color_scheme=theme,
        locale={"en": "en-US", "es": "es-ES"}[language],
        reduced_motion="reduce",
        timezone_id="Europe/Madrid",
    )
    await context.add_cookies([{"name": "language", "value": language, "url": program.url}])
    return context


async def sign_in(context: BrowserContext, program: Program, person: Person) -> None:
    """Sign a person in, and an admin."""
    body = {"email": person.email, "password": PASSWORD}
    assert (await context.request.post(f"{program.url}/web/session", data=body)).status == 204
    assert (await context.request.post(f"{program.url}/web/studio", data={"key": ADMIN_SECRET})).status == 204


async def take(page: Page, url: str, shot: Shot, target: Path) -> None:
    """Take one picture."""
    await page.goto(url)
    await page.locator(shot.shows).first.wait_for()
    await page.evaluate("() => document.fonts.ready.then(() => true)")
    await page.wait_for_timeout(150)  # pictures of people and characters, and the last of the layout
    await page.screenshot(path=target, full_page=shot.whole)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Where to? Usage: python -m tests.screenshots FOLDER [PAGE …]")
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
