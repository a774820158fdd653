"""The tables as they are in a database and as this program wants them: made, compared, brought up to date."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.schema import Column, MetaData, Table
from sqlalchemy.types import String

from engine.errors import StoreError
from engine.stores.failures import told

# The newest migration; a test holds it equal to what stands in the folder.
REVISION: Final = "0001"
_VERSION: Final = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
_MIGRATIONS: Final = Path(__file__).parent / "migrations"
# Any number, the same for everybody: who makes the tables of a server's database lets nobody else in meanwhile.
_LOCK: Final = 7_254_001


def revision_of(connection: Connection) -> str | None:
    """Return the migration a database stands at, None for an empty one."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(select(_VERSION.c.version_num)).scalar()


def require(engine: Engine, where: str) -> None:
    """Make the tables of an empty database; of any other, see that they are these. Raises: StoreError."""
    with told(where), engine.begin() as connection:
        found = revision_of(connection)
    if found is None:
        upgrade(engine, where)
    elif found != REVISION:
        known = (_MIGRATIONS / "versions").glob(f"v{found}_*.py")
        remedy = "run: rekha db upgrade" if any(known) else "a newer version of Rekha made it; use that one"
        raise StoreError(
            f"the journal {where} has the tables of version {found}, this program needs {REVISION}; {remedy}"
        )


def upgrade(engine: Engine, where: str) -> tuple[str | None, str]:
    """Bring the tables up to date, in one transaction; return from which migration to which. Raises: StoreError."""
    from alembic import command

    with told(where), engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        before = revision_of(connection)
        command.upgrade(alembic_config(connection), "head")
    return before, REVISION


def alembic_config(connection: Connection) -> Any:
    """Return the settings Alembic works with on a connection: there is no file of them."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
