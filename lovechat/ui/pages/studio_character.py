"""A character on the bench: sliders on one side, the prompt they make and a way to try it on the other."""

from typing import Any

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.bench import prompt_preview, try_it
from lovechat.ui.components.dialogs import confirm, opener
from lovechat.ui.components.picture_picker import picture_picker
from lovechat.ui.components.section import section
from lovechat.ui.components.slider import slider
from lovechat.ui.i18n import t
from lovechat.ui.states.studio_editor import ALL, Boundary, StudioEditorState
from lovechat.ui.studio_layout import studio

# Those that the prompts know; any other words work too.
TONES = ("playful", "romantic", "caring", "mysterious", "witty", "serious")
REFRESH = "refresh-character"


def studio_character() -> rx.Component:
    """The page of one character, and of a new one."""
    return studio(
        "characters",
        rx.el.a(
            rx.icon("arrow-left", size=18, aria_hidden="true"),
            t("studio.editor.back"),
            href=ALL,
            class_name=f"{style.PLAIN} -ml-5",
        ),
        rx.cond(
            StudioEditorState.loaded,
            rx.cond(
                StudioEditorState.missing,
                rx.el.h1(t("studio.editor.missing"), class_name=f"{style.HEADING} mt-6"),
                _bench(),
            ),
            rx.el.div(aria_hidden="true", class_name="skeleton mt-4 h-[32rem]"),
        ),
    )


def _bench() -> rx.Component:
    return rx.fragment(
        rx.el.button(id=REFRESH, type="button", hidden=True, on_click=StudioEditorState.look_again),
        rx.el.div(
            rx.el.h1(
                rx.cond(StudioEditorState.is_new, t("studio.editor.new"), StudioEditorState.name),
                class_name=style.TITLE,
            ),
            rx.cond(
                StudioEditorState.is_new,
                rx.fragment(),
                rx.el.p(
                    t("studio.characters.version", version=StudioEditorState.version),
                    id="version",
                    class_name="m-0 text-[15px] text-muted",
                ),
            ),
            class_name="mt-1 flex flex-wrap items-baseline gap-x-4",
        ),
        rx.el.div(
            # On a phone the prompt stands right under the sliders that make it.
            rx.el.div(
                rx.el.div(_sliders(), class_name="min-w-0"),
                rx.el.div(
                    prompt_preview(),
                    try_it(),
                    class_name=(
                        "flex min-w-0 flex-col gap-5 lg:sticky lg:top-4 lg:col-start-2 lg:row-span-2 "
                        "lg:row-start-1 lg:self-start"
                    ),
                ),
                rx.el.div(_boundaries(), _who(), _picture(), class_name="flex min-w-0 flex-col gap-5"),
                key=StudioEditorState.serial,
                class_name="grid gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)] lg:grid-rows-[auto_1fr]",
            ),
            _save_bar(),
            class_name="mt-6 flex flex-col gap-5",
        ),
    )


def _sliders() -> rx.Component:
    state = StudioEditorState
    values = {
        "dominance": state.dominance,
        "affection": state.affection,
        "explicit_level": state.explicit_level,
    }
    return section(
        t("studio.editor.sliders"),
        *(
            slider(name, t(f"studio.source.{name}"), value, state.slide(name))
            for name, value in values.items()
        ),
        rx.el.p(
            t("studio.editor.ceiling", percent=state.ceiling), class_name="m-0 -mt-3 text-[13px] text-muted"
        ),
        _text(
            "tone", t("studio.source.tone"), state.tone, 40, hint=t("studio.editor.tone_hint"), list_="tones"
        ),
        rx.el.datalist(*(rx.el.option(value=tone) for tone in TONES), id="tones"),
    )


def _boundaries() -> rx.Component:
    return section(
        t("studio.editor.boundaries"),
        rx.el.p(t("studio.editor.boundaries_hint"), class_name="-mt-2 m-0 text-[13px] text-muted"),
        rx.cond(
            StudioEditorState.has_boundaries,
            rx.fragment(),
            rx.el.p(t("studio.editor.no_boundaries"), class_name=f"m-0 {style.HELP}"),
        ),
        rx.el.ul(
            rx.foreach(StudioEditorState.boundaries, _boundary),
            class_name="m-0 flex list-none flex-col gap-2 p-0",
        ),
        rx.el.button(
            rx.icon("plus", size=18, aria_hidden="true"),
            t("studio.editor.add_boundary"),
            type="button",
            on_click=StudioEditorState.add_boundary,
            class_name=f"{style.QUIET} self-start",
        ),
    )


def _boundary(line: Boundary, index: int) -> rx.Component:
    return rx.el.li(
        rx.el.input(
            default_value=line.text,
            aria_label=t("studio.editor.boundary", number=index + 1),
            on_change=StudioEditorState.write_boundary(line.key),
            max_length=200,
            auto_complete="off",
            class_name=style.INPUT,
        ),
        rx.el.button(
            rx.icon("x", size=20, aria_hidden="true"),
            rx.el.span(t("studio.editor.remove_boundary", number=index + 1), class_name="sr-only"),
            type="button",
            on_click=StudioEditorState.remove_boundary(line.key),
            class_name=style.ICON,
        ),
        key=line.key,
        class_name="flex items-center gap-1",
    )


def _who() -> rx.Component:
    state = StudioEditorState
    return section(
        t("studio.editor.who"),
        _text("name", t("studio.editor.name"), state.name, 50, required=True),
        rx.cond(
            state.is_new,
            _text("new_id", t("studio.editor.id"), state.new_id, 64, hint=t("studio.editor.id_hint")),
        ),
        _text("tagline_es", t("studio.editor.tagline_es"), state.tagline_es, 140),
        _text("tagline_en", t("studio.editor.tagline_en"), state.tagline_en, 140),
    )


def _text(
    name: str,
    label: rx.Var[str],
    value: str,
    longest: int,
    *,
    hint: rx.Var[str] | None = None,
    list_: str = "",
    required: bool = False,
) -> rx.Component:
    more: dict[str, Any] = {"aria_describedby": f"{name}-hint"} if hint is not None else {}
    if list_:
        more["list"] = list_
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="mb-1.5 block text-[15px] font-semibold"),
        rx.el.input(
            id=name,
            default_value=value,
            on_change=StudioEditorState.write(name),
            max_length=longest,
            required=required,
            auto_complete="off",
            class_name=style.INPUT,
            **more,
        ),
        *(
            [rx.el.p(hint, id=f"{name}-hint", class_name="m-0 mt-1.5 text-[13px] text-muted")]
            if hint is not None
            else []
        ),
    )


def _picture() -> rx.Component:
    state = StudioEditorState
    return rx.cond(
        state.is_new,
        rx.fragment(),
        section(
            t("studio.editor.picture"),
            picture_picker(
                state.character_id,
                state.name,
                state.picture,
                address=f"/web/admin/characters/{state.character_id}/avatar",
                refreshes=REFRESH,
                on_remove=state.remove_picture,
            ),
        ),
    )


def _save_bar() -> rx.Component:
    state = StudioEditorState
    return rx.el.div(
        rx.el.p(
            rx.cond(state.unsaved & ~state.is_new, t("studio.editor.unsaved"), ""),
            role="status",
            class_name="m-0 min-w-0 flex-1 basis-48 text-[13px] text-muted empty:sr-only",
        ),
        rx.cond(
            state.is_new,
            rx.fragment(),
            opener("delete-character", t("studio.editor.delete"), class_name=style.DANGER),
        ),
        rx.el.button(
            rx.cond(state.is_new, t("studio.editor.create"), t("studio.editor.save")),
            type="button",
            id="save",
            on_click=state.save,
            disabled=~(state.unsaved & state.complete),
            class_name=style.PRIMARY,
        ),
        confirm(
            "delete-character",
            t("studio.editor.delete.title"),
            t("studio.editor.delete.text"),
            t("studio.editor.delete"),
            state.delete,
        ),
        class_name=(
            f"{style.CARD} sticky bottom-3 z-10 flex flex-wrap items-center justify-end gap-3 p-3 pl-5 shadow-lg"
        ),
    )
