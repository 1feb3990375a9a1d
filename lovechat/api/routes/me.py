"""The person who holds the token."""

from typing import Annotated

from fastapi import APIRouter, File, UploadFile

from lovechat.api.deps import PersonDep, ServicesDep
from lovechat.api.errors import refusals
from lovechat.schemas.accounts import UsageView, UserView
from lovechat.services.avatars import MAX_BYTES

router = APIRouter(prefix="/me", tags=["me"])


@router.get("", responses=refusals("401 not_authenticated", "403 account_inactive"))
async def read_me(person: PersonDep) -> UserView:
    """The person's profile."""
    return UserView.model_validate(person)


@router.patch(
    "/avatar",
    responses=refusals(
        "401 not_authenticated",
        "403 account_inactive",
        "413 file_too_large",
        "415 unsupported_media",
        "503 storage_unavailable",
    ),
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


@router.get("/usage", responses=refusals("401 not_authenticated", "403 account_inactive"))
async def read_usage(person: PersonDep, services: ServicesDep) -> UsageView:
    """What is used and left of today's units."""
    return await services.usage.today(person.id)
