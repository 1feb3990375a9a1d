"""The file of helplines: complete, and checked by somebody on a day that has been."""

import re

from lovechat.core.clock import day_of, now
from lovechat.core.i18n import LANGUAGES
from lovechat.services.guardrails.resources import ANYWHERE, all_resources, resources_for


def test_every_entry_is_complete_and_was_checked_on_a_day_that_has_been():
    for entry in all_resources():
        assert re.fullmatch(r"[A-Z]{2}", entry.country)
        assert set(entry.name) == set(LANGUAGES)
        assert all(entry.name.values())
        assert re.fullmatch(r"[0-9 *+/]{0,20}", entry.number)
        assert entry.url == "" or entry.url.startswith("https://")
        assert set(entry.languages) <= set(LANGUAGES)
        assert entry.source
        assert entry.verified_on <= day_of(now())


def test_ones_own_country_comes_first_and_something_is_there_for_everybody():
    assert resources_for("es")[0].number == "024"
    for country in ("FR", "", None):
        found = resources_for(country)
        assert {entry.country for entry in found} == {ANYWHERE}
        assert any(entry.url for entry in found)
        assert any(not entry.url and not entry.number for entry in found)


def test_no_entry_is_listed_twice():
    keys = [(entry.country, entry.number, entry.url) for entry in all_resources()]
    assert len(set(keys)) == len(keys)
