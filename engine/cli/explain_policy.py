"""`rekha explain POLICY`: one policy in plain sentences, with every value it uses and every account that differs."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap

from engine.cli import exits
from engine.cli.explain_source import show_source
from engine.cli.explain_values import value_words, values_in_words
from engine.cli.output import complain, counted, report_error, write, write_findings
from engine.core.blast import ASKED_FOR
from engine.domain.account import Account
from engine.domain.kinds import show_duration
from engine.domain.numbers import HUNDRED, canonical, seconds_of
from engine.errors import EngineError
from engine.policy import ir
from engine.policy.findings import suggestion
from engine.policy.groups import members_of
from engine.policy.program import Policy, Program
from engine.policy.reach_shape import WAKES
from engine.policy.scope import USUAL_CURRENCIES
from engine.runtime.clock import now
from engine.runtime.desk import read_desk, resolve_desk
from engine.runtime.policy_files import load_policies
from engine.runtime.resources import resource_dir


def run(arguments: argparse.Namespace) -> int:
    """Return 0, or 1 when there is no such policy or the set has errors."""
    name = arguments.topic[0] if arguments.topic else ""
    try:
        desk_file = read_desk(arguments.desk) if arguments.desk else None
        place = arguments.policies or (str(desk_file.policies) if desk_file is not None else _default_place(name))
        currencies = desk_file.currencies if desk_file is not None else USUAL_CURRENCIES
        loaded = load_policies([place], currencies)
        if loaded.has_errors:
            write_findings(loaded.findings, loaded.texts, sys.stderr)
            return exits.ERRORS
        whole = not arguments.policies
        accounts = resolve_desk(desk_file, loaded.program, whole=whole).accounts if desk_file is not None else {}
    except EngineError as error:
        return report_error(error)
    if not name:
        return show_source(loaded.program, loaded.program.policies)
    file = Path(name).as_posix()
    found = [
        policy for policy in loaded.program.policies if name in (policy.name, policy.ladder) or policy.file == file
    ]
    if not found:
        known = list(dict.fromkeys(name for one in loaded.program.policies for name in (one.ladder, one.name)))
        hint = suggestion(name, known) or f"{place} has {', '.join(known)}"
        complain(f"there is no policy '{name}'; {hint}")
        return exits.ERRORS
    if arguments.source:
        return show_source(loaded.program, found)
    for number, policy in enumerate(found):
        if number:
            write()
        for line in _sentences(policy, loaded.program, accounts):
            write(line)
    return exits.OK


def _default_place(name: str) -> str:
    if Path(name).is_file():
        return name
    return "policies" if Path("policies").is_dir() else str(resource_dir("policies"))


def _sentences(policy: Policy, program: Program, accounts: Mapping[str, Account]) -> Iterator[str]:
    yield f"{policy.name}: {policy.title}"
    if policy.description:
        yield from wrap(policy.description, 100, initial_indent="  ", subsequent_indent="  ")
    yield from policy_in_words(policy, program, accounts)
    yield f"  It reads {', '.join(sorted(part.value for part in policy.needs))}; it stands in {policy.file}."


def policy_in_words(policy: Policy, program: Program, accounts: Mapping[str, Account]) -> Iterator[str]:
    """Yield what a policy says as lines, two blanks in front; all but its title, its description and its file."""
    hours = policy.during.name.replace("_", " ")
    yield f"  It is {policy.severity.value} and in mode {policy.mode.value}; {_who(policy)}, during {hours}."
    if policy.is_of_group:
        here = f": here {', '.join(members)}" if (members := _members(policy, accounts)) else ""
        yield f"  These accounts are taken together as one group{here}."
        yield "  Each member acts on its own book, under its own mode and latch."
    elif policy.for_each is not None:
        yield f"  For each {policy.for_each.singular}" + (" where" if policy.where is not None else "") + ":"
        if policy.where is not None:
            yield from _condition(policy.where, 2)
    yield "  It is true when"
    yield from _condition(policy.when, 2)
    yield f"  It fires {_confirmation(policy)}."
    if policy.confirm.at_once_beyond is not None:
        line = value_words(policy.confirm.at_once_beyond)
        yield f"  Past {line} one reading is enough, if every price is known and two-sided."
    if policy.clear_when is not None:
        yield "  Once it fires it clears only when"
        yield from _condition(policy.clear_when, 2)
    yield f"  While it is unknown: {_unknowns(policy)}."
    yield f"  {_repeats(policy)}"
    yield from _reach(policy)
    yield from _demands(policy)
    yield "  Then, in this order:"
    for number, call in enumerate(policy.then, start=1):
        yield f"    {number} {call.words}"
    yield from values_in_words(policy, program, accounts, now())


def _members(policy: Policy, accounts: Mapping[str, Account]) -> list[str]:
    return [account.id for account in members_of(policy, accounts)]


def _who(policy: Policy) -> str:
    if policy.accounts.ids is not None:
        return f"it watches {', '.join(policy.accounts.ids)}"
    if policy.accounts.labels:
        return "it watches accounts with " + ", ".join(f"{k}={v}" for k, v in policy.accounts.labels.items())
    return "it watches every account"


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
    words = f"after {confirm.samples} true reading{'s' if confirm.samples != 1 else ''}"
    if confirm.at_least:
        words += f" that span at least {show_duration(seconds_of(confirm.at_least))}"
    gap = "3 polls" if confirm.max_gap is None else show_duration(seconds_of(confirm.max_gap))
    return f"{words}, none of them more than {gap} after the one before"


def _unknowns(policy: Policy) -> str:
    spells = policy.on_unknown
    told = []
    if spells.alert is not None:
        told.append(f"people are told after {show_duration(seconds_of(spells.alert))}")
    if spells.block_entries is not None:
        told.append(f"entries are blocked after {show_duration(seconds_of(spells.block_entries))}")
    if spells.fire is not None:
        after = show_duration(seconds_of(spells.fire))
        told.append(
            f"after {after} it acts as if true while positions and orders are known; without them it blocks and alerts"
        )
    return "; ".join(told) or "it waits"


def _repeats(policy: Policy) -> str:
    rest = f" and rests {show_duration(seconds_of(policy.cooldown))} after each" if policy.cooldown is not None else ""
    if policy.once is not None and policy.once.scope != "episode":
        period = f" per {policy.once.period}" if policy.once.period else ""
        return f"It acts once per {policy.once.scope}{period}{rest}; the latch survives restarts and keeps its mode."
    if policy.cooldown is not None and policy.once is None:
        return f"It rests {show_duration(seconds_of(policy.cooldown))} after acting, then may act again."
    return f"It acts once per episode: again only after it has cleared{rest}."


def _reach(policy: Policy) -> Iterator[str]:
    radius = policy.blast_radius
    if radius is not None:
        share = f"{canonical(radius.share)}% of its accounts" if radius.share is not None else ""
        most = share or counted(radius.accounts or 0, "account")
        within, asked = show_duration(seconds_of(radius.within)), show_duration(seconds_of(ASKED_FOR))
        yield f"  Within {within} it acts on at most {most}; on more a person is asked for {asked}, then it goes on."
    if policy.wakes:
        yield f"  It also wakes when {', when '.join(WAKES[word] for word in policy.wakes)}."


def _demands(policy: Policy) -> Iterator[str]:
    if policy.demands.max_age is not None:
        yield f"  Data older than {show_duration(seconds_of(policy.demands.max_age))} is unknown to it."
    if policy.demands.stop_loss_share != HUNDRED:
        yield f"  A stop-loss counts when {policy.demands.stop_loss_share:f}% of it has filled."
    if policy.required:
        yield "  It is required: no account may weaken it."
    if policy.was is not None:
        yield f"  It was called {policy.was} before, and keeps the latch of that name."
