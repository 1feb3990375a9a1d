"""Pictures that change while something else happens: no file is left behind, none is missing."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from lovechat.bootstrap import Services
from lovechat.core.settings import Settings
from lovechat.services.accounts import Accounts
from lovechat.services.storage import LocalStorageBackend
from tests.api.test_me import picture, stored, upload
from tests.api.test_own_account import erase
from tests.support.people import PASSWORD, Person
from tests.support.races import during_password_check, just_before


def after_saving(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], Awaitable[Any]]) -> None:
    """Let `meanwhile` happen between the next saving of a file and what follows from it."""
    save = LocalStorageBackend.save

    async def slow(self: LocalStorageBackend, key: str, data: bytes, content_type: str) -> str:
        url = await save(self, key, data, content_type)
        monkeypatch.setattr(LocalStorageBackend, "save", save)
        await meanwhile()
        return url

    monkeypatch.setattr(LocalStorageBackend, "save", slow)


async def is_tidy(settings: Settings, *people: Person) -> bool:
    """Whether the files are just those that these people's profiles refer to."""
    urls = [(await person.get("/me")).json()["avatar_url"] for person in people]
    return sorted(url.rsplit("/", 1)[1] for url in urls if url) == sorted(f.name for f in stored(settings))


async def test_an_upload_to_an_erased_account_leaves_no_file(
    ana: Person, ben: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    for person in (ana, ben):
        await upload(person, picture())
    after_saving(monkeypatch, lambda: erase(ana, PASSWORD))
    answer = await upload(ana, picture())
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert len(stored(settings)) == 1
    assert await is_tidy(settings, ben)


async def test_an_erasure_takes_the_picture_that_came_meanwhile(
    ana: Person, ben: Person, settings: Settings, services: Services, monkeypatch: pytest.MonkeyPatch
):
    for person in (ana, ben):
        await upload(person, picture())
    during_password_check(services, monkeypatch, lambda: upload(ana, picture()))
    assert (await erase(ana, PASSWORD)).status_code == 204
    assert len(stored(settings)) == 1
    assert await is_tidy(settings, ben)


async def test_of_two_uploads_at_once_the_later_stays(
    ana: Person, ben: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    for person in (ana, ben):
        await upload(person, picture())
    after_saving(monkeypatch, lambda: upload(ana, picture()))
    answer = await upload(ana, picture())
    assert answer.json() == (await ana.get("/me")).json()
    assert len(stored(settings)) == 2
    assert await is_tidy(settings, ana, ben)


async def test_a_name_that_changed_meanwhile_stays_changed(
    ana: Person, ben: Person, monkeypatch: pytest.MonkeyPatch
):
    async def rename() -> None:
        await ana.client.patch("/me", json={"display_name": "Anna"}, headers=ana.headers)

    after_saving(monkeypatch, rename)
    answer = await upload(ana, picture())
    assert answer.json()["display_name"] == "Anna"
    assert answer.json() == (await ana.get("/me")).json()
    assert (await ben.get("/me")).json() == ben.user


async def test_a_change_that_the_database_lost_leaves_no_file(
    ana: Person, ben: Person, settings: Settings, services: Services
):
    for person in (ana, ben):
        await upload(person, picture())
    cut = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND state = 'idle in transaction'"
    )
    with just_before(services, "UPDATE user_profiles", cut) as happened:
        answer = await upload(ana, picture())
    assert happened
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert len(stored(settings)) == 2
    assert await is_tidy(settings, ana, ben)


async def test_a_change_that_came_through_unheard_keeps_its_file(
    ana: Person, ben: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    await upload(ben, picture())
    change = Accounts.set_avatar

    async def unheard(*details: Any) -> Any:
        await change(*details)
        raise OperationalError("COMMIT", None, Exception("connection lost"))

    monkeypatch.setattr(Accounts, "set_avatar", unheard)
    assert (await upload(ana, picture())).status_code == 503
    assert len(stored(settings)) == 2
    assert await is_tidy(settings, ana, ben)
