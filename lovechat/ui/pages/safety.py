"""What we do about age, crisis and content, in plain words."""

import reflex as rx

from lovechat.services.guardrails.quality import measured
from lovechat.ui import style
from lovechat.ui.components.counts import kind_of_count
from lovechat.ui.i18n import call, t
from lovechat.ui.layouts import visitor
from lovechat.ui.states.safety import SafetyState

TOPICS = ("ai", "age", "content", "crisis", "data", "time")


def safety() -> rx.Component:
    """The public safety page."""
    return visitor(
        rx.el.h1(t("safety.title"), class_name=f"{style.TITLE} pt-8"),
        rx.el.p(t("safety.lead"), class_name="mt-4 max-w-[40rem] text-[17px] leading-relaxed"),
        rx.el.div(
            *(
                rx.el.section(
                    rx.el.h2(t(f"safety.{topic}.title"), class_name=style.SUBHEADING),
                    rx.el.p(t(f"safety.{topic}.text"), class_name="mt-2 leading-relaxed"),
                    *([_helplines()] if topic == "crisis" else []),
                    id=topic,
                    class_name="max-w-[40rem] scroll-mt-24",
                )
                for topic in TOPICS
            ),
            _quality(),
            _counts(),
            class_name="mt-10 flex flex-col gap-9",
        ),
    )


def _quality() -> rx.Component:
    version, figures = measured()
    return rx.el.section(
        rx.el.h2(t("safety.quality.title"), class_name=style.SUBHEADING),
        rx.el.p(t("safety.quality.text"), class_name="mt-2 leading-relaxed"),
        rx.el.p(t("safety.quality.version", version=version), class_name=f"mt-2 {style.HELP}"),
        _table(
            [
                rx.el.th(t("safety.quality.set"), scope="col", class_name=CELL),
                rx.el.th(t("safety.quality.measured"), scope="col", class_name=NUMBER),
                rx.el.th(t("safety.quality.unseen"), scope="col", class_name=NUMBER),
            ],
            *(
                rx.el.tr(
                    rx.el.th(
                        t(f"safety.quality.set.{one.name}"), scope="row", class_name=f"{CELL} font-normal"
                    ),
                    rx.el.td(_of(one.hits, one.total), class_name=NUMBER),
                    rx.el.td(_of(*one.unseen) if one.unseen else "", class_name=NUMBER),
                    class_name="border-t border-line",
                )
                for one in figures
            ),
        ),
        class_name="max-w-[40rem]",
    )


def _counts() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("safety.counts.title"), class_name=style.SUBHEADING),
        rx.el.p(t("safety.counts.text"), class_name="mt-2 leading-relaxed"),
        rx.cond(SafetyState.empty, rx.el.p(t("safety.counts.none"), class_name=f"mt-2 {style.HELP}")),
        _table(
            [
                rx.el.th(t("studio.care.counts.kind"), scope="col", class_name=CELL),
                rx.el.th(t("studio.care.counts.count"), scope="col", class_name=NUMBER),
            ],
            rx.foreach(
                SafetyState.counts,
                lambda one: rx.el.tr(
                    rx.el.th(kind_of_count(one.kind), scope="row", class_name=f"{CELL} font-normal"),
                    rx.el.td(call("formatNumber", one.count), class_name=NUMBER),
                    key=one.kind,
                    class_name="border-t border-line",
                ),
            ),
        ),
        class_name="max-w-[40rem]",
    )


CELL = "py-2 pr-4 text-left text-[15px]"
NUMBER = "py-2 pl-4 text-right text-[15px] tabular-nums"


def _table(head: list[rx.Component], *rows: rx.Component) -> rx.Component:
    return rx.el.table(
        rx.el.thead(rx.el.tr(*head)), rx.el.tbody(*rows), class_name="mt-3 w-full border-collapse"
    )


def _of(hits: int, total: int) -> rx.Var[str]:
    return t("safety.quality.of", hits=hits, total=total)


def _helplines() -> rx.Component:
    return rx.el.a(
        "findahelpline.com",
        href="https://findahelpline.com",
        target="_blank",
        rel="noopener noreferrer",
        class_name=f"{style.LINK} mt-1 inline-flex min-h-11 items-center",
    )
