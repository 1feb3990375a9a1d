"""The API on a real port, in this process."""

import asyncio
import socket
from typing import Any, Self

import uvicorn


class ApiServer:
    """uvicorn in the running loop, around the application that a test puts in `app`."""

    def __init__(self) -> None:
        self.app: Any = None
        # Named TCP: asyncio then sends at once, where it would wait 40 ms between head and body.
        self._socket = socket.socket(proto=socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            self._pass,
            interface="asgi3",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._task: asyncio.Task[None] | None = None

    async def _pass(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._server._serve(sockets=[self._socket]))
        while not self._server.started:
            await asyncio.sleep(0.005)
        return self

    async def __aexit__(self, *details: object) -> None:
        self._server.should_exit = True
        assert self._task is not None
        await self._task
        self._socket.close()
