"""A small chart of one number a day."""

import reflex as rx

from lovechat.ui.i18n import as_text, call, t
from lovechat.ui.states.charts import Bar


def day_chart(
    days: list[Bar], label: rx.Var[str], class_name: str = "h-28", *, hide_label: bool = False
) -> rx.Component:
    """The days as bars, and as a table for who cannot see them."""
    return rx.el.figure(
        rx.el.figcaption(label, class_name="sr-only" if hide_label else "mb-2 text-[13px] text-muted"),
        rx.el.div(
            rx.foreach(
                days,
                lambda bar: rx.el.span(
                    rx.el.span(
                        style={"height": as_text(bar.height, "%")},
                        class_name="block w-full rounded-t-[3px] bg-wine",
                    ),
                    title=t("chart.day", day=call("formatShortDay", bar.date), value=bar.value),
                    class_name="flex h-full flex-1 items-end border-b border-line hover:bg-blush",
                ),
            ),
            aria_hidden="true",
            class_name=f"flex items-stretch gap-px sm:gap-0.5 {class_name}",
        ),
        rx.el.div(
            rx.el.span(call("formatShortDay", days[0].date)),
            rx.el.span(call("formatShortDay", days[-1].date)),
            aria_hidden="true",
            class_name="mt-1 flex justify-between text-[13px] text-muted",
        ),
        # A table takes the room of its cells even when it is clipped, so a box around it is.
        rx.el.div(
            rx.el.table(
                rx.el.caption(label),
                rx.el.thead(
                    rx.el.tr(rx.el.th(t("chart.date"), scope="col"), rx.el.th(t("chart.value"), scope="col"))
                ),
                rx.el.tbody(
                    rx.foreach(
                        days,
                        lambda bar: rx.el.tr(
                            rx.el.th(call("formatShortDay", bar.date), scope="row"), rx.el.td(bar.value)
                        ),
                    )
                ),
            ),
            class_name="sr-only",
        ),
        class_name="relative m-0",
    )
