"""The table of what a broker never tells agrees with what its parsers make of the bodies we have."""

from dataclasses import fields
from typing import Any

import pytest

from engine.brokers.readings import read
from engine.brokers.supplies import NEVER_TOLD, why_never_known
from engine.domain.enums import MarkBasis
from engine.domain.snapshot import Funds, Missing, Snapshot
from engine.domain.values import Unknown
from engine.facts.base import Part
from engine.facts.catalogue import CATALOGUE
from engine.runtime.recorded_day import RecordedReading, demo_day_dir, read_day

# Told where there is occasion, and the recorded day has none: a cancelled or changed order, one filled, one with a
# parent, one whose source the book names, a position of today, an order whose history was fetched.
OCCASIONAL = {
    "kite": {"Order.cancelled_by", "Order.parent_id", "Order.source"},
    "kotak": {"Leg.entry_price", "Order.average_price", "Order.cancelled_by", "Order.history", "Order.modified"},
}
READINGS = read_day(demo_day_dir()).readings
QUOTED = frozenset({Part.POSITIONS, Part.QUOTES})
PRICED = frozenset({Part.POSITIONS, Part.PRICES})


def readings(broker: str) -> list[RecordedReading]:
    return [one for one in READINGS if one.account.startswith(broker)]


def rows(snapshot: Snapshot) -> list[Any]:
    parts = (snapshot.positions, snapshot.orders, snapshot.fills, snapshot.quotes)
    funds = [snapshot.funds] if isinstance(snapshot.funds, Funds) else []
    return [row for part in parts if not isinstance(part, Missing) for row in part.rows] + funds


def is_told(value: Any) -> bool:
    return value is not None and value != "" and getattr(value, "name", "") != "UNKNOWN"


@pytest.mark.parametrize("broker", NEVER_TOLD)
def test_what_is_never_told_is_what_no_body_fills(broker: str) -> None:
    found: dict[str, bool] = {}
    for recorded in readings(broker):
        for row in rows(read(broker, recorded.account, recorded.bodies, recorded.at).snapshot):
            for one in fields(row):
                name = f"{type(row).__name__}.{one.name}"
                found[name] = found.get(name, False) or is_told(getattr(row, one.name))
    assert {name.split(".")[0] for name in found} >= {"Leg", "Order", "Quote", "Funds"}
    untold = {name for name, told in found.items() if not told}
    assert untold == NEVER_TOLD[broker] | OCCASIONAL[broker]


def test_every_name_of_the_table_is_a_field_of_the_language() -> None:
    named = [
        (f"{rows.plural}.{name}", spec.needs) for rows in CATALOGUE.rows.values() for name, spec in rows.fields.items()
    ]
    told = {
        broker: {name for name, needs in named if why_never_known(name, needs, broker, MarkBasis.DEPTH)}
        for broker in NEVER_TOLD
    }
    assert told == {"kite": set(), "kotak": {"positions.trade_age", "legs.trade_age"}}


@pytest.mark.parametrize(
    ("name", "needs", "broker", "basis", "why"),
    [
        ("positions.bid", QUOTED, "kite", MarkBasis.LAST, "quotes are not read"),
        ("positions.bid", QUOTED, "kite", MarkBasis.DEPTH, None),
        ("loss", PRICED, "kite", MarkBasis.LAST, None),
        ("loss", PRICED, "kotak", MarkBasis.LAST, "no price in its positions"),
        ("loss", PRICED, "kotak", MarkBasis.DEPTH, None),
        ("positions.trade_age", QUOTED, "kotak", MarkBasis.DEPTH, "last traded"),
        ("positions.trade_age", QUOTED, "kite", MarkBasis.DEPTH, None),
        ("positions.bid", QUOTED, "none", MarkBasis.LAST, None),
    ],
)
def test_why(name: str, needs: frozenset[Part], broker: str, basis: MarkBasis, why: str | None) -> None:
    found = why_never_known(name, needs, broker, basis)
    assert (found is None) if why is None else why in (found or "")


def test_unknown_is_what_the_fact_says_too() -> None:
    """The day's Kotak legs, judged by the facts themselves: no trade age in any of them."""
    from engine.cli.demo import played_day
    from engine.runtime.desk import read_desk, resolve_desk
    from engine.runtime.policy_files import load_policies

    day = read_day(demo_day_dir())
    file = read_desk(str(day.desk))
    program = load_policies([str(file.policies)]).require()
    spec = CATALOGUE.rows["legs"]
    ages = []
    for played in played_day(day, program, resolve_desk(file, program).accounts):
        view = played.evaluation.view
        legs = spec.rows(view)
        if view.account.profile.broker == "kotak" and not isinstance(legs, Unknown):
            ages += [spec.fields["trade_age"].compute(view, leg) for leg in legs]
    assert ages
    assert all(isinstance(age, Unknown) for age in ages)
