"""What this is, for somebody who has never heard of it."""

import reflex as rx

from lovechat.ui.i18n import t
from lovechat.ui.layouts import visitor


def landing() -> rx.Component:
    """The first page."""
    return visitor(
        rx.el.h1(
            t("landing.title"),
            class_name="mt-10 max-w-xl text-4xl font-semibold leading-tight tracking-tight text-balance",
        ),
        rx.el.p(t("landing.promise"), class_name="mt-5 max-w-xl text-lg leading-relaxed"),
        rx.el.p(t("landing.adults"), class_name="mt-3 max-w-xl opacity-80"),
        rx.el.div(
            rx.el.a(
                t("landing.api"),
                href="/docs",
                custom_attrs={"data-native": "true"},
                class_name=(
                    "inline-flex min-h-11 items-center rounded-full bg-rose-800 px-6 font-medium text-white"
                ),
            ),
            rx.el.a(
                t("landing.safety"),
                href="/safety",
                class_name="inline-flex min-h-11 items-center rounded-full px-6 underline underline-offset-4",
            ),
            class_name="mt-8 flex flex-wrap gap-3",
        ),
    )
