"""Finding and loading policy files from disk; the checking itself is pure and lives in `engine.policy.load`."""

from collections.abc import Iterable
from pathlib import Path

from engine.errors import SettingsError
from engine.facts.catalogue import CATALOGUE
from engine.facts.later import LATER_FACTS, LATER_FIELDS, LATER_ROWS
from engine.policy.load import VALUES_FILE, Loaded, Source, load
from engine.policy.scope import LATER_FUNCTIONS, Later

DESK_FILE = "rekha.yaml"
LATER = Later(LATER_FACTS, LATER_FIELDS, LATER_ROWS, LATER_FUNCTIONS)
_SUFFIXES = (".yaml", ".yml")
# Beyond this a file is refused anyway; reading a little more is enough to say so.
_READ_LIMIT = 1024 * 1024


def find_policy_files(paths: Iterable[str]) -> tuple[Path, ...]:
    """
    Return the policy files under files and folders, and the `values.yaml` that stands beside them.

    Raises: SettingsError for a path that does not exist or a folder without any policy.
    """
    found: dict[Path, None] = {}
    for text in paths:
        path = Path(text)
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and _is_policy(p, path))
            if not inside:
                raise SettingsError(f"{text}: no policy file (*.yaml) in this folder")
            found.update(dict.fromkeys(inside))
        elif path.is_file():
            found[path] = None
        else:
            raise SettingsError(f"{text}: no such file or folder")
    for path in list(found):
        beside = path.with_name(VALUES_FILE)
        if beside.is_file():
            found[beside] = None
    return tuple(found)


def load_policies(paths: Iterable[str]) -> Loaded:
    """Return the checked set under some paths. Raises: SettingsError when there is nothing to read."""
    sources = []
    for path in find_policy_files(paths):
        try:
            with path.open("rb") as stream:
                sources.append(Source(path.as_posix(), stream.read(_READ_LIMIT)))
        except OSError as error:
            raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    return load(sources, CATALOGUE, LATER)


def _is_policy(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return path.suffix in _SUFFIXES and not hidden and path.name not in (DESK_FILE, "calendar.yaml")
