"""What a run stands on: the processes, the database, the people; and what each process has cost."""

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
import orjson
import psutil
import psycopg

from lovechat.core.embedded_postgres import SUPERUSER, EmbeddedPostgres
from lovechat.core.settings import Settings
from lovechat.migrations import migrate
from tests.support.people import Person, make_person

ROOT = Path(__file__).parents[2]
SECRET = "a-bench-secret-of-enough-bytes-0123456789"
QUESTION = "Hola, Luna. ¿Qué tal tu día? Cuéntame algo."
END_SECONDS = 15
SAMPLE_SECONDS = 0.2


@dataclass(frozen=True)
class Load:
    """What is asked of a relay: so many replies at a time, begun at once or spread over some seconds."""

    streams: int
    spread: float = 0.0

    def __str__(self) -> str:
        if self.streams == 1:
            return "1"
        return f"{self.streams} in {self.spread:g} s" if self.spread else f"{self.streams} at once"


@dataclass
class Sample:
    """What was measured of one target under one load, over all its repetitions."""

    replies: int = 0
    ttft: list[float] = field(default_factory=list)  # milliseconds, as the next two
    upstream: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    # Seconds of the processor: "server", "postgres", "upstream", "client", and "others" for neighbours.
    cpu: dict[str, float] = field(default_factory=dict)
    cpu_by_run: list[float] = field(default_factory=list)  # the server's, milliseconds a 1,000 tokens
    rss_before: int = 0
    rss_peak: int = 0

    def cpu_ms(self, part: str) -> float:
        """Milliseconds of the processor that a part took for 1,000 tokens."""
        return 1e6 * self.cpu.get(part, 0.0) / max(1, len(self.lags))


class Child:
    """A process of this package that tells its port, and ends when its input is closed."""

    def __init__(self, module: str, *arguments: str, env: dict[str, str] | None = None, port: bool = True):
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"tests.bench.{module}", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**_environment(), **(env or {})},
        )
        self.usage = psutil.Process(self.process.pid)
        self.port = 0
        if port:
            line = self.read()
            if not line:
                self.end()
                raise RuntimeError(f"{module} did not start")
            self.port = int(line)

    def read(self) -> bytes:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def write(self, line: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def end(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Stand:
    """All the processes of a run."""

    def __init__(self, ttft: float, rate: float, tokens: int) -> None:
        self.ttft, self.rate, self.tokens = ttft, rate, tokens
        self._open = ExitStack()
        self._people: list[Person] = []
        self._heads: list[str] = []

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            folder = Path(opening.enter_context(tempfile.TemporaryDirectory(prefix="lovechat-bench-")))
            # PostgreSQL runs as a user of its own where we are root, and has to reach its folder.
            folder.chmod(0o755)
            self.postgres = EmbeddedPostgres(folder / "postgres", durable=True)
            opening.callback(self.postgres.stop)
            self.postgres.start()
            migrate(self.postgres.url())
            self.upstream = self._start(opening, "upstream", str(self.ttft), str(self.rate), str(self.tokens))
            url = f"http://127.0.0.1:{self.upstream.port}/v1"
            self.bare = self._start(opening, "bare_relay", url)
            self.ours = self._start(opening, "api", env=self._settings(folder, url))
            self.client = self._start(opening, "client", port=False)
            self._open = opening.pop_all()
        return self

    def __exit__(self, *details: object) -> None:
        self._open.close()

    def _start(self, stack: ExitStack, module: str, *arguments: str, **how: Any) -> Child:
        child = Child(module, *arguments, **how)
        stack.callback(child.end)
        return child

    def _settings(self, folder: Path, upstream: str) -> dict[str, str]:
        return {
            "DATABASE_URL": self.postgres.url(),
            "LOVECHAT_DATA_DIR": str(folder / "data"),
            "UPLOAD_DIR": str(folder / "uploads"),
            "JWT_SECRET": SECRET,
            "ACCESS_TOKEN_EXP_MINUTES": "1440",
            "LLM_PROVIDER": "openai",
            "OPENAI_API_KEY": "sk-bench",
            "OPENAI_BASE_URL": upstream,
            "LLM_MAX_OUTPUT_TOKENS": "800",
            "CHAT_RATE_LIMIT": "100000/minute",
            "DAILY_UNITS_LIMIT": "100000000",
        }

    # Before and after what is measured

    async def register(self, count: int) -> None:
        """Make people, each signed in, and begin a conversation for each."""
        async with self._api() as client:
            while len(self._people) < count:
                self._people.append(await make_person(client))

    async def begin_conversations(self, count: int) -> list[bytes]:
        """New conversations, and the requests that say something in each."""
        async with self._api() as client:
            bodies = []
            for person in self._people[:count]:
                person.client = client
                conversation = await person.open_conversation()
                body = {"conversation_id": conversation, "content": QUESTION}
                bodies.append(_request("/chat/stream", body, person.headers))
        return bodies

    def _api(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.ours.port}", timeout=60)

    def saved(self) -> int:
        """How many whole replies are in the database."""
        with psycopg.connect(
            host=str(self.postgres.sockets), user=SUPERUSER, dbname="lovechat"
        ) as connection:
            row = connection.execute(
                "SELECT count(*) FROM replies r JOIN messages m ON m.id = r.message_id"
                " WHERE r.outcome = 'stop' AND m.status = 'complete'"
                " AND length(m.content) = %s",
                (7 * (self.tokens + 1),),
            ).fetchone()
        assert row is not None
        return row[0]

    # What is measured

    def measure(self, target: str, load: Load, sample: Sample) -> None:
        """One repetition of a load on a target, added to its sample."""
        server = {"direct": self.upstream, "bare": self.bare, "ours": self.ours}[target]
        if target == "ours":
            requests = asyncio.run(self.begin_conversations(load.streams))
            saved = self.saved()
        else:
            path = "/v1/responses" if target == "direct" else "/chat/stream"
            requests = [_request(path, {"content": QUESTION}, {})] * load.streams
            saved = 0
        order = {
            "port": server.port,
            "requests": [request.decode() for request in requests],
            "spread": load.spread,
            "tokens": self.tokens,
            "patience": self.ttft + self.tokens / self.rate + load.spread + 60,
        }
        before = self._cpu(server)
        with _peak_memory(server.usage) as memory:
            self.client.write(orjson.dumps(order))
            over = orjson.loads(self.client.read())
        after = self._cpu(server)
        found = orjson.loads(self.client.read())
        lost = 0 if target != "ours" else load.streams - (self.saved() - saved)
        spent = {part: after[part] - before[part] for part in after}
        spent["client"] = over["cpu"]
        known = sum(seconds for part, seconds in spent.items() if part != "machine")
        spent["others"] = max(0.0, spent.pop("machine") - known)
        for part, seconds in spent.items():
            sample.cpu[part] = sample.cpu.get(part, 0.0) + seconds
        sample.replies += load.streams
        sample.seconds += over["seconds"]
        sample.ttft += found["ttft"]
        sample.upstream += found["upstream"]
        sample.lags += found["lags"]
        sample.errors += found["errors"]
        if lost > len(found["errors"]):
            sample.errors.append(f"{lost} replies were not saved whole")
        sample.cpu_by_run.append(1e6 * spent.get("server", 0.0) / max(1, len(found["lags"])))
        sample.rss_before = sample.rss_before or memory[0]
        sample.rss_peak = max(sample.rss_peak, *memory)

    def _cpu(self, server: Child) -> dict[str, float]:
        pid = int((self.postgres.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        parts = {
            "upstream": _tree_cpu(self.upstream.usage),
            "postgres": _tree_cpu(psutil.Process(pid)),
        }
        if server is not self.upstream:
            parts["server"] = _tree_cpu(server.usage)
        machine = psutil.cpu_times()
        parts["machine"] = sum(machine) - machine.idle - getattr(machine, "iowait", 0.0)
        return parts


def _environment() -> dict[str, str]:
    """The environment without what would set up Love Chat otherwise."""
    ours = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name.upper() not in ours}


def _request(path: str, body: dict[str, Any], headers: dict[str, str]) -> bytes:
    data = orjson.dumps(body)
    fields = {
        "Host": "127.0.0.1",
        "Content-Type": "application/json",
        "Content-Length": str(len(data)),
        "Connection": "close",
        **headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + data


def _tree_cpu(process: psutil.Process) -> float:
    """Seconds of the processor that a process and its children took, also those that have ended."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            total += sum(one.cpu_times()[:4])  # user and system, own and of children that were waited for
        except psutil.NoSuchProcess:
            continue
    return total


def _tree_memory(process: psutil.Process) -> int:
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))


@contextmanager
def _peak_memory(process: psutil.Process) -> Generator[list[int], None, None]:
    """Gives [resident bytes now, the most until the block ends]."""
    now = _tree_memory(process)
    memory, over = [now, now], threading.Event()

    def watch() -> None:
        while not over.wait(SAMPLE_SECONDS):
            memory[1] = max(memory[1], _tree_memory(process))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield memory
    finally:
        over.set()
        watcher.join()
