"""An account's state in rows: each part by its name, each addition to the history by its reading."""

from typing import Final

from sqlalchemy import Connection, delete, insert, select

from engine.domain.journal import StateChange, StoredState
from engine.stores.database import on_both
from engine.stores.decisions import latches_of
from engine.stores.tables import HEARD, STATE

_KEY: Final = (STATE.c.account, STATE.c.part)
_PUT: Final = on_both(
    lambda insert: (asked := insert(STATE)).on_conflict_do_update(
        index_elements=_KEY, set_={"text": asked.excluded.text}
    )
)
_ADD: Final = insert(HEARD)


def write_state(connection: Connection, account: str, change: StateChange) -> None:
    """Write what has changed."""
    if change.begins:
        connection.execute(delete(HEARD).where(HEARD.c.account == account))
    if change.parts:
        rows = [{"account": account, "part": part, "text": text} for part, text in change.parts.items()]
        connection.execute(_PUT[connection.dialect.name], rows)
    if change.heard:
        added = [{"account": account, "taken_at": at, "text": text} for at, text in change.heard]
        connection.execute(_ADD, added)


def read_state(connection: Connection, account: str) -> StoredState | None:
    """Return what was written of an account, None when nothing was."""
    parts = {row.part: row.text for row in connection.execute(select(STATE).where(STATE.c.account == account))}
    if not parts:
        return None
    heard = connection.execute(select(HEARD.c.text).where(HEARD.c.account == account).order_by(HEARD.c.taken_at))
    return StoredState(parts, tuple(heard.scalars()), latches_of(connection, account))
