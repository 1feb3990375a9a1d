"""The yearly report: what the guard and the notices did, without a name, an address or a word of people."""

import asyncio

from lovechat.core.clock import now
from lovechat.core.database_server import database_server
from lovechat.core.db import create_engine, create_sessions
from lovechat.core.settings import Settings
from lovechat.migrations import migrate
from lovechat.schemas.oversight import SafetyReport
from lovechat.services.oversight import Oversight


def print_report(settings: Settings, year: int, *, as_json: bool) -> None:
    """Print the counts of a year, as a table or as JSON."""
    with database_server(settings) as url:
        migrate(url)
        report = asyncio.run(_read(url, year))
    print(report.model_dump_json(indent=2) if as_json else _table(report))


async def _read(url: str, year: int) -> SafetyReport:
    engine = create_engine(url, pool_size=1)
    try:
        return await Oversight(create_sessions(engine), now).safety_report(year)
    finally:
        await engine.dispose()


def _table(report: SafetyReport) -> str:
    head = f"Love Chat, {report.from_day} to {report.to_day}, guard version {report.guard_version} at present"
    if not report.counts:
        return f"{head}\nNothing was counted in this year."
    rows = [("what", "language", "guard", "count")]
    rows += [
        (one.kind, one.language or "-", one.guard_version or "-", str(one.count)) for one in report.counts
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([head, *lines])
