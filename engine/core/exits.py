"""What exits come to on the book they were decided on: the targets of each call of `then`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.actions.closing import targets_of
from engine.actions.targets import Targets
from engine.core.env import AccountEnv
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown, Value, unknown
from engine.facts.coverage import cover_of
from engine.facts.mark import mark
from engine.facts.parts import legs_of, may_be_option, name_of, positions_of
from engine.facts.path import may_have_been_short
from engine.facts.pnl import leg_loss
from engine.policy import ir, meaning
from engine.policy.program import ActionCall

_ROWS = "positions"
_ROW = "position"


def exits_of(calls: Iterable[ActionCall], env: AccountEnv, bound: Mapping[str, Any]) -> tuple[Targets, ...]:
    """
    Return the targets of each call on the book of an environment; none for a call that closes nothing.

    bound: the row of a `for_each` by its name; empty when it is not known.
    """
    book = Book(env, bound)
    return tuple(targets_of(call.name, call.arguments, book) if call.spec.exits else Targets() for call in calls)


class Book:
    """An `ExitBook` over one view: the account's legs as the facts see them at that instant."""

    def __init__(self, env: AccountEnv, bound: Mapping[str, Any]) -> None:
        self._env = env
        self._bound = bound

    def legs(self) -> tuple[Leg, ...] | Unknown:
        """Return the open legs."""
        return positions_of(self._env.view)

    def this(self) -> Leg | Unknown:
        """Return the leg the rule is about."""
        leg = self._bound.get(_ROW)
        return leg if isinstance(leg, Leg) else unknown("the position is not known")

    def naked(self, leg: Leg) -> Value:
        """Return the sold units of an option that nothing covers; zero for anything else."""
        return cover_of(self._env.view, leg).naked

    def is_hedge(self, leg: Leg) -> bool | Unknown:
        """Return whether a leg is a bought option where an option is sold, or was today."""
        if not leg.instrument.is_option or leg.net_quantity <= ZERO:
            return False
        view, name = self._env.view, leg.instrument.underlying
        if name is not None and name in view.memory.primaries:
            return True
        legs = legs_of(view)
        doubtful = [] if isinstance(legs, Unknown) else [one for one in legs if _may_share(one, leg)]
        doubtful = [one for one in doubtful if may_be_option(one.instrument) and may_have_been_short(view, one)]
        if not doubtful:
            return False
        names = " or ".join(name_of(one.instrument) for one in doubtful)
        return unknown(f"whether {names} makes {name_of(leg.instrument)} a hedge is not known")

    def chosen(self, where: Any, leg: Leg, naked: Value | None) -> bool | Unknown:
        """Return whether a condition chooses a leg, or that part of it of which so many units are naked."""
        assert isinstance(where, ir.Node)
        # A row of its own, so that a run over positions inside the condition sees the leg whole.
        row = leg if naked is None else replace(leg)
        env = self._env if naked is None else _PartEnv(self._env, row, naked)
        value = meaning.evaluate(where, env, {**self._bound, _ROW: row}).value
        return value if isinstance(value, Unknown) else value is True

    def price(self, leg: Leg) -> Value:
        """Return what one unit is worth."""
        return mark(self._env.view, leg)

    def loss(self, leg: Leg) -> Value:
        """Return the leg's loss of the day."""
        return leg_loss(self._env.view, leg)


class _PartEnv(AccountEnv):
    """The same environment, in which one row is the naked or the covered part of a sold option."""

    def __init__(self, whole: AccountEnv, row: Leg, naked: Value) -> None:
        super().__init__(whole.view, whole.catalogue, whole.values)
        self._row = row
        self._part: Mapping[str, Value] = {"is_covered": naked == ZERO, "naked_quantity": naked}

    def field(self, plural: str, row: Any, field: str) -> Value:
        """Return a field of a row."""
        if row is self._row and field in self._part:
            return self._part[field]
        return super().field(plural, row, field)


def _may_share(one: Leg, other: Leg) -> bool:
    names = one.instrument.underlying, other.instrument.underlying
    return None in names or names[0] == names[1]
