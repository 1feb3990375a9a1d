"""Refusals as problem objects (RFC 9457). The only place that knows which status belongs to what."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from lovechat.api.middleware import HEADERS, BodyTooLargeError
from lovechat.core.db import DATABASE_ERRORS, is_outage
from lovechat.core.errors import Kind, LoveChatError
from lovechat.core.i18n import DEFAULT_LANGUAGE, Language, catalogue, translate
from lovechat.schemas.care import Notice
from lovechat.services.avatars import MAX_BYTES, MAX_UPLOAD
from lovechat.services.language import preferred_language

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
STATUS = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.GONE: 410,
    Kind.TOO_LARGE: 413,
    Kind.UNSUPPORTED: 415,
    Kind.LIMIT: 429,
    Kind.UNAVAILABLE: 503,
    Kind.INTERNAL: 500,
}
# Errors that end a reply, with the status that they would have had as an answer.
REPLY_ERRORS = {
    "account_inactive": 403,
    "content_blocked": 403,
    "empty_reply": 503,
    "internal_error": 500,
    "llm_cut": 503,
    "llm_invalid_response": 503,
    "llm_rate_limited": 503,
    "llm_timeout": 503,
    "llm_unavailable": 503,
    "moderation_unavailable": 503,
    "reply_interrupted": 503,
}
_HTTP_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    413: "request_too_large",
}


class FieldError(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(BaseModel):
    """A refusal. Programs read `code`; `detail` is for people."""

    type: str = Field(examples=["urn:lovechat:problem:not_found"])
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] | None = Field(default=None, description="With 422: what to mend.")
    notice: Notice | None = Field(
        default=None, description="To a message by somebody in a crisis: where to find help."
    )


def problem(code: str, status: int, language: Language, **details: Any) -> dict[str, Any]:
    """The problem object of a code, in somebody's language."""
    known = f"error.{code}" in catalogue(language)
    return {
        "type": f"urn:lovechat:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": translate(f"error.{code}" if known else "error.internal_error", language),
        "code": code,
        **details,
    }


def refusals(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The documentation of the codes that a route may answer with, given as `status code`."""
    documented: dict[int | str, dict[str, Any]] = {}
    for entry in ("422 invalid_request", "503 database_unavailable", *codes):
        status, code = entry.split(" ")
        before = documented.get(int(status))
        text = f"{before['description']}, `{code}`" if before else f"`{code}`"
        documented[int(status)] = {
            "description": text,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return documented


def problem_response(
    request: Request, code: str, status: int, *, retry_after: int | None = None, **details: Any
) -> JSONResponse:
    """An answer with a problem object."""
    language = preferred_language(request.headers.get("accept-language")) or DEFAULT_LANGUAGE
    headers = {"content-language": language}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return JSONResponse(problem(code, status, language, **details), status, headers, media_type=MEDIA_TYPE)


def install(api: FastAPI) -> None:
    """Answer every failure of the API with a problem object."""
    api.add_exception_handler(LoveChatError, _refused)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _http)
    for kind in DATABASE_ERRORS:
        api.add_exception_handler(kind, _database)
    api.add_exception_handler(Exception, _broken)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, LoveChatError)
    return problem_response(
        request, error.code, STATUS[error.kind], retry_after=error.retry_after, **error.details
    )


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [_field_error(details) for details in error.errors()]
    return problem_response(request, "invalid_request", 422, errors=errors)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:  # FastAPI's answer to a body that cannot be read
        unreadable = [{"field": "body", "message": "cannot be read in the form that its type says"}]
        return problem_response(request, "invalid_request", 422, errors=unreadable)
    code = _HTTP_CODES.get(error.status_code, "internal_error")
    if isinstance(error, BodyTooLargeError):
        if error.limit == MAX_UPLOAD:
            return problem_response(request, "file_too_large", 413, max_bytes=MAX_BYTES)
        return problem_response(request, code, 413, max_bytes=error.limit)
    response = problem_response(request, code, error.status_code)
    response.headers.update(error.headers or {})
    return response


async def _database(request: Request, error: Exception) -> JSONResponse:
    if not is_outage(error):
        raise error
    log.error("the database is away: %s", type(error).__name__)
    return problem_response(request, "database_unavailable", 503, retry_after=5)


async def _broken(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001  (Starlette logs it)
    response = problem_response(request, "internal_error", 500)
    # Starlette makes this answer outside of all middleware.
    response.headers["cache-control"] = "no-store"
    for name, value in HEADERS:
        response.headers[name.decode()] = value.decode()
    return response


def _field_error(details: dict[str, Any]) -> dict[str, str]:
    if details["type"] == "json_invalid":
        return {"field": "body", "message": "is not valid JSON"}
    location = [str(part) for part in details["loc"]]
    # A query's or body's field is called by its own name.
    field = ".".join(location[1:]) or location[0]
    message = details["msg"].removeprefix("Value error, ")
    return {"field": field, "message": message[0].lower() + message[1:]}
