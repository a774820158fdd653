"""Any decisions, in any order and grouping, come to the same; and no leg is ever held larger for it."""

from collections.abc import Callable
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.actions.merge import Asked, Cancel, Merged, Owner, merged
from engine.actions.targets import Target, Targets, Undecided, merge_targets

PRESENT = {("NFO", name, "NRML", 1): Decimal(net) for name, net in (("A", -225), ("B", 150), ("C", -75), ("D", 0))}
OWNERS = st.builds(Owner, st.sampled_from("ab"), st.sampled_from([None, "row"]))


@st.composite
def targets(draw: Callable[[st.SearchStrategy[object]], object]) -> Targets:
    legs = []
    for key in sorted(PRESENT):
        if draw(st.booleans()):
            share = draw(st.integers(0, 3))
            assert isinstance(share, int)
            legs.append(Target(key, PRESENT[key], PRESENT[key] * share / 3))
    open_ = draw(st.sets(st.builds(Undecided, st.sampled_from([(), *PRESENT]), st.sampled_from(["x", "y"]))))
    assert isinstance(open_, set)
    return merge_targets([Targets(tuple(legs), tuple(sorted(open_)))])


PLAIN = st.builds(
    Merged,
    sync=st.booleans(),
    notifies=st.frozensets(st.tuples(OWNERS, st.sampled_from(["telegram", "call"]))),
    webhooks=st.frozensets(st.sampled_from("xy")),
    stop_sources=st.frozensets(st.sampled_from("xy")),
    cancels=st.sampled_from(
        [frozenset(), frozenset({Cancel("all")}), frozenset({Cancel("stops"), Cancel("this", "r")})]
    ),
    targets=targets(),
    kill_switch=st.sampled_from([None, "when flat", "even if open"]),
    logout=st.sampled_from([None, "after_watch", "now"]),
)
ASKED = st.builds(Asked, OWNERS, st.just("sure?"), st.just(Decimal(20)), st.sampled_from(["go on", "stop"]), PLAIN)
DECISIONS = st.lists(st.builds(lambda one, asked: one | Merged(asked=asked), PLAIN, st.frozensets(ASKED, max_size=2)))


@settings(max_examples=100)
@given(DECISIONS, st.randoms(use_true_random=False), st.integers(0, 8))
def test_neither_order_nor_grouping_nor_repetition_matters(several: list[Merged], random: object, cut: int) -> None:
    whole = merged(several)
    shuffled = list(several)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merged(shuffled) == whole
    assert merged([merged(shuffled[:cut]), merged(shuffled[cut:])]) == whole
    assert merged([*shuffled, whole, *several]) == whole


@settings(max_examples=100)
@given(DECISIONS)
def test_every_leg_is_held_as_small_as_the_smallest_says_and_never_turned(several: list[Merged]) -> None:
    found = {target.leg: target for target in merged(several).targets.legs}
    asked = [target for one in several for target in one.targets.legs]
    assert set(found) == {target.leg for target in asked}
    for target in asked:
        assert abs(found[target.leg].net) <= abs(target.net) <= abs(target.present)
        assert found[target.leg].net * target.present >= 0
