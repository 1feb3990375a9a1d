"""A person's own account: who they are here, what they used, where they are signed in, and the way out."""

import reflex as rx

from lovechat.ui import style
from lovechat.ui.components.age_check import age_section
from lovechat.ui.components.day_chart import day_chart
from lovechat.ui.components.dialogs import closer, dialog, opener
from lovechat.ui.components.field import field, form_error
from lovechat.ui.components.form import form
from lovechat.ui.components.picture_picker import picture_picker
from lovechat.ui.components.preferences import language_switch, theme_switch
from lovechat.ui.components.section import section
from lovechat.ui.i18n import call, t
from lovechat.ui.layouts import member
from lovechat.ui.states.account import EXPLICIT_STEPS, HELP_COUNTRIES, AccountState, SignIn
from lovechat.ui.states.quota import QuotaState
from lovechat.ui.states.session import SessionState

REFRESH = "refresh-account"


def account() -> rx.Component:
    """The account page."""
    return member(
        rx.el.h1(t("account.title"), class_name=f"{style.TITLE} pt-6 md:pt-10"),
        rx.el.p(AccountState.email, class_name="mt-2 min-h-6 text-[15px] text-muted"),
        # Scripts press it when a form or a picture has changed something.
        rx.el.button(id=REFRESH, type="button", hidden=True, on_click=AccountState.load),
        rx.el.div(
            _profile(),
            age_section(),
            _looks(),
            _country(),
            _explicitness(),
            _usage(),
            _sign_ins(),
            _password(),
            _data(),
            class_name="mt-8 flex flex-col gap-6",
        ),
        width="mx-auto w-full max-w-2xl px-4",
    )


def _profile() -> rx.Component:
    return section(
        t("account.profile"),
        picture_picker(
            SessionState.person_id,
            SessionState.name,
            SessionState.picture,
            address="/web/me/avatar",
            refreshes=REFRESH,
            on_remove=AccountState.remove_picture,
        ),
        form(
            form_error(),
            field(
                "display_name",
                t("account.name"),
                mistake=t("mistake.display_name"),
                default_value=SessionState.name,
                auto_complete="nickname",
                required=True,
                max_length=50,
            ),
            rx.el.button(t("dialog.save"), type="submit", class_name=f"{style.PRIMARY} self-start"),
            post="/web/me",
            method="PATCH",
            done=t("account.name.saved"),
            refreshes=REFRESH,
            class_name="flex flex-col gap-4",
        ),
    )


def _looks() -> rx.Component:
    return section(
        t("account.looks"),
        language_switch("-ml-3"),
        theme_switch("w-full sm:w-96"),
    )


def _explicitness() -> rx.Component:
    return section(
        t("account.explicit"),
        rx.el.label(t("account.explicit.help"), html_for="explicit", class_name=style.HELP),
        rx.cond(
            AccountState.loaded,
            rx.el.select(
                *(rx.el.option(t(f"account.explicit.{step}"), value=f"{step}") for step in EXPLICIT_STEPS),
                id="explicit",
                value=AccountState.explicit,
                on_change=AccountState.choose_explicit,
                class_name=f"{style.INPUT} sm:max-w-96",
            ),
            rx.el.div(aria_hidden="true", class_name="skeleton h-12"),
        ),
    )


def _country() -> rx.Component:
    choices = [rx.el.option(call("countryName", code), value=code) for code in HELP_COUNTRIES]
    card = section(
        t("account.country"),
        rx.el.label(t("account.country.help"), html_for="where", class_name=style.HELP),
        rx.cond(
            AccountState.loaded,
            rx.el.select(
                *choices,
                rx.el.option(t("account.country.elsewhere"), value=""),
                id="where",
                value=AccountState.country,
                on_change=AccountState.choose_country,
                class_name=f"{style.INPUT} sm:max-w-96",
            ),
            rx.el.div(aria_hidden="true", class_name="skeleton h-12"),
        ),
    )
    return rx.el.div(card, id="country", class_name="scroll-mt-24")


def _usage() -> rx.Component:
    return section(
        t("account.usage"),
        rx.cond(
            AccountState.loaded,
            rx.fragment(
                rx.el.p(
                    t(
                        "account.usage.today",
                        used=call("formatNumber", QuotaState.used),
                        limit=call("formatNumber", QuotaState.limit),
                        time=call("formatTime", QuotaState.reset_at),
                    ),
                    class_name="m-0",
                ),
                rx.cond(AccountState.units > 0, day_chart(AccountState.days, t("account.usage.chart"))),
                rx.el.p(
                    t("account.usage.total", total=call("formatNumber", AccountState.units)),
                    ". ",
                    t("account.usage.unit"),
                    class_name="m-0 text-[13px] text-muted",
                ),
            ),
            rx.el.div(aria_hidden="true", class_name="skeleton h-44"),
        ),
    )


def _sign_ins() -> rx.Component:
    return section(
        t("account.sessions"),
        rx.cond(
            AccountState.loaded,
            rx.el.ul(
                rx.foreach(AccountState.sign_ins, _sign_in),
                class_name="m-0 flex list-none flex-col divide-y divide-line p-0",
            ),
            rx.el.div(aria_hidden="true", class_name="skeleton h-14"),
        ),
        rx.el.div(
            rx.el.button(
                t("account.sessions.leave"),
                type="button",
                id="log-out",
                custom_attrs={"data-leaves": "/web/session"},
                class_name=style.QUIET,
            ),
            opener("log-out-everywhere", t("account.sessions.everywhere"), class_name=style.PLAIN),
            class_name="flex flex-wrap gap-2",
        ),
        dialog(
            "log-out-everywhere",
            t("account.sessions.everywhere.title"),
            rx.el.p(t("account.sessions.everywhere.text"), class_name=style.HELP),
            rx.el.div(
                closer(t("dialog.cancel"), autofocus=True),
                rx.el.button(
                    t("account.sessions.everywhere"),
                    type="button",
                    custom_attrs={"data-leaves": "/web/me/sessions"},
                    class_name=style.DANGER,
                ),
                class_name="flex flex-wrap justify-end gap-2",
            ),
        ),
    )


def _sign_in(one: SignIn) -> rx.Component:
    device = rx.cond(
        one.device,
        one.device,
        rx.cond(one.program, t("account.sessions.program"), t("account.sessions.browser")),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(device, class_name="m-0 truncate font-medium"),
            rx.el.p(
                rx.cond(
                    one.current,
                    t("account.sessions.here"),
                    t("account.sessions.seen", moment=call("formatMoment", one.seen)),
                ),
                class_name="m-0 text-[13px] text-muted",
            ),
            class_name="min-w-0 flex-1",
        ),
        rx.cond(
            one.current,
            rx.fragment(),
            rx.el.button(
                t("account.sessions.end"),
                rx.el.span(" ", device, class_name="sr-only"),
                type="button",
                on_click=AccountState.end_sign_in(one.id),
                class_name=style.PLAIN,
            ),
        ),
        key=one.id,
        class_name="flex min-h-14 items-center gap-3 py-2",
    )


def _password() -> rx.Component:
    return section(
        t("account.password"),
        form(
            form_error(),
            # A password manager has to know whose passwords these are.
            rx.el.input(
                type="text",
                auto_complete="username",
                value=AccountState.email,
                read_only=True,
                hidden=True,
                aria_hidden="true",
                tab_index=-1,
            ),
            field(
                "current_password",
                t("account.password.current"),
                mistake=t("account.password.wrong"),
                type="password",
                auto_complete="current-password",
                required=True,
            ),
            field(
                "new_password",
                t("account.password.new"),
                mistake=t("mistake.password"),
                hint=t("account.password.help"),
                type="password",
                auto_complete="new-password",
                required=True,
                min_length=10,
            ),
            rx.el.button(t("account.password.change"), type="submit", class_name=f"{style.QUIET} self-start"),
            post="/web/me/password",
            method="PUT",
            done=t("account.password.changed"),
            refreshes=REFRESH,
            class_name="flex flex-col gap-4",
        ),
    )


def _data() -> rx.Component:
    return section(
        t("account.data"),
        rx.el.p(t("account.data.help"), class_name=f"m-0 {style.HELP}"),
        rx.el.a(
            rx.icon("download", size=18, aria_hidden="true"),
            t("account.data.download"),
            href="/web/me/export",
            custom_attrs={"data-native": "true", "download": ""},
            class_name=f"{style.QUIET} self-start",
        ),
        rx.el.hr(class_name="m-0 w-full border-0 border-t border-line"),
        rx.el.p(t("account.erase.help"), class_name=f"m-0 {style.HELP}"),
        opener("erase", t("account.erase"), class_name=f"{style.DANGER} self-start"),
        dialog(
            "erase",
            t("account.erase.title"),
            rx.el.p(t("account.erase.help"), class_name=style.HELP),
            form(
                form_error(),
                field(
                    "password",
                    t("account.erase.password"),
                    mistake=t("account.password.wrong"),
                    type="password",
                    auto_complete="current-password",
                    required=True,
                ),
                rx.el.div(
                    closer(t("dialog.cancel")),
                    rx.el.button(t("account.erase.confirm"), type="submit", class_name=style.DANGER),
                    class_name="flex flex-wrap justify-end gap-2",
                ),
                post="/web/me",
                method="DELETE",
                next_page="/",
                attributes={"data-ends": "session"},
                class_name="flex flex-col gap-4",
            ),
        ),
    )
