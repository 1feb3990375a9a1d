"""The codes of countries."""

from lovechat.core.countries import COUNTRIES
from lovechat.services.guardrails.resources import ANYWHERE, all_resources


def test_every_country_of_the_helplines_is_one():
    assert len(COUNTRIES) == 249
    assert {place.country for place in all_resources()} - COUNTRIES == {ANYWHERE}
