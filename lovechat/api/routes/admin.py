"""For those who run this server."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from lovechat.api.deps import AdminDep, Limit, Offset, ServicesDep
from lovechat.api.errors import refusals
from lovechat.schemas.accounts import AdminUserView, SetActive
from lovechat.schemas.admin import Metrics
from lovechat.schemas.base import Page
from lovechat.schemas.characters import (
    AdminCharacterView,
    CreateCharacter,
    Slug,
    UpdateCharacter,
)

router = APIRouter(prefix="/admin", tags=["admin"])

ADMIN = ("401 invalid_admin_key", "403 admin_disabled", "429 too_many_attempts")
CharacterId = Annotated[Slug, Path(examples=["luna"])]


@router.get("/metrics", responses=refusals(*ADMIN))
async def read_metrics(admin: AdminDep, services: ServicesDep) -> Metrics:
    """Counts over the whole product."""
    return await services.admin.metrics()


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


@router.get("/users", responses=refusals(*ADMIN))
async def list_users(
    admin: AdminDep,
    services: ServicesDep,
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[AdminUserView]:
    """People, newest first."""
    return await services.admin.list_users(limit, offset)


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
