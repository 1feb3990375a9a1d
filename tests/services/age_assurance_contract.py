"""What every verifier of age has to keep, in tests: inherit it, and give it a way through the check."""

from dataclasses import fields
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from lovechat.services.age_assurance import AgeAssuranceProvider, Attestation, ProofRefusedError

ANA = "a" * 64
BEN = "b" * 64
BACK = "https://chat.example.org/account"


class AgeAssuranceContract:
    """A subclass gives `provider` as a fixture, and goes through the check in place of a person."""

    async def go_through(self, provider: AgeAssuranceProvider, url: str, *, over_18: bool) -> str:
        """What a person of that age gets as a proof at this address."""
        raise NotImplementedError

    async def prove(self, provider: AgeAssuranceProvider, subject: str, *, over_18: bool = True) -> str:
        url = await provider.begin(subject, BACK)
        return await self.go_through(provider, url, over_18=over_18)

    def test_it_has_a_name_for_people(self, provider: AgeAssuranceProvider):
        assert 0 < len(provider.issuer.strip()) <= 80

    async def test_the_check_begins_at_an_address_of_the_web(self, provider: AgeAssuranceProvider):
        parts = urlsplit(await provider.begin(ANA, BACK))
        assert parts.scheme in ("https", "http")
        assert parts.hostname

    @pytest.mark.parametrize("over_18", [True, False])
    async def test_a_proof_says_over_18_or_not(self, provider: AgeAssuranceProvider, over_18: bool):
        proof = await self.prove(provider, ANA, over_18=over_18)
        said = await provider.complete(ANA, proof)
        assert said.over_18 is over_18
        assert said.issuer == provider.issuer
        assert said.verified_at <= datetime.now(UTC) < said.expires_at

    async def test_a_proof_is_of_one_person(self, provider: AgeAssuranceProvider):
        proof = await self.prove(provider, ANA)
        with pytest.raises(ProofRefusedError):
            await provider.complete(BEN, proof)
        assert (await provider.complete(ANA, proof)).over_18

    @pytest.mark.parametrize("proof", ["", ".", "nonsense", "a.b.c", "x" * 8192, "ñ", "\u202e"])
    async def test_nonsense_is_refused(self, provider: AgeAssuranceProvider, proof: str):
        with pytest.raises(ProofRefusedError):
            await provider.complete(ANA, proof)

    async def test_an_altered_proof_is_refused(self, provider: AgeAssuranceProvider):
        proof = await self.prove(provider, ANA, over_18=False)
        for place in range(0, len(proof), max(1, len(proof) // 20)):
            other = "A" if proof[place] != "A" else "B"
            with pytest.raises(ProofRefusedError):
                await provider.complete(ANA, proof[:place] + other + proof[place + 1 :])

    async def test_nothing_else_is_told_of_a_person(self, provider: AgeAssuranceProvider):
        said = await provider.complete(ANA, await self.prove(provider, ANA))
        assert type(said) is Attestation
        assert [field.name for field in fields(said)] == ["over_18", "issuer", "verified_at", "expires_at"]
