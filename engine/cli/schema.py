"""`rekha schema`: the JSON Schemas that editors use; printed, written, or checked for freshness."""

import argparse
import sys
from pathlib import Path

from engine.cli import exits
from engine.cli.output import complain, write
from engine.runtime.resources import resource_dir
from engine.runtime.schemas import schema_text, stale_schemas, write_schemas


def run(arguments: argparse.Namespace) -> int:
    """Return 0; with --check 1 when a shipped schema is not current."""
    if arguments.check:
        stale = stale_schemas(resource_dir("schemas"))
        for name in stale:
            complain(f"schemas/{name}.schema.json is not current; run rekha schema --write schemas")
        return exits.ERRORS if stale else exits.OK
    if arguments.write:
        try:
            for path in write_schemas(Path(arguments.write)):
                write(str(path))
        except OSError as error:
            complain(f"{arguments.write}: cannot be written: {error.strerror or error}")
            return exits.ERRORS
        return exits.OK
    sys.stdout.write(schema_text(arguments.name))
    return exits.OK
