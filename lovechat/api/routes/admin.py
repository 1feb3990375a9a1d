"""For those who run this server."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Path, Query, UploadFile

from lovechat.api.deps import AdminDep, Limit, Offset, ServicesDep
from lovechat.api.errors import refusals
from lovechat.schemas.accounts import AdminUserView, SetActive
from lovechat.schemas.admin import (
    AccountStatus,
    AuditEntryView,
    DayStats,
    Metrics,
    PreviewPrompt,
    PromptPreview,
)
from lovechat.schemas.base import CleanText, Page
from lovechat.schemas.characters import (
    AdminCharacterView,
    CreateCharacter,
    Slug,
    UpdateCharacter,
)
from lovechat.services.avatars import MAX_BYTES
from lovechat.services.studio import AuditFilter

router = APIRouter(prefix="/admin", tags=["admin"])

ADMIN = ("401 invalid_admin_key", "403 admin_disabled", "429 too_many_attempts")
CharacterId = Annotated[Slug, Path(examples=["luna"])]
# A picture is refused with a reason of its own.
PICTURE = ("413 file_too_large", "415 unsupported_media", "503 storage_unavailable")
Search = Annotated[CleanText | None, Query(max_length=100)]


@router.get("/metrics", responses=refusals(*ADMIN))
async def read_metrics(admin: AdminDep, services: ServicesDep) -> Metrics:
    """Counts over the whole product."""
    return await services.admin.metrics()


@router.get("/stats", responses=refusals(*ADMIN))
async def read_stats(
    admin: AdminDep, services: ServicesDep, days: Annotated[int, Query(ge=1, le=366)] = 30
) -> list[DayStats]:
    """What happened on each of the last UTC days, oldest first, today last."""
    return await services.studio.stats(days)


@router.get("/audit", responses=refusals(*ADMIN))
async def list_audit(
    admin: AdminDep,
    services: ServicesDep,
    action: Search = None,
    target_id: Search = None,
    actor: Search = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[AuditEntryView]:
    """Who changed what, newest first."""
    return await services.studio.audit(AuditFilter(action, target_id, actor), limit, offset)


@router.post("/characters/preview", responses=refusals(*ADMIN))
async def preview_prompt(draft: PreviewPrompt, admin: AdminDep, services: ServicesDep) -> PromptPreview:
    """The system prompt that a character would have. Nothing is saved."""
    return services.studio.preview(draft, draft.language)


@router.get("/characters", responses=refusals(*ADMIN))
async def list_characters(
    admin: AdminDep,
    services: ServicesDep,
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[AdminCharacterView]:
    """Characters with all that shapes them."""
    return await services.characters.list(limit, offset)


@router.post(
    "/characters",
    status_code=201,
    responses=refusals(*ADMIN, "403 content_blocked", "409 character_exists"),
)
async def create_character(
    command: CreateCharacter, admin: AdminDep, services: ServicesDep
) -> AdminCharacterView:
    """Make a character."""
    return await services.characters.create(admin, command)


@router.get("/characters/{character_id}", responses=refusals(*ADMIN, "404 not_found"))
async def read_character(
    character_id: CharacterId,
    admin: AdminDep,
    services: ServicesDep,
) -> AdminCharacterView:
    """One character."""
    return await services.characters.get(character_id)


@router.patch(
    "/characters/{character_id}",
    responses=refusals(*ADMIN, "403 content_blocked", "404 not_found"),
)
async def update_character(
    character_id: CharacterId, command: UpdateCharacter, admin: AdminDep, services: ServicesDep
) -> AdminCharacterView:
    """Change a character; from the next reply on it is like that."""
    return await services.characters.update(admin, character_id, command)


@router.delete(
    "/characters/{character_id}",
    status_code=204,
    responses=refusals(*ADMIN, "404 not_found", "409 character_in_use"),
)
async def delete_character(character_id: CharacterId, admin: AdminDep, services: ServicesDep) -> None:
    """Remove a character that nobody has talked with."""
    await services.characters.delete(admin, character_id)


@router.patch("/characters/{character_id}/avatar", responses=refusals(*ADMIN, "404 not_found", *PICTURE))
async def change_character_avatar(
    character_id: CharacterId,
    admin: AdminDep,
    services: ServicesDep,
    file: Annotated[UploadFile, File(description="A JPEG, PNG or WebP of at most 2 MiB.")],
) -> AdminCharacterView:
    """Change a character's picture. It is cut square and kept without its metadata."""
    return await services.studio.set_picture(admin, character_id, await file.read(MAX_BYTES + 1))


@router.delete("/characters/{character_id}/avatar", responses=refusals(*ADMIN, "404 not_found"))
async def remove_character_avatar(
    character_id: CharacterId, admin: AdminDep, services: ServicesDep
) -> AdminCharacterView:
    """Leave a character with its generated portrait. To repeat it does no harm."""
    return await services.studio.remove_picture(admin, character_id)


@router.get("/users", responses=refusals(*ADMIN))
async def list_users(
    admin: AdminDep,
    services: ServicesDep,
    query: Annotated[
        CleanText | None, Query(max_length=100, description="A part of a name or of an e-mail address.")
    ] = None,
    status: AccountStatus | None = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[AdminUserView]:
    """People, newest first."""
    return await services.admin.list_users(limit, offset, query, status)


@router.get("/users/{user_id}", responses=refusals(*ADMIN, "404 not_found"))
async def read_user(user_id: UUID, admin: AdminDep, services: ServicesDep) -> AdminUserView:
    """One person."""
    return await services.admin.get_user(user_id)


@router.patch("/users/{user_id}/active", responses=refusals(*ADMIN, "404 not_found"))
async def set_user_active(
    user_id: UUID, command: SetActive, admin: AdminDep, services: ServicesDep
) -> AdminUserView:
    """Open or shut an account. Shutting it ends its sign-ins and streams at once."""
    return await services.admin.set_active(admin, user_id, is_active=command.is_active)
