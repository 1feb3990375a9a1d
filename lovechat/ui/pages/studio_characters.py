"""The characters, to be shaped."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.character_card import CARDS
from lovechat.ui.components.portrait import portrait
from lovechat.ui.i18n import as_text, t
from lovechat.ui.states.studio_characters import CharacterRow, StudioCharactersState
from lovechat.ui.studio_layout import studio

SLIDERS = ("dominance", "affection", "explicit_level")


def studio_characters() -> rx.Component:
    """The list of characters."""
    return studio(
        "characters",
        rx.el.div(
            rx.el.h1(t("studio.characters.title"), class_name=style.TITLE),
            rx.el.a(
                rx.icon("plus", size=18, aria_hidden="true"),
                t("studio.characters.new"),
                href="/studio/new-character",
                class_name=style.PRIMARY,
            ),
            class_name="flex flex-wrap items-center justify-between gap-4",
        ),
        rx.cond(
            StudioCharactersState.loaded,
            rx.fragment(
                rx.el.ul(rx.foreach(StudioCharactersState.rows, _row), class_name=f"{CARDS} m-0 mt-6"),
                rx.cond(
                    StudioCharactersState.empty,
                    rx.el.p(t("studio.characters.empty"), class_name=f"mt-8 {style.HELP}"),
                ),
            ),
            rx.el.div(
                *(rx.el.div(class_name="skeleton h-52") for _ in range(3)),
                aria_hidden="true",
                class_name=f"{CARDS} mt-6",
            ),
        ),
    )


def _row(row: CharacterRow) -> rx.Component:
    values = {"dominance": row.dominance, "affection": row.affection, "explicit_level": row.explicit_level}
    return rx.el.li(
        rx.el.div(
            portrait(row.id, row.name, row.picture, "size-16 rounded-full"),
            rx.el.div(
                rx.el.h2(row.name, class_name="m-0 font-display text-xl font-medium leading-tight"),
                rx.el.p(
                    row.tone,
                    " · ",
                    t("studio.characters.version", version=row.version),
                    class_name="m-0 text-[13px] text-muted",
                ),
                class_name="min-w-0",
            ),
            class_name="flex items-center gap-4",
        ),
        rx.el.dl(
            *(
                rx.el.div(
                    rx.el.dt(t(f"studio.source.{name}"), class_name="w-36 shrink-0 text-muted"),
                    rx.el.dd(
                        rx.el.span(
                            style={"width": as_text(values[name], "%")},
                            class_name="block h-full rounded-full bg-wine",
                        ),
                        aria_hidden="true",
                        class_name="m-0 h-1.5 flex-1 overflow-hidden rounded-full bg-sunk",
                    ),
                    rx.el.dd(values[name], class_name="m-0 w-8 text-right tabular-nums"),
                    class_name="flex items-center gap-2 text-[13px]",
                )
                for name in SLIDERS
            ),
            class_name="m-0 flex flex-col gap-1.5",
        ),
        rx.el.a(
            t("studio.characters.shape", name=row.name),
            href=f"/studio/characters/{row.id}",
            class_name=f"{style.QUIET} mt-auto",
        ),
        key=row.id,
        class_name=f"{style.CARD} flex flex-col gap-4 p-5",
    )
