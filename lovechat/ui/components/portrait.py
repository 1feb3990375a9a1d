"""Pictures of characters and people, with a portrait of our own where there is none."""

import reflex as rx

from lovechat.ui.i18n import call


def portrait(
    identifier: rx.Var[str] | str,
    name: rx.Var[str] | str,
    picture: rx.Var[str] | str,
    class_name: str = "size-11 rounded-full",
) -> rx.Component:
    """A picture, or three lights and an initial made of `identifier`. Decorative: the name stands beside it."""
    return rx.cond(
        picture,
        rx.el.img(src=picture, alt="", class_name=f"shrink-0 object-cover bg-sunk {class_name}"),
        rx.el.span(
            rx.el.span(call("initialOf", name)),
            aria_hidden="true",
            style={"--hue": call("hueOf", identifier, returns=int)},
            class_name=f"portrait block shrink-0 {class_name}",
        ),
    )
