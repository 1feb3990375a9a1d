"""Who is calling, from where, and with which services."""

from typing import Annotated

from fastapi import Depends, Header, Query, Request
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from lovechat.api import cookies
from lovechat.api.same_origin import SAFE_METHODS, require_same_origin
from lovechat.bootstrap import Services
from lovechat.core.errors import not_authenticated
from lovechat.core.i18n import Language
from lovechat.services.accounts import Person
from lovechat.services.audit import Actor
from lovechat.services.language import preferred_language
from lovechat.services.web_sessions import device_name

MOST = 2**31 - 1  # the largest offset that the database takes

_bearer = HTTPBearer(auto_error=False, description="The `access_token` of `POST /auth/login`.")
_admin_key = APIKeyHeader(name="X-Admin-Key", auto_error=False, description="`ADMIN_SECRET`.")


async def get_services(request: Request) -> Services:
    """The services of this process."""
    return request.app.state.services


ServicesDep = Annotated[Services, Depends(get_services)]


async def client_address(request: Request, services: ServicesDep) -> str:
    """The address of the caller; proxies are believed as far as `TRUSTED_PROXY_HOPS` says.

    Each proxy appends the address it was called from to `X-Forwarded-For`, so with n trusted
    proxies the n-th entry from the right is the caller's, and what stands left of it is hearsay.
    """
    hops = services.settings.trusted_proxy_hops
    peer = request.client.host if request.client else "unknown"
    if not hops:
        return peer
    entries = [entry.strip() for entry in request.headers.get("x-forwarded-for", "").split(",")]
    entries = [entry for entry in entries if entry]
    return entries[-hops] if len(entries) >= hops else peer


AddressDep = Annotated[str, Depends(client_address)]


async def same_origin(request: Request, services: ServicesDep) -> None:
    """Only for our own pages. Raises `cross_site`."""
    require_same_origin(request, services.settings)


async def client_device(
    user_agent: Annotated[str, Header(include_in_schema=False)] = "",
) -> str | None:
    """What the caller says it is, in a few words."""
    return device_name(user_agent)


DeviceDep = Annotated[str | None, Depends(client_device)]


async def current_person(
    request: Request,
    services: ServicesDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Person:
    """The person whose access token came along, or else whose cookie.

    Raises `not_authenticated`, `account_inactive`, or `cross_site` for another site's page.
    """
    if credentials is not None:
        return await services.accounts.identify(credentials.credentials)
    cookie = request.cookies.get(cookies.PERSON)
    if cookie is None:
        raise not_authenticated()
    if request.method not in SAFE_METHODS:
        require_same_origin(request, services.settings)
    return await services.web_sessions.identify(cookie)


PersonDep = Annotated[Person, Depends(current_person)]


async def current_admin(
    request: Request,
    services: ServicesDep,
    address: AddressDep,
    key: Annotated[str | None, Depends(_admin_key)],
) -> Actor:
    """The admin whose key came along, or else whose cookie.

    Raises `admin_disabled`, `invalid_admin_key`, `studio_session_ended`, or `cross_site`.
    """
    cookie = request.cookies.get(cookies.STUDIO)
    if key is None and cookie is not None:
        if request.method not in SAFE_METHODS:
            require_same_origin(request, services.settings)
        return await services.studio_sessions.identify(cookie, address)
    return await services.admin.enter(key, address)


AdminDep = Annotated[Actor, Depends(current_admin)]


async def asked_language(
    accept_language: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Language | None:
    """The language that the caller asks for, if it is one of ours."""
    return preferred_language(accept_language)


LanguageDep = Annotated[Language | None, Depends(asked_language)]

Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=MOST)]
