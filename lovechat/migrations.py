"""Brings a database to the schema of this version."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, pool
from sqlalchemy.exc import OperationalError

from alembic import command
from lovechat.core.settings import SettingsError

ROOT = Path(__file__).parent.parent


def migrate(url: str) -> None:
    """Apply the migrations that a database lacks.

    Raises:
        SettingsError: the database does not answer.
    """
    config = alembic_config()
    engine = create_engine(url, poolclass=pool.NullPool, connect_args={"connect_timeout": 10})
    with _connect(engine) as connection:
        context = MigrationContext.configure(connection)
        wanted = ScriptDirectory.from_config(config).get_current_head()
        if context.get_current_revision() == wanted:
            return
        connection.rollback()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()


def _connect(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise SettingsError(
            f"DATABASE_URL: the database does not answer ({reason}); start it or correct the address"
        ) from None


def alembic_config() -> Config:
    """Alembic's configuration, wherever the process was started."""
    return Config(ROOT / "alembic.ini")
