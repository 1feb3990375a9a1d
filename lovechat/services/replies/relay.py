"""Live replies for watchers on other workers, over Redis streams."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

from lovechat.schemas.replies import TERMINAL, ReplyEvent
from lovechat.services.replies.live import IDLE_SECONDS, LiveReply

log = logging.getLogger(__name__)

# Tokens that come within this time travel together: other workers lag by no more.
GATHER_SECONDS = 0.03
KEEP_SECONDS = 600


class Relay:
    """Copies each live reply into a Redis stream, and reads such streams."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def publish(self, live: LiveReply) -> None:
        """Copy a reply to its end. A failing Redis is logged; the reply itself goes on."""
        key = _key(live.ids.reply_id)
        try:
            async for batch in live.follow():
                if not batch:
                    continue
                entry = [[event.number, event.name, event.data] for event in batch]
                async with self._redis.pipeline(transaction=False) as pipe:
                    pipe.xadd(key, {"events": orjson.dumps(entry)})
                    pipe.expire(key, KEEP_SECONDS)
                    await pipe.execute()
                await asyncio.sleep(GATHER_SECONDS)
        except RedisError:
            log.exception("a live reply could not be copied to Redis")

    async def follow(self, reply_id: UUID, after: int) -> AsyncIterator[Sequence[ReplyEvent]]:
        """Events behind number `after`, to the end; empty batches when it is quiet.

        Raises:
            RedisError: Redis is away.
        """
        key, position = _key(reply_id), "0-0"
        while True:
            answer = await self._redis.xread({key: position}, block=int(IDLE_SECONDS * 1000))
            if not answer:
                yield ()
                continue
            for entry_id, fields in answer[0][1]:
                position = entry_id
                events = [ReplyEvent(*entry) for entry in orjson.loads(fields[b"events"])]
                batch = [event for event in events if event.number > after]
                if batch:
                    after = batch[-1].number
                    yield batch
                if events[-1].name in TERMINAL:
                    return

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()


def _key(reply_id: UUID) -> str:
    return f"lovechat:reply:{reply_id}"
