"""Where a person writes."""

import reflex as rx

from lovechat.schemas.conversations import MAX_CONTENT
from lovechat.ui import style
from lovechat.ui.components.age_check import age_stop
from lovechat.ui.components.care import notice
from lovechat.ui.components.quota_meter import quota_meter, quota_stop
from lovechat.ui.i18n import as_text, pick, t
from lovechat.ui.states.age import AgeState
from lovechat.ui.states.chat import ChatState
from lovechat.ui.states.live import LiveState
from lovechat.ui.states.quota import QuotaState

# Refusals of a message that have a text of their own here; the others share one.
REFUSALS = (
    "age_restricted",
    "content_blocked",
    "conversation_closed",
    "invalid_request",
    "llm_unavailable",
    "nothing_to_retry",
    "quota_exceeded",
    "rate_limited",
    "reply_in_progress",
)
ROUND = "inline-flex size-11 shrink-0 items-center justify-center rounded-full"


def composer() -> rx.Component:
    """The text box with its button, or what stands in its place; what is left, and that this is an AI."""
    return rx.el.footer(
        rx.el.button(
            rx.icon("arrow-down", size=16, aria_hidden="true"),
            t("chat.new_messages"),
            type="button",
            hidden=True,
            custom_attrs={"data-to-latest": "true"},
            class_name=(
                "absolute -top-14 left-1/2 inline-flex min-h-11 -translate-x-1/2 items-center gap-2 rounded-full "
                "bg-ink px-5 text-[15px] font-semibold text-paper shadow-lg"
            ),
        ),
        rx.el.div(
            rx.foreach(ChatState.refusal_notices, notice),
            rx.cond(ChatState.refusal, _refusal()),
            rx.cond(
                ChatState.closed,
                _closed(),
                rx.cond(
                    AgeState.required,
                    age_stop(),
                    rx.cond(QuotaState.spent & (LiveState.phase == "idle"), quota_stop(), _form()),
                ),
            ),
            rx.el.p(
                rx.el.span(t("chat.ai", name=ChatState.name)),
                quota_meter(),
                class_name=(
                    "m-0 flex flex-wrap items-center justify-center gap-x-4 gap-y-1 text-center text-[13px] text-muted"
                ),
            ),
            class_name="mx-auto flex w-full max-w-3xl flex-col gap-2 px-3 pt-2 sm:px-4",
        ),
        class_name="relative shrink-0 bg-paper pb-[calc(0.5rem+env(safe-area-inset-bottom))]",
    )


def _form() -> rx.Component:
    replying = LiveState.phase != "idle"
    return rx.el.form(
        rx.el.label(t("chat.message", name=ChatState.name), html_for="composer", class_name="sr-only"),
        rx.el.textarea(
            id="composer",
            name="message",
            rows="1",
            max_length=MAX_CONTENT,
            enter_key_hint="send",
            auto_complete="off",
            placeholder=t("chat.message", name=ChatState.name),
            aria_describedby="composer-room",
            custom_attrs={"data-composer": "true"},
            class_name=(
                "block min-h-11 w-full resize-none border-0 bg-transparent px-2 py-2.5 text-[17px] leading-normal "
                "text-ink placeholder:text-muted focus-visible:outline-none"
            ),
        ),
        rx.el.span(
            id="composer-room", class_name="self-center text-[13px] tabular-nums text-muted empty:hidden"
        ),
        rx.cond(
            replying,
            rx.el.button(
                rx.icon("square", size=16, fill="currentColor", aria_hidden="true"),
                rx.el.span(t("chat.stop"), class_name="sr-only"),
                type="button",
                id="stop",
                on_click=ChatState.stop,
                class_name=f"{ROUND} border border-edge text-ink hover:bg-blush",
            ),
            rx.el.button(
                rx.icon("arrow-up", size=20, aria_hidden="true"),
                rx.el.span(t("chat.send"), class_name="sr-only"),
                type="submit",
                id="send",
                class_name=f"{ROUND} bg-wine text-on-wine hover:bg-wine-deep",
            ),
        ),
        on_submit=ChatState.send,
        reset_on_submit=False,
        custom_attrs={
            "data-conversation": ChatState.conversation_id,
            "data-sent": as_text(ChatState.sent),
            "data-taken": rx.cond(ChatState.taken, "true", "false"),
            "data-pending": rx.cond(replying, "true", "false"),
        },
        class_name=(
            "flex items-end gap-1 rounded-[26px] border border-edge bg-card p-1.5 pl-3 "
            "focus-within:outline-3 focus-within:outline-offset-2 focus-within:outline-wine"
        ),
    )


def _refusal() -> rx.Component:
    return rx.el.p(
        pick("refusal", ChatState.refusal, REFUSALS, otherwise="other"),
        id="refusal",
        role="alert",
        class_name="m-0 rounded-2xl bg-blush px-4 py-3 text-[15px] leading-relaxed",
    )


def _closed() -> rx.Component:
    return rx.el.div(
        rx.el.p(t("chat.closed"), class_name="m-0 flex-1 text-[15px]"),
        rx.el.a(t("conversations.begin"), href="/discover", class_name=style.PRIMARY),
        class_name="flex flex-wrap items-center gap-3 rounded-2xl bg-blush px-5 py-4",
    )
