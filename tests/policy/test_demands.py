"""Which keys an action asks for, case by case beneath the scenarios of `features/language`."""

import pytest

from engine.actions.catalogue import ACTIONS
from engine.policy.demands import is_open
from engine.policy.expression import parse_condition
from engine.policy.findings import Report
from engine.policy.ir import Sentence
from engine.policy.yaml_text import Mapping, Scalar, read
from tests.policy.toy import codes, loaded, policy, scope

ARGUMENT = {
    "notify": "telegram", "cancel_orders": "all", "square_off": "all", "logout": "now", "sync": "linked",
    "exit_position": "this", "ask": "{text: go on?, unanswered: stop}", "webhook": "desk", "stop_source": "algo-1",
    "reduce": "{pick: all, by: 1 lot}",
}  # fmt: skip


def action(name: str) -> str:
    return f"{name}: {ARGUMENT[name]}" if name in ARGUMENT else name


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize(
    ("key", "line"),
    [("confirm", "confirm: at once"), ("on_unknown", "on_unknown: wait"), ("once", "once: per account per day")],
)
def test_each_irrevocable_action_asks_for_each_key(name: str, key: str, line: str) -> None:
    spec = ACTIONS[name]
    row = "for_each: position\n" if name == "exit_position" else ""
    lines = {"confirm": "confirm: at once", "on_unknown": "on_unknown: wait", "once": "once: per account per day"}
    if row:
        lines["once"] = "once: per position per day"
    kept = [text for one, text in lines.items() if one != key]
    found = codes(loaded(policy(then=action(name), more=row + "\n".join(kept) + "\n")))
    wanted = spec.irrevocable if key != "once" else spec.needs_latch or spec.repeats_need_rest
    assert found == ([f"needs-{key.replace('_', '-')}"] if wanted else [])


def sentence(text: str) -> tuple[bool, list[tuple[str, str]]]:
    node = read(f"when: {text}", "a.yaml", Report())
    assert isinstance(node, Mapping)
    scalar = node.get("when")
    assert isinstance(scalar, Scalar)
    report, words = Report(), scope()
    made = Sentence(text=scalar.text, pointer="/when", body=parse_condition(scalar.text, words))
    result = is_open(made, words, scalar, report)
    line = f"when: {text}"
    spots = [(one.code, line[one.place.column - 1 :][: one.place.length]) for one in report.sorted()]
    return result, spots


@pytest.mark.parametrize(
    ("text", "spots"),
    [
        ("loss >= 10k", []),
        ("loss >= 0", [("always-true", "loss >= 0")]),
        ("stop_file and loss >= 0", [("always-true", "loss >= 0")]),
        ("loss < 0 or loss >= 0", [("impossible", "loss < 0")]),
        ("0 <= loss < 5k", [("always-true", "0 <= loss")]),
        ("any(p.lots >= 0 for p in legs if p.is_short)", [("always-true", "p.lots >= 0")]),
        ("known(mtm) or loss >= 5k", []),
        ("loss > 5k and loss < 5k", []),
    ],
)
def test_one_error_at_the_first_comparison_that_is_settled(text: str, spots: list[tuple[str, str]]) -> None:
    assert sentence(text) == (not spots, spots)
