"""What the generated functions of a watch say of a reading: which conditions are true, and which they leave open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.core.env import AccountEnv
from engine.core.views import Views
from engine.core.watch import Group, Watch
from engine.domain.truth import Truth
from engine.domain.values import Unknown, Value
from engine.facts.base import View, doubt_of
from engine.policy import meaning
from engine.policy.generated.conditions import Answer, Pass
from engine.policy.generated.terms import Constant


@dataclass(frozen=True, slots=True)
class Quick:
    """
    Policies by what is known of their conditions without the tree evaluator; of all others the condition is false.

    known: TRUE or UNKNOWN by name; of a `for_each`, for some row. open: the tree evaluator must judge them.
    """

    known: Mapping[str, Truth]
    open: frozenset[str]


def quick(watch: Watch, views: Views) -> Quick:
    """Return what the generated functions say; with a program that is to be judged by the tree, nothing."""
    known: dict[str, Truth] = {}
    open_: list[str] = []
    for group in watch.groups:
        if watch.program.by_tree:
            open_ += group.conditions.policies
            continue
        try:
            fires, unknown, unsure = _asked(watch, group, views)
        except Exception:  # noqa: BLE001 - a fact that breaks: each policy meets it behind its own guard, and tells
            open_ += group.conditions.policies
            continue
        known |= dict.fromkeys(fires, Truth.TRUE) | dict.fromkeys(unknown, Truth.UNKNOWN)
        open_ += unsure
    return Quick(known, frozenset(open_))


def _asked(watch: Watch, group: Group, views: Views) -> Answer:
    conditions, view = group.conditions, views.of(group.demands)
    env = AccountEnv(view, watch.program.catalogue, watch.values)
    facts, unknown = view.kept(conditions, lambda _: _with_unknown(env, conditions.facts))
    timed, unknown_now = _with_unknown(env, conditions.moments)
    moment = (view.now, *timed, *(_by_tree(one, env) for one in conditions.asked))
    constants, moving = group.constants, ()
    if group.moving:
        constants, moving = _with_moving(group, env)
    results: list[Any] = []
    for one in conditions.passes:
        results += _over(one, env, view, facts, moment, constants, moving)
    return conditions.ask(facts, moment, constants, results, unknown | unknown_now)


def _with_unknown(env: AccountEnv, names: tuple[str, ...]) -> tuple[tuple[Value, ...], frozenset[str]]:
    found = tuple([env.fact(name) for name in names])
    return found, frozenset(name for name, value in zip(names, found, strict=True) if value.__class__ is Unknown)


def _over(
    one: Pass, env: AccountEnv, view: View, facts: tuple[Any, ...], moment: tuple[Any, ...],
    constants: tuple[Any, ...], moving: tuple[Any, ...],
) -> tuple[Any, ...]:  # fmt: skip
    def made(_: View) -> tuple[Any, ...]:
        return one.over(_sure_rows(env, one.rows), view, facts, moment, constants)

    if one.is_timed:
        return made(view)
    # Limits that move may do so while all that is kept from stays: the last answer counts for the same limits only.
    last: list[Any] = view.kept(one, lambda _: [None, ()])
    if last[0] != moving:
        last[:] = moving, made(view)
    found: tuple[Any, ...] = last[1]
    return found


def _sure_rows(env: AccountEnv, plural: str) -> tuple[Any, ...] | Unknown:
    """Return the rows of a kind; Unknown, which leaves them to the tree, when one of them is perhaps not there."""
    rows = env.rows(plural)
    if not env.catalogue.rows[plural].may_doubt or isinstance(rows, Unknown):
        return rows
    return next((doubt for doubt in map(doubt_of, rows) if doubt is not None), rows)


def _with_moving(group: Group, env: AccountEnv) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    constants = list(group.constants)
    for index, constant in group.moving.items():
        constants[index] = _by_tree(constant, env)
    known = tuple(constants[index] for index in group.moving)
    return tuple(constants), tuple(repr(value) if isinstance(value, Unknown) else value for value in known)


def _by_tree(constant: Constant, env: AccountEnv) -> Value:
    own = AccountEnv(env.view, env.catalogue, {**env.values, **constant.lets}) if constant.lets else env
    return meaning.evaluate(constant.node, own).value
