"""Finding and loading policy files from disk; the checking itself is pure and lives in `engine.policy.load`."""

from collections.abc import Iterable
from dataclasses import replace
from os.path import realpath
from pathlib import Path

from engine.errors import MisuseError
from engine.facts.catalogue import CATALOGUE
from engine.facts.later import LATER_FACTS, LATER_FIELDS, LATER_ROWS
from engine.policy.findings import Finding, Place, Report
from engine.policy.load import CALENDAR_FILE, VALUES_FILE, Loaded, Source, load
from engine.policy.scope import USUAL_CURRENCIES, Later

DESK_FILE = "rekha.yaml"
LATER = Later(LATER_FACTS, LATER_FIELDS, LATER_ROWS)
_SUFFIXES = (".yaml", ".yml")
# Beyond this a file is refused anyway; reading a little more is enough to say so.
_READ_LIMIT = 1024 * 1024


# No file system we know of takes more bytes; asked for a longer name it is an error of its own.
_LONGEST_NAME = 255


def find_policy_files(paths: Iterable[str]) -> tuple[Path, ...]:
    """
    Return the policy files under files and folders, and what stands beside them (values, calendar), each file once.

    Raises: MisuseError for a path that does not exist or a folder without any policy.
    """
    found: dict[str, Path] = {}
    for text in paths:
        if not text:
            raise MisuseError("an empty path names nothing; write . for this folder")
        path = Path(text)
        if len(path.name.encode()) > _LONGEST_NAME:
            raise MisuseError(f"{text[:60]}…: no such file or folder")
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if _is_policy(p, path))
            if not inside:
                raise MisuseError(f"{text}: no policy file (*.yaml) in this folder")
            _add(found, inside)
        elif path.exists():
            _add(found, [path])
        else:
            raise MisuseError(f"{text}: no such file or folder")
    for name in (VALUES_FILE, CALENDAR_FILE):
        _add(found, [beside for path in list(found.values()) if (beside := path.with_name(name)).is_file()])
    return tuple(found.values())


def load_policies(paths: Iterable[str], currencies: frozenset[str] = USUAL_CURRENCIES) -> Loaded:
    """
    Return the checked set under some paths; a file that cannot be read is a finding like any other.

    currencies: those of the desk's accounts, for a set that is tried on a desk.
    Raises: MisuseError when there is nothing to read.
    """
    return load_files(find_policy_files(paths), currencies)


def load_files(files: Iterable[Path], currencies: frozenset[str] = USUAL_CURRENCIES) -> Loaded:
    """Return the checked set of some files."""
    report = Report()
    sources = []
    for path in files:
        try:
            with path.open("rb") as stream:
                sources.append(Source(path.as_posix(), stream.read(_READ_LIMIT)))
        except OSError as error:
            message = f"the file cannot be read: {error.strerror or error}"
            report.error("unreadable-file", Place(path.as_posix()), message, "mend it, or take it out of the folder")
    return with_findings(load(sources, CATALOGUE, LATER, currencies), report.sorted())


def with_findings(loaded: Loaded, findings: Iterable[Finding]) -> Loaded:
    """Return a load with more findings among its own, in file order."""
    report = Report()
    report.extend((*loaded.findings, *findings))
    return replace(loaded, findings=report.sorted())


def _add(found: dict[str, Path], paths: Iterable[Path]) -> None:
    # One file under two names (./a.yaml and its full path, a link) is one policy.
    for path in paths:
        found.setdefault(realpath(path), path)


def _is_policy(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    named = path.suffix.lower() in _SUFFIXES and not hidden and path.name != DESK_FILE
    # A link that leads nowhere is taken, so that it is told of; a pipe or a socket is not.
    return named and (path.is_file() or not path.exists())
