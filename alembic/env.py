"""Runs migrations against the given database, or against the embedded one."""

from sqlalchemy import Connection, create_engine, pool
from sqlmodel import SQLModel

import lovechat.models  # noqa: F401  (registers the tables)
from alembic import context
from lovechat.core.database_server import database_server

# Two processes that start together must not migrate together.
MIGRATION_LOCK = 0x4C6F7665


def migrate(connection: Connection) -> None:
    """Bring the schema to the wanted revision within one transaction."""
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({MIGRATION_LOCK})")
    try:
        context.configure(
            connection=connection, target_metadata=SQLModel.metadata, compare_server_default=True
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    finally:
        connection.rollback()  # a failed transaction would take no further statement, and hide why it failed
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})")
        connection.commit()


def run() -> None:
    """Use the connection that the caller made, else make one from the settings."""
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    with database_server() as url:
        engine = create_engine(url, poolclass=pool.NullPool)
        with engine.connect() as connection:
            migrate(connection)


run()
