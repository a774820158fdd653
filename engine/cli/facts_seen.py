"""`rekha facts` with readings: what Rekha sees in an account, as text and as JSON."""

import argparse
from collections.abc import Mapping
from typing import Any

from engine.cli import exits
from engine.cli.dry_run_text import drift_lines, unread_lines
from engine.cli.inputs import Watched, desk_of, say_from_when, watched
from engine.cli.output import report_error, write, write_json
from engine.cli.trace_json import value_as_json
from engine.core.env import AccountEnv
from engine.core.evaluate import AccountState, perceive
from engine.domain.kinds import Type, show
from engine.domain.numbers import canonical
from engine.domain.values import Unknown, Value
from engine.errors import EngineError
from engine.facts.base import FieldSpec, View
from engine.facts.catalogue import CATALOGUE
from engine.facts.drift import drift


def run(arguments: argparse.Namespace) -> int:
    """Return 0 also with unknown facts, 1 on errors, 2 on misuse."""
    try:
        seen = watched(arguments, desk_of(arguments))
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
    for line in (*seen.notes, *(unread_lines(seen.readings[-1]) if seen.is_live else ())):
        write(f"  {line}")
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
    for line in drift_lines(view):
        write(f"  {line}")
