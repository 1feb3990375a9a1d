"""Opens the websocket of the pages as a browser does."""

import orjson
from websockets.asyncio.client import connect
from websockets.typing import Origin

# Reflex speaks Socket.IO over Engine.IO 4: `40` asks for a namespace, here the one of events.
PATH = "/_event/?EIO=4&transport=websocket"
OPEN_EVENTS = "40/_event,"


async def greet(port: int, origin: str) -> dict[str, str]:
    """Connect as a page of that origin does; gives the answer to opening the events.

    Raises:
        websockets.exceptions.InvalidStatus: it was refused.
    """
    async with connect(f"ws://127.0.0.1:{port}{PATH}", origin=Origin(origin)) as socket:
        assert str(await socket.recv()).startswith("0{")
        await socket.send(OPEN_EVENTS)
        answer = str(await socket.recv())
    assert answer.startswith(OPEN_EVENTS)
    return orjson.loads(answer.removeprefix(OPEN_EVENTS))
