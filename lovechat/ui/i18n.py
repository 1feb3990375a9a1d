"""Text on screen that follows the person's language without a round trip."""

import reflex as rx

from lovechat.core.i18n import catalogue
from lovechat.ui.states.locale import LocaleState


def t(key: str) -> rx.Var[str]:
    """The text called `key` in both languages, chosen in the browser.

    Raises:
        KeyError: a catalogue lacks the key; it stops the build.
    """
    return rx.cond(LocaleState.language == "en", catalogue("en")[key], catalogue("es")[key])
