"""The life of a rule: every scenario of `features/rules`, and the steps only those about several accounts need."""

from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, step, then

from engine.actions.targets import merge_targets
from engine.core.rule_state import Step
from engine.core.together import exits_in
from engine.domain.enums import Verdict
from tests.features.books import number
from tests.features.conftest import CLOCK, MODES, NAME, VERDICTS
from tests.features.desk import Desk
from tests.features.family import SYMBOL, Family, causes_of

scenarios("rules")

ACCOUNT = "[A-Z][0-9]"
ACCOUNTS = f"{ACCOUNT}(?:(?:, | and ){ACCOUNT})*"
AT = rf"at (?P<clock>{CLOCK}) "


def words(pattern: str) -> Any:
    return parsers.re(pattern)


def named(accounts: str) -> list[str]:
    return accounts.replace(" and ", ", ").split(", ")


@pytest.fixture
def family(desk: Desk) -> Family:
    return Family(desk)


@then(words(rf"it would close (?P<units>\S+) in (?P<account>{ACCOUNT})"))
def _(family: Family, units: str, account: str) -> None:
    result = family.result(account)
    assert result.exits == ()
    whole = merge_targets(exits_in(result, family.evaluations[account]))
    assert [(one.leg[1], -one.present, one.net) for one in whole.legs] == [(SYMBOL, number(units), 0)]
    assert whole.undecided == ()


@given(words(rf"the accounts (?P<accounts>{ACCOUNTS}) of one family"))
def _(family: Family, accounts: str) -> None:
    for name in named(accounts):
        family.open(name)


@given(words(rf"(?P<account>{ACCOUNT}) has sold (?P<units>\d+) units at (?P<price>\d+)"))
def _(family: Family, account: str, units: str, price: str) -> None:
    family.sell(account, number(units), number(price))


@given("every account reads both sides of its market")
def _(family: Family) -> None:
    family.read_depth()


@step(words(rf"(?P<name>{NAME}) is (?P<mode>enforced|in dry run|off) in (?P<account>{ACCOUNT})"))
def _(family: Family, name: str, mode: str, account: str) -> None:
    family.mode(name, account, MODES[mode])


@step(words(AT + rf"(?P<one>{ACCOUNT}) has lost (?P<loss>\S+)(?: and (?P<two>{ACCOUNT}) (?P<other>\S+))?"))
def _(family: Family, clock: str, one: str, loss: str, two: str | None, other: str | None) -> None:
    for name, amount in ((one, loss), (two, other)):
        if name and amount:
            family.books[name].mtm(-number(amount))
            family.read(name, family.desk.at(clock))


@step(words(AT + rf"(?P<accounts>{ACCOUNT}|both) (?:is|are) read"))
def _(family: Family, clock: str, accounts: str) -> None:
    for name in family.accounts if accounts == "both" else named(accounts):
        family.read(name, family.desk.at(clock))


@step(words(AT + rf"the positions of (?P<account>{ACCOUNT}) cannot be read"))
def _(family: Family, clock: str, account: str) -> None:
    family.books[account].cannot_be_read["positions"] = "the call timed out"
    family.read(account, family.desk.at(clock))


@step(words(AT + rf"the price of (?P<account>{ACCOUNT}) is missing"))
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


@then("the live blocks of the family are")
def _(family: Family, datatable: list[list[str]]) -> None:
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
