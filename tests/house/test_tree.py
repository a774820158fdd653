"""House rules over all files: locks hold hashes and no addresses; nothing names a registry or somebody's machine."""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-dev.lock", ROOT / "requirements-bench.lock"]

# What .gitignore leaves out, and what is no text of ours.
IGNORED = {
    ".git",
    ".venv",
    ".venv-bench",
    ".rekha",
    "__pycache__",
    "dist",
    "build",
    ".hypothesis",
    "uv.lock",
    "pylock.toml",
    ".env",
}

# Written in two halves, so that this file does not name them either.
REGISTRIES = [
    ".".join(halves) for halves in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "com"), ("npmjs", "org"))
]
MACHINE_PATH = re.compile(r"(?<![\w.~$}-])/(?:home|root|Users|work)/\w")


def ours() -> Iterator[Path]:
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in IGNORED and not name.endswith(("_cache", ".egg-info"))]
        yield from (Path(folder) / name for name in files if name not in IGNORED)


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def lines_with(pattern: re.Pattern[str], path: Path) -> list[str]:
    found = enumerate(text_of(path).splitlines(), start=1)
    return [
        f"{path.relative_to(ROOT)}:{number}  {line.strip()[:100]}" for number, line in found if pattern.search(line)
    ]


def pins(lock: Path) -> dict[str, str]:
    """Each requirement of a lock with its whole entry."""
    entries = re.split(r"^(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {entry.split("==")[0]: entry for entry in entries if "==" in entry}


def test_no_file_names_a_package_registry() -> None:
    pattern = re.compile("|".join(re.escape(host) for host in REGISTRIES))
    assert [line for path in ours() for line in lines_with(pattern, path)] == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert [line for path in ours() for line in lines_with(MACHINE_PATH, path)] == []


@pytest.mark.parametrize("folder", ["home", "root", "Users", "work"])
def test_the_machine_path_rule_bites(folder: str) -> None:
    assert MACHINE_PATH.search(f"see /{folder}/someone/rekha")
    assert not MACHINE_PATH.search(f"see ../{folder}/someone and docs/{folder}/page")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_pins_and_hashes_everything_and_holds_no_address(lock: Path) -> None:
    assert "://" not in lock.read_text(encoding="utf-8")
    assert pins(lock)
    assert [name for name, entry in pins(lock).items() if "--hash=sha256:" not in entry] == []


def test_the_development_lock_holds_the_run_lock() -> None:
    run, dev = pins(LOCKS[0]), pins(LOCKS[1])
    versions = {name: entry.split()[0] for name, entry in dev.items()}
    assert {name: entry.split()[0] for name, entry in run.items()}.items() <= versions.items()


@pytest.mark.parametrize(
    ("lock", "extras"),
    [(LOCKS[0], ["build"]), (LOCKS[1], ["build", "dev"]), (LOCKS[2], ["build", "bench"])],
    ids=["run", "dev", "bench"],
)
def test_a_lock_holds_all_that_the_project_asks_for(lock: Path, extras: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in extras:
        asked += project["project"]["optional-dependencies"][extra]
    names = {re.split(r"[\s<>=!~;\[]", requirement)[0].lower() for requirement in asked}
    assert names <= pins(lock).keys()
