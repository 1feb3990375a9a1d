"""Verifiers of age: the fake keeps the contract, and settings name the one to use."""

from typing import Any

import pytest

from lovechat.core.settings import SettingsError, read_settings
from lovechat.services.age_assurance import AgeAssuranceProvider, load_provider
from tests.services.age_assurance_contract import AgeAssuranceContract
from tests.support.fake_verifier import FakeVerifier

EXTERNAL = "external_required"


class TestFakeVerifier(AgeAssuranceContract):
    @pytest.fixture
    def provider(self) -> FakeVerifier:
        return FakeVerifier()

    async def go_through(self, provider: AgeAssuranceProvider, url: str, *, over_18: bool) -> str:
        assert isinstance(provider, FakeVerifier)
        return provider.go_through(url, over_18=over_18)


def load(**values: Any) -> AgeAssuranceProvider | None:
    return load_provider(read_settings(_env_file=None, **values))


def test_the_provider_is_made_by_the_callable_that_the_settings_name():
    made = load(age_assurance=EXTERNAL, age_assurance_provider="tests.support.fake_verifier:quick")
    assert isinstance(made, FakeVerifier)


def test_where_a_birthdate_is_enough_none_is_made():
    assert load() is None
    assert load(age_assurance_provider="no.such.module:create") is None


def test_without_a_provider_it_does_not_start():
    with pytest.raises(SettingsError, match="AGE_ASSURANCE: is external_required, and that needs"):
        load(age_assurance=EXTERNAL)


@pytest.mark.parametrize(
    "named",
    ["no.such.module:create", "tests.support.fake_verifier:nothing", "builtins:compile", "builtins:dict"],
)
def test_a_provider_that_cannot_be_made_is_said_in_one_line(named: str):
    with pytest.raises(SettingsError) as refused:
        load(age_assurance=EXTERNAL, age_assurance_provider=named)
    assert str(refused.value).startswith(f"AGE_ASSURANCE_PROVIDER: {named} ")
    assert "\n" not in str(refused.value)
