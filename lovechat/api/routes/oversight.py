"""Reports, counts and the guard's tester, for those who run this server."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from lovechat.api.deps import AdminDep, Limit, Offset, ServicesDep
from lovechat.api.errors import refusals
from lovechat.api.routes.admin import ADMIN
from lovechat.schemas.base import Page
from lovechat.schemas.oversight import (
    CloseReport,
    FlaggedView,
    GuardReviewView,
    GuardVerdict,
    ReportView,
    SafetyCountView,
    SafetyReport,
    TryGuard,
)

router = APIRouter(prefix="/admin", tags=["admin"])


@router.get("/flagged", responses=refusals(*ADMIN))
async def list_flagged(
    admin: AdminDep, services: ServicesDep, limit: Limit = 20, offset: Offset = 0
) -> Page[FlaggedView]:
    """Accounts that wait for a look, and why. `PATCH /admin/users/{id}/active` decides."""
    return await services.oversight.list_flagged(limit, offset)


@router.get("/reports", responses=refusals(*ADMIN))
async def list_reports(
    admin: AdminDep, services: ServicesDep, closed: bool = False, limit: Limit = 20, offset: Offset = 0
) -> Page[ReportView]:
    """Replies that people have reported: those that wait, or those that are closed."""
    return await services.oversight.list_reports(limit, offset, closed=closed)


@router.patch("/reports/{report_id}", responses=refusals(*ADMIN, "404 not_found"))
async def close_report(
    report_id: UUID, command: CloseReport, admin: AdminDep, services: ServicesDep
) -> ReportView:
    """Close a report."""
    return await services.oversight.close_report(admin, report_id, command)


@router.get("/safety/counts", responses=refusals(*ADMIN))
async def read_counts(
    admin: AdminDep, services: ServicesDep, days: Annotated[int, Query(ge=1, le=366)] = 30
) -> list[SafetyCountView]:
    """What the guard did in the last UTC days. The counts name nobody."""
    return await services.oversight.counts(days)


@router.get("/safety/report", responses=refusals(*ADMIN))
async def read_safety_report(
    admin: AdminDep, services: ServicesDep, year: Annotated[int, Query(ge=2025, le=9999)]
) -> SafetyReport:
    """The counts of one year. `python -m lovechat safety-report` prints the same."""
    return await services.oversight.safety_report(year)


@router.post("/guard/check", responses=refusals(*ADMIN))
async def check_guard(command: TryGuard, admin: AdminDep, services: ServicesDep) -> GuardVerdict:
    """What the guard says of a sentence, and which rules fired. Nothing is kept."""
    return services.oversight.try_guard(command)


@router.get("/guard/reviews", responses=refusals(*ADMIN))
async def list_reviews(
    admin: AdminDep, services: ServicesDep, limit: Limit = 20, offset: Offset = 0
) -> Page[GuardReviewView]:
    """Verdicts that an admin found wrong, newest first."""
    return await services.oversight.list_reviews(limit, offset)


@router.post("/guard/reviews", status_code=201, responses=refusals(*ADMIN))
async def doubt_guard(command: TryGuard, admin: AdminDep, services: ServicesDep) -> GuardReviewView:
    """Put the guard's verdict on a sentence onto the list for the next version of its rules. The sentence is kept."""
    return await services.oversight.doubt(admin, command)
