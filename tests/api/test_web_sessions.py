"""Sign-ins of browsers: a cookie that scripts cannot read and other sites cannot use."""

import asyncio
from datetime import datetime, timedelta

import pytest

from lovechat.bootstrap import Services
from lovechat.services.web_sessions import device_name
from tests.support.browser import COOKIE, attributes, browser, sign_in
from tests.support.clock import FakeClock
from tests.support.people import ADULT, PASSWORD, Person, admin_headers
from tests.support.races import counted, just_before
from tests.support.servers import ApiServer

NEW = {
    "email": "new@example.org",
    "password": PASSWORD,
    "display_name": "Nora",
    "birthdate": ADULT,
    "language": "es",
}


async def seen(services: Services) -> dict[str, datetime]:
    """When each person's browser was last seen, as it is written down."""
    async with services.engine.connect() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT user_id::text AS who, last_seen_at FROM session_families WHERE cookie_hash IS NOT NULL"
        )
        return {row["who"]: row["last_seen_at"] for row in rows.mappings()}


async def test_a_cookie_stands_for_its_person_alone(server: ApiServer, ana: Person, ben: Person):
    async with browser(server.url) as anas, browser(server.url) as bens, browser(server.url) as nobodys:
        assert (await sign_in(anas, ana)).status_code == 204
        assert (await sign_in(bens, ben)).status_code == 204
        assert (await anas.get("/me")).json()["id"] == ana.id
        assert (await bens.get("/me")).json()["id"] == ben.id
        assert (await nobodys.get("/me")).json()["code"] == "not_authenticated"

        conversation = (await anas.post("/conversations", json={"character_id": "luna"})).json()["id"]
        assert (await bens.get(f"/conversations/{conversation}")).status_code == 404


async def test_scripts_cannot_read_it_and_it_is_kept_as_a_digest(
    server: ApiServer, ana: Person, services: Services
):
    async with browser(server.url) as page:
        answer = await sign_in(page, ana)
        assert answer.content == b""
        cookie = attributes(answer)
        assert "httponly" in cookie
        assert (cookie["samesite"], cookie["path"]) == ("lax", "/")
        async with services.engine.connect() as connection:
            row = (await connection.exec_driver_sql("SELECT * FROM session_families")).mappings().all()
        assert page.cookies[COOKIE] not in str(row)


async def test_behind_a_proxy_with_tls_the_cookie_is_secure(
    ana: Person, server: ApiServer, services: Services
):
    async with browser(server.url) as page:
        assert "secure" not in attributes(await sign_in(page, ana))
        services.settings.trusted_proxy_hops = 1
        page.headers["X-Forwarded-Proto"] = "https"
        assert "secure" in attributes(await sign_in(page, ana))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://other.example.org"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://["},
    ],
)
async def test_another_sites_page_gets_nowhere(server: ApiServer, ana: Person, headers: dict[str, str]):
    async with browser(server.url) as page:
        await sign_in(page, ana)
        page.headers.update(headers)
        for method, path, body in (
            ("POST", "/web/session", {"email": ana.email, "password": PASSWORD}),
            ("DELETE", "/web/session", None),
            ("POST", "/web/signup", NEW),
            ("POST", "/web/studio", {"key": "x"}),
            ("POST", "/conversations", {"character_id": "luna"}),
            ("PATCH", "/me", {"display_name": "Changed"}),
            ("DELETE", "/me/sessions", None),
        ):
            answer = await page.request(method, path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_site"), path
    assert (await ana.get("/conversations")).json()["total"] == 0


async def test_old_browsers_that_say_only_their_origin(server: ApiServer, ana: Person):
    async with browser(server.url) as page:
        await sign_in(page, ana)
        del page.headers["Sec-Fetch-Site"]
        assert (await page.patch("/me", json={"display_name": "Anna"})).status_code == 200
        for origin in ("https://evil.example", "null", "http://[", "http://[::1", "nonsense", "http://", ""):
            page.headers["Origin"] = origin
            answer = await page.patch("/me", json={"display_name": "Eva"})
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_site"), origin
    assert (await ana.get("/me")).json()["display_name"] == "Anna"


async def test_the_unencrypted_twin_of_our_site_is_another_site(server: ApiServer, ana: Person):
    async with browser(server.url) as page:
        await sign_in(page, ana)
        page.headers.update({"Sec-Fetch-Site": "cross-site", "Origin": server.url})
        answer = await page.patch("/me", json={"display_name": "Eva"})
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
        page.headers["Sec-Fetch-Site"] = "same-origin"
        assert (await page.patch("/me", json={"display_name": "Anna"})).status_code == 200


async def test_signing_up_signs_in(server: ApiServer):
    async with browser(server.url) as page:
        assert (await page.post("/web/signup", json=NEW)).status_code == 204
        me = (await page.get("/me")).json()
        assert (me["display_name"], me["language"]) == ("Nora", "es")
    async with browser(server.url) as page:
        minor = await page.post(
            "/web/signup", json={**NEW, "email": "x@example.org", "birthdate": "2020-01-01"}
        )
        assert (minor.status_code, minor.json()["code"]) == (403, "age_restricted")
        assert COOKIE not in page.cookies


async def test_a_wrong_password_is_throttled_as_in_the_api(server: ApiServer, ana: Person, ben: Person):
    async with browser(server.url) as page:
        codes = [(await sign_in(page, ana, "wrong password")).json()["code"] for _ in range(8)]
        assert codes[0] == "invalid_credentials"
        assert codes[-1] == "too_many_attempts"
        assert (await sign_in(page, ben)).status_code == 204


async def test_signing_out_ends_this_browser_only(server: ApiServer, ana: Person):
    async with browser(server.url) as one, browser(server.url) as other:
        await sign_in(one, ana)
        await sign_in(other, ana)
        stolen = one.cookies[COOKIE]
        assert (await one.delete("/web/session")).status_code == 204
        assert COOKIE not in one.cookies
        assert (await one.get("/me")).status_code == 401
        assert (await one.get("/me", headers={"Cookie": f"{COOKIE}={stolen}"})).status_code == 401
        assert (await other.get("/me")).status_code == 200


async def test_it_lives_as_long_as_it_is_used(server: ApiServer, ana: Person, clock: FakeClock):
    async with browser(server.url) as page:
        await sign_in(page, ana)
        for _ in range(3):
            clock.advance(days=20)
            assert (await page.get("/me")).status_code == 200
        clock.advance(days=31)
        assert (await page.get("/me")).json()["code"] == "not_authenticated"


async def test_a_visit_is_written_down_once_a_minute_and_costs_one_question(
    server: ApiServer, ana: Person, ben: Person, services: Services, clock: FakeClock
):
    async with browser(server.url) as page, browser(server.url) as bens:
        await sign_in(page, ana)
        await sign_in(bens, ben)
        before = await seen(services)
        with counted(services) as sent:
            for _ in range(5):
                assert (await page.get("/me")).status_code == 200
        assert len(sent) == 5
        assert await seen(services) == before

        clock.advance(seconds=61)
        with counted(services) as sent:
            answers = await asyncio.gather(*(page.get("/me") for _ in range(6)))
            for _ in range(5):
                assert (await page.get("/me")).status_code == 200
        assert [answer.status_code for answer in answers] == [200] * 6
        after = await seen(services)
        # The others of the six may have asked, and found it done; nobody asks once it is written.
        assert len([text for text in sent if text.startswith("UPDATE")]) <= 6
        assert [after[who] - before[who] >= timedelta(minutes=1) for who in (ana.id, ben.id)] == [True, False]


async def test_of_two_visits_at_once_the_first_is_written(
    server: ApiServer, ana: Person, ben: Person, services: Services, clock: FakeClock
):
    async with browser(server.url) as page:
        await sign_in(page, ana)
        clock.advance(minutes=2)
        sooner = (
            "UPDATE session_families SET last_seen_at = %s WHERE user_id = %s AND cookie_hash IS NOT NULL"
        )
        moment = clock() - timedelta(seconds=5)
        with just_before(services, "UPDATE session_families", sooner, moment, ana.id) as happened:
            assert (await page.get("/me")).status_code == 200
        assert happened
        assert (await seen(services))[ana.id] == moment
    assert (await ben.get("/me")).status_code == 200


async def test_deactivation_throws_out_at_once(server: ApiServer, ana: Person, ben: Person):
    async with browser(server.url) as anas, browser(server.url) as bens:
        await sign_in(anas, ana)
        await sign_in(bens, ben)
        await ana.client.patch(
            f"/admin/users/{ana.id}/active", json={"is_active": False}, headers=admin_headers()
        )
        assert (await anas.get("/me")).json()["code"] == "account_inactive"
        assert (await sign_in(anas, ana)).json()["code"] == "account_inactive"
        assert (await bens.get("/me")).status_code == 200


class TestSessions:
    async def test_a_person_sees_where_they_are_signed_in(self, server: ApiServer, ana: Person, ben: Person):
        async with browser(server.url) as page:
            await sign_in(page, ana)
            shown = (await page.get("/me/sessions")).json()
            assert [(entry["kind"], entry["current"]) for entry in shown] == [
                ("browser", True),
                ("program", False),
            ]
            assert shown[0]["device"] == "Firefox · Android"
            theirs = (await ben.get("/me/sessions")).json()
            assert not {entry["id"] for entry in shown} & {entry["id"] for entry in theirs}

    async def test_one_can_be_ended_by_its_owner_only(self, server: ApiServer, ana: Person, ben: Person):
        async with browser(server.url) as page:
            await sign_in(page, ana)
            (entry,) = [view for view in (await ana.get("/me/sessions")).json() if view["kind"] == "browser"]
            path = f"/me/sessions/{entry['id']}"
            assert (await ben.client.delete(path, headers=ben.headers)).status_code == 404
            assert (await page.get("/me")).status_code == 200
            assert (await ana.client.delete(path, headers=ana.headers)).status_code == 204
            assert (await page.get("/me")).status_code == 401
            assert (await ana.get("/me")).status_code == 200

    async def test_a_program_that_renews_its_tokens_stays_in_the_list(
        self, ana: Person, ben: Person, clock: FakeClock
    ):
        (begun,) = (await ana.get("/me/sessions")).json()
        for _ in range(3):
            clock.advance(days=20)
            answer = await ana.client.post(
                "/auth/refresh", json={"refresh_token": ana.tokens["refresh_token"]}
            )
            ana.tokens = answer.json()
        (entry,) = (await ana.get("/me/sessions")).json()
        assert (entry["id"], entry["created_at"]) == (begun["id"], begun["created_at"])
        assert entry["last_seen_at"] > begun["last_seen_at"]
        path = f"/me/sessions/{entry['id']}"
        await ben.login()
        assert (await ben.client.delete(path, headers=ben.headers)).status_code == 404
        assert (await ana.client.delete(path, headers=ana.headers)).status_code == 204
        assert (await ana.get("/me")).status_code == 401

    async def test_one_that_is_over_is_not_there(self, server: ApiServer, ana: Person, ben: Person):
        async with browser(server.url) as page:
            await sign_in(page, ana)
            (entry,) = [view for view in (await ana.get("/me/sessions")).json() if view["kind"] == "browser"]
            path = f"/me/sessions/{entry['id']}"
            statuses = [
                (await person.client.delete(path, headers=person.headers)).status_code
                for person in (ben, ana, ana)
            ]
        assert statuses == [404, 204, 404]

    async def test_all_can_be_ended_at_once(self, server: ApiServer, ana: Person, ben: Person):
        async with browser(server.url) as page:
            await sign_in(page, ana)
            assert (await page.delete("/me/sessions")).status_code == 204
            assert (await page.get("/me")).status_code == 401
        assert (await ana.get("/me")).status_code == 401
        refresh = await ana.client.post("/auth/refresh", json={"refresh_token": ana.tokens["refresh_token"]})
        assert refresh.status_code == 401
        assert (await ben.get("/me")).status_code == 200


class TestStudio:
    async def test_the_key_is_exchanged_for_two_hours(self, server: ApiServer, ana: Person, clock: FakeClock):
        async with browser(server.url) as page:
            answer = await page.post("/web/studio", json={"key": admin_headers()["X-Admin-Key"]})
            assert answer.status_code == 204
            assert attributes(answer)["samesite"] == "strict"
            assert (await page.get("/admin/metrics")).status_code == 200
            assert (await ana.get("/admin/metrics")).status_code == 401
            clock.advance(hours=2, seconds=1)
            assert (await page.get("/admin/metrics")).json()["code"] == "studio_session_ended"

    async def test_a_wrong_key_opens_nothing_and_is_counted(self, server: ApiServer):
        async with browser(server.url) as page:
            codes = [(await page.post("/web/studio", json={"key": "wrong"})).json()["code"] for _ in range(7)]
            assert codes[0] == "invalid_admin_key"
            assert codes[-1] == "too_many_attempts"
            assert (await page.get("/admin/metrics")).status_code in (401, 429)

    async def test_a_change_is_written_down_as_the_studios(self, server: ApiServer, services: Services):
        async with browser(server.url) as page:
            await page.post("/web/studio", json={"key": admin_headers()["X-Admin-Key"]})
            assert (await page.patch("/admin/characters/luna", json={"affection": 0.1})).status_code == 200
            page.headers.update({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"})
            crossed = await page.patch("/admin/characters/luna", json={"affection": 0.9})
            assert crossed.json()["code"] == "cross_site"
        async with services.engine.connect() as connection:
            actors = (await connection.exec_driver_sql("SELECT actor FROM audit_entries")).scalars().all()
        assert actors == ["studio"]

    @pytest.mark.parametrize("overrides", [{"admin_secret": None}])
    async def test_without_admin_secret_an_old_cookie_hears_it(self, server: ApiServer, ana: Person):
        async with browser(server.url, Cookie="lovechat_studio=old") as page:
            answer = await page.get("/admin/metrics")
            assert (answer.status_code, answer.json()["code"]) == (403, "admin_disabled")
        assert (await ana.get("/admin/metrics")).json()["code"] == "admin_disabled"

    async def test_leaving_ends_it(self, server: ApiServer):
        async with browser(server.url) as page:
            await page.post("/web/studio", json={"key": admin_headers()["X-Admin-Key"]})
            cookie = page.cookies["lovechat_studio"]
            assert (await page.delete("/web/studio")).status_code == 204
            answer = await page.get("/admin/metrics", headers={"Cookie": f"lovechat_studio={cookie}"})
            assert answer.json()["code"] == "studio_session_ended"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            "Safari · iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36", "Chrome · Linux"),
        ("curl/8.5.0", "curl"),
        ("", None),
        ("<script>", None),
    ],
)
def test_names_of_devices(agent: str, name: str | None):
    assert device_name(agent) == name
