"""Reports of replies, counts without people, and the guard on an admin's bench."""

import json
from typing import Any

import httpx

from lovechat.bootstrap import Services
from lovechat.services.guardrails import GUARD_VERSION
from tests.support.clock import FakeClock
from tests.support.fake_upstream import FakeUpstream
from tests.support.people import Person, admin_headers

MINOR = "I am 15 years old"


async def admin(client: httpx.AsyncClient, method: str, path: str, **how: Any) -> httpx.Response:
    return await client.request(method, f"/admin{path}", headers=admin_headers(), **how)


async def replied(person: Person) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A conversation of somebody's, their message in it and the reply."""
    conversation = await person.open_conversation()
    await person.say(conversation, "Un secreto")
    said, answer = await person.history(conversation)
    return conversation, said, answer


class TestReports:
    async def test_a_report_shows_the_reply_and_nobody(
        self, client: httpx.AsyncClient, ana: Person, ben: Person
    ):
        conversation, said, answer = await replied(ana)
        path = f"/conversations/{conversation}/messages/{answer['id']}/report"
        body = {"reason": "pressure", "note": "It made leaving hard."}
        assert (await ben.post(path, body)).status_code == 404
        assert (await ana.post(path, body)).status_code == 201
        assert (await ana.post(path, body)).json()["code"] == "already_reported"
        own_words = f"/conversations/{conversation}/messages/{said['id']}/report"
        assert (await ana.post(own_words, body)).status_code == 404

        seen = await admin(client, "GET", "/reports")
        [report] = seen.json()["items"]
        assert (report["reason"], report["note"]) == ("pressure", "It made leaving hard.")
        assert (report["content"], report["character_id"]) == (answer["content"], "luna")
        for private in (ana.id, ana.email, "Ana", conversation, "Un secreto"):
            assert private not in seen.text
        assert (await ben.get("/admin/reports")).status_code == 401

    async def test_it_waits_until_somebody_closes_it(
        self, client: httpx.AsyncClient, ana: Person, clock: FakeClock
    ):
        for _ in range(2):
            conversation, _, answer = await replied(ana)
            await ana.post(
                f"/conversations/{conversation}/messages/{answer['id']}/report", {"reason": "other"}
            )
            clock.advance(minutes=1)
        waiting = (await admin(client, "GET", "/reports")).json()["items"]
        assert [one["created_at"] for one in waiting] == sorted(one["created_at"] for one in waiting)
        closed = await admin(client, "PATCH", f"/reports/{waiting[0]['id']}", json={"outcome": "upheld"})
        assert (closed.json()["outcome"], closed.json()["closed_at"] is None) == ("upheld", False)
        assert [one["id"] for one in (await admin(client, "GET", "/reports")).json()["items"]] == [
            waiting[1]["id"]
        ]
        done = await admin(client, "GET", "/reports", params={"closed": True})
        assert [one["id"] for one in done.json()["items"]] == [waiting[0]["id"]]
        log = (await admin(client, "GET", "/audit")).json()["items"]
        assert [(entry["action"], entry["target_id"]) for entry in log] == [
            ("report.close", waiting[0]["id"])
        ]

    async def test_it_goes_with_the_account_and_outlives_the_conversation(
        self, client: httpx.AsyncClient, ana: Person, ben: Person
    ):
        for person in (ana, ben):
            conversation, _, answer = await replied(person)
            path = f"/conversations/{conversation}/messages/{answer['id']}/report"
            assert (await person.post(path, {"reason": "harm"})).status_code == 201
            gone = await client.delete(f"/conversations/{conversation}", headers=person.headers)
            assert gone.status_code == 204
        assert (await admin(client, "GET", "/reports")).json()["total"] == 2
        exported = (await ana.get("/me/export")).json()["reports"]
        assert [one["reason"] for one in exported] == ["harm"]
        body = {"password": "a long and quiet river"}
        erased = await client.request("DELETE", "/me", json=body, headers=ana.headers)
        assert erased.status_code == 204
        assert (await admin(client, "GET", "/reports")).json()["total"] == 1


class TestCounts:
    async def test_they_count_what_happened_and_name_nobody(
        self, client: httpx.AsyncClient, ana: Person, ben: Person, clock: FakeClock
    ):
        conversation = await ana.open_conversation()
        year = clock().year
        assert (await admin(client, "GET", "/safety/counts")).json() == []
        body = {"conversation_id": conversation, "content": MINOR}
        assert (await ana.post("/chat/stream", body)).json()["code"] == "age_restricted"

        counts = await admin(client, "GET", "/safety/counts")
        assert [(one["count"], one["guard_version"]) for one in counts.json()] == [(1, GUARD_VERSION)]
        report = await admin(client, "GET", "/safety/report", params={"year": year})
        assert report.json()["counts"] == counts.json()
        for private in (ana.id, ana.email, ben.id, MINOR, conversation):
            assert private not in report.text
        before = await admin(client, "GET", "/safety/report", params={"year": year - 1})
        assert before.json()["counts"] == []
        clock.advance(days=40)
        assert (await admin(client, "GET", "/safety/counts")).json() == []


class TestGuardsBench:
    async def test_it_shows_the_verdict_and_what_fired_and_keeps_nothing(
        self, client: httpx.AsyncClient, services: Services, ana: Person
    ):
        verdict = (await admin(client, "POST", "/guard/check", json={"text": MINOR})).json()
        assert (verdict["action"], verdict["guard_version"]) == ("lock", GUARD_VERSION)
        assert verdict["signals"]
        fine = (await admin(client, "POST", "/guard/check", json={"text": "My son turned 15"})).json()
        assert fine["action"] in ("allow", "note")
        persona = {"text": "Nova, 15 years old", "kind": "persona"}
        assert (await admin(client, "POST", "/guard/check", json=persona)).json()["action"] == "block"
        assert (await admin(client, "GET", "/guard/reviews")).json()["total"] == 0
        assert (await admin(client, "GET", "/safety/counts")).json() == []
        assert (await ana.get("/me")).status_code == 200

    async def test_a_doubted_verdict_goes_onto_the_list(self, client: httpx.AsyncClient):
        for text in ("One", "Two"):
            doubted = await admin(client, "POST", "/guard/reviews", json={"text": text, "kind": "reply"})
            assert doubted.status_code == 201
        listed = (await admin(client, "GET", "/guard/reviews")).json()
        assert {one["text"] for one in listed["items"]} == {"One", "Two"}
        assert {(one["kind"], one["action"], one["actor"]) for one in listed["items"]} == {
            ("reply", "allow", "admin-key")
        }
        assert json.dumps(listed).count(GUARD_VERSION) >= 2


class TestBesideTheWaysIn:
    """What is not allowed only with what came before, or by rules that are newer; see `test_ways_in` too."""

    async def test_a_sentence_split_over_turns_is_one(
        self, client: httpx.AsyncClient, ana: Person, ben: Person, upstream: FakeUpstream
    ):
        for person in (ana, ben):
            conversation = await person.open_conversation()
            await person.say(conversation, "I am")
            person.user["conversation"] = conversation
        asked = len(upstream.requests)
        late = {"conversation_id": ana.user["conversation"], "content": "15 years old"}
        assert (await ana.post("/chat/stream", late)).json()["code"] == "age_restricted"
        assert len(upstream.requests) == asked
        assert (await ana.get("/me")).status_code == 403
        assert (await ben.get("/me")).status_code == 200

    async def test_a_character_of_older_rules_is_not_shown_and_says_nothing(
        self, client: httpx.AsyncClient, services: Services, ana: Person, upstream: FakeUpstream
    ):
        conversation = await ana.open_conversation("vera")
        async with services.engine.begin() as connection:
            await connection.exec_driver_sql("UPDATE characters SET name = 'Vera, 15' WHERE id = 'vera'")
            await connection.exec_driver_sql(
                "UPDATE characters SET tone = 'a 15 year old girl' WHERE id = 'vera'"
            )
        assert [one["id"] for one in (await client.get("/characters")).json()] == ["luna"]
        body = {"conversation_id": conversation, "content": "Hola"}
        assert (await ana.post("/chat/stream", body)).json()["code"] == "content_blocked"
        assert upstream.requests == []
