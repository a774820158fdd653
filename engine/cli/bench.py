"""`rekha bench`: the measurements of a checkout; what is measured, and how, is theirs (bench/README.md)."""

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module

from engine.cli import exits
from engine.cli.output import complain

_PACKAGE = "bench"


def run(arguments: argparse.Namespace) -> int:
    """Return 0, 1 when a side of a comparison gives other answers, 69 where there are no measurements."""
    try:
        # By name: they measure the engine and are no part of it, nor of what is installed.
        measure: Callable[[Sequence[str]], int] = import_module(f"{_PACKAGE}.__main__").main
    except ModuleNotFoundError as missing:
        if missing.name not in (_PACKAGE, f"{_PACKAGE}.__main__"):
            raise
        complain("the measurements are part of a checkout and not installed; run `python -m bench` there")
        return exits.UNAVAILABLE
    options = ["--rounds", str(arguments.rounds), "--snapshots", str(arguments.snapshots)]
    if arguments.only:
        options += ["--only", arguments.only]
    return measure([*options, "--format", arguments.format])
