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
    if site in ("same-origin", "none") or (site is None and origin is None):
        return
    # A browser that calls our own host another site means its unencrypted twin: only a listed origin helps.
    if origin in settings.origins or (site is None and _is_our_host(origin, request)):
        return
    raise LoveChatError("cross_site", Kind.FORBIDDEN)


def _is_our_host(origin: str | None, request: Request) -> bool:
    try:
        host = urlsplit(origin or "").netloc
    except ValueError:  # such as http://[
        return False
    return bool(host) and host == request.headers.get("host")
