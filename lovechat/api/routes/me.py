"""The person who holds the token."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Query, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from lovechat.api import cookies
from lovechat.api.deps import AddressDep, PersonDep, ServicesDep
from lovechat.api.errors import refusals
from lovechat.schemas.accounts import (
    AgeAttestationView,
    AgeCheckStarted,
    AgeCheckView,
    AgeProof,
    ChangePassword,
    DayUsageView,
    EraseMe,
    SessionView,
    UpdateMe,
    UsageView,
    UserView,
)
from lovechat.services.avatars import MAX_BYTES
from lovechat.services.personal_data import MOST_DAYS

router = APIRouter(prefix="/me", tags=["me"])

SIGNED_IN = ("401 not_authenticated", "403 account_inactive")


@router.get("", responses=refusals(*SIGNED_IN))
async def read_me(person: PersonDep) -> UserView:
    """The person's profile."""
    return UserView.model_validate(person)


@router.patch("", responses=refusals(*SIGNED_IN))
async def change_me(command: UpdateMe, person: PersonDep, services: ServicesDep) -> UserView:
    """Change the name, the language or the country. The birthdate cannot be changed."""
    return UserView.model_validate(await services.accounts.update(person, command))


@router.delete("", status_code=204, responses=refusals(*SIGNED_IN, "429 too_many_attempts"))
async def erase_me(
    command: EraseMe, person: PersonDep, services: ServicesDep, address: AddressDep, response: Response
) -> None:
    """Erase the account with every conversation, the picture and all sign-ins. There is no way back."""
    await services.personal_data.erase(person, command.password, address)
    cookies.drop(response, cookies.PERSON)


@router.put("/password", status_code=204, responses=refusals(*SIGNED_IN, "429 too_many_attempts"))
async def change_password(
    command: ChangePassword, person: PersonDep, services: ServicesDep, address: AddressDep
) -> None:
    """Change the password. The sign-in of this request goes on, all others end."""
    await services.accounts.change_password(person, command, address)


@router.patch(
    "/avatar",
    responses=refusals(*SIGNED_IN, "413 file_too_large", "415 unsupported_media", "503 storage_unavailable"),
)
async def change_avatar(
    person: PersonDep,
    services: ServicesDep,
    file: Annotated[UploadFile, File(description="A JPEG, PNG or WebP of at most 2 MiB.")],
) -> UserView:
    """Change the picture. It is cut square and kept without its metadata."""
    # One byte more than allowed is enough to know.
    changed = await services.avatars.change(person, await file.read(MAX_BYTES + 1))
    return UserView.model_validate(changed)


@router.delete("/avatar", responses=refusals(*SIGNED_IN))
async def remove_avatar(person: PersonDep, services: ServicesDep) -> UserView:
    """Remove the picture. To repeat it does no harm."""
    return UserView.model_validate(await services.avatars.remove(person))


AGE_CHECK = (
    *SIGNED_IN,
    "403 age_restricted",
    "409 age_check_off",
    "503 age_check_unavailable",
)


@router.get("/age-check", responses=refusals(*SIGNED_IN))
async def read_age_check(person: PersonDep, services: ServicesDep) -> AgeCheckView:
    """Whether a verifier has to attest the age before anything can be written, and what it attested."""
    return await services.age.read(person)


@router.post("/age-check", responses=refusals(*AGE_CHECK))
async def begin_age_check(person: PersonDep, services: ServicesDep, request: Request) -> AgeCheckStarted:
    """Begin a check of the age. The person proves it at `url`, and comes back to the account page."""
    origin = services.settings.public_url or str(request.base_url).rstrip("/")
    return await services.age.begin(person, f"{origin}/account")


@router.put("/age-check", responses=refusals(*AGE_CHECK))
async def complete_age_check(
    command: AgeProof, person: PersonDep, services: ServicesDep
) -> AgeAttestationView:
    """Hand in what the verifier gave. Kept are over 18 or not, by whom, when, and until when it holds."""
    return await services.age.complete(person, command.proof)


@router.get("/usage", responses=refusals(*SIGNED_IN))
async def read_usage(person: PersonDep, services: ServicesDep) -> UsageView:
    """What is used and left of today's units."""
    return await services.usage.today(person.id)


@router.get("/usage/daily", responses=refusals(*SIGNED_IN))
async def read_daily_usage(
    person: PersonDep, services: ServicesDep, days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 30
) -> list[DayUsageView]:
    """The units of each of the last UTC days, oldest first, today last."""
    return await services.personal_data.usage_by_day(person.id, days)


@router.get("/sessions", responses=refusals(*SIGNED_IN))
async def list_sessions(person: PersonDep, services: ServicesDep) -> list[SessionView]:
    """Where the person is signed in, the sign-in used last first."""
    return await services.web_sessions.list(person)


@router.delete("/sessions", status_code=204, responses=refusals(*SIGNED_IN))
async def end_sessions(person: PersonDep, services: ServicesDep, response: Response) -> None:
    """Sign out everywhere, here too."""
    await services.web_sessions.end_all(person)
    cookies.drop(response, cookies.PERSON)


@router.delete("/sessions/{session_id}", status_code=204, responses=refusals(*SIGNED_IN, "404 not_found"))
async def end_session(session_id: UUID, person: PersonDep, services: ServicesDep) -> None:
    """End one sign-in."""
    await services.web_sessions.end_one(person, session_id)


@router.get(
    "/export",
    responses={
        **refusals(*SIGNED_IN),
        200: {"content": {"application/json": {"schema": {"type": "object"}}}, "description": "A file."},
    },
    response_class=JSONResponse,
)
async def export_me(person: PersonDep, services: ServicesDep) -> JSONResponse:
    """Everything that belongs to the person, as one JSON file. What an AI wrote is marked."""
    data = await services.personal_data.export(person)
    name = f"love-chat-{data['exported_at'][:10]}.json"
    return JSONResponse(data, headers={"Content-Disposition": f'attachment; filename="{name}"'})
