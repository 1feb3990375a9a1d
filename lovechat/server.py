"""Starts everything that this copy needs, serves until told to stop, and stops all of it."""

import errno
import fcntl
import signal
import socket
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from types import FrameType

import uvicorn
from redis import Redis
from redis.exceptions import RedisError
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from lovechat.core.database_server import embedded_postgres
from lovechat.core.settings import Settings, SettingsError, keep_secret, make_folder
from lovechat.front_end import build_if_stale
from lovechat.migrations import migrate

# Connections that are still open after the replies were drained get this long.
GRACE_SECONDS = 5
KEEP_ALIVE_SECONDS = 65  # longer than the idle time of common proxies
LARGEST_FRAME = 1024 * 1024


class Server(uvicorn.Server):
    """uvicorn, which first lets running replies end: their watchers hear how."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving."""
        from lovechat.asgi import api
        from lovechat.bootstrap import DRAIN_SECONDS

        services = getattr(api.state, "services", None)
        if services is not None:
            await services.keeper.drain(DRAIN_SECONDS)
        await super().shutdown(sockets)


class Worker(Process):
    """A worker process with our server in it."""

    @property
    def server(self) -> uvicorn.Server:
        """The server, made in the worker."""
        if self._server is None:
            self._server = Server(self.config)
        return self._server


class Workers(Multiprocess):
    """Several of our workers on one socket."""

    def init_processes(self) -> None:
        """Start the workers."""
        for _ in range(self.processes_num):
            process = Worker(self.config, self.sockets)
            process.start()
            self.processes.append(process)


def run(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        SettingsError: a variable cannot work on this machine now.
        EmbeddedPostgresError, FrontEndError: a part could not be started.
    """
    signal.signal(signal.SIGTERM, _terminate)
    with ExitStack() as stack:
        listener = stack.enter_context(_listen(settings))
        url = settings.database_url
        if url is None or settings.jwt_secret is None:
            make_folder("LOVECHAT_DATA_DIR", settings.data_dir)
        if settings.storage_backend == "local":
            make_folder("UPLOAD_DIR", settings.upload_dir)
        if settings.age_assurance == "external_required":
            from lovechat.services.age_assurance import load_provider

            load_provider(settings)
        if settings.redis_url is not None:
            _find_redis(settings.redis_url)
        with ThreadPoolExecutor(1) as side:
            if url is None:
                stack.enter_context(_only_copy(settings))
                server = embedded_postgres(settings)
                stack.callback(server.stop)
                starting = side.submit(server.start)
                build_if_stale()
                if settings.workers == 1:
                    import lovechat.asgi  # noqa: F401  (what takes long, while the database starts)
                url = starting.result().url()
            else:
                build_if_stale()
        migrate(url)
        if settings.jwt_secret is None:
            keep_secret(settings.data_dir, "jwt_secret")  # one secret, before there are workers
        _serve(settings, listener)


def _serve(settings: Settings, listener: socket.socket) -> None:
    config = uvicorn.Config(
        "lovechat.asgi:app",
        workers=settings.workers,
        loop="auto",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=LARGEST_FRAME,
        lifespan="on",
        access_log=False,  # its lines hold query strings
        log_config=None,
        server_header=False,
        proxy_headers=False,  # see api/deps.py
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    shown = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0") else settings.host  # noqa: S104
    print(
        f"{settings.app_name} is at {settings.public_url or f'http://{shown}:{settings.port}'}"
        + (
            " (demo companion: set OPENAI_API_KEY for a language model)"
            if settings.provider == "demo"
            else ""
        ),
        file=sys.stderr,
        flush=True,
    )
    if settings.workers > 1:
        Workers(config, sockets=[listener]).run()
    else:
        Server(config).run(sockets=[listener])


def _find_redis(url: str) -> None:
    """Raise `SettingsError` unless Redis answers: without it a page would wait for ever."""
    try:
        with Redis.from_url(url, socket_connect_timeout=10, socket_timeout=10) as redis:
            redis.ping()
    except (RedisError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise SettingsError(
            f"REDIS_URL: Redis does not answer ({reason}); start it or correct the address"
        ) from None


@contextmanager
def _listen(settings: Settings) -> Generator[socket.socket]:
    """Take the port before anything slow happens."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named TCP: else asyncio, where there is no uvloop, waits 40 ms between the parts of an answer.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except PermissionError:
            raise SettingsError(f"PORT: {settings.port} needs more rights; choose one above 1023") from None
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise SettingsError(
                    f"HOST: {settings.host} is no address of this machine; try 127.0.0.1 or 0.0.0.0"
                ) from None
            raise SettingsError(
                f"PORT: {settings.port} is taken by another program; choose another: make run PORT=8010"
            ) from None
        listener.listen(2048)
        listener.set_inheritable(True)
        yield listener


@contextmanager
def _only_copy(settings: Settings) -> Generator[None]:
    """Hold the data directory: two servers on one embedded database would stop it under each other."""
    with (settings.data_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                f"LOVECHAT_DATA_DIR: {settings.data_dir} is in use by another copy; give this one its own"
            ) from None
        yield


def _terminate(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001
    raise SystemExit(0)
