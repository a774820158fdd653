"""The shipped rulebooks and charges, and that a wrong file is refused with its line."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.domain.capabilities import Capability
from engine.domain.enums import Side
from engine.domain.rulebook import Segment, SquareOff
from engine.domain.session import Session
from engine.domain.truth import Truth
from engine.errors import SettingsError
from engine.runtime.resources import package_dir
from engine.runtime.rulebooks import CHARGES_FILE, load_rulebook, rulebook_for

SHIPPED = package_dir() / "rulebooks"
KOLKATA = ZoneInfo("Asia/Kolkata")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in SHIPPED.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_every_file_is_somebodys() -> None:
    assert sorted(path.name for path in SHIPPED.iterdir()) == [CHARGES_FILE, "kite.yaml", "kotak.yaml"]


def test_what_is_known_of_the_brokers() -> None:
    kite, kotak, none = (rulebook_for(name) for name in ("kite", "kotak", "none"))
    assert kite.limits is not None
    assert (kite.limits.per_second, kite.limits.per_minute, kite.limits.per_day) == (10, 400, 5000)
    assert kotak.limits is not None
    assert (kotak.limits.per_second, kotak.limits.per_day, kotak.limits.verified) == (5, None, False)
    assert (none.limits, none.square_offs, none.brokerage) == (None, None, ())
    assert none.charges == kite.charges


@pytest.mark.parametrize("name", ["kite", "kotak"])
def test_every_capability_is_answered_with_a_source(name: str) -> None:
    known = rulebook_for(name).capabilities
    assert set(known.lines) == set(Capability)
    assert all(line.source for line in known.lines.values())
    # What is not plainly there says why, for who wanted it.
    assert all(line.note or line.verified for line in known.lines.values() if line.is_there is not Truth.TRUE)
    assert known.tag is not None
    assert (known.broker, known.tag.longest, known.read_on) == (name, 20, date(2026, 11, 24))
    assert known.kill_switch is not None
    assert known.kill_switch.requires_flat is Truth.UNKNOWN
    assert not known.kill_switch.verified


def test_what_kotak_cannot_and_how_much_it_takes() -> None:
    kotak = rulebook_for("kotak")
    assert kotak.calls is not None
    assert kotak.calls.per_second == 8
    assert not kotak.capabilities.has(Capability.STOP_MARKET)
    # Declared because the document of changes takes the type; nobody has been seen to do it.
    assert kotak.capabilities.has(Capability.STOP_TO_LIMIT)
    assert not kotak.capabilities.lines[Capability.STOP_TO_LIMIT].verified
    assert "send a stop" in kotak.capabilities.why_not(Capability.STOP_MARKET)
    assert kotak.capabilities.session_ends_at == time(0)
    assert rulebook_for("none").capabilities.lines == {}


@pytest.mark.parametrize(
    ("day", "options", "futures"),
    [
        (date(2024, 10, 1), "0.1", "0.02"),
        (date(2026, 3, 31), "0.1", "0.02"),
        (date(2026, 4, 1), "0.15", "0.05"),
        (date(2030, 1, 1), "0.15", "0.05"),
    ],
)
def test_the_transaction_tax_by_its_day(day: date, options: str, futures: str) -> None:
    period = rulebook_for("kite").charges_on(day)
    assert period is not None
    for exchange in ("NSE", "BSE"):
        assert period.rates[exchange, Segment.OPTIONS].stt == {Side.SELL: Decimal(options), Side.BUY: Decimal(0)}
        assert period.rates[exchange, Segment.FUTURES].stt[Side.SELL] == Decimal(futures)


def test_before_the_table_nothing_is_known() -> None:
    assert rulebook_for("kite").charges_on(date(2024, 9, 30)) is None
    assert rulebook_for("kite").brokerage_on(date(2024, 9, 30)) is None


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (CHARGES_FILE, "from: 2026-04-01", "from: 2024-10-01", "periods stand in order of time"),
        (CHARGES_FILE, "from: 2026-04-01", "from: 2026-04-31", "there is no day 2026-04-31"),
        (CHARGES_FILE, "{exchange: BSE, segment: options", "{exchange: NSE, segment: options", "stands here twice"),
        (CHARGES_FILE, "gst: 18", "gst: eighteen", "'eighteen' cannot stand here; write it like 0.05"),
        (CHARGES_FILE, "transaction: 0.03503", "transacton: 0.03503", "unknown key 'transacton'"),
        ("kite.yaml", "broker: kite", "broker: kotak", "the file of kite says it is of kotak"),
        ("kite.yaml", "per_second: 10", "per_second: 0", "write it like 10"),
        ("kite.yaml", "  limit: {is: yes,", "  limit: {is: maybe,", "is: 'maybe' is not one of"),
        ("kite.yaml", "  limit: {is: yes,", "  limits: {is: yes,", "unknown key 'limits'"),
        ("kite.yaml", "least: 20", "least: 30", "least 30 is more than most 20"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(folder: Path, file: str, old: str, new: str, told: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_rulebook(folder, "kite")
    assert told in str(caught.value)
    assert str(caught.value).startswith(f"{path}:")


def test_a_time_outside_a_session_is_not_known() -> None:
    rule = SquareOff(frozenset({"MIS"}), frozenset({Segment.OPTIONS}), time(15, 25), None)

    def at(clock: str) -> datetime:
        return datetime.fromisoformat(f"2026-11-08T{clock}").replace(tzinfo=KOLKATA)

    assert rule.instant(Session(date(2026, 11, 8), at("09:15"), at("15:40"), known=True)) == at("15:25")
    assert rule.instant(Session(date(2026, 11, 8), at("18:00"), at("19:00"), known=True)) is None
    assert rule.instant(Session(date(2026, 11, 8), None, None, known=False)) is None
