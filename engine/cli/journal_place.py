"""Which journal a command is about: a desk's own, or the one at an address."""

import argparse
from pathlib import Path

from engine.errors import MisuseError
from engine.stores.database import Place, place_in, place_of


def place_from(arguments: argparse.Namespace) -> Place:
    """Return the journal's place. Raises: MisuseError when nothing is there, SettingsError for a wrong address."""
    return place_of(arguments.journal) if arguments.journal else place_of_desk(Path(arguments.desk))


def place_of_desk(desk: Path) -> Place:
    """Return where a desk's journal is. Raises: MisuseError when nothing is there."""
    place = place_in(desk)
    if place.file is not None and not place.file.is_file():
        raise MisuseError(f"{place.shown}: there is no journal; name a desk that an engine has watched: --desk DIR")
    return place
