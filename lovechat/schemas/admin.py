"""Shapes of what admins see."""

from pydantic import Field

from lovechat.schemas.base import CleanText, Command, View


class EnterStudio(Command):
    """The admin key, to be exchanged for a short sign-in."""

    key: CleanText = Field(max_length=1000)


class Metrics(View):
    """Counts over the whole product."""

    users: int
    active_users: int
    characters: int
    conversations: int
    messages: int
    replies_streaming: int
    replies_interrupted: int
    units_used_today: int
    version: str = Field(description="The version of the application.")
