"""What we do about age, crisis and content, in plain words."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.i18n import t
from lovechat.ui.layouts import visitor

TOPICS = ("ai", "age", "content", "crisis", "data", "time")


def safety() -> rx.Component:
    """The public safety page."""
    return visitor(
        rx.el.h1(t("safety.title"), class_name=f"{style.TITLE} pt-8"),
        rx.el.p(t("safety.lead"), class_name="mt-4 max-w-[40rem] text-[17px] leading-relaxed"),
        rx.el.div(
            *(
                rx.el.section(
                    rx.el.h2(t(f"safety.{topic}.title"), class_name=style.SUBHEADING),
                    rx.el.p(t(f"safety.{topic}.text"), class_name="mt-2 leading-relaxed"),
                    *([_helplines()] if topic == "crisis" else []),
                    id=topic,
                    class_name="max-w-[40rem] scroll-mt-24",
                )
                for topic in TOPICS
            ),
            class_name="mt-10 flex flex-col gap-9",
        ),
    )


def _helplines() -> rx.Component:
    return rx.el.a(
        "findahelpline.com",
        href="https://findahelpline.com",
        target="_blank",
        rel="noopener noreferrer",
        class_name=f"{style.LINK} mt-1 inline-flex min-h-11 items-center",
    )
