"""What the decisions of any number of policies come to on one account: one value, whatever their order or number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import reduce
from typing import Any

from engine.actions.targets import Targets, merge_targets
from engine.domain.block import Block

# Mildest first; of several the last one holds.
_KILLS = (None, "when flat", "even if open")
_LOGOUTS = (None, "after_watch", "now")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose order something is: a policy, and the row it is about (None without)."""

    policy: str
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Working orders to cancel: `all`, `entries`, `stops`, or `this` with the row whose they are."""

    which: str
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what is done once it is answered; without an answer in time as `unanswered` says."""

    owner: Owner
    text: str
    wait: Decimal
    unanswered: str
    then: "Merged"


@dataclass(frozen=True, slots=True)
class Merged:
    """
    What is to be done on one account, in the order of its carrying out.

    At the decision: blocks, sync, notifies (queued). Then webhooks, stop_sources, cancels and targets; once those are
    verified kill_switch (`when flat` or `even if open`) and logout (`after_watch` or `now`), each once. asked: what
    waits for an answer, itself in this order. Exits pass every block.
    """

    blocks: frozenset[Block] = frozenset()
    sync: bool = False
    notifies: frozenset[tuple[Owner, str]] = frozenset()
    webhooks: frozenset[str] = frozenset()
    stop_sources: frozenset[str] = frozenset()
    cancels: frozenset[Cancel] = frozenset()
    targets: Targets = field(default_factory=Targets)
    kill_switch: str | None = None
    logout: str | None = None
    asked: frozenset[Asked] = frozenset()

    def __or__(self, other: "Merged") -> "Merged":
        return Merged(
            blocks=self.blocks | other.blocks,
            sync=self.sync or other.sync,
            notifies=self.notifies | other.notifies,
            webhooks=self.webhooks | other.webhooks,
            stop_sources=self.stop_sources | other.stop_sources,
            cancels=_needed(self.cancels | other.cancels),
            targets=merge_targets((self.targets, other.targets)),
            kill_switch=max(self.kill_switch, other.kill_switch, key=_KILLS.index),
            logout=max(self.logout, other.logout, key=_LOGOUTS.index),
            asked=self.asked | other.asked,
        )


NOTHING = Merged()


def merged(several: Iterable[Merged]) -> Merged:
    """Return what satisfies all of several; neither their order nor repetition matters, and nothing raises exposure."""
    return reduce(Merged.__or__, several, NOTHING)


def ordered_by(
    owner: Owner, calls: Iterable[tuple[str, Mapping[str, Any]]], targets: Iterable[Targets], blocks: Iterable[Block]
) -> Merged:
    """
    Return what one decision orders. calls: names with arguments, as written; targets: of each call, none for no exit.

    What is written after an `ask` waits for its answer, save what takes effect at the decision: blocks and sync.
    """
    pairs = list(zip(calls, targets, strict=True))
    whole = replace(_in_order(owner, pairs), blocks=frozenset(blocks))
    return replace(whole, sync=any(name == "sync" for (name, _), _ in pairs))


def _in_order(owner: Owner, pairs: list[tuple[tuple[str, Mapping[str, Any]], Targets]]) -> Merged:
    found = NOTHING
    for index, ((name, arguments), targets) in enumerate(pairs):
        if name == "ask":
            then = _in_order(owner, pairs[index + 1 :])
            texts = arguments["text"], arguments["wait"], arguments["unanswered"]
            return found | Merged(asked=frozenset({Asked(owner, *texts, then)}))
        found = found | _one(owner, name, arguments, targets)
    return found


def _one(owner: Owner, name: str, arguments: Mapping[str, Any], targets: Targets) -> Merged:
    match name:
        case "notify":
            return Merged(notifies=frozenset((owner, channel) for channel in arguments["channels"]))
        case "webhook":
            return Merged(webhooks=frozenset({arguments["name"]}))
        case "stop_source":
            return Merged(stop_sources=frozenset({arguments["name"]}))
        case "cancel_orders":
            which = arguments["which"]
            return Merged(cancels=frozenset({Cancel(which, owner.row if which == "this" else None)}))
        case "kill_switch":
            return Merged(kill_switch="even if open" if "even_if_open" in arguments else "when flat")
        case "logout":
            return Merged(logout=arguments["when"])
        case _:
            return Merged(targets=targets)


def _needed(cancels: frozenset[Cancel]) -> frozenset[Cancel]:
    # Who cancels every order cancels each.
    whole = Cancel("all")
    return frozenset({whole}) if whole in cancels else cancels
