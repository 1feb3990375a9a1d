"""The frame of the studio's pages, and what they share."""

from typing import Any

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.notices import notices
from lovechat.ui.components.preferences import language_switch
from lovechat.ui.i18n import call, t
from lovechat.ui.layouts import skip_link, wordmark

WIDTH = "mx-auto w-full max-w-6xl px-4 md:px-6"
PAGES = (
    ("overview", "/studio"),
    ("characters", "/studio/characters"),
    ("users", "/studio/users"),
    ("care", "/studio/care"),
    ("audit", "/studio/audit"),
)


def studio(here: str, *content: rx.Component) -> rx.Component:
    """A page of the studio; `here` is its name in the navigation."""
    return rx.el.div(
        rx.el.header(
            skip_link(),
            rx.el.div(
                _brand(),
                rx.el.div(
                    language_switch(),
                    rx.el.button(
                        t("studio.leave"),
                        type="button",
                        custom_attrs={"data-leaves": "/web/studio", "data-goes": "/studio/login"},
                        class_name=f"{style.PLAIN} max-sm:px-2",
                    ),
                    class_name="flex items-center",
                ),
                class_name=f"{WIDTH} flex flex-wrap items-center justify-between gap-2 py-3",
            ),
            rx.el.nav(
                rx.el.ul(
                    *(_entry(name, href, here=here) for name, href in PAGES),
                    class_name=f"{WIDTH} m-0 flex list-none gap-1 overflow-x-auto md:gap-2",
                ),
                aria_label=t("studio.name"),
            ),
            class_name="border-b border-line",
        ),
        rx.el.main(
            *content, id="main", tab_index=-1, class_name=f"{WIDTH} flex-1 pb-16 pt-6 outline-none md:pt-8"
        ),
        notices(),
        class_name="flex min-h-dvh flex-col bg-paper text-ink",
    )


def door(*content: rx.Component) -> rx.Component:
    """The page before the studio: no navigation yet."""
    return rx.el.div(
        rx.el.header(
            skip_link(),
            _brand(),
            language_switch(),
            class_name=f"{WIDTH} flex items-center justify-between gap-2 py-3",
        ),
        rx.el.main(
            *content,
            id="main",
            tab_index=-1,
            class_name="mx-auto w-full max-w-md flex-1 px-4 pb-16 outline-none",
        ),
        notices(),
        class_name="flex min-h-dvh flex-col bg-paper text-ink",
    )


def pager(state: Any) -> rx.Component:
    """Where in a longer list one is, and the ways on and back."""
    return rx.cond(
        state.total > 0,
        rx.el.nav(
            rx.el.p(
                t(
                    "studio.page.shown",
                    first=state.first_shown,
                    last=state.last_shown,
                    total=call("formatNumber", state.total),
                ),
                role="status",
                class_name="m-0 text-[15px] text-muted",
            ),
            rx.el.div(
                rx.el.button(
                    t("studio.page.previous"),
                    type="button",
                    on_click=state.turn(-1),
                    disabled=state.first_shown <= 1,
                    class_name=style.QUIET,
                ),
                rx.el.button(
                    t("studio.page.next"),
                    type="button",
                    on_click=state.turn(1),
                    disabled=state.last_shown >= state.total,
                    class_name=style.QUIET,
                ),
                class_name="flex gap-2",
            ),
            aria_label=t("studio.page.label"),
            class_name="mt-6 flex flex-wrap items-center justify-between gap-3",
        ),
    )


def filter_select(
    identifier: str, label: rx.Var[str], choices: list[tuple[str, rx.Var[str]]], value: Any, on_change: Any
) -> rx.Component:
    """A choice of one of a few values, with its label above."""
    return rx.el.div(
        rx.el.label(label, html_for=identifier, class_name="mb-1.5 block text-[15px] font-semibold"),
        rx.el.select(
            *(rx.el.option(text, value=choice) for choice, text in choices),
            id=identifier,
            value=value,
            on_change=on_change,
            class_name=f"{style.INPUT} min-w-48",
        ),
    )


def filter_search(identifier: str, label: rx.Var[str], on_change: Any) -> rx.Component:
    """A search that acts as somebody types, with its label above."""
    return rx.el.div(
        rx.el.label(label, html_for=identifier, class_name="mb-1.5 block text-[15px] font-semibold"),
        rx.el.input(
            id=identifier,
            type="search",
            on_change=on_change.debounce(250),
            auto_complete="off",
            class_name=style.INPUT,
        ),
        class_name="min-w-0 flex-1 basis-64",
    )


def _brand() -> rx.Component:
    return rx.el.div(
        wordmark("/studio"),
        rx.el.span(
            t("studio.name"),
            class_name="rounded-full bg-blush px-2.5 py-1 text-[13px] font-semibold leading-none text-wine",
        ),
        class_name="flex items-center gap-1.5 sm:gap-2.5",
    )


def _entry(name: str, href: str, *, here: str) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            t(f"studio.nav.{name}"),
            href=href,
            aria_current="page" if name == here else "false",
            class_name=(
                "inline-flex min-h-11 items-center whitespace-nowrap border-b-2 border-transparent px-3 text-[15px] "
                "text-muted no-underline hover:text-ink aria-[current=page]:border-wine "
                "aria-[current=page]:font-semibold aria-[current=page]:text-ink"
            ),
        )
    )
