"""What was said, and what is being said."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.care import notice
from lovechat.ui.components.dialogs import opener
from lovechat.ui.components.markdown import inert_markdown
from lovechat.ui.components.report import REPORT
from lovechat.ui.i18n import call, t
from lovechat.ui.states.chat import ChatState, Line
from lovechat.ui.states.live import LiveState
from lovechat.ui.states.report import ReportState

THEIRS = "prose max-w-[min(65ch,92%)] rounded-[22px] rounded-bl-md bg-card border border-line px-4 py-2.5 text-[17px] leading-[1.55]"


def message(line: Line) -> rx.Component:
    """One message; what became of a reply stands under it."""
    return rx.el.li(
        rx.cond(line.mine, _own(line), _reply(line)),
        rx.foreach(line.notices, notice),
        key=line.id,
        custom_attrs={"data-message": line.id},
        class_name="group flex flex-col",
    )


def live_reply() -> rx.Component:
    """The reply that is on its way: breath, then words."""
    return rx.cond(
        LiveState.phase != "idle",
        rx.el.li(
            rx.el.span(ChatState.name, ": ", class_name="sr-only"),
            rx.el.div(
                rx.foreach(
                    LiveState.blocks, lambda block, index: rx.el.div(inert_markdown(block), key=index)
                ),
                rx.cond(LiveState.tail, inert_markdown(LiveState.tail)),
                rx.cond(LiveState.phase == "thinking", _breath()),
                class_name=THEIRS,
            ),
            id="live-reply",
            aria_busy="true",
            class_name="flex flex-col items-start",
        ),
    )


def _own(line: Line) -> rx.Component:
    return rx.el.div(
        rx.el.span(t("chat.you"), class_name="sr-only"),
        rx.cond(
            line.status == "retracted",
            _note(t("chat.own_retracted")),
            rx.el.p(
                line.content,
                custom_attrs={"data-own": "true"},
                class_name=(
                    "m-0 max-w-[min(65ch,86%)] whitespace-pre-wrap rounded-[22px] rounded-br-md bg-wine px-4 py-2.5 "
                    "text-[17px] leading-[1.55] text-on-wine [overflow-wrap:anywhere]"
                ),
            ),
        ),
        class_name="flex flex-col items-end",
    )


def _reply(line: Line) -> rx.Component:
    source = "m-" + line.id
    return rx.el.div(
        rx.el.span(ChatState.name, ": ", class_name="sr-only"),
        rx.cond(
            line.content,
            rx.el.div(
                inert_markdown(line.content),
                id=source,
                custom_attrs={"data-source": line.content},
                class_name=THEIRS,
            ),
        ),
        rx.el.div(
            rx.match(
                line.status,
                ("interrupted", _note(t("chat.interrupted"))),
                ("stopped", _note(t("chat.stopped"))),
                ("retracted", _note(t("chat.retracted"))),
                rx.match(
                    line.finish_reason,
                    ("quota", _note(t("chat.cut_by_quota"))),
                    ("length", _note(t("chat.cut_by_length"))),
                    rx.fragment(),
                ),
            ),
            rx.cond(
                line.content,
                rx.fragment(
                    rx.el.time(
                        call("formatTime", line.moment),
                        date_time=line.moment,
                        class_name="text-[13px] text-muted",
                    ),
                    rx.el.button(
                        rx.icon("copy", size=16, aria_hidden="true"),
                        rx.el.span(t("chat.copy"), class_name="sr-only"),
                        type="button",
                        custom_attrs={"data-copies": source},
                        class_name=(
                            f"{style.ICON} text-muted lg:opacity-0 lg:group-hover:opacity-100 "
                            "lg:focus-visible:opacity-100"
                        ),
                    ),
                    opener(
                        REPORT,
                        rx.icon("flag", size=16, aria_hidden="true"),
                        rx.el.span(t("report.open"), class_name="sr-only"),
                        on_click=ReportState.begin(line.id),
                        class_name=(
                            f"{style.ICON} -ml-2 text-muted lg:opacity-0 lg:group-hover:opacity-100 "
                            "lg:focus-visible:opacity-100"
                        ),
                    ),
                ),
            ),
            class_name="flex min-h-6 flex-wrap items-center gap-x-2 pl-1",
        ),
        class_name="flex flex-col items-start",
    )


def _note(text: rx.Var[str]) -> rx.Component:
    return rx.el.p(text, class_name="m-0 py-2 text-[15px] text-muted")


def _breath() -> rx.Component:
    return rx.el.span(
        rx.el.span(t("chat.writing", name=ChatState.name), class_name="sr-only"),
        *(rx.el.i(aria_hidden="true") for _ in range(3)),
        class_name="breathing inline-flex h-[26px] items-center gap-1.5 text-muted",
    )
