"""Whether the server can do its work."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from lovechat.api.deps import ServicesDep
from lovechat.core.version import VERSION

router = APIRouter(tags=["health"])


class HealthView(BaseModel):
    """The state of the server and of what it stands on."""

    status: Literal["ok", "unavailable"]
    version: str
    database: Literal["ok", "unavailable"]
    llm: Literal["openai", "openai_chat", "demo"]


@router.get("/health", responses={503: {"model": HealthView, "description": "The database is away."}})
async def health(services: ServicesDep, response: Response) -> HealthView:
    """Whether the server and its database answer, and which provider speaks for the characters."""
    state = "ok" if await services.health.database_answers() else "unavailable"
    if state != "ok":
        response.status_code = 503
    return HealthView(status=state, version=VERSION, database=state, llm=services.health.provider)
