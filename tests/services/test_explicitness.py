"""Explicitness is the lowest of four levels, and a person begins at none."""

import re

from hypothesis import given
from hypothesis import strategies as st

from lovechat.bootstrap import Services
from lovechat.core.settings import Settings
from lovechat.services.explicitness import PROVIDER_CEILINGS, effective_explicitness
from tests.support.fake_upstream import FakeUpstream
from tests.support.people import Person, admin_headers

LEVEL = st.floats(0, 1)


@given(LEVEL, LEVEL, LEVEL, LEVEL)
def test_nobody_is_ever_passed(character: float, person: float, operator: float, provider: float):
    level = effective_explicitness(character, person, operator, provider)
    assert level in (character, person, operator, provider)
    assert all(level <= side for side in (character, person, operator, provider))


def test_every_provider_has_a_ceiling(settings: Settings):
    assert PROVIDER_CEILINGS[settings.provider] == PROVIDER_CEILINGS["openai"] < 1


async def test_what_a_person_chooses_holds_for_them_alone(
    ana: Person, ben: Person, upstream: FakeUpstream, services: Services
):
    body = {"explicit_level": 0.9}
    await ana.client.patch("/admin/characters/luna", json=body, headers=admin_headers())
    changed = await ana.client.patch("/me", json={"explicit_preference": 1}, headers=ana.headers)
    assert changed.json()["explicit_preference"] == 1
    for person, level in ((ana, 20), (ben, 0)):  # the provider's ceiling, and what everybody begins with
        await person.say(await person.open_conversation(), "Hola, ¿qué tal?")
        prompt = str(upstream.requests[-1]["body"])
        assert re.search(rf"Nivel explícito: {level}/100", prompt)
    refused = await ben.client.patch("/me", json={"explicit_preference": 1.5}, headers=ben.headers)
    assert refused.status_code == 422
    assert (await ben.get("/me")).json()["explicit_preference"] == 0
