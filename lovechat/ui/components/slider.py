"""A slider with its number."""

from typing import Any

import reflex as rx

from lovechat.ui.i18n import as_text


def slider(name: str, label: rx.Var[str], value: int, on_move: Any) -> rx.Component:
    """A slider in percent. The browser moves it at once; `on_move` hears of each step."""
    return rx.el.div(
        rx.el.div(
            rx.el.label(label, html_for=name, class_name="text-[15px] font-semibold"),
            rx.el.output(value, html_for=name, class_name="text-[15px] tabular-nums text-muted"),
            class_name="flex items-baseline justify-between",
        ),
        rx.el.input(
            id=name,
            type="range",
            min="0",
            max="100",
            step="1",
            default_value=as_text(value),
            on_change=on_move,
        ),
    )
