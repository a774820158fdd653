"""Package data is found beside the package in a checkout and inside it in a wheel."""

from pathlib import Path

import pytest

from engine.errors import SettingsError
from engine.runtime import resources


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package folder somewhere else, with nothing around it yet."""
    root = tmp_path / "site" / "engine"
    root.mkdir(parents=True)
    monkeypatch.setattr(resources, "files", lambda _name: root)
    return root


def test_in_this_checkout() -> None:
    folder = resources.resource_dir("schemas")
    assert folder == resources.package_dir().parent / "schemas"
    assert (folder / "calendar.schema.json").is_file()


def test_in_a_checkout_data_lies_beside_the_package(package: Path) -> None:
    (package.parent / "policies").mkdir()
    assert resources.resource_dir("policies") == package.parent / "policies"


def test_in_a_wheel_data_lies_in_the_package_and_wins(package: Path) -> None:
    inside = package / "_data" / "policies"
    inside.mkdir(parents=True)
    (package.parent / "policies").mkdir()
    assert resources.resource_dir("policies") == inside


def test_missing_data_names_both_places(package: Path) -> None:
    with pytest.raises(SettingsError, match=r"'schemas' is missing: neither .*_data.schemas nor .*site.schemas exists"):
        resources.resource_dir("schemas")


def test_a_file_is_not_a_folder(package: Path) -> None:
    (package.parent / "schemas").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="'schemas' is missing"):
        resources.resource_dir("schemas")


def test_an_archive_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "files", lambda _name: "engine.zip/engine")
    with pytest.raises(SettingsError, match="cannot run from an archive"):
        resources.package_dir()
