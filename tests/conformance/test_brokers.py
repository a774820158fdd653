"""Every scenario of `features/brokers` on every broker's bench; what it finds stands here, the rest in conftest."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from pytest_bdd import scenarios, then

from engine.domain.capabilities import Capability
from engine.domain.enums import OrderStatus, OrderType, Right, Side
from engine.domain.numbers import rounded
from engine.domain.snapshot import Book, Funds, Leg, Missing
from engine.errors import (
    BrokerAuthError,
    BrokerLoggedOut,
    BrokerOutcomeUnknown,
    BrokerRejected,
    BrokerUnavailable,
    CapabilityMissing,
    OrderFinished,
)
from engine.ports import SessionState
from engine.sim.exchange.ledger import LedgerEntry
from engine.sim.exchange.words import Entry
from tests.conformance.trial import CALLS, PARTS, Trial
from tests.conformance.wording import AMOUNT, CONTRACT, NAME, TAG, Table, listed, number, table, words

pytestmark = pytest.mark.usefixtures("trial")
scenarios("brokers")

PART = "|".join(PARTS)
A_SECOND = timedelta(seconds=1)
A_MILLISECOND = timedelta(milliseconds=1)


# --- the parts of a reading


@then(words(rf"(?P<name>{NAME}) has no (?P<part>positions|orders|trades)"))
def _(trial: Trial, name: str, part: str) -> None:
    assert trial.rows(name, part) == ()


@then(words(rf"(?P<name>{NAME}) has (?P<count>\d+) orders?"))
def _(trial: Trial, name: str, count: str) -> None:
    assert len(trial.rows(name, "orders")) == int(count)


@then(words(rf"the (?P<part>{PART}) of (?P<name>{NAME}) are missing(?:: (?P<cause>.+))?"))
def _(trial: Trial, name: str, part: str, cause: str | None) -> None:
    told = trial.part(name, part)
    assert isinstance(told, Missing), told
    assert told.cause
    assert cause is None or told.cause == cause


@then(words(rf"the (?P<part>{PART}) of (?P<name>{NAME}) are there"))
def _(trial: Trial, name: str, part: str) -> None:
    assert isinstance(trial.part(name, part), Book | Funds), trial.part(name, part)
    assert trial.calls(name, part)


@then(words(rf"the other books of (?P<name>{NAME}) are there"))
def _(trial: Trial, name: str) -> None:
    # Not the quotes: of what, the other books tell.
    books = {part: trial.part(name, part) for part in trial.told_parts() if part != "quotes"}
    missing = [part for part, told in books.items() if isinstance(told, Missing)]
    assert len(missing) <= 1, books
    assert missing or isinstance(trial.part(name, "quotes"), Missing)


@then(words(rf"every part of (?P<name>{NAME}) is (?P<how>there|missing)"))
@then(words(r"every part of each reading is (?P<how>there|missing)"))
def _(trial: Trial, how: str, name: str = "A") -> None:
    told = trial.told_parts()
    for reading in trial.readings[name]:
        parts = {part: getattr(reading.snapshot, field) for part, field in told.items()}
        missing = [part for part, one in parts.items() if isinstance(one, Missing)]
        assert missing == ([] if how == "there" else list(told)), parts
    assert how == "missing" or all(trial.calls(name, part) for part in told if part != "quotes")


@then(words(rf"(?P<name>{NAME}) is (?P<is_not>not )?connected"))
def _(trial: Trial, name: str, is_not: str | None) -> None:
    assert trial.last(name).link.connected is (is_not is None)


@then(words(rf"(?P<name>{NAME}) was (?P<was_not>not )?asked for (?P<about>(?:[a-z]+, )*[a-z]+(?: (?:and|or) [a-z]+)?)"))
def _(trial: Trial, name: str, was_not: str | None, about: str) -> None:
    asked = {one: len(trial.calls(name, one)) for one in listed(about)}
    assert all(not count if was_not else count for count in asked.values()), asked


@then(words(rf"(?P<name>{NAME}) was asked for (?P<about>{'|'.join(CALLS)}) once"))
def _(trial: Trial, name: str, about: str) -> None:
    assert len(trial.calls(name, about)) == 1


@then(
    words(
        rf"(?P<name>{NAME}) was asked for (?P<about>{'|'.join(CALLS)}) "
        r"(?P<count>\d+) times, each time after a longer pause"
    )
)
def _(trial: Trial, name: str, about: str, count: str) -> None:
    calls = trial.calls(name, about)
    assert len(calls) == int(count)
    pauses = [later.at - earlier.at for earlier, later in pairwise(calls)]
    assert all(longer > shorter for shorter, longer in pairwise([timedelta(0), *pauses])), pauses


@then("each part was received after the reading before")
def _(trial: Trial) -> None:
    before, after = trial.readings["A"][-2:]
    for field in trial.told_parts().values():
        part = getattr(after.snapshot, field)
        assert part.taken_at > before.snapshot.taken_at
        assert part.taken_at >= after.asked_at
        assert part.as_of is None or part.as_of <= part.taken_at
    assert all(len(trial.calls("A", part)) >= 2 for part in ("positions", "orders"))


@then("no part was received after the reading was complete")
def _(trial: Trial) -> None:
    snapshot = trial.last("A")
    for field in trial.told_parts().values():
        assert getattr(snapshot, field).taken_at <= snapshot.taken_at


@then(words(rf"the parts of (?P<name>{NAME}) were not all received within 2 seconds"))
def _(trial: Trial, name: str) -> None:
    taken = [getattr(trial.last(name), field).taken_at for field in ("positions", "orders")]
    assert max(taken) - min(taken) > 2 * A_SECOND


@then(words(rf"no reading of (?P<name>{NAME}) says that (?P<contract>{CONTRACT}) is closed"))
def _(trial: Trial, name: str, contract: str) -> None:
    key = trial.stage.spelled(contract).key
    for reading in trial.readings[name]:
        book = reading.snapshot.positions
        rows = book.rows if isinstance(book, Book) else ()
        assert all(leg.net_quantity for leg in rows if leg.instrument.key == key)


@then(words(r"the positions of the last reading are not believed beside the one before"))
def _(trial: Trial) -> None:
    before, last = trial.believed("A")
    assert isinstance(before.positions, Book)
    assert isinstance(last.positions, Missing)


# --- positions, trades and money

FIGURES = {
    "net": "net_quantity",
    "opening": "opening_quantity",
    "opening value": "opening_value",
    "bought": "day_buy_quantity",
    "bought for": "day_buy_value",
    "sold": "day_sell_quantity",
    "sold for": "day_sell_value",
}


@then(words(rf"(?P<name>{NAME}) holds"))
def _(trial: Trial, name: str, datatable: Table) -> None:
    told = {row["contract"]: row for row in table(datatable)}
    for contract, row in told.items():
        leg = trial.leg(name, contract)
        assert isinstance(leg, Leg), f"{contract} is not in {trial.rows(name, 'positions')}; {trial.errors}"
        seen = {figure: getattr(leg, field) for figure, field in FIGURES.items() if figure in row}
        assert seen == {figure: number(row[figure]) for figure in seen}
        assert all(type(figure) is Decimal for figure in seen.values())
    keys = {trial.stage.spelled(contract).key for contract in told}
    assert {leg.instrument.key for leg in trial.rows(name, "positions") if leg.is_open} <= keys


@then(words(rf"(?P<name>{NAME}) holds what the ledger tells of the fills of {NAME}"))
def _(trial: Trial, name: str) -> None:
    fills = trial.entries(name, Entry.FILL)
    assert fills
    net = sum(Decimal(str(fill.details["quantity"])) * (1 if fill.details["side"] == "BUY" else -1) for fill in fills)
    assert sum(leg.net_quantity for leg in trial.rows(name, "positions")) == net


@then(words(rf"the trades of (?P<name>{NAME}) are"))
def _(trial: Trial, name: str, datatable: Table) -> None:
    seen = [
        (fill.order_id, fill.instrument.key, fill.side, fill.quantity, fill.price)
        for fill in trial.rows(name, "trades")
    ]
    assert seen == [
        (
            trial.found_order(row["order"]).id,
            trial.stage.spelled(row["contract"]).key,
            Side[row["side"]],
            number(row["quantity"]),
            number(row["price"]),
        )
        for row in table(datatable)
    ]


@then("each trade is dated by the exchange, to the second")
def _(trial: Trial) -> None:
    fills = trial.entries("A", Entry.FILL)
    trades = trial.rows("A", "trades")
    assert len(trades) == len(fills)
    for trade, fill in zip(trades, fills, strict=True):
        assert trade.filled_at is not None
        assert abs(trade.filled_at - fill.at) < A_SECOND


@then(words(rf"(?P<name>{NAME}) has (?P<free>{AMOUNT}) of margin to use and (?P<used>{AMOUNT}) used"))
def _(trial: Trial, name: str, free: str, used: str) -> None:
    funds = trial.part(name, "funds")
    assert (rounded(funds.margin_available, 2), rounded(funds.margin_used, 2)) == (number(free), number(used))


@then(words(rf"(?P<name>{NAME}) has margin used"))
def _(trial: Trial, name: str) -> None:
    assert trial.part(name, "funds").margin_used > 0


@then(words(rf"(?P<name>{NAME}) has less than (?P<amount>{AMOUNT}) of margin to use"))
def _(trial: Trial, name: str, amount: str) -> None:
    assert trial.part(name, "funds").margin_available < number(amount)


# --- orders

STATUS = "|".join(status.value for status in OrderStatus)


@then(
    words(
        rf"the order (?P<tag>{TAG}) is (?P<status>{STATUS}), (?P<filled>{AMOUNT}) of (?P<units>{AMOUNT})"
        rf"(?:, at (?P<price>{AMOUNT}))?"
    )
)
def _(trial: Trial, tag: str, status: str, filled: str, units: str, price: str | None) -> None:
    order = trial.found_order(tag)
    assert (order.status, order.filled_quantity, order.quantity) == (OrderStatus[status], number(filled), number(units))
    assert price is None or order.average_price == number(price)
    assert (order.average_price is None) is (order.filled_quantity == 0)


@then(words(rf"the order (?P<tag>{TAG}) is working"))
def _(trial: Trial, tag: str) -> None:
    assert trial.found_order(tag).is_working


@then(words(rf"the order (?P<tag>{TAG}) has an unknown status and is working"))
def _(trial: Trial, tag: str) -> None:
    order = trial.found_order(tag)
    assert order.status is OrderStatus.UNKNOWN
    assert order.is_working


@then(
    words(
        rf"the order (?P<tag>{TAG}) is a (?P<kind>LIMIT|STOP) order to (?P<side>BUY|SELL) at (?P<price>{AMOUNT})"
        rf"(?:, triggered at (?P<trigger>{AMOUNT}))?"
    )
)
def _(trial: Trial, tag: str, kind: str, side: str, price: str, trigger: str | None) -> None:
    order = trial.found_order(tag)
    assert (order.type, order.side, order.price) == (OrderType[kind], Side[side], number(price))
    assert order.trigger_price == (None if trigger is None else number(trigger))
    assert order.instrument.key == trial.sent[tag].order.instrument.key


@then(words(rf"the order (?P<tag>{TAG}) was last changed when the ledger tells its fill, to the millisecond"))
def _(trial: Trial, tag: str) -> None:
    [fill] = trial.entries("A", Entry.FILL)
    order = trial.found_order(tag)
    assert order.updated_at is not None
    assert abs(order.updated_at - fill.at) <= A_MILLISECOND


@then(words(rf"the orders of (?P<name>{NAME}) are as new as their newest stamp"))
def _(trial: Trial, name: str) -> None:
    assert trial.part(name, "orders").as_of == max(order.updated_at for order in trial.rows(name, "orders"))


@then(words(rf"the orders of (?P<name>{NAME}) are missing, or hold each order once"))
def _(trial: Trial, name: str) -> None:
    told = trial.part(name, "orders")
    ids = [order.id for order in told.rows] if isinstance(told, Book) else []
    assert len(ids) == len(set(ids))
    assert isinstance(told, Missing) or len(ids) == len(trial.entries(name, Entry.ORDER)) == 1


@then("the receipt names the order that the ledger tells")
def _(trial: Trial) -> None:
    [placed] = trial.entries("A", Entry.ORDER)
    [sent] = trial.sent.values()
    assert sent.receipt is not None, trial.errors
    assert sent.receipt.order_id == placed.details["order"]


@then("the order carries none of our tags")
def _(trial: Trial) -> None:
    [order] = trial.rows("A", "orders")
    assert order.tag not in trial.sent
    assert order.id == trial.entries("A", Entry.ORDER)[0].details["order"]


@then(words(rf"the past of (?P<tag>{TAG}) holds (?P<first>{STATUS}) and then (?P<second>{STATUS})"))
def _(trial: Trial, tag: str, first: str, second: str) -> None:
    trial.past(tag)
    states = [event.status for event in trial.found]
    assert OrderStatus[first] in states
    assert OrderStatus[second] in states[states.index(OrderStatus[first]) :]


@then(words(rf"the past of (?P<tag>{TAG}) is in order of time"))
def _(trial: Trial, tag: str) -> None:
    stamps = [event.at for event in trial.found if event.at is not None]
    assert stamps
    assert stamps == sorted(stamps)


@then(
    words(
        rf"(?P<count>no|\d+) orders? of (?P<name>{NAME}) carr(?:ies|y) the tag (?P<tag>{TAG})"
        rf"(?:, of (?P<units>{AMOUNT}) at (?P<price>{AMOUNT}))?"
    )
)
def _(trial: Trial, count: str, name: str, tag: str, units: str | None, price: str | None) -> None:
    found = trial.stage.run(trial.broker(name).fetch_by_tag(tag))
    assert len(found) == (0 if count == "no" else int(count))
    assert all(order.tag == tag for order in found)
    if units is not None and price is not None:
        assert [(order.quantity, order.price) for order in found] == [(number(units), number(price))]


@then(words(rf"as many orders of (?P<name>{NAME}) carry the tag (?P<tag>{TAG}) as the ledger tells"))
def _(trial: Trial, name: str, tag: str) -> None:
    told = [entry for entry in trial.entries(name, Entry.ORDER) if entry.details["tag"] == tag]
    found = trial.stage.run(trial.broker(name).fetch_by_tag(tag))
    assert len(found) == len(told) > 0


# --- refusals


@then(words(rf"(?P<tag>{TAG}) was refused with the broker's own words"))
def _(trial: Trial, tag: str) -> None:
    sent = trial.sent[tag]
    if sent.receipt is None:
        error = trial.told(BrokerRejected)
        assert isinstance(error, BrokerRejected)
        assert error.reason
        assert error.code
        return
    order = trial.found_order(tag)
    assert order.status is OrderStatus.REJECTED
    assert order.reason == trial.stage.reason(sent.account, order.id) != ""
    assert order.filled_quantity == 0


@then("it is refused")
def _(trial: Trial) -> None:
    trial.told(BrokerRejected)


@then("it is too late: the order is finished")
def _(trial: Trial) -> None:
    trial.told(OrderFinished)


@then("it is refused as something this broker cannot do")
def _(trial: Trial) -> None:
    trial.told(CapabilityMissing)


@then("it is refused, for A has logged out")
def _(trial: Trial) -> None:
    trial.told(BrokerLoggedOut)


@then("each is refused as a login")
def _(trial: Trial) -> None:
    for _ in trial.found:
        error = trial.told(BrokerAuthError)
        assert not isinstance(error, BrokerLoggedOut)


@then("nobody answers")
def _(trial: Trial) -> None:
    trial.told(BrokerUnavailable)


@then(words(rf"nobody knows whether it was done(?P<names>, and the error names the tag (?P<tag>{TAG}))?"))
def _(trial: Trial, names: str | None, tag: str | None) -> None:
    error = trial.told(BrokerOutcomeUnknown)
    assert isinstance(error, BrokerOutcomeUnknown)
    assert names is None or error.tag == tag


@then("it was not done, or nobody knows")
def _(trial: Trial) -> None:
    trial.told(BrokerUnavailable, BrokerOutcomeUnknown)


# --- sessions


@then(
    words(
        rf"the session of (?P<name>{NAME}) is (?P<is_not>not )?"
        rf"(?P<state>{'|'.join(state.name for state in SessionState)})"
    )
)
def _(trial: Trial, name: str, is_not: str | None, state: str) -> None:
    assert (trial.broker(name).session is SessionState[state]) is (is_not is None), trial.broker(name).session


@then(words(rf"the ledger tells at most (?P<count>\d+) refused logins of (?P<name>{NAME})"))
def _(trial: Trial, count: str, name: str) -> None:
    assert 0 < trial.stage.logins(name, "refused") <= int(count)


# --- the ledger

COUNTED = rf"(?:no|\d+) (?:{'|'.join(entry.value for entry in Entry)}|logout call)(?:e?s)?"


@then(
    words(
        rf"the ledger tells (?P<counts>{COUNTED}(?:(?:, | and ){COUNTED})*) of (?P<name>{NAME})"
        r"(?P<watched> since it is watched)?"
    )
)
def _(trial: Trial, counts: str, name: str, watched: str | None) -> None:
    since = trial.watched_since[name] if watched else 0
    for one in listed(counts):
        count, _, what = one.partition(" ")
        assert _counted(trial, name, what, since) == (0 if count == "no" else int(count)), trial.stage.ledger(name)


def _counted(trial: Trial, name: str, what: str, since: int) -> int:
    if what.startswith("logout"):
        return len(trial.calls(name, "logging out"))
    word = next(entry for entry in Entry if what in (entry.value, f"{entry.value}s", f"{entry.value}es"))
    if word is Entry.LOGIN and not since:
        return trial.stage.logins(name, "ok")
    return len(trial.entries(name, word, since))


@then(words(rf"the ledger tells the order (?P<tag>{TAG}) within 1 second"))
def _(trial: Trial, tag: str) -> None:
    [placed] = [entry for entry in trial.entries("A", Entry.ORDER) if entry.details["tag"] == tag]
    assert trial.asked_at is not None
    assert placed.at - trial.asked_at <= A_SECOND


@then("that reading was complete within 1 second")
def _(trial: Trial) -> None:
    reading = trial.readings["A"][-1]
    assert isinstance(reading.snapshot.positions, Book)
    assert isinstance(reading.snapshot.orders, Book)
    assert reading.snapshot.taken_at - reading.asked_at <= A_SECOND


@then(words(rf"in no second was (?P<name>{NAME}) asked more than its broker takes"))
def _(trial: Trial, name: str) -> None:
    at: list[LedgerEntry] = trial.entries(name, Entry.CALL)
    most = trial.stage.calls_a_second
    assert len(at) > most
    for first, beyond in zip(at, at[most:], strict=False):
        assert beyond.at - first.at >= A_SECOND, f"{most + 1} calls from {first.at} to {beyond.at}"


# --- markets and contracts


MARKET = rf"(?P<market>{CONTRACT}|NIFTY|TCS)"


@then(words(rf"{MARKET} is quoted at (?P<last>{AMOUNT})"))
def _(trial: Trial, market: str, last: str) -> None:
    quote = trial.quote("A", market)
    assert quote is not None
    assert quote.last_price == number(last)


@then(words(rf"{MARKET} is not quoted"))
def _(trial: Trial, market: str) -> None:
    assert trial.quote("A", market) is None
    assert trial.calls("A", "positions")


@then(words(rf"(?P<contract>{CONTRACT}) is bid (?P<bid>{AMOUNT}) and offered (?:by nobody|at (?P<ask>{AMOUNT}))"))
def _(trial: Trial, contract: str, bid: str, ask: str | None) -> None:
    quote = trial.quote("A", contract)
    assert quote is not None
    assert quote.has_depth
    assert (quote.bid, quote.ask) == (number(bid), None if ask is None else number(ask))


@then("the contracts tell")
def _(trial: Trial, datatable: Table) -> None:
    listed_ = {contract.key: contract for contract in trial.found}
    for row in table(datatable):
        told = listed_[trial.stage.spelled(row["contract"]).key]
        assert (told.lot_size, told.tick_size, told.freeze_quantity, told.strike, told.right, told.underlying) == (
            *(number(row[column]) for column in ("lot", "tick", "freeze", "strike")),
            Right[row["right"]],
            row["underlying"],
        )


@then("a contract is told once")
def _(trial: Trial) -> None:
    keys = [contract.key for contract in trial.found]
    assert len(keys) == len(set(keys)) > 0


# --- capabilities


@then("every line of A's capabilities has a source")
def _(trial: Trial) -> None:
    lines = trial.broker("A").capabilities.lines
    assert lines
    assert [word for word, line in lines.items() if not line.source] == []
    assert set(lines) <= set(Capability)


@then("A's capabilities are those the broker is known by")
def _(trial: Trial) -> None:
    assert trial.broker("A").capabilities == trial.bench.capabilities
