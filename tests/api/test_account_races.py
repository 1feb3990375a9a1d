"""Requests that cross each other: what was true when one began need not be true when it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from lovechat.bootstrap import Services
from lovechat.core.errors import LoveChatError
from lovechat.schemas.accounts import UpdateMe
from tests.api.test_own_account import OTHER, change_password, erase
from tests.support.browser import COOKIE, browser, sign_in
from tests.support.people import PASSWORD, Person, admin_headers
from tests.support.races import during_password_check, just_before, other_connection, waiting_for_locks
from tests.support.servers import ApiServer

Change = Callable[[Person], Awaitable[httpx.Response]]


async def deactivate(person: Person) -> httpx.Response:
    path = f"/admin/users/{person.id}/active"
    return await person.client.patch(path, json={"is_active": False}, headers=admin_headers())


async def change(person: Person) -> httpx.Response:
    return await change_password(person, PASSWORD, OTHER)


async def erase_account(person: Person) -> httpx.Response:
    return await erase(person, PASSWORD)


async def say_to_be_a_minor(person: Person) -> httpx.Response:
    conversation = await person.open_conversation()
    answer = await person.post(f"/conversations/{conversation}/messages", {"content": "I am 15 years old"})
    assert answer.json()["code"] == "age_restricted"
    return answer


async def open_sign_ins(services: Services, person: Person) -> int:
    async with services.engine.connect() as connection:
        found = await connection.exec_driver_sql(
            "SELECT count(*) FROM session_families WHERE user_id = %(id)s AND revoked_at IS NULL",
            {"id": person.id},
        )
        return found.scalar_one()


async def log_in(person: Person, password: str = PASSWORD) -> httpx.Response:
    return await person.client.post("/auth/login", json={"email": person.email, "password": password})


class TestLogin:
    """The check of a password is slow; what it opens is asked for again."""

    @pytest.mark.parametrize("where", ["program", "browser"])
    @pytest.mark.parametrize(
        ("meanwhile", "refusal"),
        [
            (change, (401, "invalid_credentials")),
            (erase_account, (401, "invalid_credentials")),
            (deactivate, (403, "account_inactive")),
            (say_to_be_a_minor, (403, "account_inactive")),
        ],
    )
    async def test_what_happened_meanwhile_counts(
        self,
        where: str,
        meanwhile: Change,
        refusal: tuple[int, str],
        server: ApiServer,
        ana: Person,
        ben: Person,
        services: Services,
        monkeypatch: pytest.MonkeyPatch,
    ):
        left: list[int] = []

        async def happen() -> None:
            await meanwhile(ana)
            left.append(await open_sign_ins(services, ana))

        during_password_check(services, monkeypatch, happen)
        async with browser(server.url) as page:
            answer = await (sign_in(page, ana) if where == "browser" else log_in(ana))
            assert (answer.status_code, answer.json()["code"]) == refusal
            assert COOKIE not in page.cookies
            assert (await sign_in(page, ben)).status_code == 204
        assert [await open_sign_ins(services, ana)] == left

    async def test_it_waits_for_a_change_that_is_under_way(
        self, ana: Person, ben: Person, services: Services
    ):
        async with other_connection(services) as other:
            await other.execute("UPDATE users SET password_hash = 'x' WHERE id = %s", (ana.id,))
            login = asyncio.create_task(log_in(ana))
            await waiting_for_locks(services, 1)
            assert (await log_in(ben)).status_code == 200
            await other.commit()
            assert (await login).json()["code"] == "invalid_credentials"
        assert await open_sign_ins(services, ana) == 1

    async def test_many_at_once_all_succeed(self, ana: Person, ben: Person):
        answers = await asyncio.gather(*(log_in(person) for person in (ana, ben) * 4))
        assert [answer.status_code for answer in answers] == [200] * 8


class TestPassword:
    async def test_of_two_changes_at_once_one_counts(
        self, ana: Person, ben: Person, services: Services, monkeypatch: pytest.MonkeyPatch
    ):
        elsewhere = await Person(ana.client, ana.email, ana.user).login()
        during_password_check(services, monkeypatch, lambda: change(elsewhere))
        answer = await change_password(ana, PASSWORD, "a third and quiet river")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "current_password"
        assert (await ana.get("/me")).status_code == 401
        assert (await elsewhere.get("/me")).status_code == 200
        assert [(await log_in(ana, word)).status_code for word in (OTHER, PASSWORD)] == [200, 401]
        assert (await log_in(ben)).status_code == 200

    @pytest.mark.parametrize(
        ("meanwhile", "refusal"),
        [(erase_account, (401, "not_authenticated")), (deactivate, (403, "account_inactive"))],
    )
    async def test_an_account_that_was_shut_meanwhile_keeps_its_password(
        self,
        meanwhile: Change,
        refusal: tuple[int, str],
        ana: Person,
        ben: Person,
        services: Services,
        monkeypatch: pytest.MonkeyPatch,
    ):
        during_password_check(services, monkeypatch, lambda: meanwhile(ana))
        answer = await change(ana)
        assert (answer.status_code, answer.json()["code"]) == refusal
        assert (await log_in(ana, OTHER)).json()["code"] == "invalid_credentials"
        assert (await log_in(ben)).status_code == 200


class TestErase:
    async def test_an_old_password_erases_nothing(
        self, ana: Person, ben: Person, services: Services, monkeypatch: pytest.MonkeyPatch
    ):
        during_password_check(services, monkeypatch, lambda: change(ana))
        answer = await erase_account(ana)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "password")
        assert (await ana.get("/me")).status_code == 200
        assert (await ben.get("/me")).status_code == 200

    @pytest.mark.parametrize(
        ("meanwhile", "refusal"),
        [(erase_account, (401, "not_authenticated")), (deactivate, (403, "account_inactive"))],
    )
    async def test_an_account_that_was_shut_meanwhile(
        self,
        meanwhile: Change,
        refusal: tuple[int, str],
        ana: Person,
        ben: Person,
        services: Services,
        monkeypatch: pytest.MonkeyPatch,
    ):
        during_password_check(services, monkeypatch, lambda: meanwhile(ana))
        answer = await erase_account(ana)
        assert (answer.status_code, answer.json()["code"]) == refusal
        assert (await ben.get("/me")).status_code == 200

    async def test_the_next_owner_of_the_address_is_somebody_else(
        self, ana: Person, ben: Person, services: Services
    ):
        person = await services.accounts.identify(ana.tokens["access_token"])
        await erase_account(ana)
        new = {"email": ana.email, "password": PASSWORD, "display_name": "Nora", "birthdate": "1990-01-01"}
        assert (await ana.client.post("/auth/register", json=new)).status_code == 201
        with pytest.raises(LoveChatError, match="not_authenticated"):
            await services.personal_data.erase(person, PASSWORD, "192.0.2.1")
        assert (await log_in(ana)).status_code == 200
        assert (await ben.get("/me")).status_code == 200

    async def test_a_refresh_under_way_comes_to_its_end(self, ana: Person, ben: Person, services: Services):
        async with other_connection(services) as other:
            await other.execute("SELECT FROM session_families WHERE user_id = %s FOR UPDATE", (ana.id,))
            token = {"refresh_token": ana.tokens["refresh_token"]}
            refresh = asyncio.create_task(ana.client.post("/auth/refresh", json=token))
            await waiting_for_locks(services, 1)
            erasure = asyncio.create_task(erase_account(ana))
            await waiting_for_locks(services, 2)
            await other.commit()
            assert (await refresh).status_code == 200
            assert (await erasure).status_code == 204
        assert (await ana.client.post("/auth/refresh", json=token)).status_code == 401
        assert (await ben.get("/me")).status_code == 200

    async def test_a_refresh_that_comes_too_late_is_refused(
        self, ana: Person, ben: Person, services: Services
    ):
        async with other_connection(services) as other:
            await other.execute("DELETE FROM users WHERE id = %s", (ana.id,))
            token = {"refresh_token": ana.tokens["refresh_token"]}
            refresh = asyncio.create_task(ana.client.post("/auth/refresh", json=token))
            await waiting_for_locks(services, 1)
            await other.commit()
            answer = await refresh
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_refresh_token")
        assert (await ben.get("/me")).status_code == 200

    @pytest.mark.parametrize(
        ("first", "then"),
        [
            pytest.param(
                "SELECT FROM conversations WHERE user_id = %s FOR NO KEY UPDATE",
                "INSERT INTO user_daily_usage (user_id, date, units_used) VALUES (%s, '2020-01-01', 0)",
                id="a turn that begins",
            ),
            pytest.param(
                "UPDATE user_daily_usage SET units_used = 5 WHERE user_id = %s",
                "UPDATE replies SET finished_at = now() WHERE user_id = %s",
                id="a reply that ends",
            ),
            pytest.param(
                "UPDATE replies SET heartbeat_at = now() WHERE user_id = %s",
                "UPDATE messages m SET units = 1 FROM replies r WHERE m.id = message_id AND user_id = %s",
                id="a reply that is saved",
            ),
            pytest.param(
                "UPDATE session_families SET last_seen_at = now() WHERE user_id = %s",
                "UPDATE user_sessions SET revoked_at = now() WHERE user_id = %s",
                id="a sign-in that ends",
            ),
        ],
    )
    async def test_it_waits_for_what_is_under_way_and_not_in_a_circle(
        self, first: str, then: str, ana: Person, ben: Person, services: Services
    ):
        await ana.say(await ana.open_conversation())
        statements: list[Any] = [(first.encode(), (ana.id,)), (then.encode(), (ana.id,))]
        async with other_connection(services) as other:
            await other.execute(*statements[0])
            erasure = asyncio.create_task(erase_account(ana))
            await waiting_for_locks(services, 1)
            await other.execute(*statements[1])
            await other.commit()
            assert (await erasure).status_code == 204
        assert (await ana.get("/me")).status_code == 401
        assert (await ben.get("/me")).status_code == 200


class TestTooLate:
    """A request of somebody whose account was erased since they were recognised."""

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ("DELETE FROM users WHERE id = %s", (401, "not_authenticated")),
            ("DELETE FROM characters WHERE id = 'luna' AND %s <> ''", (404, "character_not_found")),
        ],
    )
    async def test_a_conversation_of_nobody_or_with_nobody(
        self, change: str, refusal: tuple[int, str], ana: Person, ben: Person, services: Services
    ):
        with just_before(services, "INSERT INTO conversations", change, ana.id) as happened:
            answer = await ana.post("/conversations", {"character_id": "luna"})
        assert happened
        assert (answer.status_code, answer.json()["code"]) == refusal
        assert await ben.open_conversation("vera")

    async def test_nothing_is_changed_or_told(self, ana: Person, ben: Person, services: Services):
        person = await services.accounts.identify(ana.tokens["access_token"])
        other = await services.accounts.identify(ben.tokens["access_token"])
        await erase_account(ana)
        for request in (
            lambda who: services.accounts.update(who, UpdateMe(display_name="Anna")),
            services.avatars.remove,
            services.personal_data.export,
            lambda who: services.conversations.create(who, "luna"),
        ):
            with pytest.raises(LoveChatError) as refused:
                await request(person)
            assert refused.value.code == "not_authenticated"
            assert await request(other)
