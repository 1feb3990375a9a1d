"""The dialog in which a person reports a reply."""

from typing import get_args

import reflex as rx

from lovechat.schemas.oversight import ReportReason
from lovechat.ui import style
from lovechat.ui.components.dialogs import closer, dialog
from lovechat.ui.i18n import t
from lovechat.ui.states.report import ReportState

REPORT = "report"


def report_dialog() -> rx.Component:
    """Why, a few words, and what will be seen by whom."""
    return dialog(
        REPORT,
        t("report.title"),
        rx.el.p(t("report.text"), class_name=f"m-0 {style.HELP}"),
        rx.el.form(
            rx.el.fieldset(
                rx.el.legend(t("report.reason"), class_name="mb-1 text-[15px] font-semibold"),
                *(
                    rx.el.label(
                        rx.el.input(
                            type="radio",
                            name="reason",
                            value=reason,
                            default_checked=reason == "other",
                            class_name="size-5 accent-[var(--wine)]",
                        ),
                        t(f"report.reason.{reason}"),
                        class_name="flex min-h-11 cursor-pointer items-center gap-3 text-[15px]",
                    )
                    for reason in get_args(ReportReason)
                ),
                class_name="m-0 border-0 p-0",
            ),
            rx.el.label(t("report.note"), html_for="report-note", class_name="text-[15px] font-semibold"),
            rx.el.textarea(id="report-note", name="note", rows="3", max_length=1000, class_name=style.INPUT),
            rx.el.div(
                closer(t("dialog.cancel")),
                rx.el.button(t("report.send"), type="submit", class_name=style.PRIMARY),
                class_name="mt-2 flex flex-wrap justify-end gap-2",
            ),
            on_submit=ReportState.send,
            reset_on_submit=True,
            custom_attrs={"data-closes-after": "true"},
            class_name="flex flex-col gap-3",
        ),
    )
