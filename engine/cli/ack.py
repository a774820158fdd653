"""`rekha ack`: a person's word that alerts were seen, so that nobody is told of them again."""

import argparse
import asyncio
import getpass
import os
from pathlib import Path

from engine.cli import exits
from engine.cli.journal_place import place_of_desk
from engine.cli.output import complain, report_error, write
from engine.domain.journal import ENGINE
from engine.errors import EngineError
from engine.runtime.alarms import ACK, acknowledges
from engine.runtime.asking import ask
from engine.runtime.told_clock import clock_of
from engine.stores.journal import SqlJournal


def run(arguments: argparse.Namespace) -> int:
    """Return 0 when alerts were acknowledged, 1 when none was, 2 on misuse, 69 when no engine runs."""
    try:
        told = asyncio.run(_run(arguments))
    except EngineError as error:
        return report_error(error)
    if told is None:
        complain("no engine runs on this desk; start it with `rekha run`, it still knows its alerts")
        return exits.UNAVAILABLE
    is_done = acknowledges(told)
    (write if is_done else complain)(told)
    return exits.OK if is_done else exits.ERRORS


async def _run(arguments: argparse.Namespace) -> str | None:
    journal = await SqlJournal.opened(place_of_desk(Path(arguments.desk)))
    named = {"alert": arguments.alert, "account": arguments.account}
    details = {name: text for name, text in named.items() if text}
    try:
        async with clock_of(os.environ) as clock:
            return await ask(journal, ENGINE, ACK, getpass.getuser(), arguments.why, clock.now(), details)
    finally:
        await journal.close()
