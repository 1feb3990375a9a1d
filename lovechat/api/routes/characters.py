"""Who there is to talk with."""

from fastapi import APIRouter

from lovechat.api.deps import LanguageDep, ServicesDep
from lovechat.api.errors import refusals
from lovechat.schemas.characters import CharacterView

router = APIRouter(prefix="/characters", tags=["characters"])


@router.get("", responses=refusals())
async def list_characters(services: ServicesDep, language: LanguageDep) -> list[CharacterView]:
    """Every character; the tagline follows `Accept-Language`. Needs no token."""
    return await services.characters.gallery(language)
