"""Whether the server can do its work."""

import asyncio

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lovechat.core.db import Sessions
from lovechat.core.settings import LlmProvider

PATIENCE_SECONDS = 3.0


class Health:
    """Answers those who watch over the server."""

    def __init__(self, sessions: Sessions, provider: LlmProvider) -> None:
        self._sessions = sessions
        self.provider = provider

    async def database_answers(self) -> bool:
        """Whether the database answers in time."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                async with self._sessions() as session:
                    await session.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError, TimeoutError):
            return False
        return True
