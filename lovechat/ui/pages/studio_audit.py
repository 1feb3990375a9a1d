"""Who changed what."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.i18n import call, pick, t
from lovechat.ui.states.studio_audit import ACTIONS, AuditLine, Change, StudioAuditState
from lovechat.ui.studio_layout import filter_search, filter_select, pager, studio


def studio_audit() -> rx.Component:
    """The audit log."""
    state = StudioAuditState
    choices = [("", t("studio.audit.action.all"))]
    choices += [(action, t(f"studio.action.{action}")) for action in ACTIONS]
    return studio(
        "audit",
        rx.el.h1(t("studio.audit.title"), class_name=style.TITLE),
        rx.el.p(t("studio.audit.lead"), class_name=f"m-0 mt-2 {style.HELP}"),
        rx.el.div(
            filter_select("action", t("studio.audit.action"), choices, state.action, state.choose_action),
            filter_search("target", t("studio.audit.target"), state.choose_target),
            class_name="mt-6 flex flex-wrap gap-4",
        ),
        rx.cond(
            state.loaded,
            rx.cond(
                state.total > 0,
                rx.el.ol(
                    rx.foreach(state.lines, _line),
                    id="audit",
                    class_name=f"{style.CARD} m-0 mt-6 list-none divide-y divide-line p-0",
                ),
                rx.el.p(t("studio.audit.none"), role="status", class_name=f"mt-8 {style.HELP}"),
            ),
            rx.el.div(aria_hidden="true", class_name="skeleton mt-6 h-64"),
        ),
        pager(state),
    )


def _line(line: AuditLine) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                pick("studio.action", line.action, ACTIONS, otherwise="other"),
                " · ",
                rx.el.span(line.target, class_name="font-normal [overflow-wrap:anywhere]"),
                class_name="m-0 text-base font-semibold",
            ),
            rx.el.p(
                call("formatMoment", line.moment),
                " · ",
                t("studio.audit.by", actor=line.actor, address=line.address),
                class_name="m-0 text-[13px] text-muted",
            ),
            class_name="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1",
        ),
        rx.el.dl(
            rx.foreach(line.changes, _change),
            class_name="m-0 mt-2 flex flex-col gap-1 text-[13px] empty:hidden",
        ),
        key=line.id,
        class_name="px-4 py-3.5 sm:px-5",
    )


def _change(change: Change) -> rx.Component:
    return rx.el.div(
        rx.el.dt(change.field, class_name="shrink-0 text-muted sm:w-32"),
        rx.el.dd(
            rx.cond(change.old, rx.el.del_(change.old, class_name="text-muted"), rx.fragment()),
            rx.cond(change.old, " → ", ""),
            rx.cond(change.new, change.new, t("studio.audit.nothing")),
            class_name="m-0 min-w-0 [overflow-wrap:anywhere]",
        ),
        class_name="flex flex-wrap gap-x-3",
    )
