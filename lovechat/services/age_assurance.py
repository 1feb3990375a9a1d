"""Who is old enough to write: by their own word, or by the word of a verifier outside.

`AGE_ASSURANCE=declared` goes by the birthdate that a person typed. With `external_required` nothing
that a person writes reaches a model before a verifier has attested that they are over 18. Which
verifier is the operator's choice, by law and country; none is built in.
"""

import importlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol, cast

from sqlalchemy.exc import IntegrityError

from lovechat.core.clock import Clock
from lovechat.core.db import Sessions
from lovechat.core.errors import Kind, LoveChatError, age_restricted, invalid, not_authenticated
from lovechat.core.security import keyed_digest
from lovechat.core.settings import Settings, SettingsError
from lovechat.models import AgeAttestation
from lovechat.repos import age_attestations, safety
from lovechat.repos.accounts import Person
from lovechat.schemas.accounts import AgeAttestationView, AgeCheckStarted, AgeCheckView
from lovechat.services.age import is_adult
from lovechat.services.conduct import shut
from lovechat.services.replies import ReplyKeeper

# What a refusal says beside its code when a verifier's word would help.
NEEDS_CHECK = "age_check"


@dataclass(frozen=True, slots=True)
class Attestation:
    """A verifier's word: no document, no birthdate, no name."""

    over_18: bool
    issuer: str
    verified_at: datetime
    expires_at: datetime


class ProofRefusedError(Exception):
    """The proof is not the verifier's, not of this person, or not good any more."""


class VerifierUnavailableError(Exception):
    """The verifier cannot be reached just now."""


class AgeAssuranceProvider(Protocol):
    """What a verifier of age has to offer. `tests/services/age_assurance_contract.py` says it in tests.

    A person is called by an opaque `subject`, always the same for one account, so that the verifier
    does not learn who they are here. Both methods raise `VerifierUnavailableError` when they must.
    """

    @property
    def issuer(self) -> str:
        """What the verifier is called, for people; at most 80 characters."""
        ...

    async def begin(self, subject: str, return_url: str) -> str:
        """The address where the person proves their age.

        Afterwards the verifier sends the browser to `return_url`, with the query parameter `proof`.
        """
        ...

    async def complete(self, subject: str, proof: str) -> Attestation:
        """What the proof says of this person.

        Raises:
            ProofRefusedError: it says nothing of them.
        """
        ...


def load_provider(settings: Settings) -> AgeAssuranceProvider | None:
    """The verifier that `AGE_ASSURANCE_PROVIDER` names as `module:callable`, if one is needed.

    Raises:
        SettingsError: it cannot be made.
    """
    if settings.age_assurance == "declared" or settings.age_assurance_provider is None:
        return None
    module, _, name = settings.age_assurance_provider.partition(":")
    try:
        create: Callable[[], object] = getattr(importlib.import_module(module), name)
        made = create()
    except Exception as error:  # the operator's code may break in any way
        raise SettingsError(
            f"AGE_ASSURANCE_PROVIDER: {module}:{name} cannot be made ({type(error).__name__}); "
            "name a callable without arguments that can be imported from here"
        ) from error
    if not all(hasattr(made, part) for part in ("issuer", "begin", "complete")):
        raise SettingsError(
            f"AGE_ASSURANCE_PROVIDER: {module}:{name} makes no provider; "
            "it must have issuer, begin and complete"
        )
    return cast("AgeAssuranceProvider", made)


class AgeAssurance:
    """The age gate, and the way through it where a verifier's word is needed."""

    def __init__(
        self,
        sessions: Sessions,
        keeper: ReplyKeeper,
        provider: AgeAssuranceProvider | None,
        secret: str,
        clock: Clock,
    ) -> None:
        """Without a provider the typed birthdate is all there is."""
        self._sessions = sessions
        self._keeper = keeper
        self._provider = provider
        self._secret = secret
        self._clock = clock

    @property
    def is_external(self) -> bool:
        """Whether a verifier's word is needed."""
        return self._provider is not None

    def require_adult(self, person: Person) -> None:
        """Let nobody go on whose birthdate says that they are under 18. Raises `age_restricted`."""
        if not is_adult(person.birthdate, self._clock()):
            raise age_restricted()

    async def require(self, person: Person) -> None:
        """Let nobody write who is not known to be an adult, in the way that this server wants to know it.

        Raises:
            LoveChatError: `age_restricted`; with `needs: age_check` when a verifier's word would help.
        """
        self.require_adult(person)
        if self._provider is not None and not self._holds(await self._find(person)):
            raise LoveChatError("age_restricted", Kind.FORBIDDEN, needs=NEEDS_CHECK)

    async def read(self, person: Person) -> AgeCheckView:
        """What this server wants to know of a person's age, and what it knows."""
        if self._provider is None:
            return AgeCheckView(required=False, issuer=None, attestation=None)
        found = await self._find(person)
        return AgeCheckView(
            required=not self._holds(found),
            issuer=self._provider.issuer,
            attestation=AgeAttestationView.model_validate(found) if found else None,
        )

    async def begin(self, person: Person, return_url: str) -> AgeCheckStarted:
        """Where a person goes to have their age checked.

        Raises:
            LoveChatError: `age_check_off`, `age_check_unavailable`, `age_restricted`.
        """
        provider = self._require_provider()
        self.require_adult(person)
        try:
            return AgeCheckStarted(url=await provider.begin(self._subject(person), return_url))
        except VerifierUnavailableError:
            raise _unavailable() from None

    async def complete(self, person: Person, proof: str) -> AgeAttestationView:
        """Write down what a proof says. Whoever turns out to be under 18 waits for a review.

        Raises:
            LoveChatError: `age_check_off`, `age_check_unavailable`, `age_restricted`, and
                `invalid_request` for a proof that says nothing of this person.
        """
        provider = self._require_provider()
        self.require_adult(person)
        try:
            attestation = await provider.complete(self._subject(person), proof)
        except VerifierUnavailableError:
            raise _unavailable() from None
        except ProofRefusedError:
            raise invalid("proof", "is no proof of this person's age; begin the check anew") from None
        moment = self._clock()
        if attestation.expires_at <= moment:
            raise invalid("proof", "is not good any more; begin the check anew")
        await self._write(person, attestation, moment)
        if not attestation.over_18:
            self._keeper.end_for_person(person.id)
            raise age_restricted()
        return AgeAttestationView.model_validate(attestation)

    async def _write(self, person: Person, attestation: Attestation, moment: datetime) -> None:
        try:
            async with self._sessions.begin() as session:
                if not attestation.over_18:
                    await shut(session, person.id, "age_denied", moment)
                    await safety.count(session, moment, "underage_attested")
                await age_attestations.put(session, person.id, **asdict(attestation))
        except IntegrityError:  # the account has just been erased
            raise not_authenticated() from None

    async def _find(self, person: Person) -> AgeAttestation | None:
        async with self._sessions() as session:
            return await age_attestations.find_for_owner(session, person.id)

    def _holds(self, found: AgeAttestation | None) -> bool:
        return found is not None and found.over_18 and found.expires_at > self._clock()

    def _subject(self, person: Person) -> str:
        return keyed_digest(self._secret, "age-subject", str(person.id))

    def _require_provider(self) -> AgeAssuranceProvider:
        if self._provider is None:
            raise LoveChatError("age_check_off", Kind.CONFLICT)
        return self._provider


def _unavailable() -> LoveChatError:
    return LoveChatError("age_check_unavailable", Kind.UNAVAILABLE)
