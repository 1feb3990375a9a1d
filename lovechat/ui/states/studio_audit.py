"""Who changed what."""

import json
from dataclasses import dataclass
from typing import Any

import reflex as rx

from lovechat.schemas.admin import AuditEntryView
from lovechat.services.studio import AuditFilter
from lovechat.ui.runtime import services
from lovechat.ui.states.paging import PAGE, Paged

ACTIONS = ("character.create", "character.update", "character.delete", "user.set_active", "report.close")
LONGEST_VALUE = 120


@dataclass
class Change:
    """One field, before and after."""

    field: str
    old: str
    new: str


@dataclass
class AuditLine:
    """One entry; `moment` is an ISO time in UTC."""

    id: str
    moment: str
    action: str
    target: str
    actor: str
    address: str
    changes: list[Change]


class StudioAuditState(Paged, rx.State):
    """The log, newest first."""

    lines: list[AuditLine] = []
    action: str = ""
    target: str = ""

    @rx.event
    async def choose_action(self, action: str) -> None:
        """Show only one kind of change."""
        await self._actor()
        self.action = action if action in ACTIONS else ""
        self.offset = 0
        await self._read()

    @rx.event
    async def choose_target(self, target: str) -> None:
        """Show only what happened to one character or person."""
        await self._actor()
        self.target = target.strip()[:100]
        self.offset = 0
        await self._read()

    async def _read(self) -> None:
        wanted = AuditFilter(action=self.action or None, target_id=self.target or None)
        page = await services().studio.audit(wanted, PAGE, self.offset)
        self.lines = [_line(entry) for entry in page.items]
        self.total = page.total
        self.loaded = True


def _line(entry: AuditEntryView) -> AuditLine:
    data = entry.model_dump(mode="json")
    return AuditLine(
        id=str(entry.id),
        moment=data["created_at"],
        action=entry.action,
        target=entry.target_id,
        actor=entry.actor,
        address=entry.address or "",
        changes=_changes(entry.changes),
    )


def _changes(changes: dict[str, Any]) -> list[Change]:
    old, new = changes.get("old") or {}, changes.get("new") or {}
    return [
        Change(field, _shown(old, field), _shown(new, field))
        for field in sorted({*old, *new})
        if old.get(field) != new.get(field)
    ]


def _shown(values: dict[str, Any], field: str) -> str:
    """A value as people read it; long ones are cut."""
    if field not in values or values[field] is None:
        return ""
    value = values[field]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
