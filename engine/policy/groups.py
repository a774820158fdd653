"""What a rule about a group may say: figures of the group, the clock, desk values; never one account's own facts."""

from collections.abc import Mapping
from typing import Final

from engine.domain.account import Account
from engine.facts.base import Part, RowSpec
from engine.policy import ir
from engine.policy.findings import Report
from engine.policy.program import Policy, Program
from engine.policy.scope import Scope
from engine.policy.sentence import Problem, SentenceError
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Scalar, Sequence

# What is the same in every account of one exchange.
_SHARED_FACTS: Final = frozenset({"time", "weekday", "trading_date", "minutes_since_open", "minutes_to_close"})


def check_is_of_group(tree: ir.Node, scope: Scope) -> None:
    """Raise SentenceError when a sentence in a rule about a group speaks of one account; elsewhere do nothing."""
    group = _group_in(scope)
    if group is None:
        return
    for part in ir.walk(tree):
        problem = _problem(part, scope, group)
        if problem is not None:
            raise SentenceError(problem)


def check_group(root: MappingNode, for_each: RowSpec | None, report: Report) -> None:
    """Report keys and accounts that make no sense for a rule about a group."""
    if for_each is None or not for_each.spans_accounts:
        return
    if root.get("where") is not None:
        hint = "choose the members with accounts:, or put the sentence into `when`"
        report.error("where-of-group", root.key_place("where"), "'where' chooses rows; a group is one", hint)
    ids = root.get("accounts")
    if isinstance(ids, Sequence) and len({item.text for item in ids.items if isinstance(item, Scalar)}) < 2:
        report_small(root, "a group of one account", report)


def report_small(root: MappingNode, what: str, report: Report) -> None:
    """Warn of a group that adds nothing up."""
    hint = "choose two or more, or drop for_each: group"
    report.warning("small-group", root.key_place("accounts"), f"this is {what}", hint)


def check_currencies(program: Program, accounts: Mapping[str, Account], desk: MappingNode, report: Report) -> None:
    """Report each group whose members' money is in several currencies. desk: the desk's `accounts` by id."""
    for policy in program.policies:
        members = members_of(policy, accounts) if policy.is_of_group else ()
        other = next((one for one in members if one.currency != members[0].currency), None)
        if other is None:
            continue
        node, first = desk.get(other.id), members[0]
        place = node.key_place("currency") if isinstance(node, MappingNode) else desk.place
        message = f"{policy.name} adds up {first.id} in {first.currency} and {other.id} in {other.currency}"
        report.error("group-currencies", place, message, "nothing is converted here: a group is of one currency")


def members_of(policy: Policy, accounts: Mapping[str, Account]) -> tuple[Account, ...]:
    """Return the accounts a policy chooses, in the order of the desk."""
    return tuple(one for one in accounts.values() if policy.accounts.selects(one.id, one.labels))


def _group_in(scope: Scope) -> RowSpec | None:
    return next((rows for rows in scope.variables.values() if rows.spans_accounts), None)


def _problem(part: ir.Node, scope: Scope, group: RowSpec) -> Problem | None:
    if isinstance(part, ir.FactRef) and part.name not in _SHARED_FACTS:
        message = f"'{part.name}' is of one account; this rule is about a group of accounts"
        return Problem("not-of-group", message, _instead(part.name, group), part.at)
    if isinstance(part, ir.Aggregate):
        message = f"this runs over the {part.rows} of one account; this rule is about a group of accounts"
        hint = "a group has sums, such as group.open_positions; see rekha explain fact group"
        return Problem("not-of-group", message, hint, part.at)
    if isinstance(part, ir.Call) and _is_read(part, scope):
        message = f"'{part.function}' is read by one account; this rule is about a group of accounts"
        hint = f"ask {part.function} in a policy of its own, about one account"
        return Problem("not-of-group", message, hint, part.at)
    if isinstance(part, ir.ValueRef):
        fact = _own_fact(scope.values[part.name], scope)
        if fact is not None:
            message = f"'{part.name}' follows '{fact}' of one account; this rule is about a group of accounts"
            return Problem("not-of-group", message, f"write it out: {_instead(fact, group)}", part.at)
    return None


def _own_fact(tree: ir.Node, scope: Scope) -> str | None:
    for part in ir.walk(tree):
        if isinstance(part, ir.FactRef) and part.name not in _SHARED_FACTS:
            return part.name
        if isinstance(part, ir.Past) or (isinstance(part, ir.Call) and _is_read(part, scope)):
            return part.function
        found = _own_fact(scope.values[part.name], scope) if isinstance(part, ir.ValueRef) else None
        if found is not None:
            return found
    return None


def _is_read(call: ir.Call, scope: Scope) -> bool:
    # What follows the day by itself a group can be told too; a price stands only in an account's own reading.
    return Part.CLOCK not in scope.catalogue.functions[call.function].needs


def _instead(fact: str, group: RowSpec) -> str:
    if fact in group.fields:
        return f"say group.{fact}"
    return "see rekha explain fact group for what a group has"
