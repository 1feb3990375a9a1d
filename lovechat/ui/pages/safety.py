"""What we do about age, crisis and content, in plain words."""

import reflex as rx

from lovechat.ui.i18n import t
from lovechat.ui.layouts import visitor


def safety() -> rx.Component:
    """The public safety page."""
    return visitor(
        rx.el.h1(t("safety.title"), class_name="mt-10 text-3xl font-semibold tracking-tight"),
        *(
            rx.el.section(
                rx.el.h2(t(f"safety.{topic}.title"), class_name="text-xl font-semibold"),
                rx.el.p(t(f"safety.{topic}.text"), class_name="mt-2 leading-relaxed"),
                class_name="mt-8 max-w-xl",
            )
            for topic in ("ai", "age", "content", "crisis")
        ),
    )
