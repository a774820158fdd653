"""The steps of the trading scenarios in `features/rules` and `features/policies`: words here, deeds in `desk.py`."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from pytest_bdd import given, parsers, step, then

from engine.actions.targets import merge_targets
from engine.core.blocks import foreign_orders, refuses
from engine.core.rule_state import Step
from engine.core.together import exits_in
from engine.domain.block import ForeignOrders
from engine.domain.enums import Mode, OrderEffect, Verdict
from engine.domain.values import Unknown
from engine.facts.base import View
from engine.runtime.rulebooks import rulebook_for
from tests.features.books import number, span
from tests.features.desk import Desk
from tests.features.family import SYMBOL, Family, causes_of

Table = list[list[str]]
PARTS = {"positions": "positions", "orders": "orders", "trades": "fills", "prices": "quotes", "funds": "funds"}
PART = "positions|orders|trades|prices|funds"
CLOCK = r"\d\d:\d\d(?::\d\d)?"
AT = rf"at (?P<clock>{CLOCK}) "
NAME = "[a-z0-9][a-z0-9-]*(?:/[a-z0-9-]+)?"
TIMES = {"never": 0, "once": 1, "twice": 2, "three times": 3}
MODES = {"enforced": Mode.ENFORCE, "in dry run": Mode.DRY_RUN, "off": Mode.OFF}
ACCOUNT = "[A-Z][0-9]"
ACCOUNTS = rf"{ACCOUNT}(?:(?:, | and ){ACCOUNT})*"
AMOUNT = r"-?[\d,]*\d(?:\.\d+)?"
EFFECTS = "opens|covers|closes|uncovers"
VERDICTS = "clear|unknown|pending|latched|cooling"


def words(pattern: str) -> Any:
    return parsers.re(pattern)


def named(accounts: str) -> list[str]:
    return accounts.replace(" and ", ", ").split(", ")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def family(desk: Desk) -> Family:
    return Family(desk)


def pytest_bdd_after_scenario(request: pytest.FixtureRequest, feature: Any) -> None:
    """Refuse a scenario of `features/policies/NAME.feature` in which the policy NAME gave no verdict."""
    path = Path(feature.filename)
    if path.parent.name == "policies":
        assert request.getfixturevalue("family").was_judged(path.stem), f"{path.stem} was never evaluated"


# --- the account


@given("the account is flat")
def _(desk: Desk) -> None:
    desk.books.positions, desk.books.orders, desk.books.fills = [], [], []


@given(words(r"an account that has sold (?P<units>[\d,]+) (?P<symbol>\S+) at (?P<price>\S+)"))
def _(desk: Desk, units: str, symbol: str, price: str) -> None:
    desk.books.hold([["symbol", "sold", "last"], [symbol, f"{number(units)} @ {price}", price]])


@given("the account holds")
def _(desk: Desk, datatable: Table) -> None:
    desk.books.hold(datatable)
    if desk.books.quotes is not None:
        desk.read_depth()


@given(words(r"the contract file says that a lot of (?P<symbol>\S+) is (?P<units>\d+)"))
def _(desk: Desk, symbol: str, units: str) -> None:
    desk.books.position(symbol)["lot_size"] = units


@given("the orders of the day are")
@given("the orders of the day are also")
def _(desk: Desk, datatable: Table) -> None:
    desk.books.enter(datatable)


@given(words(r"the market of (?P<symbol>\S+) is (?P<bid>\S+) bid, (?P<ask>\S+) offered, (?P<last>\S+) traded"))
def _(desk: Desk, symbol: str, bid: str, ask: str, last: str) -> None:
    desk.books.quote(symbol, *("" if side == "nothing" else side for side in (bid, ask, last)))
    desk.read_depth()


@given(words(r"the account is read every (?P<poll>\w+)"))
def _(desk: Desk, poll: str) -> None:
    desk.account = replace(desk.account, profile=replace(desk.account.profile, poll=span(poll)))


@given("the desk's calendar")
def _(desk: Desk, docstring: str) -> None:
    desk.calendar = docstring + "\n"


@given(words(r"it is \w+, (?P<day>\d{4}-\d\d-\d\d)"))
def _(desk: Desk, day: str) -> None:
    desk.books.day = date.fromisoformat(day)


@step(words(r"a new day, \w+, (?P<day>\d{4}-\d\d-\d\d), begins with what is still open"))
def _(desk: Desk, day: str) -> None:
    desk.books.next_day(date.fromisoformat(day))


@given(words(r"the (?P<figure>margin available|margin used|capital) is (?P<amount>\S+)"))
def _(desk: Desk, figure: str, amount: str) -> None:
    desk.books.funds[figure.replace(" ", "_")] = number(amount)


@given(words(rf"the funds were read at (?P<clock>{CLOCK}) and not since"))
def _(desk: Desk, clock: str) -> None:
    desk.books.read_at["funds"] = desk.at(clock)
    profile = replace(desk.account.profile, funds_max_age=timedelta(days=1))
    desk.account = replace(desk.account, profile=profile)


@given(words(r"the account is with (?P<broker>kite|kotak|a broker nobody looked up)"))
def _(desk: Desk, broker: str) -> None:
    broker = broker if broker in {"kite", "kotak"} else "none"
    profile = replace(desk.account.profile, broker=broker)
    desk.account = replace(desk.account, profile=profile, rulebook=rulebook_for(broker))


@given(words(r"the contract file says that a lot of (?P<symbol>\S+) is (?P<units>\d+)"))
def _(desk: Desk, symbol: str, units: str) -> None:
    desk.books.position(symbol)["lot_size"] = units


@given(words(r"the contract file says that (?P<symbol>\S+) expires on (?P<day>\d{4}-\d\d-\d\d)"))
def _(desk: Desk, symbol: str, day: str) -> None:
    desk.books.position(symbol)["expiry"] = day


# --- the policies


@step("the policy")
@step("another policy")
@step("the policy is now")
def _(desk: Desk, docstring: str) -> None:
    desk.policy(docstring)


@step(words(rf"the policy (?P<name>{NAME}) is renamed to (?P<new>{NAME})"))
def _(desk: Desk, name: str, new: str) -> None:
    text = re.sub(r"^was: .*\n", "", desk.policies.pop(name), flags=re.MULTILINE)
    text = text.replace(f"policy: {name}", f"policy: {new}\nwas: {name}")
    if name in desk.account.modes:
        desk.mode(new, desk.account.modes[name])
    desk.policy(text)


@step(words(rf"the shipped policy (?P<name>{NAME})(?P<enforced>, enforced)?"))
def _(desk: Desk, name: str, enforced: str | None) -> None:
    desk.ship(name)
    if enforced:
        desk.mode(name, Mode.ENFORCE)


@step(words(rf"(?P<name>{NAME}) is (?:now )?(?P<mode>enforced|in dry run|off)"))
def _(desk: Desk, name: str, mode: str) -> None:
    desk.mode(name, MODES[mode])


@step(words(r"the desk value (?P<name>\w+) is (?:now )?(?P<text>.+)"))
def _(desk: Desk, name: str, text: str) -> None:
    desk.value(name, text)


@step(words(rf"the policy (?P<name>{NAME}) is taken out"))
def _(desk: Desk, name: str) -> None:
    del desk.policies[name]


@step("the engine is started again")
def _(desk: Desk) -> None:
    desk.restart()


@step(words(rf"(?P<name>{NAME}) is rearmed(?: for (?P<row>\S+))?"))
def _(desk: Desk, name: str, row: str | None) -> None:
    desk.rearm(name, row)


@given(words(r"the fact (?P<name>\w+) is broken"))
def _(desk: Desk, name: str) -> None:
    def broken(_: View) -> Any:
        raise RuntimeError("a fact of ours has a bug")

    spec = replace(desk.catalogue.facts[name], compute=broken)
    desk.catalogue = replace(desk.catalogue, facts=MappingProxyType({**desk.catalogue.facts, name: spec}))


# --- readings


@step(words(AT + r"the (?P<what>loss|profit) is (?P<amount>[\d.,]+)"))
def _(desk: Desk, clock: str, what: str, amount: str) -> None:
    desk.books.mtm(-number(amount) if what == "loss" else number(amount))
    desk.read(desk.at(clock))


@step(words(AT + r"(?P<symbol>[A-Z0-9]+) trades at (?P<price>[\d.,]+)"))
def _(desk: Desk, clock: str, symbol: str, price: str) -> None:
    desk.books.price(symbol, number(price))
    desk.read(desk.at(clock))


@step(words(AT + r"(?P<symbol>[A-Z0-9]+|NIFTY 50|NIFTY BANK|INDIA VIX) stands at (?P<price>[\d.,]+)"))
def _(desk: Desk, clock: str, symbol: str, price: str) -> None:
    desk.books.index(symbol, number(price))
    desk.read(desk.at(clock))


@step(words(AT + r"the price of (?P<symbol>\S+) is missing"))
def _(desk: Desk, clock: str, symbol: str) -> None:
    desk.books.price(symbol, None)
    desk.read(desk.at(clock))


@step(words(AT + r"nobody (?P<does>bids for|offers) (?P<symbol>\S+)"))
def _(desk: Desk, clock: str, does: str, symbol: str) -> None:
    row = next(quote for quote in desk.books.quotes or [] if quote["symbol"] == symbol)
    row["bid" if does == "bids for" else "ask"] = None
    desk.read(desk.at(clock))


@step(words(AT + r"(?:nothing has changed|the account is read)"))
def _(desk: Desk, clock: str) -> None:
    desk.read(desk.at(clock))


@step(words(AT + r"no new reading has come"))
def _(desk: Desk, clock: str) -> None:
    desk.wait(desk.at(clock))


@step(words(AT + rf"the (?P<part>{PART}) cannot be read"))
def _(desk: Desk, clock: str, part: str) -> None:
    desk.books.cannot_be_read[PARTS[part]] = "the call timed out"
    desk.read(desk.at(clock))


@given(words(r"the broker's books are (?P<where>out of reach|in reach again)"))
def _(desk: Desk, where: str) -> None:
    causes = dict.fromkeys(PARTS.values(), "the call timed out") if where == "out of reach" else {}
    desk.books.cannot_be_read = causes


@step(words(AT + rf"the (?P<part>{PART}) can be read again"))
def _(desk: Desk, clock: str, part: str) -> None:
    desk.books.cannot_be_read.pop(PARTS[part], None)
    desk.books.read_at.pop(PARTS[part], None)
    desk.read(desk.at(clock))


@step(words(AT + rf"the (?P<part>{PART}) are (?P<age>\w+) old"))
def _(desk: Desk, clock: str, part: str, age: str) -> None:
    desk.books.read_at[PARTS[part]] = desk.at(clock) - span(age)
    desk.read(desk.at(clock))


@step(words(AT + r"the position book (?P<what>comes back empty|is whole again)"))
def _(desk: Desk, clock: str, what: str) -> None:
    desk.books.shows_nothing = what == "comes back empty"
    desk.read(desk.at(clock))


@step(words(AT + r"the broker (?P<answers>does not answer|answers again)"))
def _(desk: Desk, clock: str, answers: str) -> None:
    desk.books.link["connected"] = answers == "answers again"
    desk.read(desk.at(clock))


@step(words(AT + r"somebody halts the account"))
def _(desk: Desk, clock: str) -> None:
    desk.books.link["trading_state"] = "HALTED"
    desk.read(desk.at(clock))


@step(words(AT + r"the STOP file (?P<there>appears|is gone)"))
def _(desk: Desk, clock: str, there: str) -> None:
    desk.books.link["stop_file"] = there == "appears"
    desk.read(desk.at(clock))


@step(words(AT + r"order (?P<order>\S+) fills at (?P<price>[\d.]+)"))
def _(desk: Desk, clock: str, order: str, price: str) -> None:
    desk.books.fill_order(order, None, number(price), desk.at(clock))
    desk.read(desk.at(clock))


@step(words(AT + r"(?P<units>[\d,]+) of order (?P<order>\S+) fill at (?P<price>[\d.]+)"))
def _(desk: Desk, clock: str, units: str, order: str, price: str) -> None:
    desk.books.fill_order(order, number(units), number(price), desk.at(clock))
    desk.read(desk.at(clock))


@step(words(AT + r"order (?P<order>\S+) (?P<what>triggers|is cancelled|is rejected|is being changed|waits again)"))
def _(desk: Desk, clock: str, order: str, what: str) -> None:
    states = {"triggers": "triggered, resting", "waits again": "waiting for its trigger"}
    desk.books.change_order(order, states.get(what, what.removeprefix("is ")), desk.at(clock))
    desk.read(desk.at(clock))


@step(
    words(AT + r"a stop order (?P<order>\S+) to (?P<side>buy|sell) (?P<units>[\d,]+) (?P<symbol>\S+) is placed"),
)
def _(desk: Desk, clock: str, order: str, side: str, units: str, symbol: str) -> None:
    stamp = f"{desk.at(clock):%H:%M:%S}"
    head = ["id", "side", "type", "symbol", "quantity", "status", "placed", "updated"]
    desk.books.enter([head, [order, side, "stop", symbol, units, "waiting for its trigger", stamp, stamp]])
    desk.read(desk.at(clock))


@step(words(AT + r"the trader (?P<side>buys|sells) (?P<units>[\d,]+) (?P<symbol>\S+) at (?P<price>[\d.]+)"))
def _(desk: Desk, clock: str, side: str, units: str, symbol: str, price: str) -> None:
    desk.books.traded(side[:-1].upper(), number(units), symbol, number(price), desk.at(clock))
    desk.read(desk.at(clock))


@step(words(rf"(?P<what>that goes on|no new reading comes) until (?P<clock>{CLOCK})"))
def _(desk: Desk, what: str, clock: str) -> None:
    end, now = desk.at(clock), desk.slots[-1].now + desk.account.profile.poll
    while now <= end:
        (desk.read if what == "that goes on" else desk.wait)(now)
        now += desk.account.profile.poll


@step(words(r"the readings (?:are|go on with) (?P<line>.+)"))
def _(desk: Desk, line: str) -> None:
    desk.play(line)


# --- what must come of it


@then(words(rf"(?P<name>{NAME}) (?:is (?P<verdict>{VERDICTS})|(?P<fires>fires))(?: for (?P<row>\S+))?"))
def _(desk: Desk, name: str, verdict: str | None, fires: str | None, row: str | None) -> None:
    result = desk.result(None if name == "it" else name, row)
    causes = result.trace.value.causes if result.trace and isinstance(result.trace.value, Unknown) else ()
    assert result.verdict is Verdict(fires or verdict), (result.verdict, result.condition, causes, result.note)


@then(words(rf"(?P<name>{NAME}) says nothing of (?P<row>\S+)"))
def _(desk: Desk, name: str, row: str) -> None:
    assert not [result for result in desk.results(name) if f":{row}:" in f":{result.row}:"]


@then(words(rf"(?P<name>{NAME}) gives no verdict"))
def _(desk: Desk, name: str) -> None:
    assert desk.result(name).verdict is None


@then(words(r"it has acted (?P<times>never|once|twice|three times)(?:, at (?P<clocks>.+))?"))
def _(desk: Desk, times: str, clocks: str | None) -> None:
    acted = desk.acted_at()
    assert len(acted) == TIMES[times], acted
    if clocks:
        assert acted == [desk.at(clock) for clock in clocks.split(" and ")]


@then(words(rf"(?P<name>{NAME}) has acted (?P<times>never|once|twice|three times)"))
def _(desk: Desk, name: str, times: str) -> None:
    assert len(desk.acted_at(name)) == TIMES[times], desk.acted_at(name)


@then(words(rf"nothing is said of (?P<name>{NAME})"))
def _(desk: Desk, name: str) -> None:
    assert desk.results(name) == []


@then(words(rf"(?P<name>{NAME}) would alert"))
def _(desk: Desk, name: str) -> None:
    assert Step.ALERT in desk.result(name).steps


@then(words("the decision is (?P<mode>enforced|in dry run)"))
def _(desk: Desk, mode: str) -> None:
    decision = desk.result().decision
    assert decision is not None
    assert decision.mode is MODES[mode]


@then(words("it (?P<acts>acts|does not act) now"))
def _(desk: Desk, acts: str) -> None:
    assert (desk.slots[-1].now in desk.acted_at()) == (acts == "acts")


@then("it would, in this order")
def _(desk: Desk, datatable: Table) -> None:
    assert desk.orders_now() == [line[0] for line in datatable]


@then(words(r"the distance to its line is (?P<shown>.+)"))
def _(desk: Desk, shown: str) -> None:
    assert desk.distances()[:1] == [shown]


@then(words(r'it says "(?P<text>.+)"'))
def _(desk: Desk, text: str) -> None:
    assert desk.result().because == text


@then(words(r'it says of (?P<row>\S+) "(?P<text>.+)"'))
def _(desk: Desk, row: str, text: str) -> None:
    assert desk.result(None, row).because == text


@then(words(r'the reason it gives is "(?P<text>.+)"'))
def _(desk: Desk, text: str) -> None:
    assert text in desk.causes_within()


@then(words(r'the reason is "(?P<text>.+)"'))
def _(desk: Desk, text: str) -> None:
    assert any(text in cause for cause in desk.causes()), desk.causes()


@then(words(r'the note is "(?P<text>.+)"'))
def _(desk: Desk, text: str) -> None:
    assert desk.result().note == text


@then(words(r"the fact (?P<name>\S+) is (?P<shown>.+)"))
def _(desk: Desk, name: str, shown: str) -> None:
    assert desk.fact(name) == shown


@then(
    words(
        r"it has (?P<what>alerted|blocked entries for want of data) (?P<times>never|once|twice)(?:, at (?P<clock>\S+))?"
    )
)
def _(desk: Desk, what: str, times: str, clock: str | None) -> None:
    asked = desk.asked_at(Step.ALERT if what == "alerted" else Step.BLOCK_ENTRIES)
    assert len(asked) == TIMES[times], asked
    assert clock is None or asked == [desk.at(clock)]


@then(words(r"it has been (?P<verdict>pending|firing) since (?P<clock>\S+)"))
def _(desk: Desk, verdict: str, clock: str) -> None:
    assert desk.verdict is (Verdict.PENDING if verdict == "pending" else Verdict.FIRES)
    assert desk.result().since == desk.at(clock)


@then(
    words(
        rf"entries are blocked by (?P<owner>{NAME}|the session) since (?P<clock>{CLOCK})"
        r"(?: (?P<ago>the day before|two days before))?"
    )
)
def _(desk: Desk, owner: str, clock: str, ago: str | None) -> None:
    days = {None: 0, "the day before": 1, "two days before": 2}[ago]
    expected = (None if owner == "the session" else owner, desk.at(clock) - timedelta(days=days), Mode.ENFORCE)
    assert [(block.policy, block.since, block.mode) for block in desk.blocks] == [expected]


@then("entries are not blocked")
def _(desk: Desk) -> None:
    assert desk.blocks == ()


@then("the live blocks are")
def _(desk: Desk, datatable: Table) -> None:
    head, *lines = datatable
    seen = [
        {
            "by": block.policy,
            "row": block.row,
            "since": f"{block.since.astimezone(desk.account.zone):%H:%M:%S}",
            "until": block.until.value,
            "mode": block.mode.value,
            "underlying": block.underlying or "",
        }
        for block in desk.blocks
    ]
    assert [[block[key] for key in head] for block in seen] == lines


@then(words(rf"(?P<name>{NAME}) blocks until (?P<at>\S+ \S+)"))
def _(desk: Desk, name: str, at: str) -> None:
    (block,) = (block for block in desk.blocks if block.policy == name)
    assert block.ends_at == datetime.fromisoformat(at).replace(tzinfo=desk.account.zone)


@then(
    words(
        rf"an order(?: in (?P<underlying>[A-Z]+))? that (?P<effect>{EFFECTS}) "
        rf"(?:passes|is refused by (?P<owner>{NAME}))"
    )
)
def _(desk: Desk, underlying: str | None, effect: str, owner: str | None) -> None:
    block = refuses(desk.blocks, OrderEffect(effect), underlying or "SENSEX")
    assert (block.policy if block else None) == owner


@then(words(r"orders from elsewhere are (?P<what>reported|cancelled|exited)"))
def _(desk: Desk, what: str) -> None:
    known = {"reported": ForeignOrders.REPORT, "cancelled": ForeignOrders.CANCEL, "exited": ForeignOrders.EXIT}
    assert foreign_orders(desk.blocks) is known[what]


@then(words(r"that is refused: (?P<why>.+)"))
def _(desk: Desk, why: str) -> None:
    assert desk.refusal.startswith(why), desk.refusal


@then(words(rf"(?P<name>{NAME}) has (?P<count>\d+) once rows?"))
def _(desk: Desk, name: str, count: str) -> None:
    latches = desk.slots[-1].evaluation.next_state.latches
    assert sum(latch.policy == name for latch in latches) == int(count)


@then("it has just cleared")
def _(desk: Desk) -> None:
    assert Step.CLEARED in desk.result().steps


@then("the same evaluation once more gives the same decision with the same key")
def _(desk: Desk) -> None:
    again, first = desk.again(), desk.slots[-1].evaluation
    assert [decision.key for decision in first.decisions]
    assert [decision.key for decision in again.decisions] == [decision.key for decision in first.decisions]
    assert again.decisions == first.decisions
    assert again.next_state == first.next_state


@then("every decision so far has its own key")
def _(desk: Desk) -> None:
    keys = [decision.key for slot in desk.slots for decision in slot.evaluation.decisions]
    assert keys
    assert len(set(keys)) == len(keys)


# --- several accounts, and the rules about them together


@given(words(rf"the accounts? (?P<accounts>{ACCOUNTS})(?: of (?P<which>one|another) family)?"))
def _(family: Family, accounts: str, which: str | None) -> None:
    for name in named(accounts):
        family.open(name, {"family": "f1" if which == "one" else "f2"} if which else {})


@given(words(rf"(?P<account>{ACCOUNT}) has sold (?P<units>\d+) units at (?P<price>\d+)"))
def _(family: Family, account: str, units: str, price: str) -> None:
    family.sell(account, number(units), number(price))


@given("every account reads both sides of its market")
def _(family: Family) -> None:
    family.read_depth()


@step(words(rf"(?P<name>{NAME}) is (?P<mode>enforced|in dry run|off) in (?P<account>{ACCOUNT})"))
def _(family: Family, name: str, mode: str, account: str) -> None:
    family.mode(name, account, MODES[mode])


@step(words(AT + rf"(?P<first>{ACCOUNT}) has lost (?P<amount>{AMOUNT})(?P<others>(?:(?:, | and ){ACCOUNT} {AMOUNT})*)"))
def _(family: Family, clock: str, first: str, amount: str, others: str) -> None:
    for name, loss in [(first, amount), *re.findall(f"({ACCOUNT}) ({AMOUNT})", others)]:
        family.books[name].mtm(-number(loss))
        family.read(name, family.desk.at(clock))


@step(words(AT + rf"(?P<accounts>{ACCOUNTS}|both|all) (?:is|are) read"))
def _(family: Family, clock: str, accounts: str) -> None:
    for name in family.accounts if accounts in {"both", "all"} else named(accounts):
        family.read(name, family.desk.at(clock))


@step(words(AT + rf"the positions of (?P<account>{ACCOUNT}) cannot be read"))
def _(family: Family, clock: str, account: str) -> None:
    family.books[account].cannot_be_read["positions"] = "the call timed out"
    family.read(account, family.desk.at(clock))


@step(words(AT + rf"(?P<account>{ACCOUNT}) has no price"))
def _(family: Family, clock: str, account: str) -> None:
    family.books[account].price(SYMBOL, None)
    family.read(account, family.desk.at(clock))


@step(words(rf"(?P<name>{NAME}) is rearmed in (?P<account>{ACCOUNT})"))
def _(family: Family, name: str, account: str) -> None:
    assert family.rearm(name, account) == ""


@then(words(rf'rearming (?P<name>{NAME}) in (?P<account>{ACCOUNT}) is refused: "(?P<why>.+)"'))
def _(family: Family, name: str, account: str, why: str) -> None:
    assert family.rearm(name, account) == why


@step("everything is started again")
def _(family: Family) -> None:
    family.restart()


@then(words(rf"(?P<name>{NAME}) (?:is (?P<verdict>{VERDICTS})|(?P<fires>fires)) in (?P<accounts>{ACCOUNTS})"))
def _(family: Family, name: str, verdict: str | None, fires: str | None, accounts: str) -> None:
    for account in named(accounts):
        result = family.result(account, name)
        assert result.verdict is Verdict(fires or verdict), (account, result.verdict, causes_of(result.trace))


@then(words(rf"it has acted in (?P<accounts>nobody|{ACCOUNTS})(?:, at (?P<clocks>.+))?"))
def _(family: Family, accounts: str, clocks: str | None) -> None:
    expected = [family.desk.at(clock) for clock in clocks.split(" and ")] if clocks else []
    for account in family.accounts if accounts == "nobody" else named(accounts):
        assert family.acted_at(account) == expected, account


@then(words(rf"it has alerted in (?P<accounts>{ACCOUNTS}), at (?P<clock>\S+)"))
def _(family: Family, accounts: str, clock: str) -> None:
    told = [
        (account, now)
        for now, slot in family.slots
        for one in slot.groups
        for account, result in one.results.items()
        if Step.ALERT in result.steps
    ]
    assert told == [(account, family.desk.at(clock)) for account in named(accounts)]


@then(words(rf'the reason in (?P<account>{ACCOUNT}) is "(?P<text>.+)"'))
def _(family: Family, account: str, text: str) -> None:
    assert text in causes_of(family.result(account).trace), causes_of(family.result(account).trace)


@then(words(rf'it says in (?P<account>{ACCOUNT}) "(?P<text>.+)"'))
def _(family: Family, account: str, text: str) -> None:
    assert family.result(account).because == text


@then(words(rf'the note in (?P<account>{ACCOUNT}) is "(?P<text>.+)"'))
def _(family: Family, account: str, text: str) -> None:
    assert family.result(account).note == text


@then(words(rf"the decision in (?P<account>{ACCOUNT}) is (?P<mode>enforced|in dry run)"))
def _(family: Family, account: str, mode: str) -> None:
    decisions = [one for _, slot in family.slots for one in slot.decisions if one.account == account]
    assert decisions[-1].mode is MODES[mode]


@then(words(rf"it would close (?P<units>\S+) in (?P<account>{ACCOUNT})"))
def _(family: Family, units: str, account: str) -> None:
    result = family.result(account)
    assert result.exits == ()
    whole = merge_targets(exits_in(result, family.evaluations[account]))
    assert [(one.leg[1], -one.present, one.net) for one in whole.legs] == [(SYMBOL, number(units), 0)]
    assert whole.undecided == ()


@then("the live blocks of the family are")
def _(family: Family, datatable: Table) -> None:
    zone = family.desk.account.zone
    seen = [
        [name, str(block.policy), f"{block.since.astimezone(zone):%H:%M:%S}", block.until.value, block.mode.value]
        for name, blocks in sorted(family.state.blocks.items())
        for block in blocks
    ]
    assert seen == datatable[1:]


@then(words(rf"in (?P<account>{ACCOUNT}) entries are not blocked"))
def _(family: Family, account: str) -> None:
    assert family.state.blocks.get(account, ()) == ()


@then(words(rf"in (?P<account>{ACCOUNT}) the fact (?P<name>\w+) is (?P<shown>.+)"))
def _(family: Family, account: str, name: str, shown: str) -> None:
    assert family.desk.catalogue.facts[name].compute(family.evaluations[account].view) == shown
    assert family.evaluations[account].blocks == ()


@then("every decision of the family has its own key")
def _(family: Family) -> None:
    keys = [one.key for _, slot in family.slots for one in slot.decisions]
    assert keys
    assert len(set(keys)) == len(keys)


@then(words(rf"(?P<account>{ACCOUNT}) by itself says nothing of (?P<name>{NAME})"))
def _(family: Family, account: str, name: str) -> None:
    evaluation = family.evaluations[account]
    assert name not in {result.policy.name for result in evaluation.results}
    assert name not in evaluation.true


@then(words(rf"the group's accounts are (?P<accounts>{ACCOUNTS})"))
def _(family: Family, accounts: str) -> None:
    assert [member.account for member in family.group().members] == named(accounts)


@then("the readings of the group are near enough")
def _(family: Family) -> None:
    assert family.group().apart is None


@then(words(r"the family's (?P<figure>\w+) is (?P<shown>.+) when A1 has lost (?P<one>\S+) and A2 (?P<other>\S+)"))
def _(family: Family, figure: str, shown: str, one: str, other: str) -> None:
    family.desk.amend("family-loss", "because", f'"{{group.{figure}}}"')
    family.desk.amend("family-loss", "when", "group.accounts >= 2")
    for name, amount in (("A1", one), ("A2", other)):
        family.books[name].mtm(-number(amount))
        family.read(name, family.desk.at("10:00:00"))
    assert family.result("A1").because == shown


@then(words(rf"in (?P<account>{ACCOUNT}) it would, in this order"))
def _(family: Family, account: str, datatable: Table) -> None:
    assert family.orders_now(account) == [line[0] for line in datatable]


# --- the table of the language: a line of readings, and what stands at its end


@step(words(r"the account lives through (?P<line>.+)"))
def _(desk: Desk, line: str) -> None:
    for part in (part.strip() for part in line.replace(";", ",").split(",")):
        match part:
            case "with `once`":
                desk.amend(desk.it, "once", "per account per day")
            case "firing":
                desk.play("T0 T2 T4")
            case "latched in dry_run":
                desk.amend(desk.it, "once", "per account per day")
                desk.play("T0 T2 T4 F6 T8 T10 T12")
                assert desk.verdict is Verdict.LATCHED
            case "mode → enforce":
                desk.mode(desk.it, Mode.ENFORCE)
            case "alert after 10s":
                assert "alert: after 10s" in desk.policies[desk.it]
        desk.play(part)


@then(words(rf"at the end: (?P<verdict>{VERDICTS}|fires)(?P<more>.*)"))
def _(desk: Desk, verdict: str, more: str) -> None:
    def second(value: int) -> datetime:
        return desk.at("10:00:00") + timedelta(seconds=value)

    assert desk.verdict is Verdict(verdict)
    figures = [int(word) for word in more.split() if word.isdigit()]
    if "alert" in more:
        assert desk.asked_at(Step.ALERT) == [second(figure) for figure in figures]
    elif "from" in more:
        assert desk.result().since == second(figures[0])
    elif figures:
        assert desk.acted_at() == [second(figures[0])]
