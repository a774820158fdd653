"""Every command of the command line stands in the README."""

import argparse
import importlib
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(parser: argparse.ArgumentParser) -> list[str]:
    choices = [action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return [name for table in choices for name in table]


def test_every_command_stands_in_the_readme() -> None:
    parser = importlib.import_module("engine.cli.main").build_parser()
    section = README.split("\n## Commands", 1)[1].split("\n## ", 1)[0]
    assert commands(parser)
    assert [name for name in commands(parser) if f"rekha {name}" not in section] == []
