"""What is asked of a person's age, on screen."""

from typing import Any

import reflex as rx

from lovechat.core.errors import LoveChatError
from lovechat.services.accounts import Person
from lovechat.ui.runtime import services
from lovechat.ui.states.notices import Notices
from lovechat.ui.states.session import SignedIn


class AgeState(SignedIn, rx.State):
    """Whether a verifier has to speak first. `until` is an ISO time in UTC; empty without its word."""

    issuer: str = ""  # empty where a typed birthdate is enough
    required: bool = False
    until: str = ""

    @rx.event
    async def begin(self) -> Any:
        """Go to the verifier."""
        person = await self._who()
        origin = services().settings.public_url or self.router.headers.origin
        started = await services().age.begin(person, f"{origin}/account")
        return rx.redirect(started.url)

    @rx.event
    async def arrive(self) -> Any:
        """Come back from the verifier with its word, if that is how one came to this page."""
        person = await self._who()
        proof = self.router.url.query_parameters.get("proof", "")
        if not proof or not services().age.is_external:
            await self._read(person)
            return None
        try:
            await services().age.complete(person, proof)
            code = "age_checked"
        except LoveChatError as error:
            code = "age_proof_refused" if error.code == "invalid_request" else error.code
        await self._read(person)
        # The proof does not stay in the address.
        return [rx.redirect("/account", replace=True), Notices.show(code)]

    async def _read(self, person: Person) -> None:
        view = await services().age.read(person)
        self.issuer = view.issuer or ""
        self.required = view.required
        held = view.attestation is not None and not view.required
        self.until = view.model_dump(mode="json")["attestation"]["expires_at"] if held else ""
