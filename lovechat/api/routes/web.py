"""What our own pages send to sign in and out. Programs use `/auth`; these are in no document."""

from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, Request, Response
from fastapi.responses import RedirectResponse

from lovechat.api import cookies
from lovechat.api.deps import AddressDep, DeviceDep, ServicesDep, same_origin
from lovechat.schemas.accounts import Login, Register
from lovechat.schemas.admin import EnterStudio
from lovechat.services.studio_sessions import LIFETIME

router = APIRouter(prefix="/web", include_in_schema=False, dependencies=[Depends(same_origin)])


@router.post("/session", status_code=204)
async def sign_in(
    command: Login,
    request: Request,
    response: Response,
    services: ServicesDep,
    address: AddressDep,
    device: DeviceDep,
) -> None:
    """Exchange credentials for a cookie."""
    cookie = await services.web_sessions.begin(command, address, device)
    cookies.put(response, request, services, cookies.PERSON, cookie)


@router.post("/signup", status_code=204)
async def sign_up(
    command: Register,
    request: Request,
    response: Response,
    services: ServicesDep,
    address: AddressDep,
    device: DeviceDep,
) -> None:
    """Make an account and sign in."""
    cookie = await services.web_sessions.sign_up(command, address, device)
    cookies.put(response, request, services, cookies.PERSON, cookie)


@router.post("/studio", status_code=204)
async def enter_studio(
    command: EnterStudio,
    request: Request,
    response: Response,
    services: ServicesDep,
    address: AddressDep,
    device: DeviceDep,
) -> None:
    """Exchange the admin key for a cookie that lives for two hours."""
    cookie = await services.studio_sessions.begin(command.key, address, device)
    seconds = int(LIFETIME.total_seconds())
    cookies.put(response, request, services, cookies.STUDIO, cookie, same_site="strict", seconds=seconds)


@router.delete("/studio", status_code=204)
async def leave_studio(
    response: Response,
    services: ServicesDep,
    cookie: Annotated[str | None, Cookie(alias=cookies.STUDIO)] = None,
) -> None:
    """End this browser's sign-in to the studio. To repeat it does no harm."""
    if cookie is not None:
        await services.studio_sessions.end(cookie)
    cookies.drop(response, cookies.STUDIO)


@router.delete("/session", status_code=204)
async def sign_out(
    response: Response,
    services: ServicesDep,
    cookie: Annotated[str | None, Cookie(alias=cookies.PERSON)] = None,
) -> None:
    """End this browser's sign-in. To repeat it does no harm."""
    if cookie is not None:
        await services.web_sessions.end(cookie)
    cookies.drop(response, cookies.PERSON)


@router.get("/docs")
async def documentation(services: ServicesDep) -> RedirectResponse:
    """Where the documentation is: the pages' links are built without knowing the prefix."""
    return RedirectResponse(f"{services.settings.api_prefix}/docs")
