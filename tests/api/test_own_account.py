"""What people do with their own account: change it, take it along, erase it."""

import re
from typing import Any

import pytest

from lovechat.bootstrap import Services
from tests.api.test_me import picture, stored, upload
from tests.support.browser import browser, sign_in
from tests.support.fake_upstream import FakeUpstream, say
from tests.support.people import PASSWORD, Person
from tests.support.races import just_before
from tests.support.servers import ApiServer

OTHER = "another quiet long river"


async def erase(person: Person, password: str) -> Any:
    return await person.client.request("DELETE", "/me", json={"password": password}, headers=person.headers)


async def change_password(person: Person, current: str, new: str) -> Any:
    body = {"current_password": current, "new_password": new}
    return await person.client.put("/me/password", json=body, headers=person.headers)


class TestProfile:
    async def test_name_and_language_change_for_one_person(self, ana: Person, ben: Person):
        answer = await ana.client.patch("/me", json={"display_name": " Anna "}, headers=ana.headers)
        assert answer.json() == {**ana.user, "display_name": "Anna"}
        answer = await ana.client.patch("/me", json={"language": "es"}, headers=ana.headers)
        assert (await ana.get("/me")).json() == {**ana.user, "display_name": "Anna", "language": "es"}
        assert (await ben.get("/me")).json() == ben.user

    @pytest.mark.parametrize(
        "body",
        [
            {"display_name": ""},
            {"display_name": "x" * 51},
            {"display_name": None},
            {"language": "fr"},
            {"birthdate": "1980-01-01"},
        ],
    )
    async def test_what_cannot_be_is_refused(self, ana: Person, body: dict[str, Any]):
        answer = await ana.client.patch("/me", json=body, headers=ana.headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert (await ana.get("/me")).json() == ana.user

    async def test_the_model_speaks_the_persons_language(
        self, ana: Person, ben: Person, upstream: FakeUpstream
    ):
        await ana.client.patch("/me", json={"language": "es"}, headers=ana.headers)
        for person, expected in ((ana, "español"), (ben, "English")):
            await person.say(await person.open_conversation(), "ok")
            assert expected in str(upstream.requests[-1])

    async def test_a_picture_can_be_removed(self, ana: Person, ben: Person, settings: Any):
        await upload(ana, picture())
        await upload(ben, picture())
        answer = await ana.client.delete("/me/avatar", headers=ana.headers)
        assert answer.json()["avatar_url"] is None
        assert (await ben.get("/me")).json()["avatar_url"] is not None
        assert len(stored(settings)) == 1
        assert (await ana.client.delete("/me/avatar", headers=ana.headers)).status_code == 200


class TestPassword:
    async def test_the_new_one_counts_and_other_sign_ins_end(
        self, server: ApiServer, ana: Person, ben: Person
    ):
        async with browser(server.url) as page:
            await sign_in(page, ana)
            assert (await change_password(ana, PASSWORD, OTHER)).status_code == 204
            assert (await ana.get("/me")).status_code == 200
            assert (await page.get("/me")).status_code == 401
            assert (await sign_in(page, ana)).json()["code"] == "invalid_credentials"
            assert (await sign_in(page, ana, OTHER)).status_code == 204
            assert (await sign_in(page, ben)).status_code == 204

    @pytest.mark.parametrize(
        ("current", "new", "field"),
        [
            ("wrong", OTHER, "current_password"),
            (PASSWORD, "short", "new_password"),
            (PASSWORD, "password123", "new_password"),
        ],
    )
    async def test_what_is_wrong_is_said_at_its_field(self, ana: Person, current: str, new: str, field: str):
        answer = await change_password(ana, current, new)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
        assert await ana.login()

    async def test_guessing_the_present_one_is_throttled(self, ana: Person):
        codes = [(await change_password(ana, "wrong", OTHER)).json()["code"] for _ in range(8)]
        assert codes[-1] == "too_many_attempts"


async def test_usage_by_day_ends_today_and_has_no_gaps(ana: Person, ben: Person, upstream: FakeUpstream):
    upstream.will(say("x" * 40))
    await ana.say(await ana.open_conversation())
    days = (await ana.get("/me/usage/daily", params={"days": 30})).json()
    assert len(days) == 30
    assert [day["units_used"] for day in days] == [0] * 29 + [10]
    assert days[-1]["date"] > days[0]["date"]
    assert sum(day["units_used"] for day in (await ben.get("/me/usage/daily")).json()) == 0
    assert (await ana.get("/me/usage/daily", params={"days": 0})).status_code == 422


async def test_the_export_holds_everything_of_one_person(ana: Person, ben: Person):
    conversation = await ana.open_conversation()
    await ana.say(conversation, "Only Ana said this")
    await ben.say(await ben.open_conversation(), "Only Ben said this")
    answer = await ana.get("/me/export")
    assert answer.headers["content-disposition"].startswith('attachment; filename="love-chat-')
    data = answer.json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", data["exported_at"])
    assert data["profile"] == ana.user
    (kept,) = data["conversations"]
    assert kept["id"] == conversation
    assert [(message["role"], message["generated_by"]) for message in kept["messages"]] == [
        ("user", None),
        ("assistant", "ai"),
    ]
    assert kept["messages"][0]["content"] == "Only Ana said this"
    assert data["usage"][0]["units_used"] > 0
    assert "Only Ben" not in answer.text
    assert "password" not in answer.text


@pytest.mark.parametrize("table", ["user_daily_usage", "conversations", "messages"])
async def test_the_export_is_of_one_moment(ana: Person, ben: Person, services: Services, table: str):
    await ana.say(await ana.open_conversation(), "What was there")
    before = (await ana.get("/me/export")).json()
    arriving = """
        WITH talk AS (
            INSERT INTO conversations (id, user_id, character_id, character_version, title, created_at)
            SELECT gen_random_uuid(), user_id, character_id, character_version, 'Late', now()
            FROM conversations WHERE user_id = %s RETURNING id, user_id
        ), usage AS (
            UPDATE user_daily_usage d SET units_used = 9999 FROM talk WHERE d.user_id = talk.user_id
        )
        INSERT INTO messages (id, conversation_id, role, content, status, created_at)
        SELECT gen_random_uuid(), id, 'user', 'Late', 'complete', now() FROM talk
    """
    with just_before(services, f"FROM {table}", arriving, ana.id) as arrived:
        answer = await ana.get("/me/export")
    assert arrived
    data = answer.json()
    assert {**data, "exported_at": None} == {**before, "exported_at": None}
    assert "Late" in (await ana.get("/me/export")).text
    assert (await ben.get("/me/export")).json()["conversations"] == []
    assert await ana.open_conversation()  # connections go back as they were: they may write


class TestErase:
    async def test_nothing_is_left_and_nobody_else_is_touched(
        self, ana: Person, ben: Person, services: Services, settings: Any
    ):
        for person in (ana, ben):
            await upload(person, picture())
            await person.say(await person.open_conversation())
        assert (await erase(ana, PASSWORD)).status_code == 204
        assert (await ana.get("/me")).status_code == 401
        async with services.engine.connect() as connection:
            tables = await connection.exec_driver_sql(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
                " AND column_name IN ('user_id', 'email') OR (table_name = 'users' AND column_name = 'id')"
            )
            for row in tables.all():
                table, column = row._mapping.values()
                value = ana.email if column == "email" else ana.id
                found = await connection.exec_driver_sql(
                    f'SELECT count(*) FROM "{table}" WHERE "{column}"::text = %(value)s', {"value": value}
                )
                assert found.scalar_one() == 0, table
        assert len(stored(settings)) == 1
        assert (await ben.get("/me")).status_code == 200
        assert (await ben.get("/conversations")).json()["total"] == 1

    async def test_it_needs_the_password(self, ana: Person):
        answer = await erase(ana, "wrong")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "password")
        assert (await ana.get("/me")).status_code == 200

    async def test_a_reply_that_is_being_written_ends(
        self, ana: Person, upstream: FakeUpstream, services: Services
    ):
        upstream.will(say("word " * 50, between=0.1))
        conversation = await ana.open_conversation()
        async with ana.sending(conversation) as stream:
            await anext(stream)
            assert (await erase(ana, PASSWORD)).status_code == 204
            names = [event.name async for event in stream]
        assert names[-1] == "error"
        assert services.keeper.live_count == 0
