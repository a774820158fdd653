"""Targets of exits in a dry run: for people under the action that has them, and in the machine form."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.actions.merge import Asked, Merged
from engine.actions.targets import LegKey, Targets
from engine.core.evaluate import Evaluation, Result
from engine.core.together import NOTHING_BESIDE, Beside, exits_in, together
from engine.domain.enums import Mode
from engine.domain.numbers import canonical


def exit_lines(result: Result, evaluation: Evaluation, number: int) -> Iterator[str]:
    """Yield what the action of that number (from 1) would leave of each leg; nothing for one that closes nothing."""
    exits = exits_in(result, evaluation)
    if number <= len(exits) and result.policy.then[number - 1].spec.exits:
        yield from _lines(exits[number - 1])


def together_lines(evaluation: Evaluation, beside: Beside = NOTHING_BESIDE) -> Iterator[str]:
    """Yield what the rules that fire would leave together, for each mode in which several do."""
    for mode, whole in together(evaluation, beside).items():
        if not _closes(whole):
            continue
        yield f"together, all rules in mode {mode.value} that fire:"
        yield from (f"  {line}" for line in _merged_lines(whole))


def targets_as_json(result: Result, evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return one object a leg and action: `action` counts from 1 as `would` does."""
    exits = exits_in(result, evaluation)
    return [{"action": number, **one} for number, targets in enumerate(exits, start=1) for one in _as_json(targets)]


def together_as_json(evaluation: Evaluation, beside: Beside = NOTHING_BESIDE) -> Mapping[Mode, list[dict[str, Any]]]:
    """Return by mode the merged targets of the rules that fire; a target that waits for an answer carries `asked`."""
    return {mode: list(_merged_as_json(whole)) for mode, whole in together(evaluation, beside).items()}


def _closes(whole: Merged) -> bool:
    return bool(whole.targets.legs or whole.targets.undecided) or any(_closes(one.then) for one in whole.asked)


def _merged_lines(whole: Merged) -> Iterator[str]:
    if whole.targets.legs or whole.targets.undecided:
        yield from _lines(whole.targets)
    for one in _asked(whole):
        if _closes(one.then):
            yield f'after "{one.text}" (without an answer in time: {one.unanswered})'
            yield from (f"  {line}" for line in _merged_lines(one.then))


def _merged_as_json(whole: Merged) -> Iterator[dict[str, Any]]:
    yield from _as_json(whole.targets)
    for one in _asked(whole):
        yield from ({**form, "asked": one.text} for form in _merged_as_json(one.then))


def _asked(whole: Merged) -> list[Asked]:
    return sorted(whole.asked, key=lambda one: (one.owner.policy, one.owner.row or "", one.text))


def _lines(targets: Targets) -> Iterator[str]:
    keys = [target.leg for target in targets.legs]
    for target in targets.legs:
        yield f"{_short(target.leg, keys)} {canonical(target.present)} → {canonical(target.net)}"
    for one in targets.undecided:
        yield f"? {_short(one.leg, keys) if one.leg else 'the positions'}: {one.cause}"
    if not targets.legs and not targets.undecided:
        yield "nothing to close"


def _short(leg: LegKey, others: list[LegKey]) -> str:
    _, symbol, product, _ = leg
    return f"{symbol} ({product})" if any(one[1] == symbol and one != leg for one in others) else symbol


def _name(leg: LegKey | tuple[()]) -> str | None:
    return ":".join(map(str, leg)) if leg else None


def _as_json(targets: Targets) -> Iterator[dict[str, Any]]:
    for target in targets.legs:
        yield {"leg": _name(target.leg), "from": canonical(target.present), "to": canonical(target.net)}
    for one in targets.undecided:
        yield {"leg": _name(one.leg), "unknown": one.cause}
