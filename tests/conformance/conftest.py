"""The steps of `features/brokers`: words here, deeds in `trial.py`; every scenario is run on every bench."""

import importlib
import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, step, when
from pytest_bdd.parser import Feature, Scenario, Step

from engine.domain.capabilities import Capability
from engine.domain.enums import OrderType, Side
from engine.domain.requests import Urgency, Validity
from engine.ports import Wanted
from engine.sim.faults import FaultKind
from tests.conformance.bench import Bench
from tests.conformance.kotak import KotakBench
from tests.conformance.paper import BARE, PaperBench
from tests.conformance.trial import CALLS, Trial
from tests.conformance.wording import AMOUNT, CONTRACT, NAME, TAG, Table, number, table, words
from tests.conformance.world import AFTER, ON, Client, Market

BENCHES: Mapping[str, Bench] = {"paper": PaperBench(), "paper without extras": BARE, "kotak": KotakBench()}


# --- which scenario is run where


def benches() -> Mapping[str, Bench]:
    """Every broker's bench, or those in the BENCHES of the module that REKHA_BENCH names."""
    module = os.environ.get("REKHA_BENCH")
    if not module:
        return BENCHES
    told: Mapping[str, Bench] = importlib.import_module(module).BENCHES
    return told


@pytest.fixture(params=benches().values(), ids=benches().keys())
def trial(request: pytest.FixtureRequest) -> Iterator[Trial]:
    trial = Trial(request.param)
    yield trial
    trial.close()


def _is_ours(feature: Feature) -> bool:
    return Path(feature.filename).parent.name == "brokers"


def pytest_bdd_before_scenario(request: pytest.FixtureRequest, feature: Feature, scenario: Scenario) -> None:
    """Skip what the broker does not declare, and what says how one without a capability behaves where it has it."""
    if not _is_ours(feature):
        return
    declared = request.getfixturevalue("trial").bench.capabilities
    for tag in sorted(scenario.tags | feature.tags):
        kind, _, word = tag.partition(":")
        if kind == "capability" and not declared.has(Capability(word)):
            pytest.skip(declared.why_not(Capability(word)))
        if kind == "without" and declared.has(Capability(word)):
            pytest.skip(f"{declared.broker} declares '{word}'")


def pytest_bdd_after_step(request: pytest.FixtureRequest, feature: Feature, scenario: Scenario, step: Step) -> None:
    """A scenario may not end with a refusal that it says nothing of."""
    if _is_ours(feature) and step is scenario.steps[-1]:
        errors = request.getfixturevalue("trial").errors
        assert errors == [], f"nothing in the scenario tells of {errors!r}"


# --- the world


@given("the market")
def _(trial: Trial, datatable: Table) -> None:
    for row in table(datatable):
        trial.world.markets[row["contract"]] = Market(number(row["bid"]), number(row["ask"]), number(row["last"]))


@given(words(rf"the account (?P<name>{NAME}) with (?P<cash>{AMOUNT}) of cash"))
def _(trial: Trial, name: str, cash: str) -> None:
    trial.world.clients[name] = Client(number(cash))


@given(words(rf"(?P<name>{NAME}) carried in"))
def _(trial: Trial, name: str, datatable: Table) -> None:
    for row in table(datatable):
        carried = Decimal(row["quantity"]), number(row["settled at"])
        trial.world.clients[name].carried[row["contract"]] = carried


@given(words(rf"(?P<name>{NAME}) is logged in"))
def _(trial: Trial, name: str) -> None:
    trial.world.clients[name].is_logged_in = True


@given(words(rf"the secret of (?P<name>{NAME}) is wrong"))
def _(trial: Trial, name: str) -> None:
    trial.world.clients[name].knows_secret = False


@given(words(rf"(?P<units>{AMOUNT}) at (?P<contract>{CONTRACT}) are offered and wanted"))
def _(trial: Trial, units: str, contract: str) -> None:
    trial.world.sizes[contract] = number(units)


@given(words(rf"nobody offers (?P<contract>{CONTRACT})"))
def _(trial: Trial, contract: str) -> None:
    trial.world.markets[contract].ask = None


@given("the session is over")
def _(trial: Trial) -> None:
    trial.world.start = AFTER


@given(words(rf"the client has disabled the segment of (?P<contract>{CONTRACT}) for (?P<name>{NAME})"))
def _(trial: Trial, contract: str, name: str) -> None:
    trial.stage.lock(name, contract)


@when(words(r"(?P<count>\d+) seconds? pass(?:es)?"))
def _(trial: Trial, count: str) -> None:
    trial.stage.wait(timedelta(seconds=int(count)))


@when(
    words(
        rf"(?:before it arrives )?the market of (?P<contract>{CONTRACT}) is (?P<bid>{AMOUNT}) bid, "
        rf"(?P<ask>{AMOUNT}) offered, (?P<last>{AMOUNT}) traded"
    )
)
def _(trial: Trial, contract: str, bid: str, ask: str, last: str) -> None:
    trial.stage.price(contract, Market(number(bid), number(ask), number(last)))


@when(
    words(rf"a trader buys (?P<units>{AMOUNT}) of (?P<contract>{CONTRACT}) at (?P<price>{AMOUNT}) for (?P<name>{NAME})")
)
def _(trial: Trial, units: str, contract: str, price: str, name: str) -> None:
    trial.stage.hand(name, contract, Side.BUY, number(units), number(price))


# --- bad days

SPOILT = {"garbage": FaultKind.GARBAGE, "cut off": FaultKind.HALF_ANSWER, "an error": FaultKind.BROKER_ERROR}
# One that no broker's adapter knows.
ERROR = {"code": 4321, "text": "Something is wrong"}
COUNTS = {"one": 1, "two": 2}
ABOUT = "|".join(CALLS)


@step(words(rf"nobody answers (?P<name>{NAME})"))
def _(trial: Trial, name: str) -> None:
    trial.strike(FaultKind.OUTAGE, name)


@step(words(rf"for (?P<count>one|two) calls? nobody answers (?P<name>{NAME}) for (?P<about>{ABOUT})"))
def _(trial: Trial, count: str, name: str, about: str) -> None:
    trial.strike(FaultKind.OUTAGE, name, about, times=COUNTS[count])


@step(
    words(
        rf"(?P<once>for one call )?the answers to (?P<name>{NAME}) about (?P<about>{ABOUT}) "
        r"are (?P<how>garbage|cut off|an error)"
    )
)
def _(trial: Trial, once: str | None, name: str, about: str, how: str) -> None:
    trial.strike(SPOILT[how], name, about, times=1 if once else None, **ERROR)


@step(words(rf"the answers to (?P<name>{NAME}) about (?P<about>{ABOUT}) take (?P<seconds>\d+) seconds"))
def _(trial: Trial, name: str, about: str, seconds: str) -> None:
    trial.strike(FaultKind.SLOW, name, about, seconds=int(seconds))


@step(words(rf"the next reply to (?P<name>{NAME}) about (?P<about>{ABOUT}) is lost"))
def _(trial: Trial, name: str, about: str) -> None:
    trial.strike(FaultKind.REPLY_LOST, name, about, times=1)


@step(words(rf"for one call the positions of (?P<name>{NAME}) lack (?P<contract>{CONTRACT})"))
def _(trial: Trial, name: str, contract: str) -> None:
    symbol = trial.stage.spelled(contract).symbol
    trial.strike(FaultKind.ROW_DROPPED, name, "positions", times=1, symbol=symbol)


@step(words(rf"for one call the orders of (?P<name>{NAME}) hold a row twice"))
def _(trial: Trial, name: str) -> None:
    trial.strike(FaultKind.DUPLICATE, name, "orders", times=1)


@step(words(rf'for one call the orders of (?P<name>{NAME}) have the status "(?P<text>[^"]+)"'))
def _(trial: Trial, name: str, text: str) -> None:
    trial.strike(FaultKind.UNKNOWN_STATUS, name, "orders", times=1, text=text)


@step(words(rf"the session of (?P<name>{NAME}) has expired at the broker"))
def _(trial: Trial, name: str) -> None:
    trial.strike(FaultKind.SESSION_EXPIRED, name, times=1)


@step(words(rf"for one call the broker refuses (?P<name>{NAME}) as too many"))
def _(trial: Trial, name: str) -> None:
    trial.strike(FaultKind.RATE_LIMITED, name, times=1)


@step(words(rf"(?P<name>{NAME}) is answered again"))
def _(trial: Trial, name: str) -> None:
    trial.stage.heal()


@step("from here on the ledger is watched")
def _(trial: Trial) -> None:
    trial.watch()


# --- what an account asks


@when(words(rf"(?P<name>{NAME}) is read"))
def _(trial: Trial, name: str) -> None:
    trial.read(name)


@when(words(rf"(?P<name>{NAME}) is read (?P<times>\d+) times at once"))
def _(trial: Trial, name: str, times: str) -> None:
    trial.read(name, times=int(times))


@when(words(rf"(?P<name>{NAME}) is read (?P<times>\d+) times at once and logs out meanwhile"))
def _(trial: Trial, name: str, times: str) -> None:
    trial.read_and_leave(name, int(times))


@when(words(rf"(?P<name>{NAME}) is read (?P<times>\d+) times at once and then the books once more, for an exit"))
def _(trial: Trial, name: str, times: str) -> None:
    books = Wanted(fills=False, funds=False, quotes=False, histories=False, urgency=Urgency.EXIT)
    trial.read_before_others(name, int(times), books)


@when(words(rf"only the orders of (?P<name>{NAME}) are read"))
def _(trial: Trial, name: str) -> None:
    trial.read(name, Wanted(positions=False, fills=False, funds=False, quotes=False, histories=False))


@when(words(rf"(?P<name>{NAME}) is read, with the market of (?P<underlying>NIFTY|TCS)"))
def _(trial: Trial, name: str, underlying: str) -> None:
    trial.read(name, Wanted(spots=(underlying,)))


@when(words(rf"(?P<name>{NAME}) logs in"))
def _(trial: Trial, name: str) -> None:
    trial.attempt(trial.broker(name).login())


@when(words(rf"(?P<name>{NAME}) logs in (?P<times>\d+) times"))
def _(trial: Trial, name: str, times: str) -> None:
    for _ in range(int(times)):
        trial.attempt(trial.broker(name).login())
    trial.found = tuple(range(int(times)))


@when(words(rf"(?P<name>{NAME}) logs out"))
def _(trial: Trial, name: str) -> None:
    trial.attempt(trial.broker(name).logout())


@when(words(rf"(?P<name>{NAME}) gives its connections back"))
def _(trial: Trial, name: str) -> None:
    trial.attempt(trial.broker(name).close())


TERMS = rf"(?P<verb>buys|sells) (?P<units>{AMOUNT}) of (?P<contract>{CONTRACT})"
SIDES = {"buys": Side.BUY, "sells": Side.SELL}


@when(
    words(
        rf"(?P<name>{NAME}) {TERMS} at (?P<price>{AMOUNT})(?P<how> or not at all| after the market|), as (?P<tag>{TAG})"
    )
)
def _(trial: Trial, name: str, verb: str, units: str, contract: str, price: str, how: str, tag: str) -> None:
    validity = Validity.IOC if "or not" in how else Validity.DAY
    terms = {"price": number(price), "validity": validity, "after_market": "after" in how}
    trial.send(name, tag, contract, SIDES[verb], number(units), **terms)


@when(words(rf"(?P<name>{NAME}) {TERMS} at market, as (?P<tag>{TAG})"))
def _(trial: Trial, name: str, verb: str, units: str, contract: str, tag: str) -> None:
    trial.send(name, tag, contract, SIDES[verb], number(units), type=OrderType.MARKET)


@when(
    words(
        rf"(?P<name>{NAME}) {TERMS} with a stop at (?P<trigger>{AMOUNT}) and "
        rf"(?:no limit|a limit of (?P<price>{AMOUNT})), as (?P<tag>{TAG})"
    )
)
def _(trial: Trial, name: str, verb: str, units: str, contract: str, trigger: str, price: str | None, tag: str) -> None:
    terms: dict[str, Any] = {"type": OrderType.STOP_MARKET, "trigger_price": number(trigger)}
    if price is not None:
        terms |= {"type": OrderType.STOP, "price": number(price)}
    trial.send(name, tag, contract, SIDES[verb], number(units), **terms)


@when(
    words(
        rf"(?P<name>{NAME}) is read (?P<times>\d+) times at once and then {TERMS} at (?P<price>{AMOUNT}) as an exit, "
        rf"as (?P<tag>{TAG})"
    )
)
def _(trial: Trial, name: str, times: str, verb: str, units: str, contract: str, price: str, tag: str) -> None:
    order = trial.order(tag, contract, SIDES[verb], number(units), price=number(price))
    trial.read_and_exit(name, tag, int(times), order)


@when(words(rf"(?P<name>{NAME}) cancels (?:{NAME}'s )?(?P<tag>{TAG})"))
def _(trial: Trial, name: str, tag: str) -> None:
    trial.cancel(name, tag)


@when(words(rf"(?P<name>{NAME}) changes (?P<tag>{TAG}) to (?P<units>{AMOUNT}) at (?P<price>{AMOUNT})"))
def _(trial: Trial, name: str, tag: str, units: str, price: str) -> None:
    trial.change(name, tag, number(units), number(price))


@when(words(rf"(?P<name>{NAME}) looks up the tag (?P<tag>{TAG})"))
def _(trial: Trial, name: str, tag: str) -> None:
    trial.attempt(trial.broker(name).fetch_by_tag(tag))


@when(words(rf"(?P<name>{NAME}) asks for the past of (?P<tag>{TAG})"))
def _(trial: Trial, name: str, tag: str) -> None:
    trial.past(tag)


@when(words(rf"(?P<name>{NAME}) asks for the contracts of the day"))
def _(trial: Trial, name: str) -> None:
    listed = trial.attempt(trial.broker(name).fetch_contracts(ON))
    trial.found = () if listed is None else listed.rows
