"""The cookies of signed-in browsers: out of reach of scripts, and of other sites."""

from typing import Literal

from fastapi import Request, Response

from lovechat.bootstrap import Services

PERSON = "lovechat_session"
STUDIO = "lovechat_studio"
# As long as browsers keep any cookie; the server decides how long it is worth something.
LONGEST_SECONDS = 400 * 24 * 3600


def put(
    response: Response,
    request: Request,
    services: Services,
    name: str,
    value: str,
    *,
    same_site: Literal["lax", "strict"] = "lax",
    seconds: int = LONGEST_SECONDS,
) -> None:
    """Give the browser a cookie."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite=same_site,
        secure=_is_encrypted(request, services),
    )


def drop(response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(name, path="/", httponly=True)


def _is_encrypted(request: Request, services: Services) -> bool:
    settings = services.settings
    if settings.trusted_proxy_hops and request.headers.get("x-forwarded-proto", "").startswith("https"):
        return True
    return request.url.scheme == "https"
