"""`rekha explain`: a policy, a fact, an action, a broker, a code of the checker or the sentence, in plain words."""

import argparse
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType

from engine.actions.catalogue import ACTIONS, LATER_ACTIONS
from engine.cli import exits
from engine.cli.finding_codes import code_pages
from engine.cli.output import complain, write
from engine.domain.kinds import unit_of
from engine.facts.base import FactSpec, FieldSpec, FunctionSpec, Sign
from engine.facts.catalogue import CATALOGUE
from engine.facts.later import LATER_FACTS, LATER_FIELDS, LATER_ROWS
from engine.policy.findings import suggestion
from engine.policy.scope import FUNCTIONS, HISTORY

_OF_HISTORY = "a fact, a field of the rule's own row, or spot('NIFTY'); move: the name of an underlying"


def run(arguments: argparse.Namespace) -> int:
    """Return 0, 1 when the topic is unknown or the policies have errors, 2 on misuse; policies are the sibling's."""
    if arguments.source:
        if len(arguments.topic) > 1:
            complain("explain --source takes one policy, or none for the whole set")
            return exits.MISUSE
        return _of_policy(arguments)
    if not arguments.topic:
        complain("explain what? one policy; fact NAME, action NAME, broker NAME, code NAME, sentence; or --source")
        return exits.MISUSE
    kind, *rest = arguments.topic
    if kind == "sentence" and not rest:
        return _say(_sentence())
    if kind == "code":
        return _code(rest[0] if rest else "") if len(rest) < 2 else _misused("explain code takes one code, or none")
    if kind in _NAMED:
        return _NAMED[kind](rest[0]) if len(rest) == 1 else _misused(f"explain {kind} takes one name")
    if rest:
        complain("explain takes one policy; or fact NAME, action NAME, broker NAME, code NAME, sentence")
        return exits.MISUSE
    return _of_policy(arguments)


def _misused(words: str) -> int:
    complain(words)
    return exits.MISUSE


def _of_policy(arguments: argparse.Namespace) -> int:
    run_policy: Callable[[argparse.Namespace], int] = import_module("engine.cli.explain_policy").run
    return run_policy(arguments)


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
    rows = CATALOGUE.rows.get(name) or CATALOGUE.shared.get(name) or CATALOGUE.singular(name)
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
    if name in CATALOGUE.functions:
        return _say(_function(CATALOGUE.functions[name]))
    if name in FUNCTIONS:
        return _say(iter((FUNCTIONS[name],)))
    if name in HISTORY:
        return _say(iter((HISTORY[name], f"  of       {_OF_HISTORY}")))
    later = {**LATER_FACTS, **LATER_ROWS, **LATER_FIELDS}
    if name in later:
        write(f"{name}: {later[name]} (known to the language, comes later)")
        return exits.OK
    kinds = (*CATALOGUE.rows.values(), *CATALOGUE.shared.values())
    dotted = [f"{rows.singular}.{one}" for rows in kinds for one in rows.fields]
    return _unknown("fact", name, suggestion(name, [*CATALOGUE.facts, *CATALOGUE.functions, *HISTORY, *dotted]))


def _function(spec: FunctionSpec) -> Iterator[str]:
    unit = unit_of(spec.type, "account currency")
    yield spec.words
    yield f"  is       {spec.type}" + (f", in {unit}" if unit else "")
    yield f"  of       {', '.join(f'{one.name} ({one.type})' for one in spec.parameters)}"
    yield f"  read     {', '.join(sorted(part.value for part in spec.needs))}"
    yield f"  example  {spec.example}"


def _described(name: str, spec: FactSpec | FieldSpec) -> Iterator[str]:
    unit = unit_of(spec.type, "account currency")
    yield f"{name}: {spec.doc}"
    yield f"  is       {spec.type}" + (f", in {unit}" if unit else "")
    if spec.type.members:
        yield f"  one of   {', '.join(spec.type.members)}"
    if spec.sign is not Sign.NONE:
        yield f"  sign     {spec.sign.value}"
    yield f"  read     {', '.join(sorted(part.value for part in spec.needs)) or 'nothing'}"
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
    told = spec.schema.get("properties", {})
    lines.extend(f"  takes         {word}: {shape['description']}" for word, shape in told.items())
    return _say(iter(lines))


def _code(code: str) -> int:
    pages = code_pages()
    if not code:
        width = max(map(len, pages))
        return _say(f"{page.code:<{width}}  {page.summary}" for page in pages.values())
    if code not in pages:
        return _unknown("code", code, suggestion(code, pages))
    return _say(iter([f"{code}:", "", *pages[code].markdown.splitlines()]))


def _broker(name: str) -> int:
    described: Callable[[str], Iterator[str] | None] = import_module("engine.cli.explain_broker").described
    lines = described(name)
    return _unknown("broker", name, "known are kite, kotak") if lines is None else _say(lines)


def _sentence() -> Iterator[str]:
    yield "A sentence is true, false or unknown. It names facts and values and compares them."
    yield "  loss >= loss_limit            loss >= 60% of loss_limit       time >= 14:45"
    yield "  stop_loss_hit                 not broker_connected            10 < open_positions < 40"
    yield "  weekday in [TUE, THU]         (a >= 5k and b) or c            age(mtm) > 10s"
    yield "  any(p.loss >= 5k for p in positions if p.is_short)"
    yield "Values: 10_000  50k  2 lakh  1.5 crore  10k INR  5%  60% of x  30s  5m  1h30m  14:45  'text'"
    yield "Functions:"
    for words in (*FUNCTIONS.values(), *HISTORY.values(), *(spec.words for spec in CATALOGUE.functions.values())):
        yield f"  {words}"
    yield "Facts: see rekha facts."
    yield "Unknown spreads: unknown and false is false, unknown or true is true, not unknown is unknown."


_NAMED: Mapping[str, Callable[[str], int]] = MappingProxyType({"fact": _fact, "action": _action, "broker": _broker})
