"""Whether a desk's accounts and its policies fit: what must be watched is, and what is asked can be known there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from engine.brokers.supplies import why_never_known
from engine.domain.account import Account
from engine.domain.enums import MarkBasis, Mode
from engine.domain.kinds import show_duration
from engine.domain.numbers import seconds_of
from engine.facts.base import Part
from engine.policy import ir, yaml_text
from engine.policy.findings import Finding, Place, Report, suggestion
from engine.policy.levels import levels_of
from engine.policy.lint import lint_file
from engine.policy.load import Loaded
from engine.policy.program import Policy, Program
from engine.policy.shape import locate, steps_of
from engine.policy.values import place_in
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Node, Scalar, Sequence


def check_required(node: Node | None, program: Program, accounts: Mapping[str, Account], report: Report) -> None:
    """Report each policy that a desk must have and lacks, or that an account is not watched by. node: the names."""
    for item in node.items if isinstance(node, Sequence) else ():
        if not isinstance(item, Scalar):
            continue
        policies = program.called(item.text)
        if not policies:
            names = (name for known in program.policies for name in (known.name, known.ladder))
            message = f"the policy '{item.text}' must be there and is not in this set"
            report.error("required-policy-missing", item.place, message, suggestion(item.text, names))
        unwatched = [account.id for account in accounts.values() if not _is_watched(account, policies)]
        if policies and unwatched:
            message = f"{item.text} must watch every account, and it is off or not meant for {', '.join(unwatched)}"
            report.error(
                "required-policy-missing", item.place, message, "see its `mode` and `accounts`, and rekha.yaml"
            )


def lint_desk(loaded: Loaded, accounts: Mapping[str, Account], desk: MappingNode, report: Report) -> None:
    """
    Warn of what a policy asks that some account it watches can never tell, of readings too far apart for it, and of
    whatever the values of an account make of a policy that is sound without them. desk: the desk file's nodes.
    """
    for account in accounts.values():
        if account.values:
            place = locate(desk, ["accounts", account.id, "values"])[1]
            report.extend(_with_own_values(loaded, account, place))
    for policy in loaded.program.policies:
        watched = [account for account in accounts.values() if _is_watched(account, (policy,))]
        root = yaml_text.read(loaded.texts[policy.file], policy.file, Report()) if watched else None
        if isinstance(root, MappingNode):
            _check_known(policy, loaded.program, watched, root, report)
            _check_gap(policy, watched, root, report)


def _with_own_values(loaded: Loaded, account: Account, place: Place) -> Iterator[Finding]:
    # Asked again of every file, for what was not found with the desk's values.
    program, known = loaded.program, {(one.code, one.place) for one in loaded.findings}
    by_file: dict[str, list[Policy]] = {}
    for policy in program.policies:
        if _is_watched(account, (policy,)):
            by_file.setdefault(policy.file, []).append(policy)
    for file, policies in by_file.items():
        root = yaml_text.read(loaded.texts[file], file, Report())
        levels = {_name(level): level for level in levels_of(root, Report())} if isinstance(root, MappingNode) else {}
        found = Report()
        pairs = [(policy, levels[policy.name]) for policy in policies if policy.name in levels]
        lint_file(pairs, {**program.values, **account.values}, program.catalogue, found)
        for one in found.sorted():
            if (one.code, one.place) not in known:
                yield replace(one, place=place, message=f"with the values of {account.id}: {one.message}")


def _name(root: MappingNode) -> str:
    node = root.get("policy")
    return node.text if isinstance(node, Scalar) else ""


def _is_watched(account: Account, policies: Iterable[Policy]) -> bool:
    return all(
        policy.accounts.selects(account.id, account.labels)
        and account.modes.get(policy.name, policy.mode) is not Mode.OFF
        for policy in policies
    )


def _check_known(policy: Policy, program: Program, watched: list[Account], root: MappingNode, report: Report) -> None:
    found: dict[tuple[str, str], tuple[Place, list[str]]] = {}
    for account in watched:
        values = {**program.values, **account.values, **policy.lets, **account.lets.get(policy.name, {})}
        for name, place, needs in _asked(policy, program, values, root):
            why = why_never_known(name, needs, account.profile.broker, account.profile.mark_basis)
            if why is not None:
                ids = found.setdefault((name, why), (place, []))[1]
                ids.extend([account.id] if account.id not in ids else [])
    for (name, why), (place, ids) in found.items():
        message = f"'{name}' is never known on {', '.join(ids)}: {why}"
        report.warning("never-known", place, message, "leave it out there, or read the account otherwise")
    line = policy.confirm.at_once_beyond
    blind = [account.id for account in watched if _reads_no_depth(account)]
    if line is not None and blind:
        place = locate(_level(root, policy), ["confirm", "at_once_beyond"])[0].place
        message = (
            f"prices with both sides are never known on {', '.join(blind)}: quotes are not read (mark_basis: last)"
        )
        report.warning("never-known", place, message, "at_once_beyond acts only with mark_basis: depth")


def _reads_no_depth(account: Account) -> bool:
    return account.profile.broker != "none" and account.profile.mark_basis is MarkBasis.LAST


def _asked(
    policy: Policy, program: Program, values: Mapping[str, ir.Node], root: MappingNode
) -> Iterator[tuple[str, Place, frozenset[Part]]]:
    """Yield every fact and field that the policy's conditions need, its place, and what it is read from."""
    for tree in policy.conditions:
        for sentence in (part for part in ir.walk(tree) if isinstance(part, ir.Sentence)):
            scalar = locate(root, steps_of(sentence.pointer))[0]
            for name, at, needs in _read(sentence.body, program, values):
                yield name, place_in(scalar, at), needs


def _read(
    node: ir.Node, program: Program, values: Mapping[str, ir.Node]
) -> Iterator[tuple[str, ir.Span, frozenset[Part]]]:
    if isinstance(node, ir.IsKnown):
        return
    if isinstance(node, ir.FactRef) and node.name in program.catalogue.facts:
        yield node.name, node.at, program.catalogue.facts[node.name].needs
    elif isinstance(node, ir.FieldRef):
        yield f"{node.rows}.{node.field}", node.at, program.catalogue.kind(node.rows).fields[node.field].needs
    elif isinstance(node, ir.ValueRef) and node.name in values:
        for name, _, needs in _read(values[node.name], program, values):
            yield name, node.at, needs
    elif isinstance(node, ir.Call):
        yield node.function, node.at, program.catalogue.functions[node.function].needs
    for child in ir.children(node):
        yield from _read(child, program, values)


def _check_gap(policy: Policy, watched: list[Account], root: MappingNode, report: Report) -> None:
    gap = policy.confirm.max_gap
    if gap is None or (policy.confirm.samples < 2 and policy.confirm.at_least == timedelta(0)):
        return
    slow = [account for account in watched if account.profile.poll >= gap]
    if slow:
        poll = show_duration(seconds_of(slow[0].profile.poll))
        message = f"{slow[0].id} is read every {poll}: no second reading comes in time, and this is never confirmed"
        place = locate(_level(root, policy), ["confirm", "max_gap"])[0].place
        report.warning("gap-below-poll", place, message, "max_gap is several polls; 3 of them when it is left out")


def _level(root: MappingNode, policy: Policy) -> MappingNode:
    """Return the level of a file that a policy is and that has its own `confirm`, else the file."""
    levels = root.get("levels")
    for item in levels.items if isinstance(levels, Sequence) else ():
        name = item.get("name") if isinstance(item, MappingNode) else None
        if isinstance(item, MappingNode) and isinstance(name, Scalar) and policy.name == f"{policy.ladder}/{name.text}":
            return item if item.get("confirm") is not None else root
    return root
