"""The studio's door."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.field import field, form_error
from lovechat.ui.components.form import form
from lovechat.ui.i18n import t
from lovechat.ui.studio_layout import door


def studio_login() -> rx.Component:
    """The page that asks for the admin key."""
    return door(
        rx.el.h1(t("studio.login.title"), class_name=f"{style.TITLE} pt-8"),
        rx.el.p(t("studio.login.lead"), class_name=f"mt-4 {style.HELP}"),
        form(
            form_error(),
            field(
                "key",
                t("studio.login.key"),
                mistake=t("mistake.missing"),
                hint=t("studio.login.hours"),
                type="password",
                auto_complete="off",
                required=True,
                auto_capitalize="none",
                spell_check=False,
            ),
            rx.el.button(
                t("studio.login.submit"), type="submit", class_name=f"{style.PRIMARY} min-h-12 w-full"
            ),
            post="/web/studio",
            next_page="/studio",
            attributes={"data-refused": t("studio.login.wrong")},
            class_name="mt-8 flex flex-col gap-5",
        ),
    )
