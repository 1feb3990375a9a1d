"""Who the cookies of a tab's handshake stand for, looked up anew each time."""

from lovechat.core.errors import LoveChatError
from lovechat.services.accounts import Person
from lovechat.services.audit import Actor
from lovechat.ui.handshake import read_cookie
from lovechat.ui.runtime import services

PERSON_COOKIE = "lovechat_session"
STUDIO_COOKIE = "lovechat_studio"


async def find_person(cookies: str) -> Person | None:
    """Who the session's cookie stands for, if the session and the account still hold."""
    value = read_cookie(cookies, PERSON_COOKIE)
    if value is None:
        return None
    try:
        return await services().web_sessions.identify(value)
    except LoveChatError:
        return None


async def find_admin(cookies: str) -> Actor | None:
    """Who the studio's cookie stands for, if the sign-in still holds."""
    value = read_cookie(cookies, STUDIO_COOKIE)
    if value is None:
        return None
    try:
        return await services().studio_sessions.identify(value)
    except LoveChatError:
        return None
