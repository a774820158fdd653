"""Steps that only the fact scenarios need: brokers' raw books, contracts, and tables of facts and fields."""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, step, then

from engine.brokers.readings import Bodies, read
from engine.core.env import AccountEnv
from engine.domain.kinds import show
from engine.domain.values import Unknown
from engine.facts.drift import drift
from tests.cli.bodies import kite_leg, kite_positions, kotak, kotak_leg, kotak_quote
from tests.features.books import number, rows_of, trades
from tests.features.desk import Desk

Table = list[list[str]]
Trade = tuple[int, Decimal]
CLOCK = r"\d\d:\d\d(?::\d\d)?"
ROWS = {
    "position": "positions",
    "leg": "legs",
    "order": "orders",
    "trade": "fills",
    "underlying": "underlyings",
    "expiry": "expiries",
    "account": "accounts",
}
KIND = "position|leg|order|trade|underlying|expiry|account"


def words(pattern: str) -> Any:
    return parsers.re(pattern)


# --- what is known of contracts, orders and the account


@given(words(r"order (?P<order>\S+) carries"))
def _(desk: Desk, order: str, datatable: Table) -> None:
    desk.books.order(order).update(dict(datatable))


@given(words(r"the history of order (?P<order>\S+) was read"))
def _(desk: Desk, order: str, datatable: Table) -> None:
    events = [{key: cell for key, cell in cells.items() if cell} for cells in rows_of(datatable)]
    desk.books.order(order)["history"] = [
        event | ({"at": desk.books.stamp(event["at"])} if "at" in event else {}) for event in events
    ]


@given(words(r"the broker's own figure for (?P<symbol>\S+) is (?P<amount>\S+)"))
def _(desk: Desk, symbol: str, amount: str) -> None:
    desk.books.position(symbol)["reported_mtm"] = number(amount)


@given("the broker tells no trades")
def _(desk: Desk) -> None:
    desk.books.cannot_be_read["fills"] = "not asked for"


@given(words(r"the contract file says that an order of (?P<symbol>\S+) may carry (?P<units>\d+)"))
def _(desk: Desk, symbol: str, units: str) -> None:
    desk.books.position(symbol)["freeze_quantity"] = units


@given(words(rf"the account is locked since (?P<clock>{CLOCK}) and may only reduce"))
def _(desk: Desk, clock: str) -> None:
    desk.books.link |= {"locked_at": desk.at(clock).isoformat(), "trading_state": "REDUCING"}


@given(words(r"the stop-loss share is (?P<share>\d+)%"))
def _(desk: Desk, share: str) -> None:
    desk.policy(f"policy: shared\nwhen: stop_loss_hit\nstop_loss: {{share: {share}%}}\nthen: [notify: telegram]")


@step(words(rf"at (?P<clock>{CLOCK}) the broker tells a capital of (?P<amount>\S+)"))
def _(desk: Desk, clock: str, amount: str) -> None:
    desk.books.funds["capital"] = number(amount)
    desk.read(desk.at(clock))


# --- raw answers


@step(words(rf"at (?P<clock>{CLOCK}) Kite's position book is"))
def _(desk: Desk, clock: str, datatable: Table) -> None:
    rows = [
        kite_leg(
            cells["symbol"],
            carried=int(cells.get("carried") or 0),
            close=Decimal(cells.get("close") or 0),
            **_traded(cells),
            last=Decimal(cells["last"]),
            multiplier=int(cells.get("multiplier") or 1),
        )
        for cells in rows_of(datatable)
    ]
    _read(desk, clock, "kite", Bodies(positions=_plain(kite_positions, *rows).encode()))


@step(words(rf"at (?P<clock>{CLOCK}) Kotak's position book and quotes are"))
def _(desk: Desk, clock: str, datatable: Table) -> None:
    desk.read_depth()
    legs, quotes = [], []
    for token, cells in enumerate(rows_of(datatable), start=61_000):
        settled = Decimal(cells.get("settled") or 0)
        carried = int(cells.get("carried") or 0)
        legs.append(kotak_leg(cells["symbol"], carried=carried, settled=settled, token=str(token), **_traded(cells)))
        if cells.get("last"):
            quote = kotak_quote(cells["last"], cells["bid"] or None, cells["ask"] or None, str(token))
            quotes.append(quote | {"lstup_time": str(int(desk.at(clock).timestamp()))})
    _read(desk, clock, "kotak", Bodies(positions=kotak(legs).encode(), quotes=json.dumps(quotes).encode()))


def _traded(cells: Mapping[str, str]) -> dict[str, Trade]:
    def once(cell: str) -> Trade:
        ((units, price),) = trades(cell)
        return int(units), price

    return {side: once(cells[side]) for side in ("bought", "sold") if cells.get(side)}


def _plain(make: Any, *rows: Mapping[str, Any]) -> str:
    # Decimal keeps the sums exact on the way; the body itself carries plain JSON numbers.
    form = [{key: str(value) if isinstance(value, Decimal) else value for key, value in row.items()} for row in rows]
    return str(make(*form))


def _read(desk: Desk, clock: str, broker: str, bodies: Bodies) -> None:
    reading = read(broker, desk.account.id, bodies, desk.at(clock))
    assert reading.failures == ()
    desk.account = replace(desk.account, profile=replace(desk.account.profile, broker=broker))
    desk._evaluate(reading.snapshot, desk.at(clock))


# --- what is seen


def _view(desk: Desk) -> AccountEnv:
    return AccountEnv(desk.slots[-1].evaluation.view, desk.catalogue, {})


@then("the facts are")
def _(desk: Desk, datatable: Table) -> None:
    assert [[name, desk.fact(name)] for name, _ in datatable] == datatable


@then("for the policy the facts are")
def _(desk: Desk, datatable: Table) -> None:
    policy = desk.program.policy(desk.it)
    assert policy is not None
    env = AccountEnv(replace(_view(desk).view, demands=policy.demands, cache={}), desk.catalogue, {})
    account = desk.account
    shown = [
        [name, show(env.fact(name), desk.catalogue.facts[name].type, account.currency, account.zone)]
        for name, _ in datatable
    ]
    assert shown == datatable


@then(words(rf"the (?P<kind>{KIND}) (?P<name>\S+) has"))
def _(desk: Desk, kind: str, name: str, datatable: Table) -> None:
    env, spec, account = _view(desk), desk.catalogue.rows[ROWS[kind]], desk.account
    rows = env.rows(spec.plural)
    assert not isinstance(rows, Unknown), rows.cause
    (row,) = [row for row in rows if name in (spec.key(row), *spec.key(row).replace("/", ":").split(":"))]
    shown = [
        [field, show(env.field(spec.plural, row, field), spec.fields[field].type, account.currency, account.zone)]
        for field, _ in datatable
    ]
    assert shown == datatable


@then(words(r"the (?P<plural>underlyings|expiries) are (?P<keys>.+)"))
def _(desk: Desk, plural: str, keys: str) -> None:
    spec = desk.catalogue.rows[plural]
    rows = _view(desk).rows(spec.plural)
    assert not isinstance(rows, Unknown), rows.cause
    assert [spec.key(row) for row in rows] == keys.split(", ")


@then(words(r"there (?:is|are) (?P<count>\d+) (?P<kind>position|leg|order|trade)s?"))
def _(desk: Desk, count: str, kind: str) -> None:
    rows = _view(desk).rows(ROWS[kind])
    assert not isinstance(rows, Unknown), rows.cause
    assert len(rows) == int(count)


@then(words(r'the (?P<kind>position|leg|order|trade)s are unknown because "(?P<cause>.+)"'))
def _(desk: Desk, kind: str, cause: str) -> None:
    rows = _view(desk).rows(ROWS[kind])
    assert isinstance(rows, Unknown)
    assert rows.cause == cause


@then("the broker agrees to the paisa")
def _(desk: Desk) -> None:
    assert drift(_view(desk).view) == ()


@then(words(r"the broker differs by (?P<amount>\S+) on (?P<name>.+)"))
def _(desk: Desk, amount: str, name: str) -> None:
    assert [(one.name, one.difference) for one in drift(_view(desk).view)] == [(name, number(amount))]
