"""`rekha explain`: a policy, a fact, an action or the sentence itself, in plain words."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap

from engine.actions.catalogue import ACTIONS, LATER_ACTIONS
from engine.cli import exits
from engine.cli.output import complain, report_error, write, write_findings
from engine.domain.account import Account
from engine.domain.kinds import show, show_duration, unit_of
from engine.errors import EngineError
from engine.facts.base import FactSpec, FieldSpec, Sign
from engine.facts.catalogue import CATALOGUE
from engine.facts.later import LATER_FACTS, LATER_FIELDS, LATER_ROWS
from engine.facts.parts import seconds
from engine.policy import ir
from engine.policy.findings import suggestion
from engine.policy.program import Policy, Program
from engine.policy.scope import FUNCTIONS
from engine.runtime.desk import read_desk, resolve_desk
from engine.runtime.policy_files import load_policies
from engine.runtime.resources import resource_dir


def run(arguments: argparse.Namespace) -> int:
    """Return 0, 1 when the topic is unknown or the policies have errors, 2 on misuse."""
    kind, *rest = arguments.topic
    if kind == "sentence" and not rest:
        return _say(_sentence())
    if kind in ("fact", "action"):
        if len(rest) != 1:
            complain(f"explain {kind} takes one name")
            return exits.MISUSE
        return _fact(rest[0]) if kind == "fact" else _action(rest[0])
    if rest:
        complain("explain takes one policy; or fact NAME, action NAME, sentence")
        return exits.MISUSE
    return _policy(kind, arguments)


def _say(lines: Iterator[str]) -> int:
    for line in lines:
        write(line)
    return exits.OK


def _unknown(kind: str, name: str, hint: str | None) -> int:
    complain(f"there is no {kind} '{name}'" + (f"; {hint}" if hint else ""))
    return exits.ERRORS


# -- facts and actions --------------------------------------------------------------------------------------------


def _fact(name: str) -> int:
    spec = CATALOGUE.facts.get(name)
    if spec is not None:
        return _say(_described(name, spec))
    rows = CATALOGUE.rows.get(name) or CATALOGUE.singular(name)
    if rows is not None:
        return _say(
            line
            for line in (
                f"{rows.plural}: {rows.doc}",
                *(f"  {rows.singular}.{field:<22} {spec.doc}" for field, spec in rows.fields.items()),
            )
        )
    record = {full: spec for full, spec in CATALOGUE.facts.items() if full.startswith(f"{name}.")}
    if record:
        return _say(f"{full:<24} {spec.doc}" for full, spec in record.items())
    base, _, field = name.partition(".")
    owner = CATALOGUE.singular(base)
    if owner is not None and field in owner.fields:
        return _say(_described(name, owner.fields[field]))
    later = {**LATER_FACTS, **LATER_ROWS, **LATER_FIELDS}
    if name in later:
        write(f"{name}: {later[name]} (known to the language, comes later)")
        return exits.OK
    dotted = [f"{rows.singular}.{one}" for rows in CATALOGUE.rows.values() for one in rows.fields]
    return _unknown("fact", name, suggestion(name, [*CATALOGUE.facts, *dotted]))


def _described(name: str, spec: FactSpec | FieldSpec) -> Iterator[str]:
    unit = unit_of(spec.type, "account currency")
    yield f"{name}: {spec.doc}"
    yield f"  is       {spec.type}" + (f", in {unit}" if unit else "")
    if spec.type.members:
        yield f"  one of   {', '.join(spec.type.members)}"
    if spec.sign is not Sign.NONE:
        yield f"  sign     {spec.sign.value}"
    yield f"  read     {', '.join(sorted(part.value for part in spec.needs))}"
    if spec.example:
        yield f"  example  {spec.example}"


def _action(name: str) -> int:
    spec = ACTIONS.get(name)
    if spec is None:
        if name in LATER_ACTIONS:
            write(f"{name}: {LATER_ACTIONS[name]} (known to the language, comes later)")
            return exits.OK
        return _unknown("action", name, suggestion(name, ACTIONS) or f"actions are {', '.join(ACTIONS)}")
    lines = [
        f"{name}: {spec.doc}",
        f"  example       - {spec.example}",
        f"  confirmed by  {spec.confirmed_by}",
        f"  undone by     {spec.undone_by}",
    ]
    demands = [
        words
        for needed, words in (
            (spec.irrevocable, "confirm, on_unknown"),
            (spec.needs_latch, "once"),
            (spec.repeats_need_rest, "once or cooldown"),
        )
        if needed
    ]
    lines.extend([f"  demands       {', '.join(demands)}"] if demands else [])
    lines.extend(f"  later         {word}: {words}" for word, words in spec.later.items())
    return _say(iter(lines))


def _sentence() -> Iterator[str]:
    yield "A sentence is true, false or unknown. It names facts and values and compares them."
    yield "  loss >= loss_limit            loss >= 60% of loss_limit       time >= 14:45"
    yield "  stop_loss_hit                 not broker_connected            10 < open_positions < 40"
    yield "  weekday in [TUE, THU]         (a >= 5k and b) or c            age(mtm) > 10s"
    yield "  any(p.loss >= 5k for p in positions if p.is_short)"
    yield "Values: 10_000  50k  2 lakh  1.5 crore  10k INR  5%  60% of x  30s  5m  1h30m  14:45  'text'"
    yield "Functions:"
    for words in FUNCTIONS.values():
        yield f"  {words}"
    yield "Facts: see rekha facts."
    yield "Unknown spreads: unknown and false is false, unknown or true is true, not unknown is unknown."


# -- policies -----------------------------------------------------------------------------------------------------


def _policy(name: str, arguments: argparse.Namespace) -> int:
    try:
        desk_file = read_desk(arguments.desk) if arguments.desk else None
        place = arguments.policies or (str(desk_file.policies) if desk_file is not None else _default_place(name))
        loaded = load_policies([place])
        if loaded.has_errors:
            write_findings(loaded.findings, loaded.texts, sys.stderr)
            return exits.ERRORS
        whole = not arguments.policies
        accounts = resolve_desk(desk_file, loaded.program, whole=whole).accounts if desk_file is not None else {}
    except EngineError as error:
        return report_error(error)
    file = Path(name).as_posix()
    found = [policy for policy in loaded.program.policies if policy.name == name or policy.file == file]
    if not found:
        known = [policy.name for policy in loaded.program.policies]
        return _unknown("policy", name, suggestion(name, known) or f"{place} has {', '.join(known)}")
    return _say(_sentences(found[0], loaded.program, accounts))


def _default_place(name: str) -> str:
    if Path(name).is_file():
        return name
    return "policies" if Path("policies").is_dir() else str(resource_dir("policies"))


def _sentences(policy: Policy, program: Program, accounts: Mapping[str, Account]) -> Iterator[str]:
    yield f"{policy.name}: {policy.title}"
    if policy.description:
        yield from wrap(policy.description, 100, initial_indent="  ", subsequent_indent="  ")
    yield f"  It is {policy.severity.value} and in mode {policy.mode.value}; {_who(policy)}, during {_hours(policy)}."
    if policy.for_each is not None:
        yield f"  For each {policy.for_each.singular}" + (" where" if policy.where is not None else "") + ":"
        if policy.where is not None:
            yield from _condition(policy.where, 2)
    yield "  It is true when"
    yield from _condition(policy.when, 2)
    yield f"  It fires {_confirmation(policy)}."
    if policy.clear_when is not None:
        yield "  Once it fires it clears only when"
        yield from _condition(policy.clear_when, 2)
    yield f"  While it is unknown: {_unknowns(policy)}."
    yield f"  {_repeats(policy)}"
    yield "  Then, in this order:"
    for number, call in enumerate(policy.then, start=1):
        yield f"    {number} {call.words}"
    yield from _values(policy, program, accounts)
    yield f"  It reads {', '.join(sorted(part.value for part in policy.needs))}; it stands in {policy.file}."


def _who(policy: Policy) -> str:
    if policy.accounts.ids is not None:
        return f"it watches {', '.join(policy.accounts.ids)}"
    if policy.accounts.labels:
        return "it watches accounts with " + ", ".join(f"{k}={v}" for k, v in policy.accounts.labels.items())
    return "it watches every account"


def _hours(policy: Policy) -> str:
    return policy.during.name.replace("_", " ")


def _condition(node: ir.Node, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(node, ir.Sentence):
        yield f"{pad}{node.text}"
    elif isinstance(node, ir.Junction):
        words = {"all": "all of these hold:", "any": "at least one holds:", "none": "none of these holds:"}
        yield f"{pad}{words[node.kind]}"
        for operand in node.operands:
            yield from _condition(operand, depth + 1)


def _confirmation(policy: Policy) -> str:
    confirm = policy.confirm
    if confirm.samples == 1 and not confirm.at_least:
        return "at the first true reading"
    words = f"after {confirm.samples} true readings"
    if confirm.at_least:
        words += f" that span at least {show_duration(seconds(confirm.at_least))}"
    if confirm.max_gap is not None:
        words += f", none of them more than {show_duration(seconds(confirm.max_gap))} after the one before"
    return words


def _unknowns(policy: Policy) -> str:
    steps = (
        ("people are told", policy.on_unknown.alert),
        ("entries are blocked", policy.on_unknown.block_entries),
        ("it acts as if true, if positions and orders are known", policy.on_unknown.fire),
    )
    told = [f"{words} after {show_duration(seconds(after))}" for words, after in steps if after is not None]
    return "; ".join(told) or "it waits"


def _repeats(policy: Policy) -> str:
    if policy.once is not None:
        period = f" per {policy.once.period}" if policy.once.period else ""
        return f"It acts once per {policy.once.scope}{period}; the latch survives restarts and keeps its mode."
    if policy.cooldown is not None:
        return f"It rests {show_duration(seconds(policy.cooldown))} after acting, then may act again."
    return "It acts once per episode."


def _values(policy: Policy, program: Program, accounts: Mapping[str, Account]) -> Iterator[str]:
    nodes = [policy.when, *policy.lets.values(), *(n for n in (policy.where, policy.clear_when) if n is not None)]
    names = dict.fromkeys(part.name for node in nodes for part in ir.walk(node) if isinstance(part, ir.ValueRef))
    types = {part.name: part for node in nodes for part in ir.walk(node) if isinstance(part, ir.ValueRef)}
    for name in names:
        origin, node = (
            ("this policy", policy.lets[name]) if name in policy.lets else ("values.yaml", program.values[name])
        )
        yield f"  {name} is {_value_words(node, types[name])} ({origin})"
        for account in accounts.values():
            if name in account.values:
                yield f"    on {account.id}: {_value_words(account.values[name], types[name])} (rekha.yaml)"
    for account in accounts.values():
        mode = account.modes.get(policy.name)
        if mode is not None and mode is not policy.mode:
            yield f"  On {account.id} its mode is {mode.value} (rekha.yaml)."


def _value_words(node: ir.Node, use: ir.ValueRef) -> str:
    if isinstance(node, ir.Literal):
        account = Account("")
        return show(node.value, use.type, account.currency, account.zone)
    return node.text if isinstance(node, ir.Sentence) else "a value"
