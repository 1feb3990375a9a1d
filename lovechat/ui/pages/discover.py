"""Who is here to talk with."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.character_card import CARDS, card_skeletons, character_card
from lovechat.ui.i18n import t
from lovechat.ui.layouts import member
from lovechat.ui.states.conversations import ConversationsState
from lovechat.ui.states.gallery import CharacterCard, GalleryState
from lovechat.ui.states.session import SessionState


def discover() -> rx.Component:
    """The gallery of characters."""
    return member(
        rx.el.div(
            rx.el.h1(
                rx.cond(
                    SessionState.name, t("discover.title", name=SessionState.name), t("discover.title_plain")
                ),
                class_name=style.TITLE,
            ),
            rx.el.div(
                rx.el.label(t("discover.search"), html_for="search", class_name="sr-only"),
                rx.el.input(
                    id="search",
                    type="search",
                    placeholder=t("discover.search"),
                    on_change=GalleryState.search.debounce(200),
                    auto_complete="off",
                    class_name=f"{style.INPUT} rounded-full",
                ),
                class_name="w-full sm:w-72",
            ),
            class_name="flex flex-wrap items-end justify-between gap-4 pt-6 md:pt-10",
        ),
        rx.el.h2(t("nav.discover"), class_name="sr-only"),
        rx.el.ul(
            rx.cond(
                GalleryState.loaded & ConversationsState.loaded,
                rx.foreach(GalleryState.shown, _card),
                card_skeletons(),
            ),
            aria_label=t("nav.discover"),
            class_name=f"{CARDS} mt-8",
        ),
        rx.cond(
            GalleryState.loaded & (GalleryState.shown.length() == 0),
            rx.el.p(
                rx.cond(GalleryState.query, t("discover.nobody"), t("discover.empty")),
                role="status",
                class_name="mt-10 text-center text-[17px] text-muted",
            ),
        ),
    )


def _card(character: CharacterCard) -> rx.Component:
    return character_card(character, _way_in)


def _way_in(character: CharacterCard) -> rx.Component:
    going_on = ConversationsState.open_by_character[character.id]
    return rx.cond(
        going_on,
        rx.el.div(
            rx.el.a(
                t("discover.continue"),
                rx.el.span(f" {character.name}", class_name="sr-only"),
                href=f"/c/{going_on}",
                class_name=f"{style.PRIMARY} flex-1",
            ),
            rx.el.button(
                t("discover.another"),
                rx.el.span(f" {character.name}", class_name="sr-only"),
                type="button",
                on_click=ConversationsState.begin(character.id),
                class_name=f"{style.QUIET} flex-1",
            ),
            class_name="flex flex-wrap gap-2",
        ),
        rx.el.button(
            t("discover.begin", name=character.name),
            type="button",
            on_click=ConversationsState.begin(character.id),
            class_name=f"{style.PRIMARY} w-full",
        ),
    )
