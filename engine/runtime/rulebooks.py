"""Brokers' rulebooks and the table of charges from their checked YAML files; what they mean, the domain says."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine.domain.capabilities import Ability, Capabilities, Capability, KillSwitch, TagRule, Told
from engine.domain.enums import Side
from engine.domain.numbers import ZERO
from engine.domain.rulebook import (
    NOTHING_DECLARED,
    Brokerage,
    ChargesPeriod,
    OrderLimits,
    Rates,
    Rulebook,
    Segment,
    SquareOff,
)
from engine.domain.truth import Truth
from engine.runtime.calendars import calendars
from engine.runtime.data_file import DataFile, validator_of
from engine.runtime.resources import package_dir

RULEBOOK = "rulebook.schema.json"
CHARGES = "charges.schema.json"
CHARGES_FILE = "charges-india.yaml"

_TRUTHS = MappingProxyType({"yes": Truth.TRUE, "no": Truth.FALSE, "unknown": Truth.UNKNOWN})


@cache
def rulebook_for(broker: str) -> Rulebook:
    """Return the shipped rulebook of a broker; for one nobody looked up, what holds for every broker."""
    return load_rulebook(package_dir() / "rulebooks", broker)


def load_rulebook(folder: Path, broker: str) -> Rulebook:
    """Return a broker's rulebook from a folder. Raises: SettingsError with file and line for the first thing wrong."""
    charges = DataFile.read(folder / CHARGES_FILE, validator_of(CHARGES))
    path = folder / f"{broker}.yaml"
    own = DataFile.read(path, validator_of(RULEBOOK)) if path.is_file() else None
    if own is not None and own.data["broker"] != broker:
        raise own.error("broker", f"the file of {broker} says it is of {own.data['broker']}")
    return Rulebook(
        broker=broker,
        currency=charges.data["currency"],
        limits=None if own is None else _limits(own.data["orders"]),
        calls=None if own is None else _limits(own.data["calls"]),
        capabilities=NOTHING_DECLARED if own is None else _capabilities(own),
        square_offs=None if own is None else tuple(_square_off(entry) for entry in own.data["square_off"]),
        brokerage=() if own is None else tuple(_brokerage(own)),
        charges=tuple(_periods(charges)),
        calendars=calendars(),
    )


def _limits(entry: Mapping[str, str]) -> OrderLimits:
    counts = {key: Decimal(entry[key]) for key in ("per_second", "per_minute", "per_day") if key in entry}
    return OrderLimits(**counts, verified=entry["verified"] == "yes")


def _capabilities(file: DataFile) -> Capabilities:
    entry, tag, session = file.data, file.data["tag"], file.data["session_end"]
    return Capabilities(
        broker=entry["broker"],
        lines=MappingProxyType({Capability(word): _ability(line) for word, line in entry["capabilities"].items()}),
        kill_switch=_kill_switch(entry["kill_switch"]),
        tag=TagRule(int(tag["longest"]), tag["characters"], tag["source"], tag["verified"] == "yes"),
        day_basis=_told(entry["day_basis"]),
        session_ends_at=time.fromisoformat(session["at"]),
        session_end=_told(session),
        read_on=file.day(entry["read_on"], ("read_on",)),
    )


def _ability(line: Mapping[str, str]) -> Ability:
    return Ability(_TRUTHS[line["is"]], line["source"], line["verified"] == "yes", line.get("note", ""))


def _kill_switch(entry: Mapping[str, str]) -> KillSwitch:
    return KillSwitch(
        how=entry["how"],
        requires_flat=_TRUTHS[entry["requires_flat"]],
        blocks_api_orders=_TRUTHS[entry["blocks_api_orders"]],
        undone_same_day=_TRUTHS[entry["undone_same_day"]],
        source=entry["source"],
        verified=entry["verified"] == "yes",
    )


def _told(entry: Mapping[str, str]) -> Told:
    return Told(entry["is"], entry["source"], entry["verified"] == "yes")


def _square_off(entry: Mapping[str, Any]) -> SquareOff:
    before = entry.get("before_close")
    return SquareOff(
        products=frozenset(entry["products"]),
        segments=frozenset(map(Segment, entry["segments"])),
        at=time.fromisoformat(entry["at"]) if "at" in entry else None,
        before_close=None if before is None else timedelta(minutes=int(before.removesuffix("m"))),
        verified=entry["verified"] == "yes",
    )


def _brokerage(file: DataFile) -> Iterable[tuple[date, Mapping[Segment, Brokerage]]]:
    for since, entry, at in _in_time(file, "brokerage"):
        held: dict[Segment, Brokerage] = {}
        for index, order in enumerate(entry["orders"]):
            segment, percent = Segment(order["segment"]), order.get("percent")
            least, most = Decimal(order["least"]), Decimal(order["most"])
            if least > most:
                raise file.error((*at, "orders", str(index), "least"), f"least {least} is more than most {most}")
            held[segment] = Brokerage(segment, least, most, None if percent is None else Decimal(percent))
        yield since, MappingProxyType(held)


def _periods(file: DataFile) -> Iterable[ChargesPeriod]:
    for since, entry, at in _in_time(file, "periods"):
        rates: dict[tuple[str, Segment], Rates] = {}
        for index, told in enumerate(entry["rates"]):
            one = _rates(told)
            if (one.exchange, one.segment) in rates:
                raise file.error((*at, "rates", str(index)), f"{one.exchange} {one.segment.value} stands here twice")
            rates[one.exchange, one.segment] = one
        yield ChargesPeriod(since, Decimal(entry["gst"]), MappingProxyType(rates), entry["verified"] == "yes")


def _rates(entry: Mapping[str, str]) -> Rates:
    def percent(key: str) -> Decimal:
        return Decimal(entry[key]) if key in entry else ZERO

    return Rates(
        exchange=entry["exchange"],
        segment=Segment(entry["segment"]),
        stt=MappingProxyType({Side.BUY: percent("stt_buy"), Side.SELL: percent("stt_sell")}),
        stamp=percent("stamp_buy"),
        transaction=percent("transaction"),
        sebi=percent("sebi"),
    )


def _in_time(file: DataFile, key: str) -> Iterable[tuple[date, Mapping[str, Any], tuple[str, str]]]:
    last: date | None = None
    for index, entry in enumerate(file.data[key]):
        at = (key, str(index))
        since = file.day(entry["from"], (*at, "from"))
        if last is not None and since <= last:
            raise file.error((*at, "from"), f"{since} does not come after {last}; periods stand in order of time")
        last = since
        yield since, entry, at
