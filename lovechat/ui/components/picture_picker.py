"""Choosing a picture, seeing which part of it is kept, and sending it. `assets/avatar.js` does the work."""

from typing import Any

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.dialogs import closer, dialog
from lovechat.ui.components.portrait import portrait
from lovechat.ui.i18n import t


def picture_picker(
    identifier: rx.Var[str] | str,
    name: rx.Var[str] | str,
    picture: rx.Var[str] | str,
    *,
    address: rx.Var[str] | str,
    refreshes: str,
    on_remove: Any,
) -> rx.Component:
    """The present picture with the ways to change it.

    The new one is sent to `address`; afterwards the element with the id `refreshes` is pressed.
    """
    return rx.el.div(
        portrait(identifier, name, picture, "size-24 rounded-full"),
        rx.el.div(
            rx.el.label(
                rx.icon("image-up", size=18, aria_hidden="true"),
                t("account.picture.choose"),
                rx.el.input(type="file", accept="image/jpeg,image/png,image/webp", class_name="sr-only"),
                class_name=(
                    f"{style.QUIET} cursor-pointer focus-within:outline-3 focus-within:outline-offset-2 "
                    "focus-within:outline-wine"
                ),
            ),
            rx.cond(
                picture,
                rx.el.button(
                    t("account.picture.remove"), type="button", on_click=on_remove, class_name=style.PLAIN
                ),
            ),
            rx.el.p(t("account.picture.help"), class_name="m-0 w-full text-[13px] text-muted"),
            class_name="flex min-w-0 flex-1 flex-wrap items-center gap-2",
        ),
        _crop(),
        custom_attrs={
            "data-picks-picture": "true",
            "data-address": address,
            "data-refreshes": refreshes,
            "data-done": t("account.picture.done"),
            "data-unreadable": t("account.picture.unreadable"),
        },
        class_name="flex flex-wrap items-center gap-5",
    )


def _crop() -> rx.Component:
    return dialog(
        "crop",
        t("account.picture.title"),
        rx.el.div(
            rx.el.canvas(width="512", height="512", aria_hidden="true"),
            role="group",
            tab_index=0,
            aria_label=t("account.picture.stage"),
            custom_attrs={"data-crop-stage": "true"},
            class_name="crop mx-auto",
        ),
        rx.el.label(
            t("account.picture.zoom"),
            rx.el.input(
                type="range",
                min="1",
                max="4",
                step="0.05",
                default_value="1",
                custom_attrs={"data-crop-zoom": "true"},
            ),
            class_name="text-[15px] font-semibold",
        ),
        rx.el.div(
            rx.el.p(t("account.picture.sending"), class_name="m-0 text-[13px] text-muted"),
            rx.el.progress(
                max="1",
                value="0",
                aria_label=t("account.picture.sending"),
                custom_attrs={"data-crop-bar": "true"},
            ),
            role="status",
            hidden=True,
            custom_attrs={"data-crop-progress": "true"},
        ),
        rx.el.p(
            role="alert",
            custom_attrs={"data-crop-error": "true"},
            class_name="m-0 text-[15px] font-medium text-alarm empty:hidden",
        ),
        rx.el.div(
            closer(t("dialog.cancel")),
            rx.el.button(
                t("account.picture.use"),
                type="button",
                custom_attrs={"data-crop-use": "true"},
                class_name=style.PRIMARY,
            ),
            class_name="flex flex-wrap justify-end gap-2",
        ),
    )
