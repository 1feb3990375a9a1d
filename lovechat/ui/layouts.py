"""Frames that pages share."""

import reflex as rx

from lovechat.ui.i18n import t
from lovechat.ui.states.locale import LocaleState


def visitor(*content: rx.Component) -> rx.Component:
    """The frame for people who have not signed in."""
    return rx.el.div(
        rx.el.header(
            rx.el.a("Love Chat", href="/", class_name="text-lg font-semibold tracking-tight"),
            _language_switch(),
            class_name="mx-auto flex w-full max-w-3xl items-center justify-between px-5 py-4",
        ),
        rx.el.main(*content, class_name="mx-auto w-full max-w-3xl flex-1 px-5 pb-16"),
        rx.el.footer(
            rx.el.a(t("footer.safety"), href="/safety", class_name="underline underline-offset-4"),
            rx.el.p(t("footer.ai")),
            class_name=(
                "mx-auto flex w-full max-w-3xl flex-wrap justify-between gap-3 px-5 py-6 text-sm opacity-80"
            ),
        ),
        class_name="flex min-h-dvh flex-col bg-rose-50 text-stone-900 dark:bg-stone-950 dark:text-stone-100",
    )


def _language_switch() -> rx.Component:
    return rx.el.nav(
        *(
            rx.el.button(
                name,
                on_click=LocaleState.choose(code),
                aria_pressed=rx.cond(LocaleState.language == code, "true", "false"),
                lang=code,
                class_name=(
                    "min-h-11 min-w-11 rounded-full px-3 aria-pressed:font-semibold aria-pressed:underline"
                ),
            )
            for code, name in (("es", "Español"), ("en", "English"))
        ),
        aria_label="Idioma · Language",
        class_name="flex gap-1 text-sm",
    )
