"""Notices: what people are told beside the conversation, whatever its character says."""

from typing import Any, Literal

from pydantic import Field

from lovechat.core.i18n import Language
from lovechat.schemas.base import View

NoticeKind = Literal["ai_disclosure", "break", "crisis"]


class Help(View):
    """One place where people find help. Without number and address it is known everywhere."""

    name: str
    number: str | None
    url: str | None

    @property
    def line(self) -> str:
        """The place in one line."""
        return ", ".join(part for part in (self.name, self.number, self.url) if part)


class Notice(View):
    """Words of the product's, not of the model's; `resources` come with a `crisis`."""

    kind: NoticeKind
    text: str
    language: Language
    resources: list[Help] = Field(default=[])

    def as_data(self) -> dict[str, Any]:
        """The notice as events and rows keep it."""
        return self.model_dump(mode="json")
