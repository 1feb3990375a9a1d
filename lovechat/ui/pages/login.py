"""The way back in."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.field import field, form_error
from lovechat.ui.components.form import form
from lovechat.ui.i18n import t
from lovechat.ui.layouts import visitor


def login() -> rx.Component:
    """The login page."""
    return visitor(
        rx.el.h1(t("login.title"), class_name=f"{style.TITLE} pt-8"),
        form(
            form_error(),
            field(
                "email",
                t("field.email"),
                type="email",
                auto_complete="username",
                input_mode="email",
                required=True,
                auto_capitalize="none",
                spell_check=False,
            ),
            field(
                "password",
                t("field.password"),
                type="password",
                auto_complete="current-password",
                required=True,
            ),
            rx.el.button(
                t("login.submit"), type="submit", class_name=f"{style.PRIMARY} mt-2 min-h-12 w-full"
            ),
            post="/web/session",
            next_page="/discover",
            class_name="mt-8 flex flex-col gap-5",
        ),
        rx.el.p(
            t("login.new"),
            " ",
            rx.el.a(
                t("nav.signup"),
                href="/signup",
                custom_attrs={"data-keeps-next": "true"},
                class_name=style.LINK,
            ),
            class_name="mt-8 text-[15px]",
        ),
        width="mx-auto w-full max-w-md px-4",
    )
