"""What people agree to: written down with its version and time, taken along, gone with the account."""

from hashlib import sha256

import pytest

from lovechat.bootstrap import Services
from lovechat.core.i18n import LANGUAGES, catalogue
from lovechat.core.terms import TERMS_VERSION
from tests.support.browser import browser
from tests.support.people import ADULT, PASSWORD, Person, register
from tests.support.servers import ApiServer

NEW = {"email": "nora@example.org", "password": PASSWORD, "display_name": "Nora", "birthdate": ADULT}
# The texts of each version. Whoever changes a text raises the version and adds a line.
TEXTS = {"1": "25ccea25361127b8cb2255ea53d73e7f4cc924277734b34112f7e66c82ee6a7a"}
# Where the export holds what each table with a person's id keeps; None: it is no data about them.
EXPORTED = {
    "account_marks": "marks",
    "age_attestations": "age_attestation",
    "consents": "consents",
    "conversations": "conversations",
    "notice_clocks": "notice_clock",
    "replies": "conversations",
    "reports": "reports",
    "session_families": None,
    "user_daily_usage": "usage",
    "user_profiles": "profile",
    "user_sessions": None,
}


async def rows(services: Services) -> list[tuple[str, str, str]]:
    """Whose consents are written down, of which kind and version."""
    async with services.engine.connect() as connection:
        found = await connection.exec_driver_sql(
            "SELECT u.email, c.kind, c.text_version FROM consents c"
            " JOIN users u ON u.id = c.user_id ORDER BY 1"
        )
        return [(row["email"], row["kind"], row["text_version"]) for row in found.mappings()]


def test_a_changed_text_has_another_version():
    texts = [
        f"{key}\n{catalogue(language)[key]}"
        for language in LANGUAGES
        for key in sorted(catalogue(language))
        if key.startswith("signup.terms.")
    ]
    assert sha256("\n".join(texts).encode()).hexdigest() == TEXTS[TERMS_VERSION]


async def test_registering_writes_it_down_in_both_ways(server: ApiServer, ana: Person, services: Services):
    async with browser(server.url) as page:
        answer = await page.post("/web/signup", json={**NEW, "terms_version": TERMS_VERSION})
        assert answer.status_code == 204
    assert await rows(services) == sorted(
        (email, "terms", TERMS_VERSION) for email in (ana.email, "nora@example.org")
    )


async def test_an_older_text_is_no_consent(server: ApiServer, services: Services):
    async with browser(server.url) as page:
        answer = await page.post("/web/signup", json={**NEW, "terms_version": "0"})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "terms_version")
        assert (await page.get("/me")).status_code == 401
    assert await rows(services) == []


@pytest.mark.parametrize("fields", [{"birthdate": "2020-01-01"}, {"password": "1234567890"}])
async def test_without_an_account_there_is_none(fields: dict[str, str], ana: Person, services: Services):
    assert (await register(ana.client, email="x@example.org", **fields)).status_code in (403, 422)
    assert [email for email, _, _ in await rows(services)] == [ana.email]


async def test_it_is_in_the_export_and_goes_with_the_account(ana: Person, ben: Person, services: Services):
    for person in (ana, ben):
        (kept,) = (await person.get("/me/export")).json()["consents"]
        assert (kept["kind"], kept["text_version"]) == ("terms", TERMS_VERSION)
        assert kept["created_at"] == person.user["created_at"]
    gone = await ana.client.request("DELETE", "/me", json={"password": PASSWORD}, headers=ana.headers)
    assert gone.status_code == 204
    assert [email for email, _, _ in await rows(services)] == [ben.email]


async def test_the_export_knows_every_table_with_a_persons_id(ana: Person, services: Services):
    async with services.engine.connect() as connection:
        found = await connection.exec_driver_sql(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'user_id'"
        )
        assert {row[0] for row in found.all()} == set(EXPORTED)
    export = (await ana.get("/me/export")).json()
    assert {name for name in EXPORTED.values() if name} <= set(export)


async def test_nobody_changes_their_birthdate(ana: Person, ben: Person, services: Services):
    for person in (ana, ben):
        for body in ({"birthdate": "1980-01-01"}, {"display_name": "New", "birthdate": "1980-01-01"}):
            answer = await person.client.patch("/me", json=body, headers=person.headers)
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
            assert [error["field"] for error in answer.json()["errors"]] == ["birthdate"]
        # Nor in the address, where a careless reader of the request might find it.
        answer = await person.client.patch(
            "/me", json={"language": "en"}, params={"birthdate": "1980-01-01"}, headers=person.headers
        )
        assert answer.json()["birthdate"] == ADULT
    async with services.engine.connect() as connection:
        found = await connection.exec_driver_sql("SELECT DISTINCT birthdate::text FROM user_profiles")
        assert [row[0] for row in found.all()] == [ADULT]
