"""
An account's own desk values: each of the kind the desk's value has in use, in the account's currency, and none with
which a policy fires on nothing. What load asks of a policy with the desk's values is asked again with the account's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.domain.account import Account
from engine.domain.kinds import Kind, Type
from engine.domain.truth import Truth
from engine.facts.base import Catalogue
from engine.policy import guard, ir, tables
from engine.policy.cases import compile_any
from engine.policy.findings import Place, Report, suggestion
from engine.policy.program import Policy, Program
from engine.policy.scope import Later, Scope
from engine.policy.sentence import SentenceError
from engine.policy.units import is_bare, settled
from engine.policy.values import report_sentence, uses_of_bare
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Node

_Values = Mapping[str, ir.Node]


@dataclass(frozen=True, slots=True)
class _Fault:
    """What a policy does with the values of an account; `words` say it after "with this value"."""

    code: str
    words: str
    hint: str


def compile_overrides(
    node: MappingNode,
    program: Program,
    catalogue: Catalogue,
    later: Later,
    currency: str,
    report: Report,
    policy: Policy | None = None,
) -> dict[str, ir.Node]:
    """
    Return the values an account has instead of the desk's, in file order; what is wrong is reported and left out.

    node: the `values:` of the account, or the `let:` of what it does differently for a policy. currency: its own.
    """
    policies = program.policies if policy is None else (policy,)
    changeable = program.values if policy is None else policy.lets
    uses = _uses(program, policies)
    values = {**program.values, **changeable}
    scope = Scope(catalogue, later, values, currencies=frozenset({currency}), events=program.events)
    own: dict[str, ir.Node] = {}
    places: dict[str, Place] = {}
    for entry in node.entries:
        name = entry.key.text
        if name not in changeable:
            what = "desk value" if policy is None else f"value of the `let` of {policy.name}"
            of_desk = f"'{name}' is a desk value: write it under values:" if name in program.values else None
            other = of_desk if policy is not None else "only values of values.yaml can differ by account"
            hint = suggestion(name, changeable) or other
            report.error("unknown-value", entry.key.place, f"'{name}' is no {what}", hint)
        else:
            given = said(entry.value)
            value = _read(name, given, uses.get(name, {}), scope, report)
            if value is not None:
                own[name], places[name] = value, given.place
    for name, guilty, fault in _faults(own, program, policies, catalogue):
        if name in own:
            del own[name]
            report.error(fault.code, places[name], f"with this '{name}', {guilty.name} {fault.words}", fault.hint)
    return own


def said(node: Node) -> Node:
    """Return the value of an override, which may stand under `use` beside `until` and `reason`."""
    use = node.get("use") if isinstance(node, MappingNode) else None
    return node if use is None else use


def check_currency(account: Account, program: Program, place: Place, report: Report) -> None:
    """Report each amount in another currency than the account's that a policy watching it names."""
    told: set[str] = set()
    for policy in program.policies:
        values = {**program.values, **account.values, **policy.lets, **account.lets.get(policy.name, {})}
        trees = [*policy.trees, *(values[name] for name in _named(policy.trees, values))]
        for part in (part for tree in trees for part in ir.walk(tree)):
            if not isinstance(part, ir.Literal) or part.currency in (None, account.currency) or part.text in told:
                continue
            if policy.accounts.selects(account.id, account.labels):
                told.add(part.text)
                message = f"{account.id} is in {account.currency}, and {policy.name} goes by {part.text}"
                hint = "nothing is converted here: policies watch accounts in the currency of their amounts"
                report.error("wrong-currency", place, message, hint)


def _uses(program: Program, policies: Iterable[Policy]) -> dict[str, dict[Kind, str]]:
    """Return by value without a unit the kinds it is used as, each with a policy that does so."""
    found: dict[str, dict[Kind, str]] = {}
    for policy in policies:
        where = MappingNode((), Place(policy.file))
        for tree in policy.conditions:
            for use in uses_of_bare(tree, {**program.values, **policy.lets}, where):
                found.setdefault(use.name, {}).setdefault(use.kind, policy.name)
    return found


def _read(name: str, scalar: Node, uses: Mapping[Kind, str], scope: Scope, report: Report) -> ir.Node | None:
    value, desk_value = compile_any(name, scalar, scope, report), scope.values[name]
    if value is None or not tables.is_as_full(name, value, desk_value, scalar, report):
        return None
    known = list(scope.values)
    for part in ir.walk(value):
        if isinstance(part, ir.ValueRef) and part.name not in known[: known.index(name)]:
            hint = "a value may be made of those that stand before it in values.yaml"
            report.error("bad-value", scalar.place, f"'{name}' cannot be made of '{part.name}'", hint)
            return None
    try:
        if not is_bare(desk_value, scope.values):
            return _of_kind(name, settled(value, desk_value.type, scope.values), desk_value.type, scalar, report)
        for kind, policy in uses.items():
            value_there = settled(value, Type(kind), scope.values)
            if _of_kind(name, value_there, Type(kind), scalar, report, policy) is None:
                return None
    except SentenceError as error:
        report_sentence(error, scalar, report)
        return None
    return value


def _of_kind(
    name: str, value: ir.Node, wanted: Type, scalar: Node, report: Report, policy: str | None = None
) -> ir.Node | None:
    if value.type.kind is wanted.kind:
        return value
    message = f"'{name}' is {value.type} here and {wanted} {f'in {policy}' if policy else 'on the desk'}"
    report.error("type-mismatch", scalar.place, message, "an override keeps the kind of the value")
    return None


def _faults(
    own: _Values, program: Program, policies: Iterable[Policy], catalogue: Catalogue
) -> list[tuple[str, Policy, _Fault]]:
    found = []
    for policy in policies:
        values = {**program.values, **policy.lets, **own}
        named = _named(policy.conditions, values)
        suspects = [name for name in own if name in named]
        fault = _fault(policy, values, catalogue) if suspects else None
        if fault is not None:
            # The first that does it alone, the last when only several together do.
            alone = ({**program.values, **policy.lets, name: own[name]} for name in suspects)
            pairs = zip(suspects, alone, strict=True)
            guilty = next((name for name, one in pairs if _fault(policy, one, catalogue)), suspects[-1])
            found.append((guilty, policy, fault))
    return found


def _fault(policy: Policy, values: _Values, catalogue: Catalogue) -> _Fault | None:
    if next(guard.fires_without_loss(policy.when, catalogue, values), None) is not None:
        return _Fault("fires-without-loss", "would fire on a flat book", "limits are positive magnitudes")
    parts = (part for tree in policy.conditions for part in ir.walk(tree))
    for sentence in (part for part in parts if isinstance(part, ir.Sentence)):
        decided = guard.decided_part(sentence, catalogue, values)
        if decided is not None:
            code, word = ("always-true", "always") if decided[1] is Truth.TRUE else ("impossible", "never")
            hint = "choose a value that a reading can reach and miss"
            return _Fault(code, f"says what is {word} true: {sentence.text}", hint)
    line = policy.confirm.at_once_beyond
    if line is not None and guard.is_always_passed(line, catalogue, values):
        return _Fault("always-true", "would never wait for its confirmation", "at_once_beyond is a positive amount")
    return None


def _named(trees: tuple[ir.Node, ...], values: _Values) -> dict[str, None]:
    """Return the names of all values some trees speak of, in other values too."""
    names: dict[str, None] = {}
    for tree in trees:
        for part in ir.walk(tree):
            if isinstance(part, ir.ValueRef):
                names.update({part.name: None, **_named((values[part.name],), values)})
    return names
