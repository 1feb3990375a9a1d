"""What this is, for somebody who has never heard of it."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.character_card import CARDS, ai_label, card_skeletons, character_card
from lovechat.ui.components.portrait import portrait
from lovechat.ui.i18n import t
from lovechat.ui.layouts import visitor
from lovechat.ui.states.gallery import CharacterCard, GalleryState
from lovechat.ui.states.session import SessionState

TITLE = "Love Chat"


def landing() -> rx.Component:
    """The first page."""
    return visitor(_hero(), _characters(), _promises())


def _hero() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h1(
                t("landing.title"),
                class_name=(
                    "font-display text-[40px] leading-[1.06] tracking-[-0.02em] text-balance md:text-[56px]"
                ),
            ),
            rx.el.p(
                t("landing.promise"), class_name="mt-5 max-w-[36rem] text-[17px] leading-relaxed md:text-xl"
            ),
            rx.el.div(
                rx.cond(
                    SessionState.signed_in,
                    rx.el.a(
                        t("landing.continue"), href="/discover", class_name=f"{style.PRIMARY} min-h-12 px-7"
                    ),
                    rx.fragment(
                        rx.el.a(t("nav.signup"), href="/signup", class_name=f"{style.PRIMARY} min-h-12 px-7"),
                        rx.el.a(t("landing.login"), href="/login", class_name=f"{style.PLAIN} min-h-12"),
                    ),
                ),
                class_name="mt-7 flex flex-wrap gap-2",
            ),
            rx.el.p(
                rx.el.strong("18+", class_name="font-semibold text-ink"),
                " · ",
                t("landing.adults"),
                class_name="mt-5 max-w-[34rem] text-[15px] leading-relaxed text-muted",
            ),
        ),
        _sample(),
        class_name="grid items-center gap-10 pt-8 md:grid-cols-[1.1fr_0.9fr] md:gap-12 md:pt-16",
    )


def _sample() -> rx.Component:
    """A few lines of a conversation, so that a glance is enough."""
    return rx.el.figure(
        rx.el.figcaption(
            portrait("luna", "Luna", "", "size-10 rounded-full"),
            rx.el.span("Luna", class_name="font-display text-xl"),
            ai_label(),
            class_name="flex items-center gap-3 border-b border-line px-5 py-3.5",
        ),
        rx.el.div(
            _line(t("landing.sample.1"), mine=True),
            _line(t("landing.sample.2"), mine=False),
            _line(t("landing.sample.3"), mine=True),
            _line(t("landing.sample.4"), mine=False),
            class_name="flex flex-col gap-2.5 p-5",
        ),
        aria_label=t("landing.sample.label"),
        class_name=f"{style.CARD} m-0 shadow-[0_24px_60px_-32px_rgb(70_20_40/45%)] md:rotate-[0.6deg]",
    )


def _line(text: rx.Var[str], *, mine: bool) -> rx.Component:
    side = (
        "self-end rounded-br-md bg-wine text-on-wine" if mine else "self-start rounded-bl-md bg-sunk text-ink"
    )
    return rx.el.p(text, class_name=f"max-w-[85%] rounded-[22px] px-4 py-2.5 text-base leading-normal {side}")


def _characters() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("landing.characters"), class_name=style.HEADING),
        rx.el.ul(
            rx.cond(GalleryState.loaded, rx.foreach(GalleryState.characters, _card), card_skeletons()),
            aria_busy=rx.cond(GalleryState.loaded, "false", "true"),
            class_name=f"{CARDS} mt-6",
        ),
        class_name="pt-20",
    )


def _card(character: CharacterCard) -> rx.Component:
    return character_card(
        character,
        lambda card: rx.el.a(
            t("landing.meet", name=card.name),
            href=rx.cond(SessionState.signed_in, "/discover", "/signup"),
            class_name=f"{style.QUIET} w-full",
        ),
    )


def _promises() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("landing.promises"), class_name=style.HEADING),
        rx.el.ul(
            *(
                rx.el.li(
                    rx.el.h3(t(f"landing.{name}.title"), class_name=style.SUBHEADING),
                    rx.el.p(
                        t(f"landing.{name}.text"), class_name="mt-2 text-[15px] leading-relaxed text-muted"
                    ),
                    class_name="border-t-2 border-wine pt-4",
                )
                for name in ("keeps", "honest", "free")
            ),
            class_name="mt-6 grid list-none gap-8 p-0 md:grid-cols-3",
        ),
        rx.el.p(
            t("landing.more"),
            " ",
            rx.el.a(t("landing.safety"), href="/safety", class_name=style.LINK),
            class_name="mt-8 text-[15px] text-muted",
        ),
        class_name="pt-20",
    )
