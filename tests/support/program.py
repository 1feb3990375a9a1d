"""Love Chat as people start it: a process of its own, with its own port, data and environment."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx
import psutil

from lovechat.core.settings import Settings

ROOT = Path(__file__).parents[2]
RUN = ("-m", "lovechat", "run")
# Not how long things take, but how long a very busy machine is waited for.
PATIENCE_SECONDS = 60


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def environment(home: Path, **variables: str) -> dict[str, str]:
    """The environment of a program: nothing of ours but what is given, and state in `home` alone."""
    ours = {name.upper() for name in Settings.model_fields}
    return {
        **{name: value for name, value in os.environ.items() if name.upper() not in ours},
        "PYTHONPATH": str(ROOT),
        "LOVECHAT_DATA_DIR": str(home / "data"),
        "UPLOAD_DIR": str(home / "uploads"),
        **variables,
    }


@dataclass(frozen=True)
class Ended:
    """A command that ran to its end."""

    code: int
    stdout: str
    stderr: str


async def run_to_end(home: Path, *arguments: str, **variables: str) -> Ended:
    """Run `python` with these arguments until it ends by itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments,
        cwd=home, env=environment(home, **variables), stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        stdout, stderr = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
    except TimeoutError:
        process.terminate()
        await process.wait()
        raise AssertionError(f"{arguments} did not end") from None
    return Ended(process.returncode or 0, stdout.decode(), stderr.decode())


class Program:
    """A server that can be started, stopped, killed and started again on the same data."""

    def __init__(self, home: Path, *arguments: str, **variables: str) -> None:
        """`home` holds its data; it is started there, so that no `.env` of the checkout is read."""
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start_seconds: list[float] = []
        self.client: httpx.AsyncClient
        self._arguments = [argument.replace("{port}", str(self.port)) for argument in arguments or RUN]
        self._environment = environment(home, PORT=str(self.port), **variables)
        self._process: subprocess.Popen[bytes]
        self._outputs: list[Path] = []

    async def __aenter__(self) -> Self:
        self.home.mkdir(parents=True, exist_ok=True)
        self.client = httpx.AsyncClient(base_url=self.url, timeout=PATIENCE_SECONDS)
        try:
            await self.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *details: object) -> None:
        await self.client.aclose()
        family = self.family()
        if self._process.poll() is None:
            await self.stop()
        for process in family:  # nothing, unless a test has killed the server
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
                process.wait(PATIENCE_SECONDS)

    async def start(self) -> None:
        """Start it, and wait until it is healthy."""
        self._outputs.append(self.home / f"output-{self.port}-{len(self._outputs) + 1}")
        begun = time.monotonic()
        with self._outputs[-1].open("wb") as output:
            self._process = subprocess.Popen(  # noqa: ASYNC220  (it takes no time)
                [sys.executable, *self._arguments],
                cwd=self.home, env=self._environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        await until(self._is_healthy, "the program is healthy")
        self.start_seconds.append(time.monotonic() - begun)

    async def _is_healthy(self) -> bool:
        if self._process.poll() is not None:
            raise AssertionError(f"the program ended by itself:\n{self.output()}")
        try:
            return (await self.client.get("/health")).status_code == 200
        except httpx.TransportError:
            return False

    async def stop(self) -> int:
        """Ask it to end, as Ctrl-C and `docker stop` do; gives the exit code."""
        self._process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.to_thread(self._process.wait, PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise AssertionError(f"the program did not stop:\n{self.output()}") from None

    async def kill(self, *, with_database: bool = False) -> None:
        """End it without a warning; its database lives on unless it is to die as well."""
        victims = self.family() if with_database else [psutil.Process(self._process.pid)]
        for process in victims:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        await asyncio.to_thread(self._process.wait, PATIENCE_SECONDS)
        await asyncio.to_thread(psutil.wait_procs, victims, PATIENCE_SECONDS)

    def family(self) -> list[psutil.Process]:
        """Every process that belongs to it now, its database's included."""
        heads = [self._process.pid]
        with contextlib.suppress(OSError, ValueError):
            pid_file = self.home / "data" / "postgres" / "cluster" / "postmaster.pid"
            heads.append(int(pid_file.read_text().split("\n", 1)[0]))
        found: dict[int, psutil.Process] = {}
        for pid in heads:
            with contextlib.suppress(psutil.NoSuchProcess):
                head = psutil.Process(pid)
                found |= {one.pid: one for one in (head, *head.children(recursive=True))}
        return list(found.values())

    async def left_of(self, family: list[psutil.Process]) -> list[psutil.Process]:
        """Those of its processes that go on after it has ended."""
        _, alive = await asyncio.to_thread(psutil.wait_procs, family, 5)
        return [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]

    def output(self) -> str:
        """What it has printed since its last start."""
        return self._outputs[-1].read_text()


@asynccontextmanager
async def together(*programs: Program) -> AsyncGenerator[tuple[Program, ...]]:
    """Start several programs at once, and stop them all."""
    started = await asyncio.gather(*(one.__aenter__() for one in programs), return_exceptions=True)
    try:
        for result in started:
            if isinstance(result, BaseException):
                raise result
        yield programs
    finally:
        running = [one for one in started if isinstance(one, Program)]
        await asyncio.gather(*(one.__aexit__() for one in running))


async def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait until a condition, which may be a coroutine function, gives something; gives that."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = condition()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"this never became true: {what}")
