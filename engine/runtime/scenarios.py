"""Scenario files, shipped and one's own, as scenarios; what is wrong with one is told all at once, with its lines."""

from collections.abc import Mapping
from pathlib import Path

from engine.errors import SettingsError
from engine.policy import yaml_text
from engine.policy.findings import Report, render_finding, suggestion
from engine.runtime.calendars import calendars
from engine.runtime.resources import package_dir
from engine.sim.scenario.model import Scenario
from engine.sim.scenario.reader import read_scenario

_SUFFIX = ".yaml"


def shipped_scenarios() -> Mapping[str, Path]:
    """Return the scenarios that come with the package, by name."""
    folder = package_dir() / "sim" / "scenarios"
    return {path.stem: path for path in sorted(folder.glob(f"*{_SUFFIX}"))}


def load_scenario(named: str | Path) -> Scenario:
    """
    Return a scenario by its file, or by the name of a shipped one.

    Raises: SettingsError with every finding, or when there is no such scenario.
    """
    path = _found(str(named))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror or error}") from error
    report = Report()
    text = yaml_text.decode(data, str(path), report)
    scenario = None if text is None else read_scenario(text, str(path), calendars(), report)
    if scenario is None:
        raise SettingsError("\n".join(render_finding(finding, text) for finding in report.sorted()))
    return scenario


def _found(named: str) -> Path:
    shipped = shipped_scenarios()
    path = Path(named)
    if named in shipped:
        return shipped[named]
    if path.suffix or path.exists() or len(path.parts) > 1:
        return path
    hint = suggestion(named, shipped) or f"shipped are {', '.join(shipped)}; or name a file"
    raise SettingsError(f"there is no scenario '{named}'; {hint}")
