"""`python -m bench`: our engine, the same by hand and other engines side by side; exits 1 when any of them is wrong."""

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from typing import Any

from bench.peers.table import PEERS
from bench.report import Table, text_of
from bench.table import GROUPS, SECTIONS, Options, present


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="interleaved rounds, medians are taken over them")
    parser.add_argument("--snapshots", type=int, default=1000, help="seeded accounts on which all must agree")
    parser.add_argument("--only", choices=GROUPS, help="one group of questions")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    given = parser.parse_args(arguments)
    options = Options(given.rounds, given.snapshots)
    if given.format == "text":
        print(_where(options), *_who(), sep="\n")
    tables: list[Table] = []
    for section in SECTIONS:
        if given.only in (None, section.group):
            tables += _shown(section.tables(options), as_text=given.format == "text")
    if given.format == "json":
        print(json.dumps(_data(options, tables), indent=2))
    return 1 if any(table.wrong for table in tables) else 0


def _shown(tables: list[Table], *, as_text: bool) -> list[Table]:
    for table in tables if as_text else ():
        print("", text_of(table), sep="\n", flush=True)
    return tables


def _where(options: Options) -> str:
    return (
        f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}; CPU time, medians of "
        f"{options.rounds} interleaved rounds"
    )


def _who() -> list[str]:
    here = [f"  {subject.name} {subject.version()}".rstrip() + f": {subject.how}" for subject in present()]
    missing = [f"  {peer.name}: not installed" for peer in PEERS if peer.version() is None]
    return [*here, *missing]


def _data(options: Options, tables: Sequence[Table]) -> dict[str, Any]:
    return {
        "python": sys.version.split()[0],
        "system": f"{platform.system()} {platform.machine()}",
        "rounds": options.rounds,
        "snapshots": options.snapshots,
        "peers": {peer.name: peer.version() for peer in PEERS},
        "tables": [
            {"title": table.title, "rows": table.rows, "notes": table.notes, "wrong": table.wrong} for table in tables
        ],
    }


if __name__ == "__main__":
    raise SystemExit(main())
