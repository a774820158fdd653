"""Where the project's data lies, the same from a checkout and from a wheel (ADR 0002); nothing is read here."""

from importlib.resources import files
from pathlib import Path
from typing import Literal

from engine.errors import SettingsError

PACKAGE = "engine"
DATA = "_data"


def package_dir() -> Path:
    """
    Return the folder of the package itself, whose own data (`calendars`) travels in it.

    Raises: SettingsError when Rekha runs from an archive, where its data has no path.
    """
    root = files(PACKAGE)
    if not isinstance(root, Path):
        raise SettingsError(f"Rekha cannot run from an archive ({root}); install the wheel into an environment")
    return root


def resource_dir(name: Literal["policies", "schemas", "docs"]) -> Path:
    """
    Return the folder of shipped policies, schemas or pages.

    A wheel carries them inside the package, a checkout beside it. The package's own place decides which: an editable
    install leaves a stale copy of them elsewhere, and that is never looked at.
    Raises: SettingsError naming both places.
    """
    package = package_dir()
    places = (package / DATA / name, package.parent / name)
    for place in places:
        if place.is_dir():
            return place
    looked = " nor ".join(str(place) for place in places)
    raise SettingsError(f"the folder '{name}' is missing: neither {looked} exists; reinstall Rekha")
