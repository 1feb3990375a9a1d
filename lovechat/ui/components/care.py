"""What the product itself tells people in a conversation: quiet lines, and where to find help."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.i18n import t
from lovechat.ui.states.chat import HelpLine, NoticeLine

_ROW = "inline-flex min-h-11 items-center"


def notice(line: NoticeLine) -> rx.Component:
    """One notice; it is read out once, by the page, when it comes."""
    return rx.el.div(
        rx.cond(line.kind == "crisis", _card(line), _quiet(line)),
        role="note",
        custom_attrs={"data-notice": line.kind},
        class_name="mt-3 flex flex-col",
    )


def _quiet(line: NoticeLine) -> rx.Component:
    return rx.el.p(
        line.text,
        lang=line.language,
        class_name=(
            "m-0 max-w-[34rem] self-center border-y border-line px-3 py-2 text-center text-[15px] "
            "leading-relaxed text-muted text-balance"
        ),
    )


def _card(line: NoticeLine) -> rx.Component:
    return rx.el.div(
        rx.el.p(line.text, lang=line.language, class_name="m-0 text-[17px] leading-[1.55]"),
        rx.el.ul(
            rx.foreach(line.resources, _place),
            lang=line.language,
            class_name="m-0 mt-3 flex list-none flex-col divide-y divide-line border-t border-line p-0",
        ),
        rx.el.a(t("care.country"), href="/account#country", class_name=f"{style.LINK} {_ROW} text-[15px]"),
        class_name="rounded-2xl border border-edge bg-card px-5 pb-2 pt-4",
    )


def _place(place: HelpLine) -> rx.Component:
    return rx.el.li(
        rx.el.span(place.name, class_name="min-w-0 flex-1 basis-40"),
        rx.cond(
            place.number,
            rx.el.a(
                place.number,
                href="tel:" + place.number.replace(" ", ""),
                class_name=f"{style.LINK} {_ROW}",
            ),
        ),
        rx.cond(
            place.url,
            rx.el.a(
                place.url.replace("https://", ""),
                href=place.url,
                target="_blank",
                rel="noopener noreferrer",
                class_name=f"{style.LINK} {_ROW}",
            ),
        ),
        class_name="flex min-h-12 flex-wrap items-center gap-x-4 py-1 text-[17px] leading-snug",
    )
