"""What waits for a human look, what the guard did, and the guard on the bench."""

from typing import get_args

import reflex as rx

from lovechat.schemas.oversight import Mark, Outcome, ReportReason
from lovechat.ui import style
from lovechat.ui.components.counts import kind_of_count
from lovechat.ui.components.dialogs import confirm, opener
from lovechat.ui.components.section import section
from lovechat.ui.i18n import call, pick, t
from lovechat.ui.states.studio_care import KINDS, Counted, Doubted, Reported, StudioCareState, Waiting
from lovechat.ui.studio_layout import studio

ACTIONS = ("allow", "note", "crisis", "block", "lock")
QUIET = "m-0 text-[13px] text-muted"
LIST = "m-0 flex list-none flex-col divide-y divide-line p-0"


def studio_care() -> rx.Component:
    """The page of care."""
    return studio(
        "care",
        rx.el.h1(t("studio.care.title"), class_name=style.TITLE),
        rx.el.div(
            rx.el.div(_queue(), _reports(), class_name="flex min-w-0 flex-col gap-5"),
            rx.el.div(_tester(), _reviews(), _counts(), class_name="flex min-w-0 flex-col gap-5"),
            class_name="mt-6 grid gap-5 lg:grid-cols-2",
        ),
        *(
            confirm(
                f"queue-{name}",
                StudioCareState.chosen.name,
                t(f"studio.care.queue.{name}.text", name=StudioCareState.chosen.name),
                _decision(name, StudioCareState.chosen.shut),
                StudioCareState.decide(adult),
            )
            for name, adult in (("open", True), ("shut", False))
        ),
    )


def _decision(name: str, shut: rx.Var[bool] | bool) -> rx.Var[str]:
    """What a decision is called: an account may be open or shut while it waits."""
    again = {"open": "studio.care.queue.open", "shut": "studio.care.queue.shut"}[name]
    first = {"open": "studio.care.queue.leave", "shut": "studio.care.queue.close"}[name]
    return rx.cond(shut, t(again), t(first))


def _nothing(there_is_none: rx.Var[bool], text: rx.Var[str]) -> rx.Component:
    return rx.cond(there_is_none, rx.el.p(text, class_name=f"m-0 {style.HELP}"))


def _queue() -> rx.Component:
    return section(
        t("studio.care.queue"),
        rx.el.p(t("studio.care.queue.text"), class_name=f"-mt-2 {QUIET}"),
        _nothing(StudioCareState.nobody_waits, t("studio.care.queue.none")),
        rx.el.ul(rx.foreach(StudioCareState.queue, _waiting), id="queue", class_name=LIST),
    )


def _waiting(one: Waiting) -> rx.Component:
    return rx.el.li(
        rx.el.p(one.name, class_name="m-0 font-medium"),
        rx.el.p(
            one.email,
            " · ",
            call("formatDay", one.since),
            rx.cond(one.times > 1, f" · {one.times}\u00d7", ""),
            class_name=f"{QUIET} [overflow-wrap:anywhere]",
        ),
        rx.el.p(
            pick("studio.care.why", one.reason, get_args(Mark), otherwise="age_said"),
            class_name="m-0 mt-1 text-[15px]",
        ),
        rx.el.div(
            *(
                opener(
                    f"queue-{name}",
                    _decision(name, one.shut),
                    rx.el.span(" ", one.name, class_name="sr-only"),
                    on_click=StudioCareState.choose(one.id),
                    class_name=style.QUIET,
                )
                for name in ("open", "shut")
            ),
            class_name="mt-2 flex flex-wrap gap-2",
        ),
        key=one.id,
        class_name="py-3",
    )


def _reports() -> rx.Component:
    return section(
        t("studio.care.reports"),
        _nothing(StudioCareState.nothing_reported, t("studio.care.reports.none")),
        rx.el.ul(rx.foreach(StudioCareState.reports, _reported), id="reports", class_name=LIST),
    )


def _reported(one: Reported) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            pick("report.reason", one.reason, get_args(ReportReason), otherwise="other"),
            " · ",
            one.character,
            class_name="m-0 font-medium",
        ),
        rx.el.p(call("formatMoment", one.moment), class_name=QUIET),
        rx.el.blockquote(
            one.content,
            class_name=(
                "m-0 mt-2 max-h-40 overflow-y-auto whitespace-pre-wrap rounded-xl bg-sunk px-3 py-2 text-[15px] "
                "[overflow-wrap:anywhere]"
            ),
        ),
        rx.cond(one.note, rx.el.p(one.note, class_name="m-0 mt-2 text-[15px] [overflow-wrap:anywhere]")),
        rx.el.div(
            *(
                rx.el.button(
                    t(f"studio.care.reports.{outcome}"),
                    type="button",
                    on_click=StudioCareState.close(one.id, outcome),
                    class_name=style.QUIET,
                )
                for outcome in get_args(Outcome)
            ),
            class_name="mt-2 flex flex-wrap gap-2",
        ),
        key=one.id,
        class_name="py-3",
    )


def _tester() -> rx.Component:
    return section(
        t("studio.care.tester"),
        rx.el.p(t("studio.care.tester.text"), class_name=f"-mt-2 {QUIET}"),
        rx.el.form(
            rx.el.label(
                t("studio.care.tester.sentence"), html_for="text", class_name="text-[15px] font-semibold"
            ),
            rx.el.textarea(
                id="text", name="text", rows="3", max_length=4000, required=True, class_name=style.INPUT
            ),
            rx.el.label(
                t("studio.care.tester.kind"), html_for="kind", class_name="text-[15px] font-semibold"
            ),
            rx.el.select(
                *(rx.el.option(t(f"studio.care.tester.kind.{kind}"), value=kind) for kind in KINDS),
                id="kind",
                name="kind",
                class_name=style.INPUT,
            ),
            rx.el.button(
                t("studio.care.tester.check"), type="submit", class_name=f"{style.PRIMARY} self-start"
            ),
            on_submit=StudioCareState.check,
            reset_on_submit=False,
            class_name="flex flex-col gap-2.5",
        ),
        rx.cond(StudioCareState.verdict.action, _verdict()),
    )


def _verdict() -> rx.Component:
    verdict = StudioCareState.verdict
    return rx.el.div(
        rx.el.p(
            pick("studio.care.action", verdict.action, ACTIONS, otherwise="allow"),
            rx.cond(verdict.reason, rx.el.code(verdict.reason, class_name="ml-2 text-[13px] font-normal")),
            class_name="m-0 font-semibold",
        ),
        rx.el.p(
            t("studio.care.tester.signals"),
            " ",
            rx.cond(
                StudioCareState.fired, rx.el.code(StudioCareState.fired), t("studio.care.tester.nothing")
            ),
            class_name="m-0 text-[15px] [overflow-wrap:anywhere]",
        ),
        rx.cond(verdict.needs_help, rx.el.p(t("studio.care.tester.help"), class_name="m-0 text-[15px]")),
        rx.el.button(
            t("studio.care.tester.wrong"),
            type="button",
            on_click=StudioCareState.doubt,
            class_name=f"{style.QUIET} mt-1 self-start",
        ),
        id="verdict",
        role="status",
        class_name="flex flex-col gap-1.5 rounded-xl bg-blush px-4 py-3",
    )


def _reviews() -> rx.Component:
    return section(
        t("studio.care.reviews"),
        _nothing(StudioCareState.nothing_doubted, t("studio.care.reviews.none")),
        rx.el.ul(rx.foreach(StudioCareState.reviews, _doubted), id="reviews", class_name=LIST),
    )


def _doubted(one: Doubted) -> rx.Component:
    return rx.el.li(
        rx.el.p(one.text, class_name="m-0 text-[15px] [overflow-wrap:anywhere]"),
        rx.el.p(
            pick("studio.care.action", one.action, ACTIONS, otherwise="allow"),
            rx.cond(one.reason, rx.el.code(one.reason, class_name="ml-2")),
            class_name=QUIET,
        ),
        key=one.id,
        class_name="py-2.5",
    )


def _counts() -> rx.Component:
    return section(
        t("studio.care.counts"),
        rx.el.p(t("studio.care.counts.text"), class_name=f"-mt-2 {QUIET}"),
        _nothing(StudioCareState.nothing_counted, t("studio.care.counts.none")),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    *(
                        rx.el.th(
                            t(f"studio.care.counts.{name}"), scope="col", class_name="py-1 pr-4 text-left"
                        )
                        for name in ("kind", "language", "count")
                    )
                )
            ),
            rx.el.tbody(rx.foreach(StudioCareState.counts, _counted)),
            id="counts",
            class_name="w-full border-collapse text-[15px]",
        ),
    )


def _counted(one: Counted) -> rx.Component:
    return rx.el.tr(
        rx.el.th(kind_of_count(one.kind), scope="row", class_name="py-1.5 pr-4 text-left font-normal"),
        rx.el.td(one.language, class_name="py-1.5 pr-4"),
        rx.el.td(call("formatNumber", one.count), class_name="py-1.5 pr-4 tabular-nums"),
        key=one.key,
        class_name="border-t border-line",
    )
