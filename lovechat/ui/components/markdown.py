"""Markdown that a model wrote, rendered inertly: no HTML, no pictures, links that open elsewhere."""

from typing import Any

import reflex as rx

from lovechat.ui.i18n import t


class _OutwardLink(rx.Component):
    """A link of `assets/js/link.js`; `rx.el.a` would lead into our own pages."""

    library = "$/public/js/link.js"
    tag = "OutwardLink"


def _link(value: Any, **_: Any) -> rx.Component:
    return _OutwardLink.create(value)


def _code_block(value: Any, **_: Any) -> rx.Component:
    return rx.el.pre(
        rx.el.code(value),
        tab_index=0,
        class_name="my-3 overflow-x-auto rounded-xl bg-sunk p-3 text-[14px] leading-normal",
    )


_MAP = {
    **{
        f"h{level}": lambda value, **_: rx.el.p(
            value, class_name="mt-4 mb-1 font-display text-xl font-medium"
        )
        for level in range(1, 7)
    },
    "p": lambda value, **_: rx.el.p(value, class_name="my-3"),
    "ul": lambda value, **_: rx.el.ul(value, class_name="my-3 list-disc pl-6"),
    "ol": lambda value, **_: rx.el.ol(value, class_name="my-3 list-decimal pl-6"),
    "li": lambda value, **_: rx.el.li(value, class_name="my-1"),
    "a": _link,
    "code": lambda value, **_: rx.el.code(value, class_name="rounded bg-sunk px-1.5 py-0.5 text-[0.9em]"),
    "pre": _code_block,
    "img": lambda _value, **_: rx.el.span(t("chat.picture_left_out"), class_name="text-muted"),
}


def inert_markdown(source: rx.Var[str] | str) -> rx.Component:
    """Render Markdown that may say anything."""
    return rx.markdown(
        source,
        component_map=_MAP,
        use_raw=False,
        use_math=False,
        use_katex=False,
        use_unwrap_images=False,
        class_name="markdown",
    )
