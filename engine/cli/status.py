"""`rekha status`: how the engine on a desk is doing, read from its journal alone, with the age of all it says."""

import argparse
import asyncio
import os
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.cli import exits
from engine.cli.journal_place import place_from
from engine.cli.output import complain, counted, report_error, write_json
from engine.domain.enums import Verdict
from engine.domain.health import AccountHealth
from engine.errors import EngineError, MisuseError
from engine.runtime.board import Board, age, board_of
from engine.runtime.desk import read_desk
from engine.runtime.told_clock import clock_of
from engine.stores.columns import utc_text
from engine.stores.database import Place
from engine.stores.looks import look_at_engine

if TYPE_CHECKING:
    from rich.console import RenderableType

_LOUD = (Verdict.FIRES.value, Verdict.PENDING.value, Verdict.UNKNOWN.value)
_AGAIN_SECONDS = 1.0


def run(arguments: argparse.Namespace) -> int:
    """Return 0 when all is well, 1 when something is not or cannot be told, 3 when no engine runs, 2 on misuse."""
    try:
        place = _place(arguments)
        if place is None:
            return _nobody(arguments, None)
        if arguments.watch:
            return asyncio.run(_watch(place))
        board = asyncio.run(_look(place))
    except KeyboardInterrupt:
        return exits.OK
    except EngineError as error:
        return report_error(error)
    if not board.holder:
        return _nobody(arguments, board)
    if arguments.format == "json":
        write_json(board_as_json(board))
    else:
        _print(board)
    return exits.ERRORS if board.problems else exits.OK


def board_as_json(board: Board) -> dict[str, Any]:
    """Return a board as plain data; instants are UTC, ages are for whoever reads it to work out."""
    health = board.health
    return {
        "at": utc_text(board.at),
        "engine": board.holder or None,
        "alive_at": _instant(board.beat_at),
        "problems": list(board.problems),
        "policy_set": None if health is None else health.policy_set,
        "began_at": None if health is None else utc_text(health.began_at),
        "accounts": [] if health is None else [_account(one) for one in health.accounts],
        "channels": [] if health is None else [_channel(one) for one in health.channels],
        "alerts": [
            {
                "id": one.id,
                "title": one.message.title,
                "severity": one.message.severity.value,
                "since": utc_text(one.message.at),
                "open": one.is_open,
            }
            for one in board.alerts
        ],
    }


def _place(arguments: argparse.Namespace) -> Place | None:
    try:
        return place_from(arguments)
    except MisuseError:
        # A desk that was never watched has no engine; what is no desk at all is a wrong argument.
        read_desk(arguments.desk)
        return None


def _nobody(arguments: argparse.Namespace, board: Board | None) -> int:
    if arguments.format == "json":
        told: dict[str, Any] = {"at": None, "engine": None, "alive_at": None, "problems": [], "accounts": []}
        write_json(told if board is None else board_as_json(board))
    else:
        last = None if board is None else board.beat_at
        since = (
            "nobody has ever watched this desk"
            if board is None or last is None
            else (f"the last sign of life was {age(board.at, last)} ago")
        )
        complain(f"no engine: {since}; `rekha run --desk {arguments.desk}` starts one")
    return exits.NO_ENGINE


async def _look(place: Place) -> Board:
    async with clock_of(os.environ) as clock:
        return board_of(clock.now(), *look_at_engine(place))


async def _watch(place: Place) -> int:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    async with clock_of(os.environ) as clock:
        with Live(console=Console(), auto_refresh=False, screen=True) as live:
            while True:
                board = board_of(clock.now(), *look_at_engine(place))
                live.update(_shown(board) if board.holder else Text("no engine"), refresh=True)
                await asyncio.sleep(_AGAIN_SECONDS)


def _print(board: Board) -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True, markup=False)
    # Beside a pipe there is no width to keep to.
    if not console.is_terminal:
        console.width = 160
    console.print(_shown(board))


def _shown(board: Board) -> "RenderableType":
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    health = board.health
    head = f"{board.holder}: alive {age(board.at, board.beat_at)} ago"
    if health is None:
        return Group(Text(head), *(Text(f"! {line}") for line in board.problems))
    policies = counted(health.policies, "policy", "policies")
    head += f", runs for {age(board.at, health.began_at)}; {policies}, set {health.policy_set[:12]}"
    table = Table("account", "broker", "session", "judged", "read", "missed", "state", box=None, pad_edge=False)
    for one in health.accounts:
        judged, was_read = age(board.at, one.judged_at), age(board.at, one.read_at)
        cells = (one.account, one.broker, one.session, judged, was_read, str(one.missed), _state(one, board.at))
        table.add_row(*(Text(cell) for cell in cells))
    lines = [Text(f"! {line}", style="bold red") for line in board.problems]
    return Group(Text(head), table, *(lines or [Text("all is well")]))


def _state(one: AccountHealth, now: datetime) -> str:
    if one.rests:
        return f"rests: {one.rests}"
    said = []
    if one.stop_file:
        said.append("STOP file: entries blocked")
    elif one.blocked:
        said.append("entries blocked")
    for rule in one.rules:
        if rule.verdict in _LOUD:
            row = f" [{rule.row}]" if rule.row else ""
            said.append(f"{rule.policy}{row} {rule.verdict.upper()} for {age(now, rule.since)}")
    if one.unread:
        said.append("books unknown")
    return "; ".join(said) or ("clear" if one.judged_at is not None else "not judged yet")


def _account(one: AccountHealth) -> dict[str, Any]:
    return {
        "account": one.account,
        "broker": one.broker,
        "session": one.session,
        "judged_at": _instant(one.judged_at),
        "read_at": _instant(one.read_at),
        "unread_since": _instant(one.unread_since),
        "unread": one.unread or None,
        "fault": one.fault or None,
        "missed": one.missed,
        "rests": one.rests or None,
        "stop_file": one.stop_file,
        "blocked": one.blocked,
        "clock_ahead_ms": one.clock_ahead_ms,
        "rules": [
            {
                "policy": rule.policy,
                "row": rule.row or None,
                "verdict": rule.verdict,
                "since": utc_text(rule.since),
                "why": rule.why or None,
                "good_at": _instant(rule.good_at),
            }
            for rule in one.rules
        ],
    }


def _channel(one: Any) -> dict[str, Any]:
    return {
        "channel": one.name,
        "waiting": one.waiting,
        "told": one.told,
        "lost": one.lost,
        "failing_since": _instant(one.failing_since),
        "last_failure": one.last_failure or None,
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else utc_text(at)
