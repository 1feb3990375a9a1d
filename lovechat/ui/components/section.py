"""A card with a heading, of which the longer pages are made."""

import reflex as rx

from lovechat.ui import style


def section(title: rx.Var[str], *content: rx.Component) -> rx.Component:
    """What belongs together, under its heading."""
    return rx.el.section(
        rx.el.h2(title, class_name=style.SUBHEADING),
        *content,
        class_name=f"{style.CARD} flex flex-col gap-4 p-5 sm:p-6",
    )
