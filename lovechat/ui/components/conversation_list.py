"""A person's conversations, beside the one that is open or in a drawer."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.portrait import portrait
from lovechat.ui.i18n import call, t
from lovechat.ui.states.chat import ChatState
from lovechat.ui.states.conversations import ConversationItem, ConversationsState


def conversation_list() -> rx.Component:
    """The list, with a way to begin another conversation."""
    return rx.el.div(
        rx.el.a(
            rx.icon("plus", size=18, aria_hidden="true"),
            t("conversations.begin"),
            href="/discover",
            class_name=f"{style.QUIET} mx-3 shrink-0",
        ),
        rx.el.nav(
            rx.cond(
                ConversationsState.loaded,
                rx.fragment(
                    rx.el.ul(rx.foreach(ConversationsState.items, _item), class_name="m-0 list-none p-0"),
                    rx.cond(
                        ConversationsState.has_more,
                        rx.el.button(
                            t("conversations.more"),
                            type="button",
                            on_click=ConversationsState.more,
                            class_name=f"{style.PLAIN} w-full",
                        ),
                    ),
                    rx.cond(
                        ConversationsState.total == 0,
                        rx.el.p(t("conversations.none"), class_name=f"{style.HELP} px-3 py-6"),
                    ),
                ),
                rx.el.div(
                    *(rx.el.div(class_name="skeleton h-14") for _ in range(4)),
                    aria_hidden="true",
                    class_name="flex flex-col gap-2",
                ),
            ),
            aria_label=t("conversations.label"),
            class_name="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-3",
        ),
        class_name="flex min-h-0 flex-1 flex-col gap-3",
    )


def _item(item: ConversationItem) -> rx.Component:
    here = item.id == ChatState.conversation_id
    return rx.el.li(
        rx.el.a(
            portrait(item.character_id, item.name, item.picture, "size-11 rounded-full"),
            rx.el.span(
                rx.el.span(item.title, class_name="block truncate text-base font-medium"),
                rx.el.span(
                    item.name,
                    rx.cond(item.closed, rx.el.span(" · ", t("conversations.closed"))),
                    class_name="block truncate text-[13px] text-muted",
                ),
                class_name="min-w-0 flex-1",
            ),
            rx.el.span(
                call("formatWhen", item.moment), class_name="shrink-0 self-start pt-1 text-[13px] text-muted"
            ),
            href=f"/c/{item.id}",
            aria_current=rx.cond(here, "page", "false"),
            class_name=(
                "flex min-h-14 items-center gap-3 rounded-2xl px-3 py-2 text-ink no-underline hover:bg-blush "
                "aria-[current=page]:bg-blush"
            ),
        ),
        key=item.id,
    )
