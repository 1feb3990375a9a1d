"""What the browser said when its socket opened: cookies and languages."""

from http.cookies import CookieError, SimpleCookie

import reflex as rx

from lovechat.core.i18n import LANGUAGES, Language
from lovechat.services.language import preferred_language


def read_cookie(header: str, name: str) -> str | None:
    """The value of a cookie in a `Cookie` header, if it is there."""
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return found.value if found else None


def page_language(cookies: str, accept_language: str) -> Language | None:
    """The language that somebody chose, or else that their browser asks for, if it is one of ours."""
    chosen = read_cookie(cookies, "language")
    for language in LANGUAGES:
        if chosen == language:
            return language
    return preferred_language(accept_language)


def asked_language(state: rx.State) -> Language | None:
    """The language of the pages in this tab."""
    headers = state.router.headers
    return page_language(headers.cookie, headers.accept_language)
