"""What the guard counts, in words."""

import reflex as rx

from lovechat.core.i18n import catalogue
from lovechat.ui.i18n import pick

KINDS = tuple(key.removeprefix("count.") for key in catalogue("en") if key.startswith("count."))


def kind_of_count(kind: str) -> rx.Var[str]:
    """A kind of count as people read it."""
    return pick("count", kind, KINDS, otherwise="other")
