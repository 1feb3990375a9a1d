"""A conversation: the heart of the product."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.character_card import ai_label
from lovechat.ui.components.composer import composer
from lovechat.ui.components.conversation_list import conversation_list
from lovechat.ui.components.dialogs import closer, confirm, dialog, opener
from lovechat.ui.components.message import live_reply, message
from lovechat.ui.components.notices import notices
from lovechat.ui.components.portrait import portrait
from lovechat.ui.components.report import report_dialog
from lovechat.ui.i18n import t
from lovechat.ui.layouts import skip_link, wordmark
from lovechat.ui.states.chat import ChatState
from lovechat.ui.states.live import LiveState
from lovechat.ui.states.session import SessionState

DRAWER = "conversations"


def chat() -> rx.Component:
    """The conversation page."""
    return rx.el.div(
        skip_link(),
        rx.el.div(_beside(), _conversation(), class_name="grid h-dvh lg:grid-cols-[20rem_minmax(0,1fr)]"),
        _drawer(),
        _dialogs(),
        rx.el.div(ChatState.announcement, aria_live="polite", class_name="sr-only"),
        notices(),
        custom_attrs={"data-member": "true"},
        class_name="bg-paper text-ink",
    )


def _beside() -> rx.Component:
    return rx.el.aside(
        rx.el.div(
            wordmark("/discover"),
            _account_link(),
            class_name="flex items-center justify-between px-5 py-3",
        ),
        conversation_list(),
        class_name="hidden min-h-0 flex-col border-r border-line bg-sunk lg:flex",
    )


def _conversation() -> rx.Component:
    return rx.el.div(
        _header(),
        rx.cond(ChatState.missing, _missing(), rx.fragment(_thread(), composer())),
        class_name="flex min-h-0 min-w-0 flex-col",
    )


def _header() -> rx.Component:
    return rx.el.header(
        opener(
            DRAWER,
            rx.icon("menu", size=22, aria_hidden="true"),
            rx.el.span(t("conversations.open"), class_name="sr-only"),
            class_name=f"{style.ICON} lg:hidden",
        ),
        portrait(ChatState.character_id, ChatState.name, ChatState.picture, "size-10 rounded-full"),
        rx.el.div(
            rx.el.h1(
                rx.cond(ChatState.name, ChatState.name, "…"),
                rx.cond(ChatState.name, ai_label()),
                class_name="m-0 flex items-center gap-2 font-display text-xl font-medium leading-tight",
            ),
            rx.cond(
                ChatState.title != ChatState.name,
                rx.el.p(ChatState.title, class_name="m-0 truncate text-[13px] text-muted"),
            ),
            class_name="min-w-0 flex-1",
        ),
        opener(
            "conversation-menu",
            rx.icon("ellipsis", size=22, aria_hidden="true"),
            rx.el.span(t("chat.menu"), class_name="sr-only"),
            class_name=style.ICON,
        ),
        class_name=(
            "flex shrink-0 items-center gap-3 border-b border-line px-2 py-2 sm:px-4 "
            "pt-[calc(0.5rem+env(safe-area-inset-top))]"
        ),
    )


def _thread() -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.cond(
                ChatState.loaded,
                rx.fragment(
                    rx.cond(
                        ChatState.has_older,
                        rx.el.button(
                            t("chat.older"),
                            type="button",
                            on_click=ChatState.older,
                            custom_attrs={"data-load-older": "true"},
                            class_name=f"{style.PLAIN} self-center",
                        ),
                        _opening(),
                    ),
                    rx.el.ol(
                        rx.foreach(ChatState.lines, message),
                        live_reply(),
                        aria_label=t("chat.label"),
                        class_name="m-0 flex list-none flex-col gap-3 p-0",
                    ),
                    rx.cond(ChatState.can_retry & (LiveState.phase == "idle"), _retry()),
                ),
                _skeleton(),
            ),
            class_name="mx-auto flex min-h-full w-full max-w-3xl flex-col justify-end gap-4 px-3 py-5 sm:px-4",
        ),
        id="main",
        tab_index=0,
        aria_label=t("chat.label"),
        custom_attrs={"data-thread": "true", "data-conversation": ChatState.conversation_id},
        class_name="min-h-0 flex-1 overflow-y-auto overscroll-contain [overflow-anchor:none] focus-visible:-outline-offset-4",
    )


def _opening() -> rx.Component:
    """Who this is, at the very beginning."""
    return rx.el.div(
        portrait(ChatState.character_id, ChatState.name, ChatState.picture, "size-24 rounded-full"),
        rx.el.p(
            t("chat.opening", name=ChatState.name),
            class_name="m-0 max-w-[30rem] text-center text-[15px] leading-relaxed text-muted",
        ),
        class_name="mb-2 mt-auto flex flex-col items-center gap-3 pt-4",
    )


def _retry() -> rx.Component:
    return rx.el.button(
        rx.icon("rotate-ccw", size=16, aria_hidden="true"),
        t("chat.retry"),
        type="button",
        id="retry",
        on_click=ChatState.retry,
        class_name=f"{style.QUIET} self-start",
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        rx.el.div(class_name="skeleton h-16 w-3/5"),
        rx.el.div(class_name="skeleton h-11 w-2/5 self-end"),
        rx.el.div(class_name="skeleton h-24 w-4/5"),
        aria_hidden="true",
        class_name="flex flex-col gap-4",
    )


def _missing() -> rx.Component:
    return rx.el.main(
        rx.el.h2(t("chat.missing.title"), class_name=style.HEADING),
        rx.el.p(t("chat.missing.text"), class_name=style.HELP),
        rx.el.a(t("conversations.begin"), href="/discover", class_name=style.PRIMARY),
        id="main",
        class_name="flex flex-1 flex-col items-center justify-center gap-4 p-6 text-center",
    )


def _drawer() -> rx.Component:
    return rx.el.dialog(
        rx.el.div(
            rx.el.div(
                wordmark("/discover"),
                rx.el.div(
                    _account_link(),
                    rx.el.button(
                        rx.icon("x", size=22, aria_hidden="true"),
                        rx.el.span(t("dialog.close"), class_name="sr-only"),
                        type="button",
                        custom_attrs={"data-closes": "true"},
                        class_name=style.ICON,
                    ),
                    class_name="flex items-center gap-1",
                ),
                class_name="flex items-center justify-between py-2 pl-4 pr-2",
            ),
            conversation_list(),
            class_name="flex h-full flex-col bg-sunk pt-[env(safe-area-inset-top)]",
        ),
        id=DRAWER,
        aria_label=t("conversations.label"),
        class_name="drawer",
    )


def _dialogs() -> rx.Component:
    entry = f"{style.PLAIN} w-full justify-start"
    return rx.fragment(
        report_dialog(),
        dialog(
            "conversation-menu",
            ChatState.title,
            rx.el.div(
                opener("rename", rx.icon("pencil", size=18), t("chat.rename"), class_name=entry),
                opener("begin-anew", rx.icon("refresh-cw", size=18), t("chat.begin_anew"), class_name=entry),
                opener(
                    "delete-conversation",
                    rx.icon("trash-2", size=18),
                    t("chat.delete"),
                    class_name=f"{entry} text-alarm",
                ),
                class_name="-mx-2 flex flex-col",
            ),
            rx.el.div(closer(t("dialog.close"), autofocus=True), class_name="flex justify-end"),
        ),
        dialog(
            "rename",
            t("chat.rename"),
            rx.el.form(
                rx.el.label(t("chat.title"), html_for="title", class_name="sr-only"),
                rx.el.input(
                    id="title",
                    name="title",
                    default_value=ChatState.title,
                    key=ChatState.title,
                    max_length=60,
                    required=True,
                    auto_complete="off",
                    class_name=style.INPUT,
                ),
                rx.el.div(
                    closer(t("dialog.cancel")),
                    rx.el.button(t("dialog.save"), type="submit", class_name=style.PRIMARY),
                    class_name="mt-4 flex flex-wrap justify-end gap-2",
                ),
                on_submit=ChatState.rename,
                custom_attrs={"data-closes-after": "true"},
            ),
        ),
        confirm(
            "begin-anew",
            t("chat.begin_anew.title"),
            t("chat.begin_anew.text", name=ChatState.name),
            t("chat.begin_anew"),
            ChatState.begin_anew,
        ),
        confirm(
            "delete-conversation",
            t("chat.delete.title"),
            t("chat.delete.text"),
            t("chat.delete"),
            ChatState.delete,
        ),
    )


def _account_link() -> rx.Component:
    return rx.el.a(
        portrait(SessionState.person_id, SessionState.name, SessionState.picture, "size-9 rounded-full"),
        rx.el.span(t("nav.account"), class_name="sr-only"),
        href="/account",
        class_name=style.ICON,
    )
