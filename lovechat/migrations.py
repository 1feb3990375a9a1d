"""Brings a database to the schema of this version."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

from alembic import command

ROOT = Path(__file__).parent.parent


def migrate(url: str) -> None:
    """Apply the migrations that a database lacks.

    Raises:
        sqlalchemy.exc.OperationalError: the database does not answer.
    """
    config = alembic_config()
    engine = create_engine(url, poolclass=pool.NullPool, connect_args={"connect_timeout": 10})
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        wanted = ScriptDirectory.from_config(config).get_current_head()
        if context.get_current_revision() == wanted:
            return
        connection.rollback()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()


def alembic_config() -> Config:
    """Alembic's configuration, wherever the process was started."""
    return Config(ROOT / "alembic.ini")
