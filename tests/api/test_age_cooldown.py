"""After an under-age attempt: the same answer to whatever is typed next, and nothing kept of the person."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from httpx import AsyncClient

from lovechat.bootstrap import Services
from lovechat.services.age_cooldown import EMAIL_PAUSE, PREFIX_PAUSE, mailbox_of, network_of
from tests.support.browser import COOKIE, browser
from tests.support.clock import FakeClock
from tests.support.people import ADULT, PASSWORD, Person, register
from tests.support.servers import ApiServer

HOME = "203.0.113.7"
NEIGHBOUR = "203.0.113.200"
ELSEWHERE = "198.51.100.9"
YOUNG = (datetime.now(UTC) - timedelta(days=365 * 17)).date().isoformat()
OURS = "kid@example.org"


@pytest.fixture
def overrides() -> dict[str, Any]:
    return {"trusted_proxy_hops": 1}


async def ask(
    client: AsyncClient, email: str, birthdate: str = ADULT, address: str = HOME, path: str = "/auth/register"
) -> httpx.Response:
    body = {"email": email, "password": PASSWORD, "display_name": "Sam", "birthdate": birthdate}
    return await client.post(path, json=body, headers={"X-Forwarded-For": address})


async def kept(services: Services) -> list[Any]:
    """Every row that remembers an attempt."""
    async with services.engine.connect() as connection:
        return list((await connection.exec_driver_sql("SELECT * FROM age_cooldowns")).all())


async def counts(services: Services) -> dict[str, int]:
    async with services.engine.connect() as connection:
        found = await connection.exec_driver_sql("SELECT kind, count FROM safety_counts")
        return {row["kind"]: row["count"] for row in found.mappings()}


async def test_another_birthdate_gets_the_same_answer(client: AsyncClient, services: Services):
    first = await ask(client, OURS, YOUNG)
    assert (first.status_code, first.json()["code"]) == (403, "age_restricted")
    for email, birthdate, address in (
        (OURS, ADULT, HOME),
        (" KID@Example.org", ADULT, ELSEWHERE),
        ("kid+two@example.org", ADULT, ELSEWHERE),
        ("other@example.org", ADULT, HOME),
        ("other@example.org", YOUNG, NEIGHBOUR),
    ):
        again = await ask(client, email, birthdate, address)
        assert (again.status_code, again.json()) == (403, first.json()), (email, address)
    assert await counts(services) == {"underage_refusal": 2, "age_cooldown": 4}


async def test_nothing_of_the_person_is_kept_but_two_digests(client: AsyncClient, services: Services):
    await ask(client, OURS, YOUNG)
    rows = await kept(services)
    assert len(rows) == 2
    for key, until in rows:
        assert len(key) == 64
        assert set(key) <= set("0123456789abcdef")
        assert until <= services.accounts._clock() + EMAIL_PAUSE
    async with services.engine.connect() as connection:
        for table in ("users", "user_profiles", "consents", "login_throttles"):
            found = await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")
            assert found.scalar_one() == 0, table


async def test_a_new_browser_does_not_help(server: ApiServer):
    async with browser(server.url) as page:
        first = await ask(page, OURS, YOUNG, path="/web/signup")
        assert first.status_code == 403
    for email, address in ((OURS, ELSEWHERE), ("fresh@example.org", HOME)):
        async with browser(server.url) as page:
            again = await ask(page, email, address=address, path="/web/signup")
            assert (again.status_code, again.json()) == (403, first.json())
            assert COOKIE not in page.cookies


async def test_others_come_in_meanwhile(client: AsyncClient, clock: FakeClock):
    await ask(client, OURS, YOUNG)
    assert (await ask(client, "neighbour@example.org", address=NEIGHBOUR)).status_code == 403
    assert (await ask(client, "stranger@example.org", address=ELSEWHERE)).status_code == 201
    clock.advance(seconds=PREFIX_PAUSE.total_seconds() + 1)
    assert (await ask(client, "neighbour@example.org", address=NEIGHBOUR)).status_code == 201
    assert (await ask(client, OURS, address=ELSEWHERE)).status_code == 403


async def test_who_has_an_account_is_not_touched(client: AsyncClient, ana: Person, ben: Person):
    await ask(client, ana.email, YOUNG, "127.0.0.1")
    for person in (ana, ben):
        await person.login()
        assert (await person.get("/me")).status_code == 200


async def test_waiting_ends_and_leaves_nothing(client: AsyncClient, services: Services, clock: FakeClock):
    await ask(client, OURS, YOUNG)
    clock.advance(hours=1)
    await ask(client, OURS, ADULT)  # to try again in vain prolongs nothing
    clock.advance(seconds=(EMAIL_PAUSE - PREFIX_PAUSE).total_seconds() + 1)
    assert (await ask(client, OURS)).status_code == 201
    assert await kept(services) == []


async def test_another_attempt_begins_the_wait_anew(client: AsyncClient, clock: FakeClock):
    await ask(client, OURS, YOUNG)
    clock.advance(hours=23)
    await ask(client, OURS, YOUNG, ELSEWHERE)
    clock.advance(hours=2)
    assert (await ask(client, OURS)).status_code == 403


async def test_the_start_removes_what_has_expired(client: AsyncClient, services: Services, clock: FakeClock):
    await ask(client, OURS, YOUNG)
    clock.advance(days=2)
    await services.cooldowns.forget_expired()
    assert await kept(services) == []


@pytest.mark.parametrize("address", ["unknown", "127.0.0.1"])
async def test_callers_without_an_address_of_theirs_do_not_share_a_fate(client: AsyncClient, address: str):
    assert (await ask(client, OURS, YOUNG, address)).status_code == 403
    assert (await ask(client, "other@example.org", address=address)).status_code == 201
    assert (await ask(client, OURS, address=address)).status_code == 403


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", None),
        ("::ffff:127.0.0.1", None),
        ("::1", None),
        ("unknown", None),
        ("", None),
    ],
)
def test_networks(address: str, network: str | None):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        (" Ana@Example.ORG ", "ana@example.org"),
        ("ana+love+chat@example.org", "ana@example.org"),
        ("+ana@example.org", "+ana@example.org"),
    ],
)
def test_mailboxes(email: str, mailbox: str):
    assert mailbox_of(email) == mailbox


async def test_without_an_attempt_nobody_waits(client: AsyncClient, services: Services):
    assert (await register(client)).status_code == 201
    assert await kept(services) == []
