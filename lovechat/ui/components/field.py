"""Labelled inputs whose errors stand beside them."""

from typing import Any

import reflex as rx

from lovechat.ui import style
from lovechat.ui.i18n import t


def field(
    name: str,
    label: rx.Var[str],
    *,
    mistake: rx.Var[str] | None = None,
    hint: rx.Var[str] | None = None,
    **props: Any,
) -> rx.Component:
    """An input; `mistake` says what is expected, and is shown when the server refuses the value."""
    described = " ".join([f"{name}-error", *([f"{name}-hint"] if hint is not None else [])])
    secret = props.get("type") == "password"
    control = rx.el.input(
        id=name,
        name=name,
        aria_describedby=described,
        class_name=style.INPUT + (" pr-24" if secret else ""),
        **props,
    )
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="mb-1.5 block text-[15px] font-semibold"),
        rx.el.div(control, _show_password(name), class_name="relative") if secret else control,
        *(
            [rx.el.p(hint, id=f"{name}-hint", class_name="mt-1.5 text-[13px] text-muted")]
            if hint is not None
            else []
        ),
        mistake_line(name, mistake),
    )


def mistake_line(name: str, mistake: rx.Var[str] | None) -> rx.Component:
    """The empty line that a refused field fills; `data-says` holds what it will say."""
    return rx.el.p(
        id=f"{name}-error",
        custom_attrs={"data-error-for": name, "data-says": mistake if mistake is not None else ""},
        class_name="mt-1.5 text-[13px] font-medium text-alarm empty:hidden",
    )


def form_error() -> rx.Component:
    """Where a form says what is wrong with it as a whole."""
    return rx.el.p(
        custom_attrs={"data-form-error": "true"},
        role="alert",
        class_name="rounded-[10px] bg-blush px-4 py-3 text-[15px] font-medium text-alarm empty:hidden",
    )


def _show_password(name: str) -> rx.Component:
    return rx.el.button(
        t("field.show"),
        type="button",
        aria_pressed="false",
        custom_attrs={
            "data-reveals": name,
            "data-label-on": t("field.hide"),
            "data-label-off": t("field.show"),
        },
        class_name="absolute inset-y-0 right-1 my-auto h-11 rounded-lg px-3 text-[13px] font-semibold text-wine",
    )
