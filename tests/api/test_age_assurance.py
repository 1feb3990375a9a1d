"""With `AGE_ASSURANCE=external_required` nothing reaches a model before a verifier has spoken."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from lovechat.bootstrap import Services, build_services
from lovechat.core.settings import Settings
from tests.conftest import BCRYPT_ROUNDS, Database
from tests.support.clock import FakeClock
from tests.support.fake_upstream import FakeUpstream, say
from tests.support.fake_verifier import FakeVerifier
from tests.support.people import PASSWORD, Person, admin_headers

PATH = "/me/age-check"


@pytest.fixture
def verifier() -> FakeVerifier:
    return FakeVerifier()


@pytest.fixture
async def services(
    database: Database,
    shared_database: str,
    settings: Settings,
    clock: FakeClock,
    verifier: FakeVerifier,
    shown_at_once: None,
) -> AsyncIterator[Services]:
    """The services of a server that asks a verifier."""
    database.empty(shared_database)
    built = build_services(
        settings, shared_database, verifier=verifier, clock=clock, bcrypt_rounds=BCRYPT_ROUNDS
    )
    await built.open()
    yield built
    await built.close(drain_seconds=0)


async def prove(person: Person, verifier: FakeVerifier, *, over_18: bool = True) -> httpx.Response:
    """Go through the check and hand in the proof."""
    begun = await person.post(PATH)
    assert begun.status_code == 200, begun.text
    return await hand_in(person, verifier.go_through(begun.json()["url"], over_18=over_18))


async def hand_in(person: Person, proof: str) -> httpx.Response:
    return await person.client.put(PATH, json={"proof": proof}, headers=person.headers)


async def attempts(person: Person, conversation: str) -> list[httpx.Response]:
    """Every way in which a person's words could reach a model."""
    return [
        await person.post("/chat/stream", {"conversation_id": conversation, "content": "Hola"}),
        await person.post(f"/conversations/{conversation}/messages", {"content": "Hola"}),
        await person.post(f"/conversations/{conversation}/retry"),
    ]


async def attested(services: Services) -> list[dict[str, Any]]:
    async with services.engine.connect() as connection:
        found = await connection.exec_driver_sql("SELECT * FROM age_attestations")
        return [dict(row) for row in found.mappings()]


async def test_nothing_reaches_a_model_without_a_verifiers_word(
    ana: Person, ben: Person, verifier: FakeVerifier, upstream: FakeUpstream
):
    assert (await prove(ben, verifier)).status_code == 200
    conversation = await ana.open_conversation()
    for answer in await attempts(ana, conversation):
        assert (answer.status_code, answer.json()["code"]) == (403, "age_restricted")
        assert answer.json()["needs"] == "age_check"
    assert upstream.requests == []
    assert await ana.history(conversation) == []
    # Ben's word is his own, and what is one's own may be read and taken along all the while.
    assert (await ben.say(await ben.open_conversation()))[-1].name == "done"
    assert (await ana.get("/me/export")).status_code == 200


async def test_its_word_opens_the_way_until_it_expires(
    ana: Person, verifier: FakeVerifier, upstream: FakeUpstream, clock: FakeClock
):
    assert (await ana.get(PATH)).json() == {"required": True, "issuer": "Agecheck", "attestation": None}
    assert (await prove(ana, verifier)).json()["over_18"] is True
    assert (await ana.get(PATH)).json()["required"] is False
    conversation = await ana.open_conversation()
    upstream.will(say("Hola"))
    assert (await ana.say(conversation))[-1].name == "done"
    clock.advance(days=366)
    await ana.login()
    for answer in await attempts(ana, conversation):
        assert answer.json()["needs"] == "age_check"
    assert (await ana.get(PATH)).json()["required"] is True
    assert len(upstream.requests) == 1


async def test_nobody_uses_anothers_proof(ana: Person, ben: Person, verifier: FakeVerifier):
    begun = await ben.post(PATH)
    proof = verifier.go_through(begun.json()["url"], over_18=True)
    for stolen in (proof, "nonsense"):
        answer = await hand_in(ana, stolen)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "proof")
    assert (await ana.get(PATH)).json()["required"] is True
    assert (await hand_in(ben, proof)).status_code == 200


async def test_a_proof_that_has_expired_opens_nothing(ana: Person, verifier: FakeVerifier, clock: FakeClock):
    begun = await ana.post(PATH)
    proof = verifier.go_through(begun.json()["url"], over_18=True)
    clock.advance(days=366)
    await ana.login()
    assert (await hand_in(ana, proof)).status_code == 422
    assert (await ana.get(PATH)).json()["attestation"] is None


async def test_no_document_is_kept_and_the_verifier_learns_no_name(
    ana: Person, verifier: FakeVerifier, services: Services
):
    begun = await ana.post(PATH)
    url = begun.json()["url"]
    assert ana.email not in url
    assert ana.id not in url
    await prove(ana, verifier)
    (row,) = await attested(services)
    assert set(row) == {"user_id", "over_18", "issuer", "verified_at", "expires_at"}
    exported = (await ana.get("/me/export")).json()["age_attestation"]
    assert (exported["over_18"], exported["issuer"]) == (True, "Agecheck")
    await ana.client.request("DELETE", "/me", json={"password": PASSWORD}, headers=ana.headers)
    assert await attested(services) == []


async def test_whoever_is_attested_to_be_a_minor_is_stopped(
    ana: Person, ben: Person, verifier: FakeVerifier, services: Services, upstream: FakeUpstream
):
    await prove(ben, verifier)
    answer = await prove(ana, verifier, over_18=False)
    assert (answer.status_code, answer.json()["code"]) == (403, "age_restricted")
    assert (await ana.get("/me")).json()["code"] == "account_inactive"
    shown = await ana.client.get(f"/admin/users/{ana.id}", headers=admin_headers())
    assert shown.json()["review_reason"] == "age_review"
    assert (await ben.get("/me")).status_code == 200
    # The review alone does not make anybody older.
    await ana.client.patch(f"/admin/users/{ana.id}/active", json={"is_active": True}, headers=admin_headers())
    await ana.login()
    for refused in await attempts(ana, await ana.open_conversation()):
        assert refused.json()["code"] == "age_restricted"
    assert upstream.requests == []


async def test_a_verifier_that_is_away_lets_nobody_in(ana: Person, verifier: FakeVerifier):
    verifier.away = True
    for answer in (await ana.post(PATH), await hand_in(ana, "anything")):
        assert (answer.status_code, answer.json()["code"]) == (503, "age_check_unavailable")
    assert (await attempts(ana, await ana.open_conversation()))[0].json()["code"] == "age_restricted"


class TestDeclared:
    """Where a typed birthdate is enough."""

    @pytest.fixture
    def verifier(self) -> None:
        return None

    async def test_there_is_no_check(self, ana: Person, ben: Person):
        for person in (ana, ben):
            assert (await person.get(PATH)).json() == {
                "required": False,
                "issuer": None,
                "attestation": None,
            }
            for answer in (await person.post(PATH), await hand_in(person, "anything")):
                assert (answer.status_code, answer.json()["code"]) == (409, "age_check_off")
            assert (await person.say(await person.open_conversation()))[-1].name == "done"
