"""How often somebody may ask for replies; shared by all workers when there is Redis."""

import logging
import math
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import limits
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from lovechat.core.errors import Kind, LoveChatError

log = logging.getLogger(__name__)

_CHAT = "chat"


class RateLimits:
    """A moving window: refused requests do not count. Without its Redis each worker counts alone."""

    def __init__(self, chat: str, redis_url: str | None) -> None:
        """`chat` is a rate such as `30/minute`."""
        self._chat = limits.parse(chat)
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared = self._own
        self._pool: ConnectionPool | None = None
        if redis_url:
            # A pool of ours: it takes every address that redis does, and it can be closed.
            self._pool = ConnectionPool.from_url(redis_url)
            storage = RedisStorage(
                "async+redis://",
                implementation="redispy",
                wrap_exceptions=True,
                connection_pool=self._pool,  # ty: ignore[invalid-argument-type]  (documented, not annotated)
            )
            self._shared = MovingWindowRateLimiter(storage)

    async def check_chat(self, person_id: UUID) -> None:
        """Refuse early. Raises `LoveChatError` `rate_limited`, with the seconds to wait."""
        await self._ask(lambda window: window.test(self._chat, _CHAT, str(person_id)), person_id)

    async def count_chat(self, person_id: UUID) -> None:
        """Count one accepted request. Raises as `check_chat`."""
        await self._ask(lambda window: window.hit(self._chat, _CHAT, str(person_id)), person_id)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._pool is not None:
            await self._pool.aclose()

    async def _ask(
        self, question: Callable[[MovingWindowRateLimiter], Awaitable[bool]], person_id: UUID
    ) -> None:
        window = self._shared
        try:
            allowed = await question(window)
        except (StorageError, RedisError, OSError):
            log.exception("the shared rate limits are away; this worker counts alone")
            window = self._own
            allowed = await question(window)
        if not allowed:
            stats = await window.get_window_stats(self._chat, _CHAT, str(person_id))
            wait = max(1, math.ceil(stats.reset_time - time.time()))
            raise LoveChatError("rate_limited", Kind.LIMIT, retry_after=wait)
