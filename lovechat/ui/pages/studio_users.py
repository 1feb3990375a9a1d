"""The people of this server."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.day_chart import day_chart
from lovechat.ui.components.dialogs import closer, dialog
from lovechat.ui.components.portrait import portrait
from lovechat.ui.i18n import call, pick, t
from lovechat.ui.states.studio_users import STATUSES, StudioUsersState, UserRow
from lovechat.ui.studio_layout import filter_search, filter_select, pager, studio

CHOSEN = "chosen-user"


def studio_users() -> rx.Component:
    """The list of people."""
    state = StudioUsersState
    choices = [("", t("studio.users.status.all"))]
    choices += [(status, t(f"studio.users.status.{status}")) for status in STATUSES]
    return studio(
        "users",
        rx.el.h1(t("studio.users.title"), class_name=style.TITLE),
        rx.el.div(
            filter_search("search", t("studio.users.search"), state.search),
            filter_select("status", t("studio.users.status"), choices, state.status, state.choose_status),
            class_name="mt-6 flex flex-wrap gap-4",
        ),
        rx.cond(
            state.loaded,
            rx.cond(
                state.total > 0,
                rx.el.ul(
                    rx.foreach(state.rows, _row),
                    id="users",
                    class_name=f"{style.CARD} m-0 mt-6 list-none divide-y divide-line overflow-hidden p-0",
                ),
                rx.el.p(t("studio.users.none"), role="status", class_name=f"mt-8 {style.HELP}"),
            ),
            rx.el.div(aria_hidden="true", class_name="skeleton mt-6 h-64"),
        ),
        pager(state),
        _chosen(),
    )


def _row(row: UserRow) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            portrait(row.id, row.name, row.picture, "size-11 rounded-full"),
            rx.el.span(
                rx.el.span(row.name, class_name="block truncate text-base font-medium"),
                rx.el.span(row.email, class_name="block truncate text-[13px] text-muted"),
                class_name="min-w-0 flex-1 text-left",
            ),
            rx.el.span(
                _state(row.state),
                rx.el.span(
                    call("formatNumber", row.units),
                    " ",
                    t("studio.users.units"),
                    class_name="block text-[13px] tabular-nums text-muted",
                ),
                class_name="shrink-0 text-right",
            ),
            type="button",
            aria_haspopup="dialog",
            on_click=StudioUsersState.choose(row.id),
            custom_attrs={"data-opens": CHOSEN, "data-user": row.email},
            class_name=(
                "flex min-h-16 w-full items-center gap-4 px-4 py-2.5 text-ink hover:bg-blush "
                "focus-visible:-outline-offset-4 sm:px-5"
            ),
        ),
        key=row.id,
    )


def _state(state: str) -> rx.Component:
    return rx.el.span(
        pick("studio.users.state", state, STATUSES, otherwise="active"),
        class_name=rx.cond(
            state == "active",
            "block text-[13px] font-semibold text-ink",
            "block text-[13px] font-semibold text-alarm",
        ),
    )


def _chosen() -> rx.Component:
    """One person, with what can be done and what it will do."""
    person = StudioUsersState.chosen
    return dialog(
        CHOSEN,
        person.name,
        # Nobody is chosen while the page is prerendered, and the first render has to be the same.
        rx.cond(person.id, _about()),
    )


def _about() -> rx.Component:
    state = StudioUsersState
    person = state.chosen
    return rx.fragment(
        rx.el.div(
            rx.el.p(person.email, class_name="m-0 text-[15px] [overflow-wrap:anywhere]"),
            rx.el.p(
                t("studio.users.since"),
                " ",
                call("formatDay", person.since),
                " · ",
                t("studio.users.birthdate", date=call("formatDay", person.birthdate)),
                class_name="m-0 text-[13px] text-muted",
            ),
            _state(person.state),
            class_name="-mt-2 flex flex-col gap-1",
        ),
        rx.cond(
            state.units > 0,
            day_chart(state.days, t("studio.users.usage"), "h-20"),
            rx.el.p(t("studio.users.no_usage"), class_name="m-0 text-[13px] text-muted"),
        ),
        rx.cond(
            person.state == "active",
            _decision("deactivate", style.DANGER, active=False),
            _decision("activate", style.PRIMARY, active=True),
        ),
    )


def _decision(name: str, look: str, *, active: bool) -> rx.Component:
    person = StudioUsersState.chosen
    return rx.el.div(
        rx.el.p(t(f"studio.users.{name}.text", name=person.name), class_name=f"m-0 {style.HELP}"),
        rx.el.div(
            closer(t("dialog.close"), autofocus=True),
            rx.el.button(
                t(f"studio.users.{name}"),
                type="button",
                on_click=StudioUsersState.set_active(person.id, active),
                custom_attrs={"data-closes": "true"},
                class_name=look,
            ),
            class_name="mt-4 flex flex-wrap justify-end gap-2",
        ),
        class_name="border-t border-line pt-4",
    )
