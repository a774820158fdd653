"""`rekha snapshot`: a broker's raw answers, or another snapshot file, as a Rekha snapshot on standard output."""

import argparse

from engine.cli import exits
from engine.cli.inputs import MisuseError, watched
from engine.cli.output import complain, write
from engine.errors import EngineError
from engine.runtime.snapshot_file import render_snapshot


def run(arguments: argparse.Namespace) -> int:
    """Return 0, 1 on errors, 2 on misuse."""
    try:
        seen = watched(arguments, None)
    except MisuseError as error:
        complain(str(error))
        return exits.MISUSE
    except EngineError as error:
        complain(str(error))
        return exits.ERRORS
    if len(seen) != 1 or len(seen[0].readings) != 1:
        complain("one reading at a time; name one snapshot or one set of raw answers")
        return exits.MISUSE
    write(render_snapshot(seen[0].readings[0]).rstrip())
    return exits.OK
