"""A character, as somebody meets it in the gallery."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from lovechat.ui.components.portrait import portrait
from lovechat.ui.i18n import as_text, t
from lovechat.ui.states.gallery import CharacterCard

CARDS = "grid list-none grid-cols-[repeat(auto-fill,minmax(min(100%,18rem),1fr))] gap-5 p-0"


def character_card(character: CharacterCard, action: Callable[[CharacterCard], rx.Component]) -> rx.Component:
    """Portrait, name, tagline, traits, that it is an AI, and the way to talk with it."""
    return rx.el.li(
        portrait(character.id, character.name, character.picture, "h-44 w-full rounded-t-2xl"),
        rx.el.div(
            rx.el.div(
                rx.el.h3(character.name, class_name="font-display text-[26px] leading-none"),
                ai_label(),
                class_name="flex items-center gap-2.5",
            ),
            rx.el.p(character.tagline, class_name="text-[15px] leading-relaxed text-muted"),
            rx.el.dl(
                _trait(t("trait.dominance"), character.dominance),
                _trait(t("trait.affection"), character.affection),
                class_name="grid grid-cols-2 gap-4",
            ),
            rx.el.div(action(character), class_name="mt-auto pt-1"),
            class_name="flex flex-1 flex-col gap-3 p-5",
        ),
        class_name="arrives flex flex-col rounded-2xl border border-line bg-card",
    )


def ai_label() -> rx.Component:
    """The word that stands wherever a character does."""
    return rx.el.span(
        t("ai.label"),
        class_name=(
            "rounded-full border border-edge px-2 py-0.5 text-[13px] font-semibold leading-none text-muted"
        ),
    )


def card_skeletons(count: int = 2) -> rx.Component:
    """The room that cards will take."""
    return rx.fragment(
        *(rx.el.li(aria_hidden="true", class_name="skeleton h-[23rem] rounded-2xl") for _ in range(count))
    )


def _trait(label: rx.Var[str], value: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(label, class_name="text-[13px] text-muted"),
        rx.el.dd(
            rx.el.span(value, "%", class_name="sr-only"),
            rx.el.span(
                rx.el.span(
                    class_name="block h-full rounded-full bg-wine",
                    style={"width": as_text(value, "%")},
                ),
                aria_hidden="true",
                class_name="block h-1.5 overflow-hidden rounded-full bg-sunk",
            ),
            class_name="mt-1",
        ),
    )
