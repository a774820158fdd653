"""`rekha snapshot`: a broker's raw answers, or another snapshot file, as a Rekha snapshot on standard output."""

import argparse

from engine.cli import exits
from engine.cli.inputs import desk_of, say_from_when, wants_readings, watched
from engine.cli.output import report_error, write
from engine.errors import EngineError, MisuseError
from engine.runtime.snapshot_file import render_snapshot


def run(arguments: argparse.Namespace) -> int:
    """Return 0, 1 on errors, 2 on misuse."""
    try:
        desk = desk_of(arguments)
        if desk is not None and not wants_readings(arguments) and not arguments.account and len(desk.accounts) > 1:
            raise MisuseError(f"one account at a time; say which with --account: {', '.join(desk.accounts)}")
        seen = watched(arguments, desk)
        if len(seen) != 1 or len(seen[0].readings) != 1:
            raise MisuseError("one reading at a time; name one snapshot or one set of raw answers")
    except EngineError as error:
        return report_error(error)
    write(render_snapshot(seen[0].readings[0]).rstrip())
    say_from_when(seen)
    return exits.OK
