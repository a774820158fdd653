"""`rekha doctor`: a desk's readiness before the open, a line for each thing; what is red says what to do."""

import argparse
import asyncio
import os
from collections.abc import Iterator
from datetime import datetime

from engine.cli import exits
from engine.cli.output import report_error, write, write_json
from engine.errors import EngineError, MisuseError, StoreError
from engine.policy.asked_of_market import spots_asked
from engine.runtime.board import Board, board_of
from engine.runtime.connections import BROKERS, fetch_live
from engine.runtime.desk import Desk, read_desk, resolve_desk
from engine.runtime.policy_files import load_policies
from engine.runtime.readiness import Check, checks_of_desk, checks_of_engine, checks_of_readings
from engine.runtime.told_clock import clock_of
from engine.stores.database import place_in
from engine.stores.looks import look_at_engine


def run(arguments: argparse.Namespace) -> int:
    """Return 0 when everything is ready, 1 when anything is not, 2 when there is no such desk."""
    try:
        file = read_desk(arguments.desk)
        now = asyncio.run(_now())
        loaded = load_policies([str(file.policies)], file.currencies)
        program = loaded.require()
        desk = resolve_desk(file, program)
    except EngineError as error:
        return report_error(error)
    count = len(program.policies)
    checks = [Check("policies", f"{count} in force" if count else "none", "" if count else "see rekha init")]
    checks += checks_of_desk(desk, now, os.environ)
    checks += _alive(desk, now, spots_asked(program, desk.accounts.values()))
    if arguments.format == "json":
        write_json([{"check": one.name, "ready": one.is_good, "said": one.said, "do": one.to_do} for one in checks])
    else:
        width = max(len(one.name) for one in checks)
        for one in checks:
            write(f"{'ok ' if one.is_good else 'RED'} {one.name:<{width}}  {one.said}")
            if one.to_do:
                write(f"    {'':<{width}}  → {one.to_do}")
    return exits.OK if all(one.is_good for one in checks) else exits.ERRORS


async def _now() -> datetime:
    async with clock_of(os.environ) as clock:
        return clock.now()


def _alive(desk: Desk, now: datetime, spots: tuple[str, ...]) -> Iterator[Check]:
    """Yield what a running engine says, or without one what the accounts say when they are asked."""
    place = place_in(desk.folder)
    board: Board | None = None
    if place.file is None or place.file.is_file():
        try:
            board = board_of(now, *look_at_engine(place))
        except StoreError as error:
            yield Check("journal", str(error), "see rekha db info; an engine does not start without it")
        else:
            yield Check("journal", place.shown)
    else:
        yield Check("journal", "none yet; an engine makes it when it first runs")
    if board is not None and board.holder and board.health is not None:
        yield from checks_of_engine(board, board.health)
        return
    yield Check("engine", "none runs; the accounts are asked now")
    if any(one.profile.broker in BROKERS for one in desk.accounts.values()):
        try:
            heard = fetch_live(desk, None, spots, os.environ)
            spoken_to = {name for name, one in desk.accounts.items() if one.profile.broker in BROKERS}
            yield from checks_of_readings({name: one for name, one in heard.items() if name in spoken_to})
        except MisuseError as error:
            yield Check("accounts asked", str(error), "mend that, and ask again")
