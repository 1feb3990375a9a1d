"""Who is calling, from where, and with which services."""

from typing import Annotated

from fastapi import Depends, Header, Query, Request
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from lovechat.bootstrap import Services
from lovechat.core.errors import not_authenticated
from lovechat.core.i18n import Language
from lovechat.services.accounts import Person
from lovechat.services.audit import Actor
from lovechat.services.language import preferred_language

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


async def current_person(
    services: ServicesDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Person:
    """The person whose access token came along. Raises `not_authenticated` or `account_inactive`."""
    if credentials is None:
        raise not_authenticated()
    return await services.accounts.identify(credentials.credentials)


PersonDep = Annotated[Person, Depends(current_person)]


async def current_admin(
    services: ServicesDep, address: AddressDep, key: Annotated[str | None, Depends(_admin_key)]
) -> Actor:
    """The admin whose key came along. Raises `admin_disabled` or `invalid_admin_key`."""
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
