"""`rekha db`: what is in a desk's journal, a copy of it, newer tables, less of what is old."""

import argparse
import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from engine.cli import exits
from engine.cli.journal_place import place_from
from engine.cli.output import complain, counted, report_error, write, write_json
from engine.errors import EngineError
from engine.runtime.clock import now
from engine.stores.columns import utc_text
from engine.stores.database import Place
from engine.stores.journal import SqlJournal
from engine.stores.readings import Bounds
from engine.stores.upkeep import backup, info, upgraded


def run(arguments: argparse.Namespace) -> int:
    """Return 0, 1 when the journal cannot be read or written or is not intact, 2 on misuse."""
    try:
        return _ACTIONS[arguments.action](place_from(arguments), arguments)
    except EngineError as error:
        return report_error(error)


def _info(place: Place, arguments: argparse.Namespace) -> int:
    found = info(place)
    since, until = (None if at is None else utc_text(at) for at in found.readings)
    told = {
        "journal": found.where,
        "version": found.revision,
        "bytes": found.size,
        "rows": found.rows,
        "readings": {"since": since, "until": until},
        "leases": {one.account: {"holder": one.holder, "until": utc_text(one.expires_at)} for one in found.leases},
        "chains": {head.chain: head.seq for head in found.heads},
    }
    if arguments.format == "json":
        write_json(told)
        return exits.OK
    size = "" if found.size is None else f", {found.size:,} bytes"
    write(f"{found.where}: tables of version {found.revision}{size}")
    for name, rows in found.rows.items():
        write(f"  {name:<12} {rows:>10,}")
    if since is not None:
        write(f"readings from {since} to {until}")
    for one in found.leases:
        write(f"{one.account or 'the engine'}: watched by {one.holder} until {utc_text(one.expires_at)}")
    return exits.OK


def _backup(place: Place, arguments: argparse.Namespace) -> int:
    found = backup(place, Path(arguments.file))
    told: dict[str, Any] = {"file": arguments.file, "events": found.events, "breaches": len(found.breaches)}
    _tell(arguments, told, f"{arguments.file}: a copy of {counted(found.events, 'event')} and all that belongs to them")
    if found.breaches:
        complain("the audit chains are not intact; `rekha log verify` says where")
    return exits.ERRORS if found.breaches else exits.OK


def _upgrade(place: Place, arguments: argparse.Namespace) -> int:
    before, after = upgraded(place)
    done = "are up to date" if before == after else f"were brought from version {before or 'none'}"
    _tell(arguments, {"from": before, "to": after}, f"the tables of {place.shown} {done}: version {after}")
    return exits.OK


def _prune(place: Place, arguments: argparse.Namespace) -> int:
    bounds = Bounds(timedelta(days=arguments.days), arguments.megabytes * 1_000_000)
    readings, commands = asyncio.run(_pruned(place, bounds))
    gone = f"{counted(readings, 'reading')} and {counted(commands, 'finished command')} removed"
    _tell(arguments, {"readings": readings, "commands": commands}, f"{gone}; what was decided and done stays")
    return exits.OK


async def _pruned(place: Place, bounds: Bounds) -> tuple[int, int]:
    journal = await SqlJournal.opened(place)
    try:
        return await journal.prune(now(), bounds)
    finally:
        await journal.close()


def _tell(arguments: argparse.Namespace, told: dict[str, Any], sentence: str) -> None:
    if arguments.format == "json":
        write_json(told)
    else:
        write(sentence)


_ACTIONS: dict[str, Callable[[Place, argparse.Namespace], int]] = {
    "info": _info,
    "backup": _backup,
    "upgrade": _upgrade,
    "prune": _prune,
}
