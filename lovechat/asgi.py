"""The production entry: pages, websocket, REST and files on one port, from the prebuilt front end.

uvicorn lovechat.asgi:app --port 8000
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, chdir
from typing import Any
from urllib.parse import urlsplit

from reflex_base.constants import Env
from reflex_base.environment import environment

from lovechat.core.settings import Settings, load_settings
from lovechat.front_end import ROOT, client_folder, require_current_build, web_folder

settings = load_settings()
# Before Reflex looks: nothing is compiled here, and errors are production's.
environment.REFLEX_ENV_MODE.set(Env.PROD)
environment.REFLEX_SKIP_COMPILE.set(True)
environment.REFLEX_WEB_WORKDIR.set(web_folder())

from reflex.utils.exec import get_frontend_mount  # noqa: E402
from starlette.datastructures import Headers  # noqa: E402
from starlette.responses import Response  # noqa: E402
from starlette.routing import Match  # noqa: E402
from starlette.types import ASGIApp, Message, Receive, Scope, Send  # noqa: E402

from lovechat.api.app import create_api, serve  # noqa: E402
from lovechat.api.middleware import GuardHeaders  # noqa: E402
from lovechat.bootstrap import build_services  # noqa: E402
from lovechat.core.database_server import database_server  # noqa: E402
from lovechat.core.logs import set_up_logs  # noqa: E402
from lovechat.page_files import PageFiles  # noqa: E402
from lovechat.ui.runtime import attach  # noqa: E402

# Reflex reads rxconfig.py from the working folder. Where there is none it goes on without a word,
# with defaults that open the websocket to every origin.
with chdir(ROOT):
    from lovechat.lovechat import app as rx_app

EVENTS = "/_event"
IMMUTABLE = b"public, max-age=31536000, immutable"
BRIEFLY = b"public, max-age=3600"
# The page without content that stands in for addresses with variable parts.
SHELL = "/__spa-fallback.html"


class OnePort:
    """Sends each request to the front end's files, to Reflex's websocket, or to the API."""

    def __init__(self, api: Any, backend: ASGIApp, frontend: ASGIApp) -> None:
        self._api = api
        self._backend = backend
        self._frontend = frontend
        folder = client_folder()
        self._pages = PageFiles(folder)
        self._files = frozenset(
            f"/{path.relative_to(folder).as_posix()}"
            for path in folder.rglob("*")
            if path.is_file() and path.suffix not in (".html", ".gz")
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan" or scope["path"].startswith(EVENTS):
            await self._backend(scope, receive, send)
        else:
            await self._api(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path.startswith(f"{EVENTS}/"):
            await self._backend(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            await self._api(scope, receive, send)
        elif path in self._files:
            cache = IMMUTABLE if path.startswith("/assets/") else BRIEFLY
            await self._frontend(scope, receive, _cached(send, cache))
        elif (answer := self._page(scope)) is not None:
            await answer(scope, receive, send)
        else:
            await self._api(scope, receive, send)

    def _page(self, scope: Scope) -> Response | None:
        """The page at an address, or the one for lost visitors; None where programs are meant."""
        route = rx_app.router(scope["path"])
        headers = Headers(scope=scope)
        if route not in (None, "404"):
            file = self._pages.find(scope["path"], f"/{route}".replace("//", "/")) or SHELL
            return self._pages.answer(file, headers)
        if self._is_lost_visitor(scope):
            return self._pages.answer("/404.html", headers, status=404)
        return None

    def _is_lost_visitor(self, scope: Scope) -> bool:
        """Whether this is a browser at an address that nobody knows."""
        accept = next((value for name, value in scope["headers"] if name == b"accept"), b"")
        if b"text/html" not in accept:
            return False
        return all(route.matches(scope)[0] is Match.NONE for route in self._api.routes)


def _cached(send: Send, value: bytes) -> Send:
    async def with_cache(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in (200, 304):
            message["headers"] = [*message["headers"], (b"cache-control", value)]
        await send(message)

    return with_cache


def content_security_policy(settings: Settings) -> bytes:
    """What pages may load: our own origin, and pictures from the bucket where they are kept."""
    pictures = "'self' data: blob:"
    for address in (settings.s3_public_url, settings.s3_endpoint_url):
        if settings.storage_backend == "s3" and address:
            parts = urlsplit(address)
            pictures += f" {parts.scheme}://{parts.netloc}"
    return (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        f"img-src {pictures}; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    ).encode()


@asynccontextmanager
async def _services() -> AsyncGenerator[None]:
    """The services for as long as the server runs, on the embedded database if none is given."""
    async with AsyncExitStack() as stack:
        database = database_server(settings)
        url = await asyncio.to_thread(database.__enter__)
        stack.push_async_callback(asyncio.to_thread, database.__exit__, None, None, None)
        services = build_services(settings, url)
        stack.push_async_callback(services.close)
        await services.open()
        serve(api, services)
        attach(services, _is_connected)
        yield


async def _is_connected(token: str) -> bool:
    """Whether a tab's socket is open."""
    namespace = rx_app.event_namespace
    return namespace is not None and await namespace._token_manager.is_token_connected(token)


set_up_logs(debug=settings.debug)
require_current_build()
api = create_api(settings)
rx_app.register_lifespan_task(_services)
app = GuardHeaders(
    OnePort(api, rx_app(), get_frontend_mount(router=rx_app.router).app),
    ((b"content-security-policy", content_security_policy(settings)),),
)
