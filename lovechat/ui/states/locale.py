"""The language on screen."""

import reflex as rx


class LocaleState(rx.State):
    """Which of the two catalogues the page shows."""

    language: str = rx.LocalStorage("es", name="language", sync=True)

    @rx.event
    def choose(self, language: str) -> None:
        """Show the page in `language`, if there is a catalogue for it."""
        if language in {"es", "en"}:
            self.language = language
