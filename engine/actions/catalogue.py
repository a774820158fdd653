"""Every action of the language in one table, and the second-tier names that are known but come later."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from engine.actions import shapes, words
from engine.actions.base import ActionSpec

_CHANNEL: Final[Mapping[str, Any]] = MappingProxyType(shapes.named("a channel's name, such as telegram"))
UNTIL_WORDS: Final = ("cleared", "rearmed", "end of session", "end of week")
_UNTIL: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "type": "string",
        "pattern": rf"^(cleared|rearmed|end of session|end of week|{shapes.CLOCK}|(?=.){shapes.SPAN})$",
        "minLength": 2,
        "description": "cleared, rearmed, end of session, end of week, a duration (30m) or a time (15:30)",
    }
)
# What `where`, `scope` and `what` may say of the positions an action is about.
_WHERE: Final[Mapping[str, Any]] = MappingProxyType(shapes.sentence("a condition on position."))
_SCOPE: Final[Mapping[str, Any]] = MappingProxyType(
    shapes.word("account: reach beyond the row of a for_each policy, on the whole account", "account")
)
EXITS_OF: Final = ("all", "shorts", "hedges")

_TABLE: Final[tuple[ActionSpec, ...]] = (
    ActionSpec(
        name="notify",
        doc="Send a message to one or more channels; it is queued and delays nothing.",
        example="notify: [telegram, call]",
        schema={"type": ["string", "array"], "items": _CHANNEL, "minItems": 1, "pattern": _CHANNEL["pattern"]},
        words=words.notify,
        confirmed_by="the message being queued",
        undone_by="nothing; it is only a message",
        only_tells=True,
    ),
    ActionSpec(
        name="ask",
        doc="Ask a person, and wait: what is written after it goes on when the answer is yes, or as `unanswered` says "
        "when none comes. `block_entries` does not wait.",
        example="ask: {text: Close the whole book?, wait: 20s, unanswered: go on}",
        schema=shapes.mapping(
            {
                "text": shapes.sentence("the question, one line; the reason in `because` goes with it"),
                "wait": shapes.duration("how long an answer is waited for, 20s by default"),
                "unanswered": shapes.word("what no answer means: go on or stop", "go on", "stop"),
            },
            "text",
            "unanswered",
        ),
        words=words.ask,
        confirmed_by="an answer, or the end of the wait",
        undone_by="nothing; it is only a question",
        only_tells=True,
    ),
    ActionSpec(
        name="webhook",
        doc="Call a program of the desk's; its address and its secret stand outside the policies.",
        example="webhook: desk-board",
        schema=shapes.named("an endpoint's name, such as desk-board; addresses and secrets do not stand in policies"),
        words=words.webhook,
        confirmed_by="the endpoint's answer that it was taken",
        undone_by="nothing",
        irrevocable=True,
    ),
    ActionSpec(
        name="stop_source",
        doc="Tell the program that sends orders to stop, and wait until it says that it has.",
        example="stop_source: algo-1",
        schema=shapes.named("an endpoint's name, such as algo-1; addresses and secrets do not stand in policies"),
        words=words.stop_source,
        confirmed_by="the endpoint's own word that it has stopped",
        undone_by="nothing; the program is started again by hand",
        irrevocable=True,
    ),
    ActionSpec(
        name="block_entries",
        doc="Refuse orders that open or uncover positions; exits always pass.",
        example="block_entries: {until: rearmed, foreign_orders: cancel}",
        schema=shapes.mapping(
            {
                "until": _UNTIL,
                "underlying": shapes.word("this: only the underlying of the row of a for_each policy", "this"),
                "foreign_orders": shapes.word(
                    "what happens to entries that reach the broker another way", "report", "cancel", "exit"
                ),
            }
        ),
        words=words.block_entries,
        confirmed_by="the block being journalled at the decision",
        undone_by="the end named in `until`, or `rekha rearm`",
        bare=True,
    ),
    ActionSpec(
        name="cancel_orders",
        doc="Cancel working orders and wait until each is terminal.",
        example="cancel_orders: entries",
        schema={"type": "string", "enum": ["all", "entries", "stops", "this"]},
        words=words.cancel_orders,
        confirmed_by="the order book showing each order terminal",
        undone_by="nothing",
        irrevocable=True,
        repeats_need_rest=True,
    ),
    ActionSpec(
        name="exit_position",
        doc="Close the position the rule is about, its own stop last.",
        example="exit_position: this",
        schema={"type": "string", "enum": ["this"]},
        words=words.exit_position,
        confirmed_by="two fresh position books showing it flat",
        undone_by="nothing",
        irrevocable=True,
        exits=True,
        repeats_need_rest=True,
    ),
    ActionSpec(
        name="square_off",
        doc="Close positions leg by leg, shorts before longs, and verify flat from the broker's own books.",
        example="square_off: all",
        schema=shapes.word_or_mapping(
            EXITS_OF,
            {
                "what": shapes.word("all (the default), shorts or hedges", *EXITS_OF),
                "where": _WHERE,
                "scope": _SCOPE,
                "include": shapes.word("delivery: delivery and holdings too, which nothing else touches", "delivery"),
                "by": shapes.clock("a deadline"),
                "chase": shapes.duration("how long a price stands before the order is priced anew"),
                "max_slippage": shapes.slippage(
                    "how far from the price at the decision an exit may be filled: 5% of it, or 2.50 for each unit"
                ),
                "residual": shapes.residual("what of a leg may be left: none, worthless (the default) or 2 lots"),
            },
        ),
        words=words.square_off,
        confirmed_by="two fresh position books without the chosen legs, equal to carry plus trades",
        undone_by="nothing",
        irrevocable=True,
        exits=True,
        repeats_need_rest=True,
    ),
    ActionSpec(
        name="reduce",
        doc="Close part of a position, or of several: whole lots, at least one.",
        example="reduce: {pick: largest margin, where: position.is_short, by: 50%}",
        schema=shapes.mapping(
            {
                "pick": shapes.word("largest margin, largest loss or all", "largest margin", "largest loss", "all"),
                "where": _WHERE,
                "scope": _SCOPE,
                "by": shapes.portion("how much of it: 50% or 2 lots"),
            },
            "pick",
            "by",
        ),
        words=words.reduce,
        confirmed_by="two fresh position books that show no more than the target",
        undone_by="nothing",
        irrevocable=True,
        exits=True,
        repeats_need_rest=True,
    ),
    ActionSpec(
        name="kill_switch",
        doc="Throw the broker's own kill switch; only when verified flat, otherwise skipped and a person is called.",
        example="kill_switch",
        schema={
            **shapes.mapping({"even_if_open": {**shapes.YES, "description": "yes: also while positions are open"}}),
            "type": ["null", "object"],
        },
        words=words.kill_switch,
        confirmed_by="the broker's page or API showing the switch on after a reload",
        undone_by="the broker's own waiting time, often 12 hours",
        bare=True,
        irrevocable=True,
        needs_latch=True,
    ),
    ActionSpec(
        name="logout",
        doc="End the broker session; after the watch by default, because logging out ends our own eyes first.",
        example="logout: after_watch",
        schema={"type": "string", "enum": ["after_watch", "now"]},
        words=words.logout,
        confirmed_by="no authenticated call and no login afterwards",
        undone_by="a login by hand; Rekha never logs in again by itself after a logout",
        irrevocable=True,
        needs_latch=True,
    ),
    ActionSpec(
        name="sync",
        doc="Run this policy's `then` on every linked account, on its own books and under its own mode; one hop.",
        example="sync: linked",
        schema={"type": "string", "enum": ["linked"]},
        words=words.sync,
        confirmed_by="each linked account's own sequence",
        undone_by="nothing",
        irrevocable=True,
        needs_latch=True,
    ),
)

ACTIONS: Final[Mapping[str, ActionSpec]] = MappingProxyType({spec.name: spec for spec in _TABLE})

LATER_ACTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "place_stop": "place a stop order",
        "buy_hedge": "buy a protecting option",
        "place_order": "place an order",
        "allow": "let an order pass before it is sent",
        "reject": "refuse an order before it is sent",
    }
)
