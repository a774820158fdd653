"""The values a policy uses, in words: what each is, its cases and entries, and where it differs."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from engine.domain.account import CURRENCY, Account
from engine.domain.kinds import show
from engine.domain.overrides import Override
from engine.policy import ir
from engine.policy.program import Policy, Program


def values_in_words(policy: Policy, program: Program, accounts: Mapping[str, Account], now: datetime) -> Iterator[str]:
    """Yield the lines of `rekha explain` on each value a policy uses and on its mode, and on accounts that differ."""
    values = {**program.values, **policy.lets}
    currencies = {account.currency for account in accounts.values()}
    common = currencies.pop() if len(currencies) == 1 else CURRENCY
    for name, use in _used(policy, values).items():
        origin = "this policy" if name in policy.lets else "values.yaml"
        yield from _lines(f"  {name} is", values[name], use, common, origin)
        # What an account has of its own does not move the line of a group.
        for account in () if policy.is_of_group else accounts.values():
            owner = policy.name if name in policy.lets else ""
            for one in _of(account, owner, name):
                told = f"rekha.yaml{_term(one, account, now)}"
                yield from _lines(f"    on {account.id}:", one.setting, use, account.currency, told)
    for account in accounts.values():
        for one in _of(account, policy.name, ""):
            yield f"  On {account.id} its mode is {one.setting.value} (rekha.yaml{_term(one, account, now)})."


def _of(account: Account, policy: str, value: str) -> list[Override]:
    return [one for one in account.overrides if (one.policy, one.value) == (policy, value)]


def _term(one: Override, account: Account, now: datetime) -> str:
    """Return until when and why something differs, and whether it does today; empty where it does for ever."""
    reason = f"; {one.reason}" if one.reason else ""
    if one.until is None:
        return reason
    holds = one.holds_on(now.astimezone(account.calendar.zone).date())
    return f" until {one.until}{reason}" if holds else f" until {one.until}, which is over: the desk's holds{reason}"


def _lines(start: str, node: ir.Node, use: ir.Node, currency: str, origin: str) -> Iterator[str]:
    pad = " " * (len(start) - len(start.lstrip()) + 2)
    if isinstance(node, ir.Cases):
        yield f"{start} one of these, the first that holds ({origin}):"
        for condition, one in zip(node.conditions, node.uses, strict=True):
            text = condition.text if isinstance(condition, ir.Sentence) else ""
            yield f"{pad}{value_words(one, use, currency)} if {text}"
        yield f"{pad}{value_words(node.default, use, currency)} otherwise"
    elif isinstance(node, ir.Table):
        yield f"{start} a table ({origin}):"
        for key, one in zip(node.keys, node.uses, strict=True):
            yield f"{pad}{value_words(one, use, currency)} for {key}"
        rest = "unknown" if node.default is None else value_words(node.default, use, currency)
        yield f"{pad}{rest} for any other"
    else:
        yield f"{start} {value_words(node, use, currency)} ({origin})"


def _used(policy: Policy, values: Mapping[str, ir.Node]) -> dict[str, ir.ValueRef]:
    """Every value the policy uses, also inside other values, in the order it meets them."""
    waiting = list(policy.conditions)
    used: dict[str, ir.ValueRef] = {}
    while waiting:
        for part in ir.walk(waiting.pop(0)):
            if isinstance(part, ir.ValueRef) and part.name not in used:
                used[part.name] = part
                waiting.append(values[part.name])
    return used


def value_words(node: ir.Node, use: ir.Node | None = None, currency: str = CURRENCY) -> str:
    """Return one value as a person reads it, with the unit of its use."""
    if isinstance(node, ir.Literal):
        return show(node.value, (use or node).type, node.currency or currency, Account("").zone)
    return node.text if isinstance(node, ir.Sentence) else "a value"
