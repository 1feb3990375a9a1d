"""What every page carries: toasts, the offline banner, and what the server says in passing."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from lovechat.core.i18n import catalogue
from lovechat.ui.i18n import as_text, pick, t
from lovechat.ui.states.notices import Notices

# Errors and good news share one place on screen and one family of codes.
CODES = tuple(key.removeprefix("notice.") for key in catalogue("en") if key.startswith("notice."))


def notices() -> rx.Component:
    """The regions that `assets/app.js` fills, and the banner for a lost connection."""
    return rx.el.div(
        rx.el.div(
            pick("notice", Notices.code, CODES, otherwise="internal_error"),
            id="notice",
            hidden=True,
            custom_attrs={"data-serial": as_text(Notices.serial)},
        ),
        rx.el.div(
            id="toasts",
            role="status",
            aria_live="polite",
            class_name=(
                "pointer-events-none fixed inset-x-0 bottom-[calc(6rem+env(safe-area-inset-bottom))] z-50 "
                "flex flex-col items-center gap-2 px-4"
            ),
        ),
        rx.el.div(
            rx.el.p(
                t("offline.banner"),
                class_name="mx-auto w-fit rounded-b-2xl bg-ink px-5 py-2 text-center text-[15px] text-paper",
            ),
            id="offline",
            role="status",
            hidden=True,
            custom_attrs={"data-lost": rx.cond(has_connection_errors, "true", "false")},
            class_name="pointer-events-none fixed inset-x-0 top-0 z-50 pt-[env(safe-area-inset-top)]",
        ),
    )
