"""How the whole is doing."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.day_chart import day_chart
from lovechat.ui.i18n import call, pick, t
from lovechat.ui.states.studio_overview import SERIES, Series, StudioOverviewState
from lovechat.ui.studio_layout import studio

COUNTS = (
    "users",
    "active_users",
    "conversations",
    "messages",
    "replies_streaming",
    "replies_interrupted",
    "units_used_today",
    "characters",
)


def studio_overview() -> rx.Component:
    """The studio's first page."""
    return studio(
        "overview",
        rx.el.div(
            rx.el.h1(t("studio.overview.title"), class_name=style.TITLE),
            rx.cond(
                StudioOverviewState.loaded,
                rx.el.p(
                    t("studio.overview.version", version=StudioOverviewState.version),
                    " · ",
                    t("studio.overview.model", model=StudioOverviewState.model),
                    class_name="m-0 text-[15px] text-muted",
                ),
            ),
            class_name="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1",
        ),
        rx.cond(
            StudioOverviewState.loaded,
            rx.fragment(
                rx.el.dl(
                    *(_count(name) for name in COUNTS),
                    class_name="mt-6 grid grid-cols-2 gap-3 md:grid-cols-4",
                ),
                rx.el.section(
                    rx.el.h2(t("studio.charts"), class_name=style.SUBHEADING),
                    rx.el.div(
                        rx.foreach(StudioOverviewState.series, _chart),
                        class_name="mt-4 grid gap-4 md:grid-cols-2 lg:grid-cols-3",
                    ),
                    class_name="mt-10",
                ),
            ),
            rx.el.div(
                *(rx.el.div(class_name="skeleton h-24") for _ in range(8)),
                aria_hidden="true",
                class_name="mt-6 grid grid-cols-2 gap-3 md:grid-cols-4",
            ),
        ),
    )


def _count(name: str) -> rx.Component:
    return rx.el.div(
        rx.el.dt(t(f"studio.count.{name}"), class_name="text-[13px] text-muted"),
        rx.el.dd(
            call("formatNumber", StudioOverviewState.counts[name]),
            id=f"count-{name}",
            class_name="m-0 mt-1 font-display text-[26px] leading-tight tabular-nums",
        ),
        class_name=f"{style.CARD} flex flex-col px-4 py-3",
    )


def _chart(series: Series) -> rx.Component:
    name = pick("studio.chart", series.key, SERIES, otherwise="replies")
    return rx.el.div(
        rx.el.div(
            rx.el.h3(name, class_name="m-0 text-[15px] font-semibold"),
            rx.el.span(call("formatNumber", series.total), class_name="font-display text-xl tabular-nums"),
            class_name="flex items-baseline justify-between gap-3",
        ),
        day_chart(series.days, name, "h-20", hide_label=True),
        class_name=f"{style.CARD} flex flex-col gap-3 p-4",
    )
