"""The way in."""

import reflex as rx

from lovechat.core.terms import TERMS_VERSION
from lovechat.ui import style
from lovechat.ui.components.field import field, form_error, mistake_line
from lovechat.ui.components.form import form
from lovechat.ui.i18n import t
from lovechat.ui.layouts import visitor


def signup() -> rx.Component:
    """The sign-up page. It asks for a birthdate and does not say which answer is the right one."""
    return visitor(
        rx.el.h1(t("signup.title"), class_name=f"{style.TITLE} pt-8"),
        form(
            form_error(),
            field(
                "display_name",
                t("field.display_name"),
                mistake=t("mistake.display_name"),
                hint=t("signup.name_hint"),
                auto_complete="nickname",
                required=True,
                max_length=50,
            ),
            field(
                "email",
                t("field.email"),
                mistake=t("mistake.email"),
                type="email",
                auto_complete="username",
                input_mode="email",
                required=True,
                auto_capitalize="none",
                spell_check=False,
                max_length=254,
            ),
            field(
                "password",
                t("field.password"),
                mistake=t("mistake.password"),
                hint=t("signup.password_hint"),
                type="password",
                auto_complete="new-password",
                required=True,
                min_length=10,
            ),
            field(
                "birthdate",
                t("field.birthdate"),
                mistake=t("mistake.birthdate"),
                type="date",
                auto_complete="bday",
                required=True,
                min="1900-01-01",
            ),
            _terms(),
            rx.el.button(t("signup.submit"), type="submit", class_name=f"{style.PRIMARY} min-h-12 w-full"),
            post="/web/signup",
            next_page="/discover",
            class_name="mt-8 flex flex-col gap-5",
        ),
        rx.el.p(
            t("signup.known"),
            " ",
            rx.el.a(
                t("nav.login"), href="/login", custom_attrs={"data-keeps-next": "true"}, class_name=style.LINK
            ),
            class_name="mt-8 text-[15px]",
        ),
        width="mx-auto w-full max-w-md px-4",
    )


def _terms() -> rx.Component:
    """What one agrees to. The version goes along: what is recorded is what was read."""
    return rx.el.section(
        rx.el.h2(t("signup.terms.title"), id="terms-title", class_name="m-0 text-[15px] font-semibold"),
        *(
            rx.el.p(t(f"signup.terms.{part}"), class_name="m-0 text-[13px] leading-relaxed")
            for part in ("ai", "stored", "act")
        ),
        rx.el.a(
            t("signup.terms_link"),
            href="/safety",
            target="_blank",
            class_name=f"{style.LINK} text-[13px] self-start",
        ),
        rx.el.input(type="hidden", name="terms_version", value=TERMS_VERSION, read_only=True),
        mistake_line("terms_version", t("mistake.terms")),
        id="terms",
        aria_labelledby="terms-title",
        class_name="flex flex-col gap-2 rounded-2xl bg-sunk p-4",
    )
