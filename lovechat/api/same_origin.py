"""Requests that a browser signs with a cookie must come from our own pages."""

from urllib.parse import urlsplit

from fastapi import Request

from lovechat.core.errors import Kind, LoveChatError
from lovechat.core.settings import Settings

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))


def require_same_origin(request: Request, settings: Settings) -> None:
    """Refuse what another site's page sent on somebody's behalf.

    Raises:
        LoveChatError: `cross_site`.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site not in ("same-origin", "none") and not _is_ours(origin, request, settings):
        raise LoveChatError("cross_site", Kind.FORBIDDEN)
    if site is None and origin is not None and not _is_ours(origin, request, settings):
        raise LoveChatError("cross_site", Kind.FORBIDDEN)


def _is_ours(origin: str | None, request: Request, settings: Settings) -> bool:
    if origin is None:
        return False
    return origin in settings.origins or urlsplit(origin).netloc == request.headers.get("host")
