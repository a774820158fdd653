"""What exits come to: a target quantity for each leg, between nothing and what is held; how several come together."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from engine.domain.snapshot import Leg

# (exchange, symbol, product, n): a position, and no later one of the same contract.
LegKey = tuple[str, str, str, int]


def key_of(leg: Leg) -> LegKey:
    """Return the name of the position a leg holds."""
    return (*leg.key, leg.number)


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """
    What a leg is to hold. net: the target, signed as `present`, which is held now; never beyond it, never across zero.

    Raises: ValueError for a target that would raise or turn the position.
    """

    leg: LegKey
    present: Decimal
    net: Decimal

    def __post_init__(self) -> None:
        low, high = sorted((Decimal(0), self.present))
        if not low <= self.net <= high:
            raise ValueError(f"{self.leg}: {self.net} is not between nothing and {self.present}")


@dataclass(frozen=True, slots=True, order=True)
class Undecided:
    """Units of a leg of which it cannot be told whether they are to be closed. leg: empty for the whole book."""

    leg: LegKey | tuple[()]
    cause: str


@dataclass(frozen=True, slots=True)
class Targets:
    """
    Targets of one book, one a leg, in the order of their keys; a leg that is left as it is has none.

    undecided: what could not be told, in the same order; its certain part may have a target besides.
    """

    legs: tuple[Target, ...] = ()
    undecided: tuple[Undecided, ...] = ()

    def __or__(self, other: "Targets") -> "Targets":
        return merge_targets((self, other))


def merge_targets(several: Iterable[Targets]) -> Targets:
    """
    Return the targets that satisfy all of several, given for the same book: of each leg the smallest.

    Neither order nor repetition matters. What is undecided of a leg that is closed whole is decided.
    """
    least: dict[LegKey, Target] = {}
    open_: set[Undecided] = set()
    for targets in several:
        open_.update(targets.undecided)
        for target in targets.legs:
            known = least.get(target.leg)
            if known is None or target.net.copy_abs() < known.net.copy_abs():
                least[target.leg] = target
    closed = {target.leg for target in least.values() if not target.net}
    left = sorted(one for one in open_ if one.leg not in closed)
    return Targets(tuple(least[key] for key in sorted(least)), tuple(left))
