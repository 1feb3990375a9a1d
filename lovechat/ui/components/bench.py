"""The studio's bench: what the model is told, and what it makes of it."""

import reflex as rx

from lovechat.core.i18n import LANGUAGES
from lovechat.ui import style
from lovechat.ui.components.character_card import ai_label
from lovechat.ui.components.markdown import inert_markdown
from lovechat.ui.components.preferences import LANGUAGE_NAMES
from lovechat.ui.i18n import pick, t
from lovechat.ui.states.studio_editor import Piece, StudioEditorState
from lovechat.ui.states.studio_try import StudioTryState, TryLine

SOURCES = ("template", "tone", "dominance", "affection", "explicit_level", "boundaries")


def prompt_preview() -> rx.Component:
    """The compiled prompt in pieces, each under the name of what it comes from."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("studio.preview.title"), id="prompt-title", class_name=style.SUBHEADING),
            _languages(),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.el.p(t("studio.preview.lead"), class_name="m-0 text-[13px] text-muted"),
        rx.el.ol(
            rx.foreach(StudioEditorState.pieces, _piece),
            id="prompt",
            tab_index=0,
            aria_labelledby="prompt-title",
            class_name=(
                "m-0 flex max-h-[28rem] list-none flex-col gap-2 overflow-y-auto rounded-xl bg-sunk p-2"
            ),
        ),
        class_name=f"{style.CARD} flex flex-col gap-3 p-5",
    )


def try_it() -> rx.Component:
    """A few words with the draft."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(
                t("studio.try.title"), ai_label(), class_name=f"{style.SUBHEADING} flex items-center gap-2.5"
            ),
            rx.cond(
                StudioTryState.begun,
                rx.el.button(
                    t("studio.try.clear"),
                    type="button",
                    on_click=StudioTryState.clear,
                    class_name=style.PLAIN,
                ),
            ),
            class_name="flex min-h-11 flex-wrap items-center justify-between gap-2",
        ),
        rx.el.p(t("studio.try.lead"), class_name="m-0 text-[13px] text-muted"),
        _said(),
        rx.el.form(
            rx.el.label(t("studio.try.message"), html_for="try", class_name="sr-only"),
            rx.el.input(
                id="try",
                name="try",
                placeholder=t("studio.try.message"),
                max_length=4000,
                auto_complete="off",
                class_name=f"{style.INPUT} min-w-0 flex-1 rounded-full",
            ),
            rx.el.button(
                t("studio.try.send"),
                type="submit",
                disabled=StudioTryState.busy | ~StudioEditorState.complete,
                class_name=style.PRIMARY,
            ),
            on_submit=StudioTryState.send,
            reset_on_submit=True,
            class_name="flex gap-2",
        ),
        class_name=f"{style.CARD} flex flex-col gap-3 p-5",
    )


_THEIRS = "prose max-w-[92%] self-start rounded-[18px] rounded-bl-md border border-line px-3.5 py-2 text-base"
_MINE = (
    "max-w-[86%] self-end whitespace-pre-wrap rounded-[18px] rounded-br-md bg-wine px-3.5 py-2 text-base "
    "text-on-wine [overflow-wrap:anywhere]"
)


def _said() -> rx.Component:
    return rx.el.div(
        rx.cond(
            StudioTryState.begun,
            rx.fragment(),
            rx.el.p(t("studio.try.empty"), class_name=f"m-0 {style.HELP}"),
        ),
        rx.el.ol(
            rx.foreach(StudioTryState.lines, _line),
            rx.cond(
                StudioTryState.growing,
                rx.el.li(inert_markdown(StudioTryState.growing), class_name=_THEIRS),
            ),
            id="tried",
            aria_live="polite",
            aria_busy=rx.cond(StudioTryState.busy, "true", "false"),
            class_name="m-0 flex list-none flex-col gap-2 p-0",
        ),
        rx.cond(
            StudioTryState.refusal,
            rx.el.p(
                pick("studio.try", StudioTryState.refusal, ("refused", "failed"), otherwise="failed"),
                role="alert",
                class_name="m-0 mt-3 rounded-xl bg-blush px-4 py-3 text-[15px]",
            ),
        ),
    )


def _languages() -> rx.Component:
    names = dict(LANGUAGE_NAMES)
    return rx.el.div(
        *(
            rx.el.button(
                names[language],
                type="button",
                lang=language,
                aria_pressed=rx.cond(StudioEditorState.language == language, "true", "false"),
                on_click=StudioEditorState.show_in(language),
                class_name=(
                    "min-h-11 rounded-full px-3.5 text-[13px] text-muted aria-pressed:bg-blush "
                    "aria-pressed:font-semibold aria-pressed:text-ink"
                ),
            )
            for language in LANGUAGES
        ),
        role="group",
        aria_label=t("studio.preview.language"),
        class_name="flex",
    )


def _piece(piece: Piece) -> rx.Component:
    from_character = piece.source != "template"
    return rx.el.li(
        rx.el.p(
            pick("studio.source", piece.source, SOURCES, otherwise="template"),
            rx.cond(
                piece.changed,
                rx.el.strong(
                    t("studio.preview.changed"),
                    class_name="rounded-full bg-wine px-2 py-0.5 font-semibold text-on-wine",
                ),
            ),
            class_name="m-0 flex items-center gap-2 text-[13px] font-semibold text-muted",
        ),
        rx.el.p(
            piece.text,
            class_name="m-0 mt-1 whitespace-pre-wrap text-[15px] leading-relaxed [overflow-wrap:anywhere]",
        ),
        custom_attrs={"data-source": piece.source, "data-changed": rx.cond(piece.changed, "true", "false")},
        class_name=rx.cond(
            from_character,
            "rounded-lg border-l-4 border-wine bg-card px-3 py-2",
            "rounded-lg border-l-4 border-line px-3 py-2",
        ),
    )


def _line(line: TryLine) -> rx.Component:
    return rx.cond(
        line.mine,
        rx.el.li(rx.el.span(t("studio.try.you"), ": ", class_name="sr-only"), line.text, class_name=_MINE),
        rx.el.li(inert_markdown(line.text), class_name=_THEIRS),
    )
