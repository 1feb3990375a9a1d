import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, text

from lovechat.core.database_server import database_server
from lovechat.core.embedded_postgres import (
    DATABASE,
    MAX_SOCKET_PATH,
    SUPERUSER,
    EmbeddedPostgres,
    EmbeddedPostgresError,
)
from lovechat.core.settings import read_settings

# A process that starts a server, writes a row, says that it is ready and waits to be killed.
ORPHAN_MAKER = """
import sys, time
from pathlib import Path
import psycopg
from lovechat.core.embedded_postgres import DATABASE, SUPERUSER, EmbeddedPostgres

server = EmbeddedPostgres(Path(sys.argv[1]), durable=False).start()
with psycopg.connect(host=str(server.sockets), user=SUPERUSER, dbname=DATABASE) as connection:
    connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
print("ready", flush=True)
time.sleep(60)
"""


def processes_on(directory: Path) -> list[psutil.Process]:
    """The living server processes of a data directory."""
    found = []
    for process in psutil.process_iter(["name", "cmdline", "status"]):
        command = " ".join(process.info["cmdline"] or [])
        if str(directory) in command and "postgres" in (process.info["name"] or ""):
            found.append(process)
    return [process for process in found if process.info["status"] != psutil.STATUS_ZOMBIE]


def ask(server: EmbeddedPostgres, question: str) -> object:
    with psycopg.connect(host=str(server.sockets), user=SUPERUSER, dbname=DATABASE) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is awkward twice: its path has a space, and is too long for a socket."""
    folder = (
        tmp_path_factory.mktemp("pg") / "a folder with spaces and ñ" / ("long " * 20).strip() / "postgres"
    )
    assert len(str(folder).encode()) > MAX_SOCKET_PATH
    return folder


@pytest.fixture
def server(directory: Path) -> Iterator[EmbeddedPostgres]:
    """A server on the awkward folder; its cluster is made once."""
    started = EmbeddedPostgres(directory, durable=False).start()
    yield started
    started.stop()


def test_a_server_runs_on_a_long_path_with_spaces(server: EmbeddedPostgres, directory: Path):
    assert server.is_running()
    assert server.cluster.is_relative_to(directory)
    assert ask(server, "SELECT current_database()") == DATABASE
    assert ask(server, "SELECT pg_encoding_to_char(encoding) FROM pg_database LIMIT 1") == "UTF8"
    socket = server.sockets / ".s.PGSQL.5432"
    assert socket.is_socket()
    assert len(str(socket).encode()) <= MAX_SOCKET_PATH


def test_its_address_is_one_for_sqlalchemy(server: EmbeddedPostgres):
    engine = create_engine(server.url())
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 'ñ'")).scalar_one() == "ñ"
    engine.dispose()


def test_it_listens_on_no_port(server: EmbeddedPostgres):
    assert ask(server, "SHOW listen_addresses") == ""


def test_stop_ends_open_connections_and_leaves_no_process(server: EmbeddedPostgres, directory: Path):
    open_one = psycopg.connect(host=str(server.sockets), user=SUPERUSER, dbname=DATABASE)
    assert processes_on(directory)
    server.stop()
    assert processes_on(directory) == []
    assert not server.is_running()
    assert not server.sockets.exists()
    with pytest.raises(psycopg.OperationalError):
        open_one.execute("SELECT 1")
    open_one.close()
    server.stop()  # once more is no error


def test_what_was_written_is_there_at_the_next_start(server: EmbeddedPostgres, directory: Path):
    with psycopg.connect(host=str(server.sockets), user=SUPERUSER, dbname=DATABASE) as connection:
        connection.execute("CREATE TABLE written AS SELECT 7 AS number")
    server.stop()
    again = EmbeddedPostgres(directory, durable=False).start()
    try:
        assert ask(again, "SELECT number FROM written") == 7
    finally:
        again.stop()


def test_who_did_not_start_the_server_does_not_stop_it(server: EmbeddedPostgres, directory: Path):
    visitor = EmbeddedPostgres(directory)
    assert visitor.is_running()
    visitor.stop()
    assert server.is_running()


def test_a_running_server_is_used_and_left_running(server: EmbeddedPostgres, directory: Path):
    settings = read_settings(_env_file=None, lovechat_data_dir=directory.parent)
    with database_server(settings) as url:
        assert url == server.url()
    assert server.is_running()


def test_a_given_address_starts_no_server(tmp_path: Path):
    settings = read_settings(
        _env_file=None, lovechat_data_dir=tmp_path / "data", database_url="postgres://db.example/chat"
    )
    with database_server(settings) as url:
        assert url == "postgresql+psycopg://db.example/chat"
    assert not (tmp_path / "data").exists()


def test_a_server_that_a_killed_process_left_is_taken_over_and_stopped(tmp_path: Path):
    directory = tmp_path / "data dir"
    maker = subprocess.Popen(
        [sys.executable, "-c", ORPHAN_MAKER, str(directory)], stdout=subprocess.PIPE, text=True
    )
    assert maker.stdout is not None
    with maker, maker.stdout:
        assert maker.stdout.readline() == "ready\n"
        maker.send_signal(signal.SIGKILL)
    left = processes_on(directory)
    assert left
    server = EmbeddedPostgres(directory, durable=False).start()
    assert ask(server, "SELECT answer FROM kept") == 42
    assert {process.pid for process in left} & {process.pid for process in processes_on(directory)}
    begun = time.monotonic()
    server.stop()
    assert processes_on(directory) == []
    assert time.monotonic() - begun < 10


def test_a_server_that_was_killed_itself_starts_again(server: EmbeddedPostgres, directory: Path):
    pid = int((server.cluster / "postmaster.pid").read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)
    again = EmbeddedPostgres(directory, durable=False).start()
    try:
        assert ask(again, "SELECT 1") == 1
    finally:
        again.stop()
    assert processes_on(directory) == []


def test_a_socket_folder_that_somebody_else_prepared_is_refused(directory: Path, tmp_path: Path):
    server = EmbeddedPostgres(directory, durable=False)
    server.sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(EmbeddedPostgresError, match="made by somebody else"):
            server.start()
    finally:
        server.sockets.unlink()
    assert list(tmp_path.iterdir()) == []


def test_a_first_start_that_was_cut_is_begun_again(tmp_path: Path):
    (tmp_path / "cluster.new").mkdir()
    (tmp_path / "cluster.new" / "half").write_text("")
    server = EmbeddedPostgres(tmp_path, durable=False).start()
    try:
        assert ask(server, "SELECT 1") == 1
        assert not (tmp_path / "cluster.new").exists()
    finally:
        server.stop()


def test_a_server_that_cannot_start_says_where_to_read_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lovechat.core.embedded_postgres.START_SECONDS", 0.5)
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster" / "PG_VERSION").write_text("9.6\n")
    server = EmbeddedPostgres(tmp_path, durable=False)
    with pytest.raises(EmbeddedPostgresError) as failed:
        server.start()
    assert str(server.log) in str(failed.value)
    assert server.log.read_text()
    assert processes_on(tmp_path) == []
