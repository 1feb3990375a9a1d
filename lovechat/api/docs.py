"""`/docs` with its own copy of Swagger UI: it works without any other server."""

from pathlib import Path

import fastapi_swagger
from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

_FILES = Path(fastapi_swagger.__file__).parent / "resources"

INTRODUCTION = """
Talk with AI characters from your own program. Five calls get you there:

```bash
API=http://localhost:8000
JSON='Content-Type: application/json'
curl -s $API/auth/register -H "$JSON" -d '{"email":"ana@example.org","password":"a long and quiet river","display_name":"Ana","birthdate":"1990-05-17"}'
TOKEN=$(curl -s $API/auth/login -H "$JSON" -d '{"email":"ana@example.org","password":"a long and quiet river"}' | sed 's/.*"access_token":"\\([^"]*\\).*/\\1/')
CHAT=$(curl -s $API/conversations -H "$JSON" -H "Authorization: Bearer $TOKEN" -d '{"character_id":"luna"}' | sed 's/{"id":"\\([^"]*\\).*/\\1/')
curl -sN $API/chat/stream -H "$JSON" -H "Authorization: Bearer $TOKEN" -d "{\\"conversation_id\\":\\"$CHAT\\",\\"content\\":\\"Hola, Luna\\"}"
```

**Replies belong to the server.** Hang up whenever you like: the reply is written to its end and saved. Come back with
`GET /chat/stream/{reply_id}` and the last event id that you saw, from anywhere, and you get every character exactly once.

**Refusals** are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem objects. Read `code`, which is stable; `detail` is for people
and follows `Accept-Language` (`es`, `en`). With 429 and 503 wait for `Retry-After` seconds.

**For adults only.** The characters are AIs and say so; whatever they write is marked `generated_by: "ai"`.
"""

TAGS = [
    {"name": "auth", "description": "Accounts and tokens."},
    {"name": "me", "description": "The person who holds the token."},
    {"name": "characters", "description": "Who there is to talk with."},
    {"name": "conversations", "description": "Conversations and their messages."},
    {"name": "chat", "description": "Replies, streamed."},
    {
        "name": "admin",
        "description": "For those who run this server; with the header `X-Admin-Key`.",
    },
    {"name": "health", "description": "Whether the server can do its work."},
]


def install(api: FastAPI, prefix: str) -> None:
    """Serve the documentation and its files under the prefix."""
    router = APIRouter(prefix=prefix, include_in_schema=False)

    @router.get("/docs", response_class=HTMLResponse)
    async def documentation() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url=f"{prefix}/openapi.json",
            title=api.title,
            swagger_js_url=f"{prefix}/docs/files/swagger-ui-bundle.js",
            swagger_css_url=f"{prefix}/docs/files/swagger-ui.css",
            swagger_favicon_url=f"{prefix}/docs/files/favicon-32x32.png",
            swagger_ui_parameters={"defaultModelsExpandDepth": 0, "persistAuthorization": False},
        )

    api.include_router(router)
    api.mount(f"{prefix}/docs/files", StaticFiles(directory=_FILES), name="docs-files")
