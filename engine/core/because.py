"""What a result says in words: the `because` of a policy and what it would do. Nothing here touches a verdict."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.core.env import AccountEnv
from engine.core.rule_state import Step
from engine.domain.account import Account
from engine.domain.enums import Verdict
from engine.domain.kinds import show, show_duration
from engine.domain.numbers import seconds_of
from engine.domain.values import Unknown
from engine.policy import ir, reference
from engine.policy.program import Policy

_UNKNOWN = "unknown"


def render_because(policy: Policy, env: AccountEnv, bound: Mapping[str, Any]) -> str:
    """
    Return the `because` text with its facts filled in by the reference interpreter.

    A fact that is unknown, or cannot be rendered at all, reads `unknown`; the verdict stands before this runs.
    bound: the row of a `for_each` by its name; empty when the row is not known.
    """
    kinds = {policy.for_each.singular: policy.for_each.plural} if policy.for_each is not None else {}
    variables = {name: (kinds[name], row) for name, row in bound.items()}
    return "".join(
        piece if isinstance(piece, str) else _filled(*piece, env, variables) for piece in policy.because.pieces
    )


def action_words(policy: Policy, verdict: Verdict | None, steps: tuple[Step, ...], account: Account) -> tuple[str, ...]:
    """Return what would be done, in words, in order: the actions of a rule that fires or is about to, then alerts."""
    words: list[str] = []
    if verdict in (Verdict.FIRES, Verdict.PENDING):
        for call in policy.then:
            linked = _linked_words(account) if call.name == "sync" else ""
            words.append(f"{call.words}{linked}")
    if Step.ALERT in steps:
        after = policy.on_unknown.alert
        spell = f" for {show_duration(seconds_of(after))}" if after else ""
        words.append(f"alert: the condition has been unknown{spell}")
    if Step.BLOCK_ENTRIES in steps:
        words.append("block entries while the condition is unknown")
    return tuple(words)


def _linked_words(account: Account) -> str:
    return f": {', '.join(account.linked)}" if account.linked else " (none is linked here)"


def _filled(source: str, node: ir.Node, env: AccountEnv, variables: Mapping[str, tuple[str, Any]]) -> str:
    try:
        value = reference.interpret(source, env, variables)
        if isinstance(value, Unknown):
            return _UNKNOWN
        # A count stands bare: the author writes what is counted, as in "{stop_loss_hits} stop-losses today".
        type_ = replace(node.type, unit="")
        return show(value, type_, env.view.account.currency, env.view.account.zone)
    except Exception:  # noqa: BLE001 - a text for people must never cost a verdict
        return _UNKNOWN
