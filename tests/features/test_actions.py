"""What actions come to on a book: every scenario of `features/actions`."""

from pytest_bdd import parsers, scenarios, then

from engine.actions.targets import Targets, merge_targets
from engine.core.together import together
from engine.domain.enums import Mode
from engine.domain.numbers import canonical
from tests.features.desk import Desk

scenarios("actions")


def shown(targets: Targets) -> str:
    legs = ", ".join(f"{target.leg[1]} {canonical(target.net)}" for target in targets.legs)
    return legs or "everything as it is"


def wanted(legs: str) -> str:
    return ", ".join(sorted(part.strip() for part in legs.split(",")))


def left(desk: Desk) -> Targets:
    """The targets of the rows that fire, all actions together."""
    return merge_targets(targets for result in desk.results() for targets in result.exits)


@then(parsers.parse("it leaves {legs}"))
def _(desk: Desk, legs: str) -> None:
    assert wanted(shown(left(desk))) == wanted(legs)


@then(parsers.parse("of {symbol} it cannot tell: {cause}"))
def _(desk: Desk, symbol: str, cause: str) -> None:
    found = [(one.leg[1], one.cause) for one in left(desk).undecided if one.leg]
    assert found == [(symbol, cause)]


@then(parsers.parse("together the enforced rules leave {legs}"))
def _(desk: Desk, legs: str) -> None:
    found = together(desk.slots[-1].evaluation)
    assert set(found) == {Mode.ENFORCE}
    assert wanted(shown(found[Mode.ENFORCE].targets)) == wanted(legs)
