"""Frames that pages share."""

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from lovechat.ui import style
from lovechat.ui.components.notices import notices
from lovechat.ui.components.portrait import portrait
from lovechat.ui.components.preferences import language_switch
from lovechat.ui.i18n import t
from lovechat.ui.states.session import SessionState

WIDTH = "mx-auto w-full max-w-5xl px-4 md:px-6"


def visitor(*content: rx.Component, width: str = WIDTH) -> rx.Component:
    """The frame of public pages."""
    return rx.el.div(
        rx.el.header(
            skip_link(),
            wordmark(),
            rx.el.nav(
                language_switch(),
                rx.cond(
                    SessionState.signed_in,
                    rx.el.a(t("nav.discover"), href="/discover", class_name=style.QUIET),
                    rx.el.a(t("nav.login"), href="/login", class_name=style.QUIET),
                ),
                aria_label=t("nav.label"),
                class_name="flex items-center gap-1 sm:gap-3",
            ),
            class_name=f"{WIDTH} flex items-center justify-between gap-2 py-3",
        ),
        rx.el.main(*content, id="main", tab_index=-1, class_name=f"{width} flex-1 pb-16 outline-none"),
        _footer(),
        notices(),
        class_name="flex min-h-dvh flex-col bg-paper text-ink",
    )


def member(*content: rx.Component, width: str = WIDTH) -> rx.Component:
    """The frame of a signed-in person's pages."""
    return rx.el.div(
        rx.el.header(
            skip_link(),
            wordmark("/discover"),
            rx.el.nav(
                rx.el.a(t("nav.discover"), href="/discover", class_name=f"{style.PLAIN} max-sm:px-3"),
                rx.el.a(
                    portrait(
                        SessionState.person_id, SessionState.name, SessionState.picture, "size-9 rounded-full"
                    ),
                    rx.el.span(t("nav.account"), class_name="sr-only"),
                    href="/account",
                    class_name=style.ICON,
                ),
                aria_label=t("nav.label"),
                class_name="flex items-center gap-1 sm:gap-3",
            ),
            class_name=f"{WIDTH} flex items-center justify-between gap-2 py-3",
        ),
        rx.el.main(*content, id="main", tab_index=-1, class_name=f"{width} flex-1 pb-16 outline-none"),
        _footer(),
        notices(),
        custom_attrs={"data-member": "true"},
        class_name="flex min-h-dvh flex-col bg-paper text-ink",
    )


def wordmark(href: str = "/") -> rx.Component:
    """The name of the product, leading home."""
    return rx.el.a(
        rx.el.span(
            aria_hidden="true",
            class_name="size-4 rounded-full shadow-[-4px_3px_0_0_var(--wine)]",
        ),
        "Love Chat",
        href=href,
        class_name=(
            "inline-flex min-h-11 items-center gap-2 min-[375px]:whitespace-nowrap font-display text-xl font-medium tracking-tight text-ink no-underline"
        ),
    )


def skip_link(target: str = "main") -> rx.Component:
    """The first stop of the keyboard: over everything to the content."""
    return _Anchor.create(
        t("nav.skip"),
        href=f"#{target}",
        class_name=(
            "sr-only focus:not-sr-only focus:fixed focus:left-3 focus:top-3 focus:z-50 focus:rounded-full "
            "focus:bg-card focus:px-5 focus:py-3"
        ),
    )


class _Anchor(BaseHTML):
    """A bare link within the page: `rx.el.a` would put the page's address before the `#`."""

    tag = "a"

    href: rx.Var[str]


def _footer() -> rx.Component:
    return rx.el.footer(
        rx.el.p(t("footer.ai")),
        rx.el.nav(
            rx.el.a(t("footer.safety"), href="/safety", class_name=_FOOT_LINK),
            rx.el.a("API", href="/web/docs", custom_attrs={"data-native": "true"}, class_name=_FOOT_LINK),
            aria_label=t("footer.label"),
            class_name="flex gap-2",
        ),
        class_name=(
            f"{WIDTH} flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-t border-line "
            "py-4 text-[13px] text-muted pb-[calc(1rem+env(safe-area-inset-bottom))]"
        ),
    )


_FOOT_LINK = (
    "inline-flex min-h-11 min-w-11 items-center justify-center px-2 text-muted underline "
    "underline-offset-4 hover:text-ink"
)
