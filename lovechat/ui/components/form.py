"""Forms that `assets/app.js` sends to our own routes, so that passwords never enter the websocket."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML


class _Form(BaseHTML):
    """A bare form: `rx.el.form` would wire the fields to the event socket."""

    tag = "form"
    no_validate: rx.Var[bool]


def form(
    *content: rx.Component,
    post: str,
    next_page: str = "",
    method: str = "POST",
    done: rx.Var[str] | None = None,
    refreshes: str = "",
    attributes: dict[str, Any] | None = None,
    **props: Any,
) -> rx.Component:
    """A form sent as JSON to `post`; afterwards the browser goes to `next_page`, or where it was headed.

    Without `next_page` the page stays, shows the text `done` in passing, and presses the element
    with the id `refreshes`, which reads anew what the form has changed.
    """
    attributes = {
        "data-post": post,
        "data-next": next_page,
        "data-method": method,
        "data-done": done if done is not None else "",
        "data-refreshes": refreshes,
        **(attributes or {}),
    }
    return _Form.create(*content, custom_attrs=attributes, no_validate=True, **props)
