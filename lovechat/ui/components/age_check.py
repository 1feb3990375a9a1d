"""The way to a verifier of age, where this server asks for one."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.section import section
from lovechat.ui.i18n import call, t
from lovechat.ui.states.age import AgeState


def age_stop() -> rx.Component:
    """What stands in the composer's place until the age is checked."""
    return rx.el.div(
        rx.el.h2(t("age.title"), class_name=f"m-0 {style.SUBHEADING}"),
        rx.el.p(t("age.needed", issuer=AgeState.issuer), class_name="m-0 text-[15px] leading-relaxed"),
        _begin(),
        id="age-stop",
        role="status",
        class_name="flex flex-col gap-3 rounded-2xl bg-blush px-5 py-4",
    )


def age_section() -> rx.Component:
    """What the account page says of it; nothing where a typed birthdate is enough."""
    return rx.cond(
        AgeState.issuer,
        section(
            t("age.title"),
            rx.cond(
                AgeState.required,
                rx.fragment(
                    rx.el.p(t("age.needed", issuer=AgeState.issuer), class_name=f"m-0 {style.HELP}"),
                    _begin(),
                ),
                rx.el.p(
                    t("age.held", issuer=AgeState.issuer, moment=call("formatMoment", AgeState.until)),
                    id="age-held",
                    class_name=f"m-0 {style.HELP}",
                ),
            ),
        ),
    )


def _begin() -> rx.Component:
    return rx.el.button(
        t("age.begin"), type="button", on_click=AgeState.begin, class_name=f"{style.PRIMARY} self-start"
    )
