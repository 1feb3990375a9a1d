"""For addresses that nobody knows."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.i18n import t
from lovechat.ui.layouts import visitor


def lost() -> rx.Component:
    """The page of a wrong address."""
    return visitor(
        rx.el.h1(t("lost.title"), class_name=f"{style.TITLE} pt-16"),
        rx.el.p(t("lost.text"), class_name="mt-4 text-[17px] text-muted"),
        rx.el.a(t("lost.home"), href="/", class_name=f"{style.PRIMARY} mt-8"),
    )
