"""`rekha log verify`: whether what the journal has kept is what was written."""

import argparse
import json
from pathlib import Path

from engine.cli import exits
from engine.cli.journal_place import place_from
from engine.cli.output import counted, report_error, write, write_json
from engine.domain.journal import Head
from engine.errors import EngineError, MisuseError
from engine.stores.upkeep import verified


def run(arguments: argparse.Namespace) -> int:
    """Return 0 when the audit chains are intact, 1 when they are not or cannot be read, 2 on misuse."""
    try:
        noted = _noted(Path(arguments.noted)) if arguments.noted else ()
        found = verified(place_from(arguments), noted)
    except EngineError as error:
        return report_error(error)
    if arguments.format == "json":
        write_json(
            {
                "events": found.events,
                "heads": [{"chain": one.chain, "seq": one.seq, "digest": one.digest} for one in found.heads],
                "breaches": [{"chain": one.chain, "seq": one.seq, "text": one.text} for one in found.breaches],
            }
        )
    else:
        for breach in found.breaches:
            where = "" if breach.seq is None else f", event {breach.seq}"
            write(f"{breach.chain or 'the engine'}{where}: {breach.text}")
        state = "edited" if found.breaches else "intact"
        write(f"{state}: {counted(found.events, 'event')} in {counted(len(found.heads), 'chain')}")
    return exits.ERRORS if found.breaches else exits.OK


def _noted(path: Path) -> tuple[Head, ...]:
    try:
        heads = json.loads(path.read_text(encoding="utf-8"))["heads"]
        return tuple(Head(str(one["chain"]), int(one["seq"]), str(one["digest"])) for one in heads)
    except OSError as error:
        raise MisuseError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError):
        raise MisuseError(f"{path}: is not what `rekha log verify --format json` prints") from None
