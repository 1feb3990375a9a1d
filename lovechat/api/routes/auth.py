"""Register, sign in, stay signed in, sign out."""

from fastapi import APIRouter

from lovechat.api.deps import AddressDep, DeviceDep, ServicesDep
from lovechat.api.errors import refusals
from lovechat.schemas.accounts import (
    Login,
    RefreshToken,
    Register,
    Registered,
    TokenPair,
    UserView,
)

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post("/register", status_code=201, responses=refusals("403 age_restricted", "409 email_taken"))
async def register(command: Register, services: ServicesDep, address: AddressDep) -> Registered:
    """Make an account. It is for people of 18 or over; of anybody else nothing is stored.

    After a refusal for age the same e-mail address, and for an hour the same network, get that answer again.

    Show the person the terms of the sign-up page before: sending this says that they agree to them.
    """
    person = await services.accounts.register(command, address)
    return Registered(user=UserView.model_validate(person))


@router.post(
    "/login",
    responses=refusals("401 invalid_credentials", "403 account_inactive", "429 too_many_attempts"),
)
async def login(command: Login, services: ServicesDep, address: AddressDep, device: DeviceDep) -> TokenPair:
    """Get an access token, and a refresh token to renew it with."""
    return await services.accounts.login(command, address, device)


@router.post("/refresh", responses=refusals("401 invalid_refresh_token", "403 account_inactive"))
async def refresh(command: RefreshToken, services: ServicesDep) -> TokenPair:
    """Exchange a refresh token. The old one is dead at once; to use it again later ends the sign-in."""
    return await services.accounts.refresh(command.refresh_token)


@router.post("/logout", status_code=204, responses=refusals())
async def logout(command: RefreshToken, services: ServicesDep) -> None:
    """End the sign-in with all its tokens. To repeat it does no harm."""
    await services.accounts.logout(command.refresh_token)
