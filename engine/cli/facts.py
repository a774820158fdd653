"""`rekha facts`: the catalogue of what a policy may ask, or what Rekha sees in an account's readings."""

import argparse
from collections.abc import Mapping
from typing import Any

from engine.cli import exits
from engine.cli.inputs import Watched, accounts_of, say_from_when, wants_readings, watched
from engine.cli.output import report_error, write, write_json
from engine.cli.trace_json import value_as_json
from engine.core.env import AccountEnv
from engine.core.evaluate import AccountState, perceive
from engine.domain.kinds import Type, show, unit_of
from engine.domain.numbers import canonical
from engine.domain.values import Unknown, Value
from engine.errors import EngineError
from engine.facts.base import FactSpec, FieldSpec, View
from engine.facts.catalogue import CATALOGUE
from engine.facts.drift import drift


def run(arguments: argparse.Namespace) -> int:
    """Return 0 also with unknown facts, 1 on errors, 2 on misuse."""
    if not wants_readings(arguments) and not (arguments.desk or arguments.account or arguments.at):
        _show_catalogue(arguments.format)
        return exits.OK
    try:
        seen = watched(arguments, accounts_of(arguments))
    except EngineError as error:
        return report_error(error)
    views = {one.account.id: last_view(one) for one in seen}
    if arguments.format == "json":
        write_json({name: _as_json(view) for name, view in views.items()})
        say_from_when(seen)
    else:
        for one in seen:
            _write_account(one, views[one.account.id])
    return exits.OK


def last_view(seen: Watched) -> View:
    """Return what Rekha sees at an account's last reading, all earlier ones remembered."""
    state = AccountState()
    for snapshot in seen.readings:
        state, view = perceive(seen.account, snapshot, state, snapshot.taken_at)
    if seen.at is not None:
        _, view = perceive(seen.account, seen.readings[-1], state, seen.at)
    return view


def _as_json(view: View) -> dict[str, Any]:
    env = AccountEnv(view, CATALOGUE, {})
    facts = {name: _stamped(env, name, env.fact(name), spec.type) for name, spec in CATALOGUE.facts.items()}
    rows: dict[str, Any] = {}
    for plural, spec in CATALOGUE.rows.items():
        found = env.rows(plural)
        rows[plural] = (
            {"value": None, "unknown": found.cause}
            if isinstance(found, Unknown)
            else [_row(env, plural, row, spec.fields) for row in found]
        )
    drifts = [
        {
            "scope": one.scope,
            "name": one.name,
            "ours": canonical(one.ours),
            "reported": canonical(one.reported),
            "difference": canonical(one.difference),
        }
        for one in drift(view)
    ]
    return {"facts": facts, "rows": rows, "drift": drifts}


def _row(env: AccountEnv, plural: str, row: Any, fields: Mapping[str, FieldSpec]) -> dict[str, Any]:
    return {name: _stamped(env, plural, env.field(plural, row, name), spec.type) for name, spec in fields.items()}


def _stamped(env: AccountEnv, name: str, value: Value, type_: Type) -> dict[str, Any]:
    read_at = env.read_at(name)
    stamp = None if read_at is None else read_at.astimezone(env.view.account.zone).isoformat()
    return {**value_as_json(value, type_, env.view), "as_of": stamp}


def _write_account(seen: Watched, view: View) -> None:
    env = AccountEnv(view, CATALOGUE, {})
    account = view.account
    local = view.now.astimezone(account.zone)
    write(f"{account.id}: seen from {local:%a %Y-%m-%d %H:%M:%S %Z} ({seen.origin})")
    for name, spec in CATALOGUE.facts.items():
        write(f"  {name:<24} {show(env.fact(name), spec.type, account.currency, account.zone)}")
    for plural, rows in CATALOGUE.rows.items():
        found = env.rows(plural)
        if isinstance(found, Unknown):
            write(f"  {plural}: unknown ({found.cause})")
            continue
        write(f"  {len(found)} {plural}")
        for row in found if plural != "legs" else ():
            write(f"    {rows.key(row)}")
            for name, field in rows.fields.items():
                write(
                    f"      {name:<22} {show(env.field(plural, row, name), field.type, account.currency, account.zone)}"
                )
    for one in drift(view):
        write(f"  drift: {one.scope} {one.name}: ours {canonical(one.ours)}, the broker says {canonical(one.reported)}")


def _show_catalogue(form: str) -> None:
    if form == "json":
        write_json(
            {
                "facts": {name: _spec(spec) for name, spec in CATALOGUE.facts.items()},
                "rows": {
                    plural: {
                        "singular": rows.singular,
                        "doc": rows.doc,
                        "fields": {name: _spec(field) for name, field in rows.fields.items()},
                    }
                    for plural, rows in CATALOGUE.rows.items()
                },
            }
        )
        return
    for name, spec in CATALOGUE.facts.items():
        write(f"{name:<26} {_type_words(spec.type):<18} {spec.doc}")
    for plural, rows in CATALOGUE.rows.items():
        write()
        write(f"{plural} ({rows.singular}.): {rows.doc}")
        for name, field in rows.fields.items():
            write(f"  {rows.singular + '.' + name:<32} {_type_words(field.type):<18} {field.doc}")


def _type_words(type_: Type) -> str:
    unit = unit_of(type_, "")
    return f"{type_}{f' of {unit}' if unit and type_.unit else ''}"


def _spec(spec: FactSpec | FieldSpec) -> dict[str, Any]:
    return {
        "type": spec.type.kind.value,
        "unit": spec.type.unit or None,
        "choices": list(spec.type.members) or None,
        "sign": spec.sign.value,
        "needs": sorted(part.value for part in spec.needs),
        "doc": spec.doc,
        "example": spec.example or None,
    }
