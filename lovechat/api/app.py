"""The REST API as one ASGI application."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles

from lovechat.api import docs, errors
from lovechat.api.errors import Problem, refusals
from lovechat.api.middleware import BodyLimit, GuardHeaders
from lovechat.api.routes import admin, auth, characters, chat, conversations, health, me, oversight, web
from lovechat.bootstrap import Services
from lovechat.core.settings import Settings, make_folder
from lovechat.core.version import VERSION
from lovechat.services.avatars import MAX_UPLOAD

# A message of 4,000 characters, each escaped as JSON allows, with room to spare.
MAX_BODY = 128 * 1024
ROUTES = (auth, me, characters, conversations, chat, admin, oversight, health)
# What our own pages call. They know no prefix, so these addresses never move.
FOR_PAGES = (me, admin, oversight)


def create_api(settings: Settings) -> FastAPI:
    """Build the API; hand it its services with `serve` before the first request."""
    prefix = settings.api_prefix
    api = FastAPI(
        title=f"{settings.app_name} API",
        version=VERSION,
        description=docs.INTRODUCTION,
        openapi_tags=docs.TAGS,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{prefix}/openapi.json",
        redirect_slashes=False,
    )
    for module in ROUTES:
        api.include_router(module.router, prefix=prefix)
    api.include_router(web.router)
    for module in FOR_PAGES:
        api.include_router(module.router, prefix=web.router.prefix, include_in_schema=False)
    if prefix:
        api.include_router(health.router, include_in_schema=False)
    docs.install(api, prefix)
    if settings.storage_backend == "local":
        make_folder("UPLOAD_DIR", settings.upload_dir)
        files = StaticFiles(directory=settings.upload_dir)
        # What people uploaded is shown as pictures and never run as a page.
        guarded = GuardHeaders(
            files,
            (
                (b"content-security-policy", b"default-src 'none'; sandbox"),
                (b"cache-control", b"public, max-age=86400"),
            ),
        )
        api.mount(settings.static_url_prefix, guarded, name="static")
    errors.install(api)
    api.add_middleware(BodyLimit, limit=lambda path: MAX_UPLOAD if path.endswith("/avatar") else MAX_BODY)
    api.add_middleware(GuardHeaders, extra=((b"cache-control", b"no-store"),))
    api.openapi = lambda: _openapi(api)
    return api


def serve(api: FastAPI, services: Services) -> None:
    """Give the API the services that its routes call."""
    api.state.services = services


def _openapi(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with our problem objects in place of FastAPI's own error shapes."""
    if api.openapi_schema is None:
        schema = get_openapi(
            title=api.title,
            version=api.version,
            description=api.description,
            routes=api.routes,
            tags=api.openapi_tags,
        )
        shapes = schema["components"]["schemas"]
        for own in ("HTTPValidationError", "ValidationError"):
            shapes.pop(own, None)
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        shapes.update(problem.pop("$defs"))
        shapes["Problem"] = problem
        for methods in schema["paths"].values():
            for operation in methods.values():
                if "requestBody" in operation:  # what is true of pictures is said at their route
                    operation["responses"].setdefault("413", refusals("413 request_too_large")[413])
        api.openapi_schema = schema
    return api.openapi_schema
