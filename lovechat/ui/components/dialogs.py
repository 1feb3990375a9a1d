"""Dialogs on the browser's own element: it keeps the focus, closes on Escape and gives the focus back."""

from typing import Any

import reflex as rx

from lovechat.ui import style
from lovechat.ui.i18n import t


def dialog(identifier: str, title: rx.Var[str] | str, *content: rx.Component) -> rx.Component:
    """A dialog that elements with `data-opens=<identifier>` open."""
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(title, id=f"{identifier}-title", class_name=style.SUBHEADING),
            *content,
            class_name="flex flex-col gap-4 p-6",
        ),
        id=identifier,
        aria_labelledby=f"{identifier}-title",
        class_name="w-[min(92vw,26rem)] rounded-2xl border border-line bg-card text-ink shadow-2xl",
    )


def confirm(
    identifier: str,
    title: rx.Var[str] | str,
    consequence: rx.Var[str],
    action: rx.Var[str],
    on_click: Any = None,
    **props: Any,
) -> rx.Component:
    """Ask before something that cannot be undone, and say what will happen."""
    return dialog(
        identifier,
        title,
        rx.el.p(consequence, class_name=style.HELP),
        rx.el.div(
            closer(t("dialog.cancel"), autofocus=True),
            rx.el.button(
                action,
                type="button",
                **({"on_click": on_click} if on_click is not None else {}),
                custom_attrs={"data-closes": "true", **props},
                class_name=style.DANGER,
            ),
            class_name="flex flex-wrap justify-end gap-2",
        ),
    )


def closer(label: rx.Var[str], *, autofocus: bool = False) -> rx.Component:
    """A button that closes the dialog around it and does nothing else."""
    attributes = {"data-closes": "true", **({"autofocus": "true"} if autofocus else {})}
    return rx.el.button(label, type="button", custom_attrs=attributes, class_name=style.QUIET)


def opener(identifier: str, *content: Any, class_name: str, **props: Any) -> rx.Component:
    """A button that opens a dialog."""
    return rx.el.button(
        *content,
        type="button",
        aria_haspopup="dialog",
        custom_attrs={"data-opens": identifier},
        class_name=class_name,
        **props,
    )
