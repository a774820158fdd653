"""What people ask of a running engine, in rows: anybody may ask, only who holds the account's lease may take."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select, update

from engine.domain.journal import Command, CommandState, EventKind
from engine.domain.serial import form_of, plain_of, text_of
from engine.stores.chain import Links
from engine.stores.database import on_both
from engine.stores.tables import COMMANDS

_COMMAND = form_of(Command)
_ASK: Final = on_both(lambda insert: insert(COMMANDS).on_conflict_do_nothing().returning(COMMANDS.c.id))


def post(connection: Connection, command: Command) -> bool:
    """Write a command down; return False when one of its id is there already."""
    row = {
        "id": command.id,
        "account": command.account,
        "kind": command.kind,
        "who": command.who,
        "why": command.why,
        "asked_at": command.asked_at,
        "expires_at": command.expires_at,
        "details": text_of(dict(command.details)),
        "state": CommandState.WAITING.value,
        "result": "",
    }
    return connection.execute(_ASK[connection.dialect.name], row).first() is not None


def take(connection: Connection, accounts: Iterable[str], now: datetime) -> tuple[Command, ...]:
    """Return the waiting commands of accounts whose lease is held, oldest first, taken; those too old have expired."""
    waiting = select(COMMANDS).where(
        COMMANDS.c.account.in_(tuple(accounts)), COMMANDS.c.state == CommandState.WAITING.value
    )
    links, taken = Links(connection), []
    for row in connection.execute(waiting.order_by(COMMANDS.c.asked_at, COMMANDS.c.id).with_for_update()).all():
        state = CommandState.TAKEN if now < row.expires_at else CommandState.EXPIRED
        _set(connection, row.id, state)
        command = _command(row, state)
        links.add(command.account, now, EventKind.COMMAND, command.id, text_of(_COMMAND.encode(command)))
        if state is CommandState.TAKEN:
            taken.append(command)
    links.write()
    return tuple(taken)


def finish(connection: Connection, links: Links, command: str, result: str, at: datetime) -> None:
    """Write what came of a command that was taken; of one that is finished already nothing changes."""
    row = connection.execute(select(COMMANDS).where(COMMANDS.c.id == command).with_for_update()).first()
    if row is None or row.state != CommandState.TAKEN.value:
        return
    _set(connection, command, CommandState.DONE, result=result)
    done = _command(row, CommandState.DONE, result)
    links.add(done.account, at, EventKind.COMMAND, command, text_of(_COMMAND.encode(done)))


def command_at(connection: Connection, command: str) -> Command | None:
    """Return a command with what has come of it."""
    row = connection.execute(select(COMMANDS).where(COMMANDS.c.id == command)).first()
    return None if row is None else _command(row, CommandState(row.state), row.result)


def _set(connection: Connection, command: str, state: CommandState, **columns: str) -> None:
    connection.execute(update(COMMANDS).where(COMMANDS.c.id == command).values(state=state.value, **columns))


def _command(row: Any, state: CommandState, result: str = "") -> Command:
    return Command(
        id=row.id,
        account=row.account,
        kind=row.kind,
        who=row.who,
        why=row.why,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        details=plain_of(row.details),
        state=state,
        result=result,
    )
