"""Accounts and tokens over HTTP."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest

from lovechat.bootstrap import Services
from lovechat.services.login_throttle import Limit
from tests.support.clock import FakeClock
from tests.support.people import PASSWORD, Person, make_person, register
from tests.support.races import during_password_check


async def refuse(client: httpx.AsyncClient, status: int, code: str, path: str, body: Any) -> httpx.Response:
    answer = await client.post(path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer


def _wrong(person: Person) -> dict[str, str]:
    return {"email": person.email, "password": "wrong password"}


class TestRegister:
    async def test_the_account_is_answered_without_its_password(self, client: httpx.AsyncClient):
        answer = await register(client, email="  Ana@Example.ORG ", display_name=" Ana ", gender="female")
        assert answer.status_code == 201
        user = answer.json()["user"]
        assert set(user) == {
            "id", "email", "display_name", "birthdate", "gender", "avatar_url", "language", "country",
            "explicit_preference", "created_at"
        }  # fmt: skip
        assert (user["email"], user["display_name"], user["gender"]) == ("ana@example.org", "Ana", "female")
        assert user["avatar_url"] is None
        assert user["created_at"].endswith("Z")

    async def test_an_address_is_taken_once_however_it_is_written(self, client: httpx.AsyncClient):
        assert (await register(client, email="ana@example.org")).status_code == 201
        again = await register(client, email="ANA@example.org ")
        assert (again.status_code, again.json()["code"]) == (409, "email_taken")

    async def test_of_many_at_once_one_gets_the_address(self, client: httpx.AsyncClient):
        answers = await asyncio.gather(*(register(client, email="ana@example.org") for _ in range(8)))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("email", "ana"),
            ("email", "ana@"),
            ("email", ""),
            ("email", 5),
            ("password", "short"),
            ("password", "ñ" * 37),
            ("password", "x" * 73),
            ("password", "1234567890"),
            ("password", "aaaaaaaaaaaa"),
            ("password", "with\0nul in it"),
            ("display_name", ""),
            ("display_name", "   "),
            ("display_name", "x" * 51),
            ("birthdate", "1899-12-31"),
            ("birthdate", "2990-01-01"),
            ("birthdate", "17/05/1990"),
            ("birthdate", "1990-02-30"),
            ("birthdate", 12345),
            ("gender", "unknown"),
            ("is_active", True),
            ("role", "admin"),
        ],
    )
    async def test_a_bad_field_is_named(self, field: str, value: Any, client: httpx.AsyncClient):
        answer = await register(client, **{field: value})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        if field == "password":
            assert value not in answer.text

    async def test_every_bad_field_is_named_at_once(self, client: httpx.AsyncClient):
        answer = await client.post("/auth/register", json={"email": "x", "password": "y"})
        fields = {error["field"] for error in answer.json()["errors"]}
        assert fields == {"email", "password", "display_name", "birthdate"}

    async def test_a_password_of_72_bytes_is_good(self, client: httpx.AsyncClient):
        password = "ñandú" * 9 + "123456789"  # 72 bytes
        assert len(password.encode()) == 72
        answer = await register(client, email="n@example.org", password=password)
        assert answer.status_code == 201
        login = await client.post("/auth/login", json={"email": "n@example.org", "password": password})
        assert login.status_code == 200

    async def test_under_18_nothing_is_stored(self, client: httpx.AsyncClient, services: Services):
        young = (datetime.now(UTC) - timedelta(days=365 * 17)).date().isoformat()
        answer = await register(client, email="kid@example.org", birthdate=young)
        assert (answer.status_code, answer.json()["code"]) == (403, "age_restricted")
        async with services.engine.connect() as connection:
            count = await connection.exec_driver_sql("SELECT count(*) FROM users")
            assert count.scalar_one() == 0

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe"])
    async def test_a_body_that_is_no_object_is_422(self, body: bytes, client: httpx.AsyncClient):
        headers = {"content-type": "application/json"}
        answer = await client.post("/auth/register", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")

    async def test_an_oversized_body_is_413(self, client: httpx.AsyncClient):
        answer = await client.post("/auth/register", content=b"x" * 200_000)
        assert (answer.status_code, answer.json()["code"]) == (413, "request_too_large")

        async def endless():
            for _ in range(400):
                yield b"x" * 1024

        answer = await client.post("/auth/register", content=endless())
        assert answer.status_code == 413


class TestLogin:
    async def test_tokens_open_the_door(self, ana: Person):
        assert ana.tokens["token_type"] == "bearer"
        assert ana.tokens["expires_in"] == 30 * 60
        me = (await ana.get("/me")).json()
        assert me == ana.user

    async def test_unknown_address_and_wrong_password_look_alike(self, ana: Person):
        wrong = await refuse(
            ana.client, 401, "invalid_credentials", "/auth/login", {"email": ana.email, "password": "x"}
        )
        unknown = await refuse(
            ana.client,
            401,
            "invalid_credentials",
            "/auth/login",
            {"email": "no@example.org", "password": "x"},
        )
        too_long = await refuse(
            ana.client,
            401,
            "invalid_credentials",
            "/auth/login",
            {"email": ana.email, "password": PASSWORD + "x" * 100},
        )
        assert wrong.json() == unknown.json() == too_long.json()
        assert wrong.headers.keys() == unknown.headers.keys()

    async def test_guessing_is_slowed_down_and_the_right_password_waits_too(
        self, ana: Person, ben: Person, clock: FakeClock
    ):
        bad = {"email": ana.email, "password": "wrong password"}
        answers = [await ana.client.post("/auth/login", json=bad) for _ in range(7)]
        assert [a.status_code for a in answers] == [401] * 5 + [429] * 2
        assert answers[-1].json()["code"] == "too_many_attempts"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 30
        good = {"email": ana.email, "password": PASSWORD}
        assert (await ana.client.post("/auth/login", json=good)).status_code == 429
        assert (await ana.get("/me")).status_code == 200  # who is in stays in
        await ben.login()
        clock.advance(seconds=31)
        assert (await ana.client.post("/auth/login", json=good)).status_code == 200

    async def test_parallel_guesses_are_no_better(self, ana: Person):
        bad = {"email": ana.email, "password": "wrong password"}
        answers = await asyncio.gather(*(ana.client.post("/auth/login", json=bad) for _ in range(30)))
        assert sum(a.status_code == 401 for a in answers) <= 5

    async def test_success_forgets_earlier_failures(self, ana: Person):
        for _ in range(3):
            for _ in range(4):
                await ana.client.post("/auth/login", json={"email": ana.email, "password": "wrong one"})
            await ana.login()

    async def test_good_logins_shut_nobody_out_however_many_there_are_at_once(
        self, ana: Person, ben: Person, services: Services, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("lovechat.services.login_throttle.ADDRESS", Limit("address", 6))
        for _ in range(4):
            await refuse(ana.client, 401, "invalid_credentials", "/auth/login", _wrong(ana))
        # While two good ones are checked, the address has as many attempts as it may have failures.
        during_password_check(services, monkeypatch, ben.login)
        await ana.login()
        await ana.login()
        for _ in range(2):
            await refuse(ana.client, 401, "invalid_credentials", "/auth/login", _wrong(ben))
        await refuse(ana.client, 429, "too_many_attempts", "/auth/login", _wrong(ben))
        await refuse(ana.client, 429, "too_many_attempts", "/auth/login", _wrong(ana))

    async def test_of_good_logins_nothing_is_counted_on(self, ana: Person, ben: Person, services: Services):
        await refuse(ana.client, 401, "invalid_credentials", "/auth/login", _wrong(ben))
        for _ in range(3):
            await ana.login()
        async with services.engine.connect() as connection:
            rows = await connection.exec_driver_sql("SELECT failures FROM login_throttles")
            assert [row.failures for row in rows] == [1, 1, 1]  # Ben's account, the address, and both

    async def test_the_throttle_lives_in_the_database(self, ana: Person, services: Services):
        for _ in range(5):
            await ana.client.post("/auth/login", json={"email": ana.email, "password": "wrong one"})
        async with services.engine.connect() as connection:
            rows = (await connection.exec_driver_sql("SELECT key, failures FROM login_throttles")).all()
        assert max(row.failures for row in rows) >= 5
        assert all(ana.email not in row.key for row in rows)


class TestRefresh:
    async def test_a_token_is_exchanged_once(self, ana: Person):
        old = ana.tokens["refresh_token"]
        answer = await ana.client.post("/auth/refresh", json={"refresh_token": old})
        assert answer.status_code == 200
        fresh = answer.json()
        assert fresh["refresh_token"] != old
        await refuse(ana.client, 401, "invalid_refresh_token", "/auth/refresh", {"refresh_token": old})
        # Within the grace the new one still holds: it was the other tab.
        ana.tokens = fresh
        assert (await ana.get("/me")).status_code == 200
        again = await ana.client.post("/auth/refresh", json={"refresh_token": fresh["refresh_token"]})
        assert again.status_code == 200

    async def test_two_tabs_at_once_log_nobody_out(self, ana: Person):
        body = {"refresh_token": ana.tokens["refresh_token"]}
        answers = await asyncio.gather(*(ana.client.post("/auth/refresh", json=body) for _ in range(20)))
        winners = [a for a in answers if a.status_code == 200]
        assert len(winners) == 1
        assert {a.json()["code"] for a in answers if a.status_code != 200} == {"invalid_refresh_token"}
        ana.tokens = winners[0].json()
        assert (await ana.get("/me")).status_code == 200

    async def test_a_stolen_token_ends_the_whole_family(self, ana: Person, ben: Person, clock: FakeClock):
        stolen = ana.tokens["refresh_token"]
        fresh = (await ana.client.post("/auth/refresh", json={"refresh_token": stolen})).json()
        other_device = await Person(ana.client, ana.email, ana.user).login()
        clock.advance(seconds=11)
        await refuse(ana.client, 401, "invalid_refresh_token", "/auth/refresh", {"refresh_token": stolen})
        body = {"refresh_token": fresh["refresh_token"]}
        await refuse(ana.client, 401, "invalid_refresh_token", "/auth/refresh", body)
        ana.tokens = fresh
        assert (await ana.get("/me")).status_code == 401
        assert (await other_device.get("/me")).status_code == 200
        assert (await ben.get("/me")).status_code == 200

    async def test_tokens_are_no_good_in_each_others_place(self, ana: Person):
        access, refresh = ana.tokens["access_token"], ana.tokens["refresh_token"]
        await refuse(ana.client, 401, "invalid_refresh_token", "/auth/refresh", {"refresh_token": access})
        me = await ana.client.get("/me", headers={"Authorization": f"Bearer {refresh}"})
        assert (me.status_code, me.json()["code"]) == (401, "not_authenticated")

    async def test_tokens_end_in_time(self, ana: Person, clock: FakeClock):
        now = datetime.now(UTC)
        access = jwt.decode(ana.tokens["access_token"], options={"verify_signature": False})
        refresh = jwt.decode(ana.tokens["refresh_token"], options={"verify_signature": False})
        assert access["exp"] - now.timestamp() == pytest.approx(30 * 60, abs=30)
        assert refresh["exp"] - now.timestamp() == pytest.approx(30 * 86400, abs=30)
        assert {"exp", "iat", "iss", "aud", "sub", "jti", "typ"} <= set(access)

    async def test_no_token_is_kept_in_clear(self, ana: Person, services: Services):
        async with services.engine.connect() as connection:
            rows = (await connection.exec_driver_sql("SELECT * FROM user_sessions")).all()
        assert rows
        assert ana.tokens["refresh_token"] not in str(rows)


class TestLogout:
    async def test_the_session_dies_with_its_access_tokens(self, ana: Person, ben: Person):
        other_device = await Person(ana.client, ana.email, ana.user).login()
        body = {"refresh_token": ana.tokens["refresh_token"]}
        for _ in range(2):  # idempotent
            assert (await ana.client.post("/auth/logout", json=body)).status_code == 204
        gone = await ana.get("/me")
        assert (gone.status_code, gone.json()["code"]) == (401, "not_authenticated")
        await refuse(ana.client, 401, "invalid_refresh_token", "/auth/refresh", body)
        assert (await other_device.get("/me")).status_code == 200
        assert (await ben.get("/me")).status_code == 200

    async def test_garbage_is_no_error(self, client: httpx.AsyncClient):
        assert (await client.post("/auth/logout", json={"refresh_token": "x"})).status_code == 204


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x.y.z", "Basic YTpi", "Token abc", "Bearer é"],
)
async def test_no_or_a_bad_token_is_401(header: str, client: httpx.AsyncClient):
    answer = await client.get("/me", headers={b"Authorization": header.encode()} if header else {})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_same_answer_takes_the_same_work(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    import bcrypt

    person = await make_person(client)
    checked = []
    real = bcrypt.checkpw
    monkeypatch.setattr("bcrypt.checkpw", lambda given, kept: checked.append(kept) or real(given, kept))
    for email in (person.email, "nobody@example.org"):
        await client.post("/auth/login", json={"email": email, "password": "wrong one"})
    assert len(checked) == 2
    assert checked[0][:7] == checked[1][:7]  # the same algorithm and cost
