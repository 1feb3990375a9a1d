"""Which database there is: the given one, or the embedded one for as long as it is needed."""

from collections.abc import Generator
from contextlib import contextmanager

from lovechat.core.embedded_postgres import EmbeddedPostgres
from lovechat.core.settings import Settings, load_settings


def embedded_postgres(settings: Settings) -> EmbeddedPostgres:
    """The embedded server of this copy's data directory."""
    return EmbeddedPostgres(settings.data_dir / "postgres")


@contextmanager
def database_server(settings: Settings | None = None) -> Generator[str]:
    """Yield the database's address, keeping the embedded server up meanwhile when none is given.

    A server that already runs is used and left running.
    """
    settings = settings or load_settings()
    if settings.database_url:
        yield settings.database_url
        return
    server = embedded_postgres(settings)
    if server.is_running():
        yield server.url()
        return
    server.start()
    try:
        yield server.url()
    finally:
        server.stop()
