"""A verifier of age that keeps its promises and knows nobody: it believes what its proofs are made of."""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

from lovechat.services.age_assurance import Attestation, ProofRefusedError, VerifierUnavailableError

KEY = b"known to the verifier alone"


class FakeVerifier:
    """`waves_through` sends everybody straight back, proven to be an adult, as a browser test needs it."""

    issuer = "Agecheck"

    def __init__(self, *, waves_through: bool = False) -> None:
        self._waves_through = waves_through
        self.away = False

    async def begin(self, subject: str, return_url: str) -> str:
        self._answer()
        if self._waves_through:
            return f"{return_url}?proof={quote(self.prove(subject))}"
        return f"https://verifier.example/check?subject={subject}&return={quote(return_url, safe='')}"

    async def complete(self, subject: str, proof: str) -> Attestation:
        self._answer()
        body, _, seal = proof.partition(".")
        if not hmac.compare_digest(self._seal(body).encode(), seal.encode()):
            raise ProofRefusedError
        try:
            said = json.loads(base64.urlsafe_b64decode(body))
        except (binascii.Error, ValueError):
            raise ProofRefusedError from None
        if said["subject"] != subject:
            raise ProofRefusedError
        verified = datetime.fromisoformat(said["verified_at"])
        return Attestation(said["over_18"], self.issuer, verified, verified + timedelta(days=said["days"]))

    def prove(self, subject: str, *, over_18: bool = True, days: int = 365) -> str:
        """What somebody gets who went through the check."""
        said = {"subject": subject, "over_18": over_18, "days": days}
        said["verified_at"] = datetime.now(UTC).isoformat()
        body = base64.urlsafe_b64encode(json.dumps(said).encode()).decode()
        return f"{body}.{self._seal(body)}"

    def go_through(self, url: str, *, over_18: bool) -> str:
        """Go through the check that `begin` leads to; gives the proof."""
        (subject,) = parse_qs(urlsplit(url).query)["subject"]
        return self.prove(subject, over_18=over_18)

    def _seal(self, body: str) -> str:
        return hmac.new(KEY, body.encode(), hashlib.sha256).hexdigest()

    def _answer(self) -> None:
        if self.away:
            raise VerifierUnavailableError


def quick() -> FakeVerifier:
    """For `AGE_ASSURANCE_PROVIDER`."""
    return FakeVerifier(waves_through=True)
