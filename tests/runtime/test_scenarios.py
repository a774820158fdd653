"""The scenarios that come with the package, and how one's own is found."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from engine.errors import SettingsError
from engine.runtime.scenarios import load_scenario, shipped_scenarios
from engine.sim.clock import Pace
from engine.sim.exchange.words import Call
from engine.sim.faults import FaultKind


def test_these_come_with_the_package() -> None:
    assert list(shipped_scenarios()) == ["bad-day", "gap", "kill-day", "quiet-day"]


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_shipped_scenario_is_named_as_its_file_and_reads(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.setup.trading_date == date(2026, 11, 23)
    assert scenario.setup.start == datetime(2026, 11, 23, 3, 44, tzinfo=UTC)
    assert scenario.setup.sessions["NFO"].closes_at == datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
    assert scenario.pace is Pace.REAL


def test_kill_day_begins_with_a_hedged_strangle_and_its_stops() -> None:
    setup = load_scenario("kill-day").setup
    account = setup.accounts[0]
    assert [one.code for one in setup.accounts] == ["A", "B", "C"]
    assert [(one.key[1], one.quantity) for one in account.carried] == [
        ("NIFTY26D0124200CE", Decimal(-780)),
        ("NIFTY26D0123800PE", Decimal(-780)),
        ("NIFTY26D0124500CE", Decimal(780)),
        ("NIFTY26D0123500PE", Decimal(780)),
    ]
    assert [(one.trigger_price, one.price, one.tag) for one in account.resting] == [
        (Decimal(165), Decimal(170), "SLCE"),
        (Decimal(130), Decimal(135), "SLPE"),
    ]
    assert setup.accounts[2].carried == setup.accounts[2].resting == ()


def test_on_the_bad_day_one_fault_follows_the_other() -> None:
    faults = load_scenario("bad-day").faults
    assert {one.kind for one in faults} >= {
        FaultKind.OUTAGE,
        FaultKind.SLOW,
        FaultKind.ROW_DROPPED,
        FaultKind.HANG_AFTER_BURST,
    }
    assert not any(one.kind.is_of_web for one in faults)
    starts = [one.since for one in faults if one.since is not None]
    assert all(later - earlier >= timedelta(minutes=5) for earlier, later in pairwise(starts))
    (lost,) = [one for one in faults if one.kind is FaultKind.REPLY_LOST]
    assert (lost.calls, lost.times) == (frozenset({Call.PLACE}), 1)


def test_ones_own_is_named_by_its_file(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text(shipped_scenarios()["gap"].read_text(encoding="utf-8"), encoding="utf-8")
    assert load_scenario(own).name == "gap"


def test_one_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"there is no scenario 'kill-dya'; did you mean 'kill-day'\?"):
        load_scenario("kill-dya")
    with pytest.raises(SettingsError, match="shipped are bad-day, gap, kill-day, quiet-day; or name a file"):
        load_scenario("xyz")
    with pytest.raises(SettingsError, match=r"none\.yaml: cannot be read: No such file"):
        load_scenario(tmp_path / "none.yaml")


def test_everything_wrong_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    text = shipped_scenarios()["gap"].read_text(encoding="utf-8")
    text = text.replace("short 390 NIFTY 24200 CE", "short 390 NIFTY 24250 CE").replace("tag SLPE", "tagg SLPE")
    own.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_scenario(own)
    lines = str(caught.value).splitlines()
    assert lines[0] == (
        f"{own}:18:9  no contract 'NIFTY 24250 CE 01DEC' is listed; did you mean 'NIFTY 24500 CE 01DEC'?"
    )
    assert lines[1].endswith("- short 390 NIFTY 24250 CE 01DEC NRML")
    assert lines[3].startswith(f"{own}:24:9  'buy 390 NIFTY 23800 PE 01DEC NRML stop 142.50 limit 147.50 tagg SLPE'")


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_is_told_of(tmp_path: Path, text: str) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(
        SettingsError, match=r"mine\.yaml:1:1  the file is not a scenario; begin it with scenario: its-name"
    ):
        load_scenario(own)


def test_a_client_code_is_told_how_it_is_written(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    text = shipped_scenarios()["gap"].read_text(encoding="utf-8").replace("\n  A:", "\n  a-1:")
    own.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="'a-1' is not a name; the accounts by client code, capitals and digits: A"):
        load_scenario(own)
