"""A browser as the server sees it: a jar of cookies and the headers of a page's request."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.support.people import PASSWORD, Person

FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
COOKIE = "lovechat_session"


@asynccontextmanager
async def browser(url: str, **headers: str) -> AsyncGenerator[httpx.AsyncClient]:
    """A browser with an empty jar on one of our pages."""
    ours = {"User-Agent": FIREFOX, "Origin": url, "Sec-Fetch-Site": "same-origin", **headers}
    async with httpx.AsyncClient(base_url=url, headers=ours, timeout=20) as opened:
        yield opened


async def sign_in(page: httpx.AsyncClient, person: Person, password: str = PASSWORD) -> httpx.Response:
    """What the login page sends."""
    return await page.post("/web/session", json={"email": person.email, "password": password})


def attributes(answer: httpx.Response) -> dict[str, Any]:
    """The attributes of the cookie that an answer sets, names in lower case."""
    _, *rest = answer.headers["set-cookie"].split("; ")
    return {name.lower(): value for name, _, value in (part.partition("=") for part in rest)}
