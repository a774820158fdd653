"""What several decisions come to: each thing once, the strictest of it, in whatever order they came."""

from decimal import Decimal

import pytest

from engine.actions.merge import NOTHING, Asked, Cancel, Merged, Owner, merged, ordered_by
from engine.actions.targets import Target, Targets, Undecided, merge_targets

A, B = Owner("a"), Owner("b", "row")
LEG = ("NFO", "CE", "NRML", 1)


def target(net: int) -> Targets:
    return Targets((Target(LEG, Decimal(-150), Decimal(net)),))


def order(owner: Owner, *calls: tuple[str, dict[str, object]], net: int = 0) -> Merged:
    targets = [target(net) if name == "square_off" else Targets() for name, _ in calls]
    return ordered_by(owner, calls, targets, ())


def test_the_smaller_target_holds() -> None:
    assert merge_targets((target(-75), target(0), target(-100))) == target(0)


def test_what_is_undecided_of_a_leg_that_is_closed_whole_is_decided() -> None:
    doubt = Targets(undecided=(Undecided(LEG, "no quote"), Undecided((), "not read")))
    assert {one.leg for one in merge_targets((doubt, target(-75))).undecided} == {LEG, ()}
    assert {one.leg for one in merge_targets((doubt, target(0))).undecided} == {()}


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (("kill_switch", {}), ("kill_switch", {"even_if_open": True}), Merged(kill_switch="even if open")),
        (("logout", {"when": "now"}), ("logout", {"when": "after_watch"}), Merged(logout="now")),
        (
            ("cancel_orders", {"which": "all"}),
            ("cancel_orders", {"which": "this"}),
            Merged(cancels=frozenset({Cancel("all")})),
        ),
        (
            ("cancel_orders", {"which": "stops"}),
            ("cancel_orders", {"which": "this"}),
            Merged(cancels=frozenset({Cancel("stops"), Cancel("this", "row")})),
        ),
        (("webhook", {"name": "x"}), ("webhook", {"name": "x"}), Merged(webhooks=frozenset({"x"}))),
        (("sync", {"which": "linked"}), ("sync", {"which": "linked"}), Merged(sync=True)),
    ],
)
def test_the_strictest_holds_once(
    one: tuple[str, dict[str, object]], other: tuple[str, dict[str, object]], together: Merged
) -> None:
    first, second = order(A, one), order(B, other)
    assert merged((first, second)) == merged((second, first)) == merged((first, second, first)) == together


def test_two_policies_tell_the_same_channel_each() -> None:
    told = merged(order(owner, ("notify", {"channels": ("telegram", "call")})) for owner in (A, B))
    assert len(told.notifies) == 4


def test_what_stands_after_a_question_waits_for_its_answer() -> None:
    question = {"text": "Close it?", "wait": Decimal(20), "unanswered": "go on"}
    found = order(
        A,
        ("notify", {"channels": ("telegram",)}),
        ("ask", question),
        ("square_off", {"what": "all"}),
        ("sync", {"which": "linked"}),
    )
    then = Merged(targets=target(0))
    asked = Asked(A, "Close it?", Decimal(20), "go on", then)
    assert found == Merged(notifies=frozenset({(A, "telegram")}), sync=True, asked=frozenset({asked}))


def test_nothing_is_the_end_of_merging() -> None:
    whole = order(A, ("square_off", {"what": "all"}), ("kill_switch", {}))
    assert merged(()) == NOTHING
    assert merged((NOTHING, whole)) == whole
