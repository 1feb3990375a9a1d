"""What is left of the day, and when it begins anew."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.i18n import as_text, call, t
from lovechat.ui.states.quota import QuotaState


def quota_meter() -> rx.Component:
    """A thin line under the composer."""
    return rx.cond(
        QuotaState.known,
        rx.el.span(
            rx.el.span(
                rx.el.span(
                    style={"width": as_text(QuotaState.percent_left, "%")},
                    class_name="block h-full rounded-full bg-wine transition-[width] duration-300",
                ),
                custom_attrs={"role": "meter"},
                aria_label=t("quota.label"),
                aria_valuemin="0",
                aria_valuemax="100",
                aria_valuenow=as_text(QuotaState.percent_left),
                class_name="block h-1.5 w-14 shrink-0 overflow-hidden rounded-full bg-line",
            ),
            rx.el.span(
                t(
                    "quota.left",
                    percent=QuotaState.percent_left,
                    time=call("formatTime", QuotaState.reset_at),
                )
            ),
            class_name="inline-flex items-center gap-2",
        ),
    )


def quota_stop() -> rx.Component:
    """What stands in the composer's place when the day's units are used up."""
    return rx.el.div(
        rx.el.h2(t("quota.spent.title"), class_name=style.SUBHEADING),
        rx.el.p(
            t("quota.spent.text", time=call("formatTime", QuotaState.reset_at)),
            class_name="mt-1 text-[15px] leading-relaxed text-muted",
        ),
        # Whoever needs help tonight must find it here too.
        rx.el.a(
            t("quota.spent.help"),
            href="/safety#crisis",
            class_name=f"{style.LINK} inline-flex min-h-11 items-center",
        ),
        id="quota-stop",
        role="status",
        class_name="rounded-2xl bg-blush px-5 py-4",
    )
